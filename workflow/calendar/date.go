// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"fmt"
	"time"
)

const minutesPerDay = 24 * 60

// Date is a day of the civil calendar. Year 0 is a day of every year.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2026-04-30", or "04-30" for a day of every year. The error wraps ErrDate.
func ParseDate(s string) (Date, error) {
	layout, year := time.DateOnly, true
	if len(s) == len("01-02") {
		// A leap year, so that 29 February can be named.
		s, year = "2000-"+s, false
	}
	t, err := time.Parse(layout, s)
	if err != nil || year && t.Year() < minYear {
		return Date{}, fmt.Errorf("%q: %w", s, ErrDate)
	}
	d := dateOf(t)
	if !year {
		d.Year = 0
	}
	return d, d.check()
}

// String writes the date as ParseDate reads it.
func (d Date) String() string {
	if d.Year == 0 {
		return fmt.Sprintf("%02d-%02d", d.Month, d.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// ParseClock reads "07:30" into minutes since midnight; "24:00" is the end of the day. The error wraps ErrHours.
func ParseClock(s string) (int, error) {
	if s == "24:00" {
		return minutesPerDay, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("%q is not a time of day like 07:30: %w", s, ErrHours)
	}
	return t.Hour()*60 + t.Minute(), nil
}

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

func (d Date) before(o Date) bool {
	if d.Year != o.Year {
		return d.Year < o.Year
	}
	if d.Month != o.Month {
		return d.Month < o.Month
	}
	return d.Day < o.Day
}

func (d Date) next() Date { return dateOf(time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC)) }

func (d Date) weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

func (d Date) unix(minute int, zone *time.Location) int64 {
	return time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, zone).Unix()
}

// dated refuses a day of every year where one day is meant.
func (d Date) dated() error {
	if d.Year == 0 {
		return fmt.Errorf("it has no year: %w", ErrDate)
	}
	return d.check()
}

func (d Date) check() error {
	y := d.Year
	if y == 0 {
		y = 2000
	}
	if y < minYear || y > maxYear || dateOf(time.Date(y, d.Month, d.Day, 0, 0, 0, 0, time.UTC)) != (Date{y, d.Month, d.Day}) {
		return ErrDate
	}
	return nil
}
