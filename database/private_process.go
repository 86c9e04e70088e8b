// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// poll is the pause between two looks at a server that starts or stops.
const poll = 20 * time.Millisecond

// process is the postmaster of data: a child of this process (exited is closed when
// it ends), or an adopted one (exited is nil, and the process table is asked).
type process struct {
	pid    int
	data   string
	exited <-chan struct{}
}

// end sends a signal and waits; it tells whether the process is gone.
func (p process) end(ctx context.Context, signal syscall.Signal) bool {
	if !p.alive() {
		return true
	}
	_ = syscall.Kill(p.pid, signal)
	for p.alive() {
		if pause(ctx, poll) != nil {
			return !p.alive()
		}
	}
	return true
}

func (p process) alive() bool {
	if p.exited == nil {
		return postmaster{pid: p.pid}.serves(p.data)
	}
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// postmaster is what a server wrote into postmaster.pid.
type postmaster struct {
	pid, port int
	ready     bool
}

func readPostmaster(data string) (postmaster, bool) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return postmaster{}, false
	}
	return parsePostmaster(string(text))
}

// parsePostmaster returns false when not even the first line is whole yet.
func parsePostmaster(text string) (postmaster, bool) {
	lines := append(strings.Split(text, "\n"), make([]string, 8)...)
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 {
		return postmaster{}, false
	}
	port, _ := strconv.Atoi(strings.TrimSpace(lines[3]))
	return postmaster{pid: pid, port: port, ready: strings.TrimSpace(lines[7]) == "ready"}, true
}

// serves tells whether the process is a PostgreSQL that works in data: a pid alone
// may by now belong to anybody. A postmaster's working directory is its data.
func (m postmaster) serves(data string) bool {
	if syscall.Kill(m.pid, 0) != nil {
		return false
	}
	proc := filepath.Join("/proc", strconv.Itoa(m.pid))
	if _, err := os.Stat(proc); err != nil {
		return runtime.GOOS != "linux"
	}
	cwd, err := os.Readlink(filepath.Join(proc, "cwd"))
	if err != nil {
		return false
	}
	name, err := os.ReadFile(filepath.Join(proc, "comm"))
	return err == nil && cwd == data && strings.HasPrefix(string(name), "postgres")
}

// adopt takes over the server that runs on the data, if there is one. A file left by
// a server that was killed is removed when its pid belongs to somebody else by now,
// because PostgreSQL itself would refuse to start.
func (p *Private) adopt(ctx context.Context) (bool, error) {
	for {
		found, ok := readPostmaster(p.data())
		if !ok {
			return false, nil
		}
		if !found.serves(p.data()) {
			err := os.Remove(filepath.Join(p.data(), "postmaster.pid"))
			if errors.Is(err, os.ErrNotExist) {
				err = nil
			}
			return false, err
		}
		if found.ready {
			p.port, p.process, p.adopted = found.port, process{pid: found.pid, data: p.data()}, true
			err := p.answers(ctx)
			if err == nil {
				p.opts.Log.InfoContext(ctx, "postgresql runs already", "pid", found.pid, "port", found.port)
				return true, nil
			}
			var refused *pgconn.PgError
			if errors.As(err, &refused) && strings.HasPrefix(refused.Code, "28") {
				return false, fmt.Errorf("process %d serves %s with another password than the folder's: %w", found.pid, p.home, err)
			}
		}
		// It starts, or it is on its way out: the next look tells.
		p.process, p.adopted = process{}, false
		if err := pause(ctx, poll); err != nil {
			return false, fmt.Errorf("process %d serves %s and does not answer: %w", found.pid, p.home, err)
		}
	}
}

