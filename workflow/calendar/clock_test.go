// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hientruong/workflow/calendar"
)

func TestClockInWorkingTime(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	when := func(s string) time.Time { return at(t, c, s) }

	k := calendar.Start(c, when("2026-02-12 08:00"), 16*time.Hour)
	if got := k.Due; !got.Equal(when("2026-02-23 08:00")) {
		t.Fatalf("16 h from the Thursday before Tết are due %s", got)
	}
	paused := k.Pause(c, when("2026-02-13 09:00"))
	if paused.Remaining != 7*time.Hour || paused.Running() || paused.Left(c, when("2026-03-02 08:00")) != 7*time.Hour {
		t.Fatalf("paused: %+v", paused)
	}
	if again := paused.Pause(c, when("2026-02-13 10:00")); again != paused {
		t.Errorf("paused twice: %+v", again)
	}
	resumed := paused.Resume(c, when("2026-02-25 10:00"))
	if !resumed.Due.Equal(when("2026-02-26 09:00")) || resumed.Remaining != 0 {
		t.Fatalf("resumed: %+v", resumed)
	}
	extended := resumed.Extend(c, 8*time.Hour)
	if !extended.Due.Equal(when("2026-02-27 09:00")) {
		t.Errorf("extended to %s", extended.Due)
	}
	if shorter := extended.Extend(c, -8*time.Hour); shorter != resumed {
		t.Errorf("shortened again: %+v", shorter)
	}
	stopped := extended.Stop(c, when("2026-02-26 17:00"))
	if stopped.Remaining != 90*time.Minute || stopped.Late(when("2026-03-30 08:00")) {
		t.Errorf("stopped: %+v", stopped)
	}
	back := stopped.Resume(c, when("2026-03-02 07:30"))
	if !back.Due.Equal(when("2026-03-02 09:00")) || !back.Running() {
		t.Errorf("returned: %+v", back)
	}
}

func TestClockLate(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	k := calendar.StartUntil(at(t, c, "2026-03-02 08:00"), at(t, c, "2026-03-05 17:00"))
	if k.Late(at(t, c, "2026-03-05 17:00")) || !k.Late(at(t, c, "2026-03-05 17:01")) {
		t.Error("a clock is late from the first moment after its due time")
	}
	late := k.Pause(c, at(t, c, "2026-03-06 08:30"))
	if late.Remaining != -time.Hour || !late.Late(at(t, c, "2026-03-09 08:00")) {
		t.Errorf("paused late: %+v", late)
	}
	on := late.Resume(c, at(t, c, "2026-03-10 10:00"))
	if got := on.Left(c, at(t, c, "2026-03-10 10:00")); got != -time.Hour {
		t.Errorf("resumed with %s", got)
	}
	if stopped := k.Stop(c, at(t, c, "2026-03-05 17:30")); !stopped.Late(stopped.Stopped) || stopped.Remaining != 0 {
		t.Errorf("stopped after hours on the last day: %+v", stopped)
	}
}

func TestClockWall(t *testing.T) {
	t.Parallel()
	w := calendar.Wall{}
	start := time.Date(2026, 2, 17, 0, 0, 0, 0, time.UTC)
	k := calendar.Start(w, start, 24*time.Hour).Pause(w, start.Add(10*time.Hour))
	k = k.Extend(w, time.Hour).Resume(w, start.Add(100*time.Hour))
	want := calendar.Clock{Started: start, Due: start.Add(115 * time.Hour)}
	if diff := cmp.Diff(want, k); diff != "" {
		t.Error(diff)
	}
	if k.Stop(w, start.Add(101*time.Hour)).Stop(w, start.Add(200*time.Hour)).Remaining != 14*time.Hour {
		t.Error("a second stop must change nothing")
	}
}

func TestZeroClock(t *testing.T) {
	t.Parallel()
	w, now := calendar.Wall{}, time.Unix(0, 0)
	var k calendar.Clock
	for name, got := range map[string]calendar.Clock{
		"pause": k.Pause(w, now), "stop": k.Stop(w, now), "resume": k.Resume(w, now), "extend": k.Extend(w, time.Hour),
	} {
		if got != k {
			t.Errorf("%s of a clock that never ran: %+v", name, got)
		}
	}
	if k.Late(now) || k.Running() {
		t.Error("a clock that never ran is neither late nor running")
	}
}

// However often a clock is paused, the working time it ran is its allowance.
func TestClockCountsOnlyWhatRan(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	start := at(t, c, "2026-01-05 08:00")
	rapid.Check(t, func(t *rapid.T) {
		allowance := time.Duration(rapid.IntRange(1, 200).Draw(t, "hours")) * time.Hour
		k := calendar.Start(c, start, allowance)
		now, ran := start, time.Duration(0)
		for range rapid.IntRange(0, 8).Draw(t, "pauses") {
			next := now.Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "run")) * time.Minute)
			ran += c.Between(now, next)
			k = k.Pause(c, next)
			now = next.Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "wait")) * time.Minute)
			k = k.Resume(c, now)
		}
		if got := k.Left(c, now); got != allowance-ran {
			t.Fatalf("left %s of %s after running %s", got, allowance, ran)
		}
	})
}
