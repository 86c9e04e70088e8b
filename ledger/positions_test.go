// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hientruong/database"
	"hientruong/ledger"
	"hientruong/models"
)

// keeper is a reader that writes down every event it gets. Where it fails, it does so
// after it has written. Its events column is no part of the schema: the owner makes it.
type keeper struct {
	name string
	fail func() error
}

func (k keeper) Name() string { return k.name }

func (k keeper) Read(ctx context.Context, tx ledger.Tx, events []models.Event) error {
	for i, e := range events {
		// Both faces take part.
		if i%2 == 0 {
			if err := tx.Gorm.Exec("INSERT INTO kept (reader, jurisdiction_id, pos, kind) VALUES (?, ?, ?, ?)", k.name, e.JurisdictionID, e.Pos, e.Kind).Error; err != nil {
				return err
			}
			continue
		}
		if _, err := tx.Exec(ctx, "INSERT INTO kept (reader, jurisdiction_id, pos, kind) VALUES ($1, $2, $3, $4)", k.name, e.JurisdictionID, e.Pos, e.Kind); err != nil {
			return err
		}
	}
	if k.fail != nil {
		return k.fail()
	}
	return nil
}

// withKept gives the readers of the tests a table. It has no key: a double would show.
func (w *town) withKept(tb testing.TB) {
	tb.Helper()
	_, err := w.owner(tb).Exec(tb.Context(), `CREATE TABLE kept (nr bigserial, reader text, jurisdiction_id integer, pos bigint, kind text);
GRANT ALL ON kept TO PUBLIC; GRANT ALL ON SEQUENCE kept_nr_seq TO PUBLIC`)
	if err != nil {
		tb.Fatal(err)
	}
}

// tail runs a reader until the test ends.
func (w *town) tail(tb testing.TB, config ledger.TailConfig) {
	tb.Helper()
	if config.DB == nil {
		config.DB = w.DB.Gorm
	}
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { ledger.NewTail(config).Run(ctx) })
	tb.Cleanup(func() {
		stop()
		wg.Wait()
	})
}

// keptInOrder fails unless the reader wrote down each position up to the head, once.
func (w *town) keptInOrder(tb testing.TB, reader string, head int64) {
	tb.Helper()
	eventually(tb, reader+" has read all", func() bool {
		return one[int64](tb, w.DB.Pool, "SELECT coalesce(max(pos), 0) FROM cursors WHERE reader = $1", reader) == head
	})
	got := one[[]int64](tb, w.DB.Pool, "SELECT array_agg(pos ORDER BY nr) FROM kept WHERE reader = $1", reader)
	want := make([]int64, head)
	for i := range want {
		want[i] = int64(i) + 1
	}
	if d := cmp.Diff(want, got); d != "" {
		tb.Errorf("reader %s: %s", reader, d)
	}
}

