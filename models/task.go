// SPDX-License-Identifier: Apache-2.0

package models

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Task is a unit's part in a report: one lead (chủ trì), any number of support (phối hợp).
// Route is the trace of the routing that made it, nil where a person chose.
type Task struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	ReportID       uuid.UUID
	Unit           string
	Lead           bool
	State          TaskState
	HandlerID      *uuid.UUID
	Version        int64
	Route          json.RawMessage
	ResultID       *uuid.UUID // the text of what a supporting unit did
	DoneAt         *time.Time
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
}

// TableName is the table's name.
func (Task) TableName() string { return "tasks" }

// Active says whether the unit still has the report.
func (t Task) Active() bool {
	return t.State == TaskOpen || t.State == TaskWorking || t.State == TaskDone
}

// Lead returns the active lead task, or nil.
func (f *ReportFacts) Lead() *Task {
	for i := range f.Tasks {
		if f.Tasks[i].Lead && f.Tasks[i].Active() {
			return &f.Tasks[i]
		}
	}
	return nil
}
