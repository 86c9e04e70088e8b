// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// with adds a second version of the pack, in force from now.
func (s story) with(p *pack.Pack) story {
	w := *s.world
	w.packs = w.packs.With(jurisdiction, 2, p, w.now)
	s.world = &w
	return s
}

func (s story) repack(states map[models.State]models.State) error {
	s.t.Helper()
	_, err := s.do(workflow.Repack{Packs: s.packs, Actor: administrator(), ReportID: s.id, To: 2, States: states})
	return err
}

// renamed is the demo city whose workflows call a thing otherwise.
func renamed(t *testing.T, pairs ...string) *pack.Pack {
	t.Helper()
	how := strings.NewReplacer(pairs...).Replace
	return changedPack(t, map[string]func(string) string{
		"workflow.yaml": how, "workflow-sos.yaml": how, "workflow-tuc-thoi.yaml": how, "categories.yaml": how, "routing.yaml": how,
		"templates.yaml": how, "pack.yaml": how,
	})
}

func TestRepack(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.step(staffActor(models.RoleHandler, s.lead()), "start", workflow.Action{})
	before, clock := s.report(s.id), s.clock("xu-ly")
	s = s.with(renamed(t, "Pothole", "Hole"))
	s.after(time.Hour)
	if err := s.repack(nil); err != nil {
		t.Fatal(err)
	}
	r, body := s.report(s.id), s.last(models.EventReportRepacked)
	if r.PackVersion != 2 || r.State != before.State || r.Version != before.Version || !r.StateAt.Equal(before.StateAt) || body.Pack != 2 || body.From != "1" {
		t.Errorf("%+v, %+v", r, body)
	}
	if now := s.clock("xu-ly"); now.ID != clock.ID || !now.DueAt.Equal(clock.DueAt) || !now.Running() {
		t.Errorf("the clock: %+v, was %+v", now, clock)
	}
	if change, err := s.do(workflow.Repack{Packs: s.packs, Actor: administrator(), ReportID: s.id, To: 2}); err != nil || !nothing(change) {
		t.Errorf("once more: %+v, %v", change, err)
	}
	h := staffActor(models.RoleHandler, s.lead())
	s.step(h, "resolve", s.resolution(h))
}

// A state that is called otherwise has to be mapped, to one of the same phase.
func TestRepackMapsStates(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.step(staffActor(models.RoleHandler, s.lead()), "start", workflow.Action{})
	s = s.with(renamed(t, "in_progress", "under_way"))
	for states, want := range map[*map[models.State]models.State]models.Code{
		{}:                           models.CodeInvalidValue,
		{"in_progress": "somewhere"}: models.CodeInvalidValue,
		{"in_progress": "published"}: models.CodeInvalidValue,
		{"in_progress": "under_way"}: "",
	} {
		fresh := story{s.clone(t), s.id}
		before := fresh.report(s.id)
		if err := fresh.repack(maps.Clone(*states)); codeOf(err) != want {
			t.Errorf("%v: %v, want %q", *states, err, want)
		}
		if r := fresh.report(s.id); want == "" && (r.State != "under_way" || r.Phase != models.PhaseWorking || r.Version != before.Version+1) {
			t.Errorf("%s, %s, version %d", r.State, r.Phase, r.Version)
		}
	}
}

// A report that waits for its reporter has to find its way back in the other version.
func TestRepackKeepsTheWayBack(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.step(operator(), "claim", workflow.Action{})
	s.step(operator(), "ask", s.say("Ở số nhà nào?"))
	s = s.with(renamed(t, "verifying", "being_read"))
	if err := s.repack(nil); codeOf(err) != models.CodeInvalidValue || !strings.Contains(err.Error(), "body.states") {
		t.Errorf("without a way back: %v", err)
	}
	if err := s.repack(map[models.State]models.State{"verifying": "being_read"}); err != nil {
		t.Fatal(err)
	}
	s.step(reporter(), "provide_info", s.say("Số 12."))
	s.stands("being_read", models.PhaseReceived, models.ShownNone)
}

func TestRepackStopsClocksThatAreNoMore(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s = s.with(renamed(t, "tiep-nhan", "nhan-vao"))
	if err := s.repack(nil); err != nil {
		t.Fatal(err)
	}
	if d := s.clock("tiep-nhan"); d.StoppedAt == nil {
		t.Errorf("it runs on: %+v", d)
	}
}

func TestRepackRefuses(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s = s.with(renamed(t, "o-ga", "ho-duong"))
	for _, c := range []struct {
		what string
		by   models.Actor
		to   int32
		want models.Code
	}{
		{"a category that is gone", administrator(), 2, models.CodeUnknownCategory},
		{"a version that is none", administrator(), 3, models.CodeInvalidValue},
		{"an operator", operator(), 2, models.CodeForbidden},
		{"a guest", models.Guest(jurisdiction), 2, models.CodeUnauthorized},
	} {
		_, err := s.do(workflow.Repack{Packs: s.packs, Actor: c.by, ReportID: s.id, To: c.to})
		if codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}
