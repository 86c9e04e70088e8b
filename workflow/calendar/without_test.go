// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hientruong/workflow/calendar"
)

// gaps reads "2026-03-03 00:00 > 2026-03-05 00:00; …".
func gaps(t *testing.T, c *calendar.Calendar, s string) []calendar.Interval {
	t.Helper()
	var out []calendar.Interval
	for part := range strings.SplitSeq(s, "; ") {
		from, to, _ := strings.Cut(part, " > ")
		out = append(out, calendar.Interval{From: at(t, c, from), To: at(t, c, to)})
	}
	return out
}

// A flood suspends Tuesday and Wednesday, 3 and 4 March 2026.
const flood = "2026-03-03 00:00 > 2026-03-05 00:00"

func TestWithoutAdd(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	night := must(t, calendar.Always(c.Zone()))
	for _, tt := range []struct {
		name    string
		counter calendar.Counter
		gaps    string
		from, d string
		want    string
	}{
		{"before the flood", c, flood, "2026-03-02 08:00", "2h", "2026-03-02 10:00"},
		{"to the last minute before it", c, flood, "2026-03-02 07:30", "8h", "2026-03-02 17:00"},
		{"one minute more is after it", c, flood, "2026-03-02 07:30", "8h1m", "2026-03-05 07:31"},
		{"over both of its days", c, flood, "2026-03-02 16:00", "2h", "2026-03-05 08:30"},
		{"from within it", c, flood, "2026-03-03 10:00", "1h", "2026-03-05 08:30"},
		{"nothing from within it", c, flood, "2026-03-03 10:00", "0s", "2026-03-03 10:00"},
		{"after it", c, flood, "2026-03-05 08:00", "2h", "2026-03-05 10:00"},
		{"three days of work and two of water", c, flood, "2026-03-02 07:30", "24h", "2026-03-06 17:00"},
		{"back over it", c, flood, "2026-03-05 08:30", "-2h", "2026-03-02 16:00"},
		{"back from within it", c, flood, "2026-03-04 10:00", "-1h", "2026-03-02 16:00"},
		{"back to its end is the latest such moment", c, "2026-03-02 09:00 > 2026-03-02 10:00", "2026-03-02 11:00", "-1h", "2026-03-02 10:00"},
		{"an hour of a morning", c, "2026-03-02 09:00 > 2026-03-02 10:00", "2026-03-02 08:00", "2h", "2026-03-02 11:00"},
		{"to the beginning of that hour", c, "2026-03-02 09:00 > 2026-03-02 10:00", "2026-03-02 08:00", "1h", "2026-03-02 09:00"},
		{"around lunch", c, "2026-03-02 11:00 > 2026-03-02 13:30", "2026-03-02 10:00", "2h", "2026-03-02 14:30"},
		{"within lunch changes nothing", c, "2026-03-02 11:40 > 2026-03-02 12:50", "2026-03-02 10:00", "2h", "2026-03-02 13:30"},
		{"two that overlap", c, "2026-03-02 08:30 > 2026-03-02 10:00; 2026-03-02 08:00 > 2026-03-02 09:00", "2026-03-02 07:30", "1h", "2026-03-02 10:30"},
		{"two that touch", c, "2026-03-02 09:00 > 2026-03-02 10:00; 2026-03-02 08:00 > 2026-03-02 09:00", "2026-03-02 07:30", "1h", "2026-03-02 10:30"},
		{"one within another", c, "2026-03-02 08:00 > 2026-03-02 10:00; 2026-03-02 08:30 > 2026-03-02 09:00", "2026-03-02 07:30", "1h", "2026-03-02 10:30"},
		{"two apart", c, "2026-03-02 08:00 > 2026-03-02 09:00; 2026-03-02 10:00 > 2026-03-02 11:00", "2026-03-02 07:30", "2h", "2026-03-02 11:30"},
		{"one that ends before it begins is none", c, "2026-03-02 10:00 > 2026-03-02 09:00", "2026-03-02 08:00", "2h", "2026-03-02 10:00"},
		{"Tết within Tết changes nothing", c, "2026-02-16 00:00 > 2026-02-21 00:00", "2026-02-13 16:00", "2h", "2026-02-23 08:30"},
		{"Tết made longer at both ends", c, "2026-02-13 11:30 > 2026-02-23 12:00", "2026-02-13 11:00", "2h", "2026-02-23 14:30"},
		{"the last winter day", c, "2026-03-31 00:00 > 2026-04-01 00:00", "2026-03-30 16:00", "6h", "2026-04-01 14:30"},
		{"the last summer day", c, "2026-09-30 00:00 > 2026-10-01 00:00", "2026-09-29 16:30", "6h", "2026-10-01 14:00"},
		{"a swapped Saturday", c, "2026-01-10 00:00 > 2026-01-11 00:00", "2026-01-09 16:00", "2h", "2026-01-12 08:30"},
		{"over New Year", c, "2025-12-31 16:30 > 2026-01-05 08:00", "2025-12-31 16:00", "2h", "2026-01-05 09:30"},
		{"by the wall", calendar.Wall{}, flood, "2026-03-02 12:00", "24h", "2026-03-05 12:00"},
		{"by the wall, back", calendar.Wall{}, flood, "2026-03-05 12:00", "-24h", "2026-03-02 12:00"},
		{"day and night", night, flood, "2026-03-02 23:59", "2m", "2026-03-05 00:01"},
		{"day and night, to midnight", night, flood, "2026-03-02 23:00", "1h", "2026-03-03 00:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := time.ParseDuration(tt.d)
			if err != nil {
				t.Fatal(err)
			}
			counter := calendar.Without(tt.counter, gaps(t, c, tt.gaps))
			if got := counter.Add(at(t, c, tt.from), d).In(c.Zone()).Format(minuteLayout); got != tt.want {
				t.Errorf("Add(%s, %s) = %s, want %s", tt.from, tt.d, got, tt.want)
			}
		})
	}
}

