// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"hientruong/ledger"
	"hientruong/models"
)

// abandon queues intents whose callers have left.
func (l watched) abandon(tb testing.TB, intents ...act) {
	tb.Helper()
	gone, leave := context.WithCancel(context.Background())
	leave()
	for _, intent := range intents {
		_, err := l.Do(gone, intent)
		wantCode(tb, err, models.CodeTimeout)
	}
}

func (w *town) submits(n int) []act {
	all := make([]act, n)
	for i := range all {
		all[i] = w.submit(newID())
	}
	return all
}

func TestTheQueueIsBounded(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{Queue: 4, SOSQueue: 1})
	open := l.gate(t, w.id)
	l.abandon(t, w.submits(4)...)
	_, err := l.Do(t.Context(), w.submit(newID()))
	wantCode(t, err, models.CodeQueueFull)
	var e *models.Error
	if !errors.As(err, &e) || e.RetryAfter != time.Second {
		t.Errorf("no time to retry: %v", err)
	}
	sos := w.submit(newID())
	sos.needs.SOS = true
	l.abandon(t, sos)
	_, err = l.Do(t.Context(), sos)
	wantCode(t, err, models.CodeQueueFull)
	open()
	l.must(t, w.submit(newID()))
	if n := l.figure(t, "queue_full_total"); n != 2 {
		t.Errorf("%v refusals counted, want 2", n)
	}
	w.whole(t, 6)
}

func TestSOSOvertakes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{MaxBatch: 8, Queue: 100})
	open := l.gate(t, w.id)
	l.abandon(t, w.submits(100)...)
	sos := w.submit(newID())
	sos.needs.SOS = true
	l.abandon(t, sos)
	id := sos.mustSubject(t)
	open()
	eventually(t, "all are written", func() bool { return l.figure(t, "events_total") == 101 })
	// The writer may have taken one intent before it looked at the other lane.
	if pos := one[int64](t, w.DB.Pool, "SELECT pos FROM events WHERE subject_id = $1", id); pos > 2 {
		t.Errorf("SOS came to position %d behind a full lane", pos)
	}
	w.whole(t, 101)
}

func TestAJurisdictionDoesNotWaitForAnother(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	j, err := models.EnsureJurisdiction(t.Context(), w.DB.Gorm, "da-nang")
	if err != nil {
		t.Fatal(err)
	}
	l := w.start(t, ledger.Config{})
	open := l.gate(t, w.id)
	other := &town{w.Database, j.ID}
	if out := l.must(t, other.submit(newID())); out.Pos != 1 {
		t.Errorf("position %d, want 1 in a log of its own", out.Pos)
	}
	open()
	if out := l.must(t, w.submit(newID())); out.Pos != 1 {
		t.Errorf("position %d, want 1", out.Pos)
	}
	w.whole(t, 2)
}

func TestCloseCarriesOutWhatWaits(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{MaxBatch: 16})
	open := l.gate(t, w.id)
	l.abandon(t, w.submits(100)...)
	closed := make(chan error, 1)
	go func() { closed <- l.Close(context.Background()) }()
	eventually(t, "it takes no more", func() bool {
		gone, leave := context.WithCancel(context.Background())
		leave()
		_, err := l.Do(gone, act{models.Needs{Jurisdiction: w.id}, func(models.Facts, time.Time) (models.Change, error) { return models.Change{}, nil }})
		return models.CodeOf(err) == models.CodeUnavailable
	})
	open()
	if err := <-closed; err != nil {
		t.Error(err)
	}
	_, err := l.Do(t.Context(), (&town{w.Database, 99}).submit(newID()))
	wantCode(t, err, models.CodeUnavailable)
	w.whole(t, 100)
}

func TestCloseGivesUpInTime(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{LockTimeout: time.Minute})
	id := newID()
	l.must(t, w.submit(id))
	release := w.lock(t, "SELECT FROM reports WHERE id = $1 FOR UPDATE", id)
	defer release()
	answered := make(chan error, 1)
	go func() {
		_, err := l.Do(context.Background(), w.move(id))
		answered <- err
	}()
	w.waitsForLock(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("close: %v", err)
	}
	wantCode(t, <-answered, models.CodeUnavailable)
	w.whole(t, 1)
}

// mustSubject asks the intent itself.
func (a act) mustSubject(tb testing.TB) (id [16]byte) {
	tb.Helper()
	c, err := a.decide(models.Facts{}, time.Now())
	if err != nil {
		tb.Fatal(err)
	}
	return c.Subject
}

// lock runs a statement in a transaction that stays open until it is released.
func (w *town) lock(tb testing.TB, query string, args ...any) (release func()) {
	tb.Helper()
	tx, err := w.owner(tb).Begin(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := tx.Exec(tb.Context(), query, args...); err != nil {
		tb.Fatal(err)
	}
	return func() { _ = tx.Rollback(context.Background()) }
}

// waitsForLock returns once some session of the database waits for a lock.
func (w *town) waitsForLock(tb testing.TB) {
	tb.Helper()
	eventually(tb, "a session waits for a lock", func() bool {
		return one[int](tb, w.DB.Pool, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0
	})
}
