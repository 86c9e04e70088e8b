// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// FindKeptKey returns an idempotency key that was used before, with the fingerprint of
// what it was used for and what came of it; CodeNotFound for a new one.
func FindKeptKey(ctx context.Context, db *gorm.DB, jurisdiction int32, installation, key uuid.UUID) (KeptKey, error) {
	var k KeptKey
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND installation = ? AND key = ?", jurisdiction, installation, key).Take(&k).Error
	return k, FromDatabase(err)
}
