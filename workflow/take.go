// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"fmt"
	"slices"
	"time"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// take carries a transition out that the actor may take: it checks what the transition
// demands, does what it says and writes down what happened.
func (m *move) take(t *pack.Transition, a Action, facts models.Facts) error {
	before, was, flow := m.report.Keys(), m.basis(), m.flow
	m.anew()
	a = a.only(t.Demands)
	if err := m.bring(t, a, facts); err != nil {
		return err
	}
	if faults := m.demands(t, a, facts); len(faults) > 0 {
		return models.Invalid(faults...)
	}
	m.write(t, a)
	if err := m.effects(t, a, facts); err != nil {
		return err
	}
	m.step(t, a)
	m.settleTasks(t, before.State)
	m.show()
	m.retime(was)
	m.runClocks(t)
	if m.flow != flow {
		m.changeClocks()
	}
	if m.report.Phase == models.PhaseEnded {
		m.stopClocks()
	}
	if moved(before, m.report.Keys()) {
		m.report.Version++
	}
	m.claimByStep(t)
	if m.report.State != before.State || len(m.notes) == 0 {
		m.event(models.EventReportMoved, m.bodyOf(t, a, before))
	} else {
		first := m.notes[0]
		body := m.bodyOf(t, a, before)
		first.say(&body)
		m.event(first.kind, body)
		m.notes = m.notes[1:]
	}
	m.tell(t)
	return nil
}

// anew forgets what the step before left.
func (m *move) anew() {
	m.marks, m.photoIDs, m.routed, m.notes, m.stood, m.task, m.former = nil, nil, nil, nil, nil, nil, ""
}

// bring ties the photos that came with a step to the report. What a split names is there
// already.
func (m *move) bring(t *pack.Transition, a Action, facts models.Facts) error {
	if t.Has(pack.EffectSplit) {
		return nil
	}
	return m.adopt(a.PhotoIDs, facts)
}

// note is something that an effect did and that the log tells beside the step. Where the
// state stays, the first of them is the step's own event.
type note struct {
	kind models.EventKind
	say  func(*models.Body)
}

func (m *move) note(kind models.EventKind, say func(*models.Body)) {
	m.notes = append(m.notes, note{kind, say})
}

// tell writes the events of what the effects of a step did.
func (m *move) tell(t *pack.Transition) {
	for _, n := range m.notes {
		body := models.Body{Transition: t.Name, Texts: m.marks}
		n.say(&body)
		m.event(n.kind, body)
	}
	m.notes = nil
	if m.routed != nil {
		m.event(models.EventReportRouted, *m.routed)
	}
}

// bodyOf is what the log keeps of a step.
func (m *move) bodyOf(t *pack.Transition, a Action, before *models.Keys) models.Body {
	b := models.Body{
		Before: before, After: m.report.Keys(), Transition: t.Name, Reason: a.ReasonCode, Texts: m.marks, Photos: m.photoIDs,
		Outcome: a.Outcome, Level: a.Level, Until: a.Until, Ref: a.DuplicateOf, Unit: deref(m.report.LeadUnit),
	}
	if m.former != "" {
		b.Category, b.From = m.report.FirstCategory, m.former
	}
	if m.stood != nil {
		b.WallS, b.WorkingS = &m.stood.wall, &m.stood.working
	}
	return b
}

