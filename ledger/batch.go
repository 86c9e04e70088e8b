// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hientruong/models"
)

// pending is an intent on its way, and the place its answer goes to.
type pending struct {
	intent models.Intent
	needs  models.Needs
	done   chan answer // buffered: nobody may be waiting any more
}

type answer struct {
	outcome Outcome
	err     error
	first   int // of its events in the batch
}

// keyClash is the constraint that a second use of an idempotency key runs into when the
// first one is in another node's transaction.
const keyClash = "idempotency_keys_pkey"

// carryOut writes a batch and answers every intent in it. A batch that fails in SQL is
// rolled back and run again in halves, so that a poison intent fails alone.
func (l *Ledger) carryOut(ctx context.Context, jurisdiction int32, batch []*pending) {
	answers, err := l.attempt(ctx, jurisdiction, batch)
	switch {
	case err == nil:
		for i, p := range batch {
			p.done <- answers[i]
		}
	case away(err):
		l.logger.Warn("batch could not be written", "intents", len(batch), "error", err)
		for _, p := range batch {
			p.done <- answer{err: models.Wrap(models.CodeUnavailable, err).Retry(time.Second)}
		}
	case len(batch) > 1:
		l.metrics.halved.Inc()
		half := len(batch) / 2
		l.carryOut(ctx, jurisdiction, batch[:half])
		l.carryOut(ctx, jurisdiction, batch[half:])
	default:
		batch[0].done <- l.last(ctx, jurisdiction, batch, err)
	}
}

// last is the second chance of a single intent: what another node's transaction was in
// the way of can be done, or answered, once that one has ended.
func (l *Ledger) last(ctx context.Context, jurisdiction int32, one []*pending, err error) answer {
	if clashes(err) || waited(err) {
		answers, again := l.attempt(ctx, jurisdiction, one)
		if again == nil {
			return answers[0]
		}
		err = again
	}
	l.logger.Error("intent could not be written", "intent", fmt.Sprintf("%T", one[0].intent), "error", err)
	return answer{err: models.FromDatabase(err)}
}

// away says whether the database could not be talked to, so that halves would fare no
// better. What pgx could not encode, or PostgreSQL would not take, is somebody's poison.
func away(err error) bool {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.As(err, &pg):
		return slices.Contains([]string{"08", "53", "57"}, pg.Code[:2])
	case errors.As(err, &connect), errors.As(err, &network), pgconn.SafeToRetry(err):
		return true
	default:
		return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
			errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	}
}

func clashes(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.ConstraintName == keyClash
}

// waited says whether the transaction lost a lock or a race that a new one may win.
func waited(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40P01" || pg.Code == "40001" || pg.Code == "55P03")
}

