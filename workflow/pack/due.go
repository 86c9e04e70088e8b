// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"math"
	"time"

	"hientruong/models"
	"hientruong/workflow/calendar"
)

// Counter is how a term counts for a unit: by its calendar, or by the wall.
func (p *Pack) Counter(counts models.Counts, unit string) calendar.Counter {
	if counts == models.CountsWall {
		return calendar.Wall{}
	}
	return p.Calendar(unit)
}

// Start runs a clock of the term from a moment, for a unit ("" for the pack's own calendar).
func (p *Pack) Start(t Term, unit string, at time.Time) calendar.Clock {
	if t.Counts != models.CountsWall && t.Days > 0 {
		return calendar.StartUntil(at, p.Calendar(unit).AddDays(at, t.Days))
	}
	return calendar.Start(p.Counter(t.Counts, unit), at, t.allowance())
}

func (t Term) allowance() time.Duration {
	return time.Duration(t.Minutes)*time.Minute + time.Duration(t.Hours)*time.Hour + time.Duration(t.Days)*24*time.Hour
}

// Term is the time that a clock gives a report: its own, or that of the category for the urgency and the number of units that work on
// it, lead and support; in a remote area, by its code, the settings' factor of the category's time. Whole days stay whole, rounded up.
func (p *Pack) Term(k *Clock, c *Category, u models.Urgency, units int, area string) Term {
	if !k.Due.ByCategory {
		return k.Due.Term
	}
	t := c.Term(u)
	if u == models.UrgencyNormal && units > 1 && !c.SeveralSLA.IsZero() {
		t = c.SeveralSLA
	}
	if !p.settings.Remote.Areas.Has(area) {
		return t
	}
	return t.times(int(math.Round(p.settings.Remote.Factor * 10)))
}

// times is a number of tenths of the term. Hours that come out uneven become minutes.
func (t Term) times(tenths int) Term {
	if m := t.Minutes + 60*t.Hours; m > 0 {
		m = (m*tenths + 9) / 10
		if t.Minutes = m; m%60 == 0 {
			t.Minutes, t.Hours = 0, m/60
		} else {
			t.Hours = 0
		}
	}
	t.Days = (t.Days*tenths + 9) / 10
	return t
}

// Term is the time of a clock for a category and urgency.
func (c *Clock) Term(category *Category, u models.Urgency) Term {
	if c.Due.ByCategory {
		return category.Term(u)
	}
	return c.Due.Term
}
