// SPDX-License-Identifier: Apache-2.0

package models

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/geo"
)

// ReportSort is the order of a list of reports.
type ReportSort string

// The orders.
const (
	SortNewest  ReportSort = "newest" // the default
	SortOldest  ReportSort = "oldest"
	SortUpdated ReportSort = "updated" // what changed last comes first
)

// ReportFilter says which reports are asked for; the zero value asks for all. Values of
// one field mean any of them, fields all of them. In the public's view nothing but what
// the public is shown can be asked about: a report that shows its state alone is found
// by code, state, phase and time only.
type ReportFilter struct {
	View       View        // "" is the actor's widest
	Box        *geo.Bounds // the place, in degrees; the public's is the rounded one
	Near       *geo.Point  // with RadiusM
	RadiusM    float64     // metres
	Categories []string
	States     []State
	Phases     []Phase
	Areas      []string // a pack's area ids
	Units      []string // the leads
	Urgent     *bool
	Overdue    *bool
	Escalated  *bool // taken up the tree, since a clock ran out; for those who work on it
	// Clocks are the clocks that can be overdue. None means all of them to staff; the
	// public and a reporter are to be asked about the pack's public clocks alone.
	Clocks       []string
	CreatedSince *time.Time
	UpdatedSince *time.Time
	Code         string
	Query        string // words somebody typed
	Sort         ReportSort
}

// list names the list that the filter makes for an actor in a view.
func (f ReportFilter) list(a Actor, v View) [8]byte {
	near := ""
	if f.Near != nil {
		near = f.Near.String()
		f.Near = nil
	}
	f.View = v
	if f.Sort == "" {
		f.Sort = SortNewest
	}
	return listID("reports", a.Jurisdiction, f, near)
}

// check returns what is wrong with the filter.
func (f ReportFilter) check() error {
	var faults []FieldError
	if !oneOf(f.Sort, "", SortNewest, SortOldest, SortUpdated) {
		faults = append(faults, Field("query.sort", CodeInvalidValue, nil))
	}
	if f.View != "" && !f.View.Valid() {
		faults = append(faults, Field("query.view", CodeInvalidValue, nil))
	}
	if f.Near != nil && !(f.RadiusM > 0) {
		faults = append(faults, Field("query.radius", CodeInvalidValue, nil))
	}
	if len(faults) > 0 {
		return Invalid(faults...)
	}
	return nil
}

// apply narrows a query to the filter, but for the exact test of place.
func (f ReportFilter) apply(db *gorm.DB, v View) *gorm.DB {
	if v == ViewPublic && f.asksMore() {
		db = db.Where("reports.shown = 'full'")
	}
	db = in(db, "reports.category", f.Categories)
	db = in(db, "reports.state", f.States)
	db = in(db, "reports.phase", f.Phases)
	db = in(db, "reports.area", f.Areas)
	db = in(db, "reports.lead_unit", f.Units)
	if f.Urgent != nil {
		db = db.Where("(reports.urgency <> 'normal') = ?", *f.Urgent)
	}
	if f.Overdue != nil {
		db = f.applyOverdue(db, v)
	}
	if f.Escalated != nil {
		db = db.Where("(reports.escalated > 0) = ?", *f.Escalated)
	}
	if f.CreatedSince != nil {
		db = db.Where("reports.created_at >= ? AND reports.id >= ?", *f.CreatedSince, idBefore(*f.CreatedSince))
	}
	if f.UpdatedSince != nil {
		db = db.Where("reports.updated_at >= ?", *f.UpdatedSince)
	}
	if f.Code != "" {
		db = db.Where("reports.code = ?", f.Code)
	}
	if f.Query != "" {
		c := matches(f.Query, v)
		db = db.Where(c.sql, c.args...)
	}
	return f.applyPlace(db, v)
}

// asksMore says whether the filter asks about what only a report shown in full tells.
func (f ReportFilter) asksMore() bool {
	return f.Box != nil || f.Near != nil || len(f.Categories) > 0 || len(f.Areas) > 0 || len(f.Units) > 0 ||
		f.Urgent != nil || f.Overdue != nil || f.Query != ""
}

// in narrows to rows with one of the values; none of them narrows nothing.
func in[T any](db *gorm.DB, column string, values []T) *gorm.DB {
	if len(values) == 0 {
		return db
	}
	return db.Where(column+" IN ?", values)
}

func (f ReportFilter) applyOverdue(db *gorm.DB, v View) *gorm.DB {
	late := "EXISTS (SELECT FROM deadlines d WHERE d.jurisdiction_id = reports.jurisdiction_id AND d.report_id = reports.id" +
		" AND d.stopped_at IS NULL AND d.paused_at IS NULL AND d.due_at < now()"
	var args []any
	if v == ViewPublic || v == ViewOwn || len(f.Clocks) > 0 {
		late += " AND d.kind IN ?"
		args = append(args, f.Clocks)
	}
	late += ")"
	if !*f.Overdue {
		late = "NOT " + late
	}
	return db.Where(late, args...)
}

// idSlack is how much earlier than its report an id can have been drawn, with the clocks
// of all nodes taken together.
const idSlack = 24 * time.Hour

// idBefore is an id smaller than that of every report made since a time: ids begin with
// their time, so that "since" is a range of the primary key.
func idBefore(since time.Time) uuid.UUID {
	var id uuid.UUID
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(max(0, since.Add(-idSlack).UnixMilli())))
	copy(id[:6], ms[2:])
	return id
}

// tileColumn is the place that a view knows.
func tileColumn(v View) string {
	if v == ViewPublic {
		return "reports.public_tile"
	}
	return "reports.tile"
}

// applyPlace narrows to tile ranges that hold every place asked for, and little else.
func (f ReportFilter) applyPlace(db *gorm.DB, v View) *gorm.DB {
	if f.Box != nil {
		db = within(db, tileColumn(v), geo.BBoxRanges(*f.Box, geo.MaxBoxRanges))
	}
	if f.Near != nil {
		db = within(db, tileColumn(v), geo.CircleRanges(*f.Near, f.RadiusM))
	}
	return db
}

func within(db *gorm.DB, column string, ranges []geo.Range) *gorm.DB {
	all := make([]condition, len(ranges))
	for i, r := range ranges {
		all[i] = condition{column + " BETWEEN ? AND ?", []any{int64(r.Lo), int64(r.Hi)}}
	}
	c := anyOf(all)
	return db.Where(c.sql, c.args...)
}

// holds is the exact test of place, by what the view knows of it.
func (f ReportFilter) holds(r *Report, v View) bool {
	if f.Box == nil && f.Near == nil {
		return true
	}
	tile := r.Tile
	if v == ViewPublic {
		tile = r.PublicTile
	}
	if tile == nil {
		return false
	}
	p := geo.Tile(*tile).Point()
	if v != ViewPublic && r.Lat != nil && r.Lon != nil {
		if exact, err := geo.NewPoint(*r.Lat, *r.Lon); err == nil {
			p = exact
		}
	}
	return (f.Box == nil || f.Box.Contains(p)) && (f.Near == nil || f.Near.Metres(p) <= f.RadiusM)
}
