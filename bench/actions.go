// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"hientruong/database"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/workflow"
)

// Actions is how many claims of reports 64 callers get done a second: through one ledger,
// and each in a transaction of its own.
type Actions struct {
	Callers  int
	Batched  float64
	Single   float64
	Ratio    float64
	Measured time.Duration // of each side, in each round
}

const callers = 64

// actions takes both sides in turns and returns the medians.
func (w *world) actions(ctx context.Context) (Actions, error) {
	pool, err := w.callersPool(ctx)
	if err != nil {
		return Actions{}, err
	}
	defer pool.Close()
	reports, err := w.someReports(ctx, 20_000)
	if err != nil {
		return Actions{}, err
	}
	var batched, single, ratios []float64
	for range w.config.Rounds {
		one, err := claims(ctx, reports, w.config.Burst, singles(pool)) //nolint:contextcheck // closed when the time is up
		if err != nil {
			return Actions{}, err
		}
		many, err := claims(ctx, reports, w.config.Burst, shared(pool)) //nolint:contextcheck // closed when the time is up
		if err != nil {
			return Actions{}, err
		}
		fmt.Fprintf(w.config.Out, "      batched %.0f/s, one commit each %.0f/s\n", many, one)
		batched, single, ratios = append(batched, many), append(single, one), append(ratios, many/one)
	}
	return Actions{Callers: callers, Batched: median(batched), Single: median(single), Ratio: median(ratios), Measured: w.config.Burst}, nil
}

// callersPool has a connection for each caller, as the single side needs it.
func (w *world) callersPool(ctx context.Context) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(w.server.URL(database.AppRole, databaseName))
	if err != nil {
		return nil, err
	}
	config.MaxConns = callers + 8
	return pgxpool.NewWithConfig(ctx, config)
}

// someReports returns reports that can be claimed.
func (w *world) someReports(ctx context.Context, n int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	rows, err := w.pool.Query(ctx, "SELECT id FROM reports WHERE jurisdiction_id = 1 AND phase = 'received' ORDER BY id LIMIT $1", n)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if len(ids) < callers {
		return nil, fmt.Errorf("only %d reports to act on", len(ids))
	}
	return ids, rows.Err()
}

// side is one way of carrying intents out: the caller's ledger, and how to end all.
type side struct {
	of    func(caller int) *ledger.Ledger
	close func() error
}

// shared is one ledger for everybody: intents gather into batches.
func shared(pool *pgxpool.Pool) side {
	l := ledger.New(ledger.Config{Pool: pool})
	return side{of: func(int) *ledger.Ledger { return l }, close: func() error { return l.Close(context.Background()) }}
}

// singles is a ledger for each caller: every intent is a transaction of its own, as many
// at once as there are callers.
func singles(pool *pgxpool.Pool) side {
	all := make([]*ledger.Ledger, callers)
	for i := range all {
		all[i] = ledger.New(ledger.Config{Pool: pool, MaxBatch: 1})
	}
	return side{of: func(caller int) *ledger.Ledger { return all[caller] }, close: func() error {
		var errs []error
		for _, l := range all {
			errs = append(errs, l.Close(context.Background()))
		}
		return errors.Join(errs...)
	}}
}

// claims lets every caller take reports of its own into hand, one after the other.
func claims(ctx context.Context, reports []uuid.UUID, length time.Duration, s side) (float64, error) {
	// One and the same on both sides and in all rounds: who holds a report may take it again.
	operator := models.Actor{Kind: models.ActorStaff, ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte("bench")), Jurisdiction: 1, Roles: []models.Role{models.RoleOperator}}
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var done atomic.Int64
	var failure atomic.Value
	var all sync.WaitGroup
	started := time.Now()
	for i := range callers {
		all.Go(func() {
			for n := i; ctx.Err() == nil; n += callers {
				_, err := s.of(i).Do(ctx, workflow.Claim{Actor: operator, ReportID: reports[n%len(reports)]})
				switch {
				case err == nil:
					done.Add(1)
				case models.CodeOf(err) != models.CodeTimeout:
					failure.Store(err)
					return
				}
			}
		})
	}
	all.Wait()
	elapsed := time.Since(started)
	if err := s.close(); err != nil {
		return 0, err
	}
	if err, ok := failure.Load().(error); ok {
		return 0, err
	}
	return float64(done.Load()) / elapsed.Seconds(), nil
}
