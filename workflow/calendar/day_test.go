// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"testing"
	"time"

	"hientruong/workflow/calendar"
)

func TestAlwaysOpen(t *testing.T) {
	t.Parallel()
	ho := zone(t, "Asia/Ho_Chi_Minh")
	closed := calendar.Always(ho)
	closed.Off = []calendar.DayOff{{Date: date(t, "2026-02-17")}}
	split := calendar.Always(ho)
	for d := range split.Seasons[0].Week {
		split.Seasons[0].Week[d] = hours(t, "00:00", "12:00", "12:00", "24:00")
	}
	leap := calendar.Always(ho)
	leap.Seasons = []calendar.Season{
		{From: date(t, "01-01"), To: date(t, "02-28"), Week: leap.Seasons[0].Week},
		{From: date(t, "03-01"), To: date(t, "12-31"), Week: leap.Seasons[0].Week},
	}
	for name, tt := range map[string]struct {
		spec calendar.Spec
		want bool
	}{
		"day and night":                     {calendar.Always(ho), true},
		"where clocks change":               {calendar.Always(zone(t, "Europe/Berlin")), true},
		"in two halves":                     {split, true},
		"an office":                         {offices(t), false},
		"all days but one":                  {closed, false},
		"all days but the 29th of February": {leap, false},
	} {
		if got := must(t, tt.spec).Always(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	s := offices(t)
	s.Seasons = append(s.Seasons, calendar.Season{
		From: date(t, "2026-07-06"), To: date(t, "2026-07-10"), Week: workdays(hours(t, "06:00", "12:00")),
	})
	c, night := must(t, s), must(t, calendar.Always(s.Zone))
	for _, tt := range []struct {
		name string
		c    *calendar.Calendar
		at   string
		want time.Duration
	}{
		{"in winter", c, "2026-03-02 09:00", 8 * time.Hour},
		{"in summer", c, "2026-06-01 00:00", 8 * time.Hour},
		{"after work", c, "2026-03-02 23:00", 8 * time.Hour},
		{"in the heat wave", c, "2026-07-08 15:00", 6 * time.Hour},
		{"on the Sunday before it", c, "2026-07-05 09:00", 6 * time.Hour},
		{"on the Saturday after it", c, "2026-07-11 09:00", 8 * time.Hour},
		{"day and night", night, "2026-03-02 09:00", 24 * time.Hour},
	} {
		if got := tt.c.Day(at(t, c, tt.at)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	base := must(t, offices(t))
	for _, tt := range []struct {
		name  string
		spoil func(*calendar.Spec)
		want  bool
	}{
		{"nothing", func(*calendar.Spec) {}, true},
		{"the order of seasons", func(s *calendar.Spec) { s.Seasons[0], s.Seasons[1] = s.Seasons[1], s.Seasons[0] }, true},
		{"what a day off is called", func(s *calendar.Spec) { s.Off[0].Name = map[string]string{"vi": "Tết Dương lịch"} }, true},
		{"that a day off was announced", func(s *calendar.Spec) { s.Off[len(s.Off)-1].Provisional = false }, true},
		{"one day off more", func(s *calendar.Spec) { s.Off = append(s.Off, calendar.DayOff{Date: date(t, "2026-11-24")}) }, false},
		{"another day off", func(s *calendar.Spec) { s.Off[0].Date = date(t, "2026-01-05") }, false},
		{"an hour", func(s *calendar.Spec) { s.Seasons[0].Week[5] = hours(t, "07:30", "11:30") }, false},
		{"when a season ends", func(s *calendar.Spec) { s.Seasons[0].To, s.Seasons[1].From = date(t, "10-01"), date(t, "10-02") }, false},
		{"a heat wave", func(s *calendar.Spec) {
			s.Seasons = append(s.Seasons, calendar.Season{From: date(t, "2026-07-06"), To: date(t, "2026-07-10")})
		}, false},
		{"a swapped day", func(s *calendar.Spec) { s.Swapped = s.Swapped[:1] }, false},
		{"how a swapped day is worked", func(s *calendar.Spec) { s.Swapped[0].Hours = hours(t, "08:00", "12:00") }, false},
		{"the zone", func(s *calendar.Spec) { s.Zone = time.UTC }, false},
	} {
		spec := offices(t)
		tt.spoil(&spec)
		if got := base.Same(must(t, spec)); got != tt.want {
			t.Errorf("%s differs: same is %v", tt.name, got)
		}
	}
	if !base.Same(base) {
		t.Error("it differs from itself")
	}
}
