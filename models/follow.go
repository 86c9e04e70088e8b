// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Follow is somebody who wants to hear what becomes of a report that is not theirs, and
// with MeToo, who is affected by it as well. One that has ended is kept, so that a merge
// can be told from a wish.
type Follow struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ReportID       uuid.UUID `gorm:"primaryKey"`
	Follower       string    `gorm:"primaryKey"` // an Actor's String
	MeToo          bool
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	EndedAt        *time.Time
}

// TableName is the table's name.
func (Follow) TableName() string { return "follows" }

// Active says whether the follower still wants to hear.
func (f Follow) Active() bool { return f.EndedAt == nil }
