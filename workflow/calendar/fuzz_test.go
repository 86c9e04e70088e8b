// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"testing"
	"time"

	"hientruong/workflow/calendar"
)

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-04-30", "04-30", "02-29", "2026-02-30", "", "99-99", "２０２６-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := calendar.ParseDate(s)
		if err != nil {
			return
		}
		if d.String() != s {
			t.Fatalf("%q is read as %s", s, d)
		}
		if d.Year == 0 {
			return
		}
		if _, err := calendar.New(calendar.Spec{Zone: time.UTC, Seasons: calendar.Always(time.UTC).Seasons, Off: []calendar.DayOff{{Date: d}}}); err != nil {
			t.Fatalf("%q is a date, yet %v", s, err)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	for _, s := range []string{"07:30", "24:00", "24:01", "7:30", "", "00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := calendar.ParseClock(s)
		if err == nil && (m < 0 || m > 1440 || len(s) != 5) {
			t.Fatalf("%q is read as minute %d", s, m)
		}
	})
}
