// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
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
	finish := l.slowUpload(t)
	l.grow(t, 20) // by then the server reads it
	for _, p := range []*process{serve, worker} {
		began := time.Now()
		p.signal(syscall.SIGTERM)
		if p == serve {
			eventually(t, "no new request is taken", 5*time.Second, func() bool { return status("http://"+edge+"/healthz") == 0 })
			finish()
		}
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
	eventually(t, "everybody whose report was made has heard of it, though nobody answers any more", 5*time.Second, func() bool {
		answered, _ := l.result()
		return one[int](t, db, "SELECT count(*)::int FROM reports") == len(answered)
	})
	if n := one[int](t, db, "SELECT count(*)::int FROM river_job WHERE state = 'running'"); n != 0 {
		t.Errorf("%d jobs were left running", n)
	}
	c.start(edge, "serve")
	c.start(back, "worker")
	l.grow(t, 50)
	l.end()
	c.judge(t, db, l, nil)
}

// slowUpload begins to send a report with photos, and returns how the rest is sent: it
// must then be taken.
func (l *load) slowUpload(t *testing.T) (finish func()) {
	t.Helper()
	p := l.phones.mustSignIn(t)
	if a := p.register(t.Context()); a.status != http.StatusNoContent {
		t.Fatalf("registering: %v", a)
	}
	key := uuid.New()
	kind, body := form(describe(key), snapshot(t))
	headers := p.headers(key)
	headers["Content-Type"] = kind
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	from, to := io.Pipe()
	answered := make(chan answer, 1)
	go func() { answered <- p.send(t.Context(), http.MethodPost, "/api/v1/reports", headers, from) }()
	half := len(content) / 2
	if _, err := to.Write(content[:half]); err != nil {
		t.Fatal(err)
	}
	return func() {
		_, err := to.Write(content[half:])
		if err := errors.Join(err, to.Close()); err != nil {
			t.Error(err)
		}
		a := <-answered
		if a.status != http.StatusCreated {
			t.Errorf("a request that was under way was answered %v", a)
		}
		l.remember(key, 0, a)
	}
}

// snapshot is a JPEG that does not fit into the buffers on its way.
func snapshot(t *testing.T) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 1200, 900))
	for i := range m.Pix {
		m.Pix[i] = uint8(rand.Uint32())
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
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
