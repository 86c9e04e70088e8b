// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// A report of a pothole, which speaks of a fallen tree as well: the operator splits the
// tree off, with its picture. The tree is a report of its own, of the same reporter.
func TestSplit(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	pictures := []models.Photo{s.newPhoto(reporter(), models.PhotoBefore), s.newPhoto(reporter(), models.PhotoBefore)}
	if _, err := s.do(workflow.Attach{Packs: s.packs, Actor: reporter(), ReportID: s.id, Staged: pictures}); err != nil {
		t.Fatal(err)
	}
	s.step(operator(), "claim", workflow.Action{})
	with := workflow.Action{Category: "cay-gay-do", Redacted: s.draft("Cây phượng gãy đổ chắn lề đường."), Part: workflow.Part{ID: s.world.id(), Code: "DEMO-PART"}}
	stray := with
	stray.PhotoIDs = []uuid.UUID{s.photo(operator(), models.PhotoBefore)}
	if _, err := s.act(operator(), s.id, "split", stray); !slices.Equal(fieldsOf(err), []string{"body.photo_ids photo_not_found"}) {
		t.Errorf("a photo that is not the report's: %v", err)
	}
	with.PhotoIDs = []uuid.UUID{pictures[1].ID}
	s.step(operator(), "split", with)
	s.stands("verifying", models.PhaseReceived, models.ShownNone)
	part, whole := story{s.world, with.Part.ID}, s.report(s.id)
	r := part.report(part.id)
	if *r.SplitFrom != s.id || r.Code != "DEMO-PART" || *r.CitizenID != *whole.CitizenID || *r.Tile != *whole.Tile || *r.Area != *whole.Area {
		t.Errorf("the part: %+v", r)
	}
	if r.Category != "cay-gay-do" || r.FirstCategory != "cay-gay-do" || whole.Category != "o-ga" || whole.SharedTextID != nil {
		t.Errorf("the part: %+v, the whole: %+v", r, whole)
	}
	if *s.texts[r.DescriptionID].Body != with.Redacted.Body || *r.SharedTextID != r.DescriptionID {
		t.Error("the part does not say what the operator wrote")
	}
	if n, m := len(s.reports[s.id].Photos), len(s.reports[part.id].Photos); n != 1 || m != 1 || s.reports[part.id].Photos[0].ID != pictures[1].ID {
		t.Errorf("%d and %d pictures", n, m)
	}
	if _, body := s.newest(models.EventReportSplit); *body.Ref != part.id || body.Before == nil || body.Category != "cay-gay-do" {
		t.Errorf("the whole's event: %+v", body)
	}
	if e, body := s.newest(models.EventReportSubmitted); e.SubjectID != part.id || *body.Ref != s.id || e.SubjectSeq != 1 {
		t.Errorf("the part's event: %+v", e)
	}
	part.refused(verifier(), "claim", workflow.Action{}, models.CodeClaimHeld)
	part.accept()
	part.stands("assigned", models.PhaseWorking, models.ShownFull)
	if part.lead() != "cay-xanh" {
		t.Errorf("the tree goes to %s", part.lead())
	}
	s.step(operator(), "accept", workflow.Action{})
	if s.lead() != "so-xay-dung" {
		t.Errorf("the pothole goes to %s", s.lead())
	}
}

// follows says that people follow a report, or did.
func (w *world) follows(id uuid.UUID, meToo bool, ended bool, names ...string) {
	f := *w.reports[id]
	for _, name := range names {
		one := models.Follow{JurisdictionID: jurisdiction, ReportID: id, Follower: citizenActor(name).String(), MeToo: meToo, CreatedAt: w.now}
		if ended {
			one.EndedAt = &w.now
		} else {
			f.Report.Followers++
			if meToo {
				f.Report.MeToo++
			}
		}
		f.Follows = append(slices.Clone(f.Follows), one)
	}
	w.reports[id] = &f
}

