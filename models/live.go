// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Touched is a report that something happened to, with all that says who may be told of it
// and which filters it meets. It is for those who tell: nobody is shown it but by Seen.
type Touched struct {
	report   Report
	inPublic bool
	parts    map[string]Part
	late     []string // clocks that ran out
}

// Part is a unit's part in a report: whether it still has one, and since when that is so.
type Part struct {
	Active bool      `json:"active"`
	At     time.Time `json:"at"`
}

// touchedRow is a Touched as it is read. What makes a report the public's or a unit's to
// see is said in the query, as for every other reader.
type touchedRow struct {
	Report   Report `gorm:"embedded"`
	InPublic bool
	Parts    json.RawMessage
	Late     json.RawMessage
}

const (
	touchedParts = `(SELECT json_object_agg(p.unit, json_build_object('active', p.active, 'at', p.at)) FROM (SELECT t.unit,
bool_or(t.state IN ('open', 'working', 'done')) AS active, max(t.updated_at) AS at
FROM tasks t WHERE t.jurisdiction_id = @j AND t.report_id = reports.id GROUP BY t.unit) p) AS parts`
	touchedLate = `(SELECT json_agg(DISTINCT d.kind) FROM deadlines d WHERE d.jurisdiction_id = @j AND d.report_id = reports.id
AND d.stopped_at IS NULL AND d.paused_at IS NULL AND d.due_at < now()) AS late`
)

// ReadTouched reads reports for those who tell of what happened to them, by their ids. One
// that is not there is left out.
func ReadTouched(ctx context.Context, db *gorm.DB, jurisdiction int32, ids []uuid.UUID) (map[uuid.UUID]*Touched, error) {
	out := make(map[uuid.UUID]*Touched, len(ids))
	for some := range slices.Chunk(ids, 1000) {
		var rows []touchedRow
		err := db.WithContext(ctx).Table("reports").
			Select("reports.*, ("+isShown+") AS in_public, "+touchedParts+", "+touchedLate, map[string]any{"j": jurisdiction}).
			Where("reports.jurisdiction_id = ? AND reports.id IN ?", jurisdiction, some).Find(&rows).Error
		if err != nil {
			return nil, FromDatabase(err)
		}
		for i := range rows {
			row := &rows[i]
			t := &Touched{report: row.Report, inPublic: row.InPublic}
			if err := t.read(row); err != nil {
				return nil, Wrap(CodeInternal, err)
			}
			out[row.Report.ID] = t
		}
	}
	return out, nil
}

func (t *Touched) read(row *touchedRow) error {
	if len(row.Parts) > 0 {
		if err := json.Unmarshal(row.Parts, &t.parts); err != nil {
			return err
		}
	}
	if len(row.Late) > 0 {
		return json.Unmarshal(row.Late, &t.late)
	}
	return nil
}

// ID is the report's.
func (t *Touched) ID() uuid.UUID { return t.report.ID }

// Keys are what streams filter by, as they stand.
func (t *Touched) Keys() *Keys { return t.report.Keys() }

// Part is what part a unit has or had in the report, and false where it never had one.
func (t *Touched) Part(unit string) (Part, bool) {
	part, ok := t.parts[unit]
	return part, ok
}

// Units are those that have or had a part.
func (t *Touched) Units(yield func(unit string) bool) {
	for unit := range t.parts {
		if !yield(unit) {
			return
		}
	}
}

// Seen is the report as it is shown in a view, to a unit where that is the unit's, and
// false where it is not theirs to see. Nobody is told anything in a reporter's view.
func (t *Touched) Seen(v View, unit string) (Report, bool) {
	if !t.seenIn(v, unit) {
		return Report{}, false
	}
	return t.report.For(v), true
}

func (t *Touched) seenIn(v View, unit string) bool {
	switch v {
	case ViewPublic:
		return t.inPublic
	case ViewUnit:
		return t.parts[unit].Active
	case ViewOperations:
		return true
	case ViewOwn:
	}
	return false
}

// Meets says whether ListReports would have the report under the filter in a view, to a
// unit where that is the unit's. Words and the time of the last change are not asked about:
// see Streamable.
func (f ReportFilter) Meets(t *Touched, v View, unit string) bool {
	r := &t.report
	if !t.seenIn(v, unit) || v == ViewPublic && f.asksMore() && r.Shown != ShownFull {
		return false
	}
	return anyOr(f.Categories, r.Category) && anyOr(f.States, r.State) && anyOr(f.Phases, r.Phase) &&
		pointsTo(f.Areas, r.Area) && pointsTo(f.Units, r.LeadUnit) &&
		(f.Urgent == nil || *f.Urgent == (r.Urgency != UrgencyNormal)) &&
		(f.Escalated == nil || *f.Escalated == (r.Escalated > 0)) &&
		(f.Overdue == nil || *f.Overdue == f.lateOf(t, v)) &&
		(f.CreatedSince == nil || !r.CreatedAt.Before(*f.CreatedSince)) &&
		(f.Code == "" || f.Code == r.Code) && f.holds(r, v)
}

// MayMeet says whether a report with such keys can meet the filter in a view. What keys do
// not tell, such as the place within its cell, may turn out either way.
func (f ReportFilter) MayMeet(k *Keys, v View) bool {
	if v == ViewPublic {
		if k.Shown == ShownNone || k.Shown == "" || f.asksMore() && k.Shown != ShownFull {
			return false
		}
		if (f.Box != nil || f.Near != nil) && !k.Mapped {
			return false
		}
	}
	return anyOr(f.Categories, k.Category) && anyOr(f.States, k.State) && anyOr(f.Phases, k.Phase) &&
		anyOr(f.Areas, k.Area) && anyOr(f.Units, k.Unit) && (f.Urgent == nil || *f.Urgent == (k.Urgency != UrgencyNormal))
}

// Streamable returns the view in which an actor follows what meets the filter. It fails with
// what is wrong with the filter, and with CodeUnauthorized or CodeForbidden for a view that
// the actor has not got. Words and the last change say nothing of what has just happened.
func (f ReportFilter) Streamable(a Actor) (View, error) {
	if f.Query != "" || f.UpdatedSince != nil {
		return "", E(CodeInvalidValue)
	}
	if err := f.check(); err != nil {
		return "", err
	}
	v := f.View
	if v == "" {
		v = WidestView(a)
	}
	if v == ViewOwn || !v.May(a) || f.Escalated != nil && v == ViewPublic {
		return "", refusedTo(a)
	}
	return v, nil
}

func anyOr[T comparable](wanted []T, got T) bool {
	return len(wanted) == 0 || slices.Contains(wanted, got)
}

func pointsTo(wanted []string, got *string) bool {
	return len(wanted) == 0 || got != nil && slices.Contains(wanted, *got)
}

// lateOf says whether a clock that counts has run out.
func (f ReportFilter) lateOf(t *Touched, v View) bool {
	if v != ViewPublic && len(f.Clocks) == 0 {
		return len(t.late) > 0
	}
	return slices.ContainsFunc(t.late, func(kind string) bool { return slices.Contains(f.Clocks, kind) })
}
