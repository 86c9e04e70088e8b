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

func (s story) accept() {
	s.t.Helper()
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

// expire fires the clock of a name, as the job does that looks for those due.
func (s story) expire(name string) models.Change {
	s.t.Helper()
	change, err := s.do(workflow.Expire{Packs: s.packs, Jurisdiction: jurisdiction, ReportID: s.id, DeadlineID: s.clock(name).ID})
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	return change
}

// Not ours: back to the queue of the operations centre, and from there by hand only.
func TestNotOurs(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	s.due("xu-ly", "2026-03-06 00:00") // the lighting company is on duty day and night
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
	w.step(deviceActor("lan"), "withdraw", workflow.Action{})
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
	s.step(operator(), "claim", workflow.Action{})
	if _, err := s.act(operator(), s.id, "accept", workflow.Action{Category: "khong-co"}); !slices.Equal(fieldsOf(err), []string{"body.category unknown_category"}) {
		t.Errorf("an unknown category: %v", err)
	}
	s.step(operator(), "accept", workflow.Action{Category: "o-ga"})
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	if r := s.report(s.id); r.Category != "o-ga" || r.Urgency != models.UrgencyNormal || r.LocationPrecision != models.PrecisionExact || s.lead() != "so-xay-dung" {
		t.Errorf("report: %+v", r)
	}
	s.due("xu-ly", "2026-03-05 17:00")
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	point := func(lat, lon float64) workflow.Form {
		f := formOf("o-ga")
		f.Lat, f.Lon = &lat, &lon
		return f
	}
	w := newWorld(t)
	inside, beside, outside := point(16.4844, 107.5860), point(16.4780, 107.7500), point(16.7000, 107.2000)
	if p := inside.Locate(w.pack); p.Area == nil || p.Area.Code != "90001" || p.Beside || p.Outside() {
		t.Errorf("inside: %+v", p)
	}
	if p := beside.Locate(w.pack); p.Area == nil || p.Area.Code != "90012" || !p.Beside || p.Outside() {
		t.Errorf("beside: %+v", p)
	}
	if p := outside.Locate(w.pack); p.Area != nil || !p.Outside() {
		t.Errorf("outside: %+v", p)
	}
	s := story{w, w.submit(reporter(), outside)}
	if r := s.report(s.id); r.Area != nil || r.Tile == nil {
		t.Errorf("report: %+v", r)
	}
	s.accept()
	if s.lead() != "so-xay-dung" {
		t.Errorf("a department answers where no ward does, not %q", s.lead())
	}
}

// Where no rule names a unit, a report waits at the operations centre, and is assigned by hand.
func TestNoRouteWaits(t *testing.T) {
	t.Parallel()
	p := changedPack(t, map[string]func(string) string{
		"routing.yaml": func(string) string {
			return "rules:\n  - {when: \"true\", lead: ward(report), why: {vi: Phường, en: The ward}}\n"
		},
	})
	w := worldOf(t, p)
	f := formOf("o-ga")
	lat, lon := 16.7000, 107.2000
	f.Lat, f.Lon = &lat, &lon
	s := story{w, w.submit(reporter(), f)}
	s.accept()
	s.stands("accepted", models.PhaseWorking, models.ShownFull)
	s.due("xu-ly", "2026-03-05 17:00")
	s.step(operator(), "assign", workflow.Action{Unit: "chieu-sang"})
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	s.due("xu-ly", "2026-03-06 00:00") // three days of a unit on duty day and night
}

// A rule that makes a report urgent gives its unit the time of an urgent one, and a rule
// of normal ones takes nothing back.
func TestRoutesRaiseUrgency(t *testing.T) {
	t.Parallel()
	rules := func(urgency string) map[string]func(string) string {
		return map[string]func(string) string{"routing.yaml": func(string) string {
			return "rules:\n  - {when: \"true\", lead: so-xay-dung, urgency: " + urgency + ", why: {vi: Sở, en: The department}}\n"
		}}
	}
	w := worldOf(t, changedPack(t, rules("urgent")))
	s := story{w, w.submit(reporter(), formOf("o-ga"))}
	s.accept()
	s.due("xu-ly", "2026-03-02 14:30") // 4 hours of office time: 2½ before noon, 1½ after
	w = worldOf(t, changedPack(t, rules("normal")))
	f := formOf("o-ga")
	f.Urgent = true
	s = story{w, w.submit(reporter(), f)}
	s.accept()
	if u := s.report(s.id).Urgency; u != models.UrgencyUrgent {
		t.Errorf("urgency: %s", u)
	}
}

// What the public may know of the place.
func TestPublicTiles(t *testing.T) {
	t.Parallel()
	for category, want := range map[string]string{
		"o-ga": "exact", "tieng-on": "snapped", "trom-cap": "none", "ho-so-tre": "none", "thai-do-phuc-vu": "none", "sos": "none",
	} {
		s := tell(t, category)
		s.accept()
		r := s.report(s.id)
		got := "none"
		switch {
		case r.PublicTile != nil && *r.PublicTile == *r.Tile:
			got = "exact"
		case r.PublicTile != nil && *r.PublicTile>>20 == *r.Tile>>20:
			got = "snapped"
		}
		if got != want {
			t.Errorf("%s: %s, expected %s", category, got, want)
		}
	}
}

// Hidden is hidden, whatever the state shows.
func TestHiddenStaysHidden(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	f := *s.reports[s.id]
	f.Report.Visibility, f.Report.HiddenReason, f.Report.Shown, f.Report.PublicTile = models.VisibilityHidden, new("xuc-pham"), models.ShownNone, nil
	s.reports[s.id] = &f
	s.publish()
	s.stands("published", models.PhaseAnswered, models.ShownNone)
	s.rate(models.LevelUnsatisfied)
	s.step(reporter(), "reopen", s.say("Ổ gà vẫn còn nguyên."))
	s.stands("assigned", models.PhaseWorking, models.ShownNone)
}

func TestScheduled(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	h := staffActor(models.RoleHandler, "so-xay-dung")
	s.step(h, "start", workflow.Action{})
	with := s.say("Chờ vật tư, làm ngày 9.")
	for _, until := range []time.Time{s.now, s.now.AddDate(3, 0, 1)} {
		with.Until = &until
		s.refused(h, "schedule", with, models.CodeOutOfRange)
	}
	with.Until = new(s.now.AddDate(0, 0, 7))
	task := *s.reports[s.id].Lead()
	s.step(h, "schedule", with)
	if r := s.report(s.id); !r.ScheduledFor.Equal(*with.Until) {
		t.Errorf("scheduled for %v", r.ScheduledFor)
	}
	// Who saw the task before it was scheduled does not decide on it.
	late := workflow.Act{Packs: s.packs, Actor: h, ReportID: s.id, Name: "resolve", TaskID: &task.ID, Version: &task.Version, Action: s.resolution(h)}
	if _, err := s.do(late); codeOf(err) != models.CodeVersionStale {
		t.Errorf("an old task: %v", err)
	}
	late.Version = &s.reports[s.id].Lead().Version
	if _, err := s.do(late); err != nil {
		t.Error(err)
	}
	late.TaskID = new(uuid.New())
	if _, err := s.do(late); !slices.Equal(fieldsOf(err), []string{"body.task_id invalid_value"}) {
		t.Errorf("an unknown task: %v", err)
	}
	s.step(verifier(), "publish", workflow.Action{})
	if r := s.report(s.id); r.ScheduledFor != nil {
		t.Error("what was answered is still scheduled")
	}
}

func TestClaims(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	first, second := operator(), verifier()
	claim := func(a models.Actor, release bool) error {
		_, err := s.do(workflow.Claim{Actor: a, ReportID: s.id, Release: release})
		return err
	}
	if err := claim(reporter(), false); codeOf(err) != models.CodeForbidden {
		t.Errorf("a citizen: %v", err)
	}
	if err := claim(models.Guest(jurisdiction), false); codeOf(err) != models.CodeUnauthorized {
		t.Errorf("a guest: %v", err)
	}
	if err := claim(elsewhere(operator()), false); codeOf(err) != models.CodeNotFound {
		t.Errorf("from elsewhere: %v", err)
	}
	if err := claim(first, false); err != nil {
		t.Fatal(err)
	}
	s.after(9 * time.Minute)
	s.refused(second, "claim", workflow.Action{}, models.CodeClaimHeld)
	if err := claim(second, false); codeOf(err) != models.CodeClaimHeld {
		t.Errorf("held: %v", err)
	}
	if err := claim(second, true); codeOf(err) != models.CodeClaimHeld {
		t.Errorf("released by another: %v", err)
	}
	if err := claim(first, false); err != nil { // renewed
		t.Fatal(err)
	}
	s.after(10*time.Minute - time.Second)
	s.refused(second, "claim", workflow.Action{}, models.CodeClaimHeld)
	s.step(first, "claim", workflow.Action{}) // a step renews
	s.after(10*time.Minute - time.Second)
	s.refused(second, "accept", workflow.Action{}, models.CodeClaimHeld)
	s.after(time.Second)
	s.step(second, "accept", workflow.Action{}) // it has expired; and accepting lets go
	if r := s.report(s.id); r.ClaimedBy != nil {
		t.Error("an accepted report is still in hand")
	}
	before := len(s.events)
	if err := claim(first, true); err != nil || len(s.events) != before {
		t.Errorf("releasing what nobody holds: %v", err)
	}
}
