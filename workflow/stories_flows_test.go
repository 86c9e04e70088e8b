// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"hientruong/models"
	"hientruong/workflow"
)

// saying is a form of a category with other words.
func saying(category, description string) workflow.Form {
	f := formOf(category)
	f.Description = description
	return f
}

// A call for rescue waits for nobody's look: it is with the rescuers at once, whoever
// supports does its part, and what is still open ends with the rescue.
func TestRescue(t *testing.T) {
	t.Parallel()
	s := tell(t, "sos")
	s.stands("assigned", models.PhaseWorking, models.ShownNone)
	if s.lead() != "ioc" || s.report(s.id).Urgency != models.UrgencySOS || s.report(s.id).Workflow != "sos" {
		t.Errorf("led by %s: %+v", s.lead(), s.report(s.id))
	}
	s.due("tiep-nhan", "2026-03-02 09:05")
	s.after(2 * time.Minute)
	s.step(operator(), "start", workflow.Action{})
	if s.clock("tiep-nhan").StoppedAt == nil {
		t.Error("the clock of setting out runs on")
	}
	police, ward := staffActor(models.RoleHandler, "cong-an"), staffActor(models.RoleHandler, "phuong-cau-may")
	for _, step := range []struct {
		name string
		with workflow.Action
	}{{"support_start", workflow.Action{}}, {"support_done", s.say("Đã đưa ba người lên xuồng.")}} {
		if _, err := s.own(police, step.name, step.with); err != nil {
			t.Fatal(err)
		}
	}
	with := s.say("Đã đưa cả nhà về trường học.")
	with.Outcome = models.OutcomePlanned
	s.refused(operator(), "resolve", with, models.CodeInvalidValue) // saved is saved
	with.Outcome = models.OutcomeFixed
	s.step(operator(), "resolve", with)
	s.stands("rescued", models.PhaseEnded, models.ShownNone)
	if t := s.led(); t.State != models.TaskDone || t.DoneAt == nil || !t.DoneAt.Equal(s.now) {
		s.t.Errorf("the rescuers' part is %s since %v", t.State, t.DoneAt)
	}
	if s.part("cong-an").State != models.TaskDone || s.part("phuong-cau-may").State != models.TaskCancelled {
		t.Errorf("parts: %+v", s.reports[s.id].Tasks)
	}
	if _, err := s.own(ward, "support_start", workflow.Action{}); codeOf(err) != models.CodeNotFound {
		t.Errorf("a part of what is over: %v", err)
	}
}

// Who is called again goes out again; and what is no call for rescue goes the usual way.
func TestRescueGoesOn(t *testing.T) {
	t.Parallel()
	s := tell(t, "sos")
	gone := s.say("Không ai nghe máy, nhà trống.")
	gone.Outcome = models.OutcomeNothingFound
	s.step(operator(), "give_up", gone)
	s.stands("unreachable", models.PhaseEnded, models.ShownNone)
	if s.led().State != models.TaskDone { // they went, and found nobody
		t.Errorf("the rescuers' part is %s", s.led().State)
	}
	s.step(reporter(), "call_again", workflow.Action{})
	s.stands("assigned", models.PhaseWorking, models.ShownNone)
	if s.lead() != "ioc" || s.report(s.id).Reopens != 1 {
		t.Errorf("led by %q, reopened %d times", s.lead(), s.report(s.id).Reopens)
	}
	s.due("tiep-nhan", "2026-03-02 09:05")
	s.step(operator(), "reclassify", workflow.Action{Category: "o-ga"})
	s.stands("submitted", models.PhaseReceived, models.ShownNone)
	r := s.report(s.id)
	if r.Workflow != "thuong" || r.Category != "o-ga" || r.FirstCategory != "sos" || r.Urgency != models.UrgencyNormal {
		t.Errorf("report: %+v", r)
	}
	s.accept()
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	if s.lead() != "so-xay-dung" {
		t.Errorf("led by %s", s.lead())
	}
}

