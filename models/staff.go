// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Staff is a person who works for the jurisdiction.
type Staff struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	Login          string    // lower case
	Name           string
	PasswordHash   string // argon2id
	Roles          []Role `gorm:"serializer:json"`
	Unit           *string
	Active         bool
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
}

// TableName is the table's name.
func (Staff) TableName() string { return "staff" }

// Actor returns the staff member as who acts.
func (s Staff) Actor() Actor {
	a := Actor{Kind: ActorStaff, ID: s.ID, Jurisdiction: s.JurisdictionID, Roles: s.Roles, Language: Vietnamese}
	if s.Unit != nil {
		a.Unit = *s.Unit
	}
	return a
}
