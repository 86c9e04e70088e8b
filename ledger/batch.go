// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"

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

// carryOut writes a batch and answers every intent in it. A batch that fails in SQL is
// rolled back and run again in halves, so that a poison intent fails alone. Who has
// waited for a row once, patience long, waits only briefly in the halves: the log
// stands still meanwhile.
func (l *Ledger) carryOut(ctx context.Context, jurisdiction int32, batch []*pending, patience time.Duration) {
	answers, err := l.attempt(ctx, jurisdiction, batch, patience)
	if waited(err) {
		patience = l.config.LockTimeout / 20
	}
	switch {
	case err == nil:
		for i, p := range batch {
			p.done <- answers[i]
		}
	case away(err):
		l.logger.Warn("batch could not be written", "intents", len(batch), "error", err)
		for _, p := range batch {
			p.done <- answer{err: refusal(err)}
		}
	case len(batch) > 1:
		l.metrics.halved.Inc()
		half := len(batch) / 2
		l.carryOut(ctx, jurisdiction, batch[:half], patience)
		l.carryOut(ctx, jurisdiction, batch[half:], patience)
	default:
		batch[0].done <- l.last(ctx, jurisdiction, batch, patience, err)
	}
}

// last is the second chance of a single intent: what another node's transaction was in
// the way of can be done, or answered, once that one has ended.
func (l *Ledger) last(ctx context.Context, jurisdiction int32, one []*pending, patience time.Duration, err error) answer {
	if clashes(err) || waited(err) {
		answers, again := l.attempt(ctx, jurisdiction, one, patience)
		if again == nil {
			return answers[0]
		}
		err = again
	}
	l.logger.Error("intent could not be written", "intent", fmt.Sprintf("%T", one[0].intent), "error", err)
	return answer{err: refusal(err)}
}

// attempt runs a batch in one transaction. Refusals are answers; an error means that
// nothing of the batch was written, or that nobody knows.
func (l *Ledger) attempt(ctx context.Context, jurisdiction int32, batch []*pending, patience time.Duration) (answers []answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("ledger: batch panicked: %v\n%s", r, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, l.config.BatchTimeout)
	defer cancel()
	started := time.Now()
	w := writes{jurisdiction: jurisdiction, book: l.book, patience: l.config.LockTimeout, rows: map[string]*write{}}
	err = pgx.BeginFunc(ctx, l.config.Pool, func(tx pgx.Tx) error {
		k, err := l.book.load(ctx, tx, jurisdiction, want(batch), patience)
		if err != nil {
			return err
		}
		k.now = l.config.Clock(k.now).Truncate(time.Microsecond)
		answers = w.decideAll(batch, k)
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
