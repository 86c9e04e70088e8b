// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// TimelineEvents returns what happened to a report and may be told in a view, oldest
// first. The public is told the steps by which the report came to stand where it was
// shown; its reporter and units the steps, never who read or held it. The report is as
// FindReport returned it for that view.
func TimelineEvents(ctx context.Context, db *gorm.DB, r *Report, v View) ([]Event, error) {
	query := db.WithContext(ctx).Where("jurisdiction_id = ? AND subject_id = ? AND subject_kind = ?", r.JurisdictionID, r.ID, SubjectReport)
	if kinds := toldIn(v); kinds != nil {
		query = query.Where("kind IN ?", kinds)
	} else {
		query = query.Where("kind NOT IN ?", []EventKind{EventReportFollowed, EventReportUnfollowed})
	}
	if v == ViewPublic {
		query = query.Where("body::jsonb #>> '{after,shown}' <> 'none' AND body::jsonb #>> '{before,state}' IS DISTINCT FROM body::jsonb #>> '{after,state}'")
	}
	var all []Event
	err := query.Omit("hash").Order("pos").Find(&all).Error
	return all, FromDatabase(err)
}

// toldIn are the kinds of a report's events that a view tells; nil for all of them but
// who follows it, which is nobody's business.
func toldIn(v View) []EventKind {
	switch v {
	case ViewPublic:
		return []EventKind{EventReportMoved}
	case ViewOwn:
		return []EventKind{
			EventReportSubmitted, EventReportMoved, EventReportRated, EventReportPhotos, EventReportSplit, EventReportMessage, EventDeadlineExtended,
		}
	case ViewUnit:
		return []EventKind{
			EventReportSubmitted, EventReportMoved, EventReportRouted, EventReportRated, EventReportShared, EventReportHidden,
			EventReportPhotos, EventReportSplit, EventReportMerged, EventReportUrged, EventReportDirected, EventReportMessage, EventReportNoted,
			EventTaskMoved, EventTaskHanded, EventDeadlineMissed, EventDeadlineReminded, EventDeadlineEscalated, EventDeadlineExtended, EventDeadlineRetimed,
		}
	case ViewOperations:
		return nil
	}
	return []EventKind{}
}

// ChangedReport is an event as somebody who keeps up with the log is told it: the report
// as it now stands and is shown to them, or that it has left their sight.
type ChangedReport struct {
	Pos      int64
	Kind     EventKind
	ReportID uuid.UUID
	At       time.Time
	Seen     *Seen `gorm:"-"` // nil for a tombstone
}

// Changes is a piece of the log. NextAfter is how far it was read: whoever asks on from
// there until it no longer moves has read all. Epoch changes when positions begin anew.
type Changes struct {
	Items     []ChangedReport
	NextAfter int64
	Epoch     uuid.UUID
}

// changesWindow is how many positions one call reads at most, so that somebody to whom
// little is told waits no longer than anybody else.
const changesWindow = 5000

// ReadChanges returns what changed behind a position for the actor, ascending: of every
// report for the operations centre; for a unit of those it has a part in; else of what is
// public and what the caller sent in. A report that went out of sight is a tombstone; of
// one that was never in sight nothing is told. Limit is 50 where it is 0, and 200 at most.
func ReadChanges(ctx context.Context, db *gorm.DB, a Actor, after int64, limit int) (Changes, error) {
	if err := a.Require(OpChangesRead); err != nil {
		return Changes{}, err
	}
	db, after, limit = db.WithContext(ctx), max(0, after), pageSize(limit)
	var head struct {
		Pos   int64
		Epoch uuid.UUID
	}
	err := db.Table("log_head").Select("pos, epoch").Where("jurisdiction_id = ?", a.Jurisdiction).Take(&head).Error
	if err != nil {
		return Changes{}, FromDatabase(err)
	}
	// Compared before it is added to: a caller may send any number.
	if after >= head.Pos {
		return Changes{NextAfter: after, Epoch: head.Epoch}, nil
	}
	until := min(after+changesWindow, head.Pos)
	told, err := toldChanges(db, a, after, until, limit)
	if err != nil {
		return Changes{}, FromDatabase(err)
	}
	out := Changes{Items: told, NextAfter: until, Epoch: head.Epoch}
	if len(told) == limit {
		out.NextAfter = told[limit-1].Pos
	}
	return out, FromDatabase(fillChanges(db, a, out.Items))
}

