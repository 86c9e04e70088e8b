// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Repack moves a report to another version of its jurisdiction's pack, on purpose. States
// says what states that are called otherwise there are called; a state keeps its phase.
// Clocks that are known there go on, others stop. A report that is there already stays.
type Repack struct {
	Packs    *pack.Store
	Actor    models.Actor
	ReportID uuid.UUID
	To       int32
	States   map[models.State]models.State
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (i Repack) Needs() models.Needs {
	return models.Needs{Jurisdiction: i.Actor.Jurisdiction, Reports: []uuid.UUID{i.ReportID}, Idempotency: i.Key}
}

// Decide implements models.Intent. It refuses with CodeUnauthorized, CodeForbidden,
// CodeNotFound, and an invalid request that names what the other version lacks.
func (i Repack) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, err := reached(i.Actor, models.OpReportRepack, facts, i.ReportID)
	if err != nil {
		return models.Change{}, err
	}
	next, ok := i.Packs.Version(i.Actor.Jurisdiction, i.To)
	if !ok {
		return models.Change{}, models.Invalid(models.Field("body.to", models.CodeInvalidValue, nil))
	}
	if f.Report.PackVersion == i.To {
		return models.Change{Subject: i.ReportID}, nil
	}
	m, err := moveOf(i.Packs, f, i.Actor, now)
	if err != nil {
		return models.Change{}, err
	}
	before, was := m.report.Keys(), m.basis()
	if err := i.enter(m, next); err != nil {
		return models.Change{}, err
	}
	m.show()
	m.retime(was)
	m.changeClocks()
	m.remindAnew()
	if moved(before, m.report.Keys()) {
		m.report.Version++
	}
	m.event(models.EventReportRepacked, models.Body{
		Before: before, After: m.report.Keys(), Pack: i.To, From: strconv.Itoa(int(f.Report.PackVersion)),
	})
	return m.change(false), nil
}

// enter finds the report's category, workflow and states in another version and goes over
// to them.
func (i Repack) enter(m *move, next *pack.Pack) error {
	r := &m.report
	category, ok := next.Category(r.Category)
	if !ok {
		return models.Invalid(models.Field("body.to", models.CodeUnknownCategory, models.Params{"category": r.Category}))
	}
	flow, ok := next.WorkflowNamed(r.Workflow)
	if !ok {
		flow, ok = next.WorkflowNamed(category.Workflow)
	}
	if !ok {
		return models.Invalid(models.Field("body.to", models.CodeInvalidValue, models.Params{"workflow": r.Workflow}))
	}
	state, previous := i.called(r.State), r.PreviousState
	if previous != nil {
		previous = new(i.called(*previous))
	}
	at, ok := flow.State(state)
	if !ok || flow.PhaseOf(state, deref(previous)) != r.Phase {
		return models.Invalid(models.Field("body.states", models.CodeInvalidValue, models.Params{"state": state}))
	}
	if _, known := flow.State(deref(previous)); !known {
		if at.Phase == pack.PhaseBefore || slices.ContainsFunc(flow.From(state), func(t *pack.Transition) bool { return t.To == pack.Back }) {
			return models.Invalid(models.Field("body.states", models.CodeInvalidValue, models.Params{"state": deref(previous)}))
		}
		previous = nil
	}
	m.pack, m.flow, m.category = next, flow, category
	r.PackVersion, r.Workflow, r.State, r.PreviousState, r.LocationPrecision = i.To, flow.Name, state, previous, category.Precision
	if r.AcceptedAt != nil && r.Visibility != models.VisibilityHidden {
		r.Visibility = category.Visibility
	}
	return nil
}

// remindAnew lets the clocks that run on remind and escalate as the other version says.
func (m *move) remindAnew() {
	for i := range m.deadlines {
		if m.deadlines[i].StoppedAt == nil {
			m.whole(i)
			m.reckon(i)
		}
	}
}

// called is what a state is called in the other version.
func (i Repack) called(state models.State) models.State {
	if to, ok := i.States[state]; ok {
		return to
	}
	return state
}
