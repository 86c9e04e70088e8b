// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"fmt"
	"slices"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// take carries a transition out that the actor may take: it checks what the transition
// demands, does what it says and writes down what happened.
func (m *move) take(t *pack.Transition, a Action, facts models.Facts) error {
	before := m.report.Keys()
	m.marks, m.photoIDs = nil, nil
	if err := m.adopt(a.PhotoIDs, facts, "body.photo_ids"); err != nil {
		return err
	}
	if faults := m.demands(t, a, facts); len(faults) > 0 {
		return models.Invalid(faults...)
	}
	m.write(t, a)
	if err := m.effects(t, a); err != nil {
		return err
	}
	m.step(t)
	m.settleTasks(t)
	m.show()
	m.runClocks(t)
	if m.report.Phase == models.PhaseEnded {
		m.stopClocks()
	}
	if moved(before, m.report.Keys()) {
		m.report.Version++
	}
	m.claimByStep()
	kind := models.EventReportMoved
	if t.Has(pack.EffectRate) {
		kind = models.EventReportRated
	}
	m.event(kind, m.bodyOf(t, a, before))
	return nil
}

// bodyOf is what the log keeps of a step.
func (m *move) bodyOf(t *pack.Transition, a Action, before *models.Keys) models.Body {
	body := models.Body{
		Before: before, After: m.report.Keys(), Transition: t.Name, Reason: a.ReasonCode, Texts: m.marks, Photos: m.photoIDs,
		Outcome: a.Outcome, Level: a.Level, Until: a.Until, Ref: a.DuplicateOf,
	}
	if m.report.LeadUnit != nil {
		body.Unit = *m.report.LeadUnit
	}
	return body
}

// claimByStep keeps a report that is being verified in the operator's hand, and lets go
// of it with every other step.
func (m *move) claimByStep() {
	m.report.ClaimedBy, m.report.ClaimedUntil = nil, nil
	if m.report.Phase == models.PhaseReceived && m.actor.Reach(models.OpReportClaim) == models.ReachAll {
		until := m.now.Add(ClaimFor)
		m.report.ClaimedBy, m.report.ClaimedUntil = &m.actor.ID, &until
	}
}

// moved says whether what a version stands for has changed: state, lead, category, place.
func moved(before, after *models.Keys) bool {
	return before.State != after.State || before.Unit != after.Unit || before.Category != after.Category ||
		before.Area != after.Area || before.Tile16 != after.Tile16
}

// step moves the state and the times that go with it.
func (m *move) step(t *pack.Transition) {
	r := &m.report
	from := r.State
	var was models.State
	if r.PreviousState != nil {
		was = *r.PreviousState
	}
	target := m.flow.Target(t, was)
	if target != from {
		r.PreviousState = &from
	}
	r.State, r.Phase = target, m.flow.PhaseOf(target, from)
	if target == from && r.PreviousState != nil {
		r.Phase = m.flow.PhaseOf(target, was)
	}
	if r.Phase != models.PhaseEnded {
		r.EndedAt = nil
	} else if r.EndedAt == nil {
		r.EndedAt = &m.now
	}
	if state, ok := m.flow.State(target); ok && state.Phase != pack.PhaseBefore && !m.scheduledIn(t) {
		if r.Phase != models.PhaseWorking {
			r.ScheduledFor = nil
		}
	}
}

// scheduledIn says whether the transition has set the date of the work.
func (m *move) scheduledIn(t *pack.Transition) bool {
	_, ok := t.Demands.Get(pack.DemandUntil)
	return ok
}

// write keeps the texts that came with the step.
func (m *move) write(t *pack.Transition, a Action) {
	lang := m.actor.Language
	if lang == "" {
		lang = m.report.Language
	}
	for _, d := range t.Demands {
		switch d.Kind {
		case pack.DemandAnswer:
			if a.Text.Body == "" {
				continue
			}
			m.report.AnswerID = m.text(a.Text, models.TextAnswer, lang)
			m.report.ResolvedAt, m.report.ApprovedAt = &m.now, nil
		case pack.DemandNote:
			m.keep(a.Text, models.TextReason, lang)
		case pack.DemandQuestion:
			m.keep(a.Text, textOfQuestion(m.actor), lang)
		case pack.DemandRedactedText:
			if a.Redacted.Body != "" {
				m.report.SharedTextID = m.text(a.Redacted, models.TextShared, m.report.Language)
			}
		case pack.DemandOutcome:
			if a.Outcome != "" {
				m.report.Outcome = &a.Outcome
			}
		case pack.DemandProof:
			m.keep(a.Document, models.TextDocument, lang)
		case pack.DemandUntil:
			if a.Until != nil {
				m.report.ScheduledFor = a.Until
			}
		}
	}
}

// textOfQuestion tells a question to the citizen from the citizen's reply.
func textOfQuestion(a models.Actor) models.TextKind {
	if a.IsStaff() {
		return models.TextQuestion
	}
	return models.TextReply
}

