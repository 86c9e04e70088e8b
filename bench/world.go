// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"hientruong/database"
	"hientruong/migrations"
)

// world is what everything is measured on: a PostgreSQL of its own, fsync on, with the
// demo city applied.
type world struct {
	config Config
	server *database.Private
	pool   *pgxpool.Pool // the owner's
	env    []string      // of the programs that are started
	owner  string
}

// Machine says what the figures were measured on.
type Machine struct {
	Processor  string
	Cores      int
	MemoryGB   float64
	Kernel     string
	Go         string
	PostgreSQL string
	Date       string
}

const databaseName = "bench"

func newWorld(ctx context.Context, config Config) (*world, error) {
	if err := os.RemoveAll(config.Dir); err != nil {
		return nil, err
	}
	//nolint:gosec // the server's user has to get through
	if err := os.MkdirAll(config.Dir, 0o755); err != nil {
		return nil, err
	}
	server, err := database.StartPrivate(ctx, database.PrivateOptions{
		Dir: filepath.Join(config.Dir, "postgresql"), Durable: true, Tied: true, MaxConnections: 400,
		Settings: map[string]string{"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "15min"},
	})
	if err != nil {
		return nil, err
	}
	w := &world{config: config, server: server}
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// prepare migrates and applies the demo city by the program itself.
func (w *world) prepare(ctx context.Context) error {
	if err := w.server.CreateDatabase(ctx, databaseName); err != nil {
		return err
	}
	app := w.server.URL(database.AppRole, databaseName)
	w.owner = w.server.URL(database.OwnerRole, databaseName)
	if _, err := database.Migrate(ctx, w.owner, database.MigrateOptions{AppURL: app, FS: migrations.FS}); err != nil {
		return err
	}
	w.env = append(os.Environ(), "HIENTRUONG_DATABASE_URL="+app, "HIENTRUONG_DATABASE_OWNER_URL="+w.owner,
		"HIENTRUONG_DATA="+filepath.Join(w.config.Dir, "data"), "HIENTRUONG_LOG_LEVEL=error")
	apply := exec.CommandContext(ctx, w.config.Program, "pack", "apply", "packs/demo")
	apply.Env = w.env
	if out, err := apply.CombinedOutput(); err != nil {
		return fmt.Errorf("pack apply: %w\n%s", err, out)
	}
	var err error
	w.pool, err = pgxpool.New(ctx, w.owner)
	return err
}

func (w *world) close() error {
	if w.pool != nil {
		w.pool.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return w.server.Stop(ctx)
}

// running is a process of the program.
type running struct {
	url     string
	command *exec.Cmd
}

// start starts the program and waits until it is ready.
func (w *world) start(ctx context.Context, role string, env ...string) (*running, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(w.config.Dir, role+".log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the process has it too
	//nolint:noctx // a signal ends it, so that what is under way is finished
	command := exec.Command(w.config.Program, role, "--listen", address)
	command.Env = append(append([]string(nil), w.env...), env...)
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		return nil, err
	}
	r := &running{url: "http://" + address, command: command}
	if err := r.await(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: see %s: %w", role, log.Name(), err), r.stop())
	}
	return r, nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func (r *running) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/readyz", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(request); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop asks the process to end, and makes it after half a minute.
func (r *running) stop() error {
	if err := r.command.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- r.command.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(30 * time.Second):
		return errors.Join(errors.New("the program did not end in time"), r.command.Process.Kill(), <-ended)
	}
}

// machine looks up what this is measured on; what cannot be found out is left empty.
func (w *world) machine(ctx context.Context) Machine {
	m := Machine{Cores: runtime.NumCPU(), Go: runtime.Version(), Date: time.Now().Format(time.DateOnly)}
	m.Processor = fieldOf("/proc/cpuinfo", "model name")
	var kilobytes float64
	if _, err := fmt.Sscanf(fieldOf("/proc/meminfo", "MemTotal"), "%f", &kilobytes); err == nil {
		m.MemoryGB = kilobytes / (1 << 20)
	}
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.Kernel = strings.TrimSpace(string(release))
	}
	if err := w.pool.QueryRow(ctx, "SHOW server_version").Scan(&m.PostgreSQL); err != nil {
		m.PostgreSQL = "unknown"
	}
	return m
}

// fieldOf reads "name : value" from a file of the kernel's.
func fieldOf(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, value, ok := strings.Cut(lines.Text(), ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
