// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hientruong/database"
	"hientruong/ledger"
	"hientruong/models"
)

// running runs what ends with its context until the test ends.
func running(tb testing.TB, run func(context.Context)) {
	tb.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { run(ctx) })
	tb.Cleanup(func() {
		stop()
		wg.Wait()
	})
}

// listener is a node that hears others.
func (w *town) listener(tb testing.TB) (*database.DB, *ledger.Bell) {
	tb.Helper()
	db, bell := w.node(tb), ledger.NewBell()
	rung := bell.Wait()
	running(tb, func(ctx context.Context) { bell.Listen(ctx, db.Pool, slog.New(slog.DiscardHandler)) })
	<-rung // it rings once it hears
	return db, bell
}

func TestABellWakesWhoWaits(t *testing.T) {
	t.Parallel()
	bell := ledger.NewBell()
	before := bell.Wait()
	bell.Ring()
	after := bell.Wait()
	select {
	case <-before:
	default:
		t.Error("a ring was lost")
	}
	select {
	case <-after:
		t.Error("it rang again")
	default:
	}
}

func TestATailHearsAnotherNode(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.withKept(t)
	db, bell := w.listener(t)
	figures := prometheus.NewRegistry()
	w.tail(t, ledger.TailConfig{
		DB: db.Gorm, Reader: keeper{name: "far"}, Bell: bell, Poll: time.Hour, Limit: 3, Metrics: ledger.NewTailMetrics(figures),
	})
	l := w.start(t, ledger.Config{})
	for n := range int64(5) {
		l.must(t, w.submit(newID()))
		w.keptInOrder(t, "far", n+1)
	}
	// What was read can be seen a moment before it is counted.
	eventually(t, "five events are counted", func() bool {
		families, err := figures.Gather()
		if err != nil || len(families) != 2 {
			t.Fatalf("%d figures, error %v", len(families), err)
		}
		counted := families[0].GetMetric()
		return len(counted) == 1 && counted[0].GetCounter().GetValue() == 5
	})
}

func TestListeningIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	_, bell := w.listener(t)
	rung := bell.Wait()
	ended := one[int](t, w.DB.Pool, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")
	if ended != 1 {
		t.Fatalf("%d sessions listened, want 1", ended)
	}
	<-rung
	rung = bell.Wait()
	w.start(t, ledger.Config{}).must(t, w.submit(newID()))
	<-rung
}

func TestFollow(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	pack := w.submit(newID(), func(c *models.Change) { c.Events[0].Kind = models.EventPackApplied })
	l.must(t, pack) // before anybody follows
	db, bell := w.listener(t)
	calls := make(chan int64)
	var fail atomic.Bool
	running(t, func(ctx context.Context) {
		ledger.Follow(ctx, ledger.FollowConfig{DB: db.Gorm, Pool: db.Pool, Bell: bell, Kinds: []models.EventKind{models.EventPackApplied}, Poll: 50 * time.Millisecond},
			func(ctx context.Context) error {
				if fail.Swap(false) {
					return errors.New("once")
				}
				head, _, err := ledger.Head(ctx, db.Pool, w.id)
				select {
				case calls <- head:
				case <-ctx.Done():
				}
				return err
			})
	})
	if head := <-calls; head != 1 {
		t.Errorf("first called at %d", head)
	}
	for n := int64(2); n < 8; n += 2 {
		l.must(t, w.submit(newID())) // nothing it follows
		fail.Store(n == 4)           // it tries again
		again := w.submit(newID(), func(c *models.Change) { c.Events[0].Kind = models.EventPackApplied })
		l.must(t, again)
		if head := <-calls; head != n+1 {
			t.Errorf("called at %d, want %d", head, n+1)
		}
	}
	other, err := models.EnsureJurisdiction(t.Context(), w.DB.Gorm, "da-nang")
	if err != nil {
		t.Fatal(err)
	}
	<-calls // a log that is new
	l.must(t, (&town{w.Database, other.ID}).submit(newID()))
	l.must(t, w.submit(newID()))
	l.must(t, w.submit(newID(), func(c *models.Change) { c.Events[0].Kind = models.EventPackApplied }))
	if head := <-calls; head != 9 {
		t.Errorf("called at %d, want 9", head)
	}
}
