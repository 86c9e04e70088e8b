// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Device is a phone or browser. It made its id and secret itself and keeps them.
type Device struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	SecretHash     []byte    // SHA-256: the secret has 128 bits or more, so a slow hash adds nothing
	CitizenID      *uuid.UUID
	Platform       string // android, ios or web
	AppVersion     string
	Language       Language
	FCMToken       *string `gorm:"column:fcm_token"`
	Demo           bool
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
}

// TableName is the table's name.
func (Device) TableName() string { return "devices" }