// Of two reports of one light the younger is merged: its pictures, its reporter and those
// who follow it go on with the older.
func TestMergeTakesPeopleAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := story{w, w.submit(reporter(), formOf("den-duong"))}
	young := story{w, w.submit(citizenActor("nam"), formOf("den-duong"))}
	before, refused := w.newPhoto(citizenActor("nam"), models.PhotoBefore), w.newPhoto(citizenActor("nam"), models.PhotoBefore)
	if _, err := w.do(workflow.Attach{Packs: w.packs, Actor: citizenActor("nam"), ReportID: young.id, Staged: []models.Photo{before, refused}}); err != nil {
		t.Fatal(err)
	}
	refused.Status, refused.Reason, refused.ReportID = models.PhotoRefused, new("broken"), &young.id
	w.put(refused, true)
	w.follows(young.id, false, false, "hoa", "lan", "mai") // lan is the other's reporter
	w.follows(young.id, true, false, "tuan")
	w.follows(young.id, true, true, "binh") // has gone
	w.follows(old.id, false, false, "tuan")
	w.follows(old.id, false, true, "mai") // does not want to hear of it
	young.step(operator(), "claim", workflow.Action{})
	young.step(operator(), "merge", workflow.Action{DuplicateOf: &old.id})
	young.stands("duplicate", models.PhaseEnded, models.ShownNone)
	var names []string
	for _, f := range w.reports[old.id].Follows {
		for _, name := range []string{"nam", "hoa", "lan", "mai", "tuan", "binh"} {
			if f.Active() && f.Follower == citizenActor(name).String() {
				if f.MeToo {
					name += " too"
				}
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"hoa", "nam too", "tuan too"}) {
		t.Errorf("the older is followed by %v", names)
	}
	if len(w.reports[old.id].Photos) != 1 || *w.photos[before.ID].ReportID != old.id || *w.photos[refused.ID].ReportID != young.id {
		t.Error("the picture did not go along, or too many did")
	}
	e, body := young.newest(models.EventReportMerged)
	if e.SubjectID != old.id || *body.Ref != young.id || !slices.Equal(body.Photos, []uuid.UUID{before.ID}) {
		t.Errorf("event: %+v", body)
	}
	// Those who read it are told that its pictures and the number of its followers changed.
	stands := w.report(old.id)
	if diff := cmp.Diff([]*models.Keys{stands.Keys(), stands.Keys()}, []*models.Keys{body.Before, body.After}); diff != "" {
		t.Errorf("how it stands (-want +got):\n%s", diff)
	}
	if w.report(old.id).State != "submitted" || w.report(old.id).Version != 1 {
		t.Error("the older was moved")
	}
}

// Taken down while somebody's number is in it, and given back once it is out. What the
// pack's category says is what the public sees again.
func TestHideAndShow(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	version := s.report(s.id).Version
	s.refused(verifier(), "show", s.say("Đã che số điện thoại."), models.CodeTransitionRefused)
	s.refused(operator(), "hide", workflow.Action{ReasonCode: "khong-du-thong-tin"}, models.CodeUnknownReason)
	s.step(operator(), "hide", workflow.Action{ReasonCode: "thong-tin-ca-nhan", Text: s.draft("Có số điện thoại.")})
	s.stands("assigned", models.PhaseWorking, models.ShownNone)
	r := s.report(s.id)
	if r.Visibility != models.VisibilityHidden || *r.HiddenReason != "thong-tin-ca-nhan" || r.PublicTile != nil || r.Version != version {
		t.Errorf("hidden: %+v", r)
	}
	if _, body := s.newest(models.EventReportHidden); body.Visibility != models.VisibilityHidden || body.Reason != "thong-tin-ca-nhan" || body.After.Shown != models.ShownNone {
		t.Errorf("event: %+v", body)
	}
	first := *r.SharedTextID
	s.step(operator(), "redact", workflow.Action{Redacted: s.draft("Ổ gà trước nhà số 12.")})
	s.step(verifier(), "redact", workflow.Action{Redacted: s.draft("Ổ gà trước một nhà dân.")})
	if now := s.texts[*s.report(s.id).SharedTextID]; *now.Body != "Ổ gà trước một nhà dân." || now.Replaces == nil || *s.texts[*now.Replaces].Body != "Ổ gà trước nhà số 12." || *now.Replaces == first {
		t.Errorf("the shared text: %+v", now)
	}
	s.step(verifier(), "show", s.say("Đã che số điện thoại."))
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	if r := s.report(s.id); r.HiddenReason != nil || r.PublicTile == nil {
		t.Errorf("shown: %+v", r)
	}
	// What nobody has taken on is private again, not public.
	early := tell(t, "o-ga")
	early.step(operator(), "hide", workflow.Action{ReasonCode: "xuc-pham"})
	early.step(verifier(), "show", early.say("Ẩn nhầm phản ánh."))
	if v := early.report(early.id).Visibility; v != models.VisibilityPrivate {
		t.Errorf("shown before it was taken on: %s", v)
	}
}

