// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"hientruong/workflow/simulate"
)

// WriteJSON writes a result as indented JSON.
func WriteJSON(w io.Writer, r simulate.Result) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(r)
}

// mostRows is how many rows of a long list a table shows; JSON has them all.
const mostRows = 20

// WriteTable writes a result for a terminal.
func WriteTable(w io.Writer, r simulate.Result) error {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	t.totals(r)
	t.units(r)
	t.changes(r)
	t.load(r)
	t.gaps(r.Gaps)
	t.skipped(r.Skipped)
	return t.Flush()
}

type table struct{ *tabwriter.Writer }

func (t table) row(cells ...any) {
	for i, c := range cells {
		if i > 0 {
			fmt.Fprint(t, "\t")
		}
		fmt.Fprint(t, c)
	}
	fmt.Fprintln(t)
}

// section begins a new table, whose columns are as wide as it needs.
func (t table) section(title string) {
	_ = t.Flush() // a fault is told by the last Flush too
	fmt.Fprintf(t, "\n%s\n", title)
}

func (t table) totals(r simulate.Result) {
	from := ""
	if !r.Since.IsZero() {
		from = "from " + r.Since.Format(time.DateTime) + " "
	}
	fmt.Fprintf(t, "%s (%.12s), reports %sto %s\n", r.Pack.ID, r.Pack.Digest, from, r.Until.Format(time.DateTime))
	n := r.Totals
	fmt.Fprintf(t, "%d reports, %d taken on, %d routed (%d by a rule), %d steps taken anew\n", n.Reports, n.Taken, n.Routed, n.ByRule, n.Steps)
	if Incomparable(r) {
		fmt.Fprintf(t, "none of the %d recorded leads is a unit of the pack, so routes cannot be compared: say with --map-units which of its units they are\n", n.Known)
	} else {
		fmt.Fprintf(t, "%d go to another unit first: %d of them straight to where they ended, %d away from it\n", n.Changed, n.Settled, n.Moved)
	}
	fmt.Fprintf(t, "lateness: %s\n", lateWords(r.Lateness))
	if r.Was.Answered()+r.Was.OpenLate > 0 {
		fmt.Fprintf(t, "recorded: %s\n", lateWords(r.Was))
	}
}

// Incomparable says whether leads were recorded of which the candidate knows none.
func Incomparable(r simulate.Result) bool {
	strange := 0
	for _, u := range r.Gaps.Units {
		strange += u.Reports
	}
	return strange > 0 && strange == r.Totals.Known
}

func lateWords(l simulate.Lateness) string {
	if l.Answered() == 0 {
		return fmt.Sprintf("none answered, %d open and late", l.OpenLate)
	}
	return fmt.Sprintf("%d on time, %d late (%.1f %% on time; mean %s, worst %s late), %d open and late",
		l.OnTime, l.Late, 100*l.Share(), span(l.Mean()), span(time.Duration(l.WorstS)*time.Second), l.OpenLate)
}

// span is a length of time in the largest unit that says enough.
func span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%.1f d", d.Hours()/24)
	case d >= time.Hour:
		return fmt.Sprintf("%.1f h", d.Hours())
	default:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
}

func (t table) units(r simulate.Result) {
	t.section("Units")
	t.row("unit", "recorded", "routed", "gained", "lost", "support", "on time", "late", "mean late", "open late", "recorded late", "busiest day")
	for _, u := range r.Units {
		t.row(u.Code, u.Recorded, u.Routed, u.Gained, u.Lost, u.Support, u.Lateness.OnTime, u.Lateness.Late, span(u.Lateness.Mean()),
			u.Lateness.OpenLate, u.Was.Late, busiest(u.Load))
	}
}

// busiest is the day with the most deadlines, and how many.
func busiest(load []simulate.Day) string {
	var most simulate.Day
	for _, d := range load {
		if d.Due > most.Due {
			most = d
		}
	}
	if most.Due == 0 {
		return "-"
	}
	return fmt.Sprintf("%s: %d", most.Day, most.Due)
}

