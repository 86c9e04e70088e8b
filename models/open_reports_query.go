// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// OpenReport is what there is to know of a report that is not over, for whoever changes
// the rules it goes by.
type OpenReport struct {
	ID            uuid.UUID
	Code          string
	PackVersion   int32
	Workflow      string
	State         State
	PreviousState *State
	Category      string
	Area          *string
	LeadUnit      *string
	Urgency       Urgency
}

// OpenReports says which reports that are not over are meant; the zero value is all.
type OpenReports struct {
	Pack     int32  // of this version
	NotPack  int32  // of any but this version
	Category string // the code
}

func (f OpenReports) query(ctx context.Context, db *gorm.DB, jurisdiction int32) *gorm.DB {
	query := db.WithContext(ctx).Model(&Report{}).Where("jurisdiction_id = ? AND phase <> ?", jurisdiction, PhaseEnded)
	if f.Pack != 0 {
		query = query.Where("pack_version = ?", f.Pack)
	}
	if f.NotPack != 0 {
		query = query.Where("pack_version <> ?", f.NotPack)
	}
	if f.Category != "" {
		query = query.Where("category = ?", f.Category)
	}
	return query
}

// Count returns how many there are.
func (f OpenReports) Count(ctx context.Context, db *gorm.DB, jurisdiction int32) (int, error) {
	var n int64
	err := f.query(ctx, db, jurisdiction).Count(&n).Error
	return int(n), FromDatabase(err)
}

// Page returns those behind an id, in the order of their ids.
func (f OpenReports) Page(ctx context.Context, db *gorm.DB, jurisdiction int32, after uuid.UUID, limit int) ([]OpenReport, error) {
	var page []OpenReport
	err := f.query(ctx, db, jurisdiction).Where("id > ?", after).Order("id").Limit(limit).Find(&page).Error
	return page, FromDatabase(err)
}

// OpenGroup is how many reports that are not over are alike in what a pack goes by.
type OpenGroup struct {
	PackVersion int32
	Workflow    string
	State       State
	Category    string
	Area        *string
	LeadUnit    *string
	Count       int
}

// Groups returns them by what they have in common.
func (f OpenReports) Groups(ctx context.Context, db *gorm.DB, jurisdiction int32) ([]OpenGroup, error) {
	const alike = "pack_version, workflow, state, category, area, lead_unit"
	var groups []OpenGroup
	err := f.query(ctx, db, jurisdiction).Select(alike + ", count(*)").Group(alike).Order(alike).Scan(&groups).Error
	return groups, FromDatabase(err)
}
