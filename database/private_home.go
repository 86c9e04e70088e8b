// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// identity is the user that the server runs as when this process is root.
type identity struct {
	name     string
	uid, gid uint32
}

// settle finds or makes the folder, the server's user and the secret.
func (p *Private) settle() error {
	dir, err := filepath.Abs(p.opts.Dir)
	if err != nil || p.opts.Dir == "" {
		return fmt.Errorf("no folder given: %w", errors.Join(err, fs.ErrInvalid))
	}
	if p.user, err = serverUser(dir); err != nil {
		return err
	}
	if p.home, err = makeHome(dir, p.user); err != nil {
		return err
	}
	if p.home != dir {
		p.opts.Log.Info("the data is in another folder, open to the server's user", "folder", p.home, "link", dir)
	}
	p.secret, err = readSecret(filepath.Join(p.home, "secret"))
	return err
}

// serverUser is the owner of data that is there already, else postgres, else nobody;
// nil when this process is not root and needs no other user.
func serverUser(dir string) (*identity, error) {
	var owner *identity
	if info, err := os.Stat(filepath.Join(dir, "data")); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			owner = &identity{name: "uid " + strconv.Itoa(int(stat.Uid)), uid: stat.Uid, gid: stat.Gid}
		}
	}
	if me := os.Geteuid(); me != 0 {
		if owner != nil && int(owner.uid) != me {
			return nil, fmt.Errorf("%s belongs to %s: run this as that user or as root, or choose another folder", dir, owner.name)
		}
		return nil, nil
	}
	if owner != nil {
		return owner, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(found.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(found.Gid, 10, 32)
		if errors.Join(errUID, errGID) == nil && uid != 0 {
			return &identity{name: name, uid: uint32(uid), gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody")
}

// makeHome returns a folder that the server's user can reach: dir itself, or the one
// that dir is a link to from then on.
func makeHome(dir string, as *identity) (string, error) {
	if target, err := os.Readlink(dir); err == nil {
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(dir), target)
		}
		if err := os.MkdirAll(target, homeMode(as)); err != nil {
			return "", err
		}
		return filepath.EvalSymlinks(target)
	}
	//nolint:gosec // the server's user has to get through; what is secret has a mode of its own
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	err := os.Mkdir(dir, homeMode(as))
	if err == nil {
		err = os.Chmod(dir, homeMode(as)) // whatever the umask says
	}
	if info, statErr := os.Stat(dir); errors.Is(err, fs.ErrExist) && statErr == nil && info.IsDir() {
		err = nil
	}
	if err != nil {
		return "", err
	}
	if as.reaches(dir) {
		return filepath.EvalSymlinks(dir)
	}
	elsewhere, err := makeElsewhere(dir, as)
	if err != nil {
		return "", err
	}
	if err := os.Remove(dir); err != nil {
		return "", fmt.Errorf("%s is closed to user %s and cannot be replaced by a link: %w", dir, as.name, err)
	}
	return elsewhere, os.Symlink(elsewhere, dir)
}

// homeMode lets the server's user through to data, which is its own; nobody else
// sees what the folder holds.
func homeMode(as *identity) fs.FileMode {
	if as == nil {
		return 0o700
	}
	return 0o711
}

// makeElsewhere always makes a new folder: whoever deletes dir wants to begin anew.
func makeElsewhere(dir string, as *identity) (string, error) {
	sum := sha256.Sum256([]byte(dir))
	for _, base := range []string{"/var/lib", os.TempDir()} {
		made, err := os.MkdirTemp(base, "hientruong-"+hex.EncodeToString(sum[:4])+"-")
		if err != nil {
			continue
		}
		if err := os.Chmod(made, homeMode(as)); err == nil && as.reaches(made) {
			return made, nil
		}
		_ = os.Remove(made)
	}
	return "", fmt.Errorf("%s is closed to user %s, and so are /var/lib and %s", dir, as.name, os.TempDir())
}

// reaches asks the kernel rather than reading permission bits: it runs a command that
// does nothing, as that user, in that folder.
func (as *identity) reaches(dir string) bool {
	if as == nil {
		return true
	}
	path, err := exec.LookPath("true")
	if err != nil {
		return false
	}
	cmd := &exec.Cmd{Path: path, Args: []string{"true"}, Dir: dir, SysProcAttr: as.attributes()}
	return cmd.Run() == nil
}

func (as *identity) attributes() *syscall.SysProcAttr {
	if as == nil {
		return &syscall.SysProcAttr{}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: as.uid, Gid: as.gid}}
}

// own gives a file or folder to the server's user.
func (as *identity) own(path string) error {
	if as == nil {
		return nil
	}
	return os.Chown(path, int(as.uid), int(as.gid))
}

func readSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text = []byte(rand.Text() + "\n")
		err = os.WriteFile(path, text, 0o600)
	}
	if err == nil && len(strings.TrimSpace(string(text))) < 20 {
		err = fmt.Errorf("%s holds no secret; delete the folder %s to begin anew", path, filepath.Dir(path))
	}
	return []byte(strings.TrimSpace(string(text))), err
}

// initialise makes the data beside its place and moves it there, so that a start cut
// short leaves nothing half made.
func (p *Private) initialise(ctx context.Context, bin string) error {
	if p.dataVersion() != 0 {
		return nil
	}
	p.opts.Log.InfoContext(ctx, "making a PostgreSQL of its own", "folder", p.home, "binaries", bin)
	fresh, password := p.data()+".new", filepath.Join(p.home, "password.new")
	defer func() { _ = os.Remove(password) }()
	err := errors.Join(
		os.RemoveAll(fresh),
		os.Mkdir(fresh, 0o700), p.user.own(fresh),
		os.WriteFile(password, []byte(p.password(OwnerRole)+"\n"), 0o600), p.user.own(password),
	)
	if err != nil {
		return err
	}
	args := []string{"-D", fresh, "-U", OwnerRole, "--pwfile", password, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=" + locale()}
	if !p.opts.Durable {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), args...)
	cmd.Dir, cmd.SysProcAttr, cmd.Env = p.home, p.user.attributes(), serverEnvironment()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, tail(out))
	}
	return os.Rename(fresh, p.data())
}

// locale is one that every libc has and that knows the letters of UTF-8.
func locale() string {
	if runtime.GOOS == "linux" {
		return "C.UTF-8"
	}
	return "en_US.UTF-8"
}

// serverEnvironment keeps PG… variables of the caller away from the server.
func serverEnvironment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
}

// tail is the end of what a program said, on one line.
func tail(out []byte) string {
	const most = 600
	text := strings.Join(strings.Fields(string(out)), " ")
	if len(text) > most {
		text = "…" + text[len(text)-most:]
	}
	return text
}
