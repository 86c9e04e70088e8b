// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// flowFor is the workflow that a report belongs in: the one that the first rule that holds
// names, else its category's.
func (m *move) flowFor(route pack.RouteResult) *pack.Workflow {
	for _, name := range []string{route.Workflow, m.category.Workflow} {
		if flow, ok := m.pack.WorkflowNamed(name); ok {
			return flow
		}
	}
	return m.flow
}

// chosen is the workflow that the report belongs in as it is now. Where no rule names one
// the rules are not asked.
func (m *move) chosen() *pack.Workflow {
	if !slices.ContainsFunc(m.pack.Rules(), func(r pack.Rule) bool { return r.Workflow != "" }) {
		return m.flowFor(pack.RouteResult{})
	}
	return m.flowFor(m.pack.Route(m.input()))
}

// file puts a new report at the beginning of the workflow that it belongs in, by what it
// says too.
func (m *move) file(description string) {
	r := &m.report
	if hit := m.pack.Match(description); len(hit) > 0 {
		r.Words = mustJSON(hit)
	}
	r.State = m.flow.Initial
	m.flow = m.chosen()
	r.Workflow, r.State, r.Phase = m.flow.Name, m.flow.Initial, m.flow.PhaseOf(m.flow.Initial, m.flow.Initial)
	if r.Phase == models.PhaseWorking {
		r.AcceptedAt = &m.now
	}
}

// begun starts a new report: its clocks, its first event, and what goes by itself from
// there.
func (m *move) begun(body models.Body) {
	for _, clock := range m.flow.Starts {
		m.startClock(clock)
	}
	body.After, body.Channel, body.Pack, body.Texts, body.Photos = m.report.Keys(), m.report.Channel, m.report.PackVersion, m.marks, m.photoIDs
	m.event(models.EventReportSubmitted, body)
	m.autoRoute()
}

// reflow moves the report, within a step, into a workflow that it belongs in now, where
// that knows the state that the step leads to (target), and the one before it if a way leads back.
// Else the report stays in its own.
func (m *move) reflow(target models.State, flow *pack.Workflow) {
	if flow == m.flow {
		return
	}
	before := m.report.State
	if target == before {
		before = deref(m.report.PreviousState)
	}
	state, ok := flow.State(target)
	if !ok || !m.alike(flow, target) {
		return
	}
	back := slices.ContainsFunc(flow.From(target), func(t *pack.Transition) bool { return t.To == pack.Back })
	if (back || state.Phase == pack.PhaseBefore) && !m.alike(flow, before) {
		return
	}
	m.flow, m.report.Workflow = flow, flow.Name
}

// alike says whether another workflow has a state of the same phase as this one.
func (m *move) alike(flow *pack.Workflow, name models.State) bool {
	here, known := m.flow.State(name)
	there, ok := flow.State(name)
	return known && ok && here.Phase == there.Phase
}

// changeClocks goes over to the clocks of a workflow that the report has come into: it
// stops those that the workflow does not know, and starts that of the state.
func (m *move) changeClocks() {
	for i := range m.deadlines {
		if _, known := m.flow.Clock(m.deadlines[i].Kind); !known && m.deadlines[i].StoppedAt == nil {
			m.stop(i)
		}
	}
	state, ok := m.flow.State(m.report.State)
	if !ok || state.Clock == "" {
		return
	}
	for _, d := range m.deadlines {
		if d.Kind == state.Clock && d.StoppedAt == nil {
			return
		}
	}
	m.startClock(state.Clock)
}
