// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"fmt"
	"time"

	"hientruong/models"
	"hientruong/workflow/calendar"
	"hientruong/workflow/pack"
)

// runClocks does to the clocks what a transition says. Of those that were stopped, the
// one that the new state works against can go on; any other was done for good.
func (m *move) runClocks(t *pack.Transition) {
	for _, name := range t.Stops {
		m.onClock(name, func(k calendar.Clock, c calendar.Counter) calendar.Clock { return k.Stop(c, m.now) })
	}
	for _, name := range t.Pauses {
		m.onClock(name, func(k calendar.Clock, c calendar.Counter) calendar.Clock { return k.Pause(c, m.now) })
	}
	for _, name := range t.Resumes {
		m.onClock(name, func(k calendar.Clock, c calendar.Counter) calendar.Clock {
			if !k.Stopped.IsZero() && !m.worksAgainst(name) {
				return k
			}
			return k.Resume(c, m.now)
		})
	}
	for _, name := range t.Starts {
		m.startClock(name)
	}
}

// worksAgainst says whether a clock is that of the state the report is in.
func (m *move) worksAgainst(clock string) bool {
	state, ok := m.flow.State(m.report.State)
	return ok && state.Clock == clock
}

// stopClocks stops what still counts on a report that is over.
func (m *move) stopClocks() {
	for i := range m.deadlines {
		if m.deadlines[i].StoppedAt == nil {
			m.setClock(i, clockOf(m.deadlines[i]).Stop(m.counter(m.deadlines[i]), m.now))
		}
	}
}

// startClock starts a clock from the beginning; the one of its name that went before is
// stopped.
func (m *move) startClock(name string) {
	clock, ok := m.flow.Clock(name)
	if !ok {
		return
	}
	m.onClock(name, func(k calendar.Clock, c calendar.Counter) calendar.Clock { return k.Stop(c, m.now) })
	term := clock.Term(m.category, m.report.Urgency)
	if term.IsZero() {
		return
	}
	unit := m.unitOfClock(clock)
	started := m.pack.Start(term, unit, m.now)
	d := models.Deadline{
		JurisdictionID: m.report.JurisdictionID, ID: m.derived(fmt.Sprintf("deadline/%s/%d", name, m.report.EventSeq)), ReportID: m.report.ID,
		Kind: name, Counts: countsOf(term), Rule: ruleOf(m.category, name), StartedAt: m.now, DueAt: started.Due,
	}
	if unit != "" {
		d.Unit = &unit
	}
	m.fresh[d.ID] = true
	m.deadlines = append(m.deadlines, d)
}

func countsOf(t pack.Term) models.Counts {
	if t.Counts == models.CountsWall {
		return models.CountsWall
	}
	return models.CountsWorking
}

// unitOfClock is the unit in whose working time a new clock runs: the lead works against
// the category's time, the operations centre against every other.
func (m *move) unitOfClock(clock *pack.Clock) string {
	if clock.Due.ByCategory {
		return deref(m.report.LeadUnit)
	}
	return m.pack.Settings().Operations
}

// basis is what sets the category's time. Without a lead it counts in the pack's own
// working time.
type basis struct {
	category *pack.Category
	urgency  models.Urgency
	unit     string
}

func (m *move) basis() basis {
	return basis{category: m.category, urgency: m.report.Urgency, unit: deref(m.report.LeadUnit)}
}

// retime sets the clocks of the work anew where the lead, the category or the urgency is
// another: due as if it had been so from the start, and later by what they stood still.
func (m *move) retime(was basis) {
	is := m.basis()
	if is == was {
		return
	}
	for i := range m.deadlines {
		d := &m.deadlines[i]
		clock, ok := m.flow.Clock(d.Kind)
		if !ok || !clock.Due.ByCategory || d.StoppedAt != nil {
			continue
		}
		term := clock.Term(is.category, is.urgency)
		first := m.pack.Start(clock.Term(was.category, was.urgency), deref(d.Unit), d.StartedAt).Due
		stood := m.counter(*d).Between(first, d.DueAt)
		d.Unit, d.Counts, d.Rule = nil, countsOf(term), ruleOf(is.category, d.Kind)
		if is.unit != "" {
			d.Unit = &is.unit
		}
		counter := m.counter(*d)
		k := calendar.StartUntil(d.StartedAt, counter.Add(m.pack.Start(term, is.unit, d.StartedAt).Due, stood))
		if d.PausedAt != nil {
			k = k.Pause(counter, *d.PausedAt)
		}
		m.setClock(i, k)
		m.changed[d.ID] = true
	}
}

func ruleOf(c *pack.Category, clock string) string { return c.Code + "/" + clock }

// onClock changes the newest clock of a name, if there is one.
func (m *move) onClock(name string, do func(calendar.Clock, calendar.Counter) calendar.Clock) {
	newest := -1
	for i, d := range m.deadlines {
		if d.Kind == name && (newest < 0 || later(d, m.deadlines[newest])) {
			newest = i
		}
	}
	if newest < 0 {
		return
	}
	d := m.deadlines[newest]
	m.setClock(newest, do(clockOf(d), m.counter(d)))
}

// later says whether a deadline came after another. Of two of one moment the first was
// stopped for the second.
func later(d, other models.Deadline) bool {
	if d.StartedAt.Equal(other.StartedAt) {
		return d.StoppedAt == nil && other.StoppedAt != nil
	}
	return d.StartedAt.After(other.StartedAt)
}

func (m *move) counter(d models.Deadline) calendar.Counter {
	return m.pack.Counter(d.Counts, deref(d.Unit))
}

// clockOf reads a clock from its row.
func clockOf(d models.Deadline) calendar.Clock {
	k := calendar.Clock{Started: d.StartedAt, Due: d.DueAt, Paused: deref(d.PausedAt), Stopped: deref(d.StoppedAt)}
	if d.RemainingS != nil {
		k.Remaining = time.Duration(*d.RemainingS) * time.Second
	}
	return k
}

// setClock writes a clock into its row.
func (m *move) setClock(i int, k calendar.Clock) {
	d := &m.deadlines[i]
	if k == clockOf(*d) {
		return
	}
	d.DueAt, d.PausedAt, d.StoppedAt, d.RemainingS = k.Due, orNil(k.Paused), orNil(k.Stopped), nil
	if !k.Running() {
		left := int64(k.Remaining / time.Second)
		d.RemainingS = &left
	} else if k.Due.After(m.now) {
		d.OverdueAt = nil
	}
	m.changed[d.ID] = true
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Left is the time that is left on a deadline at a moment, as its clock counts and by the
// wall. Both are negative once it is late.
func Left(p *pack.Pack, d models.Deadline, now time.Time) (counted, wall time.Duration) {
	counted = clockOf(d).Left(p.Counter(d.Counts, deref(d.Unit)), now)
	return counted, d.DueAt.Sub(now)
}
