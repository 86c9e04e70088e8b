// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// duty is what some staff hear of a step. Task is the part that it is about, nil for
// the report.
type duty struct {
	kind  Kind
	staff []models.HeardStaff
	task  *uuid.UUID
}

// forStaff is what staff hear of the step, each of them one thing. Nobody is told of what
// they did themselves, and a demo's past, which is filled in, is nobody's work.
func (s step) forStaff(sc *scene, now time.Time) []duty {
	if s.origin == models.OriginDemo && now.Sub(s.at) > pushWithin {
		return nil
	}
	told := map[uuid.UUID]bool{}
	all := s.duties(sc)
	for i, d := range all {
		all[i].staff = slices.DeleteFunc(slices.Clone(d.staff), func(m models.HeardStaff) bool {
			skip := told[m.ID] || !m.Active || s.actor == recipientOf(m)
			told[m.ID] = true
			return skip
		})
	}
	return all
}

func recipientOf(m models.HeardStaff) string {
	return models.Actor{Kind: models.ActorStaff, ID: m.ID}.String()
}

func (s step) duties(sc *scene) []duty {
	unit := s.body.Unit
	switch s.event {
	case models.EventReportRouted:
		return s.routed(sc)
	case models.EventReportMoved:
		return s.movedForStaff(sc)
	case models.EventTaskMoved:
		// A part that was given back stays as it is: whoever asks again makes another.
		if t, ok := sc.task(s); ok && t.State == models.TaskReturned && !t.UpdatedAt.After(s.at.Add(sameMoment)) {
			return []duty{{KindSupportReturned, sc.desk(s), &t.ID}}
		}
	case models.EventTaskHanded:
		if s.body.Ref != nil {
			return []duty{{KindTaskHanded, sc.one(s.body.Ref), s.body.Task}}
		}
		return []duty{{KindTaskInherited, sc.contacts(s, unit), s.body.Task}}
	case models.EventReportUrged:
		return []duty{{KindUrged, sc.command(s, unit), nil}}
	case models.EventReportDirected:
		return []duty{{KindDirected, sc.command(s, unit), nil}}
	case models.EventReportMessage:
		if !s.byStaff(sc.reports[s.report]) {
			return []duty{{KindWritten, sc.desk(s), nil}}
		}
	case models.EventDeadlineReminded, models.EventDeadlineMissed, models.EventDeadlineEscalated:
		return s.ofClock(sc)
	default: // the rest is told to citizens alone
	}
	return nil
}

// sameMoment is how far apart the database's and a program's clock may keep one moment.
const sameMoment = time.Millisecond

// routed tells the units that have a part in the report since this step. Those that had
// one already are not told again.
func (s step) routed(sc *scene) []duty {
	var all []duty
	for _, t := range sc.tasks[s.report] {
		made := t.CreatedAt.Sub(s.at).Abs() < sameMoment
		again := t.State == models.TaskOpen && t.UpdatedAt.Sub(s.at).Abs() < sameMoment
		if !made && !again || t.Unit != s.body.Unit && !slices.Contains(s.body.Support, t.Unit) {
			continue
		}
		kind := KindTaskSupport
		if t.Lead {
			kind = KindTask
		}
		all = append(all, duty{kind, sc.contacts(s, t.Unit), &t.ID})
	}
	return all
}

// movedForStaff tells of a move that puts work on somebody's desk: what was answered or
// refused comes back, a unit gives a report back, the reporter has answered.
func (s step) movedForStaff(sc *scene) []duty {
	before, after := s.body.Before, s.body.After
	if before == nil || after == nil || before.State == after.State || isOver(after.Phase) {
		return nil
	}
	outside := !s.bySystem() && !s.byStaff(sc.reports[s.report])
	rework := before.State == stateResolved && (after.State == "in_progress" || after.State == "assigned")
	switch {
	case before.State == stateRejected && outside:
		return []duty{{KindObjected, sc.desk(s), nil}}
	case (isOver(before.Phase) || rework) && after.Unit != "":
		return []duty{{KindTaskAgain, append(sc.handler(s), sc.contacts(s, after.Unit)...), nil}}
	case isOver(before.Phase) && outside:
		return []duty{{KindTaskAgain, sc.desk(s), nil}}
	case before.Unit != "" && after.Unit == "":
		return []duty{{KindTaskReturned, sc.desk(s), nil}}
	case before.State == stateNeedsInfo && outside:
		return []duty{{KindWritten, sc.desk(s), nil}}
	default:
		return nil
	}
}