// The city's office urges a unit on, and a leader orders it in writing.
func TestUrgeAndDirective(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	version := s.report(s.id).Version
	for range 2 {
		s.step(leader(), "urge", s.say("Đề nghị xử lý dứt điểm trong tuần."))
	}
	if r := s.report(s.id); r.Urged != 2 || r.Version != version {
		t.Errorf("urged %d times, version %d", r.Urged, r.Version)
	}
	if _, body := s.newest(models.EventReportUrged); body.Unit != "so-xay-dung" || body.Texts["note"].Digest == "" {
		t.Errorf("event: %+v", body)
	}
	s.refused(operator(), "instruct", workflow.Action{}, models.CodeForbidden)
	order := s.say("Sở Xây dựng báo cáo kết quả trước ngày 10.")
	order.Document = s.draft("45/UBND-VP")
	s.step(leader(), "instruct", order)
	_, body := s.newest(models.EventReportDirected)
	if body.Unit != "so-xay-dung" || s.texts[body.Texts["directive"].ID].Kind != models.TextDirective || *s.texts[body.Texts["document"].ID].Body != "45/UBND-VP" {
		t.Errorf("event: %+v", body)
	}
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
}

// Two units support: one does its part, one says that it is not its own, so that another
// is added. The lead's people move none of it, and what is open ends with the report.
func TestSupportingUnits(t *testing.T) {
	t.Parallel()
	s := tell(t, "sat-lo") // the department of agriculture leads
	s.accept()
	works, ward := staffActor(models.RoleHandler, "so-xay-dung"), staffActor(models.RoleCoordinator, "phuong-cau-may")
	lead := staffActor(models.RoleUnitHead, s.lead())
	if !slices.Equal(s.support(), []string{"phuong-cau-may", "so-xay-dung"}) && !slices.Equal(s.support(), []string{"so-xay-dung", "phuong-cau-may"}) {
		t.Fatalf("supported by %v", s.support())
	}
	s.refused(works, "start", workflow.Action{}, models.CodeForbidden) // a step of the report is the lead's
	task := s.part("so-xay-dung").ID
	if _, err := s.do(workflow.Act{Packs: s.packs, Actor: lead, ReportID: s.id, Name: "support_start", TaskID: &task, Version: new(int64(1))}); codeOf(err) != models.CodeForbidden {
		t.Errorf("the lead moves a supporter's task: %v", err)
	}
	if _, err := s.own(works, "support_start", workflow.Action{}); err != nil {
		t.Fatal(err)
	}
	if part := s.part("so-xay-dung"); part.State != models.TaskWorking || *part.HandlerID != works.ID {
		t.Errorf("its part: %+v", part)
	}
	if _, err := s.own(works, "support_done", s.say("Xong rồi.")); !slices.Equal(fieldsOf(err), []string{"body.text too_short"}) {
		t.Errorf("a result of two words: %v", err)
	}
	done := s.say("Đã kè tạm 20 mét bờ sông, cắm biển cảnh báo.")
	if _, err := s.own(works, "support_done", done); err != nil {
		t.Fatal(err)
	}
	if part := s.part("so-xay-dung"); part.State != models.TaskDone || part.DoneAt == nil || s.texts[*part.ResultID].Kind != models.TextResult || *s.texts[*part.ResultID].TaskID != part.ID {
		t.Errorf("its part: %+v", part)
	}
	if _, err := s.own(ward, "support_return", workflow.Action{ReasonCode: "khong-thuoc-dia-ban", Text: s.draft("Đoạn này thuộc phường khác.")}); err != nil {
		t.Fatal(err)
	}
	if _, body := s.newest(models.EventTaskMoved); body.Unit != "phuong-cau-may" || body.Reason != "khong-thuoc-dia-ban" || body.Transition != "support_return" || body.After != nil {
		t.Errorf("event: %+v", body)
	}
	s.refused(ward, "start", workflow.Action{}, models.CodeNotFound) // it is no longer theirs to see
	s.refused(operator(), "support", workflow.Action{SupportUnits: []string{s.lead()}}, models.CodeInvalidValue)
	s.step(operator(), "support", workflow.Action{SupportUnits: []string{"phuong-thanh-co", "so-xay-dung", s.lead()}})
	if _, body := s.newest(models.EventReportRouted); !slices.Equal(body.Support, []string{"phuong-thanh-co", "so-xay-dung"}) || body.Unit != s.lead() {
		t.Errorf("event: %+v", body)
	}
	if part := s.part("so-xay-dung"); part.State != models.TaskOpen || part.DoneAt != nil {
		t.Errorf("asked once more: %+v", part)
	}
	s.step(reporter(), "withdraw", workflow.Action{})
	if got := s.part("phuong-thanh-co").State; got != models.TaskCancelled {
		t.Errorf("its part is %s", got)
	}
}

