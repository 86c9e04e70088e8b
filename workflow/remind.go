// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"time"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// most is the greatest number of escalations that are counted.
const most = 100

// next is when a clock next asks for something: a reminder, its end, or a step up the
// tree; nil while it stands and when nothing more is to come.
func (m *move) next(d models.Deadline) *time.Time {
	if !d.Running() {
		return nil
	}
	clock, known := m.flow.Clock(d.Kind)
	if d.OverdueAt == nil {
		at := d.DueAt
		if percent, ok := nextReminder(clock, d); known && ok {
			at = first(m.reminderAt(d, percent), at)
		}
		return &at
	}
	if known && int(d.Level) < len(clock.Overdue.Escalate) {
		return new(m.stepAt(d, clock.Overdue.Escalate[d.Level]))
	}
	return nil
}

func first(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// nextReminder is the least share of a clock's time, in percent, after which a reminder is
// still to be given.
func nextReminder(clock *pack.Clock, d models.Deadline) (percent int, ok bool) {
	if clock == nil {
		return 0, false
	}
	for _, p := range clock.Remind {
		if p > int(d.Reminded) && (!ok || p < percent) {
			percent, ok = p, true
		}
	}
	return percent, ok
}

// reminderAt is when a share of a clock's time has been counted; at once where it was
// before the clock went on.
func (m *move) reminderAt(d models.Deadline, percent int) time.Time {
	ahead := *d.LeftS - *d.TotalS*int64(100-percent)/100
	return m.counter(d).Add(*d.CountedFrom, duration(max(ahead, 0))).UTC()
}

// stepAt is when a step up the tree is taken: so long after the end, as the clock counts.
func (m *move) stepAt(d models.Deadline, step pack.Step) time.Time {
	after := step.After
	if after.IsZero() {
		return d.DueAt
	}
	after.Counts = d.Counts
	return m.counter(d).Add(d.DueAt, m.allowance(after, deref(d.Unit), d.DueAt)).UTC()
}

// remind gives the reminders that are due, in their order.
func (m *move) remind(i int) {
	for {
		d := &m.deadlines[i]
		clock, _ := m.flow.Clock(d.Kind)
		percent, ok := nextReminder(clock, *d)
		if !ok || m.reminderAt(*d, percent).After(m.now) {
			return
		}
		d.Reminded = int16(percent) //nolint:gosec // a pack is checked: at most 100
		m.event(models.EventDeadlineReminded, models.Body{Rule: d.Kind, Degree: d.Reminded, Unit: m.holder(*d), Task: d.TaskID})
	}
}

// holder is the unit that a clock is waiting for.
func (m *move) holder(d models.Deadline) string {
	switch lead := deref(m.report.LeadUnit); {
	case d.Unit != nil:
		return *d.Unit
	case lead != "":
		return lead
	default:
		return m.pack.Settings().Operations
	}
}

// escalate takes a clock that ran out up the tree, by every step that was due at a moment.
func (m *move) escalate(i int, at time.Time) {
	clock, ok := m.flow.Clock(m.deadlines[i].Kind)
	if !ok {
		return
	}
	for _, step := range clock.Overdue.Escalate[min(int(m.deadlines[i].Level), len(clock.Overdue.Escalate)):] {
		d := &m.deadlines[i]
		if m.stepAt(*d, step).After(at) {
			return
		}
		d.Level++
		m.report.Escalated = min(m.report.Escalated+1, most)
		m.event(models.EventDeadlineEscalated, models.Body{Rule: d.Kind, Degree: d.Level, Unit: m.above(*d, step.To), Task: d.TaskID})
	}
}

// above is the unit that hears of a clock that ran out, "" for the leaders of the
// jurisdiction. A unit at the top has the operations centre above it.
func (m *move) above(d models.Deadline, to pack.Escalation) string {
	operations := m.pack.Settings().Operations
	switch to {
	case pack.EscalateLeader:
		return ""
	case pack.EscalateParent:
		unit := deref(m.report.LeadUnit)
		if d.TaskID != nil {
			unit = deref(d.Unit)
		}
		if u, ok := m.timekeeper(unit).Unit(unit); ok && u.Parent != "" {
			return u.Parent
		}
	case pack.EscalateOperations:
	}
	return operations
}

// indexOf finds a clock by its row.
func (m *move) indexOf(is func(models.Deadline) bool) int { return slices.IndexFunc(m.deadlines, is) }
