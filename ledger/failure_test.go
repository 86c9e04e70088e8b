// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/database"
	"hientruong/ledger"
	"hientruong/models"
)

// stranger is a row of no table the ledger can write.
type stranger struct{ Odd uint8 }

func (stranger) TableName() string { return "strangers" }

// report changes the report of a submission.
func report(f func(*models.Report)) func(*models.Change) {
	return func(c *models.Change) {
		r := c.Insert[1].(models.Report)
		f(&r)
		c.Insert[1] = r
	}
}

func TestOnePoisonAmongAHundred(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	taken := newID()
	l.must(t, w.submit(taken))
	nul, far := "a\x00b", time.Date(300_000, 1, 1, 0, 0, 0, 0, time.UTC)
	poisons := map[string]func(*models.Change){
		"check":         report(func(r *models.Report) { r.Phase = "gone" }),
		"not null":      report(func(r *models.Report) { r.Attributes = nil }),
		"no JSON":       report(func(r *models.Report) { r.Attributes = []byte("{") }),
		"NUL":           report(func(r *models.Report) { r.Area = &nul }),
		"no UTF-8":      report(func(r *models.Report) { r.Category = "\xff" }),
		"far time":      report(func(r *models.Report) { r.ObservedAt = &far }),
		"code is taken": report(func(r *models.Report) { r.Code = w.newReport(taken, far).Code }),
		"row is there":  report(func(r *models.Report) { r.ID = taken }),
		"row twice":     func(c *models.Change) { c.Insert = append(c.Insert, c.Insert[1]) },
		"no such row":   func(c *models.Change) { c.Update = append(c.Update, w.newReport(newID(), far)) },
		"no such table": func(c *models.Change) { c.Insert = append(c.Insert, stranger{}) },
		"nil row":       func(c *models.Change) { c.Insert = append(c.Insert, nil) },
		"nil pointer":   func(c *models.Change) { c.Insert = append(c.Insert, (*models.Report)(nil)) },
		"loose text":    func(c *models.Change) { c.Insert = c.Insert[:1] },
		"event NUL":     func(c *models.Change) { c.Events[0].Body = nul },
		"event far":     func(c *models.Change) { c.Events[0].At = far },
		"event origin":  func(c *models.Change) { c.Events[0].Origin = "rumour" },
	}
	written := int64(1)
	for name, poison := range poisons {
		intents := w.submits(100)
		at := len(name) * 5 % 100
		intents[at] = w.submit(newID(), poison)
		for i, a := range l.together(t, w.id, intents...) {
			if i == at {
				wantCode(t, a.err, models.CodeInternal)
			} else if a.err != nil {
				t.Errorf("%s: intent %d: %v", name, i, a.err)
			}
		}
		written += 99
	}
	w.whole(t, written)
	if n := one[int64](t, w.DB.Pool, "SELECT count(*) FROM reports"); n != written {
		t.Errorf("%d reports, want %d", n, written)
	}
}

func TestTwoIntentsInsertOneRow(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	id := newID()
	answers := l.together(t, w.id, w.submit(id), w.submit(id), w.move(id))
	wantCode(t, answers[1].err, models.CodeInternal)
	if answers[0].err != nil || answers[2].err != nil {
		t.Errorf("the others: %v, %v", answers[0].err, answers[2].err)
	}
	w.whole(t, 2)
}

func TestAHeldRowStopsOnlyWhoNeedsIt(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const patience = time.Second
	l := w.start(t, ledger.Config{LockTimeout: patience})
	id := newID()
	l.must(t, w.submit(id))
	release := w.lock(t, "SELECT FROM reports WHERE id = $1 FOR UPDATE", id)
	intents := w.submits(64)
	intents[17] = w.move(id)
	started := time.Now()
	for i, a := range l.together(t, w.id, intents...) {
		if i == 17 {
			wantCode(t, a.err, models.CodeUnavailable)
		} else if a.err != nil {
			t.Errorf("intent %d: %v", i, a.err)
		}
	}
	// Waiting in full at each of the six halvings would take eight times as long.
	if took := time.Since(started); took > 6*patience {
		t.Errorf("it took %s", took)
	}
	release()
	l.must(t, w.move(id))
	w.whole(t, 65)
}

func TestAHeldHeadStopsAllAtOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{LockTimeout: 200 * time.Millisecond})
	release := w.lock(t, "SELECT FROM log_head FOR UPDATE")
	for _, a := range l.together(t, w.id, w.submits(64)...) {
		wantCode(t, a.err, models.CodeUnavailable)
	}
	if n := l.figure(t, "batches_halved_total"); n != 0 {
		t.Errorf("%v batches were halved, each to wait again", n)
	}
	release()
	l.must(t, w.submit(newID()))
	w.whole(t, 1)
}

func TestNobodyLivesThere(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	_, err := l.Do(t.Context(), (&town{w.Database, 77}).submit(newID()))
	wantCode(t, err, models.CodeInternal)
	w.whole(t, 0)
}

func TestATerminatedSessionCostsOneBatch(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{LockTimeout: time.Minute})
	id := newID()
	l.must(t, w.submit(id))
	release := w.lock(t, "SELECT FROM reports WHERE id = $1 FOR UPDATE", id)
	answered := make(chan error, 1)
	go func() {
		_, err := l.Do(context.Background(), w.move(id))
		answered <- err
	}()
	w.waitsForLock(t)
	one[bool](t, w.DB.Pool, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
	wantCode(t, <-answered, models.CodeUnavailable)
	release()
	l.must(t, w.move(id))
	w.whole(t, 2)
}

// wire is a proxy before the server that can be cut.
type wire struct {
	listener net.Listener
	server   string
	mu       sync.Mutex
	cut      bool
	open     []net.Conn
	wg       sync.WaitGroup
}

func newWire(tb testing.TB, server string) *wire {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &wire{listener: listener, server: server}
	p.wg.Go(p.accept)
	tb.Cleanup(func() {
		_ = listener.Close()
		p.set(true)
		p.wg.Wait()
	})
	return p
}

func (p *wire) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.join(client)
	}
}

func (p *wire) join(client net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	server, err := net.Dial("tcp", p.server)
	if err != nil || p.cut {
		_ = client.Close()
		if err == nil {
			_ = server.Close()
		}
		return
	}
	p.open = append(p.open, client, server)
	for _, pair := range [][2]net.Conn{{client, server}, {server, client}} {
		p.wg.Go(func() {
			_, _ = io.Copy(pair[0], pair[1])
			_ = pair[0].Close()
			_ = pair[1].Close()
		})
	}
}

// set cuts the wire, or mends it.
func (p *wire) set(cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
	if cut {
		for _, c := range p.open {
			_ = c.Close()
		}
		p.open = nil
	}
}

func TestTheServerIsAway(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	address, err := url.Parse(w.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	p := newWire(t, address.Host)
	address.Host = p.listener.Addr().String()
	db, err := database.Open(t.Context(), database.Config{URL: address.String(), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	l := w.start(t, ledger.Config{Pool: db.Pool})
	keys := make([]models.IdempotencyKey, 50)
	ids := make([]uuid.UUID, len(keys))
	intents := make([]act, len(keys))
	for i := range keys {
		keys[i], ids[i] = newKey(), newID()
		intents[i] = w.submit(ids[i]).keyed(keys[i])
	}
	l.must(t, intents[0])

	p.set(true)
	started := time.Now()
	var wg sync.WaitGroup
	for _, intent := range intents {
		wg.Go(func() {
			_, err := l.Do(t.Context(), intent)
			wantCode(t, err, models.CodeUnavailable)
		})
	}
	wg.Wait()
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("it took %s to say that the server is away", took)
	}

	p.set(false)
	eventually(t, "it goes on", func() bool {
		_, err := l.Do(t.Context(), act{models.Needs{Jurisdiction: w.id}, func(models.Facts, time.Time) (models.Change, error) { return models.Change{}, nil }})
		return err == nil
	})
	for i, intent := range intents {
		if out := l.must(t, intent); out.Subject != ids[i] || out.Replayed != (i == 0) {
			t.Errorf("intent %d: %+v", i, out)
		}
	}
	w.whole(t, int64(len(intents)))
}
