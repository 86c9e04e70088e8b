// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"gorm.io/gorm"
)

// StaffPage is one page of staff. NextCursor is "" on the last one.
type StaffPage struct {
	Staff      []Staff
	NextCursor string
}

// ListStaff returns a page of the staff of the actor's jurisdiction by the time they were
// made, active or not. Errors: those of OpStaffManage, CodeCursorInvalid.
func ListStaff(ctx context.Context, db *gorm.DB, a Actor, cursor string, limit int) (StaffPage, error) {
	if err := a.Require(OpStaffManage); err != nil {
		return StaffPage{}, err
	}
	list := listID("staff", a.Jurisdiction)
	after, err := parseCursor(cursor, list)
	if err != nil {
		return StaffPage{}, err
	}
	size := pageSize(limit)
	query := db.WithContext(ctx).Omit("password_hash").Where("jurisdiction_id = ?", a.Jurisdiction)
	if after != nil {
		query = query.Where("id > ?", after.id)
	}
	var rows []Staff
	if err := query.Order("id").Limit(size + 1).Find(&rows).Error; err != nil {
		return StaffPage{}, FromDatabase(err)
	}
	page := StaffPage{Staff: rows}
	if len(rows) > size {
		page.Staff = rows[:size]
		page.NextCursor = place{id: rows[size-1].ID}.cursor(list)
	}
	return page, nil
}

// EventsAfter returns the jurisdiction's log behind a position, ascending. Limit is 50
// where it is 0, and 200 at most. Errors: those of OpAuditRead.
func EventsAfter(ctx context.Context, db *gorm.DB, a Actor, after int64, limit int) ([]Event, error) {
	if err := a.Require(OpAuditRead); err != nil {
		return nil, err
	}
	var all []Event
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND pos > ?", a.Jurisdiction, max(0, after)).
		Order("pos").Limit(pageSize(limit)).Find(&all).Error
	return all, FromDatabase(err)
}
