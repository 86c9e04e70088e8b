// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Whatever becomes of the terminal, "run" leaves no PostgreSQL behind.
func TestRunEndsWithItsTerminal(t *testing.T) {
	t.Parallel()
	timed(t)
	h := &home{t, filepath.Join(folder(t), "var"), freeAddress(t)}
	t.Cleanup(h.sweep)
	// Started by nohup, a test would have children that are deaf to it.
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP)
	defer signal.Stop(heard)

	p, _ := h.start()
	h.ends(p, syscall.SIGHUP, "the window is closed")

	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "run")
	cmd.Stdout = write
	p, _ = h.startAs(cmd)
	_, _ = read.Close(), write.Close() // nothing was to be kept
	h.ends(p, syscall.SIGINT, "what read the output ended first")

	// As nohup does.
	p, _ = h.startAs(exec.Command("sh", "-c", `trap "" HUP; exec "$0" run`, program))
	p.signal(syscall.SIGHUP)
	h.report()
	h.ends(p, syscall.SIGTERM, "it outlived its window")
}

// ends sends a signal and wants all of it to end by that.
func (h *home) ends(p *process, by syscall.Signal, when string) {
	h.t.Helper()
	pid := h.postmaster()
	if pid == 0 {
		h.t.Fatalf("%s: no PostgreSQL runs", when)
	}
	p.signal(by)
	if code := p.wait(30 * time.Second); code != 0 {
		h.t.Errorf("%s: exit code %d", when, code)
	}
	if alive(pid) {
		h.t.Errorf("%s: PostgreSQL is left behind", when)
	}
}
