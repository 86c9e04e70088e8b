// SPDX-License-Identifier: Apache-2.0

// Package bench measures the program beside what it is compared to, in one run on one
// machine, and writes down what it saw.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Config says how long to measure and where to write.
type Config struct {
	Program string        // the program's file, to start as a user would
	Dir     string        // for the PostgreSQL of the measurement and its logs; emptied first
	Burst   time.Duration // a burst's length
	Rounds  int           // how often each burst is repeated, alternating with its rival
	Steady  time.Duration // the length of the sustained run
	Grown   int           // stored reports of the growth measurement
	Out     io.Writer     // progress
}

// Full is what docs/benchmarks.md is made with.
func Full(program, dir string) Config {
	return Config{Program: program, Dir: dir, Burst: 10 * time.Second, Rounds: 3, Steady: time.Minute, Grown: 1_000_000, Out: os.Stderr}
}

// Quick is a rehearsal: the same steps, too short to be believed.
func Quick(program, dir string) Config {
	return Config{Program: program, Dir: dir, Burst: 3 * time.Second, Rounds: 1, Steady: 8 * time.Second, Grown: 50_000, Out: os.Stderr}
}

// Result is everything that was measured.
type Result struct {
	Machine  Machine
	Config   Config
	Bursts   []Burst
	Steady   Steady
	Growth   Growth
	Actions  Actions
	Pushes   Pushes
	Deciding Deciding
	Rules    Rules
}

// Run measures everything. It takes some minutes, tells its progress, and stops what it
// has started.
func Run(ctx context.Context, config Config) (result Result, err error) {
	w, err := newWorld(ctx, config)
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	result = Result{Config: config, Machine: w.machine(ctx)}
	steps := []struct {
		what string
		do   func(context.Context) error
	}{
		{"deciding", func(context.Context) (err error) { result.Deciding, err = w.deciding(); return }},
		{"routing beside SQL", func(ctx context.Context) (err error) { result.Rules, err = w.rules(ctx); return }},
		{"bursts beside pgbench", func(ctx context.Context) (err error) { result.Bursts, err = w.bursts(ctx); return }},
		{"sustained, every reader on", func(ctx context.Context) (err error) { result.Steady, err = w.steady(ctx); return }},
		{"actions, in batches and one commit each", func(ctx context.Context) (err error) { result.Actions, err = w.actions(ctx); return }},
		{"pushes", func(ctx context.Context) (err error) { result.Pushes, err = w.pushes(ctx); return }},
		{"growth", func(ctx context.Context) (err error) { result.Growth, err = w.growth(ctx); return }},
	}
	for i, step := range steps {
		fmt.Fprintf(config.Out, "[%d/%d] %s\n", i+1, len(steps), step.what)
		if err := step.do(ctx); err != nil {
			return result, fmt.Errorf("bench: %s: %w", step.what, err)
		}
	}
	return result, nil
}
