// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// when is a time of day in the city.
func (w *world) when(s string) time.Time {
	w.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", s, w.pack.Zone())
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return t
}

// decides puts a decision of the leader's into force.
func (s story) decides(d workflow.MakeDecision) models.Decision {
	s.t.Helper()
	d.Packs, d.Actor, d.ID, d.Document = s.packs, leader(), s.world.id(), "88/QĐ-UBND"
	change, err := s.do(d)
	if err != nil {
		s.t.Fatalf("the decision: %v", err)
	}
	made := change.Insert[0].(models.Decision)
	s.packs = s.packs.WithDecisions(jurisdiction, append(slices.Clone(s.packs.Decisions(jurisdiction)), made))
	return made
}

// revokes takes the newest decision back.
func (s story) revokes() {
	s.t.Helper()
	all := slices.Clone(s.packs.Decisions(jurisdiction))
	last := all[len(all)-1]
	change, err := workflow.RevokeDecision{Actor: leader(), ID: last.ID}.
		Decide(models.Facts{Decisions: idsOfDecisions(all)}, s.now)
	if err != nil {
		s.t.Fatalf("revoking: %v", err)
	}
	all[len(all)-1] = change.Update[0].(models.Decision)
	s.packs = s.packs.WithDecisions(jurisdiction, all)
}

// retimes counts the clocks anew and says how many came out otherwise.
func (s story) retimes(cause workflow.Cause) []models.Event {
	s.t.Helper()
	change, err := s.do(workflow.Retime{Packs: s.packs, Jurisdiction: jurisdiction, ReportID: s.id, Cause: cause})
	if err != nil {
		s.t.Fatalf("%v", err)
	}
	return change.Events
}

// A flood on Tuesday and Wednesday: a clock of three days from Monday, 9 o'clock, has six
// and a half hours of Monday and eight of each of three days after.
func TestFloodSuspends(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.due("xu-ly", "2026-03-05 17:00")
	s.at("2026-03-03 08:00")
	d := s.decides(workflow.MakeDecision{Kind: models.DecisionSuspend, StartsAt: s.when("2026-03-03 00:00"), EndsAt: s.when("2026-03-05 00:00")})
	events := s.retimes(workflow.Cause{Decision: &d.ID, Document: d.Document})
	s.due("xu-ly", "2026-03-09 17:00")
	if len(events) != 1 {
		t.Fatalf("events: %+v", events)
	}
	body, err := events[0].ParseBody()
	if err != nil || events[0].Kind != models.EventDeadlineRetimed || body.Rule != "xu-ly" || *body.Ref != d.ID || body.Document != d.Document ||
		!body.Until.Equal(s.clock("xu-ly").DueAt) {
		t.Errorf("%s: %+v (%v)", events[0].Kind, body, err)
	}
	if again := s.retimes(workflow.Cause{Decision: &d.ID}); len(again) != 0 {
		t.Errorf("counted anew twice: %+v", again)
	}
	s.revokes()
	s.retimes(workflow.Cause{Decision: &d.ID})
	s.due("xu-ly", "2026-03-05 17:00")
}

func TestDecisionsOfOthers(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]workflow.MakeDecision{
		"another category":                 {Kind: models.DecisionSuspend, Categories: []string{"den-duong"}},
		"another ward":                     {Kind: models.DecisionSuspend, Areas: []string{"90010"}},
		"an extension of another category": {Kind: models.DecisionExtend, Days: 2, Categories: []string{"den-duong"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, "o-ga")
			s.accept()
			d.StartsAt, d.EndsAt = s.when("2026-03-03 00:00"), s.when("2026-03-05 00:00")
			made := s.decides(d)
			if events := s.retimes(workflow.Cause{Decision: &made.ID}); len(events) != 0 {
				t.Errorf("events: %+v", events)
			}
			s.due("xu-ly", "2026-03-05 17:00")
		})
	}
}

// An extension gives its days once to a clock that counts while it holds, whether that
// began before or within.
func TestDecisionExtends(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.at("2026-03-03 08:00")
	d := s.decides(workflow.MakeDecision{Kind: models.DecisionExtend, Days: 2, StartsAt: s.when("2026-03-03 00:00"), EndsAt: s.when("2026-03-05 00:00")})
	s.retimes(workflow.Cause{Decision: &d.ID})
	s.due("xu-ly", "2026-03-09 17:00")
	s.retimes(workflow.Cause{Decision: &d.ID})
	s.due("xu-ly", "2026-03-09 17:00")
	within := story{s.world, s.submit(reporter(), formOf("o-ga"))}
	within.at("2026-03-04 09:00")
	within.accept()
	within.due("xu-ly", "2026-03-11 17:00")
	after := story{s.world, s.submit(reporter(), formOf("o-ga"))}
	after.at("2026-03-05 09:00")
	after.accept()
	after.due("xu-ly", "2026-03-10 17:00")
	s.revokes()
	s.retimes(workflow.Cause{Decision: &d.ID})
	s.due("xu-ly", "2026-03-05 17:00")
}

