// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"hientruong/database"
	"hientruong/identity"
)

// settings tells which are set: of secrets no more than that.
func (e *exam) settings(context.Context) {
	var set, unset []string
	for _, s := range e.Settings {
		switch {
		case s.Value == "":
			unset = append(unset, s.Name)
		case s.Secret:
			set = append(set, s.Name+" (secret)")
		default:
			set = append(set, s.Name+"="+s.Value)
		}
	}
	e.good("settings", "set: %s", strings.Join(set, " "))
	if len(unset) > 0 {
		e.skip("settings", "not set: %s", strings.Join(unset, " "))
	}
}

// leastFree is what the data folder's disk should have left, in bytes.
const leastFree = 1 << 30

// folder looks at the data folder and the disk that it is on.
func (e *exam) folder(context.Context) {
	const about = "data folder"
	file, err := os.CreateTemp(e.Data, ".doctor-*")
	if err != nil {
		e.bad(about, "make it, give it to this user, or set HIENTRUONG_DATA", "%s cannot be written: %s", e.Data, plain(err))
		return
	}
	_, err = file.WriteString("probe")
	if err := errors.Join(err, file.Close(), os.Remove(file.Name())); err != nil {
		e.bad(about, "look at the disk", "%s cannot be written: %s", e.Data, plain(err))
		return
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(e.Data, &disk); err != nil {
		e.bad(about, "look at the disk", "%s: %s", e.Data, plain(err))
		return
	}
	free := disk.Bavail * uint64(disk.Bsize) //nolint:gosec // a block's size is positive; its type differs between systems
	if free < leastFree {
		e.bad(about, "make room", "%s has only %d MiB left", e.Data, free>>20)
		return
	}
	e.good(about, "%s can be written, %d GiB are free", e.Data, free>>30)
}

// keyFile reads the keys, and makes none.
func (e *exam) keyFile(context.Context) {
	const about = "key file"
	info, err := os.Stat(e.KeyFile)
	if errors.Is(err, os.ErrNotExist) {
		e.bad(about, "the first start makes one; if this is not the first, put the old one back or set HIENTRUONG_KEY_FILE", "there is no %s", e.KeyFile)
		return
	}
	if err != nil {
		e.bad(about, "look at HIENTRUONG_KEY_FILE", "%s", plain(err))
		return
	}
	content, err := os.ReadFile(e.KeyFile)
	if err != nil {
		e.bad(about, "let this user read it", "%s", plain(err))
		return
	}
	ring, err := identity.ParseKeys(content)
	if err != nil {
		e.bad(about, "put the right file there, from the newest backup", "%s: %s", e.KeyFile, plain(err))
		return
	}
	e.ring = ring
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		e.bad(about, "chmod 600 "+e.KeyFile, "%s can be read by others (mode %04o)", e.KeyFile, mode)
		return
	}
	e.good(about, "%s is readable by its owner alone", e.KeyFile)
}

// store puts, reads and deletes a probe.
func (e *exam) store(ctx context.Context) {
	const about = "object store"
	store, closeStore, err := e.OpenStore()
	if err != nil {
		e.bad(about, "correct the setting", "%s", plain(err))
		return
	}
	defer func() { _ = closeStore() }()
	key, probe := "doctor/"+uuid.NewString()+".probe", []byte("probe")
	err = store.Ping(ctx)
	if err == nil {
		err = store.Put(ctx, key, bytes.NewReader(probe), int64(len(probe)))
	}
	if err == nil {
		object, openErr := store.Open(ctx, key)
		err = openErr
		if err == nil {
			got, readErr := io.ReadAll(object)
			err = errors.Join(readErr, object.Close())
			if err == nil && !bytes.Equal(got, probe) {
				err = errors.New("it gave back other bytes than it got")
			}
		}
		err = errors.Join(err, store.Delete(ctx, key))
	}
	if err != nil {
		e.bad(about, "look at the HIENTRUONG_S3_ settings and at the store itself, or at HIENTRUONG_DATA/objects", "%s", plain(err))
		return
	}
	e.good(about, "an object can be put, read and deleted")
}

// tools looks for PostgreSQL's own, which backup and restore need.
func (e *exam) tools(ctx context.Context) {
	const about = "backup tools"
	version, err := database.DumpVersion(ctx)
	if err != nil {
		e.bad(about, "install Debian's package postgresql-client", "pg_dump was not found")
		return
	}
	if e.db != nil {
		server, err := e.serverVersion(ctx)
		if err == nil && version < server/10000 {
			e.bad(about, "install the tools of the server's version", "pg_dump %d is older than the server, %d", version, server/10000)
			return
		}
	}
	e.good(about, "pg_dump %d is there", version)
}

// port says who has the port that this installation would serve on.
func (e *exam) port(ctx context.Context) {
	const about = "port"
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", e.Listen)
	if err == nil {
		_ = listener.Close()
		e.good(about, "%s is free", e.Listen)
		return
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		e.bad(about, "correct HIENTRUONG_LISTEN", "%s cannot be opened: %s", e.Listen, plain(err))
		return
	}
	if err := Ask(ctx, e.Listen, "/healthz"); err != nil {
		e.bad(about, "end what has it, or set HIENTRUONG_LISTEN", "%s is taken by something that is not Hiện Trường, or is not well: %s", e.Listen, plain(err))
		return
	}
	if err := Ask(ctx, e.Listen, "/readyz"); err != nil {
		e.bad(about, "look at its log", "the process at %s runs and is not ready: %s", e.Listen, plain(err))
		return
	}
	e.good(about, "a process serves at %s and is ready", e.Listen)
}

// askWithin bounds one question to a running process.
const askWithin = 3 * time.Second

// URL is where the process that listens at an address is reached from this machine,
// without a slash at its end. A process that listens everywhere is reached here.
func URL(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port), nil
}

// Ask asks the process that listens at an address, and returns nil for 200.
func Ask(ctx context.Context, listen, path string) error {
	base, err := URL(listen)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, http.NoBody)
	if err != nil {
		return err
	}
	// Of its own: a proxy of the environment has nothing to do with this machine's ports.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<20))
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", path, answer.Status)
	}
	return nil
}

// plain is an error in one line.
func plain(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return filepath.Clean(path.Path) + ": " + path.Err.Error()
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
