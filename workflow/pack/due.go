// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"math"
	"slices"
	"strings"
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

// Start runs a clock of the term from a moment, for a unit ("" for the pack's own calendar). A working day is a whole one, its
// last minute the end, where the unit's office closes; of a unit that never closes it is 24 hours, as it is by the wall.
func (p *Pack) Start(t Term, unit string, at time.Time) calendar.Clock {
	if t.Counts != models.CountsWall && t.Days > 0 {
		if c := p.Calendar(unit); !c.Always() {
			return calendar.StartUntil(at, c.AddDays(at, t.Days))
		}
	}
	return calendar.Start(p.Counter(t.Counts, unit), at, t.allowance())
}

// Day is how long a day of a count is for a unit, on the day of a moment or the next that is worked.
func (p *Pack) Day(counts models.Counts, unit string, at time.Time) time.Duration {
	if counts == models.CountsWall {
		return 24 * time.Hour
	}
	return p.Calendar(unit).Day(at)
}

func (t Term) allowance() time.Duration {
	return time.Duration(t.Minutes)*time.Minute + time.Duration(t.Hours)*time.Hour + time.Duration(t.Days)*24*time.Hour
}

// Times is the term so many times as long, by tenths. Days stay days, a part of one being a whole one; hours become minutes
// where they must.
func (t Term) Times(factor float64) Term {
	tenths := int(math.Round(factor * 10))
	longer := func(n int) int { return (n*tenths + 9) / 10 }
	switch {
	case t.Days > 0:
		t.Days = longer(t.Days)
	case t.Hours > 0 && t.Hours*tenths%10 > 0:
		t.Hours, t.Minutes = 0, longer(t.Hours*60)
	default:
		t.Hours, t.Minutes = longer(t.Hours), longer(t.Minutes)
	}
	return t
}

// Case is what a category's time depends on.
type Case struct {
	Category *Category
	Urgency  models.Urgency
	Units    int    // that work on it, the lead among them
	Area     string // the code of the area it lies in, or its AreaID
}

// Term is the time of a clock. A category's time is longer where several units work on a report that is not urgent, if the
// category says so, and in remote areas.
func (p *Pack) Term(clock *Clock, c Case) Term {
	if !clock.Due.ByCategory {
		if c.Urgency != models.UrgencyNormal && c.Urgency != "" && !clock.UrgentDue.IsZero() {
			return clock.UrgentDue
		}
		return clock.Due.Term
	}
	term := c.Category.Term(c.Urgency)
	if c.Units >= 2 && c.Urgency == models.UrgencyNormal && !c.Category.SeveralSLA.IsZero() {
		term = c.Category.SeveralSLA
	}
	if p.IsRemote(c.Area) {
		term = term.Times(p.settings.Remote.Factor)
	}
	return term
}

// IsRemote tells whether an area, by its code or AreaID, has the settings' factor.
func (p *Pack) IsRemote(area string) bool {
	code, _, _ := strings.Cut(area, "@")
	return p.settings.Remote.Factor > 1 && p.settings.Remote.Areas.Has(code)
}

// SameTime tells whether two versions count working time alike for every unit of either.
func (p *Pack) SameTime(o *Pack) bool {
	return p.calendar.Same(o.calendar) && !slices.ContainsFunc(slices.Concat(p.unitList, o.unitList), func(u *Unit) bool {
		return !p.Calendar(u.Code).Same(o.Calendar(u.Code))
	})
}

// Counter is how a clock of a report counts for a unit at a moment: by the calendars in force then, for a working day is the
// same whatever the version a report was filed under, else, where that version does not know the unit, by the report's own. What
// decisions have suspended for the report is not counted. It is nil where the store has neither version.
func (s *Store) Counter(r *models.Report, counts models.Counts, unit string, now time.Time) calendar.Counter {
	p := s.Timekeeper(r, unit, now)
	if p == nil {
		return nil
	}
	var gaps []calendar.Interval
	for _, d := range s.Decisions(r.JurisdictionID) {
		if d.Kind == models.DecisionSuspend && Covers(d, r) {
			gaps = append(gaps, calendar.Interval{From: d.StartsAt, To: d.EndsAt})
		}
	}
	return calendar.Without(p.Counter(counts, unit), gaps)
}

// Timekeeper is the version whose calendars count for a report and a unit at a moment, nil where there is none.
func (s *Store) Timekeeper(r *models.Report, unit string, now time.Time) *Pack {
	p, _ := s.Current(r.JurisdictionID, now)
	if p != nil {
		if _, ok := p.Unit(unit); ok || unit == "" {
			return p
		}
	}
	if own, ok := s.Version(r.JurisdictionID, r.PackVersion); ok {
		return own
	}
	return p
}

// Covers tells whether a decision is in force and about a report.
func Covers(d models.Decision, r *models.Report) bool {
	area := ""
	if r.Area != nil {
		area, _, _ = strings.Cut(*r.Area, "@")
	}
	return d.Covers(area, r.Category)
}

// HasArea tells whether an area of a code is, or was, in the pack.
func (p *Pack) HasArea(code string) bool {
	for _, a := range p.areaByID {
		if a.Code == code {
			return true
		}
	}
	return false
}