// The days of one decision can bring a clock into the interval of another that was made
// before. Counting anew once is enough for both.
func TestDecisionsThatFollowOneAnother(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.decides(workflow.MakeDecision{Kind: models.DecisionExtend, Days: 1, StartsAt: s.when("2026-03-06 00:00"), EndsAt: s.when("2026-03-07 00:00")})
	s.retimes(workflow.Cause{})
	s.due("xu-ly", "2026-03-05 17:00")
	s.decides(workflow.MakeDecision{Kind: models.DecisionExtend, Days: 1, StartsAt: s.when("2026-03-04 00:00"), EndsAt: s.when("2026-03-05 00:00")})
	s.retimes(workflow.Cause{})
	s.due("xu-ly", "2026-03-09 17:00")
}

// withHoliday is the demo city with one more day off.
func withHoliday(t *testing.T, day string) *pack.Pack {
	t.Helper()
	return changedPack(t, map[string]func(string) string{"calendar.yaml": func(s string) string {
		return strings.Replace(s, "holidays:\n", "holidays:\n  - {date: "+day+", name: {vi: Nghỉ bão, en: Storm}}\n", 1)
	}})
}

func TestHolidayIsAnnounced(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.at("2026-03-03 08:00")
	s.packs = s.packs.With(jurisdiction, 2, withHoliday(t, "2026-03-04"), s.now)
	events := s.retimes(workflow.Cause{Pack: 2, Document: "9/TB"})
	s.due("xu-ly", "2026-03-06 17:00")
	if body, err := events[0].ParseBody(); err != nil || body.Number != 2 || body.Document != "9/TB" {
		t.Errorf("%+v (%v)", body, err)
	}
	if s.report(s.id).PackVersion != 1 {
		t.Error("the report has left its version")
	}
}

// Nobody has counted anew yet: the clock that would fire looks at the calendar first.
func TestClockLooksBeforeItFires(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.at("2026-03-05 17:00")
	s.packs = s.packs.With(jurisdiction, 2, withHoliday(t, "2026-03-04"), s.now)
	s.fires(t, "xu-ly", "deadline.retimed", "deadline.reminded 50 so-xay-dung")
	s.due("xu-ly", "2026-03-06 17:00")
	if d := s.clock("xu-ly"); d.OverdueAt != nil {
		t.Errorf("it is missed: %+v", d)
	}
}

// What is left on a clock that stands grows where time is taken out that it has counted.
func TestStandingClocksAreRetimed(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.step(staffActor(models.RoleHandler, "so-xay-dung"), "start", workflow.Action{})
	s.at("2026-03-03 10:00")
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
	s.left("xu-ly", 21*time.Hour+30*time.Minute)
	d := s.decides(workflow.MakeDecision{Kind: models.DecisionSuspend, StartsAt: s.when("2026-03-02 13:00"), EndsAt: s.when("2026-03-02 17:00")})
	s.retimes(workflow.Cause{Decision: &d.ID})
	s.left("xu-ly", 25*time.Hour+30*time.Minute)
	s.at("2026-03-05 07:30")
	s.step(reporter(), "provide_info", s.say("Trước số 12."))
	s.due("xu-ly", "2026-03-10 09:00")
}

// Two stands in one life: the clock counts what is between, whatever lies in them.
func TestPausedTwice(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.step(staffActor(models.RoleHandler, "so-xay-dung"), "start", workflow.Action{})
	for _, stand := range [][2]string{{"2026-03-03 10:00", "2026-03-04 08:30"}, {"2026-03-04 09:30", "2026-03-06 16:00"}} {
		s.at(stand[0])
		s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
		s.at(stand[1])
		s.step(reporter(), "provide_info", s.say("Trước số 12."))
	}
	// 30.5 h less 6.5 on Monday, 2.5 on Tuesday and 1 on Wednesday, from Friday at 16:00.
	s.due("xu-ly", "2026-03-11 11:00")
}

