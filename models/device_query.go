// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// RegisterDevice keeps a device that calls for the first time and returns it; one that
// is known is returned as it is kept, for the caller to compare the secret with.
func RegisterDevice(ctx context.Context, db *gorm.DB, d Device) (Device, error) {
	if err := db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&d).Error; err != nil {
		return Device{}, FromDatabase(err)
	}
	return DeviceByID(ctx, db, d.JurisdictionID, d.ID)
}

// DeviceByID returns a device, or CodeNotFound.
func DeviceByID(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID) (Device, error) {
	var d Device
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", jurisdiction, id).Take(&d).Error
	return d, FromDatabase(err)
}

// DeviceSeen keeps what a device says of itself at a sign-in: its platform, version of
// the app and language.
func DeviceSeen(ctx context.Context, db *gorm.DB, d Device) error {
	return FromDatabase(deviceRow(ctx, db, d.JurisdictionID, d.ID).Updates(map[string]any{
		"platform": d.Platform, "app_version": d.AppVersion, "language": d.Language, "updated_at": d.UpdatedAt,
	}).Error)
}

// LinkDevice says whose phone a device is; nil makes it nobody's.
func LinkDevice(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID, citizen *uuid.UUID, at time.Time) error {
	return FromDatabase(deviceRow(ctx, db, jurisdiction, id).Updates(map[string]any{"citizen_id": citizen, "updated_at": at}).Error)
}

// DevicesOf returns the ids of a citizen's devices.
func DevicesOf(ctx context.Context, db *gorm.DB, jurisdiction int32, citizen uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := db.WithContext(ctx).Model(&Device{}).Where("jurisdiction_id = ? AND citizen_id = ?", jurisdiction, citizen).
		Order("id").Pluck("id", &ids).Error
	return ids, FromDatabase(err)
}

// SetPushToken keeps the address at which a device gets pushes; nil takes it away. A
// phone whose app was installed anew comes with its old address under a new id: the
// address then moves, so that nothing is pushed twice.
func SetPushToken(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID, token *string, at time.Time) error {
	return FromDatabase(db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if token != nil {
			err := tx.Model(&Device{}).Where("jurisdiction_id = ? AND md5(fcm_token) = md5(?) AND id <> ?", jurisdiction, *token, id).
				Updates(map[string]any{"fcm_token": nil, "updated_at": at}).Error
			if err != nil {
				return err
			}
		}
		done := deviceRow(ctx, tx, jurisdiction, id).Updates(map[string]any{"fcm_token": token, "updated_at": at})
		if done.Error == nil && done.RowsAffected == 0 {
			return E(CodeNotFound)
		}
		return done.Error
	}))
}

func deviceRow(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID) *gorm.DB {
	return db.WithContext(ctx).Model(&Device{}).Where("jurisdiction_id = ? AND id = ?", jurisdiction, id)
}