// A coordinator hands the task to somebody of the unit, and to nobody else.
func TestHand(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	coordinator := staffActor(models.RoleCoordinator, "so-xay-dung")
	gone, clerk := s.handlerOf("so-xay-dung"), personID("a clerk")
	who := s.staff[gone]
	who.ID, who.Roles = clerk, []models.Role{models.RolePress}
	s.staff[clerk] = who
	for _, other := range []uuid.UUID{s.handlerOf("chieu-sang"), clerk, personID("nobody")} {
		s.refused(coordinator, "hand", workflow.Action{Handler: other}, models.CodeInvalidValue)
	}
	who = s.staff[gone]
	who.Active = false
	s.staff[gone] = who
	s.refused(coordinator, "hand", workflow.Action{Handler: gone}, models.CodeInvalidValue)
	s.step(coordinator, "hand", workflow.Action{Handler: s.handlerOf("so-xay-dung")})
	if lead := s.reports[s.id].Lead(); *lead.HandlerID != gone || lead.State != models.TaskOpen || lead.Version < 2 {
		t.Errorf("task: %+v", lead)
	}
	if _, body := s.newest(models.EventTaskHanded); *body.Ref != gone || body.Unit != "so-xay-dung" || *body.Task != s.reports[s.id].Lead().ID {
		t.Errorf("event: %+v", body)
	}
}

