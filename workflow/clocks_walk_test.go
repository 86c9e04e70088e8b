// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"hientruong/models"
	"hientruong/workflow"
)

// Whatever happens to a report, to the decisions and to the calendar: every clock is due
// when its row says so, asks for something only while it runs, is quiet once it was fired,
// and comes out the same when it is counted anew twice.
func TestClocksAlwaysAddUp(t *testing.T) {
	t.Parallel()
	p, err := demoPack()
	if err != nil {
		t.Fatal(err)
	}
	holiday := withHoliday(t, "2026-03-11")
	rapid.Check(t, func(t *rapid.T) {
		w := worldOf(t, p)
		s := story{w, w.submit(reporter(), formOf("via-he-hong"))}
		s.accept()
		for range rapid.IntRange(5, 40).Draw(t, "steps") {
			s.after(rapid.SampledFrom([]time.Duration{0, time.Second, 1300 * time.Millisecond, 40 * time.Minute, 7 * time.Hour, 30 * time.Hour}).Draw(t, "pause"))
			s.disturb(t)
			if rapid.IntRange(0, 30).Draw(t, "holiday") == 0 {
				w.packs = w.packs.With(jurisdiction, 2, holiday, w.now)
			}
			s.retimes(workflow.Cause{})
			if again := s.retimes(workflow.Cause{}); len(again) > 0 {
				t.Fatalf("counted anew twice: %+v", again)
			}
			s.addsUp(t)
		}
	})
}

// disturb does something at random that moves clocks.
func (s story) disturb(t *rapid.T) {
	unit := rapid.SampledFrom([]string{"so-xay-dung", "chieu-sang", "cay-xanh"}).Draw(t, "unit")
	try := func(a models.Actor, name string, with workflow.Action) {
		if _, err := s.act(a, s.id, name, with); codeOf(err) == models.CodeInternal {
			t.Fatalf("%s: %v", name, err)
		}
	}
	switch rapid.IntRange(0, 8).Draw(t, "what") {
	case 0:
		try(staffActor(models.RoleHandler, s.lead()), "start", workflow.Action{})
	case 1:
		try(operator(), "ask", s.say("Vỉa hè hỏng ở đoạn nào, trước số nhà bao nhiêu?"))
	case 2:
		try(reporter(), "provide_info", s.say("Trước số 12."))
	case 3:
		try(operator(), "assign", workflow.Action{Unit: unit})
	case 4:
		try(operator(), "support", workflow.Action{SupportUnits: []string{unit}})
	case 5:
		until := s.now.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "more")) * time.Hour)
		try(leader(), "extend", workflow.Action{Until: &until, ReasonCode: s.pack.Reasons("extend")[0].Code})
	case 6:
		d := workflow.MakeDecision{Kind: models.DecisionSuspend, StartsAt: s.now.Add(time.Duration(rapid.IntRange(-99, 99).Draw(t, "from")) * time.Hour)}
		d.EndsAt = d.StartsAt.Add(time.Duration(rapid.IntRange(1, 99).Draw(t, "hours")) * time.Hour)
		if rapid.Bool().Draw(t, "extends") {
			d.Kind, d.Days = models.DecisionExtend, rapid.IntRange(1, 9).Draw(t, "days")
		}
		s.decides(d)
	case 7:
		if all := s.packs.Decisions(jurisdiction); len(all) > 0 && all[len(all)-1].RevokedAt == nil {
			s.revokes()
		}
	default:
		for _, d := range s.reports[s.id].Deadlines {
			if _, err := s.do(workflow.Expire{Packs: s.packs, Jurisdiction: jurisdiction, ReportID: s.id, DeadlineID: d.ID}); err != nil {
				t.Fatalf("%s: %v", d.Kind, err)
			}
			s.quiet(t, d)
		}
	}
}

// quiet: a clock that was fired asks for nothing more now.
func (s story) quiet(t *rapid.T, fired models.Deadline) {
	for _, d := range s.reports[s.id].Deadlines {
		if d.ID == fired.ID && d.NextAt != nil && !d.NextAt.After(s.now) {
			t.Fatalf("%s was fired and asks again at %s: %+v", d.Kind, d.NextAt, d)
		}
	}
}

func (s story) addsUp(t *rapid.T) {
	r := s.report(s.id)
	for _, d := range s.reports[s.id].Deadlines {
		if d.StoppedAt != nil {
			continue
		}
		unit := ""
		if d.Unit != nil {
			unit = *d.Unit
		}
		c := s.packs.Counter(&r, d.Counts, unit, s.now)
		left := time.Duration(*d.LeftS) * time.Second
		if due := c.Add(*d.CountedFrom, left); !due.Equal(d.DueAt) {
			t.Fatalf("%s is due %s and its row says %s: %+v", d.Kind, due, d.DueAt, d)
		}
		if d.PausedAt != nil {
			stood := left - c.Between(*d.CountedFrom, d.PausedAt.Truncate(time.Second))
			if want := int64(stood / time.Second); *d.RemainingS != want {
				t.Fatalf("%s has %d s left and its row says %d", d.Kind, want, *d.RemainingS)
			}
		}
		if d.OverdueAt == nil && (d.NextAt == nil) == d.Running() {
			t.Fatalf("%s asks for something at %v, running: %t", d.Kind, d.NextAt, d.Running())
		}
		if d.OverdueAt != nil && d.Running() && d.DueAt.After(s.now) {
			t.Fatalf("%s is overdue and due %s", d.Kind, d.DueAt)
		}
	}
}
