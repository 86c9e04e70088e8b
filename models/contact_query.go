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

// SealingKeys returns the ids of the keys that sealed the oldest and the newest citizen
// and contact of a jurisdiction: a look at both ends, which costs nothing at a start.
func SealingKeys(ctx context.Context, db *gorm.DB, jurisdiction int32) ([]string, error) {
	var ids []string
	err := db.WithContext(ctx).Raw(`(SELECT key_id FROM citizens WHERE jurisdiction_id = @j ORDER BY id LIMIT 1)
UNION (SELECT key_id FROM citizens WHERE jurisdiction_id = @j ORDER BY id DESC LIMIT 1)
UNION (SELECT key_id FROM contacts WHERE jurisdiction_id = @j ORDER BY report_id LIMIT 1)
UNION (SELECT key_id FROM contacts WHERE jurisdiction_id = @j ORDER BY report_id DESC LIMIT 1)`, map[string]any{"j": jurisdiction}).Scan(&ids).Error
	return ids, FromDatabase(err)
}
