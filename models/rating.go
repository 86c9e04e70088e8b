// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Rating is what the reporter thought of an answer: once for each round, and a reopened
// report begins a new one.
type Rating struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ReportID       uuid.UUID `gorm:"primaryKey"`
	Round          int16     `gorm:"primaryKey"`
	Level          Level
	CommentID      *uuid.UUID
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
}

// TableName is the table's name.
func (Rating) TableName() string { return "ratings" }
