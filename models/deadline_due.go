// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"gorm.io/gorm"
)

// DueDeadlines returns running clocks that have run out and were not fired, the longest
// due first.
func DueDeadlines(ctx context.Context, db *gorm.DB, limit int) ([]Deadline, error) {
	var due []Deadline
	err := db.WithContext(ctx).
		Where("stopped_at IS NULL AND paused_at IS NULL AND overdue_at IS NULL AND due_at <= now()").
		Order("due_at").Limit(limit).Find(&due).Error
	return due, FromDatabase(err)
}
