// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// runClocks does to the clocks what a transition says. Of those that were stopped, the
// one that the new state works against can go on; any other was done for good.
func (m *move) runClocks(t *pack.Transition) {
	for _, name := range t.Stops {
		m.onClock(name, m.stop)
	}
	for _, name := range t.Pauses {
		m.onClock(name, m.pause)
	}
	for _, name := range t.Resumes {
		m.onClock(name, func(i int) {
			if d := m.deadlines[i]; d.StoppedAt == nil || d.TaskID == nil && m.worksAgainst(name) {
				m.resume(i)
			}
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
		m.stop(i)
	}
}

// startClock starts a clock of the report from the beginning; the one of its name that
// went before is stopped. What was imported has no clocks: its days are over.
func (m *move) startClock(name string) {
	if clock, ok := m.flow.Clock(name); ok {
		m.onClock(name, func(i int) {
			if m.deadlines[i].TaskID == nil {
				m.stop(i)
			}
		})
		m.start(clock, m.unitOfClock(clock), nil)
	}
}

// startTaskClock starts the clock of a supporting task that has just been made, if the
// workflow has one for them.
func (m *move) startTaskClock(task models.Task) {
	if clock, ok := m.flow.Clock(m.flow.SupportClock); ok && !task.Lead {
		m.start(clock, task.Unit, &task.ID)
	}
}

// followTask lets the clock of a supporting task stand while its unit has nothing to do,
// and go on where it is asked once more.
func (m *move) followTask(task models.Task) {
	for i, d := range m.deadlines {
		switch {
		case d.TaskID == nil || *d.TaskID != task.ID:
		case task.State != models.TaskOpen && task.State != models.TaskWorking:
			m.stop(i)
		case d.StoppedAt != nil:
			m.resume(i)
		}
	}
}

func (m *move) start(clock *pack.Clock, unit string, task *uuid.UUID) {
	term := m.pack.Term(clock, m.basis().as())
	if term.IsZero() || m.origin == models.OriginImport {
		return
	}
	name := fmt.Sprintf("deadline/%s/%d", clock.Name, m.report.EventSeq)
	if task != nil {
		name = fmt.Sprintf("deadline/%s/%s/%d", clock.Name, task, m.report.EventSeq)
	}
	total := seconds(m.allowance(term, unit, m.second()))
	d := models.Deadline{
		JurisdictionID: m.report.JurisdictionID, ID: m.derived(name), ReportID: m.report.ID, TaskID: task, Kind: clock.Name,
		Counts: countsOf(term), Rule: ruleOf(m.category, clock.Name), StartedAt: m.now, TotalS: &total,
	}
	if unit != "" {
		d.Unit = &unit
	}
	m.fresh[d.ID] = true
	m.deadlines = append(m.deadlines, d)
	m.goOn(len(m.deadlines)-1, total)
}

func countsOf(t pack.Term) models.Counts {
	if t.Counts == models.CountsWall {
		return models.CountsWall
	}
	return models.CountsWorking
}

// unitOfClock is the unit in whose working time a new clock of the report runs: the lead
// works against the category's time, the operations centre against every other.
func (m *move) unitOfClock(clock *pack.Clock) string {
	if clock.Due.ByCategory {
		return deref(m.report.LeadUnit)
	}
	return m.pack.Settings().Operations
}

// basis is what sets the category's time. Without a lead it counts in the pack's own
// working time.
type basis struct {
	pack     *pack.Pack
	category *pack.Category
	urgency  models.Urgency
	unit     string
	units    int
	area     string
}

func (m *move) basis() basis {
	b := basis{pack: m.pack, category: m.category, urgency: m.report.Urgency, unit: deref(m.report.LeadUnit), area: deref(m.report.Area)}
	for _, t := range m.tasks {
		if t.Active() {
			b.units++
		}
	}
	return b
}

// as is what the pack asks for to tell a clock's time.
func (b basis) as() pack.Case {
	return pack.Case{Category: b.category, Urgency: b.urgency, Units: b.units, Area: b.area}
}

// retime sets the clocks of the work anew where what sets the category's time is another:
// due as if it had been so from the start, but for what they stood still.
func (m *move) retime(was basis) {
	is := m.basis()
	if is == was {
		return
	}
	for i := range m.deadlines {
		d := &m.deadlines[i]
		clock, ok := m.flow.Clock(d.Kind)
		if !ok || !clock.Due.ByCategory && clock.UrgentDue.IsZero() || d.StoppedAt != nil {
			continue
		}
		unit := m.unitOfClock(clock)
		if d.TaskID != nil {
			unit = deref(d.Unit)
		}
		from, before, after := second(d.StartedAt), was.pack.Term(clock, was.as()), is.pack.Term(clock, is.as())
		if before == after && unit == deref(d.Unit) && was.category == is.category {
			continue
		}
		m.whole(i)
		// What has been counted and granted is as much of the new unit's time as it was of the former's.
		then, now := seconds(m.allowance(before, deref(d.Unit), from)), seconds(m.allowance(before, unit, from))
		scale := func(s int64) int64 { return s * max(now, 1) / max(then, 1) }
		used, granted := *d.TotalS-*d.LeftS, *d.TotalS-then
		d.Unit, d.Counts, d.Rule = nil, countsOf(after), ruleOf(is.category, d.Kind)
		if unit != "" {
			d.Unit = &unit
		}
		total := seconds(m.allowance(after, unit, from)) + scale(granted)
		d.TotalS, d.LeftS = &total, new(total-scale(used))
		m.reckon(i)
	}
}

func ruleOf(c *pack.Category, clock string) string { return c.Code + "/" + clock }

// onClock does something to the newest clock of a name that the report has, and to the
// newest of each of its tasks.
func (m *move) onClock(name string, do func(i int)) {
	newest := map[uuid.UUID]int{}
	for i, d := range m.deadlines {
		if d.Kind != name {
			continue
		}
		if at, ok := newest[deref(d.TaskID)]; !ok || later(d, m.deadlines[at]) {
			newest[deref(d.TaskID)] = i
		}
	}
	for i := range m.deadlines {
		if at, ok := newest[deref(m.deadlines[i].TaskID)]; ok && at == i {
			do(i)
		}
	}
}

// later says whether a deadline came after another. Of two of one moment the first was
// stopped for the second.
func later(d, other models.Deadline) bool {
	if d.StartedAt.Equal(other.StartedAt) {
		return d.StoppedAt == nil && other.StoppedAt != nil
	}
	return d.StartedAt.After(other.StartedAt)
}

// clockOfState is the clock that people work against where the report stands: that of the
// state, else the one that is due next; -1 where none runs.
func (m *move) clockOfState() int {
	best := -1
	for i, d := range m.deadlines {
		if !d.Running() || d.TaskID != nil {
			continue
		}
		if m.worksAgainst(d.Kind) {
			return i
		}
		if best < 0 || d.DueAt.Before(m.deadlines[best].DueAt) {
			best = i
		}
	}
	return best
}

// remove takes an id out of a list.
func remove(ids []uuid.UUID, id uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(ids, func(other uuid.UUID) bool { return other == id })
}