// toldChanges finds the events that are told. A report's own events are about it; those of
// its photos are told as its own.
func toldChanges(db *gorm.DB, a Actor, after, until int64, limit int) ([]ChangedReport, error) {
	c := changesFor(a)
	var told []ChangedReport
	err := db.Table("events e").Select("e.pos, e.kind, reports.id AS report_id, e.at").
		Joins("LEFT JOIN photos p ON e.subject_kind = 'photo' AND p.jurisdiction_id = e.jurisdiction_id AND p.id = e.subject_id").
		Joins("JOIN reports ON reports.jurisdiction_id = e.jurisdiction_id AND reports.id = coalesce(p.report_id, e.subject_id)").
		Where("e.jurisdiction_id = ? AND e.pos > ? AND e.pos <= ? AND e.subject_kind IN ('report', 'photo')", a.Jurisdiction, after, until).
		Where(c.sql, c.args...).Order("e.pos").Limit(limit).Scan(&told).Error
	return told, err
}

// The pieces of SQL that say whether an event e of a report is told.
const (
	publicEvent = "(e.kind IN ('report.moved', 'report.rated', 'report.visibility', 'report.shared', 'text.erased', 'task.handed', 'report.repacked', 'report.merged')" +
		" AND (e.body::jsonb #>> '{before,shown}' <> 'none' OR e.body::jsonb #>> '{after,shown}' <> 'none')" +
		" OR e.kind = 'photo.ready' AND p.kind <> 'document' AND reports.shown = 'full')"
	stepEvent = "e.kind IN ('report.submitted', 'report.moved', 'report.routed', 'report.rated', 'report.visibility', 'report.shared'," +
		" 'report.photos', 'report.split', 'report.merged', 'report.urged', 'report.directed', 'report.message', 'report.noted', 'report.repacked'," +
		" 'task.moved', 'task.handed', 'text.erased', 'deadline.missed', 'deadline.reminded', 'deadline.escalated', 'deadline.extended', 'deadline.retimed'," +
		" 'photo.ready', 'photo.refused')"
	ownEvent = "e.kind IN ('report.submitted', 'report.moved', 'report.rated', 'report.visibility', 'report.split', 'report.merged', 'report.message'," +
		" 'deadline.extended', 'photo.ready', 'photo.refused')" +
		// Of what others than staff read alone the log says how the report stood.
		" OR e.kind IN ('report.shared', 'text.erased') AND e.body::jsonb -> 'after' IS NOT NULL"
	// The event of the very decision by which a unit's part ended: both carry its time. A part
	// that was handed over is another unit's, and only the event says whose it was.
	partEnded = "(e.kind IN ('report.moved', 'task.moved') AND EXISTS (SELECT FROM tasks t WHERE t.jurisdiction_id = reports.jurisdiction_id AND t.report_id = reports.id AND t.unit = ?" +
		" AND t.state IN ('returned', 'cancelled') AND t.updated_at = e.at)" +
		" OR e.kind = 'task.handed' AND e.body::jsonb ->> 'from' = ?)"
)

// changesFor says which events are told to an actor.
func changesFor(a Actor) condition {
	switch WidestView(a) {
	case ViewOperations:
		return condition{sql: "e.kind NOT IN ('photo.staged', 'contact.read', 'report.followed', 'report.unfollowed')"}
	case ViewUnit:
		return condition{"(" + stepEvent + " AND " + isUnits + " OR " + partEnded + ")", []any{a.Unit, a.Unit, a.Unit}}
	case ViewPublic, ViewOwn:
		own := anyOf(ownership(a))
		return condition{"(" + publicEvent + " OR (" + ownEvent + ") AND " + own.sql + ")", own.args}
	}
	return condition{sql: isNobodys}
}

// fillChanges puts each report as it stands beside its events, where the actor sees it.
func fillChanges(db *gorm.DB, a Actor, items []ChangedReport) error {
	ids := make([]uuid.UUID, len(items))
	for i, item := range items {
		ids[i] = item.ReportID
	}
	views := []View{WidestView(a)}
	if views[0] == ViewPublic && ViewOwn.May(a) {
		views = []View{ViewOwn, ViewPublic}
	}
	seen := map[uuid.UUID]*Seen{}
	for _, v := range views {
		left := slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool { return seen[id] != nil })
		if len(left) == 0 {
			break
		}
		var found []Report
		if err := db.Scopes(ReportScope(a, v)).Where("reports.id IN ?", left).Find(&found).Error; err != nil {
			return err
		}
		for _, r := range found {
			seen[r.ID] = &Seen{Report: r.For(v), View: v}
		}
	}
	for i := range items {
		items[i].Seen = seen[items[i].ReportID]
	}
	return nil
}
