// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// Each state of a supporting task × transition on support × caller, in each state of the
// report: who may does, and nobody else can.
func TestSupportMatrix(t *testing.T) {
	t.Parallel()
	for _, set := range settingsOf(t) {
		for state, s := range everyState(t, set) {
			t.Run(set.name+"/"+string(state), func(t *testing.T) {
				t.Parallel()
				for _, is := range []models.TaskState{models.TaskOpen, models.TaskWorking, models.TaskDone, models.TaskReturned, models.TaskCancelled} {
					here := s.clone(t)
					task := here.support(is)
					for _, step := range set.flow.Steps() {
						if step.On != pack.OnSupport {
							continue
						}
						for _, c := range here.callers() {
							here.supportCell(t, c, step, task)
						}
					}
				}
			})
		}
	}
}

// support gives the report a supporting unit beside those it has, and brings its task to a
// state.
func (s standing) support(is models.TaskState) models.Task {
	f := *s.w.reports[s.id]
	unit := s.w.spare(s.id)
	f.Tasks = slices.DeleteFunc(slices.Clone(f.Tasks), func(t models.Task) bool { return !t.Lead })
	task := models.Task{JurisdictionID: jurisdiction, ID: personID("its task"), ReportID: s.id, Unit: unit, State: is, Version: 7, CreatedAt: s.w.now}
	f.Tasks = append(f.Tasks, task)
	s.w.reports[s.id] = &f
	return task
}

// supportExpected is what must come of a step on a supporting task: "" or a code.
func (s standing) supportExpected(c caller, step *pack.Transition, task models.Task) models.Code {
	phase := s.report().Phase
	inUnit := slices.ContainsFunc(c.actor.Roles, func(r models.Role) bool {
		return r == models.RoleCoordinator || r == models.RoleHandler || r == models.RoleUnitHead
	})
	switch {
	case !c.sees:
		return models.CodeNotFound
	case !slices.ContainsFunc(c.actor.Roles, step.MayBe), inUnit && c.actor.Unit != task.Unit:
		return models.CodeForbidden
	case phase != models.PhaseReceived && phase != models.PhaseWorking, !step.Leaves(models.State(task.State)):
		return models.CodeTransitionRefused
	}
	return ""
}

func (s standing) supportCell(t *testing.T, c caller, step *pack.Transition, task models.Task) {
	t.Helper()
	take := func(here standing, version *int64, with workflow.Action) (models.Change, error) {
		return here.w.do(workflow.Act{
			Packs: here.w.packs, Actor: c.actor, ReportID: s.id, Name: step.Name, TaskID: &task.ID, Version: version, Action: with,
		})
	}
	here := s.clone(t)
	what := fmt.Sprintf("%s/%s: %s by %s", s.report().State, task.State, step.Name, c.name)
	want := s.supportExpected(c, step, task)
	change, err := take(here, &task.Version, here.w.all(c.actor, s.id, step))
	if codeOf(err) != want {
		t.Errorf("%s: %q, expected %q (%v)", what, codeOf(err), want, err)
		return
	}
	if err != nil {
		return
	}
	kind, to := models.EventTaskMoved, models.TaskState(step.To)
	if step.Has(pack.EffectHand) {
		kind = models.EventTaskHanded
	}
	if step.To == pack.Stay {
		to = task.State
	}
	if got := eventKinds(change); !slices.Equal(got, []models.EventKind{kind}) {
		t.Errorf("%s: events %v", what, got)
	}
	moved := here.task(task.ID)
	if moved.State != to || moved.Version <= task.Version || (moved.State == models.TaskDone) != (moved.DoneAt != nil) {
		t.Errorf("%s: the task is now %+v", what, moved)
	}
	if was, is := s.report(), here.report(); is.Version != was.Version || is.State != was.State {
		t.Errorf("%s moved the report", what)
	}
	s.supportRefusals(t, step, c, what, take, task)
}

// supportRefusals: a step that is allowed is refused without the task's version, with an
// old one, and without each of its demands.
func (s standing) supportRefusals(
	t *testing.T, step *pack.Transition, c caller, what string, take func(standing, *int64, workflow.Action) (models.Change, error), task models.Task,
) {
	t.Helper()
	for _, tt := range []struct {
		version *int64
		want    models.Code
	}{{nil, models.CodeVersionMissing}, {new(task.Version - 1), models.CodeVersionStale}} {
		here := s.clone(t)
		if _, err := take(here, tt.version, here.w.all(c.actor, s.id, step)); codeOf(err) != tt.want {
			t.Errorf("%s with version %v: %v", what, tt.version, err)
		}
	}
	for _, d := range step.Demands {
		here := s.clone(t)
		with := here.w.all(c.actor, s.id, step)
		leaveOut(&with, d.Kind)
		_, err := take(here, &task.Version, with)
		if d.Required != (strings.Join(fieldsOf(err), " ") == "body."+fieldNames[d.Kind]+" demand_missing") {
			t.Errorf("%s without %s: %v", what, d.Kind, err)
		}
	}
}