// claimByStep keeps a report that is being verified in the operator's hand, and lets go
// of it with every other step that leads on.
func (m *move) claimByStep(t *pack.Transition) {
	if t.To == pack.Stay {
		return
	}
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

// stood is how long a report was in the state that it has left, in seconds.
type stood struct{ wall, working int64 }

// step moves the state and the times that go with it.
func (m *move) step(t *pack.Transition, a Action) {
	r := &m.report
	if target := m.target(t); target != r.State {
		m.stood = &stood{int64(m.now.Sub(r.StateAt) / time.Second), int64(m.pack.Calendar("").Between(r.StateAt, m.now) / time.Second)}
		r.PreviousState = new(r.State)
		r.Phase = m.flow.PhaseOf(target, r.State)
		r.State, r.StateAt = target, m.now
	}
	if r.Phase == models.PhaseEnded {
		if r.EndedAt == nil {
			r.EndedAt = &m.now
		}
		if d, ok := t.Demands.Get(pack.DemandReason); ok && d.Reasons == pack.ReasonsReject && a.ReasonCode != "" {
			r.RejectedFor = &a.ReasonCode
		}
	} else {
		r.EndedAt, r.RejectedFor = nil, nil
	}
	if (r.Phase == models.PhaseWorking || r.Phase == models.PhaseAnswered) && r.AcceptedAt == nil {
		r.AcceptedAt = &m.now
	}
	if r.Phase == models.PhaseAnswered && r.PublishedAt == nil {
		r.PublishedAt = &m.now
	}
	if r.Phase == models.PhaseAnswered || r.Phase == models.PhaseEnded {
		r.ScheduledFor = nil
	}
}

// target is the state that a transition leads to from where the report stands.
func (m *move) target(t *pack.Transition) models.State {
	if t.To == pack.Stay {
		return m.report.State
	}
	return m.flow.Target(t, deref(m.report.PreviousState))
}

// autoRoute takes the transitions that happen by themselves as soon as a routing rule
// names a lead. Each leads to another state, so that their number bounds the loop. One that
// cannot be carried out leaves the report where it waits for an operator: as it was, for it
// may have come to half of what it does.
func (m *move) autoRoute() {
	m.actor = models.System(m.report.JurisdictionID)
	for range len(m.flow.AllStates()) {
		t := m.nextRoute()
		if t == nil {
			return
		}
		ahead := m.clone()
		if m.planned = nil; ahead.take(t, Action{}, models.Facts{}) != nil {
			return
		}
		*m = *ahead
	}
}

// nextRoute is the first transition that takes itself from here and leads on, or nil. The
// route that it takes is kept for it.
func (m *move) nextRoute() *pack.Transition {
	for _, t := range m.flow.From(m.report.State) {
		if t.Auto != pack.AutoRoute || m.target(t) == m.report.State || m.lacksAnswer(t) {
			continue
		}
		if yes, err := m.pack.Holds(t.Guard(), m.input()); err != nil || !yes {
			continue
		}
		if route := m.pack.Route(m.input()); route.Lead != "" {
			m.planned = &route
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
				m.tasks[i].DoneAt = nil
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
	m.startTaskClock(task)
}

func (m *move) setTask(i int, state models.TaskState) {
	t := &m.tasks[i]
	if t.State == state {
		return
	}
	t.State = state
	m.touchTask(i)
	m.followTask(*t)
}

func (m *move) touchTask(i int) {
	t := &m.tasks[i]
	t.UpdatedAt = m.now
	t.Version++
	m.changed[t.ID] = true
}

// settleTasks lets the units' tasks follow the report: done with the answer or with what
// came of it, open again when it is asked for once more, cancelled when the report is over
// without. The lead's moves on with the report's state, so that nobody decides on what was.
func (m *move) settleTasks(t *pack.Transition, was models.State) {
	if t.To == pack.Stay {
		return
	}
	finishes := m.finishes(t)
	for i := range m.tasks {
		task := &m.tasks[i]
		version := task.Version
		switch {
		case !task.Active():
		case task.Lead && finishes:
			m.handle(i)
			task.DoneAt = &m.now
			m.setTask(i, models.TaskDone)
			m.changed[task.ID] = true
		case m.over(*task) && task.State != models.TaskDone:
			m.setTask(i, models.TaskCancelled)
		case !task.Lead:
		case m.wantsAnswer() && task.Unit == m.actor.Unit:
			m.handle(i)
			task.DoneAt = nil
			m.setTask(i, models.TaskWorking)
		case m.wantsAnswer() && task.State == models.TaskDone:
			task.DoneAt = nil
			m.setTask(i, models.TaskOpen)
		}
		if task.Lead && task.Active() && task.Version == version && !m.fresh[task.ID] && m.report.State != was {
			m.touchTask(i)
		}
	}
	if m.report.Phase != models.PhaseEnded && !slices.ContainsFunc(m.tasks, func(t models.Task) bool { return t.Lead && t.Active() }) {
		m.report.LeadUnit = nil // who had it was let go when it ended
	}
}

// over says whether there is nothing more to do of a task: the report has ended, or was
// answered without that part of it.
func (m *move) over(task models.Task) bool {
	return m.report.Phase == models.PhaseEnded || m.report.Phase == models.PhaseAnswered && !task.Lead
}

// finishes says whether a transition ends the lead's work: it brings the answer, or ends
// the report and says what came of it.
func (m *move) finishes(t *pack.Transition) bool {
	answer, answers := t.Demands.Get(pack.DemandAnswer)
	if m.report.Phase != models.PhaseEnded {
		return answers
	}
	outcome, tells := t.Demands.Get(pack.DemandOutcome)
	return answers && answer.Required || tells && outcome.Required
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
