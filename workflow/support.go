// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// support takes a step of a supporting unit's own task. The report stays as it is, and its
// version with it: what one unit does of its part is no news to those who decide on the
// whole.
func (a Act) support(m *move, t *pack.Transition, facts models.Facts) (models.Change, error) {
	if !slices.ContainsFunc(a.Actor.Roles, t.MayBe) {
		return models.Change{}, models.E(models.CodeForbidden)
	}
	i := a.supportTask(m.tasks)
	switch {
	case i < 0 && a.TaskID != nil:
		return models.Change{}, models.Invalid(models.Field("body.task_id", models.CodeInvalidValue, nil))
	case i < 0, !mayMove(a.Actor, t, m.tasks[i]):
		return models.Change{}, models.E(models.CodeForbidden)
	}
	if err := a.freshAt(m.tasks[i].Version); err != nil {
		return models.Change{}, err
	}
	if !m.movable(t, m.tasks[i]) {
		return models.Change{}, models.E(models.CodeTransitionRefused)
	}
	if err := m.takeSupport(t, i, a.Action, facts); err != nil {
		return models.Change{}, err
	}
	return m.change(false), nil
}

// supportTask finds the task that a step is about: the one that is named, or that of the
// caller's unit. It is -1 where there is none.
func (a Act) supportTask(tasks []models.Task) int {
	return slices.IndexFunc(tasks, func(t models.Task) bool {
		if a.TaskID != nil {
			return t.ID == *a.TaskID && !t.Lead
		}
		return t.Unit == a.Actor.Unit && !t.Lead && t.Active()
	})
}

// mayMove says whether one of the actor's roles may move a supporting task. A unit's roles
// act for their own part alone, the lead's people too.
func mayMove(a models.Actor, t *pack.Transition, task models.Task) bool {
	return slices.ContainsFunc(a.Roles, func(role models.Role) bool {
		switch role {
		case models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead:
			return t.MayBe(role) && task.Unit == a.Unit
		case models.RoleCitizen, models.RoleGuest, models.RoleAgent, models.RoleMachine:
			return false
		default:
			return t.MayBe(role)
		}
	})
}

// movable says whether a task can take a step from where it and the report stand.
func (m *move) movable(t *pack.Transition, task models.Task) bool {
	if m.report.Phase != models.PhaseReceived && m.report.Phase != models.PhaseWorking || !t.Leaves(models.State(task.State)) {
		return false
	}
	yes, err := m.pack.Holds(t.Guard(), m.input())
	return err == nil && yes
}

// takeSupport carries a step on a supporting task out.
func (m *move) takeSupport(t *pack.Transition, i int, a Action, facts models.Facts) error {
	was := m.basis()
	m.anew()
	m.task = &m.tasks[i].ID
	a = a.only(t.Demands)
	if err := m.adopt(a.PhotoIDs, facts); err != nil {
		return err
	}
	if faults := m.demands(t, a, facts); len(faults) > 0 {
		return models.Invalid(faults...)
	}
	m.write(t, a)
	m.moveTask(t, i)
	if t.Has(pack.EffectHand) {
		m.hand(i, a)
	}
	m.retime(was)
	m.eventOfPart(t, i, a)
	return nil
}

// eventOfPart writes down what a step did to a supporting task. Where it moved nothing, what
// its effect says is the step's own event, as it is of a report.
func (m *move) eventOfPart(t *pack.Transition, i int, a Action) {
	kind, body := models.EventTaskMoved, models.Body{
		Task: m.task, Transition: t.Name, Unit: m.tasks[i].Unit, Reason: a.ReasonCode, Texts: m.marks, Photos: m.photoIDs, Until: a.Until,
	}
	if t.To == pack.Stay && len(m.notes) > 0 {
		kind = m.notes[0].kind
		m.notes[0].say(&body)
		m.notes = m.notes[1:]
	}
	m.event(kind, body)
	m.tell(t)
}

// moveTask brings a supporting task to the state that a step leads to. Whoever of the unit
// takes the step has it in hand, unless it hands it over.
func (m *move) moveTask(t *pack.Transition, i int) {
	task := &m.tasks[i]
	version := task.Version
	if !t.Has(pack.EffectHand) {
		m.handle(i)
	}
	if t.To != pack.Stay {
		m.setTask(i, models.TaskState(t.To))
		task.DoneAt = nil
		if task.State == models.TaskDone {
			task.DoneAt = &m.now
		}
	}
	if task.Version == version && !t.Has(pack.EffectHand) {
		m.touchTask(i)
	}
}

// supportOffers are the steps that the actor may take on supporting tasks.
func (m *move) supportOffers() []Offer {
	var offers []Offer
	for i := range m.tasks {
		task := &m.tasks[i]
		if task.Lead {
			continue
		}
		for _, t := range m.flow.Steps() {
			if t.On == pack.OnSupport && mayMove(m.actor, t, *task) && m.movable(t, *task) {
				offers = append(offers, Offer{Transition: t, TaskID: &task.ID, Version: task.Version})
			}
		}
	}
	return offers
}

// addSupport gives a part of the report to more units, beside those that have one. One
// that is done with its part is asked once more.
func (m *move) addSupport(units []string) error {
	var added []string
	for _, unit := range others(units, deref(m.report.LeadUnit)) {
		if !slices.ContainsFunc(m.tasks, func(t models.Task) bool { return t.Unit == unit && t.Active() && t.State != models.TaskDone }) {
			m.ensureTask(unit, false, nil)
			added = append(added, unit)
		}
	}
	if len(units) > 0 && len(added) == 0 {
		return models.Invalid(models.Field("body.support_units", models.CodeInvalidValue, nil))
	}
	if len(added) > 0 {
		m.routed = &models.Body{Unit: deref(m.report.LeadUnit), Support: m.supporters()}
	}
	return nil
}

// supporters are the units that support the lead.
func (m *move) supporters() []string {
	var out []string
	for _, t := range m.tasks {
		if !t.Lead && t.Active() {
			out = append(out, t.Unit)
		}
	}
	slices.Sort(out)
	return out
}

// hand gives a unit's task to one of its people.
func (m *move) hand(i int, a Action) {
	task := &m.tasks[i]
	task.HandlerID = &a.Handler
	m.touchTask(i)
	m.note(models.EventTaskHanded, func(b *models.Body) { b.Task, b.Unit, b.Ref = &task.ID, task.Unit, &a.Handler })
}

// handed is the task that a step hands over: the supporting one it is about, or the lead's.
func (m *move) handed() int {
	return slices.IndexFunc(m.tasks, func(t models.Task) bool {
		if m.task != nil {
			return t.ID == *m.task
		}
		return t.Lead && t.Active()
	})
}

// handlerDemand wants somebody of the unit that has the task, who is at work there.
func (m *move) handlerDemand(d pack.Demand, a Action, facts models.Facts) (models.Code, models.Params) {
	if a.Handler == uuid.Nil {
		return absent(d)
	}
	i, who := m.handed(), facts.Staff[a.Handler]
	if i < 0 || !who.Active || deref(who.Unit) != m.tasks[i].Unit {
		return models.CodeInvalidValue, nil
	}
	if !slices.ContainsFunc(who.Roles, unitRole) {
		return models.CodeInvalidValue, nil
	}
	return "", nil
}

// unitRole says whether a role is that of somebody who works in a unit.
func unitRole(r models.Role) bool {
	return r == models.RoleCoordinator || r == models.RoleHandler || r == models.RoleUnitHead
}
