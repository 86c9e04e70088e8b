// SPDX-License-Identifier: Apache-2.0

package models

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// DecisionKind is what a decision does to deadlines.
type DecisionKind string

// The kinds of decisions.
const (
	DecisionSuspend DecisionKind = "suspend" // time within the interval is not counted
	DecisionExtend  DecisionKind = "extend"  // a clock that runs within the interval gets Days more, once
)

// Decision is an authority's order about deadlines, such as during a flood. Areas are codes
// of areas and Categories codes of categories; an empty list means all.
type Decision struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	Document       string    // its number
	Kind           DecisionKind
	Areas          []string `gorm:"serializer:json"`
	Categories     []string `gorm:"serializer:json"`
	StartsAt       time.Time
	EndsAt         time.Time
	Days           int16 // of an extension, days as the deadline counts them
	MadeBy         string
	MadeAt         time.Time
	RevokedAt      *time.Time
}

// TableName is the table's name.
func (Decision) TableName() string { return "decisions" }

// Covers says whether the decision, in force, is about a report of an area's code and a
// category.
func (d Decision) Covers(area, category string) bool {
	return d.RevokedAt == nil && (len(d.Areas) == 0 || slices.Contains(d.Areas, area)) &&
		(len(d.Categories) == 0 || slices.Contains(d.Categories, category))
}
