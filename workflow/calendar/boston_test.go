// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"archive/zip"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"slices"
	"testing"
	"time"

	"hientruong/workflow/calendar"
)

// bostonFile holds the requests that the city of Boston took in the second half of 2011, with the target it set for each.
const bostonFile = "../../../shared/data/requests311/boston_311_2011.zip"

// request is one of them.
type request struct {
	kind           string
	opened, target time.Time
}

// bostonHours are the office hours that the targets tell of: Monday to Friday from 8:30 to 17:00. Public holidays are worked:
// what was opened on 4 July has a target two days later, like any other Monday.
func bostonHours(t *testing.T) *calendar.Calendar {
	t.Helper()
	spec := calendar.Spec{Zone: time.UTC} // the file's times are the city's own, without an offset
	season := calendar.Season{From: day(t, "01-01"), To: day(t, "12-31")}
	for d := time.Monday; d <= time.Friday; d++ {
		season.Week[d] = []calendar.Hours{{From: 8*60 + 30, To: 17 * 60}}
	}
	spec.Seasons = []calendar.Season{season}
	c, err := calendar.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const bostonDay = 8*time.Hour + 30*time.Minute

// rule is how a type's targets are set: so many working days, or so much time by the wall.
type rule struct {
	days int
	wall time.Duration
}

// target is where the rule sets the target, as the next moment at which somebody is there.
func (r rule) target(c *calendar.Calendar, opened time.Time) time.Time {
	if r.days == 0 {
		return opened.Add(r.wall)
	}
	return c.Next(c.Add(opened, time.Duration(r.days)*bostonDay))
}

// tally is how a rule fits.
type tally struct{ all, exact, sameDay, early, weekend, other int }

// slack is between the moment a request was opened and the one its target was counted from: a tenth of them differ by some
// seconds to minutes.
const slack = 10 * time.Minute

// fit counts the targets that a rule gives, within the slack and to the day, and why it misses the rest: what is opened before
// the office hours or on a weekend keeps the time of day at which it was opened, which no working time would count.
func (r rule) fit(c *calendar.Calendar, requests []request) (n tally) {
	for _, q := range requests {
		n.all++
		got := r.target(c, q.opened)
		weekend := q.opened.Weekday() == time.Saturday || q.opened.Weekday() == time.Sunday
		switch {
		case got.Sub(q.target).Abs() <= slack:
			n.exact++
		case r.days > 0 && got.Truncate(24*time.Hour).Equal(q.target.Truncate(24*time.Hour)):
			n.sameDay++
			if weekend {
				n.weekend++
			} else if q.opened.Hour()*60+q.opened.Minute() < 8*60+30 {
				n.early++
			}
		default:
			n.other++
		}
	}
	return n
}

// best is the rule that fits most of a type's requests, of the working days and the wall times that occur in it.
func best(c *calendar.Calendar, requests []request) (rule, tally) {
	var found rule
	var most tally
	tried := map[rule]bool{}
	for _, q := range requests[:min(len(requests), 400)] {
		worked := int((c.Between(q.opened, q.target) + bostonDay/2) / bostonDay)
		for _, r := range []rule{{days: worked}, {wall: q.target.Sub(q.opened).Round(time.Minute)}} {
			if tried[r] || r == (rule{}) {
				continue
			}
			tried[r] = true
			if n := r.fit(c, requests); n.exact+n.sameDay > most.exact+most.sameDay {
				found, most = r, n
			}
		}
	}
	return found, most
}

// TestBostonTargets recomputes the targets of 47,000 real requests from the moment each was opened: the types that follow a
// rule are fitted by working time or the wall, and what is missed is told why.
func TestBostonTargets(t *testing.T) {
	t.Parallel()
	c := bostonHours(t)
	byKind := map[string][]request{}
	for _, q := range readBoston(t) {
		byKind[q.kind] = append(byKind[q.kind], q)
	}
	var sum, ruled tally
	type line struct {
		kind string
		rule
		tally
	}
	var lines []line
	for kind, requests := range byKind {
		r, n := best(c, requests)
		sum = sum.plus(n)
		if n.all >= 30 && 100*(n.exact+n.sameDay) >= 90*n.all {
			ruled = ruled.plus(n)
			lines = append(lines, line{kind, r, n})
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(b.all, a.all) })
	for _, l := range lines[:min(len(lines), 12)] {
		t.Logf("%-45s %3d working days, wall %-10s %5d requests, exact %5d, same day %4d, other %4d", l.kind, l.days, l.wall, l.all, l.exact, l.sameDay, l.other)
	}
	t.Logf("%d of %d types with a target fit a rule to 90 %%: %d requests, %.1f %% within ten minutes, %.1f %% to the day", len(lines), len(byKind), ruled.all,
		100*float64(ruled.exact)/float64(ruled.all), 100*float64(ruled.exact+ruled.sameDay)/float64(ruled.all))
	t.Logf("all: %d requests, exact %d, same day %d (opened before hours %d, on a weekend %d), other %d", sum.all, sum.exact, sum.sameDay, sum.early, sum.weekend, sum.other)
	if sum.all < 40_000 {
		t.Errorf("only %d requests have a target", sum.all)
	}
	if 100*(sum.exact+sum.sameDay) < 85*sum.all {
		t.Errorf("the rules fit %d of %d", sum.exact+sum.sameDay, sum.all)
	}
	if 100*(ruled.exact+ruled.sameDay) < 95*ruled.all {
		t.Errorf("of the types that follow a rule %d of %d fit", ruled.exact+ruled.sameDay, ruled.all)
	}
	if 100*(sum.early+sum.weekend) < 95*sum.sameDay {
		t.Errorf("%d of %d that fit to the day alone are told why", sum.early+sum.weekend, sum.sameDay)
	}
}

func (n tally) plus(o tally) tally {
	return tally{n.all + o.all, n.exact + o.exact, n.sameDay + o.sameDay, n.early + o.early, n.weekend + o.weekend, n.other + o.other}
}

// readBoston reads the requests that have a target.
func readBoston(t *testing.T) []request {
	t.Helper()
	archive, err := zip.OpenReader(bostonFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("shared/data is not here: the requests of Boston 2011 are not recomputed")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = archive.Close() })
	file, err := archive.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	rows := csv.NewReader(file)
	header, err := rows.Read()
	if err != nil {
		t.Fatal(err)
	}
	opened, target, kind := slices.Index(header, "open_dt"), slices.Index(header, "target_dt"), slices.Index(header, "type")
	var out []request
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if row[target] == "" {
			continue
		}
		from, errFrom := time.Parse(time.DateTime, row[opened])
		to, errTo := time.Parse(time.DateTime, row[target])
		if err := errors.Join(errFrom, errTo); err != nil {
			t.Fatal(err)
		}
		out = append(out, request{row[kind], from, to})
	}
}
