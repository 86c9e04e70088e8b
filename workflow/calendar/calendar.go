// SPDX-License-Identifier: Apache-2.0

// Package calendar counts working time. A Calendar is built once from data (seasons, hours, days off, swapped days) and
// never changes; a Clock runs against it, or against the wall, and can be paused, resumed, stopped and extended.
//
// A year is laid out once, at its first use, as a sorted list of spans with running totals, so that every question is a
// binary search: no call costs more for a month than for an hour.
package calendar

import (
	"math"
	"sort"
	"sync/atomic"
	"time"
)

// The years a calendar can count in. Instants outside are taken for the nearest edge.
const (
	minYear = 1970
	maxYear = 2199
)

// Calendar is an immutable table of working time in one zone, safe for concurrent use. Make it with New.
type Calendar struct {
	zone    *time.Location
	dated   []Season
	yearly  []Season
	off     map[Date]DayOff
	swapped map[Date]Swap
	years   [maxYear - minYear + 1]atomic.Pointer[year]
}

// span is working time from start to end in Unix seconds, with the working seconds of the year before it.
type span struct{ start, end, before int64 }

// day is a working day: the Unix second at which its last span ends, and its date.
type day struct {
	date Date
	end  int64
}

// year is the working time of one local year.
type year struct {
	spans []span
	days  []day
	total int64
}

// Zone is the zone in which the calendar's days and hours are read.
func (c *Calendar) Zone() *time.Location { return c.zone }

// IsWorking tells whether t lies in working time. The first second of a span belongs to it, its end does not.
func (c *Calendar) IsWorking(t time.Time) bool {
	y, sec := c.at(t)
	i := y.after(sec)
	return i < len(y.spans) && y.spans[i].start <= sec
}

// Next is t where t lies in working time, else the beginning of the next working span; t again where none follows before
// the year 2200.
func (c *Calendar) Next(t time.Time) time.Time {
	for n := c.yearOf(t); n <= maxYear; n++ {
		y := c.year(n)
		i := y.after(t.Unix())
		if i == len(y.spans) {
			continue
		}
		if y.spans[i].start <= t.Unix() {
			return t
		}
		return c.instant(y.spans[i].start, 0)
	}
	return t
}

// Between is the working time from a to b, to the nanosecond; negative where b is before a.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.Between(b, a)
	}
	first, last := c.yearOf(a), c.yearOf(b)
	sum := c.year(last).until(b) - c.year(first).until(a)
	for n := first; n < last; n++ {
		sum += time.Duration(c.year(n).total) * time.Second
	}
	return sum
}

// Add is the earliest instant not before from with d of working time between: a deadline falls on the end of a span
// rather than on the beginning of the next. With d = 0 it is from itself. With d < 0 it counts back, to the latest such
// instant. What would lie outside the years 1970 to 2199 is answered with the edge of the last span there.
func (c *Calendar) Add(from time.Time, d time.Duration) time.Time {
	switch {
	case d > 0:
		return c.forward(from, d)
	case d < 0:
		return c.backward(from, -max(d, -math.MaxInt64))
	}
	return from
}

func (c *Calendar) forward(from time.Time, d time.Duration) time.Time {
	n := c.yearOf(from)
	need := c.year(n).until(from)
	need += min(d, math.MaxInt64-need)
	for ; n < maxYear; n++ {
		total := time.Duration(c.year(n).total) * time.Second
		if need <= total {
			break
		}
		need -= total
	}
	y := c.year(n)
	i := sort.Search(len(y.spans), func(i int) bool { return y.spans[i].upTo() >= need })
	if i == len(y.spans) {
		return c.instant(y.spans[i-1].end, 0)
	}
	return c.instant(y.spans[i].start, need-time.Duration(y.spans[i].before)*time.Second)
}

func (c *Calendar) backward(from time.Time, d time.Duration) time.Time {
	n := c.yearOf(from)
	left := c.year(n).until(from) - d
	for left < 0 && n > minYear {
		n--
		left += time.Duration(c.year(n).total) * time.Second
	}
	y := c.year(n)
	left = max(left, 0)
	i := sort.Search(len(y.spans), func(i int) bool { return y.spans[i].upTo() > left })
	if i == len(y.spans) {
		return c.instant(y.spans[i-1].end, 0)
	}
	return c.instant(y.spans[i].start, left-time.Duration(y.spans[i].before)*time.Second)
}

