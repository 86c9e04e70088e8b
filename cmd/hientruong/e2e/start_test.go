// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// A start that cannot be right ends with one line that names the variable, and nothing of
// the program's inside.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	timed(t)
	data := folder(t)
	file := filepath.Join(data, "not-a-folder")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	const secret, nowhere = "hunter2secret", "postgres://app:hunter2secret@127.0.0.1:1/none?sslmode=disable"
	tests := []struct {
		name, variable, value, command string
		more                           []string
	}{
		{"an address without a port", "HIENTRUONG_LISTEN", "localhost", "serve", nil},
		{"an address that is not here", "HIENTRUONG_LISTEN", "192.0.2.1:8080", "run", nil},
		{"a port that is none", "HIENTRUONG_LISTEN", "127.0.0.1:99999", "run", nil},
		{"no database", "HIENTRUONG_DATABASE_URL", "", "serve", nil},
		{"no database for the worker", "HIENTRUONG_DATABASE_URL", "", "worker", nil},
		{"a database of another kind", "HIENTRUONG_DATABASE_URL", "mysql://app:" + secret + "@127.0.0.1/none", "serve", nil},
		{"words for a database", "HIENTRUONG_DATABASE_URL", "host=127.0.0.1 password=" + secret, "serve", nil},
		{"a database that does not answer", "HIENTRUONG_DATABASE_URL", nowhere, "serve", nil},
		{"no owner", "HIENTRUONG_DATABASE_OWNER_URL", "", "migrate", nil},
		{"an owner that does not answer", "HIENTRUONG_DATABASE_OWNER_URL", nowhere, "migrate", nil},
		{"a public address without a host", "HIENTRUONG_PUBLIC_URL", "phananh.example.vn", "serve", nil},
		{"an S3 without keys", "HIENTRUONG_S3_ACCESS_KEY", "", "serve", []string{"HIENTRUONG_S3_ENDPOINT=127.0.0.1:1"}},
		{"a Firebase project alone", "HIENTRUONG_FIREBASE_PROJECT", "city", "worker", nil},
		{"Firebase credentials that are not there", "HIENTRUONG_FIREBASE_CREDENTIALS", filepath.Join(data, "none.json"), "worker", []string{"HIENTRUONG_FIREBASE_PROJECT=city"}},
		{"connections in words", "HIENTRUONG_MAX_CONNS", "many", "serve", nil},
		{"no connections", "HIENTRUONG_MAX_CONNS", "0", "serve", nil},
		{"a level of its own", "HIENTRUONG_LOG_LEVEL", "loud", "serve", nil},
		{"a file for a folder", "HIENTRUONG_DATA", file, "run", nil},
		{"a proxy that is no address", "HIENTRUONG_TRUSTED_PROXIES", "my proxy", "serve", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env := append([]string{"HIENTRUONG_DATA=" + filepath.Join(data, "var")}, tt.more...)
			if tt.variable != "HIENTRUONG_LISTEN" {
				env = append(env, "HIENTRUONG_LISTEN=127.0.0.1:0")
			}
			p, code := run(t, append(env, tt.variable+"="+tt.value), tt.command)
			said := strings.TrimSpace(p.said.String())
			if code != 1 && code != 2 {
				t.Errorf("exit code %d", code)
			}
			if !strings.Contains(said, tt.variable) || strings.Contains(said, "\n") || len(said) > 400 {
				t.Errorf("it does not say in one line that %s is wrong:\n%s", tt.variable, said)
			}
			for _, inner := range []string{secret, "goroutine ", "panic"} {
				if strings.Contains(said+p.out.String(), inner) {
					t.Errorf("it shows %q:\n%s", inner, said)
				}
			}
		})
	}
}

// A port that somebody else has stops the start, whoever starts.
func TestPortIsTaken(t *testing.T) {
	t.Parallel()
	timed(t)
	c := fresh(t)
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for _, command := range []string{"serve", "worker", "run"} {
		p, code := run(t, append([]string{"HIENTRUONG_LISTEN=" + taken.Addr().String()}, c.env...), command)
		said := strings.TrimSpace(p.said.String())
		if code != 1 || strings.Contains(said, "\n") || !strings.Contains(said, "HIENTRUONG_LISTEN") || !strings.Contains(said, taken.Addr().String()) {
			t.Errorf("%s: exit code %d: %s", command, code, said)
		}
	}
}

