// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"
	"time"

	"hientruong/workflow/calendar"
)

// calendars finds days of the year that no season holds, and days worked in exchange that are worked anyway.
func (c *checker) calendars() {
	const file = "calendar.yaml"
	for _, name := range names(c.pack.working.Calendars) {
		spec := c.pack.working.Calendars[name]
		if day := uncovered(spec.Seasons); !spec.Always && day != "" {
			c.fault(file, at("calendars", name), "calendar %s: no season holds %s; let one begin or end there", name, day)
		}
	}
	off := map[string]bool{}
	for _, h := range c.pack.working.Holidays {
		off[h.Date] = true
	}
	for i, swap := range c.pack.working.Swapped {
		day, err := time.Parse(time.DateOnly, swap.Work)
		if weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday; err == nil && !weekend && !off[swap.Work] {
			c.fault(file, at("swapped", i, "work"), "%s is a %s; what is worked in exchange is a Saturday or a Sunday", swap.Work, day.Weekday())
		}
	}
}

// uncovered is the first day of every year, such as 04-01, that none of the seasons holds, "" where there is none.
func uncovered(specs []seasonSpec) string {
	const leap = 2000
	for d := time.Date(leap, time.January, 1, 0, 0, 0, 0, time.UTC); d.Year() == leap; d = d.AddDate(0, 0, 1) {
		day := calendar.Date{Month: d.Month(), Day: d.Day()}.String()
		if !slices.ContainsFunc(specs, func(s seasonSpec) bool { return s.holds(day) }) {
			return day
		}
	}
	return ""
}

// holds tells whether a season of every year holds a day such as 04-01.
func (s seasonSpec) holds(day string) bool {
	switch {
	case len(s.From) != len(day) || len(s.To) != len(day):
		return false
	case s.To < s.From:
		return day >= s.From || day <= s.To
	default:
		return s.From <= day && day <= s.To
	}
}