// AddDays is the end of the n-th working day after the day of from. The day of from is not counted, as with every period
// in days of Vietnamese law: three working days from a Monday, at any hour, end with Thursday's last working minute. With
// n ≤ 0 it is the end of the working day from lies in, or of the next one where that is over.
func (c *Calendar) AddDays(from time.Time, n int) time.Time {
	today := dateOf(from.In(c.zone))
	num := c.yearOf(from)
	y := c.year(num)
	i := sort.Search(len(y.days), func(i int) bool {
		if n <= 0 {
			return y.days[i].end >= from.Unix()
		}
		return today.before(y.days[i].date)
	})
	for i += max(n-1, 0); i >= len(y.days) && num < maxYear; num++ {
		i -= len(y.days)
		y = c.year(num + 1)
	}
	return c.instant(y.days[min(i, len(y.days)-1)].end, 0)
}

// upTo is the working time of the year up to the span's end.
func (s span) upTo() time.Duration { return time.Duration(s.before+s.end-s.start) * time.Second }

// after is the index of the first span that ends after the second sec.
func (y *year) after(sec int64) int {
	return sort.Search(len(y.spans), func(i int) bool { return y.spans[i].end > sec })
}

// until is the working time of the year that lies before t.
func (y *year) until(t time.Time) time.Duration {
	sec := t.Unix()
	i := y.after(sec)
	if i == len(y.spans) {
		return time.Duration(y.total) * time.Second
	}
	s := y.spans[i]
	if sec < s.start {
		return time.Duration(s.before) * time.Second
	}
	return time.Duration(s.before+sec-s.start)*time.Second + time.Duration(t.Nanosecond())
}

func (c *Calendar) yearOf(t time.Time) int {
	return min(max(t.In(c.zone).Year(), minYear), maxYear)
}

func (c *Calendar) at(t time.Time) (*year, int64) { return c.year(c.yearOf(t)), t.Unix() }

func (c *Calendar) instant(sec int64, plus time.Duration) time.Time {
	return time.Unix(sec, 0).Add(plus).In(c.zone)
}

// year is laid out by whoever asks first; two who ask at once make equal tables, and one of them is kept.
func (c *Calendar) year(n int) *year {
	slot := &c.years[n-minYear]
	if y := slot.Load(); y != nil {
		return y
	}
	slot.CompareAndSwap(nil, c.layOut(n))
	return slot.Load()
}

func (c *Calendar) layOut(n int) *year {
	y := &year{}
	var last int64
	for t := (Date{n, time.January, 1}); t.Year == n; t = t.next() {
		open := false
		for _, h := range c.hours(t) {
			// A clock change may swallow a span or push it into its neighbour: what is left of it counts.
			start, end := max(t.unix(h.From, c.zone), last), t.unix(h.To, c.zone)
			if end <= start {
				continue
			}
			open, last = true, end
			if k := len(y.spans) - 1; k >= 0 && y.spans[k].end == start {
				y.spans[k].end = end
			} else {
				y.spans = append(y.spans, span{start: start, end: end, before: y.total})
			}
			y.total += end - start
		}
		if open {
			y.days = append(y.days, day{date: t, end: last})
		}
	}
	return y
}

// hours are the working hours of one day: a swapped day works, a day off does not, else the season says.
func (c *Calendar) hours(t Date) []Hours {
	if s, ok := c.swapped[t]; ok {
		if len(s.Hours) > 0 {
			return s.Hours
		}
		return c.season(t, s.Like)
	}
	if _, ok := c.off[t]; ok {
		return nil
	}
	return c.season(t, t.weekday())
}

func (c *Calendar) season(t Date, as time.Weekday) []Hours {
	for _, s := range c.dated {
		if !t.before(s.From) && !s.To.before(t) {
			return s.Week[as]
		}
	}
	for _, s := range c.yearly {
		if s.holds(t) {
			return s.Week[as]
		}
	}
	return nil
}
