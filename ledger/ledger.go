// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"hientruong/models"
)

// Config is what a Ledger needs. Only Pool must be set.
type Config struct {
	Pool         *pgxpool.Pool
	Logger       *slog.Logger
	Metrics      prometheus.Registerer
	Bell         *Bell                              // rung when this node has written
	Clock        func(database time.Time) time.Time // the time of decisions; nil: the database's
	MaxBatch     int                                // intents a commit; 0: 512
	Queue        int                                // intents that may wait a jurisdiction; 0: 4096
	SOSQueue     int                                // and in the lane for SOS; 0: 1024
	LockTimeout  time.Duration                      // how long a batch waits for a lock; 0: 2 s
	BatchTimeout time.Duration                      // and lasts in all; 0: 30 s
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Bell == nil {
		c.Bell = NewBell()
	}
	if c.MaxBatch == 0 {
		c.MaxBatch = 512
	}
	if c.Queue == 0 {
		c.Queue = 4096
	}
	if c.SOSQueue == 0 {
		c.SOSQueue = 1024
	}
	if c.Clock == nil {
		c.Clock = func(database time.Time) time.Time { return database }
	}
	if c.LockTimeout == 0 {
		c.LockTimeout = 2 * time.Second
	}
	if c.BatchTimeout == 0 {
		c.BatchTimeout = 30 * time.Second
	}
	return c
}

// Ledger is the one way in. It is safe for concurrent use.
type Ledger struct {
	config  Config
	logger  *slog.Logger
	bell    *Bell
	metrics *metrics
	book    *book

	mu     sync.RWMutex
	lanes  map[int32]*lanes
	closed bool

	writers sync.WaitGroup
	teller  sync.WaitGroup
	stop    context.CancelFunc
	ctx     context.Context // of the batches: it belongs to no caller
	grown   atomic.Bool     // since other nodes were last told
}

// lanes are the queues of one jurisdiction.
type lanes struct {
	sos    chan *pending
	normal chan *pending
}

// New starts a ledger. Close ends it.
func New(config Config) *Ledger {
	config = config.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	l := &Ledger{
		config: config, logger: config.Logger, bell: config.Bell, book: &book{},
		lanes: map[int32]*lanes{}, ctx: ctx, stop: stop,
	}
	l.metrics = newMetrics(config.Metrics, l.waiting)
	l.teller.Go(l.tellOthers)
	return l
}

// Do carries an intent out and returns what became of it once it is committed. The
// intent goes on when ctx ends: the caller has then left, and a second try with the same
// idempotency key finds what it did. Errors are the intent's refusal, CodeQueueFull with
// a time to retry, CodeUnavailable while the database is away, CodeTimeout when ctx ends
// first.
func (l *Ledger) Do(ctx context.Context, intent models.Intent) (Outcome, error) {
	p := &pending{intent: intent, needs: intent.Needs(), done: make(chan answer, 1)}
	if err := l.enqueue(p); err != nil {
		return Outcome{}, err
	}
	select {
	case a := <-p.done:
		return a.outcome, a.err
	case <-ctx.Done():
	}
	select {
	case a := <-p.done:
		return a.outcome, a.err
	default:
		return Outcome{}, models.Wrap(models.CodeTimeout, ctx.Err())
	}
}

// enqueue puts an intent into its lane, or refuses it at once where the lane is full.
func (l *Ledger) enqueue(p *pending) error {
	lanes, err := l.lanesOf(p.needs.Jurisdiction)
	if err != nil {
		return err
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return models.E(models.CodeUnavailable).Retry(time.Second)
	}
	lane := lanes.normal
	if p.needs.SOS {
		lane = lanes.sos
	}
	select {
	case lane <- p:
		return nil
	default:
		l.metrics.full.Inc()
		return models.E(models.CodeQueueFull).Retry(time.Second)
	}
}

// waiting counts the intents in all queues.
func (l *Ledger) waiting() float64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	n := 0
	for _, lanes := range l.lanes {
		n += len(lanes.sos) + len(lanes.normal)
	}
	return float64(n)
}

// lanesOf returns the queues of a jurisdiction, and starts its writer at the first call.
func (l *Ledger) lanesOf(jurisdiction int32) (*lanes, error) {
	l.mu.RLock()
	found, ok := l.lanes[jurisdiction]
	l.mu.RUnlock()
	if ok {
		return found, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, models.E(models.CodeUnavailable).Retry(time.Second)
	}
	if found, ok := l.lanes[jurisdiction]; ok {
		return found, nil
	}
	made := &lanes{sos: make(chan *pending, l.config.SOSQueue), normal: make(chan *pending, l.config.Queue)}
	l.lanes[jurisdiction] = made
	l.writers.Go(func() { l.write(jurisdiction, made) })
	return made, nil
}

// write is a jurisdiction's writer: while one commit is under way the next batch gathers.
func (l *Ledger) write(jurisdiction int32, lanes *lanes) {
	for {
		batch, more := lanes.gather(l.config.MaxBatch)
		if len(batch) > 0 {
			l.carryOut(l.ctx, jurisdiction, batch, l.config.LockTimeout)
		}
		if !more {
			return
		}
	}
}

// gather waits for an intent and takes what else is there, SOS first. It returns false
// once the lanes are closed and empty.
func (l *lanes) gather(limit int) ([]*pending, bool) {
	var batch []*pending
	sos, normal := l.sos, l.normal
	select {
	case p, ok := <-sos:
		if !ok {
			sos = nil
		} else {
			batch = append(batch, p)
		}
	case p, ok := <-normal:
		if !ok {
			normal = nil
		} else {
			batch = append(batch, p)
		}
	}
	batch, sosOpen := drain(sos, batch, limit)
	batch, normalOpen := drain(normal, batch, limit)
	return batch, sosOpen || normalOpen
}

// drain takes what waits in a lane without waiting itself.
func drain(lane chan *pending, batch []*pending, limit int) ([]*pending, bool) {
	if lane == nil {
		return batch, false
	}
	for len(batch) < limit {
		select {
		case p, ok := <-lane:
			if !ok {
				return batch, false
			}
			batch = append(batch, p)
		default:
			return batch, true
		}
	}
	return batch, true
}

// notifyOthers notes that other nodes should be told.
func (l *Ledger) notifyOthers() { l.grown.Store(true) }

// tellOthers tells other nodes that the log has grown, at most twenty times a second: a
// notice inside each transaction would halve the rate.
func (l *Ledger) tellOthers() {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-tick.C:
			if !l.grown.Swap(false) {
				continue
			}
			if _, err := l.config.Pool.Exec(l.ctx, "SELECT pg_notify('"+channel+"', '')"); err != nil && l.ctx.Err() == nil {
				l.logger.Warn("other nodes could not be told", "error", err)
			}
		}
	}
}

// Close takes no more intents, carries out those that wait, and returns when that is
// done or ctx ends, whichever is first.
func (l *Ledger) Close(ctx context.Context) error {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		for _, lanes := range l.lanes {
			close(lanes.sos)
			close(lanes.normal)
		}
	}
	l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.writers.Wait()
	}()
	var err error
	select {
	case <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	l.stop()
	<-done
	l.teller.Wait()
	return err
}
