// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// ContactOf returns who reported a report, sealed, or CodeNotFound where nobody said
// or it was erased. To open it is for package identity alone.
func ContactOf(ctx context.Context, db *gorm.DB, jurisdiction int32, report uuid.UUID) (Contact, error) {
	var c Contact
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND report_id = ? AND erased_at IS NULL", jurisdiction, report).Take(&c).Error
	return c, FromDatabase(err)
}