// A second is never lost, however often a clock stands.
func TestSecondsAreKept(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.after(400 * time.Millisecond)
	s.accept()
	s.step(staffActor(models.RoleHandler, "so-xay-dung"), "start", workflow.Action{})
	for range 5 {
		s.after(300 * time.Millisecond)
		s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
		s.step(reporter(), "provide_info", s.say("Trước số 12."))
	}
	s.due("xu-ly", "2026-03-05 17:00")
}

func TestExtendedOnce(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.at("2026-03-05 15:00")
	s.fires(t, "xu-ly", "deadline.reminded 50 so-xay-dung", "deadline.reminded 90 so-xay-dung")
	reasons := s.pack.Reasons("extend")
	until := func(when string) workflow.Action {
		moment := s.when(when)
		return workflow.Action{Until: &moment, ReasonCode: reasons[0].Code}
	}
	s.refused(leader(), "extend", until("2026-03-05 17:00"), models.CodeOutOfRange)
	s.refused(leader(), "extend", until("2026-03-06 05:00"), models.CodeOutOfRange)
	s.step(leader(), "extend", until("2026-03-10 10:00"))
	s.due("xu-ly", "2026-03-10 10:00")
	d := s.clock("xu-ly")
	if d.ExtendedAt == nil || *d.ExtendedBy != leader().String() || *d.TotalS != int64(49*time.Hour/time.Second) {
		t.Errorf("%+v", d)
	}
	// 58 of 100 are counted; nine tenths of 49 hours are on Monday.
	if want := s.when("2026-03-09 14:36"); !d.NextAt.Equal(want) {
		t.Errorf("it reminds at %s, expected %s", d.NextAt.In(want.Location()), want)
	}
	s.refused(leader(), "extend", until("2026-03-12 10:00"), models.CodeTransitionRefused)
}

// An hour, or a fortnight, without anybody is made up for, in order and once.
func TestEscalatesUpTheTree(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	late := story{s.clone(t), s.id}
	for _, tt := range []struct {
		at   string
		want []string
	}{
		{"2026-03-04 08:14", nil},
		{"2026-03-04 08:15", []string{"deadline.reminded 50 so-xay-dung"}},
		{"2026-03-05 13:57", []string{"deadline.reminded 90 so-xay-dung"}},
		{"2026-03-05 16:59", nil},
		{"2026-03-05 17:00", []string{"deadline.missed", "deadline.escalated 1 ubnd"}},
		{"2026-03-06 16:59", nil},
		{"2026-03-06 17:00", []string{"deadline.escalated 2 ioc"}},
		{"2026-03-09 16:59", nil},
		{"2026-03-09 17:00", []string{"deadline.escalated 3 "}},
		{"2026-06-01 09:00", nil},
	} {
		s.at(tt.at)
		s.fires(t, "xu-ly", tt.want...)
	}
	if d := s.clock("xu-ly"); d.NextAt != nil || d.Level != 3 || s.report(s.id).Escalated != 3 {
		t.Errorf("%+v", d)
	}
	late.at("2026-03-20 09:00")
	late.fires(t, "xu-ly", "deadline.reminded 50 so-xay-dung", "deadline.reminded 90 so-xay-dung", "deadline.missed",
		"deadline.escalated 1 ubnd", "deadline.escalated 2 ioc", "deadline.escalated 3 ")
	late.fires(t, "xu-ly")
}

