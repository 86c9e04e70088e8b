// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// story is a report whose life a test tells step by step.
type story struct {
	*world
	id uuid.UUID
}

// tell begins with a submission on Monday, 2 March 2026, at 9.
func tell(t *testing.T, category string) story {
	t.Helper()
	w := newWorld(t)
	return story{w, w.submit(reporter(), formOf(category))}
}

// step takes a step that must be allowed.
func (s story) step(a models.Actor, name string, with workflow.Action) {
	s.t.Helper()
	if _, err := s.act(a, s.id, name, with); err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
}

func (s story) refused(a models.Actor, name string, with workflow.Action, want models.Code) {
	s.t.Helper()
	if _, err := s.act(a, s.id, name, with); codeOf(err) != want {
		s.t.Fatalf("%s: %v, expected %q", name, err, want)
	}
}

// stands checks where the report is, and what the public sees of it.
func (s story) stands(state models.State, phase models.Phase, shown models.Shown) {
	s.t.Helper()
	if r := s.report(s.id); r.State != state || r.Phase != phase || r.Shown != shown {
		s.t.Fatalf("it stands at %s, %s, %s; expected %s, %s, %s", r.State, r.Phase, r.Shown, state, phase, shown)
	}
}

// clock is the newest clock of a name.
func (s story) clock(name string) models.Deadline {
	s.t.Helper()
	var found *models.Deadline
	for i, d := range s.reports[s.id].Deadlines {
		if d.Kind == name && (found == nil || d.StartedAt.After(found.StartedAt) || found.StoppedAt != nil && d.StoppedAt == nil) {
			found = &s.reports[s.id].Deadlines[i]
		}
	}
	if found == nil {
		s.t.Fatalf("there is no clock %s", name)
	}
	return *found
}

// due checks when a clock runs out that runs.
func (s story) due(name, want string) {
	s.t.Helper()
	d := s.clock(name)
	if got := d.DueAt.In(s.pack.Zone()).Format("2006-01-02 15:04"); got != want || !d.Running() {
		s.t.Fatalf("%s is due %s (running: %t), expected %s", name, got, d.Running(), want)
	}
}

// left checks how much is left on a clock that stands.
func (s story) left(name string, want time.Duration) {
	s.t.Helper()
	d := s.clock(name)
	if d.RemainingS == nil || time.Duration(*d.RemainingS)*time.Second != want {
		s.t.Fatalf("%s: %+v, expected %v left", name, d, want)
	}
}

func (s story) lead() string {
	if l := s.reports[s.id].Lead(); l != nil {
		return l.Unit
	}
	return ""
}

func (s story) support() []string {
	var out []string
	for _, t := range s.reports[s.id].Tasks {
		if !t.Lead && t.Active() {
			out = append(out, t.Unit)
		}
	}
	return out
}

func (s story) say(text string) workflow.Action { return workflow.Action{Text: s.draft(text)} }

// It does nothing to what the pack has accepted by itself.
func (s story) accept() {
	s.t.Helper()
	if s.report(s.id).Phase != models.PhaseReceived {
		return
	}
	s.step(operator(), "claim", workflow.Action{})
	s.step(operator(), "accept", workflow.Action{})
}

// resolution is an answer with a photo of an actor's.
func (s story) resolution(a models.Actor) workflow.Action {
	with := s.say("Đã vá ổ gà, mặt đường bằng phẳng, đã kiểm tra lại.")
	with.Outcome, with.PhotoIDs = models.OutcomeFixed, []uuid.UUID{s.photo(a, models.PhotoAfter)}
	return with
}

// publish works a report that is assigned to its end, without approval.
func (s story) publish() {
	s.t.Helper()
	h := staffActor(models.RoleHandler, s.lead())
	s.step(h, "start", workflow.Action{})
	s.step(h, "resolve", s.resolution(h))
	s.step(verifier(), "publish", workflow.Action{})
}

func (s story) rate(level models.Level) { s.step(reporter(), "rate", workflow.Action{Level: level}) }

// expire fires the clock of a name, as the job does that looks for those due.
func (s story) expire(name string) models.Change {
	s.t.Helper()
	change, err := s.do(workflow.Expire{Packs: s.packs, Jurisdiction: jurisdiction, ReportID: s.id, DeadlineID: s.clock(name).ID})
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	return change
}

// part is the supporting task of a unit.
func (s story) part(unit string) models.Task {
	s.t.Helper()
	for _, t := range s.reports[s.id].Tasks {
		if t.Unit == unit && !t.Lead {
			return t
		}
	}
	s.t.Fatalf("%s has no part in it", unit)
	return models.Task{}
}

// led is the task of who has the report in charge, or had it last.
func (s story) led() models.Task {
	s.t.Helper()
	tasks := slices.DeleteFunc(slices.Clone(s.reports[s.id].Tasks), func(t models.Task) bool { return !t.Lead })
	if len(tasks) == 0 {
		s.t.Fatalf("nobody was ever in charge of it")
	}
	return slices.MaxFunc(tasks, func(a, b models.Task) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
}

// own takes a step on the task of an actor's own unit, as they see it now.
func (s story) own(a models.Actor, name string, with workflow.Action) (models.Change, error) {
	s.t.Helper()
	return s.do(workflow.Act{
		Packs: s.packs, Actor: a, ReportID: s.id, Name: name, Version: new(s.part(a.Unit).Version), Action: with,
	})
}

// newest is the last event of a kind, and what it says.
func (s story) newest(kind models.EventKind) (models.Event, models.Body) {
	s.t.Helper()
	for _, e := range slices.Backward(s.events) {
		if e.Kind == kind {
			body, err := e.ParseBody()
			if err != nil {
				s.t.Fatalf("%v", err)
			}
			return e, body
		}
	}
	s.t.Fatalf("no %s", kind)
	return models.Event{}, models.Body{}
}
