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

func TestHappyPath(t *testing.T) {
	t.Parallel()
	s := tell(t, "an-toan-thuc-pham") // approval, place snapped, 10 days
	s.stands("submitted", models.PhaseReceived, models.ShownNone)
	s.due("tiep-nhan", "2026-03-02 17:00") // 8 hours of the operations centre, day and night
	s.step(operator(), "claim", workflow.Action{})
	s.after(5 * time.Minute)
	s.step(operator(), "accept", workflow.Action{Redacted: s.draft("Quán ăn bán đồ ôi thiu.")})
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	r := s.report(s.id)
	if *s.texts[*r.SharedTextID].Body != "Quán ăn bán đồ ôi thiu." || *s.texts[r.DescriptionID].Body != formOf("x").Description {
		t.Error("units and public do not read the redacted text")
	}
	if s.lead() != "so-y-te" || !slices.Equal(s.support(), []string{"phuong-cau-may"}) {
		t.Errorf("routed to %s, %v", s.lead(), s.support())
	}
	s.due("xu-ly", "2026-03-16 17:00") // the tenth working day after a Monday, office hours of the department
	handler, head := staffActor(models.RoleHandler, "so-y-te"), staffActor(models.RoleUnitHead, "so-y-te")
	s.step(handler, "start", workflow.Action{})
	s.step(handler, "resolve", s.resolution(handler))
	s.stands("resolved", models.PhaseWorking, models.ShownFull)
	if lead := s.reports[s.id].Lead(); lead.State != models.TaskDone || *lead.HandlerID != handler.ID {
		t.Errorf("task: %+v", lead)
	}
	s.refused(verifier(), "publish", workflow.Action{}, models.CodeTransitionRefused)
	s.step(head, "approve", workflow.Action{})
	s.refused(head, "approve", workflow.Action{}, models.CodeTransitionRefused)
	s.step(verifier(), "publish", workflow.Action{})
	s.stands("published", models.PhaseAnswered, models.ShownFull)
	s.due("dong", "2026-03-17 09:05")
	s.rate(models.LevelSatisfied)
	s.refused(reporter(), "rate", workflow.Action{Level: models.LevelUnsatisfied}, models.CodeAlreadyRated)
	s.refused(reporter(), "reopen", s.say("Vẫn còn bán đồ ôi thiu."), models.CodeTransitionRefused)
	s.at("2026-03-17 09:05")
	s.expire("dong")
	s.stands("closed", models.PhaseEnded, models.ShownFull)
	for _, d := range s.reports[s.id].Deadlines {
		if d.Running() {
			t.Errorf("%s goes on", d.Kind)
		}
	}
}

// Not ours: back to the queue of the operations centre, and from there by hand only.
func TestNotOurs(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	s.due("xu-ly", "2026-03-05 09:00") // the lighting company is on duty day and night
	coordinator := staffActor(models.RoleCoordinator, "chieu-sang")
	s.step(coordinator, "return", workflow.Action{ReasonCode: "tai-san-don-vi-khac", Text: s.draft("Đèn này thuộc quốc lộ.")})
	s.stands("accepted", models.PhaseWorking, models.ShownFull)
	if s.lead() != "" || s.report(s.id).LeadUnit != nil {
		t.Error("somebody still leads")
	}
	s.due("xu-ly", "2026-03-05 17:00")
	s.refused(coordinator, "start", workflow.Action{}, models.CodeNotFound)
	s.step(operator(), "assign", workflow.Action{Unit: "so-xay-dung", SupportUnits: []string{"chieu-sang", "so-xay-dung"}})
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	if s.lead() != "so-xay-dung" || !slices.Equal(s.support(), []string{"chieu-sang"}) {
		t.Errorf("assigned to %s, %v", s.lead(), s.support())
	}
	if d := s.clock("xu-ly"); *d.Unit != "so-xay-dung" || d.Counts != models.CountsWorking {
		t.Errorf("clock: %+v", d)
	}
	last, err := s.events[len(s.events)-1].ParseBody()
	if err != nil || s.events[len(s.events)-1].Kind != models.EventReportRouted || last.Unit != "so-xay-dung" || last.Rule != "" {
		t.Errorf("event: %+v", last)
	}
	s.refused(operator(), "assign", workflow.Action{Unit: "doi-quan-ly-do-thi"}, models.CodeUnknownUnit) // it ended in 2025
}

// Waiting for the citizen costs the unit nothing. By hand: due Thursday 17:00; asked on
// Tuesday at 10 there are 1½ + 4 + 8 + 8 hours left; from Friday 16:00 they are 1 + 8 + 8,
// and 4½ on Wednesday.
func TestNeedsInfoPausesAndResumes(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.due("xu-ly", "2026-03-05 17:00")
	s.step(staffActor(models.RoleHandler, "so-xay-dung"), "start", workflow.Action{})
	s.at("2026-03-03 10:00")
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
	s.stands("needs_info", models.PhaseWorking, models.ShownStatus)
	s.left("xu-ly", 21*time.Hour+30*time.Minute)
	s.due("cho-dan", "2026-03-10 10:00") // seven days of 24 hours
	s.at("2026-03-06 16:00")
	s.step(reporter(), "provide_info", s.say("Trước số 12."))
	s.stands("in_progress", models.PhaseWorking, models.ShownFull)
	s.due("xu-ly", "2026-03-11 13:30")
	if d := s.clock("tiep-nhan"); d.StoppedAt == nil {
		t.Error("the clock of acceptance, long stopped, goes on")
	}
	if d := s.clock("cho-dan"); d.StoppedAt == nil {
		t.Error("the wait goes on")
	}
}