// attempt runs a batch in one transaction. Refusals are answers; an error means that
// nothing of the batch was written.
func (l *Ledger) attempt(ctx context.Context, jurisdiction int32, batch []*pending) ([]answer, error) {
	ctx, cancel := context.WithTimeout(ctx, l.config.BatchTimeout)
	defer cancel()
	started := time.Now()
	answers := make([]answer, len(batch))
	var w writes
	err := pgx.BeginFunc(ctx, l.config.Pool, func(tx pgx.Tx) error {
		k, err := load(ctx, tx, jurisdiction, want(batch))
		if err != nil {
			return err
		}
		if l.config.Clock != nil {
			k.now = l.config.Clock(k.now)
		}
		k.now = k.now.Truncate(time.Microsecond)
		w = writes{jurisdiction: jurisdiction, rows: map[string]*write{}}
		for i, p := range batch {
			answers[i] = w.decide(p, k)
		}
		return w.flush(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	w.locate(answers)
	l.metrics.wrote(len(batch), len(w.events), time.Since(started))
	if len(w.events) > 0 {
		l.bell.Ring()
		l.notifyOthers()
	}
	return answers, nil
}

// writes gathers what a batch has decided: each row once, as it is in the end.
type writes struct {
	jurisdiction int32
	rows         map[string]*write
	order        []*write
	events       []models.Event
}

type write struct {
	table  *table
	row    models.Row
	insert bool
}

// decide asks one intent and takes in what it wants.
func (w *writes) decide(p *pending, k *known) answer {
	if again, ok := replay(p, k); ok {
		return again
	}
	change, err := decideSafely(p.intent, k.factsFor(p.needs), k.now)
	if err != nil {
		return answer{err: err}
	}
	a := answer{outcome: Outcome{Subject: change.Subject, Change: change}, first: len(w.events)}
	if err := writable(change); err != nil {
		return answer{err: err}
	}
	if key := p.needs.Idempotency; key != nil {
		kept := models.KeptKey{
			JurisdictionID: w.jurisdiction, Installation: key.Installation, Key: key.Key,
			Fingerprint: key.Fingerprint[:], SubjectID: change.Subject, CreatedAt: k.now,
		}
		k.kept[[2]uuid.UUID{key.Installation, key.Key}] = kept
		w.take(kept, true)
	}
	for _, row := range change.Insert {
		w.take(row, true)
	}
	for _, row := range change.Update {
		w.take(row, false)
	}
	k.learn(change.Insert)
	k.learn(change.Update)
	w.events = append(w.events, change.Events...)
	return a
}

// replay answers an intent whose idempotency key was used before.
func replay(p *pending, k *known) (answer, bool) {
	key := p.needs.Idempotency
	if key == nil {
		return answer{}, false
	}
	kept, ok := k.kept[[2]uuid.UUID{key.Installation, key.Key}]
	switch {
	case !ok:
		return answer{}, false
	case !slices.Equal(kept.Fingerprint, key.Fingerprint[:]):
		return answer{err: models.E(models.CodeIdempotencyConflict)}, true
	default:
		return answer{outcome: Outcome{Subject: kept.SubjectID, Replayed: true}}, true
	}
}

// decideSafely keeps a panic of one intent from taking the batch with it.
func decideSafely(intent models.Intent, facts models.Facts, now time.Time) (change models.Change, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = models.Wrap(models.CodeInternal, fmt.Errorf("ledger: %T panicked: %v\n%s", intent, r, debug.Stack()))
		}
	}()
	return intent.Decide(facts, now)
}

// writable says whether the ledger can write every row of a change.
func writable(change models.Change) error {
	for _, row := range slices.Concat(change.Insert, change.Update) {
		if _, err := tableOf(row); err != nil {
			return models.Wrap(models.CodeInternal, err)
		}
	}
	return nil
}

// take notes a writable row down; one that the batch writes already is replaced by its
// newer self.
func (w *writes) take(row models.Row, insert bool) {
	t, err := tableOf(row)
	if err != nil {
		panic(err) // writable has said otherwise
	}
	key := t.key(row)
	if earlier, ok := w.rows[key]; ok {
		earlier.row = row
		return
	}
	made := &write{table: t, row: row, insert: insert}
	w.rows[key] = made
	w.order = append(w.order, made)
}

// locate tells the answers where in the log their events came to stand.
func (w *writes) locate(answers []answer) {
	for i := range answers {
		n := len(answers[i].outcome.Change.Events)
		if n == 0 {
			continue
		}
		mine := w.events[answers[i].first : answers[i].first+n]
		answers[i].outcome.Change.Events = mine
		answers[i].outcome.Pos = mine[n-1].Pos
	}
}

// rank orders statements: new reports first, since everything points to them; then what
// replaces rows, since a row may give up a place that a new one takes.
func (w *write) rank() int {
	switch {
	case w.insert && w.table.name == "reports":
		return 0
	case !w.insert:
		return 1
	default:
		return 2
	}
}

// flush writes all rows in one round trip and, the head locked last of all, the events
// in a second.
func (w *writes) flush(ctx context.Context, tx pgx.Tx) error {
	if len(w.order) == 0 && len(w.events) == 0 {
		return nil
	}
	var b pgx.Batch
	if err := w.queueRows(&b); err != nil {
		return err
	}
	head := head{jurisdiction: w.jurisdiction}
	if len(w.events) > 0 {
		b.Queue("SELECT pos, hash FROM log_head WHERE jurisdiction_id = $1 FOR UPDATE", w.jurisdiction).
			QueryRow(func(row pgx.Row) error { return row.Scan(&head.pos, &head.hash) })
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("ledger: rows: %w", err)
	}
	if len(w.events) == 0 {
		return nil
	}
	return head.append(ctx, tx, w.events)
}

// queueRows queues one statement for each table and way of writing.
func (w *writes) queueRows(b *pgx.Batch) error {
	slices.SortStableFunc(w.order, func(x, y *write) int {
		return cmp.Or(cmp.Compare(x.rank(), y.rank()), cmp.Compare(x.table.name, y.table.name))
	})
	for start := 0; start < len(w.order); {
		first := w.order[start]
		end := start
		var rows []models.Row
		for end < len(w.order) && w.order[end].table == first.table && w.order[end].insert == first.insert {
			rows = append(rows, w.order[end].row)
			end++
		}
		params, err := first.table.arrays(rows)
		if err != nil {
			return err
		}
		statement := first.table.update
		if first.insert {
			statement = first.table.insert
		}
		b.Queue(statement, params...).Exec(func(tag pgconn.CommandTag) error {
			if int(tag.RowsAffected()) != len(rows) {
				return fmt.Errorf("ledger: %s: %d rows of %d written", first.table.name, tag.RowsAffected(), len(rows))
			}
			return nil
		})
		start = end
	}
	return nil
}
