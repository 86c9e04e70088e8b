// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// ContactOf returns who reported a report, sealed, or CodeNotFound where nobody said
// or it was erased. That of a part is the whole's: it is sealed to it. To open it is for
// package identity alone.
func ContactOf(ctx context.Context, db *gorm.DB, jurisdiction int32, report uuid.UUID) (Contact, error) {
	whole, err := wholeOf(ctx, db, jurisdiction, report)
	if err != nil {
		return Contact{}, err
	}
	var c Contact
	err = db.WithContext(ctx).Where("jurisdiction_id = ? AND report_id = ? AND erased_at IS NULL", jurisdiction, whole).Take(&c).Error
	return c, FromDatabase(err)
}

// maxSplits is how often a part can be a part of a part.
const maxSplits = 100

// wholeOf is the report that a report was split off from in the end, itself where it was
// not; zero where there is no such report.
func wholeOf(ctx context.Context, db *gorm.DB, jurisdiction int32, report uuid.UUID) (uuid.UUID, error) {
	var whole []uuid.UUID
	err := db.WithContext(ctx).Raw(`WITH RECURSIVE up AS (
	SELECT id, split_from, 0 AS n FROM reports WHERE jurisdiction_id = @j AND id = @id
	UNION ALL SELECT r.id, r.split_from, n + 1 FROM up JOIN reports r ON r.jurisdiction_id = @j AND r.id = up.split_from WHERE n < @most
) SELECT id FROM up WHERE split_from IS NULL`, map[string]any{"j": jurisdiction, "id": report, "most": maxSplits}).Scan(&whole).Error
	if err != nil || len(whole) == 0 {
		return uuid.Nil, FromDatabase(err)
	}
	return whole[0], nil
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
