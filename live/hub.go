// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"gorm.io/gorm"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/views"
)

// Config is what a Hub needs. DB, Pool and Assembler must be set.
type Config struct {
	DB        *gorm.DB
	Pool      *pgxpool.Pool
	Bell      *ledger.Bell // wakes it; nil: it only polls
	Assembler func(models.Language) views.Assembler
	Logger    *slog.Logger
	Metrics   prometheus.Registerer

	Coalesce  time.Duration // at least so long between two looks at a log that grows; 0: 100 ms
	Poll      time.Duration // how often it looks without being woken; 0: 1 s
	Heartbeat time.Duration // how often a viewer is told how far the log was read; 0: 15 s
	Recheck   time.Duration // how often it asks whether the viewers' sessions still stand; 0: 15 s
	Recent    int           // touches kept for viewers who come back; 0: 4096
	Pending   int           // bytes that may wait for one viewer; 0: 1 MiB
	Viewers   int           // at once; 0: 15,000
	Behind    int64         // positions that somebody who comes back may be behind; 0: 100,000
	Age       time.Duration // and how long; 0: 24 h
}

// catchUps is how many viewers may read the log itself at once, to come as far as the feed.
const catchUps = 4

func (c Config) withDefaults() Config {
	if c.Bell == nil {
		c.Bell = ledger.NewBell()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	durations := map[*time.Duration]time.Duration{
		&c.Coalesce: 100 * time.Millisecond, &c.Poll: time.Second, &c.Heartbeat: 15 * time.Second, &c.Recheck: 15 * time.Second, &c.Age: 24 * time.Hour,
	}
	for field, usual := range durations {
		if *field == 0 {
			*field = usual
		}
	}
	for field, usual := range map[*int]int{&c.Recent: 4096, &c.Pending: 1 << 20, &c.Viewers: 15_000} {
		if *field == 0 {
			*field = usual
		}
	}
	if c.Behind == 0 {
		c.Behind = 100_000
	}
	return c
}

// Hub has all viewers of a process. It is safe for concurrent use.
type Hub struct {
	config  Config
	metrics *metrics
	ctx     context.Context // of the feeds and of what is read for viewers
	stop    context.CancelFunc
	running sync.WaitGroup
	reading chan struct{} // a place for each who reads the log to catch up

	mu      sync.Mutex
	feeds   map[int32]*feed
	viewers int
	closed  bool
	empty   chan struct{} // closed when the last viewer leaves a closed hub
}

// New makes a hub. It reads nothing before somebody watches; Close ends it.
func New(config Config) *Hub {
	config = config.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	return &Hub{
		config: config, metrics: newMetrics(config.Metrics), ctx: ctx, stop: stop,
		reading: make(chan struct{}, catchUps), feeds: map[int32]*feed{}, empty: make(chan struct{}),
	}
}

// Ask is what a viewer wants: what meets the filter, in the words of a language, after the
// last event that they had ("" for from now on).
type Ask struct {
	Actor       models.Actor
	Filter      models.ReportFilter
	Language    models.Language
	LastEventID string
}

// Join takes a viewer in. Whoever gets one must call Stream, or Leave. Errors: what is wrong
// with the filter, CodeUnauthorized or CodeForbidden for a view the actor has not got, and
// CodeUnavailable where there are too many viewers or the log cannot be read.
func (h *Hub) Join(ctx context.Context, ask Ask) (*Viewer, error) {
	view, err := ask.Filter.Streamable(ask.Actor)
	if err != nil {
		return nil, err
	}
	f, err := h.feedOf(ask.Actor.Jurisdiction)
	if err != nil {
		return nil, err
	}
	v := newViewer(f, ask, view)
	select {
	case <-f.ready:
	case <-ctx.Done():
		h.left()
		return nil, models.Wrap(models.CodeUnavailable, ctx.Err())
	case <-h.ctx.Done():
		h.left()
		return nil, models.E(models.CodeUnavailable).Retry(time.Second)
	}
	if err := v.place(ctx, ask.LastEventID); err != nil {
		h.left()
		return nil, models.Wrap(models.CodeUnavailable, err)
	}
	f.enter(v)
	return v, nil
}

// feedOf counts a viewer in and returns the feed, started at the first call.
func (h *Hub) feedOf(jurisdiction int32) (*feed, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.viewers >= h.config.Viewers {
		return nil, models.E(models.CodeUnavailable).Retry(5 * time.Second)
	}
	f, ok := h.feeds[jurisdiction]
	if !ok {
		f = newFeed(h, jurisdiction)
		h.feeds[jurisdiction] = f
		h.running.Go(func() { f.run(h.ctx) })
	}
	h.viewers++
	h.metrics.viewers.Set(float64(h.viewers))
	return f, nil
}

// left counts a viewer out.
func (h *Hub) left() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.viewers--
	h.metrics.viewers.Set(float64(h.viewers))
	if h.closed && h.viewers == 0 {
		close(h.empty)
	}
}

// Close tells every viewer to come back soon, takes no more of them, and returns when all
// have left or ctx ends.
func (h *Hub) Close(ctx context.Context) error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	if h.viewers == 0 {
		close(h.empty)
	}
	feeds := make([]*feed, 0, len(h.feeds))
	for _, f := range h.feeds {
		feeds = append(feeds, f)
	}
	h.mu.Unlock()
	for _, f := range feeds {
		f.endAll(endClosing)
	}
	var err error
	select {
	case <-h.empty:
	case <-ctx.Done():
		err = ctx.Err()
	}
	h.stop()
	h.running.Wait()
	return err
}

func (h *Hub) isClosed() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closed
}
