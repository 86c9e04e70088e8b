// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/calendar"
	"hientruong/workflow/pack"
)

// A clock's row says since when it has been counting and what was left then. When it is
// due follows from that, by the calendars and decisions of the day. Clocks count in whole
// seconds, so that nothing is lost however often one is paused.

func second(t time.Time) time.Time { return t.Truncate(time.Second) }

func (m *move) second() time.Time { return second(m.now) }

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

func duration(s int64) time.Duration { return time.Duration(s) * time.Second }

// counter is how a clock counts.
func (m *move) counter(d models.Deadline) calendar.Counter {
	if c := m.packs.Counter(&m.report, d.Counts, deref(d.Unit), m.now); c != nil {
		return c
	}
	return m.pack.Counter(d.Counts, deref(d.Unit))
}

// timekeeper is the version of the pack whose calendars count for a unit.
func (m *move) timekeeper(unit string) *pack.Pack {
	if p := m.packs.Timekeeper(&m.report, unit, m.now); p != nil {
		return p
	}
	return m.pack
}

// allowance is how much time a term is for a unit from a moment on, as it counts.
func (m *move) allowance(t pack.Term, unit string, from time.Time) time.Duration {
	p := m.timekeeper(unit)
	return p.Counter(t.Counts, unit).Between(from, p.Start(t, unit, from).Due)
}

// goOn lets a clock count from now with what is left.
func (m *move) goOn(i int, left int64) {
	d := &m.deadlines[i]
	from := m.second()
	d.CountedFrom, d.LeftS = &from, &left
	d.PausedAt, d.StoppedAt, d.RemainingS = nil, nil, nil
	m.reckon(i)
	for m.adjust(i) { // what one decision adds can reach into the time of another
		m.reckon(i)
	}
}

// reckon works out anew when a clock is due, or what is left while it stands, and what it
// asks for next.
func (m *move) reckon(i int) {
	d := &m.deadlines[i]
	c := m.counter(*d)
	d.DueAt = c.Add(*d.CountedFrom, duration(*d.LeftS)).UTC()
	switch {
	case d.PausedAt != nil:
		d.RemainingS = new(m.leftAt(*d, *d.PausedAt))
	case d.DueAt.After(m.now):
		d.OverdueAt, d.Level = nil, 0
	}
	d.NextAt = m.next(*d)
	m.changed[d.ID] = true
}

// leftAt is what was left at a moment on a clock that was counting then.
func (m *move) leftAt(d models.Deadline, at time.Time) int64 {
	return *d.LeftS - seconds(m.counter(d).Between(*d.CountedFrom, second(at)))
}

// whole fills in what a row lacks that an earlier program wrote, as if it had counted
// without a pause.
func (m *move) whole(i int) {
	d := &m.deadlines[i]
	if d.CountedFrom == nil || d.LeftS == nil {
		from := second(d.StartedAt)
		d.CountedFrom, d.LeftS = &from, new(seconds(m.counter(*d).Between(from, d.DueAt)))
	}
	if d.TotalS == nil {
		d.TotalS = new(*d.LeftS)
	}
}

// pause keeps what is left until resume: somebody else has to act first.
func (m *move) pause(i int) {
	if !m.deadlines[i].Running() {
		return
	}
	m.whole(i)
	d := &m.deadlines[i]
	d.RemainingS, d.PausedAt, d.NextAt = new(m.leftAt(*d, m.now)), &m.now, nil
	m.changed[d.ID] = true
}

// stop ends the counting: the thing is done. A paused clock keeps what was left.
func (m *move) stop(i int) {
	if m.deadlines[i].StoppedAt != nil {
		return
	}
	m.whole(i)
	d := &m.deadlines[i]
	if d.PausedAt == nil {
		d.RemainingS = new(m.leftAt(*d, m.now))
	}
	d.StoppedAt, d.NextAt = &m.now, nil
	m.changed[d.ID] = true
}

// resume lets a paused or stopped clock go on with what was left; a late one goes on being
// late by as much.
func (m *move) resume(i int) {
	if m.deadlines[i].Running() {
		return
	}
	m.whole(i)
	m.goOn(i, *m.deadlines[i].RemainingS)
}

// grant gives a clock so many seconds more, or takes some away.
func (m *move) grant(i int, s int64) {
	d := &m.deadlines[i]
	d.LeftS, d.TotalS = new(*d.LeftS+s), new(*d.TotalS+s)
}

// adjust gives a clock the days of the decisions that extend it, each once, and takes back
// those of decisions that were revoked. It says whether there were any. With the days of
// one the clock may come to count within another.
func (m *move) adjust(i int) bool {
	changed := false
	for m.adjustOnce(i) {
		m.reckon(i)
		changed = true
	}
	return changed
}

// adjustOnce gives or takes back the days of the first decision of which that is to be done.
func (m *move) adjustOnce(i int) bool {
	d := &m.deadlines[i]
	var done []uuid.UUID
	// What the ledger keeps is what was written here.
	_ = json.Unmarshal(d.Adjusted, &done)
	for _, decision := range m.packs.Decisions(m.report.JurisdictionID) {
		had := slices.Contains(done, decision.ID)
		days := int64(decision.Days)
		switch {
		case decision.Kind != models.DecisionExtend:
			continue
		case had && decision.RevokedAt != nil:
			done, days = remove(done, decision.ID), -days
		case !had && pack.Covers(decision, &m.report) && m.countsWithin(*d, decision):
			done = append(done, decision.ID)
		default:
			continue
		}
		m.grant(i, days*seconds(m.timekeeper(deref(d.Unit)).Day(d.Counts, deref(d.Unit), decision.StartsAt)))
		d.Adjusted = mustJSON(done)
		return true
	}
	return false
}

// countsWithin says whether a clock counts at some time of a decision's interval: it has,
// it does, or it will unless the work is done before.
func (m *move) countsWithin(d models.Deadline, decision models.Decision) bool {
	until := d.DueAt
	switch {
	case d.PausedAt != nil:
		until = *d.PausedAt
	case m.now.After(until):
		until = m.now
	}
	return d.CountedFrom.Before(decision.EndsAt) && until.After(decision.StartsAt)
}
