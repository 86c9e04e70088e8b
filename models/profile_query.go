// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// SetLanguage keeps the language in which a citizen and the phone in use are spoken to.
// Staff have none of their own: CodeForbidden.
func SetLanguage(ctx context.Context, db *gorm.DB, a Actor, l Language, at time.Time) error {
	if a.Kind != ActorCitizen && a.Kind != ActorDevice {
		return E(CodeForbidden)
	}
	return FromDatabase(db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if a.Kind == ActorCitizen {
			err := tx.Model(&Citizen{}).Where("jurisdiction_id = ? AND id = ?", a.Jurisdiction, a.ID).Update("language", l).Error
			if err != nil {
				return err
			}
		}
		if a.DeviceID == uuid.Nil {
			return nil
		}
		return deviceRow(ctx, tx, a.Jurisdiction, a.DeviceID).Updates(map[string]any{"language": l, "updated_at": at}).Error
	}))
}
