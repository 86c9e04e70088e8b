// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// TextVersions returns every version of everything that was written about a report, the
// oldest first, and the roles of those authors who are staff, by the author. It is for the
// operations centre; to everybody else the report is CodeNotFound.
func TextVersions(ctx context.Context, db *gorm.DB, a Actor, report uuid.UUID) ([]Text, map[string][]Role, error) {
	seen, err := FindReport(ctx, db, a, report)
	if err != nil {
		return nil, nil, err
	}
	if seen.View != ViewOperations {
		return nil, nil, E(CodeNotFound)
	}
	db = db.WithContext(ctx)
	var all []Text
	if err := db.Where("jurisdiction_id = ? AND report_id = ?", a.Jurisdiction, report).Order("created_at, id").Find(&all).Error; err != nil {
		return nil, nil, FromDatabase(err)
	}
	roles := map[string][]Role{}
	var ids []uuid.UUID
	for _, t := range all {
		if id, err := uuid.Parse(strings.TrimPrefix(t.Author, string(ActorStaff)+":")); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return all, roles, nil
	}
	var people []Staff
	err = db.Select("id", "roles").Where("jurisdiction_id = ? AND id IN ?", a.Jurisdiction, ids).Find(&people).Error
	for _, p := range people {
		roles[string(ActorStaff)+":"+p.ID.String()] = p.Roles
	}
	return all, roles, FromDatabase(err)
}
