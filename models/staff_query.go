// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// StaffByLogin returns the staff member with a login in lower case, active or not, or
// CodeNotFound.
func StaffByLogin(ctx context.Context, db *gorm.DB, jurisdiction int32, login string) (Staff, error) {
	var s Staff
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND login = ?", jurisdiction, login).Take(&s).Error
	return s, FromDatabase(err)
}

// StaffByID returns a staff member, active or not, or CodeNotFound.
func StaffByID(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID) (Staff, error) {
	var s Staff
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", jurisdiction, id).Take(&s).Error
	return s, FromDatabase(err)
}

// HoldStaff says whether a staff member still is as s was read, password and all, and
// keeps it so until the transaction ends.
func HoldStaff(ctx context.Context, tx *gorm.DB, s Staff) (bool, error) {
	var one int
	found := tx.WithContext(ctx).Raw("SELECT 1 FROM staff WHERE jurisdiction_id = ? AND id = ? AND password_hash = ? AND active FOR SHARE",
		s.JurisdictionID, s.ID, s.PasswordHash).Scan(&one)
	return found.RowsAffected == 1, FromDatabase(found.Error)
}

// Colleagues returns those who are at work in a unit, by name: their ids and names alone.
func Colleagues(ctx context.Context, db *gorm.DB, jurisdiction int32, unit string) ([]Staff, error) {
	var people []Staff
	err := db.WithContext(ctx).Select("jurisdiction_id", "id", "name", "roles", "unit", "active").
		Where("jurisdiction_id = ? AND unit = ? AND active", jurisdiction, unit).
		Where("jsonb_exists_any(roles, array['unit_coordinator', 'handler', 'unit_head'])").Order("name, id").Find(&people).Error
	return people, FromDatabase(err)
}
