// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Citizen is a person who proved a phone number. What is personal is sealed.
type Citizen struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	PhoneIndex     []byte
	KeyID          string
	PhoneSealed    []byte
	NameSealed     []byte
	Language       Language
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
}

// TableName is the table's name.
func (Citizen) TableName() string { return "citizens" }
