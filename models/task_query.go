// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// InboxFilter says whose work is asked for. Unit is a unit's code: a unit's people get
// their own whatever it says, the operations centre without it what no unit works on: what
// has none yet, and what was handed in and waits to be published.
// States are the report's.
type InboxFilter struct {
	Unit    string
	States  []State
	Overdue bool
}

// InboxItem is a piece of work. Task is nil for a report that no unit has; Deadline is
// the running clock that runs out first, nil where none runs.
type InboxItem struct {
	Report   Report
	Task     *Task
	Deadline *Deadline
}

// InboxPage is one page of an inbox, in the view of the one whose it is. NextCursor is ""
// on the last one.
type InboxPage struct {
	Items      []InboxItem
	View       View
	NextCursor string
}

// inboxRow is where the parts of an item are found.
type inboxRow struct {
	ReportID   uuid.UUID
	TaskID     *uuid.UUID
	DeadlineID *uuid.UUID
	DueAt      *time.Time
}

func (r inboxRow) place() place {
	if r.TaskID != nil {
		return placeAt(r.DueAt, *r.TaskID)
	}
	return placeAt(r.DueAt, r.ReportID)
}

// ListInbox returns a page of work that waits, what is due first coming first and what
// has no clock last, behind a cursor of the same list. It fails with CodeUnauthorized,
// CodeForbidden and CodeCursorInvalid.
func ListInbox(ctx context.Context, db *gorm.DB, a Actor, f InboxFilter, cursor string, limit int) (InboxPage, error) {
	if err := a.Require(OpInboxRead); err != nil {
		return InboxPage{}, err
	}
	page := InboxPage{View: WidestView(a)}
	if a.Reach(OpInboxRead) == ReachUnit {
		f.Unit = a.Unit
	}
	list := listID("inbox", a.Jurisdiction, f)
	after, err := parseCursor(cursor, list)
	if err != nil {
		return InboxPage{}, err
	}
	size := pageSize(limit)
	var rows []inboxRow
	query := f.query(db.WithContext(ctx), a)
	if after != nil {
		query = query.Where("(due, work) > (?, ?)", after.time(), after.id)
	}
	if err := query.Order("due, work").Limit(size + 1).Scan(&rows).Error; err != nil {
		return InboxPage{}, FromDatabase(err)
	}
	if len(rows) > size {
		rows = rows[:size]
		page.NextCursor = rows[size-1].place().cursor(list)
	}
	page.Items, err = inboxItems(db.WithContext(ctx), a, rows, page.View)
	return page, FromDatabase(err)
}

// clockOf joins the running clock of a report that runs out first, as d, but for those that
// other units support it against.
const clockOf = "LEFT JOIN LATERAL (SELECT d.id, d.due_at FROM deadlines d WHERE d.jurisdiction_id = %[1]s.jurisdiction_id AND d.report_id = %[2]s" +
	" AND (d.task_id IS NULL OR d.task_id = %[3]s) AND d.stopped_at IS NULL AND d.paused_at IS NULL ORDER BY d.due_at, d.id LIMIT 1) d ON true"

// query is the work by its parts, with due and work to order by. A unit's work is found
// by its tasks alone unless a state is asked for.
func (f InboxFilter) query(db *gorm.DB, a Actor) *gorm.DB {
	const columns = "d.id AS deadline_id, d.due_at, coalesce(d.due_at, ?) AS due, "
	endless := place{at: noTime}.time()
	var work *gorm.DB
	if f.Unit == "" {
		work = db.Model(&Report{}).Select(columns+"NULL::uuid AS task_id, reports.id AS report_id, reports.id AS work", endless).
			Joins(fmt.Sprintf(clockOf, "reports", "reports.id", "NULL::uuid")).
			Where("reports.jurisdiction_id = ? AND reports.phase IN ('received', 'working') AND NOT EXISTS (SELECT 1 FROM tasks l"+
				" WHERE l.jurisdiction_id = reports.jurisdiction_id AND l.report_id = reports.id AND l.lead AND l.state IN ('open', 'working'))", a.Jurisdiction)
	} else {
		work = db.Table("tasks t").Select(columns+"t.id AS task_id, t.report_id, t.id AS work", endless).
			Joins(fmt.Sprintf(clockOf, "t", "t.report_id", "t.id")).
			Where("t.jurisdiction_id = ? AND t.unit = ?", a.Jurisdiction, f.Unit).Where(waiting(a))
		if len(f.States) > 0 {
			work = work.Joins("JOIN reports ON reports.jurisdiction_id = t.jurisdiction_id AND reports.id = t.report_id")
		}
	}
	work = in(work, "reports.state", f.States)
	if f.Overdue {
		work = work.Where("d.due_at < now()")
	}
	return db.Table("(?) AS inbox", work).Select("report_id, task_id, deadline_id, due_at")
}

// waiting says which of a unit's tasks t wait for somebody: those that are not done, and
// for the unit's head what was handed in and is not answered yet.
func waiting(a Actor) string {
	const active = "t.state IN ('open', 'working')"
	if !slices.Contains(a.Roles, RoleUnitHead) {
		return active
	}
	return "(" + active + " OR t.state = 'done' AND t.lead AND EXISTS (SELECT 1 FROM reports h" +
		" WHERE h.jurisdiction_id = t.jurisdiction_id AND h.id = t.report_id AND h.phase = 'working'))"
}

// inboxItems reads the parts of the rows, each kind in one query.
func inboxItems(db *gorm.DB, a Actor, rows []inboxRow, v View) ([]InboxItem, error) {
	var reportIDs, taskIDs, deadlineIDs []uuid.UUID
	for _, row := range rows {
		reportIDs = append(reportIDs, row.ReportID)
		if row.TaskID != nil {
			taskIDs = append(taskIDs, *row.TaskID)
		}
		if row.DeadlineID != nil {
			deadlineIDs = append(deadlineIDs, *row.DeadlineID)
		}
	}
	reports, err := byID(db, a.Jurisdiction, reportIDs, func(r Report) uuid.UUID { return r.ID })
	if err != nil {
		return nil, err
	}
	tasks, err := byID(db, a.Jurisdiction, taskIDs, func(t Task) uuid.UUID { return t.ID })
	if err != nil {
		return nil, err
	}
	deadlines, err := byID(db, a.Jurisdiction, deadlineIDs, func(d Deadline) uuid.UUID { return d.ID })
	if err != nil {
		return nil, err
	}
	items := make([]InboxItem, 0, len(rows))
	for _, row := range rows {
		r, ok := reports[row.ReportID]
		if !ok {
			continue
		}
		item := InboxItem{Report: r.For(v)}
		if row.TaskID != nil {
			if t, ok := tasks[*row.TaskID]; ok {
				item.Task = &t
			}
		}
		if row.DeadlineID != nil {
			if d, ok := deadlines[*row.DeadlineID]; ok {
				item.Deadline = &d
			}
		}
		items = append(items, item)
	}
	return items, nil
}

// byID reads the rows with the ids.
func byID[T any](db *gorm.DB, jurisdiction int32, ids []uuid.UUID, id func(T) uuid.UUID) (map[uuid.UUID]T, error) {
	found := make(map[uuid.UUID]T, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []T
	err := db.Where("jurisdiction_id = ? AND id IN ?", jurisdiction, ids).Find(&rows).Error
	for _, row := range rows {
		found[id(row)] = row
	}
	return found, err
}
