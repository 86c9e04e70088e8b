// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Contact is who reported, sealed. No handling unit reads it by any path; the operations
// centre does with a reason, and each reading is an event.
type Contact struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ReportID       uuid.UUID `gorm:"primaryKey"`
	KeyID          string
	NameSealed     []byte
	PhoneSealed    []byte
	PhoneIndex     []byte // HMAC of the number, to look it up by
	PhoneLast4     []byte // HMAC of the report's id and the last four digits, for tracking
	EmailSealed    []byte
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	ErasedAt       *time.Time
}

// TableName is the table's name.
func (Contact) TableName() string { return "contacts" }
