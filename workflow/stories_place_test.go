// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

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
	s.due("xu-ly", "2026-03-05 09:00") // three days of a unit on duty day and night
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

// Where the public may know the ward only, it knows no tile, public or not.
func TestWardOnlyHasNoPublicTile(t *testing.T) {
	t.Parallel()
	w := worldOf(t, changedPack(t, map[string]func(string) string{"categories.yaml": func(s string) string {
		return strings.ReplaceAll(s, "visibility: restricted", "visibility: public")
	}}))
	s := story{w, w.submit(reporter(), formOf("trom-cap"))}
	s.accept()
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
	if r := s.report(s.id); r.PublicTile != nil || r.Tile == nil {
		t.Errorf("tiles: %v, %v", r.PublicTile, r.Tile)
	}
}

// An answer that was given anew is approved anew.
func TestReworkNeedsApprovalAgain(t *testing.T) {
	t.Parallel()
	s := tell(t, "an-toan-thuc-pham")
	s.accept()
	handler, head := staffActor(models.RoleHandler, "so-y-te"), staffActor(models.RoleUnitHead, "so-y-te")
	s.step(handler, "start", workflow.Action{})
	s.step(handler, "resolve", s.resolution(handler))
	s.step(head, "approve", workflow.Action{})
	s.step(verifier(), "rework", s.say("Câu trả lời quá chung chung."))
	s.step(handler, "resolve", s.resolution(handler))
	s.refused(verifier(), "publish", workflow.Action{}, models.CodeTransitionRefused)
	s.step(head, "approve", workflow.Action{})
	s.step(verifier(), "publish", workflow.Action{})
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
	// A task that is over moves no more, so that its version would be right for ever.
	over := models.Task{ID: uuid.New(), ReportID: s.id, JurisdictionID: jurisdiction, Unit: h.Unit, Lead: true, State: models.TaskReturned, Version: 2}
	s.reports[s.id].Tasks = append(s.reports[s.id].Tasks, over)
	for _, a := range []models.Actor{h, verifier()} {
		stale := workflow.Act{Packs: s.packs, Actor: a, ReportID: s.id, Name: "publish", TaskID: &over.ID, Version: &over.Version}
		if a.Unit == h.Unit {
			stale.Name = "take_up"
		}
		if _, err := s.do(stale); !slices.Equal(fieldsOf(err), []string{"body.task_id invalid_value"}) {
			t.Errorf("a task that is over, by %v: %v", a.Roles, err)
		}
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

// What goes by itself goes as a whole or not at all: where it cannot, the report waits where
// the step before led, and is given to nobody by half.
func TestNoRouteIsTakenByHalf(t *testing.T) {
	t.Parallel()
	w := worldOf(t, changedPack(t, map[string]func(string) string{
		"workflow.yaml": func(s string) string { return strings.Replace(s, "does: [route]", "does: [route, route]", 1) },
		"routing.yaml": func(string) string {
			return "rules:\n  - {when: \"report.units == 0\", lead: so-xay-dung, why: {vi: Sở, en: The department}}\n"
		},
	}))
	s := story{w, w.submit(reporter(), formOf("o-ga"))}
	s.step(operator(), "claim", workflow.Action{})
	s.step(operator(), "accept", workflow.Action{})
	s.stands("accepted", models.PhaseWorking, models.ShownFull)
	if f := s.reports[s.id]; len(f.Tasks) > 0 || f.Report.LeadUnit != nil || f.Report.Version != 3 {
		t.Errorf("it was given to %s: %+v", s.lead(), f.Tasks)
	}
	s.step(operator(), "assign", workflow.Action{Unit: "chieu-sang"})
	s.stands("assigned", models.PhaseWorking, models.ShownFull)
}
