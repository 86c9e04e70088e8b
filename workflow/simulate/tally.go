// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"errors"
	"slices"
	"strings"
	"time"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// Simulation is a candidate pack in which reports live again. It never changes; each
// worker counts in a Tally of its own.
type Simulation struct {
	pack  *pack.Pack
	packs *pack.Store
	areas map[string]string // the id of the area of a code, of those in force
	since time.Time
	until time.Time
}

// New prepares a simulation of a parsed and checked pack, under the decisions about
// deadlines that were made. Clocks run on until the end that is given.
func New(p *pack.Pack, decisions []models.Decision, since, until time.Time) *Simulation {
	packs := pack.NewStore().With(here, version, p, time.Time{}).WithDecisions(here, decisions)
	areas := map[string]string{}
	for _, a := range p.Areas().All() {
		areas[a.Code] = pack.AreaID(a)
	}
	return &Simulation{pack: p, packs: packs, areas: areas, since: since, until: until}
}

// Pack is the candidate.
func (s *Simulation) Pack() *pack.Pack { return s.pack }

// NeedsWords says whether the pack looks at what descriptions say.
func (s *Simulation) NeedsWords() bool { return len(s.pack.Settings().Words) > 0 }

// mostKeys bounds what is counted by names that a file can make up; the rest is counted
// under "*".
const mostKeys = 2000

// Tally counts what becomes of reports. It is one worker's; its size does not grow with
// the reports.
type Tally struct {
	sim      *Simulation
	totals   Totals
	units    map[string]*unitTally
	changes  map[Change]*Change
	noUnit   map[Place]int
	unknown  map[string]int
	outside  map[string]int
	strange  map[string]int
	form     map[Refusal]*Refusal
	refusals map[Refusal]*Refusal
}

type unitTally struct {
	Unit
	load map[string]int
}

// Tally is a new count.
func (s *Simulation) Tally() *Tally {
	return &Tally{
		sim: s, units: map[string]*unitTally{}, changes: map[Change]*Change{}, noUnit: map[Place]int{}, unknown: map[string]int{},
		outside: map[string]int{}, strange: map[string]int{}, form: map[Refusal]*Refusal{}, refusals: map[Refusal]*Refusal{},
	}
}

// Add lets a report live and counts what becomes of it.
func (t *Tally) Add(r *Report) {
	t.totals.Reports++
	if !t.accepts(r) {
		return
	}
	l, err := t.sim.live(r)
	if err != nil {
		tallyRefusal(t.form, Refusal{Transition: "submit", Code: models.CodeOf(err)}, true)
		return
	}
	t.totals.Steps += l.steps
	if l.worked {
		t.totals.Taken++
	}
	if l.facts.Report.Area == nil && r.Form.Lat != nil {
		t.outside[key(t.outside, r.Form.Category)]++
	}
	for i, refusal := range l.refused {
		tallyRefusal(t.refusals, refusal, i == 0)
	}
	t.route(l)
	t.clocks(l)
}

// accepts checks the form as the pack would, and says whether it can be simulated.
func (t *Tally) accepts(r *Report) bool {
	if _, ok := t.sim.pack.Category(r.Form.Category); !ok {
		t.unknown[key(t.unknown, r.Form.Category)]++
		return false
	}
	if !t.sim.place(&r.Form) {
		t.outside[key(t.outside, r.Form.Category)]++
	}
	var faults *models.Error
	if !errors.As(r.Form.Validate(t.sim.pack, r.At, true), &faults) {
		return true
	}
	first := true
	for _, f := range faults.Fields {
		if f.Location == "body.location" && f.Code != models.CodePlaceMissing {
			continue // told of the place that was found
		}
		tallyRefusal(t.form, Refusal{Code: f.Code, Field: strings.TrimPrefix(f.Location, "body.")}, first)
		first = false
	}
	return true
}

// place finds the area that a form names by its id, or by its code where the pack has
// another of that code, and says whether there is one.
func (s *Simulation) place(f *workflow.Form) bool {
	if f.AreaID == "" || f.Lat != nil {
		return true
	}
	if _, ok := s.pack.Area(f.AreaID); ok {
		return true
	}
	code, _, _ := strings.Cut(f.AreaID, "@")
	f.AreaID = s.areas[code]
	if f.AreaID == "" {
		f.Words = "-"
	}
	return f.AreaID != ""
}

