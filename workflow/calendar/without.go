// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Interval is the time from From up to To, which does not belong to it.
type Interval struct{ From, To time.Time }

// Without counts as c does, but nothing within the intervals: a decision has suspended them. They may overlap and lie in any
// order; one that ends before it begins is none. Without intervals it is c itself.
func Without(c Counter, intervals []Interval) Counter {
	gaps := make([]Interval, 0, len(intervals))
	for _, i := range intervals {
		if i.From.Before(i.To) {
			gaps = append(gaps, i)
		}
	}
	if len(gaps) == 0 {
		return c
	}
	slices.SortFunc(gaps, func(a, b Interval) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	merged := gaps[:1]
	for _, g := range gaps[1:] {
		last := &merged[len(merged)-1]
		switch {
		case g.From.After(last.To):
			merged = append(merged, g)
		case g.To.After(last.To):
			last.To = g.To
		}
	}
	return without{counter: c, gaps: merged}
}

// without is a counter with gaps that are in order and do not touch.
type without struct {
	counter Counter
	gaps    []Interval
}

// Between implements Counter.
func (w without) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -w.Between(b, a)
	}
	sum := w.counter.Between(a, b)
	for _, g := range w.gaps {
		from, to := latest(a, g.From), earliest(b, g.To)
		if from.Before(to) {
			sum -= w.counter.Between(from, to)
		}
	}
	return sum
}

// Add implements Counter.
func (w without) Add(from time.Time, d time.Duration) time.Time {
	switch {
	case d > 0:
		return w.forward(from, d)
	case d < 0:
		return w.backward(from, -max(d, -math.MaxInt64))
	}
	return from
}

func (w without) forward(from time.Time, need time.Duration) time.Time {
	for _, g := range w.gaps {
		if !g.To.After(from) {
			continue
		}
		if g.From.After(from) {
			open := w.counter.Between(from, g.From)
			if need <= open {
				break
			}
			need -= open
		}
		from = g.To
	}
	return w.counter.Add(from, need)
}

func (w without) backward(from time.Time, need time.Duration) time.Time {
	for _, g := range slices.Backward(w.gaps) {
		if !g.From.Before(from) {
			continue
		}
		if g.To.Before(from) {
			open := w.counter.Between(g.To, from)
			if need <= open {
				break
			}
			need -= open
		}
		from = g.From
	}
	return w.counter.Add(from, -need)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
