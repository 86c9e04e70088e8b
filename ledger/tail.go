// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"gorm.io/gorm"

	"hientruong/models"
)

// TailConfig is what a Tail needs. DB and Reader must be set.
type TailConfig struct {
	DB      *gorm.DB
	Reader  Reader
	Bell    *Bell         // wakes it; nil: it only polls
	Poll    time.Duration // how often it looks without being woken; 0: 500 ms
	Limit   int           // events a transaction; 0: 1000
	Logger  *slog.Logger
	Metrics *TailMetrics // nil: none
}

// TailMetrics are how far readers lag. One serves all tails of a process.
type TailMetrics struct {
	lag    *prometheus.GaugeVec
	events *prometheus.CounterVec
}

// NewTailMetrics makes the figures and registers them.
func NewTailMetrics(to prometheus.Registerer) *TailMetrics {
	m := &TailMetrics{
		lag:    prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "hientruong_reader_lag_seconds", Help: "Age of the oldest event a reader has not read."}, []string{"reader"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hientruong_reader_events_total", Help: "Events read."}, []string{"reader"}),
	}
	to.MustRegister(m.lag, m.events)
	return m
}

// Tail hands every event to a reader, in order, a batch a transaction. Any number of
// nodes may run a tail of the same reader: the cursor's row lock lets one work at a time.
type Tail struct{ config TailConfig }

// NewTail makes a tail.
func NewTail(config TailConfig) *Tail {
	if config.Poll == 0 {
		config.Poll = 500 * time.Millisecond
	}
	if config.Limit == 0 {
		config.Limit = 1000
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Bell == nil {
		config.Bell = NewBell()
	}
	return &Tail{config: config}
}

// Run reads until ctx ends. An error of the reader or the database is logged and the
// same events are tried again, later each time, up to 10 s.
func (t *Tail) Run(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		rung := t.config.Bell.Wait()
		more, err := t.Step(ctx)
		wait := t.config.Poll
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failures++
			wait = min(10*time.Second, 100*time.Millisecond<<min(failures, 10))
			rung = nil
			t.config.Logger.Error("reader failed; it tries again", "reader", t.config.Reader.Name(), "failures", failures, "error", err)
		case more:
			failures = 0
			continue
		default:
			failures = 0
		}
		await(ctx, rung, wait)
	}
}

// Step reads one batch of every jurisdiction and says whether there was a full one.
func (t *Tail) Step(ctx context.Context) (more bool, err error) {
	unread, err := t.unread(ctx)
	if err != nil {
		return false, err
	}
	var errs []error
	for _, jurisdiction := range unread {
		n, err := t.step(ctx, jurisdiction)
		more = more || n == t.config.Limit
		errs = append(errs, err)
	}
	return more, errors.Join(errs...)
}

// unread returns the jurisdictions whose log goes on after the reader's cursor. It locks
// nothing and writes nothing, unlike a step that finds nothing to read.
func (t *Tail) unread(ctx context.Context) ([]int32, error) {
	var ids []int32
	err := t.config.DB.WithContext(ctx).Raw(`SELECT h.jurisdiction_id FROM log_head h
LEFT JOIN cursors c ON c.jurisdiction_id = h.jurisdiction_id AND c.reader = ?
WHERE h.pos > coalesce(c.pos, 0) ORDER BY h.jurisdiction_id`, t.config.Reader.Name()).Scan(&ids).Error
	if err == nil && len(ids) == 0 && t.config.Metrics != nil {
		t.config.Metrics.lag.WithLabelValues(t.config.Reader.Name()).Set(0)
	}
	return ids, err
}

// step reads one batch of one jurisdiction.
func (t *Tail) step(ctx context.Context, jurisdiction int32) (read int, err error) {
	name := t.config.Reader.Name()
	err = InTx(ctx, t.config.DB, func(tx Tx) error {
		cursor, free, err := lockCursor(ctx, tx, jurisdiction, name)
		if err != nil || !free {
			return err
		}
		events, err := Events(ctx, tx, jurisdiction, cursor, t.config.Limit)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return nil
		}
		if t.config.Metrics != nil {
			t.config.Metrics.lag.WithLabelValues(name).Set(max(0, tx.Now.Sub(events[0].At).Seconds()))
		}
		read = len(events)
		if err := t.hand(ctx, tx, events); err != nil {
			return fmt.Errorf("ledger: reader %s: %w", name, err)
		}
		_, err = tx.Exec(ctx, "UPDATE cursors SET pos = $3, updated_at = now() WHERE jurisdiction_id = $1 AND reader = $2",
			jurisdiction, name, events[read-1].Pos)
		return err
	})
	if err == nil && t.config.Metrics != nil {
		t.config.Metrics.events.WithLabelValues(name).Add(float64(read))
	}
	return read, err
}

// hand gives the reader its events. One that panics must not take the process with it:
// it would come up, read the same events and go down again.
func (t *Tail) hand(ctx context.Context, tx Tx, events []models.Event) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return t.config.Reader.Read(ctx, tx, events)
}

// lockCursor locks a reader's cursor, made at the log's beginning if there is none. It
// returns false where another node holds it.
func lockCursor(ctx context.Context, tx Tx, jurisdiction int32, reader string) (pos int64, free bool, err error) {
	const lock = "SELECT pos FROM cursors WHERE jurisdiction_id = $1 AND reader = $2 FOR UPDATE SKIP LOCKED"
	err = tx.QueryRow(ctx, lock, jurisdiction, reader).Scan(&pos)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return pos, err == nil, err
	}
	made, err := tx.Exec(ctx, "INSERT INTO cursors (jurisdiction_id, reader) VALUES ($1, $2) ON CONFLICT DO NOTHING", jurisdiction, reader)
	return 0, err == nil && made.RowsAffected() == 1, err
}

// Querier is what events can be read through: a pool, a connection, a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Events returns up to limit events after a position, in order. With kinds, only those.
func Events(ctx context.Context, q Querier, jurisdiction int32, after int64, limit int, kinds ...models.EventKind) ([]models.Event, error) {
	const from = "SELECT " + eventColumns + " FROM events WHERE jurisdiction_id = $1 AND pos > $2"
	query, args := from+" ORDER BY pos LIMIT $3", []any{jurisdiction, after, limit}
	if len(kinds) > 0 {
		query, args = from+" AND kind = ANY($4) ORDER BY pos LIMIT $3", append(args, kinds)
	}
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[models.Event])
}

// Head returns the position of a jurisdiction's newest event and the log's epoch, which
// a restore changes: positions of different epochs cannot be compared.
func Head(ctx context.Context, q Querier, jurisdiction int32) (pos int64, epoch string, err error) {
	rows, err := q.Query(ctx, "SELECT pos, epoch::text FROM log_head WHERE jurisdiction_id = $1", jurisdiction)
	if err != nil {
		return 0, "", err
	}
	_, err = pgx.ForEachRow(rows, []any{&pos, &epoch}, func() error { return nil })
	return pos, epoch, err
}