// route counts where the report goes first, beside where it went.
func (t *Tally) route(l *life) {
	was, is := l.of.Lead, l.lead
	if was != "" {
		t.totals.Known++
		t.unit(was).Recorded++
		if _, known := t.sim.pack.Unit(was); !known {
			t.strange[key(t.strange, was)]++
		}
	}
	if is != "" {
		t.totals.Routed++
		t.unit(is).Routed++
	} else if l.worked {
		place := Place{Category: l.facts.Report.Category}
		if l.facts.Report.Area != nil {
			place.Area, _, _ = strings.Cut(*l.facts.Report.Area, "@")
		}
		t.noUnit[place]++
	}
	if l.ruled {
		t.totals.ByRule++
	}
	for _, unit := range l.support {
		t.unit(unit).Support++
	}
	// Of a report that was never given to anybody nothing can be compared.
	if was == "" || was == is {
		return
	}
	t.totals.Changed++
	t.unit(was).Lost++
	if is != "" {
		t.unit(is).Gained++
	}
	change := Change{From: t.unit(was).Code, To: is}
	c := entry(t.changes, change)
	c.From, c.To = change.From, is
	c.Reports++
	switch l.of.Settled {
	case is:
		c.Settled++
		t.totals.Settled++
	case was:
		t.totals.Moved++
	}
}

// clocks counts the days on which clocks are due, and how those of the work ran.
func (t *Tally) clocks(l *life) {
	if was := l.of.Lead; was != "" {
		t.unit(was).Was.add(l.of.Was)
	}
	for i := range l.facts.Deadlines {
		d := &l.facts.Deadlines[i]
		clock, ok := l.clock(d.Kind)
		if !ok || clock.Overdue.Take != "" {
			continue // waits for somebody who is no unit
		}
		unit := t.unit(deref(d.Unit))
		unit.load[d.DueAt.In(t.sim.pack.Zone()).Format(time.DateOnly)]++
		if clock.Due.ByCategory && d.TaskID == nil {
			l.measure(d, &unit.Lateness)
		}
	}
}

// clock is one of the report's workflow as it ended.
func (l *life) clock(kind string) (*pack.Clock, bool) {
	flow, ok := l.pack.WorkflowNamed(l.facts.Report.Workflow)
	if !ok {
		return nil, false
	}
	return flow.Clock(kind)
}

// measure counts a clock of the work: one that an answer stopped, or that still runs. One
// that stopped otherwise had no answer to be late with. Where a step was refused, the
// recorded answer counts, for a clock that runs because of that.
func (l *life) measure(d *models.Deadline, into *Lateness) {
	switch {
	case d.StoppedAt != nil && slices.ContainsFunc(l.answered, d.StoppedAt.Equal):
		into.Note(d.DueAt, *d.StoppedAt, l.until)
	case d.StoppedAt != nil, d.PausedAt != nil:
	case len(l.refused) > 0:
		into.Note(d.DueAt, l.recordedAnswer(), l.until)
	default:
		into.Note(d.DueAt, time.Time{}, l.until)
	}
}

// unit finds or makes the count of a unit.
func (t *Tally) unit(code string) *unitTally {
	code = key(t.units, code)
	u, ok := t.units[code]
	if !ok {
		u = &unitTally{Unit: Unit{Code: code}, load: map[string]int{}}
		t.units[code] = u
	}
	return u
}

// key is the name under which something is counted: its own, while there are not too many.
func key[V any](counts map[string]V, name string) string {
	if _, ok := counts[name]; !ok && len(counts) >= mostKeys {
		return "*"
	}
	return name
}

func entry[K comparable, V any](m map[K]*V, k K) *V {
	v, ok := m[k]
	if !ok {
		v = new(V)
		m[k] = v
	}
	return v
}

func tallyRefusal(into map[Refusal]*Refusal, what Refusal, first bool) {
	r := entry(into, what)
	r.Transition, r.Code, r.Field = what.Transition, what.Code, what.Field
	r.Steps++
	if first {
		r.Reports++
	}
}

// deref is what p points to, or the zero value.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
