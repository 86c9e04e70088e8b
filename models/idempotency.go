// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// KeptKey is an idempotency key that was used, kept as long as what came of it.
type KeptKey struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	Installation   uuid.UUID `gorm:"primaryKey"`
	Key            uuid.UUID `gorm:"primaryKey"`
	Fingerprint    []byte
	SubjectID      uuid.UUID
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
}

// TableName is the table's name.
func (KeptKey) TableName() string { return "idempotency_keys" }
