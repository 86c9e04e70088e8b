// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hientruong/workflow/calendar"
)

// stepper answers the same questions as a Calendar, without some intervals, by walking minute by minute over the Spec it was
// made from.
type stepper struct {
	spec calendar.Spec
	gaps []calendar.Interval
}

func (s stepper) hours(t time.Time) []calendar.Hours {
	y, m, d := t.Date()
	today := calendar.Date{Year: y, Month: m, Day: d}
	week := func(as time.Weekday) []calendar.Hours {
		for _, season := range s.spec.Seasons {
			from, to, now := int(season.From.Month)*100+season.From.Day, int(season.To.Month)*100+season.To.Day, int(m)*100+d
			if from <= to && from <= now && now <= to || from > to && (now >= from || now <= to) {
				return season.Week[as]
			}
		}
		return nil
	}
	for _, w := range s.spec.Swapped {
		if w.Date == today && len(w.Hours) > 0 {
			return w.Hours
		} else if w.Date == today {
			return week(w.Like)
		}
	}
	for _, off := range s.spec.Off {
		if off.Date == today {
			return nil
		}
	}
	return week(t.Weekday())
}

func (s stepper) working(t time.Time) bool {
	if slices.ContainsFunc(s.gaps, func(g calendar.Interval) bool { return !t.Before(g.From) && t.Before(g.To) }) {
		return false
	}
	t = t.In(s.spec.Zone)
	minute := t.Hour()*60 + t.Minute()
	return slices.ContainsFunc(s.hours(t), func(h calendar.Hours) bool { return h.From <= minute && minute < h.To })
}

func (s stepper) between(a, b time.Time) time.Duration {
	var sum time.Duration
	for ; a.Before(b); a = a.Add(time.Minute) {
		if s.working(a) {
			sum += time.Minute
		}
	}
	return sum
}

func (s stepper) add(t time.Time, d time.Duration) time.Time {
	for ; d > 0; t = t.Add(time.Minute) {
		if s.working(t) {
			d -= time.Minute
		}
	}
	return t
}

func drawHours(t *rapid.T) []calendar.Hours {
	cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 1440), 0, 6, rapid.ID[int]).Draw(t, "cuts")
	slices.Sort(cuts)
	var out []calendar.Hours
	for i := 0; i+1 < len(cuts); i += 2 {
		out = append(out, calendar.Hours{From: cuts[i], To: cuts[i+1]})
	}
	return out
}

func drawDate(t *rapid.T) calendar.Date {
	day := time.Date(2026, 1, 1+rapid.IntRange(0, 120).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
	return calendar.Date{Year: day.Year(), Month: day.Month(), Day: day.Day()}
}

// drawSpec makes two yearly seasons that meet somewhere in the first months of 2026, days off and swapped days there.
func drawSpec(t *rapid.T, zone *time.Location) calendar.Spec {
	turn := rapid.IntRange(2, 5).Draw(t, "turn")
	s := calendar.Spec{Zone: zone, Seasons: []calendar.Season{
		{From: calendar.Date{Month: time.Month(turn), Day: 10}, To: calendar.Date{Month: 11, Day: 30}},
		{From: calendar.Date{Month: 12, Day: 1}, To: calendar.Date{Month: time.Month(turn), Day: 9}},
	}}
	for i := range s.Seasons {
		for d := range 7 {
			s.Seasons[i].Week[d] = drawHours(t)
		}
	}
	for _, d := range rapid.SliceOfNDistinct(rapid.Custom(drawDate), 0, 8, rapid.ID[calendar.Date]).Draw(t, "off") {
		s.Off = append(s.Off, calendar.DayOff{Date: d})
	}
	for _, d := range rapid.SliceOfNDistinct(rapid.Custom(drawDate), 0, 3, rapid.ID[calendar.Date]).Draw(t, "swaps") {
		s.Swapped = append(s.Swapped, calendar.Swap{Date: d, Hours: []calendar.Hours{{From: 480, To: 600 + len(s.Swapped)}}})
	}
	return s
}

func drawMoment(t *rapid.T, zone *time.Location) time.Time {
	return time.Date(2025, 12, 28, 0, rapid.IntRange(0, 130*1440).Draw(t, "minute"), 0, 0, zone)
}

func TestAgainstStepper(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{zone(t, "Asia/Ho_Chi_Minh"), time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/St_Johns")}
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		c, err := calendar.New(spec)
		if err != nil {
			t.Skip(err)
		}
		slow := stepper{spec: spec}
		a := drawMoment(t, spec.Zone)
		b := a.Add(time.Duration(rapid.IntRange(0, 14*1440).Draw(t, "span")) * time.Minute)
		if got, want := c.Between(a, b), slow.between(a, b); got != want {
			t.Fatalf("Between(%s, %s) = %s, stepping %s", a, b, got, want)
		}
		if got, want := c.IsWorking(a), slow.working(a); got != want {
			t.Fatalf("IsWorking(%s) = %v", a, got)
		}
		worked := c.Between(a, b)
		if got, want := c.Add(a, worked), slow.add(a, worked); !got.Equal(want) {
			t.Fatalf("Add(%s, %s) = %s, stepping %s", a, worked, got, want)
		}
	})
}

func TestAddIsInverseOfBetween(t *testing.T) {
	t.Parallel()
	loc := zone(t, "Asia/Ho_Chi_Minh")
	rapid.Check(t, func(t *rapid.T) {
		c, err := calendar.New(drawSpec(t, loc))
		if err != nil {
			t.Skip(err)
		}
		a := drawMoment(t, loc).Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "ns")))
		d := time.Duration(rapid.Int64Range(-int64(2000*time.Hour), int64(2000*time.Hour)).Draw(t, "d"))
		b := c.Add(a, d)
		if got := c.Between(a, b); got != d {
			t.Fatalf("Between(%s, Add(%s)) = %s", a, d, got)
		}
		if d > 0 && c.Between(a, b.Add(-1)) != d-1 {
			t.Fatalf("Add(%s, %s) = %s is not the earliest", a, d, b)
		}
		if d < 0 && c.Between(a, b.Add(1)) != d+1 {
			t.Fatalf("Add(%s, %s) = %s is not the latest", a, d, b)
		}
		if next := c.Next(a); c.Between(a, next) != 0 || !c.IsWorking(next) {
			t.Fatalf("Next(%s) = %s", a, next)
		}
	})
}
