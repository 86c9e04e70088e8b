// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"time"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Result is what a simulation found. Its JSON is stable: fields are added, never renamed.
type Result struct {
	Pack     PackName  `json:"pack"`
	Since    time.Time `json:"since,omitzero"` // absent where every report was taken
	Until    time.Time `json:"until"`
	Totals   Totals    `json:"totals"`
	Lateness Lateness  `json:"lateness"` // under the candidate, of all units
	Was      Lateness  `json:"was"`      // as it was recorded, of all units; empty where no clocks were
	Units    []Unit    `json:"units"`    // in the pack's order, then those that it does not know; without those of whom nothing is to be told
	Changes  []Change  `json:"changes"`  // the matrix of changed routes, the most reports first
	Load     []Day     `json:"load"`     // deadlines of all units by the day they are due, every day from the first to the last
	Gaps     Gaps      `json:"gaps"`
	Skipped  Skipped   `json:"skipped"`
}

// PackName names the candidate.
type PackName struct {
	ID     string    `json:"id"`
	Name   pack.Text `json:"name"`
	Digest string    `json:"digest"` // SHA-256 in hexadecimal
}

// Totals count reports, but for Steps.
type Totals struct {
	Reports int `json:"reports"`
	Steps   int `json:"steps"`     // recorded steps that were taken anew
	Taken   int `json:"taken_on"`  // came to be worked on
	Routed  int `json:"routed"`    // were given to a unit
	ByRule  int `json:"by_rule"`   // of these by a routing rule, not by hand
	Known   int `json:"recorded"`  // were given to a unit as recorded: only of these routes can be compared
	Changed int `json:"changed"`   // go to another unit first than was recorded
	Settled int `json:"settled"`   // of these go straight to where they were in the end
	Moved   int `json:"unsettled"` // of these leave the unit that had them first and in the end
}

// Unit is what becomes of one unit.
type Unit struct {
	Code     string    `json:"code"`
	Name     pack.Text `json:"name,omitempty"` // absent where the candidate does not know the unit
	Recorded int       `json:"recorded"`       // reports that were given to it first, as recorded
	Routed   int       `json:"routed"`         // and under the candidate
	Gained   int       `json:"gained"`         // of these, those that went elsewhere before
	Lost     int       `json:"lost"`           // of the recorded, those that go elsewhere now
	Support  int       `json:"support"`        // it supports, under the candidate
	Lateness Lateness  `json:"lateness"`
	Was      Lateness  `json:"was"`
	Load     []Day     `json:"load"` // only days on which something is due
}

// Change is how many reports that went first to one unit go first to another. From and To
// are "" for no unit.
type Change struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Reports int    `json:"reports"`
	Settled int    `json:"settled"` // of these, those that ended at To
}

// Day is a day in the pack's zone and the deadlines that are due on it.
type Day struct {
	Day string `json:"day"` // 2026-01-31
	Due int    `json:"due"`
}

// Gaps are what the candidate has no answer to. Each list begins with the most.
type Gaps struct {
	NoUnit          []Place   `json:"no_unit"`          // taken on, and given to nobody
	UnknownCategory []Count   `json:"unknown_category"` // these are not simulated further
	Outside         []Count   `json:"outside"`          // by category: the place is in no area
	Form            []Refusal `json:"form"`             // would not be accepted as they were sent in; they are simulated all the same
	Refused         []Refusal `json:"refused"`          // steps
	Units           []Count   `json:"unknown_units"`    // that were recorded and that the candidate does not have
}

// Place is a category in an area.
type Place struct {
	Category string `json:"category"`
	Area     string `json:"area"` // its code, "" for none
	Reports  int    `json:"reports"`
}

// Count is how many reports have a name in common.
type Count struct {
	Name    string `json:"name"`
	Reports int    `json:"reports"`
}

// Refusal is a recorded step, or a form, that the candidate refuses with a code, for a
// field where it is one's fault.
type Refusal struct {
	Transition string      `json:"transition,omitempty"` // in round brackets where no step was recorded and the pack has no way
	Code       models.Code `json:"code"`
	Field      string      `json:"field,omitempty"`
	Reports    int         `json:"reports"` // in which this was the first refusal
	Steps      int         `json:"steps"`   // in all: what follows a refusal is often refused too
}

// Skipped are lines of a file that could not be read as reports.
type Skipped struct {
	Lines  int         `json:"lines"`
	Faults []LineFault `json:"faults"` // the first ones
}

// LineFault is what is wrong with a line.
type LineFault struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Lateness is how clocks of the work ran out: those that the category sets, each from when
// the pack starts it to the answer.
type Lateness struct {
	OnTime   int          `json:"on_time"`
	Late     int          `json:"late"`
	OpenLate int          `json:"open_late"` // not answered by the end of the simulation, and due before
	LateS    int64        `json:"late_s"`    // of Late, the sum in seconds by the wall
	WorstS   int64        `json:"worst_s"`   // the longest
	Buckets  [buckets]int `json:"buckets"`   // of Late: up to 4 hours, 1, 3, 7 days, longer, by the wall
}

const buckets = 5

// BucketEnds are the ends of the buckets of a Lateness, but for the last.
func BucketEnds() [buckets - 1]time.Duration {
	const day = 24 * time.Hour
	return [...]time.Duration{4 * time.Hour, day, 3 * day, 7 * day}
}

// Answered is how many clocks ran to an answer.
func (l Lateness) Answered() int { return l.OnTime + l.Late }

// Share is the share of the answered that were on time, 0 to 1; 1 where none was.
func (l Lateness) Share() float64 {
	if l.Answered() == 0 {
		return 1
	}
	return float64(l.OnTime) / float64(l.Answered())
}

// Mean is how late the late ones were on average.
func (l Lateness) Mean() time.Duration {
	if l.Late == 0 {
		return 0
	}
	return time.Duration(l.LateS/int64(l.Late)) * time.Second
}

// Note counts a clock: when it was due, when its work was answered (zero where it was
// not), and the end of what is looked at.
func (l *Lateness) Note(due, answered, end time.Time) {
	switch {
	case answered.IsZero():
		if due.Before(end) {
			l.OpenLate++
		}
	case !answered.After(due):
		l.OnTime++
	default:
		l.note(answered.Sub(due))
	}
}

func (l *Lateness) note(late time.Duration) {
	l.Late++
	l.LateS += int64(late / time.Second)
	l.WorstS = max(l.WorstS, int64(late/time.Second))
	for i, end := range BucketEnds() {
		if late <= end {
			l.Buckets[i]++
			return
		}
	}
	l.Buckets[buckets-1]++
}

func (l *Lateness) add(o Lateness) {
	l.OnTime += o.OnTime
	l.Late += o.Late
	l.OpenLate += o.OpenLate
	l.LateS += o.LateS
	l.WorstS = max(l.WorstS, o.WorstS)
	for i := range l.Buckets {
		l.Buckets[i] += o.Buckets[i]
	}
}
