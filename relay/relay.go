// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"gorm.io/gorm"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// Doer is the ledger's way in.
type Doer interface {
	Do(ctx context.Context, intent models.Intent) (ledger.Outcome, error)
}

// Chore is housekeeping that is done now and then by one process at a time.
type Chore struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// Config is what a Relay needs. Queues says how many jobs of a queue run at once.
type Config struct {
	Pool    *pgxpool.Pool
	Gorm    *gorm.DB
	Ledger  Doer
	Packs   *pack.Holder
	Bell    *ledger.Bell
	Readers []ledger.Reader
	Workers *river.Workers
	Queues  map[string]int
	Chores  []Chore
	Logger  *slog.Logger
	Metrics prometheus.Registerer
	// Poll is how often River looks for jobs; 0: its default. Tests make it short.
	Poll time.Duration
	// Grace is how long after PostgreSQL's start no process counts as dead; 0: 15 s.
	Grace time.Duration
}

// Relay runs readers, jobs, clocks and chores.
type Relay struct {
	config    Config
	client    *river.Client[pgx.Tx]
	lease     *lease
	tails     []*ledger.Tail
	deadlines *prometheus.CounterVec // that ran out, by outcome
}

// Jobs returns a client that only inserts jobs, for readers.
func Jobs(pool *pgxpool.Pool) (*river.Client[pgx.Tx], error) {
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("relay: job client: %w", err)
	}
	return client, nil
}

// New makes a Relay. Workers must hold the workers of every job that the readers make; the
// relay adds its own, of both.
func New(config Config) (*Relay, error) {
	if config.Grace == 0 {
		config.Grace = leaseGrace
	}
	r := &Relay{config: config, deadlines: newDeadlineMetrics()}
	r.lease = newLease(r)
	if err := river.AddWorkerSafely(config.Workers, &clockWorker{relay: r}); err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	if err := river.AddWorkerSafely(config.Workers, &retimeWorker{relay: r}); err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	if err := river.AddWorkerSafely(config.Workers, &choreWorker{chores: config.Chores, logger: config.Logger}); err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}
	for name, workers := range config.Queues {
		queues[name] = river.QueueConfig{MaxWorkers: workers}
	}
	client, err := river.NewClient(riverpgxv5.New(config.Pool), &river.Config{
		ID: r.lease.clientID(), Queues: queues, Workers: config.Workers, Logger: config.Logger, PeriodicJobs: r.periodic(),
		FetchPollInterval: config.Poll, SoftStopTimeout: 20 * time.Second, ErrorHandler: jobErrors{config.Logger},
		// Rebuilding an index needs its owner, and the application's role owns none.
		ReindexerIndexNames: []string{},
	})
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	r.client = client
	metrics := ledger.NewTailMetrics(config.Metrics)
	config.Metrics.MustRegister(newJobMetrics(config.Pool), r.deadlines)
	for _, reader := range append(slices.Clone(config.Readers), Retiming{Jobs: client}) {
		r.tails = append(r.tails, ledger.NewTail(ledger.TailConfig{
			DB: config.Gorm, Reader: reader, Bell: config.Bell, Logger: config.Logger, Metrics: metrics,
		}))
	}
	return r, nil
}

// Run works until ctx ends, then lets the jobs under way finish for up to 20 s.
func (r *Relay) Run(ctx context.Context) error {
	if err := r.lease.take(ctx); err != nil {
		return err
	}
	living, die := context.WithCancel(context.WithoutCancel(ctx))
	var life sync.WaitGroup
	life.Go(func() { r.lease.hold(living) })
	defer life.Wait()
	defer die()
	// The jobs must not be cut off by the end of ctx, but by Stop, which waits for them.
	if err := r.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	var tails sync.WaitGroup
	for _, tail := range r.tails {
		tails.Go(func() { tail.Run(ctx) })
	}
	<-ctx.Done()
	tails.Wait()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if err := r.client.Stop(stopping); err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	return nil
}