func TestNeedsInfoEndsByClock(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.step(operator(), "claim", workflow.Action{})
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
	s.stands("needs_info", models.PhaseReceived, models.ShownNone) // nobody has accepted it: the stricter of both
	s.left("tiep-nhan", 8*time.Hour)
	s.at("2026-03-09 09:00")
	s.expire("cho-dan")
	s.stands("rejected", models.PhaseEnded, models.ShownNone)
	body, err := s.events[len(s.events)-1].ParseBody()
	if err != nil || body.Reason != "khong-bo-sung" || body.Transition != "expire" {
		t.Errorf("event: %+v %v", body, err)
	}
	// One appeal, and no second one.
	s.step(reporter(), "appeal", s.say("Tôi đi vắng, xin xem lại giúp."))
	s.stands("verifying", models.PhaseReceived, models.ShownNone)
	s.step(operator(), "reject", workflow.Action{ReasonCode: "sai-su-that", Text: s.draft("Đã xác minh, không có ổ gà.")})
	s.refused(reporter(), "appeal", s.say("Xin xem lại lần nữa."), models.CodeTransitionRefused)
}

// An appeal against what was rejected while a unit had it begins without a lead.
func TestAppealOfWhatAUnitHad(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.step(staffActor(models.RoleHandler, "so-xay-dung"), "start", workflow.Action{})
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
	s.step(operator(), "reject", workflow.Action{ReasonCode: "sai-su-that", Text: s.draft("Đã xác minh, không có ổ gà.")})
	s.stands("rejected", models.PhaseEnded, models.ShownStatus)
	s.refused(staffActor(models.RoleHandler, "so-xay-dung"), "start", workflow.Action{}, models.CodeNotFound)
	s.at("2026-04-01 09:00")
	s.refused(reporter(), "appeal", s.say("Tôi đi vắng, xin xem lại giúp."), models.CodeTransitionRefused) // 30 days are over
	s.at("2026-03-20 09:00")
	s.step(reporter(), "appeal", s.say("Tôi đi vắng, xin xem lại giúp."))
	s.stands("verifying", models.PhaseReceived, models.ShownNone)
	if s.report(s.id).LeadUnit != nil {
		t.Error("the unit that was let go still leads")
	}
	s.step(operator(), "accept", workflow.Action{})
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	s.due("xu-ly", "2026-03-25 17:00")
}

// Rework: by hand, resolved on Wednesday at 16:00 there are 1 + 8 hours left; from Friday
// 8:30 they are 3 + 4, and 2 on Monday.
func TestReworkGoesOnWithWhatWasLeft(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	handler := staffActor(models.RoleHandler, "so-xay-dung")
	s.step(handler, "start", workflow.Action{})
	s.at("2026-03-04 16:00")
	first := s.resolution(handler)
	s.step(handler, "resolve", first)
	s.left("xu-ly", 9*time.Hour)
	s.due("cong-bo", "2026-03-05 00:00") // the operations centre's own 8 hours
	s.at("2026-03-06 08:30")
	s.step(verifier(), "rework", s.say("Ảnh chưa thấy rõ ổ gà."))
	s.stands("in_progress", models.PhaseWorking, models.ShownFull)
	s.due("xu-ly", "2026-03-09 09:30")
	if lead := s.reports[s.id].Lead(); lead.State != models.TaskOpen {
		t.Errorf("task: %+v", lead)
	}
	again := s.resolution(handler)
	again.PhotoIDs = nil
	s.refused(handler, "resolve", again, models.CodeDemandMissing) // the old photo proved the old answer
	again.Document = s.draft("123/BB-SXD")
	s.step(handler, "resolve", again)
}

func TestReopen(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	why := func() workflow.Action { return s.say("Ổ gà vẫn còn nguyên.") }
	for range 2 {
		s.publish()
		s.refused(reporter(), "reopen", why(), models.CodeTransitionRefused) // not before it is rated
		s.rate(models.LevelUnsatisfied)
		s.step(reporter(), "reopen", why())
		s.stands("assigned", models.PhaseWorking, models.ShownFull)
		if r := s.report(s.id); r.Rating != nil || s.lead() != "so-xay-dung" || s.reports[s.id].Lead().State != models.TaskOpen {
			t.Fatalf("after reopening: %+v", r)
		}
		s.due("xu-ly", "2026-03-05 17:00")
	}
	s.publish()
	s.rate(models.LevelUnsatisfied)
	s.refused(reporter(), "reopen", why(), models.CodeTransitionRefused) // twice at most, then the leader
	s.step(leader(), "direct", why())
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	if n := len(s.reports[s.id].Ratings); n != 3 {
		t.Errorf("%d ratings", n)
	}
}

