// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// LoosePhotos returns photos older than a time that no report has named, oldest first.
func LoosePhotos(ctx context.Context, db *gorm.DB, before time.Time, limit int) ([]Photo, error) {
	var found []Photo
	err := db.WithContext(ctx).
		Where("report_id IS NULL AND status <> ? AND created_at < ?", PhotoRefused, before).
		Order("created_at").Limit(limit).Find(&found).Error
	return found, FromDatabase(err)
}

// PhotoWaits says whether a photo with the id is still to be rendered.
func PhotoWaits(ctx context.Context, db *gorm.DB, id uuid.UUID) (bool, error) {
	var n int64
	err := db.WithContext(ctx).Model(&Photo{}).Where("id = ? AND status = ?", id, PhotoPending).Count(&n).Error
	return n > 0, FromDatabase(err)
}
