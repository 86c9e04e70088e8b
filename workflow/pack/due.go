// SPDX-License-Identifier: Apache-2.0

package pack

import (
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

// Term is the time of a clock for a category and urgency.
func (c *Clock) Term(category *Category, u models.Urgency) Term {
	if c.Due.ByCategory {
		return category.Term(u)
	}
	return c.Due.Term
}
