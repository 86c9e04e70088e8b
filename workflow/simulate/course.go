// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// noWay is the transition of a refusal where a workflow has no way to what happened.
const (
	noWayToAccept = "(accept)"
	noWayToAnswer = "(answer)"
)

// course lives a report of which only the beginning and the end are known: somebody takes
// it on as soon as it is there, and answers it when it was answered.
func (l *life) course() {
	accepts := func(t *pack.Transition) bool { return t.Has(pack.EffectAccept) }
	if !l.worked && !l.walk(l.of.At, noWayToAccept, accepts) {
		return
	}
	if l.recordedAnswer().IsZero() || l.lead == "" {
		return // it waits, or it is nobody's
	}
	l.fire(l.of.Answered.Add(-patience))
	l.walk(l.of.Answered, noWayToAnswer, func(t *pack.Transition) bool {
		_, ok := t.Demands.Get(pack.DemandAnswer)
		return ok
	})
}

// recordedAnswer is when the report was answered, zero where it was not by the end.
func (l *life) recordedAnswer() time.Time {
	if !l.of.Answered.Before(l.until) {
		return time.Time{}
	}
	return l.of.Answered
}

// walk takes the shortest way to a step of a kind, and says whether it got there.
func (l *life) walk(at time.Time, none string, wanted func(*pack.Transition) bool) bool {
	flow, ok := l.pack.WorkflowNamed(l.facts.Report.Workflow)
	if !ok {
		return false
	}
	way := wayTo(flow, l.facts.Report.State, wanted)
	if len(way) == 0 {
		l.refused = append(l.refused, Refusal{Transition: none, Code: models.CodeTransitionRefused})
		return false
	}
	for _, t := range way {
		act := workflow.Act{Packs: l.packs, Actor: l.somebody(t), ReportID: l.of.ID, Name: t.Name, Action: l.answerTo(t)}
		if act.Actor.IsStaff() {
			act.Version = &l.facts.Report.Version
		}
		if !l.act(act, at) {
			return false
		}
	}
	return true
}

// wayTo is the shortest way from a state to a wanted step, that step last, through states
// in which the report is not over; nil where there is none.
func wayTo(flow *pack.Workflow, from models.State, wanted func(*pack.Transition) bool) []*pack.Transition {
	came := map[models.State][]*pack.Transition{from: {}}
	for queue := []models.State{from}; len(queue) > 0; queue = queue[1:] {
		state := queue[0]
		steps := flow.From(state)
		if i := slices.IndexFunc(steps, func(t *pack.Transition) bool { return byStaff(t) && wanted(t) }); i >= 0 {
			return append(came[state], steps[i])
		}
		for _, t := range steps {
			to := flow.Target(t, state)
			_, seen := came[to]
			if seen || !byStaff(t) || t.To == pack.Back || flow.PhaseOf(to, state) == models.PhaseEnded {
				continue
			}
			came[to] = append(slices.Clip(came[state]), t)
			queue = append(queue, to)
		}
	}
	return nil
}

func byStaff(t *pack.Transition) bool {
	return t.Auto == "" && t.On == pack.OnReport && slices.ContainsFunc(t.By, isStaff)
}

func isStaff(r models.Role) bool {
	switch r {
	case models.RoleOperator, models.RoleVerifier, models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead, models.RoleLeader:
		return true
	default:
		return false
	}
}

// somebody is a member of staff who may take a step.
func (l *life) somebody(t *pack.Transition) models.Actor {
	role := t.By[slices.IndexFunc(t.By, isStaff)]
	a := models.Actor{
		Kind: models.ActorStaff, ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte("simulated staff")), Jurisdiction: here, Roles: []models.Role{role},
		Unit: l.pack.Settings().Operations, Language: models.Vietnamese,
	}
	switch role {
	case models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead:
		a.Unit = l.lead
		if lead := l.facts.Lead(); lead != nil {
			a.Unit = lead.Unit
		}
	default: // works for the operations centre
	}
	return a
}

// answerTo is what a step demands.
func (l *life) answerTo(t *pack.Transition) workflow.Action {
	var a workflow.Action
	for _, d := range t.Demands {
		if !d.Required {
			continue
		}
		switch d.Kind {
		case pack.DemandAnswer, pack.DemandNote, pack.DemandQuestion, pack.DemandResult, pack.DemandDirective:
			a.Text = Draft(l.of.ID, string(d.Kind), max(d.Min, 1))
		case pack.DemandRedactedText:
			a.Redacted = Draft(l.of.ID, string(d.Kind), max(d.Min, 1))
		case pack.DemandProof, pack.DemandDocument:
			a.Document = Draft(l.of.ID, string(d.Kind), max(d.Min, 1))
		case pack.DemandReason:
			if reasons := l.pack.Reasons(d.Reasons); len(reasons) > 0 {
				a.ReasonCode = reasons[0].Code
			}
		case pack.DemandOutcome:
			a.Outcome = models.OutcomeFixed
			if len(d.AnyOf) > 0 && !slices.Contains(d.AnyOf, string(a.Outcome)) {
				a.Outcome = models.Outcome(d.AnyOf[0])
			}
		case pack.DemandUnit:
			a.Unit = l.lead
		case pack.DemandCategory:
			a.Category = l.facts.Report.Category
		case pack.DemandUrgency:
			a.Urgency = l.facts.Report.Urgency
		case pack.DemandUntil:
			until := l.now.Add(24 * time.Hour)
			a.Until = &until
		default: // nothing that could be made up
		}
	}
	return a
}

// Draft is a text of a length, in characters, in the place of one whose words do not
// matter. Its id follows from the report's and what it is.
func Draft(report uuid.UUID, what string, length int) models.Draft {
	if length <= 0 {
		return models.Draft{}
	}
	return models.Draft{ID: uuid.NewSHA1(report, []byte(what)), Body: strings.Repeat("-", length)}
}
