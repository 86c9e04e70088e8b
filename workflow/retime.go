// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Cause is why clocks are counted anew: a decision, or a version of the pack that came
// into force with other working time. Document is the number of either.
type Cause struct {
	Decision *uuid.UUID
	Pack     int32
	Document string
}

// Retime counts the clocks of a report anew, by the calendars and decisions that are in
// force now. It writes down each that comes out otherwise, and nothing where none does,
// so that doing it twice is harmless.
type Retime struct {
	Packs        *pack.Store
	Jurisdiction int32
	ReportID     uuid.UUID
	Cause        Cause
}

// Needs implements models.Intent.
func (r Retime) Needs() models.Needs {
	return models.Needs{Jurisdiction: r.Jurisdiction, Reports: []uuid.UUID{r.ReportID}}
}

// Decide implements models.Intent.
func (r Retime) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, ok := facts.Reports[r.ReportID]
	if !ok {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	m, err := moveOf(r.Packs, f, models.System(r.Jurisdiction), now)
	if err != nil {
		return models.Change{}, err
	}
	for i := range m.deadlines {
		if m.deadlines[i].StoppedAt == nil && m.origin != models.OriginImport {
			m.recount(i, r.Cause)
		}
	}
	if len(m.changed) == 0 {
		return models.Change{Subject: r.ReportID}, nil
	}
	return m.change(false), nil
}

// recount works out when a clock is due, from since when it counts and what was left then,
// and writes it down where that is another moment.
func (m *move) recount(i int, cause Cause) {
	before, known := m.deadlines[i], m.changed[m.deadlines[i].ID]
	m.whole(i)
	m.reckon(i)
	adjusted := false
	for m.adjust(i) {
		m.reckon(i)
		adjusted = true
	}
	d := m.deadlines[i]
	moved := d.DueAt.Sub(before.DueAt).Abs() >= time.Second || (d.RemainingS != nil && *d.RemainingS != *before.RemainingS)
	switch {
	case moved:
		m.event(models.EventDeadlineRetimed, models.Body{
			Rule: d.Kind, Until: &d.DueAt, Ref: cause.Decision, Number: cause.Pack, Document: cause.Document, Task: d.TaskID,
		})
	case !adjusted:
		before.CountedFrom, before.LeftS, before.TotalS = d.CountedFrom, d.LeftS, d.TotalS
		m.deadlines[i] = before
		if !known {
			delete(m.changed, d.ID)
		}
	}
}