// ofClock tells of a clock that staff work against. One that waits for the reporter is
// theirs to hear of, and one that takes a step when it ends has missed nothing.
func (s step) ofClock(sc *scene) []duty {
	clock, unit := sc.clock(s, models.Vietnamese), s.body.Unit
	if clock.Waits && s.event != models.EventDeadlineEscalated {
		return nil
	}
	switch {
	case s.event == models.EventDeadlineReminded && unit == sc.operations(s):
		return []duty{{KindDue, sc.desk(s, models.RoleOperator), nil}}
	case s.event == models.EventDeadlineReminded:
		return []duty{{KindDue, append(sc.handlerIn(s, unit), sc.contacts(s, unit)...), s.body.Task}}
	case s.event == models.EventDeadlineMissed && clock.Steps:
		return nil
	case s.event == models.EventDeadlineMissed:
		return []duty{{KindMissed, sc.heads(s, unit), s.body.Task}}
	case unit == "":
		return []duty{{KindEscalated, sc.holding(models.RoleLeader), s.body.Task}}
	default:
		return []duty{{KindEscalated, sc.heads(s, unit), s.body.Task}}
	}
}

// desk is who at the operations centre has the report in hand; where nobody has, those
// with a role there, by default whoever verifies.
func (sc *scene) desk(s step, role ...models.Role) []models.HeardStaff {
	report := sc.reports[s.report]
	if report.ClaimedBy != nil && report.ClaimedUntil != nil && report.ClaimedUntil.After(s.at) {
		if held := sc.one(report.ClaimedBy); len(held) > 0 && held[0].Active {
			return held
		}
	}
	for _, r := range append(role, models.RoleVerifier, models.RoleOperator) {
		if some := sc.holding(r); len(some) > 0 {
			return some
		}
	}
	return nil
}

// contacts are a unit's coordinators, else its heads; of the operations centre its desk.
func (sc *scene) contacts(s step, unit string) []models.HeardStaff {
	if unit == sc.operations(s) {
		return sc.desk(s)
	}
	return sc.of(unit, models.RoleCoordinator, models.RoleUnitHead)
}

// heads are a unit's heads, or the leaders in it, else its coordinators; of the
// operations centre whoever verifies.
func (sc *scene) heads(s step, unit string) []models.HeardStaff {
	if unit == sc.operations(s) {
		if some := sc.holding(models.RoleVerifier); len(some) > 0 {
			return some
		}
		return sc.holding(models.RoleOperator)
	}
	return sc.of(unit, models.RoleUnitHead, models.RoleLeader, models.RoleCoordinator)
}

// command is whoever answers for a unit's work: its coordinators and its heads. Where no
// unit has the report it is the desk.
func (sc *scene) command(s step, unit string) []models.HeardStaff {
	if unit == "" || unit == sc.operations(s) {
		return sc.desk(s)
	}
	return append(sc.of(unit, models.RoleCoordinator), sc.of(unit, models.RoleUnitHead)...)
}

// of are those of a unit who hold the first of the roles that anybody there holds.
func (sc *scene) of(unit string, roles ...models.Role) []models.HeardStaff {
	for _, role := range roles {
		if some := with(role, sc.byUnit[unit]); len(some) > 0 {
			return some
		}
	}
	return nil
}

func (sc *scene) holding(role models.Role) []models.HeardStaff { return with(role, sc.staff) }

func with(role models.Role, staff []models.HeardStaff) []models.HeardStaff {
	var some []models.HeardStaff
	for _, m := range staff {
		if m.Active && m.Has(role) {
			some = append(some, m)
		}
	}
	return some
}

// one is a staff member by the id, nobody for nil or an unknown one.
func (sc *scene) one(id *uuid.UUID) []models.HeardStaff {
	if id == nil {
		return nil
	}
	if m, ok := sc.byID[*id]; ok {
		return []models.HeardStaff{m}
	}
	return nil
}

// handler is who has the task in hand that the step is about, while of the unit.
func (sc *scene) handler(s step) []models.HeardStaff {
	t, _ := sc.task(s)
	if who := sc.one(t.HandlerID); len(who) > 0 && who[0].Unit == t.Unit {
		return who
	}
	return nil
}

// handlerIn is the same, where the task is a unit's.
func (sc *scene) handlerIn(s step, unit string) []models.HeardStaff {
	if t, ok := sc.task(s); !ok || t.Unit != unit {
		return nil
	}
	return sc.handler(s)
}