func (m *move) keep(d models.Draft, kind models.TextKind, lang models.Language) {
	if d.Body == "" {
		return
	}
	if kind == models.TextReason && !m.actor.IsStaff() {
		kind = models.TextReply
	}
	m.text(d, kind, lang)
}

// autoRoute takes the transitions that happen by themselves as soon as a routing rule
// names a lead. Each leads to another state, so that their number bounds the loop.
func (m *move) autoRoute() {
	for range len(m.flow.AllStates()) {
		t := m.next(pack.AutoRoute)
		if t == nil {
			return
		}
		route := m.pack.Route(m.input())
		if route.Lead == "" {
			return
		}
		before := m.report.Keys()
		m.assign(route.Lead, route.Support, mustJSON(route))
		if route.Urgency != "" && m.report.Urgency == models.UrgencyNormal {
			m.report.Urgency = route.Urgency
		}
		m.step(t)
		m.settleTasks(t)
		m.show()
		m.runClocks(t)
		if moved(before, m.report.Keys()) {
			m.report.Version++
		}
		system := models.System(m.report.JurisdictionID)
		m.eventBy(system, models.EventReportMoved, models.Body{Before: before, After: m.report.Keys(), Transition: t.Name, Unit: route.Lead})
		m.eventBy(system, models.EventReportRouted, models.Body{Unit: route.Lead, Support: route.Support, Rule: fmt.Sprint(route.Rule)})
	}
}

// next is the first transition from here that takes itself in the given way, or nil.
func (m *move) next(auto pack.Auto) *pack.Transition {
	for _, t := range m.flow.From(m.report.State) {
		if t.Auto != auto || m.flow.Target(t, m.report.State) == m.report.State {
			continue
		}
		if yes, err := m.pack.Holds(t.Guard(), m.input()); err == nil && yes {
			return t
		}
	}
	return nil
}

// assign gives the report to a lead and its supporters; who had it and no longer has is
// let go.
func (m *move) assign(lead string, support []string, route []byte) {
	m.report.LeadUnit = &lead
	for i := range m.tasks {
		t := &m.tasks[i]
		stays := t.Lead && t.Unit == lead || !t.Lead && slices.Contains(support, t.Unit)
		if t.Active() && !stays {
			m.setTask(i, models.TaskCancelled)
		}
	}
	m.ensureTask(lead, true, route)
	for _, unit := range support {
		m.ensureTask(unit, false, nil)
	}
}

func (m *move) ensureTask(unit string, lead bool, route []byte) {
	for i, t := range m.tasks {
		if t.Unit == unit && t.Lead == lead && t.Active() {
			if t.State == models.TaskDone {
				m.setTask(i, models.TaskOpen)
			}
			return
		}
	}
	task := models.Task{
		JurisdictionID: m.report.JurisdictionID, ID: m.derived(fmt.Sprintf("task/%s/%t/%d", unit, lead, m.report.EventSeq)),
		ReportID: m.report.ID, Unit: unit, Lead: lead, State: models.TaskOpen, Version: 1, Route: route, CreatedAt: m.now, UpdatedAt: m.now,
	}
	m.fresh[task.ID] = true
	m.tasks = append(m.tasks, task)
}

func (m *move) setTask(i int, state models.TaskState) {
	t := &m.tasks[i]
	if t.State == state {
		return
	}
	t.State, t.UpdatedAt = state, m.now
	t.Version++
	m.changed[t.ID] = true
}

// settleTasks lets the units' tasks follow the report: done with the answer, open again
// when it is asked for once more, cancelled when the report is over without one.
func (m *move) settleTasks(t *pack.Transition) {
	_, answers := t.Demands.Get(pack.DemandAnswer)
	for i := range m.tasks {
		task := &m.tasks[i]
		switch {
		case !task.Active():
		case m.report.Phase == models.PhaseEnded && task.State != models.TaskDone:
			m.setTask(i, models.TaskCancelled)
		case !task.Lead:
		case answers:
			m.handle(i)
			m.setTask(i, models.TaskDone)
		case m.wantsAnswer() && task.Unit == m.actor.Unit:
			m.handle(i)
			m.setTask(i, models.TaskWorking)
		case m.wantsAnswer() && task.State == models.TaskDone:
			m.setTask(i, models.TaskOpen)
		}
	}
}

// handle notes who of the unit has the task in hand.
func (m *move) handle(i int) {
	t := &m.tasks[i]
	if m.actor.IsStaff() && m.actor.Has(models.RoleHandler) && t.Unit == m.actor.Unit && (t.HandlerID == nil || *t.HandlerID != m.actor.ID) {
		t.HandlerID = &m.actor.ID
		m.changed[t.ID] = true
	}
}

// wantsAnswer says whether an answer is still to come in the state the report is in.
func (m *move) wantsAnswer() bool {
	return slices.ContainsFunc(m.flow.From(m.report.State), func(t *pack.Transition) bool {
		_, ok := t.Demands.Get(pack.DemandAnswer)
		return ok
	})
}
