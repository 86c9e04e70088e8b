// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Deadline is a clock that runs on a report. It runs while StoppedAt and PausedAt are
// nil; RemainingS, in seconds of what it counts, is kept while it stands.
type Deadline struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	ReportID       uuid.UUID
	Kind           string // the pack's clock
	Unit           *string
	Counts         Counts
	Rule           string // what set it, for people
	StartedAt      time.Time
	DueAt          time.Time
	PausedAt       *time.Time
	RemainingS     *int64
	StoppedAt      *time.Time
	OverdueAt      *time.Time // when it was found to have run out
}

// TableName is the table's name.
func (Deadline) TableName() string { return "deadlines" }

// Running says whether the clock is counting.
func (d Deadline) Running() bool { return d.StoppedAt == nil && d.PausedAt == nil }