// A supporting unit has two days of its own, which stand while it has nothing to do.
func TestSupportHasItsClock(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.step(operator(), "support", workflow.Action{SupportUnits: []string{"cay-xanh"}})
	s.due("phoi-hop", "2026-03-04 17:00")
	d := s.clock("phoi-hop")
	if d.TaskID == nil || *d.Unit != "cay-xanh" {
		t.Fatalf("%+v", d)
	}
	unit := staffActor(models.RoleCoordinator, "cay-xanh")
	task := func(name string, with workflow.Action) {
		t.Helper()
		i := slices.IndexFunc(s.reports[s.id].Tasks, func(k models.Task) bool { return k.ID == *d.TaskID })
		version := s.reports[s.id].Tasks[i].Version
		if _, err := s.do(workflow.Act{Packs: s.packs, Actor: unit, ReportID: s.id, Name: name, TaskID: d.TaskID, Version: &version, Action: with}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	s.at("2026-03-03 09:30")
	task("support_done", s.say("Đã cắt tỉa cành che khuất tầm nhìn."))
	s.left("phoi-hop", 14*time.Hour)
	s.at("2026-03-05 07:30")
	task("support_redo", workflow.Action{})
	s.due("phoi-hop", "2026-03-06 15:00")
	s.step(operator(), "assign", workflow.Action{Unit: "so-xay-dung"})
	s.left("phoi-hop", 14*time.Hour)
}

// With a second unit a category may have more time, and again less without it.
func TestSeveralUnitsHaveMoreTime(t *testing.T) {
	t.Parallel()
	s := tell(t, "via-he-hong")
	s.accept()
	s.step(operator(), "assign", workflow.Action{Unit: "so-xay-dung"})
	s.due("xu-ly", "2026-03-16 17:00")
	s.step(operator(), "support", workflow.Action{SupportUnits: []string{"cay-xanh"}})
	s.due("xu-ly", "2026-03-23 17:00")
	s.step(operator(), "assign", workflow.Action{Unit: "so-xay-dung"})
	s.due("xu-ly", "2026-03-16 17:00")
}

// A part that nobody handed in before the answer is out is asked for no more: its clock escalates nothing.
func TestPartsEndWithTheAnswer(t *testing.T) {
	t.Parallel()
	s := tell(t, "via-he-hong")
	s.accept()
	s.step(operator(), "assign", workflow.Action{Unit: "so-xay-dung", SupportUnits: []string{"cay-xanh"}})
	s.publish()
	if got := s.part("cay-xanh"); got.State != models.TaskCancelled {
		t.Errorf("the part is %s", got.State)
	}
	for _, d := range s.reports[s.id].Deadlines {
		if d.TaskID != nil && (d.StoppedAt == nil || d.NextAt != nil) {
			t.Errorf("the part's clock %+v still asks for something", d)
		}
	}
}

// What its sender calls urgent is to be taken on sooner, and an operator who says that it is not gives the time back.
func TestUrgentReportsAreTakenOnSooner(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.due("tiep-nhan", "2026-03-02 17:00")
	w := newWorld(t)
	form := formOf("o-ga")
	form.Urgent = true
	s = story{w, w.submit(reporter(), form)}
	s.due("tiep-nhan", "2026-03-02 11:00")
	s.step(operator(), "claim", workflow.Action{})
	s.after(30 * time.Minute)
	s.step(operator(), "set_urgency", workflow.Action{Urgency: models.UrgencyNormal})
	s.due("tiep-nhan", "2026-03-02 17:00")
}

// What was imported has no clocks, and one that it has for some reason never fires.
func TestImportsHaveNoClocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.submission(reporter(), formOf("o-ga"))
	old.Origin = models.OriginImport
	if _, err := w.do(old); err != nil {
		t.Fatal(err)
	}
	s := story{w, old.ID}
	s.accept()
	if n := len(s.reports[s.id].Deadlines); n != 0 {
		t.Errorf("%d clocks", n)
	}
	facts := *s.reports[s.id]
	facts.Deadlines = []models.Deadline{{
		JurisdictionID: jurisdiction, ID: w.id(), ReportID: s.id, Kind: "xu-ly", Counts: models.CountsWall, StartedAt: s.now, DueAt: s.now, NextAt: &s.now,
	}}
	w.reports[s.id] = &facts
	if change := s.expire("xu-ly"); len(change.Events) != 0 {
		t.Errorf("it fired: %+v", change.Events)
	}
	if d := s.clock("xu-ly"); d.NextAt != nil || d.OverdueAt != nil {
		t.Errorf("%+v", d)
	}
}

// A row of an earlier program says only when it is due. It counts on as if it had never
// stood.
func TestEarlierRowsCountOn(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	facts := *s.reports[s.id]
	facts.Deadlines = slices.Clone(facts.Deadlines)
	for i := range facts.Deadlines {
		d := &facts.Deadlines[i]
		d.CountedFrom, d.LeftS, d.TotalS, d.NextAt = nil, nil, nil, nil
		if d.Running() {
			d.NextAt = &d.DueAt
		}
	}
	s.reports[s.id] = &facts
	if events := s.retimes(workflow.Cause{Pack: 2}); len(events) != 0 {
		t.Errorf("events: %+v", events)
	}
	s.at("2026-03-03 10:00")
	s.step(staffActor(models.RoleHandler, "so-xay-dung"), "start", workflow.Action{})
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
	s.left("xu-ly", 21*time.Hour+30*time.Minute)
	s.at("2026-03-05 07:30")
	s.step(reporter(), "provide_info", s.say("Trước số 12."))
	s.due("xu-ly", "2026-03-09 14:30")
	if diff := cmp.Diff(int64(30*3600+1800), *s.clock("xu-ly").TotalS); diff != "" {
		t.Error(diff)
	}
}
