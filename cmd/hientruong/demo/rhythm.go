// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"math/rand/v2"
	"time"

	"hientruong/workflow/calendar"
	"hientruong/workflow/pack"
)

// perHour is how many of a hundred reports of a day come in which hour, from midnight.
var perHour = []float64{1.0, 0.6, 0.4, 0.4, 0.6, 1.6, 4.2, 6.6, 7.4, 6.8, 6.0, 5.4, 4.0, 4.4, 5.2, 5.8, 6.2, 6.8, 6.6, 6.0, 5.2, 4.2, 2.8, 1.8}

// What weekends and holidays leave of a working day's reports.
const (
	onWeekends = 0.8
	onHolidays = 0.6
)

// rhythm is when things happen in a city.
type rhythm struct {
	zone   *time.Location
	office *calendar.Calendar
	perDay float64
}

func newRhythm(p *pack.Pack, perDay float64) rhythm {
	return rhythm{zone: p.Zone(), office: p.Calendar(""), perDay: perDay}
}

// at says what hour it is for people, and whether they have a day off in the week.
func (r rhythm) at(t time.Time) moment {
	local := t.In(r.zone)
	return moment{hour: local.Hour(), holiday: r.holiday(local)}
}

// holiday: a day of the week on which no office opens.
func (r rhythm) holiday(local time.Time) bool {
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, r.zone)
	weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
	return !weekend && r.office.Between(day, day.AddDate(0, 0, 1)) == 0
}

// rate is how many reports an hour come at a time.
func (r rhythm) rate(t time.Time) float64 {
	local := t.In(r.zone)
	rate := r.perDay * perHour[local.Hour()] / 100
	switch {
	case r.holiday(local):
		return rate * onHolidays
	case local.Weekday() == time.Saturday || local.Weekday() == time.Sunday:
		return rate * onWeekends
	}
	return rate
}

// nextAfter draws when the next report comes: a Poisson process whose rate follows the
// day, by throwing away what a steady one has too many of.
func (r rhythm) nextAfter(t time.Time, dice *rand.Rand) time.Time {
	most := r.perDay * 0.075
	for {
		t = t.Add(time.Duration(dice.ExpFloat64() / most * float64(time.Hour)))
		if dice.Float64()*most < r.rate(t) {
			return t
		}
	}
}

// awake is t, or the morning where people sleep then.
func (r rhythm) awake(t time.Time, dice *rand.Rand) time.Time {
	local := t.In(r.zone)
	if hour := local.Hour(); hour >= 6 && hour < 23 {
		return t
	}
	if local.Hour() >= 23 {
		local = local.AddDate(0, 0, 1)
	}
	return time.Date(local.Year(), local.Month(), local.Day(), 6, dice.IntN(120), dice.IntN(60), 0, r.zone)
}
