// SPDX-License-Identifier: Apache-2.0

package models

import (
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// View is how much of a report somebody is shown.
type View string

// The views, from the narrowest to the widest.
const (
	ViewPublic     View = "public"
	ViewOwn        View = "own"  // the reporter's: public, and what they wrote
	ViewUnit       View = "unit" // of a unit that has a part in it
	ViewOperations View = "operations"
)

// Valid says whether the view is one of the closed set.
func (v View) Valid() bool { return oneOf(v, ViewPublic, ViewOwn, ViewUnit, ViewOperations) }

// May says whether the actor has the view of any report at all.
func (v View) May(a Actor) bool {
	switch v {
	case ViewPublic:
		return a.Reach(OpReportPublic) == ReachAll
	case ViewOwn:
		return len(ownership(a)) > 0
	case ViewUnit:
		return a.Reach(OpReportUnit) >= ReachUnit
	case ViewOperations:
		return a.Reach(OpReportOperations) == ReachAll
	}
	return false
}

// WidestView is the view in which the actor lists reports: everything for the operations
// centre, a unit's own work for its people, else what is public.
func WidestView(a Actor) View {
	for _, v := range []View{ViewOperations, ViewUnit} {
		if v.May(a) {
			return v
		}
	}
	return ViewPublic
}

// ReportScope narrows a query over reports to those that the actor may see in a view.
// The jurisdiction comes first; an actor who has not got the view sees none.
func ReportScope(a Actor, v View) func(*gorm.DB) *gorm.DB {
	return func(db *gorm.DB) *gorm.DB {
		c := scopeOf(a, v)
		return db.Where("reports.jurisdiction_id = ?", a.Jurisdiction).Where(c.sql, c.args...)
	}
}

// condition is a piece of SQL that stands in a WHERE, with its arguments.
type condition struct {
	sql  string
	args []any
}

const (
	isShown   = "reports.shown <> 'none'"
	isUnits   = "EXISTS (SELECT FROM tasks t WHERE t.jurisdiction_id = reports.jurisdiction_id AND t.report_id = reports.id AND t.unit = ? AND t.state IN ('open', 'working', 'done'))"
	isNobodys = "false"
)

// scopeOf is what makes a report of the actor's jurisdiction theirs to see in a view.
func scopeOf(a Actor, v View) condition {
	if !v.May(a) {
		return condition{sql: isNobodys}
	}
	switch v {
	case ViewPublic:
		return condition{sql: isShown}
	case ViewOwn:
		return anyOf(ownership(a))
	case ViewUnit:
		return condition{sql: isUnits, args: []any{a.Unit}}
	case ViewOperations:
		return condition{sql: "true"}
	}
	return condition{sql: isNobodys}
}

// ownership says in SQL what Actor.Owns says in Go.
func ownership(a Actor) []condition {
	if a.Proven != uuid.Nil {
		return []condition{{"reports.id = ?", []any{a.Proven}}}
	}
	var own []condition
	if a.Kind == ActorCitizen {
		own = append(own, condition{"reports.citizen_id = ?", []any{a.ID}})
	}
	if (a.Kind == ActorCitizen || a.Kind == ActorDevice) && a.DeviceID != uuid.Nil {
		own = append(own, condition{"reports.citizen_id IS NULL AND reports.device_id = ?", []any{a.DeviceID}})
	}
	if a.Kind == ActorStaff && a.Has(RoleAgent) {
		own = append(own, condition{"reports.agent_id = ?", []any{a.ID}})
	}
	return own
}

// anyOf joins conditions by OR; none of them holds for no row.
func anyOf(all []condition) condition {
	if len(all) == 0 {
		return condition{sql: isNobodys}
	}
	var out condition
	parts := make([]string, len(all))
	for i, c := range all {
		parts[i] = "(" + c.sql + ")"
		out.args = append(out.args, c.args...)
	}
	out.sql = "(" + strings.Join(parts, " OR ") + ")"
	return out
}

// seenIn are the views that an actor can have of one report, the widest first.
func seenIn(a Actor) []View {
	var views []View
	for _, v := range []View{ViewOperations, ViewUnit, ViewOwn, ViewPublic} {
		if v.May(a) {
			views = append(views, v)
		}
	}
	return views
}

// For returns the report without what the view may not know: rows leave this package in
// no other form.
func (r Report) For(v View) Report {
	if v == ViewOperations {
		return r
	}
	r.HiddenReason, r.ClaimedBy, r.ClaimedUntil = nil, nil, nil
	if v != ViewUnit {
		r.Escalated, r.Urged, r.Words = 0, 0, nil
	}
	if v == ViewOwn {
		return r
	}
	r.CitizenID, r.DeviceID, r.AgentID, r.ExternalRef, r.HasContact = nil, nil, nil, nil, false
	if v == ViewUnit {
		return r
	}
	r.Lat, r.Lon, r.Tile, r.AccuracyM, r.SOS = nil, nil, nil, nil, nil
	r.FirstCategory, r.RejectedFor = "", nil
	if r.Shown == ShownFull {
		return r
	}
	r.Category, r.Area, r.LeadUnit, r.Urgency, r.Attributes = "", nil, nil, UrgencyNormal, nil
	r.SharedTextID, r.AnswerID, r.Outcome, r.Rating, r.TransferredTo, r.ScheduledFor = nil, nil, nil, nil, nil, nil
	r.ObservedAt, r.PublicTile, r.SplitFrom, r.Followers, r.MeToo = nil, nil, nil, 0, 0
	if r.Shown != ShownLink {
		r.DuplicateOf = nil
	}
	return r
}
