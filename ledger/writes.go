// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hientruong/models"
)

// writes gathers what a batch has decided: each row once, as it is in the end.
type writes struct {
	jurisdiction int32
	book         *book
	patience     time.Duration // with the head of the log
	rows         map[string]*write
	order        []*write
	events       []models.Event
}

type write struct {
	table  *table
	key    string
	row    models.Row
	insert bool
}

// decideAll asks the intents of a batch, one after the other.
func (w *writes) decideAll(batch []*pending, k *known) []answer {
	answers := make([]answer, len(batch))
	for i, p := range batch {
		answers[i] = w.decide(p, k)
	}
	return answers
}

// decide asks one intent and takes in what it wants, all of it or nothing.
func (w *writes) decide(p *pending, k *known) answer {
	if again, ok := replay(p, k); ok {
		return again
	}
	change, err := decideSafely(p.intent, k.factsFor(p.needs), k.now)
	if err != nil {
		return answer{err: err}
	}
	insert := slices.Clone(change.Insert)
	if key := p.needs.Idempotency; key != nil {
		insert = append(insert, models.KeptKey{
			JurisdictionID: w.jurisdiction, Installation: key.Installation, Key: key.Key,
			Fingerprint: key.Fingerprint[:], SubjectID: change.Subject, CreatedAt: k.now,
		})
	}
	made, err := w.check(insert, change.Update)
	if err != nil {
		return answer{err: models.Wrap(models.CodeInternal, err)}
	}
	w.take(made)
	k.learn(insert)
	k.learn(change.Update)
	a := answer{outcome: Outcome{Subject: change.Subject, Change: change}, first: len(w.events)}
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

// check says how the rows of a change are to be written, or why they cannot be. Two
// intents that insert one row would otherwise go unnoticed in one statement.
func (w *writes) check(insert, update []models.Row) ([]*write, error) {
	made := make([]*write, 0, len(insert)+len(update))
	fresh := make(map[string]bool, len(insert))
	for i, row := range slices.Concat(insert, update) {
		t, err := w.book.tableOf(row)
		if err != nil {
			return nil, err
		}
		one := &write{table: t, key: t.key(row), row: row, insert: i < len(insert)}
		if one.insert && (fresh[one.key] || w.rows[one.key] != nil) {
			return nil, fmt.Errorf("ledger: a row of %s is there already", t.name)
		}
		fresh[one.key] = one.insert
		made = append(made, one)
	}
	return made, nil
}

// take notes rows down; one that the batch writes already is replaced by its newer self.
func (w *writes) take(made []*write) {
	for _, one := range made {
		if earlier, ok := w.rows[one.key]; ok {
			earlier.row = one.row
			continue
		}
		w.rows[one.key] = one
		w.order = append(w.order, one)
	}
}

// locate tells the answers where in the log their events came to stand.
func (w *writes) locate(answers []answer) {
	for i := range answers {
		n := len(answers[i].outcome.Change.Events)
		if n == 0 {
			continue
		}
		first := answers[i].first
		mine := w.events[first : first+n : first+n]
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
// in a second. The head is waited for in full, however long rows may be: another node has
// it for a commit, and who holds it longer stops everybody.
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
		b.Queue("SELECT set_config('lock_timeout', $1, true)", milliseconds(w.patience))
		b.Queue("SELECT pos, hash FROM log_head WHERE jurisdiction_id = $1 FOR UPDATE", w.jurisdiction).
			QueryRow(func(row pgx.Row) error { return heldHead(row.Scan(&head.pos, &head.hash)) })
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("ledger: rows: %w", err)
	}
	if len(w.events) == 0 {
		return nil
	}
	return head.append(ctx, tx, w.events)
}

// queueRows queues one statement for each table and way of writing, the rows in order
// of their keys, so that two nodes that write the same ones never wait for each other.
func (w *writes) queueRows(b *pgx.Batch) error {
	slices.SortFunc(w.order, func(x, y *write) int {
		return cmp.Or(cmp.Compare(x.rank(), y.rank()), cmp.Compare(x.table.name, y.table.name), cmp.Compare(x.key, y.key))
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
