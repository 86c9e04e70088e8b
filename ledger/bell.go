// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// channel is what nodes tell each other on that the log has grown.
const channel = "hientruong_ledger"

// Bell wakes readers when the log has grown. A ring that nobody waited for is not lost
// to who holds a Wait from before it.
type Bell struct {
	mu   sync.Mutex
	rung chan struct{}
}

// NewBell returns a bell that has not rung.
func NewBell() *Bell { return &Bell{rung: make(chan struct{})} }

// Ring wakes everybody who waits.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.rung)
	b.rung = make(chan struct{})
}

// Wait returns a channel that is closed at the next ring.
func (b *Bell) Wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rung
}

// gathering is how long readers let a log grow after a ring: under load one read then
// serves many commits.
const gathering = 20 * time.Millisecond

// await returns at a ring and what gathers after it, after poll, or when ctx ends.
func await(ctx context.Context, rung <-chan struct{}, poll time.Duration) {
	timer := time.NewTimer(poll)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return
	case <-timer.C:
		return
	case <-rung:
	}
	timer.Reset(min(poll, gathering))
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Listen rings the bell when another node says that the log has grown, until ctx ends.
// It connects again when it must; readers poll, so that a lost notice only costs time.
func (b *Bell) Listen(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) {
	for ctx.Err() == nil {
		if err := b.listenOnce(ctx, pool); err != nil && ctx.Err() == nil {
			logger.Warn("listening for other nodes was cut off", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func (b *Bell) listenOnce(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	// A connection that listens must not go back to the pool.
	raw := conn.Hijack()
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = raw.Close(closing)
	}()
	if _, err := raw.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	b.Ring() // for what was said before anybody listened
	for {
		if _, err := raw.WaitForNotification(ctx); err != nil {
			return err
		}
		b.Ring()
	}
}