func (p *Private) answers(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.URL(OwnerRole, "postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// start tries the port of last time first. A port that is taken is a reason to take
// another one, children of a killed server that still live one to try again.
func (p *Private) start(ctx context.Context, bin string) error {
	remembered := filepath.Join(p.home, "port")
	text, _ := os.ReadFile(remembered)
	port, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	for {
		var err error
		if port == 0 {
			if port, err = freePort(ctx); err != nil {
				return err
			}
		}
		p.port = port
		said, err := p.launch(ctx, bin)
		switch {
		case err == nil:
			p.opts.Log.InfoContext(ctx, "postgresql runs", "pid", p.process.pid, "port", port)
			return os.WriteFile(remembered, []byte(strconv.Itoa(port)+"\n"), 0o600)
		case strings.Contains(said, "Address already in use"), strings.Contains(said, "could not create any TCP/IP sockets"):
			p.opts.Log.InfoContext(ctx, "the port is taken, another one is tried", "port", port)
			port = 0
		case !strings.Contains(said, "is still in use"):
			return fmt.Errorf("%w; it said: %s", err, tail([]byte(said)))
		}
		if pause(ctx, 5*poll) != nil {
			return fmt.Errorf("%w; it said: %s", err, tail([]byte(said)))
		}
	}
}

// launch runs the server once and waits until it is ready; when it is not, it returns
// what the server said.
func (p *Private) launch(ctx context.Context, bin string) (string, error) {
	log, from, err := openLog(filepath.Join(p.home, "server.log"))
	if err != nil {
		return "", err
	}
	defer func() { _ = log.Close() }()
	//nolint:noctx // the server outlives the context of its start; Stop ends it
	cmd := exec.Command(filepath.Join(bin, "postgres"), p.arguments()...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.home, serverEnvironment(), log, log
	cmd.SysProcAttr = p.user.attributes()
	// A session of its own: Ctrl-C on the terminal is for this program, which stops PostgreSQL last.
	cmd.SysProcAttr.Setsid = true
	if p.opts.Tied {
		tie(cmd.SysProcAttr)
	}
	if p.process, err = spawn(cmd); err != nil {
		return "", err
	}
	err = p.waitReady(ctx)
	if err == nil {
		return "", nil
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	p.process.end(stop, syscall.SIGQUIT)
	said, _ := io.ReadAll(io.NewSectionReader(log, from, 64<<10))
	return string(said), err
}

// spawn waits for the child on one locked thread for all its life: the kernel ties a
// child to the thread that made it, not to the process.
func spawn(cmd *exec.Cmd) (process, error) {
	started, exited := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(exited)
	}()
	if err := <-started; err != nil {
		return process{}, err
	}
	return process{pid: cmd.Process.Pid, exited: exited}, nil
}

func (p *Private) waitReady(ctx context.Context) error {
	for {
		found, ok := readPostmaster(p.data())
		if ok && found.pid == p.process.pid && found.ready {
			return p.answers(ctx)
		}
		if !p.process.alive() {
			return errors.New("postgresql ended while starting")
		}
		if err := pause(ctx, poll); err != nil {
			return fmt.Errorf("postgresql is not ready: %w", err)
		}
	}
}

func (p *Private) arguments() []string {
	settings := map[string]string{
		"port":                    strconv.Itoa(p.port),
		"listen_addresses":        "127.0.0.1",
		"unix_socket_directories": "", // their paths may be too long, and loopback serves
		"max_connections":         strconv.Itoa(p.opts.MaxConnections),
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		// The log must not hold the values of a statement that failed.
		"log_error_verbosity":     "terse",
		"log_min_error_statement": "panic",
	}
	if !p.opts.Durable {
		for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes", "autovacuum"} {
			settings[name] = "off"
		}
		settings["wal_level"], settings["max_wal_senders"] = "minimal", "0"
	}
	for name, value := range p.opts.Settings {
		settings[name] = value
	}
	args := []string{"-D", p.data()}
	for name, value := range settings {
		args = append(args, "--"+name+"="+value)
	}
	slices.Sort(args[2:])
	return args
}

// openLog appends, and begins anew once the file is large; from is where this run starts.
func openLog(path string) (log *os.File, from int64, err error) {
	if info, err := os.Stat(path); err == nil && info.Size() > 8<<20 {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, 0, err
		}
	}
	if log, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600); err != nil {
		return nil, 0, err
	}
	from, err = log.Seek(0, io.SeekEnd)
	return log, from, err
}

func freePort(ctx context.Context) (int, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return port, listener.Close()
}
