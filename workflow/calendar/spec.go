// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"errors"
	"fmt"
	"time"
)

// The faults of a Spec. New wraps them with the place.
var (
	ErrEmpty   = errors.New("calendar: it has no working time that returns every year")
	ErrHours   = errors.New("calendar: hours must run from earlier to later within 00:00 and 24:00, without overlap")
	ErrDate    = errors.New("calendar: this date does not exist")
	ErrOverlap = errors.New("calendar: two seasons hold the same day")
	ErrTwice   = errors.New("calendar: this date is listed twice")
	ErrZone    = errors.New("calendar: a zone is missing")
)

// Spec is what a calendar is made from.
type Spec struct {
	Zone    *time.Location
	Seasons []Season
	Off     []DayOff
	Swapped []Swap
}

// Season is a range of days, both ends included, with its weekly hours. Without a year (0 in both ends) it returns every
// year and may run over New Year (October to March); with a year it holds once and outranks those that return.
type Season struct {
	From, To Date
	// Week is indexed by time.Weekday, Sunday first; a day without hours is free.
	Week [7][]Hours
}

// Hours is working time within a day, in minutes since local midnight: 0 ≤ From < To ≤ 1440.
type Hours struct{ From, To int }

// DayOff is a day on which nobody works: a public holiday, or the day off given in place of one that fell on a weekend.
type DayOff struct {
	Date Date
	// Name by language code.
	Name map[string]string
	// Provisional is a date that the government has not announced yet.
	Provisional bool
}

// Swap is a weekend day that is worked, usually to link a holiday with a weekend. It outranks DayOff.
type Swap struct {
	Date Date
	// Hours of that day; where empty, it is worked like the weekday Like of its season.
	Hours []Hours
	Like  time.Weekday
}

// Always is a Spec that works day and night.
func Always(zone *time.Location) Spec {
	s := Season{From: Date{Month: time.January, Day: 1}, To: Date{Month: time.December, Day: 31}}
	for d := range s.Week {
		s.Week[d] = []Hours{{From: 0, To: minutesPerDay}}
	}
	return Spec{Zone: zone, Seasons: []Season{s}}
}

// New checks the data and makes the calendar. It keeps no reference to the caller's slices and maps. Errors wrap the Err…
// values of this package.
func New(s Spec) (*Calendar, error) {
	if s.Zone == nil {
		return nil, ErrZone
	}
	c := &Calendar{zone: s.Zone, off: map[Date]DayOff{}, swapped: map[Date]Swap{}}
	for i, season := range s.Seasons {
		if err := c.addSeason(season); err != nil {
			return nil, fmt.Errorf("season %d (%s to %s): %w", i+1, season.From, season.To, err)
		}
	}
	for _, d := range s.Off {
		if err := d.Date.dated(); err != nil {
			return nil, fmt.Errorf("day off %s: %w", d.Date, err)
		}
		if _, ok := c.off[d.Date]; ok {
			return nil, fmt.Errorf("day off %s: %w", d.Date, ErrTwice)
		}
		d.Name = copyNames(d.Name)
		c.off[d.Date] = d
	}
	for _, w := range s.Swapped {
		if err := c.addSwap(w); err != nil {
			return nil, fmt.Errorf("swapped day %s: %w", w.Date, err)
		}
	}
	if !c.returns() {
		return nil, ErrEmpty
	}
	return c, nil
}

func (c *Calendar) addSeason(s Season) error {
	yearly := s.From.Year == 0
	if yearly != (s.To.Year == 0) {
		return fmt.Errorf("one end has a year and the other has none: %w", ErrDate)
	}
	if err := errors.Join(s.From.check(), s.To.check()); err != nil {
		return err
	}
	if !yearly && s.To.before(s.From) {
		return fmt.Errorf("it ends before it begins: %w", ErrDate)
	}
	for d, hours := range s.Week {
		if err := checkHours(hours); err != nil {
			return fmt.Errorf("%s: %w", time.Weekday(d), err)
		}
		s.Week[d] = append([]Hours(nil), hours...)
	}
	peers := &c.dated
	if yearly {
		peers = &c.yearly
	}
	for _, p := range *peers {
		if p.meets(s) {
			return ErrOverlap
		}
	}
	*peers = append(*peers, s)
	return nil
}

func (c *Calendar) addSwap(w Swap) error {
	if err := w.Date.dated(); err != nil {
		return err
	}
	if _, ok := c.swapped[w.Date]; ok {
		return ErrTwice
	}
	if err := checkHours(w.Hours); err != nil {
		return err
	}
	w.Hours = append([]Hours(nil), w.Hours...)
	c.swapped[w.Date] = w
	if len(c.hours(w.Date)) == 0 {
		return fmt.Errorf("%s has no hours that season: %w", w.Like, ErrHours)
	}
	return nil
}

// returns tells whether every year has a working day, days off or not; else a deadline might have no end. The edges are
// laid out in full, because a clock change can swallow a span, and they must have a last one.
func (c *Calendar) returns() bool {
	for n := minYear; n <= maxYear; n++ {
		if !c.yearWorks(n) {
			return false
		}
	}
	return len(c.year(minYear).spans) > 0 && len(c.year(maxYear).spans) > 0
}

func (c *Calendar) yearWorks(n int) bool {
	for t := (Date{n, time.January, 1}); t.Year == n; t = t.next() {
		if len(c.hours(t)) > 0 {
			return true
		}
	}
	return false
}

func checkHours(hours []Hours) error {
	last := 0
	for _, h := range hours {
		if h.From < last || h.To <= h.From || h.To > minutesPerDay {
			return ErrHours
		}
		last = h.To
	}
	return nil
}

func copyNames(names map[string]string) map[string]string {
	out := make(map[string]string, len(names))
	for k, v := range names {
		out[k] = v
	}
	return out
}

// holds tells whether the yearly season s holds the day t.
func (s Season) holds(t Date) bool {
	t.Year = 0
	if s.To.before(s.From) {
		return !t.before(s.From) || !s.To.before(t)
	}
	return !t.before(s.From) && !s.To.before(t)
}

// meets tells whether two seasons of one sort, both yearly or both dated, share a day.
func (s Season) meets(o Season) bool {
	if s.From.Year != 0 {
		return !s.To.before(o.From) && !o.To.before(s.From)
	}
	return s.holds(o.From) || o.holds(s.From)
}

// DayOffOn is the day off listed for the local day of t.
func (c *Calendar) DayOffOn(t time.Time) (DayOff, bool) {
	d, ok := c.off[dateOf(t.In(c.zone))]
	d.Name = copyNames(d.Name)
	return d, ok
}

// Provisional tells whether a day off that is not announced yet lies from a to b: a deadline counted across it may move.
func (c *Calendar) Provisional(a, b time.Time) bool {
	first, last := dateOf(a.In(c.zone)), dateOf(b.In(c.zone))
	for date, d := range c.off {
		if d.Provisional && !date.before(first) && !last.before(date) {
			return true
		}
	}
	return false
}