func TestPositionsOfTwoNodes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.withKept(t)
	dbs := []*database.DB{w.node(t), w.node(t)}
	var nodes []watched
	for i, db := range dbs {
		bell := ledger.NewBell()
		nodes = append(nodes, w.start(t, ledger.Config{Pool: db.Pool, Bell: bell, MaxBatch: 16}))
		for _, name := range []string{"search", "notify"} {
			w.tail(t, ledger.TailConfig{DB: db.Gorm, Reader: keeper{name: name}, Bell: bell, Poll: 20 * time.Millisecond, Limit: 10 + i*90})
		}
	}
	shared := newID() // every writer moves this one, on both nodes
	nodes[0].must(t, w.submit(shared))
	const writers, each = 16, 40
	var mu sync.Mutex
	written := int64(1)
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(n)))
			l := nodes[n%2]
			for range each {
				intent, poison := w.submit(newID()), false
				switch random.IntN(60) {
				case 0, 1: // with batches of some five intents, every fifth batch rolls back
					intent, poison = w.submit(newID(), report(func(r *models.Report) { r.Phase = "gone" })), true
				case 2, 3, 4, 5, 6, 7, 8, 9:
					intent = w.move(shared)
				}
				_, err := l.Do(t.Context(), intent)
				if (err != nil) != poison {
					t.Errorf("poison %t, error %v", poison, err)
				}
				if err == nil {
					mu.Lock()
					written++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	w.whole(t, written)
	w.keptInOrder(t, "search", written)
	w.keptInOrder(t, "notify", written)
	moves := one[int64](t, w.DB.Pool, "SELECT count(*) FROM events WHERE subject_id = $1", shared)
	if v := one[int64](t, w.DB.Pool, "SELECT version FROM reports WHERE id = $1", shared); v != moves {
		t.Errorf("%d events but version %d: an update was lost", moves, v)
	}
	if n := nodes[0].figure(t, "batches_halved_total") + nodes[1].figure(t, "batches_halved_total"); n == 0 {
		t.Error("no batch was rolled back: the test tried nothing")
	}
}

func TestAReaderThatFailsHalfOfTheTime(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.withKept(t)
	l := w.start(t, ledger.Config{})
	random := rand.New(rand.NewPCG(1, 2))
	failures := 0
	reader := keeper{name: "shaky", fail: func() error {
		switch random.IntN(4) {
		case 0:
			failures++
			return errors.New("half of the time")
		case 1:
			failures++
			panic("or worse")
		default:
			return nil
		}
	}}
	const events = 100
	for range events {
		l.must(t, w.submit(newID()))
	}
	tail := ledger.NewTail(ledger.TailConfig{DB: w.DB.Gorm, Reader: reader, Limit: 7})
	for tries := 0; one[int64](t, w.DB.Pool, "SELECT coalesce(max(pos), 0) FROM cursors") < events; tries++ {
		before := one[int64](t, w.DB.Pool, "SELECT coalesce(max(pos), 0) FROM cursors")
		more, err := tail.Step(t.Context())
		after := one[int64](t, w.DB.Pool, "SELECT coalesce(max(pos), 0) FROM cursors")
		if (err != nil) != (before == after) || err == nil && more != (after-before == 7) {
			t.Fatalf("from %d to %d, more %t, error %v", before, after, more, err)
		}
		if tries > 1000 {
			t.Fatal("it does not get on")
		}
	}
	if failures == 0 {
		t.Error("the reader never failed")
	}
	w.keptInOrder(t, "shaky", events)
}

func TestRunTriesAgain(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.withKept(t)
	l := w.start(t, ledger.Config{})
	l.must(t, w.submit(newID()))
	first := true
	w.tail(t, ledger.TailConfig{Poll: time.Hour, Reader: keeper{name: "slow", fail: func() error {
		defer func() { first = false }()
		if first {
			return errors.New("only once")
		}
		return nil
	}}})
	w.keptInOrder(t, "slow", 1)
}

func TestOneNodeReadsAtATime(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.withKept(t)
	l := w.start(t, ledger.Config{})
	l.must(t, w.submit(newID()))
	entered, leave := make(chan struct{}), make(chan struct{})
	slow := keeper{name: "one", fail: func() error {
		close(entered)
		<-leave
		return nil
	}}
	// The cursor must be there: a reader's very first step makes it.
	if _, err := ledger.NewTail(ledger.TailConfig{DB: w.DB.Gorm, Reader: keeper{name: "one"}}).Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.must(t, w.submit(newID()))
	done := make(chan error, 1)
	go func() {
		_, err := ledger.NewTail(ledger.TailConfig{DB: w.DB.Gorm, Reader: slow}).Step(context.Background())
		done <- err
	}()
	<-entered
	other := keeper{name: "one", fail: func() error { return errors.New("two at once") }}
	if _, err := ledger.NewTail(ledger.TailConfig{DB: w.node(t).Gorm, Reader: other}).Step(t.Context()); err != nil {
		t.Error(err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
	w.keptInOrder(t, "one", 2)
}
