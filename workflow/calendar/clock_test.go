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

// A clock that stands twice, or more often, counts what is between.
func TestClockPausedTwice(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	type stand struct{ from, to string }
	for _, tt := range []struct {
		name, start, allowance string
		stands                 []stand
		want                   string
	}{
		{"twice in a morning", "2026-03-02 08:00", "2h", []stand{{"2026-03-02 08:30", "2026-03-02 09:00"}, {"2026-03-02 09:30", "2026-03-02 10:00"}}, "2026-03-02 11:00"},
		{"over lunch and over night", "2026-03-02 08:00", "8h", []stand{{"2026-03-02 11:00", "2026-03-02 13:30"}, {"2026-03-02 16:30", "2026-03-03 08:00"}}, "2026-03-03 10:00"},
		{"at night twice costs nothing", "2026-03-02 16:00", "10h", []stand{{"2026-03-02 20:00", "2026-03-03 06:00"}, {"2026-03-03 18:00", "2026-03-04 07:00"}}, "2026-03-04 08:30"},
		{"before Tết and after it", "2026-02-12 07:30", "16h", []stand{{"2026-02-13 07:30", "2026-02-13 09:30"}, {"2026-02-23 07:30", "2026-02-23 09:30"}}, "2026-02-23 11:30"},
		{"all of Tết costs nothing", "2026-02-13 15:00", "4h", []stand{{"2026-02-13 17:00", "2026-02-23 07:30"}, {"2026-02-23 08:30", "2026-02-23 10:00"}}, "2026-02-23 11:00"},
		{"over the change of hours", "2026-03-31 15:00", "6h", []stand{{"2026-03-31 16:00", "2026-04-01 08:30"}, {"2026-04-01 11:00", "2026-04-01 14:00"}}, "2026-04-01 16:30"},
		{"a swapped Saturday within", "2026-01-09 15:00", "6h", []stand{{"2026-01-09 16:00", "2026-01-10 08:30"}, {"2026-01-10 10:30", "2026-01-12 07:30"}}, "2026-01-12 10:30"},
		{"paused as it is due", "2026-03-02 08:00", "2h", []stand{{"2026-03-02 10:00", "2026-03-02 14:00"}, {"2026-03-02 14:00", "2026-03-02 15:00"}}, "2026-03-02 15:00"},
		{"late and paused twice", "2026-03-02 08:00", "1h", []stand{{"2026-03-02 10:00", "2026-03-02 14:00"}, {"2026-03-02 15:00", "2026-03-03 09:30"}}, "2026-03-03 07:30"},
		{"paused for no time", "2026-03-02 08:00", "2h", []stand{{"2026-03-02 09:00", "2026-03-02 09:00"}, {"2026-03-02 09:00", "2026-03-02 09:00"}}, "2026-03-02 10:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			allowance, err := time.ParseDuration(tt.allowance)
			if err != nil {
				t.Fatal(err)
			}
			k := calendar.Start(c, at(t, c, tt.start), allowance)
			for _, s := range tt.stands {
				k = k.Pause(c, at(t, c, s.from)).Resume(c, at(t, c, s.to))
			}
			if got := k.Due.Format(minuteLayout); got != tt.want {
				t.Errorf("due %s, want %s", got, tt.want)
			}
		})
	}
}
