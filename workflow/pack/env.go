// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"time"

	"hientruong/models"
)

// Input is what guards and routing rules may ask about. The zero value of a part means that it is not known.
type Input struct {
	Category string
	Area     AreaInput
	Report   ReportInput
	Unit     UnitInput
	Rating   RatingInput
	// Now is the moment of the decision; hours and weekdays are read in the pack's zone.
	Now time.Time
}

// AreaInput is the area a report lies in.
type AreaInput struct {
	Code string `expr:"code"`
	Kind string `expr:"kind"`
}

// UnitInput is the lead unit of a report.
type UnitInput struct {
	Code string `expr:"code"`
	Kind string `expr:"kind"`
}

// RatingInput is the citizen's rating.
type RatingInput struct {
	Level string `expr:"level"`
}

// ReportInput is what may be asked about a report.
type ReportInput struct {
	Attributes map[string]string `expr:"attributes"`
	// Words are the names of the pack's lists of words that the description hit.
	Words []string `expr:"words"`
	// Units counts the lead and the supporting units.
	Units     int    `expr:"units"`
	Extended  bool   `expr:"extended"`  // the clock of the state was extended once
	Escalated int    `expr:"escalated"` // how often it was taken up the tree
	Hidden    bool   `expr:"hidden"`
	Split     bool   `expr:"split"` // it is a part of another
	State     string `expr:"state"`
	Urgency   string `expr:"urgency"`
	Urgent    bool   `expr:"urgent"`
	SOS       bool   `expr:"sos"`
	Channel   string `expr:"channel"`
	Language  string `expr:"language"`
	Outcome   string `expr:"outcome"`
	Reopens   int    `expr:"reopens"`
	// Returns counts the units that said it was not theirs.
	Returns     int       `expr:"returns"`
	Appeals     int       `expr:"appeals"`
	Approved    bool      `expr:"approved"`
	CreatedAt   time.Time `expr:"created_at"`
	AcceptedAt  time.Time `expr:"accepted_at"`
	ResolvedAt  time.Time `expr:"resolved_at"`
	PublishedAt time.Time `expr:"published_at"`
	EndedAt     time.Time `expr:"ended_at"`
}

// Set fills what follows from an urgency.
func (r *ReportInput) Set(u models.Urgency) {
	r.Urgency, r.Urgent, r.SOS = string(u), u != models.UrgencyNormal, u == models.UrgencySOS
}

// env is the typed environment of every expression of a pack. An expression that names anything else does not compile.
type env struct {
	Category categoryEnv                   `expr:"category"`
	Area     AreaInput                     `expr:"area"`
	Report   ReportInput                   `expr:"report"`
	Unit     UnitInput                     `expr:"unit"`
	Rating   RatingInput                   `expr:"rating"`
	Now      nowEnv                        `expr:"now"`
	Since    func(time.Time) time.Duration `expr:"since"`
	Days     func(int) time.Duration       `expr:"days"`
	Hours    func(int) time.Duration       `expr:"hours"`
}

type categoryEnv struct {
	Code     string `expr:"code"`
	Group    string `expr:"group"`
	SOS      bool   `expr:"sos"`
	Approval bool   `expr:"approval"`
}

type nowEnv struct {
	Hour   int `expr:"hour"`
	Minute int `expr:"minute"`
	// Weekday is 1 on Monday and 7 on Sunday.
	Weekday int `expr:"weekday"`
	Month   int `expr:"month"`
	// Working tells whether it is working time in the pack's calendar.
	Working bool `expr:"working"`
}

func days(n int) time.Duration  { return time.Duration(n) * 24 * time.Hour }
func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// env makes the environment of one decision. A moment that is not known was infinitely long ago.
func (p *Pack) env(in Input) *env {
	local := in.Now.In(p.zone)
	e := &env{
		Area: in.Area, Report: in.Report, Unit: in.Unit, Rating: in.Rating, Days: days, Hours: hours,
		Since: func(t time.Time) time.Duration { return in.Now.Sub(t) },
		Now: nowEnv{Hour: local.Hour(), Minute: local.Minute(), Weekday: (int(local.Weekday())+6)%7 + 1,
			Month: int(local.Month()), Working: p.calendar.IsWorking(in.Now)},
	}
	e.Category.Code = in.Category
	if c, ok := p.categories[in.Category]; ok {
		e.Category.Group, e.Category.SOS, e.Category.Approval = c.Group, c.SOS, c.Approval
	}
	return e
}