// A supporting unit hands its part to one of its own people, as the lead does the report: it
// stays where it is, and neither the lead's people nor anybody of another unit come into it.
func TestSupportersHandTheirPart(t *testing.T) {
	t.Parallel()
	s := tell(t, "sat-lo")
	s.accept()
	coordinator := staffActor(models.RoleCoordinator, "so-xay-dung")
	worker := s.handlerOf("so-xay-dung")
	for _, other := range []uuid.UUID{s.handlerOf(s.lead()), s.handlerOf("phuong-cau-may"), personID("nobody")} {
		if _, err := s.own(coordinator, "support_hand", workflow.Action{Handler: other}); !slices.Equal(fieldsOf(err), []string{"body.handler invalid_value"}) {
			t.Errorf("handed to somebody else: %v", err)
		}
	}
	if _, err := s.own(staffActor(models.RoleHandler, "so-xay-dung"), "support_hand", workflow.Action{Handler: worker}); codeOf(err) != models.CodeForbidden {
		t.Errorf("a handler hands it on: %v", err)
	}
	lead, before, version := s.led(), s.part("so-xay-dung"), s.report(s.id).Version
	if _, err := s.own(coordinator, "support_hand", workflow.Action{Handler: worker, Text: s.draft("Anh đi xem giúp.")}); err != nil {
		t.Fatal(err)
	}
	if part := s.part("so-xay-dung"); part.State != models.TaskOpen || part.HandlerID == nil || *part.HandlerID != worker || part.Version != before.Version+1 {
		t.Errorf("its part: %+v", part)
	}
	if got := s.led(); got.Version != lead.Version || got.HandlerID != nil || s.report(s.id).Version != version {
		t.Errorf("the lead's: %+v", got)
	}
	e, body := s.newest(models.EventTaskHanded)
	if e.SubjectID != s.id || *body.Task != before.ID || body.Unit != "so-xay-dung" || *body.Ref != worker || body.Transition != "support_hand" || len(body.Texts) != 1 {
		t.Errorf("event: %+v", body)
	}
	if _, err := s.own(staffActor(models.RoleHandler, "so-xay-dung"), "support_start", workflow.Action{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.own(coordinator, "support_hand", workflow.Action{Handler: worker}); err != nil {
		t.Fatal(err)
	}
	if part := s.part("so-xay-dung"); part.State != models.TaskWorking {
		t.Errorf("its part: %+v", part)
	}
}

// More time is given once, by a moment that is later; and it takes no version with it.
func TestExtendOnce(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	due := s.clock("xu-ly").DueAt
	s.refused(verifier(), "extend", workflow.Action{ReasonCode: s.pack.Reasons("extend")[0].Code, Until: &due}, models.CodeOutOfRange)
	until := due.AddDate(0, 0, 7)
	with := workflow.Action{ReasonCode: s.pack.Reasons("extend")[0].Code, Until: &until}
	s.step(verifier(), "extend", with)
	if d := s.clock("xu-ly"); !d.DueAt.Equal(until) || *d.ExtendedBy != verifier().String() {
		t.Errorf("clock: %+v", d)
	}
	if _, body := s.newest(models.EventDeadlineExtended); !body.Until.Equal(until) || body.Reason != with.ReasonCode || body.Rule != "xu-ly" {
		t.Errorf("event: %+v", body)
	}
	if r := s.report(s.id); r.ScheduledFor != nil {
		t.Error("an extension schedules nothing")
	}
	with.Until = new(until.AddDate(0, 0, 7))
	s.refused(leader(), "extend", with, models.CodeTransitionRefused)
	s.step(operator(), "split", workflow.Action{
		Category: "rac-ton-dong", Redacted: s.draft("Rác đổ bên ổ gà đã lâu."), Part: workflow.Part{ID: s.world.id(), Code: "DEMO-X"},
	})
	if d := s.clock("xu-ly"); !d.DueAt.Equal(until) {
		t.Error("a split moves the clock of the whole")
	}
}

// How long it stood in each state is told when it leaves it: by hand, from Monday 9:00 to
// Tuesday 10:00 it is 25 hours by the wall, and 2½ + 4 + 2½ of working time.
func TestTimeInAState(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.at("2026-03-03 10:00")
	s.step(operator(), "claim", workflow.Action{})
	_, body := s.newest(models.EventReportMoved)
	if *body.WallS != 25*3600 || *body.WorkingS != 9*3600 {
		t.Errorf("%d s by the wall, %d s of work", *body.WallS, *body.WorkingS)
	}
	if r := s.report(s.id); !r.StateAt.Equal(s.now) {
		t.Errorf("in its state since %v", r.StateAt)
	}
	s.after(time.Hour)
	s.step(operator(), "hide", workflow.Action{ReasonCode: "xuc-pham"})
	if _, body := s.newest(models.EventReportHidden); body.WallS != nil {
		t.Error("what stays has left no state")
	}
}

// A corrected category is told beside the first, and a refusal's reason is kept until it is
// taken up again.
func TestFirstCategoryAndRefusal(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.step(operator(), "claim", workflow.Action{})
	s.step(operator(), "accept", workflow.Action{Category: "o-ga"})
	moved := slices.IndexFunc(s.events, func(e models.Event) bool {
		body, err := e.ParseBody()
		return err == nil && body.Transition == "accept"
	})
	body, err := s.events[moved].ParseBody()
	if err != nil || body.Category != "den-duong" || body.From != "den-duong" || body.After.Category != "o-ga" {
		t.Errorf("event: %+v %v", body, err)
	}
	if r := s.report(s.id); r.FirstCategory != "den-duong" {
		t.Errorf("first category: %s", r.FirstCategory)
	}
	no := tell(t, "o-ga")
	no.step(operator(), "claim", workflow.Action{})
	no.step(operator(), "reject", workflow.Action{ReasonCode: "sai-su-that", Text: no.draft("Đã xác minh, không có ổ gà.")})
	if r := no.report(no.id); *r.RejectedFor != "sai-su-that" {
		t.Errorf("rejected for %v", r.RejectedFor)
	}
	no.step(reporter(), "appeal", no.say("Xin xem lại, ổ gà ở làn trong."))
	if r := no.report(no.id); r.RejectedFor != nil {
		t.Errorf("still rejected for %s", *r.RejectedFor)
	}
}
