// SPDX-License-Identifier: Apache-2.0

package models

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Deadline is a clock that runs on a report. It runs while StoppedAt and PausedAt are
// nil; RemainingS, in seconds of what it counts, is kept while it stands.
type Deadline struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	ReportID       uuid.UUID
	TaskID         *uuid.UUID // of the supporting task that it is for, nil for the report
	Kind           string     // the pack's clock
	Unit           *string
	Counts         Counts
	Rule           string // what set it, for people
	StartedAt      time.Time
	DueAt          time.Time
	PausedAt       *time.Time
	RemainingS     *int64
	StoppedAt      *time.Time
	OverdueAt      *time.Time // when it was found to have run out
	TotalS         *int64     // the whole allowance, in seconds of what it counts
	CountedFrom    *time.Time // when it last began to count
	LeftS          *int64     // what was left then, in seconds of what it counts
	Reminded       int16      // the highest reminder that was given, in percent of the time
	Level          int16      // how far it was escalated
	NextAt         *time.Time // when it next asks for something: a reminder, its end, an escalation
	ExtendedAt     *time.Time
	ExtendedBy     *string         // an Actor's String
	Document       *string         // the number of the decision that extended it
	Adjusted       json.RawMessage // the ids of the decisions that have extended it, an array, or nil
}

// TableName is the table's name.
func (Deadline) TableName() string { return "deadlines" }

// Running says whether the clock is counting.
func (d Deadline) Running() bool { return d.StoppedAt == nil && d.PausedAt == nil }
