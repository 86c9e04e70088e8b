// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Merge takes another worker's count in.
func (t *Tally) Merge(o *Tally) {
	a, b := &t.totals, o.totals
	*a = Totals{
		Reports: a.Reports + b.Reports, Steps: a.Steps + b.Steps, Taken: a.Taken + b.Taken, Routed: a.Routed + b.Routed,
		ByRule: a.ByRule + b.ByRule, Known: a.Known + b.Known, Changed: a.Changed + b.Changed, Settled: a.Settled + b.Settled, Moved: a.Moved + b.Moved,
	}
	for code, u := range o.units {
		t.unit(code).merge(u)
	}
	for k, c := range o.changes {
		into := entry(t.changes, k)
		into.From, into.To = c.From, c.To
		into.Reports += c.Reports
		into.Settled += c.Settled
	}
	mergeCounts(t.noUnit, o.noUnit)
	mergeCounts(t.unknown, o.unknown)
	mergeCounts(t.outside, o.outside)
	mergeCounts(t.strange, o.strange)
	mergeRefusals(t.form, o.form)
	mergeRefusals(t.refusals, o.refusals)
}

func (u *unitTally) merge(o *unitTally) {
	u.Recorded += o.Recorded
	u.Routed += o.Routed
	u.Gained += o.Gained
	u.Lost += o.Lost
	u.Support += o.Support
	u.Lateness.add(o.Lateness)
	u.Was.add(o.Was)
	mergeCounts(u.load, o.load)
}

func mergeCounts[K comparable](into, from map[K]int) {
	for k, n := range from {
		into[k] += n
	}
}

func mergeRefusals(into, from map[Refusal]*Refusal) {
	for k, r := range from {
		sum := entry(into, k)
		sum.Transition, sum.Code, sum.Field = r.Transition, r.Code, r.Field
		sum.Reports += r.Reports
		sum.Steps += r.Steps
	}
}

// Result puts what was counted in order.
func (t *Tally) Result() Result {
	p := t.sim.pack
	r := Result{
		Pack:  PackName{ID: p.ID(), Name: p.Settings().Name, Digest: p.DigestHex()},
		Since: t.sim.since, Until: t.sim.until, Totals: t.totals,
		Units: t.unitsInOrder(), Changes: make([]Change, 0, len(t.changes)),
		Skipped: Skipped{Faults: []LineFault{}},
	}
	load := map[string]int{}
	for _, u := range t.units {
		r.Lateness.add(u.Lateness)
		r.Was.add(u.Was)
		mergeCounts(load, u.load)
	}
	r.Load = everyDay(load)
	for _, c := range t.changes {
		r.Changes = append(r.Changes, *c)
	}
	slices.SortFunc(r.Changes, func(a, b Change) int {
		return cmp.Or(-cmp.Compare(a.Reports, b.Reports), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	r.Gaps = Gaps{
		NoUnit: t.places(), UnknownCategory: counts(t.unknown), Outside: counts(t.outside), Units: counts(t.strange),
		Form: refusals(t.form), Refused: refusals(t.refusals),
	}
	return r
}

func (t *Tally) unitsInOrder() []Unit {
	out := make([]Unit, 0, len(t.units))
	told := map[string]bool{"": true}
	for _, u := range t.sim.pack.Units() {
		told[u.Code] = true
		if found, ok := t.units[u.Code]; ok {
			found.Name = u.Name
			out = append(out, found.unit())
		}
	}
	for _, code := range slices.Sorted(maps.Keys(t.units)) {
		if !told[code] {
			out = append(out, t.units[code].unit())
		}
	}
	return out
}

func (u *unitTally) unit() Unit {
	out := u.Unit
	out.Load = days(u.load)
	return out
}

// days are those on which something is due.
func days(load map[string]int) []Day {
	out := make([]Day, 0, len(load))
	for _, day := range slices.Sorted(maps.Keys(load)) {
		out = append(out, Day{day, load[day]})
	}
	return out
}

// mostDays is how many days without anything due are told between others.
const mostDays = 3660

// everyDay also has the days between on which nothing is due.
func everyDay(load map[string]int) []Day {
	some := days(load)
	if len(some) == 0 {
		return some
	}
	first, err := time.Parse(time.DateOnly, some[0].Day)
	last, errLast := time.Parse(time.DateOnly, some[len(some)-1].Day)
	if err != nil || errLast != nil || last.Sub(first) > mostDays*24*time.Hour {
		return some
	}
	var out []Day
	for at := first; !at.After(last); at = at.AddDate(0, 0, 1) {
		day := at.Format(time.DateOnly)
		out = append(out, Day{day, load[day]})
	}
	return out
}

func (t *Tally) places() []Place {
	out := make([]Place, 0, len(t.noUnit))
	for p, n := range t.noUnit {
		p.Reports = n
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Place) int {
		return cmp.Or(-cmp.Compare(a.Reports, b.Reports), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Area, b.Area))
	})
	return out
}

func counts(from map[string]int) []Count {
	out := make([]Count, 0, len(from))
	for name, n := range from {
		out = append(out, Count{name, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(-cmp.Compare(a.Reports, b.Reports), cmp.Compare(a.Name, b.Name)) })
	return out
}

func refusals(from map[Refusal]*Refusal) []Refusal {
	out := make([]Refusal, 0, len(from))
	for _, r := range from {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Refusal) int {
		return cmp.Or(-cmp.Compare(a.Reports, b.Reports), -cmp.Compare(a.Steps, b.Steps), cmp.Compare(a.Transition, b.Transition),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Field, b.Field))
	})
	return out
}
