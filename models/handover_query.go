// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// UnitWork is how many reports in a state a unit has a part in.
type UnitWork struct {
	State State
	Lead  bool
	Count int
}

// unitWork are a unit's parts in reports that are not over.
func unitWork(ctx context.Context, db *gorm.DB, jurisdiction int32, unit string) *gorm.DB {
	return db.WithContext(ctx).Table("tasks t").
		Joins("JOIN reports r ON r.jurisdiction_id = ? AND r.id = t.report_id", jurisdiction).
		Where("t.jurisdiction_id = ? AND t.unit = ? AND t.state IN ? AND r.phase <> ?",
			jurisdiction, unit, []TaskState{TaskOpen, TaskWorking, TaskDone}, PhaseEnded)
}

// CountUnitWork returns what a unit has to hand over, by the reports' states.
func CountUnitWork(ctx context.Context, db *gorm.DB, jurisdiction int32, unit string) ([]UnitWork, error) {
	var work []UnitWork
	err := unitWork(ctx, db, jurisdiction, unit).Select("r.state, t.lead, count(*)").
		Group("r.state, t.lead").Order("t.lead DESC, r.state").Scan(&work).Error
	return work, FromDatabase(err)
}

// UnitReports returns the reports that a unit has a part in, behind an id, in the order of
// their ids.
func UnitReports(ctx context.Context, db *gorm.DB, jurisdiction int32, unit string, after uuid.UUID, limit int) ([]OpenReport, error) {
	var page []OpenReport
	err := unitWork(ctx, db, jurisdiction, unit).Where("r.id > ?", after).
		Distinct("r.id, r.code, r.pack_version, r.workflow, r.state, r.previous_state, r.category, r.area, r.lead_unit, r.urgency").
		Order("r.id").Limit(limit).Scan(&page).Error
	return page, FromDatabase(err)
}