func (t table) changes(r simulate.Result) {
	if len(r.Changes) == 0 {
		return
	}
	t.section("Changed routes")
	t.row("from", "to", "reports", "ended there")
	for _, c := range r.Changes[:min(len(r.Changes), mostRows)] {
		t.row(c.From, orNone(c.To), c.Reports, c.Settled)
	}
	t.rest(len(r.Changes))
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

func (t table) rest(n int) {
	if n > mostRows {
		fmt.Fprintf(t, "and %d more: see --format json\n", n-mostRows)
	}
}

const loadWidth = 40

// load draws the deadlines of each day, or of each week where there are many.
func (t table) load(r simulate.Result) {
	bars, weeks := Bars(r.Load)
	if len(bars) == 0 {
		return
	}
	title := "Deadlines due by day"
	if weeks {
		title = "Deadlines due by week, from the day on"
	}
	t.section(title)
	most := 0
	for _, b := range bars {
		most = max(most, b.Due)
	}
	for _, b := range bars {
		t.row(b.Day, b.Due, strings.Repeat("█", b.Due*loadWidth/max(most, 1)))
	}
}

// mostBars is how many days a chart shows before it shows weeks.
const mostBars = 62

// Bars are the days of a load, or its weeks where there are too many days to look at.
func Bars(load []simulate.Day) (bars []simulate.Day, weeks bool) {
	if len(load) <= mostBars {
		return load, false
	}
	for _, d := range load {
		at, err := time.Parse(time.DateOnly, d.Day)
		if err != nil {
			continue
		}
		monday := at.AddDate(0, 0, -(int(at.Weekday())+6)%7).Format(time.DateOnly)
		if n := len(bars); n > 0 && bars[n-1].Day == monday {
			bars[n-1].Due += d.Due
		} else {
			bars = append(bars, simulate.Day{Day: monday, Due: d.Due})
		}
	}
	return bars, true
}

func (t table) gaps(g simulate.Gaps) {
	if len(g.NoUnit) > 0 {
		t.section("Gaps: taken on, and no unit")
		t.row("category", "area", "reports")
		for _, p := range g.NoUnit[:min(len(g.NoUnit), mostRows)] {
			t.row(p.Category, orNone(p.Area), p.Reports)
		}
		t.rest(len(g.NoUnit))
	}
	t.counts("Gaps: categories that the pack does not know", g.UnknownCategory)
	t.counts("Gaps: the place is in no area, by category", g.Outside)
	t.counts("Gaps: recorded units that the pack does not know", g.Units)
	t.refusals("Gaps: would not be accepted as they were sent in", g.Form)
	t.refusals("Gaps: steps that are refused", g.Refused)
}

func (t table) counts(title string, all []simulate.Count) {
	if len(all) == 0 {
		return
	}
	t.section(title)
	for _, c := range all[:min(len(all), mostRows)] {
		t.row(c.Name, c.Reports)
	}
	t.rest(len(all))
}

func (t table) refusals(title string, all []simulate.Refusal) {
	if len(all) == 0 {
		return
	}
	t.section(title)
	t.row("step", "code", "field", "reports", "in all")
	for _, r := range all[:min(len(all), mostRows)] {
		t.row(r.Transition, r.Code, r.Field, r.Reports, r.Steps)
	}
	t.rest(len(all))
}

func (t table) skipped(s simulate.Skipped) {
	if s.Lines == 0 {
		return
	}
	t.section(fmt.Sprintf("%d lines skipped", s.Lines))
	for _, f := range s.Faults[:min(len(s.Faults), mostRows)] {
		t.row(fmt.Sprintf("line %d:", f.Line), f.Text)
	}
	if rest := s.Lines - min(len(s.Faults), mostRows); rest > 0 {
		fmt.Fprintf(t, "and %d more\n", rest)
	}
}
