// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// PackVersion is one applied version of a jurisdiction's pack. Files is a zip of them.
type PackVersion struct {
	JurisdictionID int32 `gorm:"primaryKey"`
	Number         int32 `gorm:"primaryKey"`
	ID             uuid.UUID
	Digest         []byte
	Files          []byte
	Document       string // the legal document's number, "" without one
	EffectiveAt    time.Time
	AppliedAt      time.Time
	AppliedBy      string
}

// TableName is the table's name.
func (PackVersion) TableName() string { return "pack_versions" }

// PackVersions returns every version of every jurisdiction, oldest first.
func PackVersions(ctx context.Context, db *gorm.DB) ([]PackVersion, error) {
	var all []PackVersion
	err := db.WithContext(ctx).Order("jurisdiction_id, number").Find(&all).Error
	return all, FromDatabase(err)
}

// ListPackVersions returns the versions of the actor's jurisdiction without their files,
// the newest first. Errors: those of OpPacksRead.
func ListPackVersions(ctx context.Context, db *gorm.DB, a Actor) ([]PackVersion, error) {
	if err := a.Require(OpPacksRead); err != nil {
		return nil, err
	}
	var all []PackVersion
	err := db.WithContext(ctx).Omit("files").Where("jurisdiction_id = ?", a.Jurisdiction).Order("number DESC").Find(&all).Error
	return all, FromDatabase(err)
}

// PackVersionsOf returns a jurisdiction's versions without their files, oldest first.
func PackVersionsOf(ctx context.Context, db *gorm.DB, jurisdiction int32) ([]PackVersion, error) {
	var all []PackVersion
	err := db.WithContext(ctx).Omit("files").Where("jurisdiction_id = ?", jurisdiction).Order("number").Find(&all).Error
	return all, FromDatabase(err)
}
