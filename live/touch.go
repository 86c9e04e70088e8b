// SPDX-License-Identifier: Apache-2.0

package live

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// touch is an event of a report, as far as it matters who is told of it. Without keys, what
// filters ask about is as it was.
type touch struct {
	pos           int64
	id            uuid.UUID
	at            time.Time
	before, after *models.Keys
	tells         tells
}

// tells says whom an event is told to.
type tells struct{ public, unit, operations, clock bool }

// tellsOf says whom a kind of event is told to: as in GET /changes. A change of what filters
// ask about is told whatever the kind.
func tellsOf(kind models.EventKind, before, after *models.Keys) tells {
	changed := after != nil && (before == nil || *before != *after)
	shown := before != nil && before.Shown != models.ShownNone || after != nil && after.Shown != models.ShownNone
	out := tells{public: shown && changed, unit: true, operations: true}
	switch kind { //nolint:exhaustive // what is not named is told to those who work on it
	case models.EventReportMoved, models.EventReportRated, models.EventReportHidden, models.EventReportShared, models.EventReportMerged,
		models.EventTextErased, models.EventTaskHanded, models.EventReportRepacked:
		out.public = shown
	case models.EventDeadlineMissed, models.EventDeadlineExtended, models.EventDeadlineRetimed:
		out.clock = true
	case models.EventReportClaimed, models.EventReportReleased:
		out.unit = changed
	case models.EventContactRead, models.EventReportFollowed, models.EventReportUnfollowed:
		out.unit, out.operations = changed, changed
	}
	return out
}

// touchesOf are the events that are about reports.
func touchesOf(events []models.Event) ([]touch, error) {
	var all []touch
	for i := range events {
		e := &events[i]
		if e.SubjectKind != models.SubjectReport {
			continue
		}
		body, err := e.ParseBody()
		if err != nil {
			return nil, err
		}
		t := touch{pos: e.Pos, id: e.SubjectID, at: e.At, before: body.Before, after: body.After}
		t.tells = tellsOf(e.Kind, t.before, t.after)
		if t.tells != (tells{}) {
			all = append(all, t)
		}
	}
	return all, nil
}

// in says whether somebody in a view is told, who asks about overdue reports or not.
func (t tells) in(v models.View, overdue bool) bool {
	switch v {
	case models.ViewPublic:
		return t.public || overdue && t.clock
	case models.ViewUnit:
		return t.unit
	case models.ViewOperations:
		return t.operations
	case models.ViewOwn:
	}
	return false
}

// span is what happened to one report between two positions.
type span struct {
	id      uuid.UUID
	touches []touch // in their order
}

// spansOf puts together what is about one report, in the order of the last touches.
func spansOf(touches []touch) []span {
	of := make(map[uuid.UUID][]touch, len(touches))
	for _, t := range touches {
		of[t.id] = append(of[t.id], t)
	}
	all := make([]span, 0, len(of))
	for id, some := range of {
		all = append(all, span{id, some})
	}
	slices.SortFunc(all, func(a, b span) int { return int(a.last() - b.last()) })
	return all
}

func (s span) last() int64 { return s.touches[len(s.touches)-1].pos }
