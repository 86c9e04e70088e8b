// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Jurisdiction is a tenant: a province or city with a log of its own.
type Jurisdiction struct {
	ID        int32 `gorm:"primaryKey;autoIncrement:false"`
	Code      string
	Host      *string // the Host header by which it is meant, nil for any
	CreatedAt time.Time
}

// TableName is the table's name.
func (Jurisdiction) TableName() string { return "jurisdictions" }

// Jurisdictions returns all of them, by id.
func Jurisdictions(ctx context.Context, db *gorm.DB) ([]Jurisdiction, error) {
	var all []Jurisdiction
	err := db.WithContext(ctx).Order("id").Find(&all).Error
	return all, FromDatabase(err)
}

// EnsureJurisdiction returns the jurisdiction with the code, made if there is none.
func EnsureJurisdiction(ctx context.Context, db *gorm.DB, code string) (Jurisdiction, error) {
	var j Jurisdiction
	err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("SELECT pg_advisory_xact_lock(hashtext('jurisdictions'))").Error; err != nil {
			return err
		}
		if err := tx.Where("code = ?", code).Limit(1).Find(&j).Error; err != nil || j.ID != 0 {
			return err
		}
		var last int32
		if err := tx.Model(&Jurisdiction{}).Select("coalesce(max(id), 0)").Scan(&last).Error; err != nil {
			return err
		}
		j = Jurisdiction{ID: last + 1, Code: code}
		return tx.Clauses(clause.Returning{}).Create(&j).Error
	})
	return j, FromDatabase(err)
}
