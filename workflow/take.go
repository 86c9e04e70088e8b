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
	before, was := m.report.Keys(), m.basis()
	m.marks, m.photoIDs, m.routed = nil, nil, nil
	a = a.only(t.Demands)
	if err := m.adopt(a.PhotoIDs, facts); err != nil {
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
	m.settleTasks(t, before.State)
	m.show()
	m.retime(was)
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
	if m.routed != nil {
		m.event(models.EventReportRouted, *m.routed)
	}
	return nil
}

// bodyOf is what the log keeps of a step.
func (m *move) bodyOf(t *pack.Transition, a Action, before *models.Keys) models.Body {
	return models.Body{
		Before: before, After: m.report.Keys(), Transition: t.Name, Reason: a.ReasonCode, Texts: m.marks, Photos: m.photoIDs,
		Outcome: a.Outcome, Level: a.Level, Until: a.Until, Ref: a.DuplicateOf, Unit: deref(m.report.LeadUnit),
	}
}

// claimByStep keeps a report that is being verified in the operator's hand, and lets go
// of it with every other step.
func (m *move) claimByStep() {
	m.report.ClaimedBy, m.report.ClaimedUntil = nil, nil
	if m.report.Phase == models.PhaseReceived && m.actor.Reach(models.OpReportClaim) == models.ReachAll {
		until := m.now.Add(ClaimFor)
		m.report.ClaimedBy, m.report.ClaimedUntil = new(m.actor.ID), &until
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
	target := m.target(t)
	if target != r.State {
		r.PreviousState = new(r.State)
		r.Phase = m.flow.PhaseOf(target, r.State)
		r.State, r.StateAt = target, m.now
	}
	switch {
	case r.Phase != models.PhaseEnded:
		r.EndedAt = nil
	case r.EndedAt == nil:
		r.EndedAt = &m.now
	}
	if r.Phase == models.PhaseAnswered || r.Phase == models.PhaseEnded {
		r.ScheduledFor = nil
	}
}

// target is the state that a transition leads to from where the report stands.
func (m *move) target(t *pack.Transition) models.State {
	return m.flow.Target(t, deref(m.report.PreviousState))
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
		default: // no text, and for the effects to read
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
	m.actor = models.System(m.report.JurisdictionID)
	for range len(m.flow.AllStates()) {
		t := m.nextRoute()
		if t == nil || m.take(t, Action{}, models.Facts{}) != nil {
			return
		}
	}
}

// nextRoute is the first transition that takes itself from here and leads on, or nil.
func (m *move) nextRoute() *pack.Transition {
	for _, t := range m.flow.From(m.report.State) {
		if t.Auto != pack.AutoRoute || m.target(t) == m.report.State {
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
	t.State = state
	m.touchTask(i)
}

func (m *move) touchTask(i int) {
	t := &m.tasks[i]
	t.UpdatedAt = m.now
	t.Version++
	m.changed[t.ID] = true
}

// settleTasks lets the units' tasks follow the report: done with the answer, open again
// when it is asked for once more, cancelled when the report is over without one. The
// lead's moves on with the report's state, so that nobody decides on what was.
func (m *move) settleTasks(t *pack.Transition, was models.State) {
	_, answers := t.Demands.Get(pack.DemandAnswer)
	for i := range m.tasks {
		task := &m.tasks[i]
		version := task.Version
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
		if task.Lead && task.Active() && task.Version == version && !m.fresh[task.ID] && m.report.State != was {
			m.touchTask(i)
		}
	}
}

// handle notes who of the unit has the task in hand.
func (m *move) handle(i int) {
	t := &m.tasks[i]
	if m.actor.IsStaff() && m.actor.Has(models.RoleHandler) && t.Unit == m.actor.Unit && (t.HandlerID == nil || *t.HandlerID != m.actor.ID) {
		t.HandlerID = new(m.actor.ID)
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
