// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Burst is intake with the readers off, beside pgbench writing the same rows at one
// commit a report, in turns. The figures are the medians of the rounds.
type Burst struct {
	Connections int
	Ours        Load
	Rival       float64 // reports a second
	Ratio       float64
}

// bursts measures at 64 and 256 connections.
func (w *world) bursts(ctx context.Context) ([]Burst, error) {
	var out []Burst
	for _, connections := range []int{64, 256} {
		var ours []Load
		var rival, ratios []float64
		for round := range w.config.Rounds {
			theirs, err := w.rival(ctx, connections, w.config.Burst)
			if err != nil {
				return nil, err
			}
			load, err := w.burst(ctx, connections)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(w.config.Out, "      %d connections, round %d: %.0f/s, p99 %v; pgbench %.0f/s\n",
				connections, round+1, load.PerSecond, load.P99.Round(time.Millisecond), theirs)
			ours, rival, ratios = append(ours, load), append(rival, theirs), append(ratios, load.PerSecond/theirs)
		}
		slices.SortFunc(ours, func(a, b Load) int { return int(a.PerSecond - b.PerSecond) })
		out = append(out, Burst{Connections: connections, Ours: ours[len(ours)/2], Rival: median(rival), Ratio: median(ratios)})
	}
	return out, nil
}

// burst runs a server without a worker.
func (w *world) burst(ctx context.Context, connections int) (load Load, err error) {
	server, err := w.start(ctx, "serve")
	if err != nil {
		return Load{}, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	return intake(ctx, server.url, connections, w.config.Burst, nil)
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// Steady is intake for a minute with every reader on.
type Steady struct {
	Ours   Load
	Rival  float64
	Ratio  float64
	MaxLag time.Duration // of the slowest reader behind the log
}

func (w *world) steady(ctx context.Context) (out Steady, err error) {
	if out.Rival, err = w.rival(ctx, 64, w.config.Burst); err != nil {
		return out, err
	}
	server, err := w.start(ctx, "serve")
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	worker, err := w.start(ctx, "worker")
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, worker.stop()) }()
	if err := w.caughtUp(ctx); err != nil {
		return out, err
	}
	watching, stop := context.WithCancel(ctx)
	lag := make(chan time.Duration, 1)
	go func() { lag <- w.watchLag(watching) }()
	out.Ours, err = intake(ctx, server.url, 64, w.config.Steady, nil)
	stop()
	out.MaxLag = <-lag
	out.Ratio = out.Ours.PerSecond / out.Rival
	return out, err
}

// lagQuery is the age of the oldest event that the slowest reader has not read.
const lagQuery = `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(e.at)), 0)
	FROM cursors c JOIN events e ON e.jurisdiction_id = c.jurisdiction_id AND e.pos = c.pos + 1`

// watchLag looks four times a second and returns the greatest lag.
func (w *world) watchLag(ctx context.Context) time.Duration {
	var most float64
	for {
		select {
		case <-ctx.Done():
			return time.Duration(most * float64(time.Second))
		case <-time.After(250 * time.Millisecond):
		}
		var seconds float64
		if err := w.pool.QueryRow(ctx, lagQuery).Scan(&seconds); err == nil {
			most = max(most, seconds)
		}
	}
}

// caughtUp waits until every reader has read everything.
func (w *world) caughtUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	for {
		var behind, readers int64
		err := w.pool.QueryRow(ctx, "SELECT count(*) FILTER (WHERE c.pos < h.pos), count(*) FROM cursors c JOIN log_head h USING (jurisdiction_id)").Scan(&behind, &readers)
		if err != nil {
			return err
		}
		if behind == 0 && readers > 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d readers did not catch up: %w", behind, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
