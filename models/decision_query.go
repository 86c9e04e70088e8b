// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Decisions returns the decisions about deadlines of every jurisdiction, the oldest first,
// those that were revoked too.
func Decisions(ctx context.Context, db *gorm.DB) ([]Decision, error) {
	var all []Decision
	err := db.WithContext(ctx).Order("jurisdiction_id, made_at, id").Find(&all).Error
	return all, FromDatabase(err)
}

// DecisionsOf returns the decisions about a jurisdiction's deadlines, the newest first,
// those that were revoked too.
func DecisionsOf(ctx context.Context, db *gorm.DB, jurisdiction int32) ([]Decision, error) {
	var all []Decision
	err := db.WithContext(ctx).Where("jurisdiction_id = ?", jurisdiction).Order("made_at DESC, id").Find(&all).Error
	return all, FromDatabase(err)
}

// OpenClocks returns up to limit reports of a jurisdiction, in the order of their ids and
// behind one of them, that have a clock which was not stopped. What was imported has none
// that counts.
func OpenClocks(ctx context.Context, db *gorm.DB, jurisdiction int32, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := db.WithContext(ctx).Model(&Deadline{}).Distinct("report_id").
		Where("jurisdiction_id = ? AND report_id > ? AND stopped_at IS NULL", jurisdiction, after).
		Order("report_id").Limit(limit).Pluck("report_id", &ids).Error
	return ids, FromDatabase(err)
}

// DecisionByID returns a decision, or CodeNotFound.
func DecisionByID(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID) (Decision, error) {
	var d Decision
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", jurisdiction, id).Take(&d).Error
	return d, FromDatabase(err)
}
