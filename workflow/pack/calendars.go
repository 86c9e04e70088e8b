// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hientruong/workflow/calendar"
)

// calendarFile is calendar.yaml: the working times, and the days off of all that are not always open. Default is the calendar of
// units without one.
type calendarFile struct {
	Default   string                  `yaml:"default"`
	Calendars map[string]calendarSpec `yaml:"calendars"`
	Holidays  []holidaySpec           `yaml:"holidays"`
	Swapped   []swapSpec              `yaml:"swapped"`
}

// calendarSpec is the working time of units: always, or by seasons.
type calendarSpec struct {
	Label Text `yaml:"label"`
	// Always is by day and by night, on every day of the year.
	Always  bool         `yaml:"always"`
	Seasons []seasonSpec `yaml:"seasons"`
}

// seasonSpec is a part of the year with its week. From and To are days, both included: 04-01 of every year, or 2026-04-01 of one.
type seasonSpec struct {
	From string     `yaml:"from"`
	To   string     `yaml:"to"`
	Week []weekSpec `yaml:"week"`
}

// weekSpec are the hours of some days of the week. Days are mon, tue, wed, thu, fri, sat and sun, Hours such as 07:30-11:30.
type weekSpec struct {
	Days  list `yaml:"days"`
	Hours list `yaml:"hours"`
}

// holidaySpec is a day off. One that is not announced yet is Provisional.
type holidaySpec struct {
	Date        string `yaml:"date"`
	Name        Text   `yaml:"name"`
	Provisional bool   `yaml:"provisional"`
}

// swapSpec is a weekend day worked in place of a weekday off.
type swapSpec struct {
	Work string `yaml:"work"`
	Off  string `yaml:"off"`
	Name Text   `yaml:"name"`
	// Hours of the day worked; none are those of the day off.
	Hours list `yaml:"hours"`
}

// build makes the calendars of the file, and the faults of those that cannot be made.
func (f *calendarFile) build(src *source, zone *time.Location) (map[string]*calendar.Calendar, Faults) {
	b := calendarBuilder{src: src, zone: zone}
	shared := b.shared(f)
	out := map[string]*calendar.Calendar{}
	for _, name := range src.keys("calendars") {
		spec := f.Calendars[name]
		if spec.Always {
			if len(spec.Seasons) > 0 {
				b.fault("a calendar that is always open has no seasons; drop one of the two", "calendars", name)
			}
			c, err := calendar.New(calendar.Always(zone))
			out[name] = c
			b.check(err, name)
			continue
		}
		made := shared
		made.Seasons = b.seasons(name, spec.Seasons)
		if len(b.faults) > 0 {
			continue
		}
		c, err := calendar.New(made)
		out[name] = c
		b.check(err, name)
	}
	if _, ok := f.Calendars[f.Default]; !ok {
		b.fault(fmt.Sprintf("there is no calendar %q; write one of %s", f.Default, strings.Join(src.keys("calendars"), ", ")), "default")
	}
	return out, b.faults
}

type calendarBuilder struct {
	src    *source
	zone   *time.Location
	faults Faults
}

func (b *calendarBuilder) fault(text string, path ...any) {
	if b.src.lost(path...) {
		return
	}
	b.faults = append(b.faults, Fault{File: b.src.name, Line: b.src.line(path...), Text: text})
}

func (b *calendarBuilder) check(err error, name string) {
	switch {
	case errors.Is(err, calendar.ErrEmpty):
		b.fault(fmt.Sprintf("the calendar %s never opens, so that no clock would run out; write always: true, or seasons with hours", name), "calendars", name)
	case err != nil:
		b.fault(err.Error(), "calendars", name)
	}
}

func (b *calendarBuilder) date(s string, path ...any) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		b.fault(fmt.Sprintf("%q is not a day; write 2026-04-30, or 04-30 in a season of every year", s), path...)
	}
	return d
}

// shared are the days that hold for every calendar with seasons.
func (b *calendarBuilder) shared(f *calendarFile) calendar.Spec {
	s := calendar.Spec{Zone: b.zone}
	for i, h := range f.Holidays {
		date := b.date(h.Date, "holidays", i, "date")
		if b.twice(s.Off, date) {
			b.fault(fmt.Sprintf("the day off %s is listed twice", h.Date), "holidays", i, "date")
			continue
		}
		s.Off = append(s.Off, calendar.DayOff{Date: date, Name: h.Name, Provisional: h.Provisional})
	}
	for i, w := range f.Swapped {
		swap := calendar.Swap{Date: b.date(w.Work, "swapped", i, "work"), Hours: b.hours(w.Hours, "swapped", i, "hours")}
		off := b.date(w.Off, "swapped", i, "off")
		swap.Like = time.Date(off.Year, off.Month, off.Day, 0, 0, 0, 0, time.UTC).Weekday()
		if slices.ContainsFunc(s.Swapped, func(o calendar.Swap) bool { return o.Date == swap.Date && o.Date != calendar.Date{} }) {
			b.fault(fmt.Sprintf("the day %s is worked in exchange twice", w.Work), "swapped", i, "work")
			continue
		}
		s.Swapped = append(s.Swapped, swap)
		if b.twice(s.Off, off) {
			b.fault(fmt.Sprintf("the day off %s is listed twice", w.Off), "swapped", i, "off")
			continue
		}
		s.Off = append(s.Off, calendar.DayOff{Date: off, Name: w.Name})
	}
	return s
}

// twice tells whether a day is off already. One that is no day has its fault.
func (b *calendarBuilder) twice(off []calendar.DayOff, date calendar.Date) bool {
	return date != calendar.Date{} && slices.ContainsFunc(off, func(d calendar.DayOff) bool { return d.Date == date })
}

func (b *calendarBuilder) seasons(name string, specs []seasonSpec) []calendar.Season {
	var out []calendar.Season
	for i, spec := range specs {
		at := []any{"calendars", name, "seasons", i}
		s := calendar.Season{From: b.date(spec.From, append(at, "from")...), To: b.date(spec.To, append(at, "to")...)}
		for j, w := range spec.Week {
			hours := b.hours(w.Hours, "calendars", name, "seasons", i, "week", j, "hours")
			for _, d := range w.Days {
				n, ok := weekday(d)
				if !ok {
					b.fault(fmt.Sprintf("%q is not a weekday; write mon, tue, wed, thu, fri, sat or sun", d), "calendars", name, "seasons", i, "week", j, "days")
				}
				s.Week[n] = hours
			}
		}
		out = append(out, s)
	}
	return out
}

func (b *calendarBuilder) hours(specs []string, path ...any) []calendar.Hours {
	var out []calendar.Hours
	for _, s := range specs {
		from, to, _ := strings.Cut(s, "-")
		f, errFrom := calendar.ParseClock(from)
		t, errTo := calendar.ParseClock(to)
		if errFrom != nil || errTo != nil {
			b.fault(fmt.Sprintf("%q are no hours; write 07:30-11:30", s), path...)
			continue
		}
		out = append(out, calendar.Hours{From: f, To: t})
	}
	return out
}

func weekday(s string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.ToLower(d.String()[:3]) == s {
			return d, true
		}
	}
	return 0, false
}
