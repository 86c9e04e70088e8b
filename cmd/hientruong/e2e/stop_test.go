// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Told to stop, servers finish what they accepted: whoever sent a request hears of it,
// and the log shows no request that broke off.
func TestStopUnderLoad(t *testing.T) {
	timed(t)
	c := fresh(t)
	db := c.open()
	edge, back := freeAddress(t), freeAddress(t)
	serve, worker := c.start(edge, "serve"), c.start(back, "worker")
	phones := newPhones(t, edge)
	l := newLoad(t, phones, people, breath)
	l.grow(t, 100)
	for _, p := range []*process{serve, worker} {
		began := time.Now()
		p.signal(syscall.SIGTERM)
		if code := p.wait(30 * time.Second); code != 0 {
			t.Errorf("%s: exit code %d", p.command, code)
		}
		t.Logf("%s stopped in %v", p.command, time.Since(began).Round(time.Millisecond))
		if kids := children(p.cmd.Process.Pid); len(kids) > 0 {
			t.Errorf("%s left %v behind", p.command, kids)
		}
		if strings.Contains(p.said.String(), `"level":"ERROR"`) || strings.Contains(p.said.String(), "panic") {
			t.Errorf("%s complained while it stopped", p.command)
		}
	}
	if a := phones.send(t.Context(), http.MethodGet, "/healthz", nil, nil); a.status != 0 {
		t.Errorf("somebody still answers: %v", a)
	}
	if n := one[int](t, db, "SELECT count(*)::int FROM river_job WHERE state = 'running'"); n != 0 {
		t.Errorf("%d jobs were left running", n)
	}
	c.start(edge, "serve")
	c.start(back, "worker")
	l.grow(t, 50)
	l.end()
	c.judge(t, db, l, nil)
}

// children are the processes whose parent is, or was, the one given.
func children(parent int) []string {
	var found []string
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, file := range stats {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(after)
		if len(fields) > 2 && (fields[1] == strconv.Itoa(parent) || fields[2] == strconv.Itoa(parent)) {
			found = append(found, string(stat[:min(len(stat), 40)]))
		}
	}
	return found
}
