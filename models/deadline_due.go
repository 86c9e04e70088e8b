// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// HoldDeadlines and FreeDeadlines are SQL that keeps clocks from being fired by anybody who
// asks DueDeadlines, for as long as the connection holds it or lives: whoever writes
// history fires its clocks at the times of that history.
const (
	HoldDeadlines = "SELECT pg_advisory_lock(18516, 1)"
	FreeDeadlines = "SELECT pg_advisory_unlock(18516, 1)"

	deadlinesFree = "NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 18516 AND objid = 1 AND objsubid = 2 AND granted " +
		"AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)

// DueDeadlines returns running clocks that ask for something by now, a reminder, their end
// or a step up the tree, the longest due first; none while they are held.
func DueDeadlines(ctx context.Context, db *gorm.DB, limit int) ([]Deadline, error) {
	return DueDeadlinesAfter(ctx, db, Deadline{}, limit)
}

// DueDeadlinesAfter is DueDeadlines behind one of them, whether that was fired or not.
func DueDeadlinesAfter(ctx context.Context, db *gorm.DB, last Deadline, limit int) ([]Deadline, error) {
	var due []Deadline
	var from time.Time
	if last.NextAt != nil {
		from = *last.NextAt
	}
	err := db.WithContext(ctx).Where("next_at <= now()").Where(deadlinesFree).Where("(next_at, id) > (?, ?)", from, last.ID).
		Order("next_at, id").Limit(limit).Find(&due).Error
	return due, FromDatabase(err)
}