// What a ward stops on the spot is answered in public by the ward itself, and sent back
// while nobody has rated it.
func TestInstant(t *testing.T) {
	t.Parallel()
	s := tell(t, "tieng-on")
	s.due("tiep-nhan", "2026-03-02 09:15")
	s.accept()
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	ward := staffActor(models.RoleHandler, s.lead())
	s.step(ward, "start", workflow.Action{})
	nothing := s.say("Đến nơi lúc 9 giờ 20, không còn tiếng ồn.")
	nothing.Outcome = models.OutcomeFixed
	s.refused(ward, "resolve", nothing, models.CodeDemandMissing) // proof of what was done
	nothing.Outcome = models.OutcomeNothingFound
	s.step(ward, "resolve", nothing)
	s.stands("published", models.PhaseAnswered, models.ShownFull)
	if r := s.report(s.id); r.PublishedAt == nil || s.clock("xu-ly").StoppedAt == nil {
		t.Errorf("answered: %+v", r)
	}
	s.step(verifier(), "rework", s.say("Đề nghị kiểm tra lại lúc đêm."))
	s.stands("in_progress", models.PhaseWorking, models.ShownFull)
	s.step(ward, "resolve", s.resolution(ward))
	s.rate(models.LevelUnsatisfied)
	s.refused(verifier(), "rework", s.say("Đề nghị kiểm tra lại lúc đêm."), models.CodeTransitionRefused)
	s.after(7 * 24 * time.Hour)
	s.expire("dong")
	s.stands("closed", models.PhaseEnded, models.ShownFull)
}

// The words of a description decide on the way: a bridge that may fall is no matter of
// three days.
func TestWordsChooseTheWorkflow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := story{w, w.submit(reporter(), saying("via-he-hong", "Lề đường sụt lún, có nguy cơ sập!"))}
	r := s.report(s.id)
	var words []string
	if err := json.Unmarshal(r.Words, &words); err != nil || !slices.Equal(words, []string{"sap-do"}) {
		t.Errorf("words: %s", r.Words)
	}
	if r.Workflow != "tuc-thoi" {
		t.Errorf("workflow: %s", r.Workflow)
	}
	s.due("tiep-nhan", "2026-03-02 09:15")
	s.accept()
	if s.lead() != "so-xay-dung" || s.report(s.id).Urgency != models.UrgencyUrgent || s.report(s.id).Workflow != "tuc-thoi" {
		t.Errorf("routed: %+v", s.report(s.id))
	}
	plain := story{w, w.submit(reporter(), saying("via-he-hong", "Gạch lát bong."))}
	if r := plain.report(plain.id); r.Workflow != "thuong" || r.Words != nil {
		t.Errorf("report: %+v", r)
	}
}

// An operator who makes it urgent moves it to the workflow that a rule names for urgent
// ones; one who sees it too late, when that does not know the state, does not.
func TestUrgencyChoosesTheWorkflow(t *testing.T) {
	t.Parallel()
	s := tell(t, "rac-ton-dong")
	if s.report(s.id).Workflow != "thuong" {
		t.Fatal("it begins elsewhere")
	}
	s.step(operator(), "claim", workflow.Action{})
	s.refused(operator(), "set_urgency", workflow.Action{Urgency: "panic"}, models.CodeInvalidValue)
	s.step(operator(), "set_urgency", workflow.Action{Urgency: models.UrgencyUrgent})
	if r := s.report(s.id); r.Workflow != "tuc-thoi" || r.State != "verifying" || r.Urgency != models.UrgencyUrgent || r.Version != 2 {
		t.Errorf("report: %+v", r)
	}
	s.step(operator(), "accept", workflow.Action{})
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	h := staffActor(models.RoleHandler, s.lead())
	s.step(h, "start", workflow.Action{})
	s.step(h, "resolve", s.resolution(h))
	s.stands("published", models.PhaseAnswered, models.ShownFull)
}

// What one decision adds can bring a clock into the time of another, whichever was made
// first: both count, and counting anew finds no more. By hand: due on Thursday, three days
// more make it Tuesday, two of that week's make it Thursday again.
func TestOneExtensionReachesAnother(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.due("xu-ly", "2026-03-05 17:00")
	s.decides(workflow.MakeDecision{Kind: models.DecisionExtend, Days: 2, StartsAt: s.when("2026-03-09 00:00"), EndsAt: s.when("2026-03-11 00:00")})
	s.decides(workflow.MakeDecision{Kind: models.DecisionExtend, Days: 3, StartsAt: s.when("2026-03-02 00:00"), EndsAt: s.when("2026-03-03 00:00")})
	s.retimes(workflow.Cause{})
	s.due("xu-ly", "2026-03-12 17:00")
	if again := s.retimes(workflow.Cause{}); len(again) > 0 {
		t.Errorf("counted anew twice: %+v", again)
	}
}
