// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Expire is what a clock does when it has run out: it takes the transition that the pack
// names, or notes that the deadline was missed. It does nothing for a clock that is not
// due any more, so that firing twice is harmless.
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
	i := slices.IndexFunc(m.deadlines, func(d models.Deadline) bool { return d.ID == e.DeadlineID })
	if i < 0 || !m.deadlines[i].Running() || m.deadlines[i].OverdueAt != nil || m.deadlines[i].DueAt.After(now) {
		return models.Change{Subject: e.ReportID}, nil
	}
	m.deadlines[i].OverdueAt = &now
	m.changed[m.deadlines[i].ID] = true
	m.event(models.EventDeadlineMissed, models.Body{Rule: m.deadlines[i].Kind})
	if clock, ok := m.flow.Clock(m.deadlines[i].Kind); ok && clock.Overdue.Take != "" {
		if err := m.takeByClock(clock.Overdue, facts); err != nil {
			return models.Change{}, err
		}
	}
	return m.change(false), nil
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