// home is an installation of "run" with a PostgreSQL of its own.
type home struct {
	t    *testing.T
	data string
	edge string
}

// start starts it and returns how long it took until it was ready.
func (h *home) start() (*process, time.Duration) {
	h.t.Helper()
	return h.startAs(exec.Command(program, "run"))
}

func (h *home) startAs(cmd *exec.Cmd) (*process, time.Duration) {
	h.t.Helper()
	began := time.Now()
	p := startAs(h.t, cmd, []string{"HIENTRUONG_DATA=" + h.data, "HIENTRUONG_LISTEN=" + h.edge})
	p.ready(h.edge, time.Minute)
	return p, time.Since(began)
}

// postmaster is the process id of its PostgreSQL, 0 where there is none.
func (h *home) postmaster() int {
	content, err := os.ReadFile(filepath.Join(h.data, "postgresql", "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || !alive(pid) {
		return 0
	}
	return pid
}

// report files one, and fails where that does not work.
func (h *home) report() uuid.UUID {
	h.t.Helper()
	p := newPhones(h.t, h.edge).mustSignIn(h.t)
	key := uuid.New()
	a := p.report(h.t.Context(), key, describe(key))
	if a.status != http.StatusCreated {
		h.t.Fatalf("a report was answered %v", a)
	}
	return key
}

// The one command of a small server: it starts again quickly, stops all it started, and
// comes back from a kill -9 of itself and of everything.
func TestRunStartsAndStops(t *testing.T) {
	t.Parallel()
	timed(t)
	h := &home{t, filepath.Join(folder(t), "var"), freeAddress(t)}
	t.Cleanup(h.sweep)
	p, took := h.start()
	t.Logf("first start: %v", took.Round(time.Millisecond))
	h.report()
	pid := h.postmaster()
	if pid == 0 {
		t.Fatal("no PostgreSQL runs")
	}
	p.signal(syscall.SIGINT)
	if code := p.wait(30 * time.Second); code != 0 {
		t.Errorf("Ctrl-C: exit code %d", code)
	}
	if alive(pid) {
		t.Error("PostgreSQL outlived Ctrl-C")
	}
	if server, database := strings.Index(p.out.String(), "stopped"), strings.Index(p.out.String(), "stopping PostgreSQL"); server < 0 || database < server {
		t.Errorf("PostgreSQL must stop after the server: %s", p.out.String())
	}
	p, took = h.start()
	t.Logf("second start: %v", took.Round(time.Millisecond))
	if took > 3*time.Second {
		t.Errorf("the second start took %v", took)
	}
	h.report()

	pid = h.postmaster()
	p.kill()
	p, took = h.start()
	t.Logf("start after kill -9 of the server: %v", took.Round(time.Millisecond))
	if h.postmaster() != pid {
		t.Error("the PostgreSQL that still ran was not adopted")
	}
	h.report()

	pid = h.postmaster()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.kill()
	p, took = h.start()
	t.Logf("start after kill -9 of everything: %v", took.Round(time.Millisecond))
	if now := h.postmaster(); now == 0 || now == pid {
		t.Errorf("PostgreSQL is process %d, and was %d", now, pid)
	}
	h.report()
	verified, code := run(t, h.settings(), "audit", "verify")
	if code != 0 {
		t.Errorf("audit verify: exit code %d: %s", code, verified.said.tail())
	}
	p.signal(syscall.SIGTERM)
	if code := p.wait(30 * time.Second); code != 0 || h.postmaster() != 0 {
		t.Errorf("SIGTERM: exit code %d, PostgreSQL %d", code, h.postmaster())
	}
}

// settings are the addresses that a running installation leaves for commands beside it.
func (h *home) settings() []string {
	h.t.Helper()
	content, err := os.ReadFile(filepath.Join(h.data, "database.env"))
	if err != nil {
		h.t.Fatal(err)
	}
	return append(strings.Fields(string(content)), "HIENTRUONG_DATA="+h.data)
}

// sweep stops a PostgreSQL that a failed test left behind.
func (h *home) sweep() {
	pid := h.postmaster()
	if pid == 0 {
		return
	}
	_ = syscall.Kill(pid, syscall.SIGQUIT) // it may have ended meanwhile
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	poll(ctx, 20*time.Millisecond, func() bool { return !alive(pid) })
}
