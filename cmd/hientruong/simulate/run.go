// SPDX-License-Identifier: Apache-2.0

// Package simulate feeds recorded reports, from the database or from a file, to a
// simulation, and tells what came of it: as a table, as JSON, as a page.
package simulate

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"hientruong/workflow/simulate"
)

// A Page makes some reports of what was read. Workers call it, each page once.
type Page func() ([]simulate.Report, error)

// A Source reads recorded reports a page at a time, in any order.
type Source interface {
	// Read hands each page on, until there is none or emit fails; done is how far it is
	// after that page, 0 to 1.
	Read(ctx context.Context, emit func(page Page, done float64) error) error
	// Skipped is what could not be read, known once Read has ended.
	Skipped() simulate.Skipped
}

type portion struct {
	page Page
	done float64
}

// Run lives all reports of a source through a simulation, on every core. Memory holds a
// few pages, however many there are. Progress is told after each page, by one goroutine at
// a time, with the number of reports so far.
func Run(ctx context.Context, sim *simulate.Simulation, from Source, progress func(done float64, reports int)) (simulate.Result, error) {
	workers := runtime.GOMAXPROCS(0)
	group, ctx := errgroup.WithContext(ctx)
	portions := make(chan portion, workers)
	group.Go(func() error {
		defer close(portions)
		return from.Read(ctx, func(page Page, done float64) error {
			select {
			case portions <- portion{page, done}:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	tallies := make([]*simulate.Tally, workers)
	counted := make(chan portionDone, workers)
	told := make(chan struct{})
	go func() {
		defer close(told)
		tell(counted, progress)
	}()
	for i := range tallies {
		tallies[i] = sim.Tally()
		group.Go(func() error { return work(ctx, tallies[i], portions, counted) })
	}
	err := group.Wait()
	close(counted)
	<-told
	if err != nil {
		return simulate.Result{}, err
	}
	for _, t := range tallies[1:] {
		tallies[0].Merge(t)
	}
	result := tallies[0].Result()
	result.Skipped = from.Skipped()
	return result, nil
}

type portionDone struct {
	done    float64
	reports int
}

// work takes portions until there are no more.
func work(ctx context.Context, tally *simulate.Tally, portions <-chan portion, counted chan<- portionDone) error {
	for p := range portions {
		reports, err := p.page()
		if err != nil {
			return err
		}
		for i := range reports {
			tally.Add(&reports[i])
		}
		select {
		case counted <- portionDone{p.done, len(reports)}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// tell tells how far the work is: never back, for portions may end out of their order.
func tell(counted <-chan portionDone, progress func(float64, int)) {
	farthest, reports := 0.0, 0
	for c := range counted {
		farthest, reports = max(farthest, c.done), reports+c.reports
		progress(farthest, reports)
	}
}
