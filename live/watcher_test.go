// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hientruong/live"
	"hientruong/models"
)

// watcher is somebody with a browser: they keep what they were told, read the list when the
// stream says so, and come back where they were cut off.
type watcher struct {
	c   *city
	ask live.Ask

	mu    sync.Mutex
	last  string // the id of the last event
	has   map[string]int64
	heard []heard
	ended bool
	cut   func()
	done  chan struct{}
}

// heard is one event.
type heard struct{ id, event, data string }

// told is what the data of an event can say.
type told struct {
	Pos    int64    `json:"pos"`
	ID     string   `json:"id"`
	Lat    *float64 `json:"lat"`
	Lon    *float64 `json:"lon"`
	Reason string   `json:"reason"`
	Report struct {
		State    string `json:"state"`
		Version  int64  `json:"version"`
		Label    string `json:"state_label"`
		Category *struct {
			Code string `json:"code"`
		} `json:"category"`
	} `json:"report"`
}

func (h heard) read(t testing.TB) told {
	t.Helper()
	var out told
	if err := json.Unmarshal([]byte(h.data), &out); err != nil {
		t.Fatalf("%s %q: %v", h.event, h.data, err)
	}
	return out
}

func (c *city) watch(hub *live.Hub, ask live.Ask) *watcher {
	c.t.Helper()
	if ask.Language == "" {
		ask.Language = models.Vietnamese
	}
	w := &watcher{c: c, ask: ask, has: map[string]int64{}}
	w.connect(hub)
	c.t.Cleanup(w.leave)
	return w
}

// connect opens a stream, behind the last event if there was one.
func (w *watcher) connect(hub *live.Hub) {
	w.c.t.Helper()
	w.mu.Lock()
	ask := w.ask
	if w.last != "" {
		ask.LastEventID = w.last
	}
	w.mu.Unlock()
	viewer, err := hub.Join(w.c.t.Context(), ask)
	if err != nil {
		w.c.t.Fatal(err)
	}
	from, to := io.Pipe()
	writing, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(writing)
		to.CloseWithError(viewer.Stream(bufio.NewWriter(to), nil))
	}()
	go func() {
		defer close(done)
		w.listen(from)
	}()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done, w.ended = done, false
	w.cut = func() {
		_ = from.Close()
		<-writing
		<-done
	}
}

// leave cuts the connection.
func (w *watcher) leave() {
	w.mu.Lock()
	cut := w.cut
	w.mu.Unlock()
	cut()
}

func (w *watcher) listen(from io.Reader) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	var now heard
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			now.id = value
		case "event":
			now.event = value
		case "data":
			now.data = value
		case "":
			w.take(now)
			now = heard{}
		}
	}
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
}

// take folds an event into what the watcher has.
func (w *watcher) take(h heard) {
	if h.event == "reset" || h.event == "ready" && len(w.said("ready")) == 0 {
		listed := w.list()
		w.mu.Lock()
		w.has = listed
		w.mu.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch h.event {
	case "upsert":
		said := h.read(w.c.t)
		w.has[said.ID] = said.Report.Version
	case "leave":
		delete(w.has, h.read(w.c.t).ID)
	}
	if h.event != "" {
		w.heard = append(w.heard, h)
	}
	if h.id != "" {
		w.last = h.id
	}
}

// list is what the list of reports says: id and version.
func (w *watcher) list() map[string]int64 {
	all := map[string]int64{}
	cursor := ""
	for {
		page, err := models.ListReports(w.c.t.Context(), w.c.db.DB.Gorm, w.ask.Actor, w.ask.Filter, cursor, 200)
		if err != nil {
			w.c.t.Errorf("list: %v", err)
			return all
		}
		for _, r := range page.Reports {
			all[r.ID.String()] = r.Version
		}
		if cursor = page.NextCursor; cursor == "" {
			return all
		}
	}
}

// said are the events of a name so far.
func (w *watcher) said(event string) []heard {
	w.mu.Lock()
	defer w.mu.Unlock()
	var some []heard
	for _, h := range w.heard {
		if h.event == event {
			some = append(some, h)
		}
	}
	return some
}

// reached is the position up to which the watcher was told everything.
func (w *watcher) reached() int64 {
	_, pos, _ := strings.Cut(w.lastID(), ".")
	n, _ := strconv.ParseInt(pos, 10, 64)
	return n
}

func (w *watcher) lastID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

func (w *watcher) isEnded() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended
}

// catchUp waits until the watcher was told all that happened.
func (w *watcher) catchUp() {
	w.c.t.Helper()
	head := w.c.head()
	until(w.c.t, "the watcher has heard all", func() bool { return w.reached() >= head })
}

// holds wants the watcher to have what the list has.
func (w *watcher) holds(about string) {
	w.c.t.Helper()
	w.catchUp()
	w.mu.Lock()
	has := maps.Clone(w.has)
	w.mu.Unlock()
	if diff := cmp.Diff(w.list(), has); diff != "" {
		w.c.t.Fatalf("%s (-list +told):\n%s", about, diff)
	}
}

// until waits for something that must come.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come: %s", what)
		}
	}
}
