// SPDX-License-Identifier: Apache-2.0

package models

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// FindKeptKey returns an idempotency key that was used before, with the fingerprint of
// what it was used for and what came of it; CodeNotFound for a new one.
func FindKeptKey(ctx context.Context, db *gorm.DB, jurisdiction int32, installation, key uuid.UUID) (KeptKey, error) {
	var k KeptKey
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND installation = ? AND key = ?", jurisdiction, installation, key).Take(&k).Error
	return k, FromDatabase(err)
}

// FindRepeated returns what an earlier request with the key has left, for one that repeats
// it. Errors: CodeNotFound for a new key, CodeIdempotencyConflict where it was used for
// another request.
func FindRepeated(ctx context.Context, db *gorm.DB, jurisdiction int32, key IdempotencyKey) (KeptKey, error) {
	kept, err := FindKeptKey(ctx, db, jurisdiction, key.Installation, key.Key)
	if err == nil && !bytes.Equal(kept.Fingerprint, key.Fingerprint[:]) {
		return KeptKey{}, E(CodeIdempotencyConflict)
	}
	return kept, err
}

// Once does what the ledger has no part in once for an idempotency key, in the transaction
// that keeps the key, and says whether an earlier request had done it. Of two at once one
// waits for the other. What do returns is returned, and then nothing was done or kept; else
// CodeIdempotencyConflict where the key was used for another request. Kept is the key as
// it was kept by whoever did it, with their subject and time.
func Once(
	ctx context.Context, db *gorm.DB, jurisdiction int32, key IdempotencyKey, subject uuid.UUID, at time.Time, do func(tx *gorm.DB) error,
) (kept KeptKey, replayed bool, err error) {
	err = db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		kept = KeptKey{
			JurisdictionID: jurisdiction, Installation: key.Installation, Key: key.Key,
			Fingerprint: key.Fingerprint[:], SubjectID: subject, CreatedAt: at,
		}
		made := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&kept)
		switch {
		case made.Error != nil:
			return made.Error
		case made.RowsAffected == 1:
			return do(tx)
		}
		replayed = true
		kept, err = FindRepeated(ctx, tx, jurisdiction, key)
		return err
	})
	if err != nil {
		return KeptKey{}, false, FromDatabase(err)
	}
	return kept, replayed, nil
}