func TestReopenInTime(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.publish()
	s.rate(models.LevelUnsatisfied)
	s.after(15*24*time.Hour - time.Second)
	late := story{s.clone(t), s.id}
	late.after(time.Second)
	late.refused(reporter(), "reopen", s.say("Ổ gà vẫn còn nguyên."), models.CodeTransitionRefused)
	s.step(reporter(), "reopen", s.say("Ổ gà vẫn còn nguyên."))
	acceptable := tell(t, "o-ga")
	acceptable.accept()
	acceptable.publish()
	acceptable.rate(models.LevelAcceptable)
	acceptable.refused(reporter(), "reopen", s.say("Ổ gà vẫn còn nguyên."), models.CodeTransitionRefused)
}

func TestDuplicate(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.step(operator(), "claim", workflow.Action{})
	other := s.other()
	nowhere := s.world.id()
	for name, of := range map[string]uuid.UUID{"itself": s.id, "nothing": nowhere} {
		if _, err := s.act(operator(), s.id, "merge", workflow.Action{DuplicateOf: &of}); !slices.Equal(fieldsOf(err), []string{"body.duplicate_of invalid_value"}) {
			t.Errorf("merged into %s: %v", name, err)
		}
	}
	s.step(operator(), "merge", workflow.Action{DuplicateOf: &other})
	s.stands("duplicate", models.PhaseEnded, models.ShownNone)
	third := story{s.world, s.submit(reporter(), formOf("o-ga"))}
	third.accept()
	third.step(staffActor(models.RoleCoordinator, "so-xay-dung"), "return", workflow.Action{ReasonCode: "khong-thuoc-dia-ban", Text: s.draft("Ngoài địa bàn được giao.")})
	third.refused(operator(), "merge", workflow.Action{DuplicateOf: &s.id}, models.CodeInvalidValue) // no chains
	third.step(operator(), "merge", workflow.Action{DuplicateOf: &other})
	third.stands("duplicate", models.PhaseEnded, models.ShownLink)
}

func TestTransferAndWithdraw(t *testing.T) {
	t.Parallel()
	s := tell(t, "thai-do-phuc-vu")
	s.step(operator(), "claim", workflow.Action{})
	s.refused(operator(), "transfer", workflow.Action{ReasonCode: "sai-su-that", Text: s.draft("Thuộc thẩm quyền khác.")}, models.CodeUnknownReason)
	s.step(operator(), "transfer", workflow.Action{ReasonCode: "khieu-nai-to-cao", Text: s.draft("Đây là đơn tố cáo.")})
	s.stands("transferred", models.PhaseEnded, models.ShownNone)
	if r := s.report(s.id); *r.TransferredTo != "khieu-nai-to-cao" {
		t.Errorf("transferred to %v", *r.TransferredTo)
	}
	w := tell(t, "o-ga")
	w.accept()
	w.step(reporter(), "withdraw", workflow.Action{})
	w.stands("withdrawn", models.PhaseEnded, models.ShownNone)
	if w.lead() != "" {
		t.Errorf("%s still has it", w.lead())
	}
	w.refused(reporter(), "withdraw", workflow.Action{}, models.CodeTransitionRefused)
}

// A call for rescue needs no place, and nobody but staff ever sees it.
func TestRescueWithoutAPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := formOf("sos")
	f.Lat, f.Lon = nil, nil
	s := story{w, w.submit(reporter(), f)}
	if r := s.report(s.id); r.Tile != nil || r.Area != nil || r.Urgency != models.UrgencySOS || r.LocationSource != models.SourceWords {
		t.Errorf("report: %+v", r)
	}
	s.accept()
	s.stands("assigned", models.PhaseWorking, models.ShownNone)
	s.due("xu-ly", "2026-03-02 10:00")
	if s.lead() != "ioc" || !slices.Equal(s.support(), []string{"cong-an"}) {
		t.Errorf("routed to %s, %v", s.lead(), s.support())
	}
}

// What turns out to be no call for rescue is none any more, and goes another way.
func TestReclassified(t *testing.T) {
	t.Parallel()
	s := tell(t, "sos")
	s.stands("assigned", models.PhaseWorking, models.ShownNone)
	if _, err := s.act(operator(), s.id, "reclassify", workflow.Action{Category: "khong-co"}); !slices.Equal(fieldsOf(err), []string{"body.category unknown_category"}) {
		t.Errorf("an unknown category: %v", err)
	}
	s.step(operator(), "reclassify", workflow.Action{Category: "o-ga"})
	s.stands("submitted", models.PhaseReceived, models.ShownNone)
	s.step(operator(), "claim", workflow.Action{})
	s.step(operator(), "accept", workflow.Action{})
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	if r := s.report(s.id); r.Category != "o-ga" || r.Urgency != models.UrgencyNormal || r.LocationPrecision != models.PrecisionExact || s.lead() != "so-xay-dung" {
		t.Errorf("report: %+v", r)
	}
	s.due("xu-ly", "2026-03-05 17:00")
}
