// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Expire is what a clock asks for at its moment: reminders on its way, at its end that the
// deadline was missed and the transition that the pack names, then one step after another
// up the tree. One Expire does all that is due by now, so that an hour without anybody is
// made up for; for a clock that asks for nothing it does nothing, so that firing twice is
// harmless.
type Expire struct {
	Packs        *pack.Store
	Jurisdiction int32
	ReportID     uuid.UUID
	DeadlineID   uuid.UUID
}

// Needs implements models.Intent.
func (e Expire) Needs() models.Needs {
	return models.Needs{Jurisdiction: e.Jurisdiction, Reports: []uuid.UUID{e.ReportID}}
}

// Decide implements models.Intent.
func (e Expire) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, ok := facts.Reports[e.ReportID]
	if !ok {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	m, err := moveOf(e.Packs, f, models.System(e.Jurisdiction), now)
	if err != nil {
		return models.Change{}, err
	}
	i := m.indexOf(func(d models.Deadline) bool { return d.ID == e.DeadlineID })
	if i < 0 || m.deadlines[i].NextAt == nil || m.deadlines[i].NextAt.After(now) {
		return models.Change{Subject: e.ReportID}, nil
	}
	if m.origin == models.OriginImport {
		m.deadlines[i].NextAt = nil
		m.changed[e.DeadlineID] = true
		return m.change(false), nil
	}
	if err := m.fire(i, facts); err != nil {
		return models.Change{}, err
	}
	return m.change(false), nil
}

// fire does what a clock asks for by now. When it is due is worked out first, since a
// holiday may have been announced that nobody has told it of.
func (m *move) fire(i int, facts models.Facts) error {
	m.recount(i, Cause{})
	d := &m.deadlines[i]
	if d.OverdueAt == nil {
		m.remind(i)
	}
	if d.OverdueAt == nil && !d.DueAt.After(m.now) {
		if err := m.miss(i, facts); err != nil {
			return err
		}
	}
	if d := m.deadlines[i]; d.Running() && d.OverdueAt != nil {
		m.escalate(i, m.now)
	}
	m.deadlines[i].NextAt = m.next(m.deadlines[i])
	m.changed[m.deadlines[i].ID] = true
	return nil
}

// miss notes that a clock has run out, and takes the transition that the pack names.
// Whoever hears of it at once does so before that.
func (m *move) miss(i int, facts models.Facts) error {
	d := &m.deadlines[i]
	d.OverdueAt = &m.now
	m.event(models.EventDeadlineMissed, models.Body{Rule: d.Kind, Unit: m.holder(*d), Task: d.TaskID})
	m.escalate(i, d.DueAt)
	if clock, ok := m.flow.Clock(d.Kind); ok && clock.Overdue.Take != "" {
		return m.takeByClock(clock.Overdue, facts)
	}
	return nil
}

// takeByClock takes the transition of a clock that ran out, where it still leads on.
func (m *move) takeByClock(o pack.Overdue, facts models.Facts) error {
	t, ok := m.flow.Transition(o.Take)
	if !ok || m.refusal(t) != "" {
		return nil
	}
	if err := m.take(t, Action{ReasonCode: o.Reason}, facts); err != nil {
		return err
	}
	m.autoRoute()
	return nil
}
