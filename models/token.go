// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// TokenKind is what a token is good for.
type TokenKind string

// The kinds of tokens.
const (
	TokenAccess  TokenKind = "access"
	TokenRefresh TokenKind = "refresh"
	TokenTicket  TokenKind = "ticket" // opens one stream, once
)

// Token is an opaque token by its hash; the token itself is kept nowhere.
type Token struct {
	Hash           []byte `gorm:"primaryKey"`
	JurisdictionID int32
	SessionID      uuid.UUID
	Kind           TokenKind
	ActorKind      ActorKind
	ActorID        uuid.UUID
	IssuedAt       time.Time
	ExpiresAt      time.Time
	RevokedAt      *time.Time
}

// TableName is the table's name.
func (Token) TableName() string { return "tokens" }

// OTP is a code sent to a phone. One is valid at a time.
type OTP struct {
	JurisdictionID int32  `gorm:"primaryKey"`
	PhoneIndex     []byte `gorm:"primaryKey"`
	CodeHash       []byte
	Tries          int16
	SentAt         time.Time
	ExpiresAt      time.Time
}

// TableName is the table's name.
func (OTP) TableName() string { return "otps" }
