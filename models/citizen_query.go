// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// EnsureCitizen returns the citizen with c's phone index, kept as c if there is none.
func EnsureCitizen(ctx context.Context, db *gorm.DB, c Citizen) (Citizen, error) {
	phone := []clause.Column{{Name: "jurisdiction_id"}, {Name: "phone_index"}}
	if err := db.WithContext(ctx).Clauses(clause.OnConflict{Columns: phone, DoNothing: true}).Create(&c).Error; err != nil {
		return Citizen{}, FromDatabase(err)
	}
	var kept Citizen
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND phone_index = ?", c.JurisdictionID, c.PhoneIndex).Take(&kept).Error
	return kept, FromDatabase(err)
}

// CitizenByID returns a citizen, or CodeNotFound.
func CitizenByID(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID) (Citizen, error) {
	var c Citizen
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", jurisdiction, id).Take(&c).Error
	return c, FromDatabase(err)
}
