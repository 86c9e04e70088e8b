// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// aLeapYear has every day that a yearly season can name.
const aLeapYear = 2000

// Always tells whether every second of every year is working time, so that a day is any 24 hours.
func (c *Calendar) Always() bool {
	if len(c.dated)+len(c.off)+len(c.swapped) > 0 {
		return false
	}
	y := c.year(aLeapYear)
	return len(y.spans) == 1 && y.spans[0].start == Date{aLeapYear, time.January, 1}.unix(0, c.zone) &&
		y.spans[0].end == Date{aLeapYear + 1, time.January, 1}.unix(0, c.zone)
}

// Day is how long one works on the day of t or, where that day is free, on the next that is not.
func (c *Calendar) Day(t time.Time) time.Duration {
	y, m, d := c.Next(midnight(t.In(c.zone))).Date()
	first := time.Date(y, m, d, 0, 0, 0, 0, c.zone)
	return c.Between(first, first.AddDate(0, 0, 1))
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// Same tells whether two calendars have the same working time by the same rules. What days off are called makes no difference.
func (c *Calendar) Same(o *Calendar) bool {
	if c == o {
		return true
	}
	sameDay := func(DayOff, DayOff) bool { return true }
	return c.zone.String() == o.zone.String() && sameSeasons(c.dated, o.dated) && sameSeasons(c.yearly, o.yearly) &&
		maps.EqualFunc(c.off, o.off, sameDay) && reflect.DeepEqual(c.swapped, o.swapped)
}

// sameSeasons compares seasons, which never overlap, in whatever order they come.
func sameSeasons(a, b []Season) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(s Season) bool {
		return !slices.ContainsFunc(b, func(o Season) bool { return reflect.DeepEqual(s, o) })
	})
}