func TestWithoutBetween(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	for _, tt := range []struct {
		name    string
		counter calendar.Counter
		gaps    string
		a, b    string
		want    time.Duration
	}{
		{"over the flood", c, flood, "2026-03-02 00:00", "2026-03-06 00:00", 16 * time.Hour},
		{"within it", c, flood, "2026-03-03 07:30", "2026-03-04 17:00", 0},
		{"from within it", c, flood, "2026-03-03 10:00", "2026-03-05 09:00", 90 * time.Minute},
		{"into it", c, flood, "2026-03-02 16:00", "2026-03-04 09:00", time.Hour},
		{"backwards", c, flood, "2026-03-06 00:00", "2026-03-02 00:00", -16 * time.Hour},
		{"around lunch", c, "2026-03-02 11:15 > 2026-03-02 13:15", "2026-03-02 11:00", "2026-03-02 14:00", time.Hour},
		{"what is free is not taken twice", c, "2026-02-14 00:00 > 2026-02-23 00:00", "2026-02-13 16:00", "2026-02-23 08:30", 2 * time.Hour},
		{"by the wall", calendar.Wall{}, flood, "2026-03-02 00:00", "2026-03-06 00:00", 48 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			counter := calendar.Without(tt.counter, gaps(t, c, tt.gaps))
			if got := counter.Between(at(t, c, tt.a), at(t, c, tt.b)); got != tt.want {
				t.Errorf("Between(%s, %s) = %s, want %s", tt.a, tt.b, got, tt.want)
			}
		})
	}
}

func TestWithoutNothing(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	if calendar.Without(c, nil) != calendar.Counter(c) {
		t.Error("without an interval it is another counter")
	}
}

// drawGaps are intervals of whole minutes, in no order, some empty, some over one another.
func drawGaps(t *rapid.T, zone *time.Location) []calendar.Interval {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) calendar.Interval {
		from := drawMoment(t, zone)
		return calendar.Interval{From: from, To: from.Add(time.Duration(rapid.IntRange(-60, 5*1440).Draw(t, "gap")) * time.Minute)}
	}), 0, 6).Draw(t, "gaps")
}

func TestWithoutAgainstStepper(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{zone(t, "Asia/Ho_Chi_Minh"), time.UTC, zone(t, "Europe/Berlin")}
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		c, err := calendar.New(spec)
		if err != nil {
			t.Skip(err)
		}
		slow := stepper{spec: spec, gaps: drawGaps(t, spec.Zone)}
		counter := calendar.Without(c, slow.gaps)
		a := drawMoment(t, spec.Zone)
		b := a.Add(time.Duration(rapid.IntRange(0, 14*1440).Draw(t, "span")) * time.Minute)
		worked := slow.between(a, b)
		if got := counter.Between(a, b); got != worked {
			t.Fatalf("Between(%s, %s) = %s, stepping %s", a, b, got, worked)
		}
		if got, want := counter.Add(a, worked), slow.add(a, worked); !got.Equal(want) {
			t.Fatalf("Add(%s, %s) = %s, stepping %s", a, worked, got, want)
		}
	})
}

func TestWithoutAddIsInverseOfBetween(t *testing.T) {
	t.Parallel()
	loc := zone(t, "Asia/Ho_Chi_Minh")
	rapid.Check(t, func(t *rapid.T) {
		var counter calendar.Counter = calendar.Wall{}
		if rapid.Bool().Draw(t, "working") {
			c, err := calendar.New(drawSpec(t, loc))
			if err != nil {
				t.Skip(err)
			}
			counter = c
		}
		counter = calendar.Without(counter, drawGaps(t, loc))
		a := drawMoment(t, loc).Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "ns")))
		d := time.Duration(rapid.Int64Range(-int64(2000*time.Hour), int64(2000*time.Hour)).Draw(t, "d"))
		b := counter.Add(a, d)
		if got := counter.Between(a, b); got != d {
			t.Fatalf("Between(%s, Add(%s)) = %s", a, d, got)
		}
		if d > 0 && counter.Between(a, b.Add(-1)) != d-1 {
			t.Fatalf("Add(%s, %s) = %s is not the earliest", a, d, b)
		}
		if d < 0 && counter.Between(a, b.Add(1)) != d+1 {
			t.Fatalf("Add(%s, %s) = %s is not the latest", a, d, b)
		}
	})
}

// Two stretches of time are together as long as they are one after the other.
func TestBetweenAddsUp(t *testing.T) {
	t.Parallel()
	loc := zone(t, "Asia/Ho_Chi_Minh")
	rapid.Check(t, func(t *rapid.T) {
		c, err := calendar.New(drawSpec(t, loc))
		if err != nil {
			t.Skip(err)
		}
		counter := calendar.Without(c, drawGaps(t, loc))
		a, b, z := drawMoment(t, loc), drawMoment(t, loc), drawMoment(t, loc)
		if counter.Between(a, b)+counter.Between(b, z) != counter.Between(a, z) {
			t.Fatalf("from %s over %s to %s", a, b, z)
		}
	})
}
