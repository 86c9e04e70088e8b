// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hientruong/models"
	"hientruong/workflow"
)

func nothing(c models.Change) bool { return len(c.Insert)+len(c.Update)+len(c.Events) == 0 }

// kindsIn are the kinds of a change's events, each with its degree where it has one.
func kindsIn(t *testing.T, c models.Change) []string {
	t.Helper()
	var out []string
	for _, e := range c.Events {
		body, err := e.ParseBody()
		if err != nil {
			t.Fatal(err)
		}
		kind := string(e.Kind)
		if body.Degree > 0 {
			kind += fmt.Sprintf(" %d %s", body.Degree, body.Unit)
		}
		out = append(out, kind)
	}
	return out
}

// fires checks what firing a clock writes down.
func (s story) fires(t *testing.T, name string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, kindsIn(t, s.expire(name))); diff != "" {
		t.Errorf("%s at %s: %s", name, s.now, diff)
	}
}

func TestClocksFireOnce(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.after(4*time.Hour - time.Second)
	s.fires(t, "tiep-nhan")
	s.after(time.Second)
	s.fires(t, "tiep-nhan", "deadline.reminded 50 ioc")
	s.fires(t, "tiep-nhan")
	s.after(4*time.Hour - time.Second)
	s.fires(t, "tiep-nhan", "deadline.reminded 90 ioc")
	s.after(time.Second)
	change := s.expire("tiep-nhan")
	if diff := cmp.Diff([]string{"deadline.missed", "deadline.escalated 1 ioc"}, kindsIn(t, change)); diff != "" || change.Events[0].Actor != "system" {
		t.Errorf("%s; events: %+v", diff, change.Events)
	}
	if d := s.clock("tiep-nhan"); d.OverdueAt == nil || d.Level != 1 || d.Reminded != 90 || s.report(s.id).Escalated != 1 {
		t.Errorf("what is noted on the clock: %+v", d)
	}
	s.stands("submitted", models.PhaseReceived, models.ShownNone)
	if !nothing(s.expire("tiep-nhan")) {
		t.Error("it fired twice")
	}
	unknown := workflow.Expire{Packs: s.packs, Jurisdiction: jurisdiction, ReportID: s.id, DeadlineID: s.world.id()}
	if change, err := s.do(unknown); err != nil || !nothing(change) {
		t.Errorf("a clock that is not there: %v %v", change, err)
	}
	unknown.ReportID = s.world.id()
	if _, err := s.do(unknown); codeOf(err) != models.CodeNotFound {
		t.Errorf("a report that is not there: %v", err)
	}
}

func TestStandingClocksNeverFire(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	s.step(staffActor(models.RoleHandler, "so-xay-dung"), "start", workflow.Action{})
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
	s.after(365 * 24 * time.Hour)
	for _, paused := range []string{"xu-ly", "tiep-nhan"} {
		if !nothing(s.expire(paused)) {
			t.Errorf("%s stands and fired", paused)
		}
	}
	s.expire("cho-dan")
	s.stands("rejected", models.PhaseEnded, models.ShownStatus)
	if !nothing(s.expire("cho-dan")) {
		t.Error("a clock that was stopped fired")
	}
}

// A late clock that waits is as late when it goes on, and is not missed twice.
func TestLateClocks(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	handler := staffActor(models.RoleHandler, "so-xay-dung")
	s.step(handler, "start", workflow.Action{})
	s.at("2026-03-06 08:30") // an hour of working time late
	s.expire("xu-ly")
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
	s.left("xu-ly", -time.Hour)
	s.at("2026-03-09 09:30")
	s.step(reporter(), "provide_info", s.say("Trước số 12."))
	s.due("xu-ly", "2026-03-09 08:30")
	if !nothing(s.expire("xu-ly")) {
		t.Error("it was missed twice")
	}
	s.step(operator(), "assign", workflow.Action{Unit: "chieu-sang"})
	if s.clock("xu-ly").OverdueAt == nil {
		t.Error("another unit does not make it in time")
	}
	s.step(staffActor(models.RoleHandler, "chieu-sang"), "start", workflow.Action{})
	h := staffActor(models.RoleHandler, "chieu-sang")
	s.step(h, "resolve", s.resolution(h))
	s.step(verifier(), "publish", workflow.Action{})
	s.rate(models.LevelUnsatisfied)
	s.after(time.Minute)
	s.step(reporter(), "reopen", s.say("Ổ gà vẫn còn nguyên."))
	if d := s.clock("xu-ly"); d.OverdueAt != nil {
		t.Errorf("a new clock is missed from the beginning: %+v", d)
	}
}

// What still counts on a report that is over is stopped, whether its step says so or not.
func TestTheEndStopsEveryClock(t *testing.T) {
	t.Parallel()
	w := worldOf(t, changedPack(t, map[string]func(string) string{"workflow.yaml": func(s string) string {
		const stops = "    stops: [tiep-nhan, xu-ly, cho-dan]\n    label: {vi: Rút"
		if !strings.Contains(s, stops) {
			t.Fatal("the step is not as expected")
		}
		return strings.Replace(s, stops, "    label: {vi: Rút", 1)
	}}))
	s := story{w, w.submit(reporter(), formOf("o-ga"))}
	s.step(reporter(), "withdraw", workflow.Action{})
	s.left("tiep-nhan", 8*time.Hour)
}
