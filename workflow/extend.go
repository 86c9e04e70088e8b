// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"time"

	"hientruong/models"
)

// extendClock gives the clock of the state more time, once in its round: until a moment
// after the one that it had, or the last working one before that. Document is the number
// of what allows it, "" for none. The refusals are CodeTransitionRefused where there is
// nothing to extend, and an invalid request for a moment that is no later.
func (m *move) extendClock(until time.Time, reason, document string) error {
	i := m.clockOfState()
	if i < 0 || m.deadlines[i].ExtendedAt != nil {
		return models.E(models.CodeTransitionRefused)
	}
	m.whole(i)
	d := &m.deadlines[i]
	more := seconds(m.counter(*d).Between(d.DueAt, until))
	if more <= 0 || !until.After(m.now) {
		return models.Invalid(models.Field("body.until", models.CodeOutOfRange, nil))
	}
	m.grant(i, more)
	d.ExtendedAt, d.ExtendedBy = &m.now, new(m.actor.String())
	if document != "" {
		d.Document = &document
	}
	// What was said of the shorter time is said again of the longer.
	d.Reminded = min(d.Reminded, m.counted(*d))
	m.reckon(i)
	kind, due := d.Kind, d.DueAt
	m.note(models.EventDeadlineExtended, func(b *models.Body) {
		b.Rule, b.Until, b.Reason = kind, &due, reason
	})
	return nil
}

// extended says whether the clock of the state was given more time in this round.
func (m *move) extended() bool {
	i := m.clockOfState()
	return i >= 0 && m.deadlines[i].ExtendedAt != nil
}

// counted is how much of its time a clock has counted so far, in percent.
func (m *move) counted(d models.Deadline) int16 {
	if *d.TotalS <= 0 {
		return 100
	}
	return int16(min(max(100*(*d.TotalS-m.leftAt(d, m.now)) / *d.TotalS, 0), 100))
}
