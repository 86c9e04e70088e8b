// SPDX-License-Identifier: Apache-2.0

package models

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Report is what somebody reported, and where it stands. Only the ledger writes it.
// Lat and Lon are the exact place in degrees, for staff; PublicTile is the place the
// public may know, nil where it may know none.
type Report struct {
	JurisdictionID    int32     `gorm:"primaryKey"`
	ID                uuid.UUID `gorm:"primaryKey"`
	Code              string
	PackVersion       int32
	Workflow          string
	State             State
	Phase             Phase
	PreviousState     *State
	Visibility        Visibility
	HiddenReason      *string
	Shown             Shown
	Category          string
	FirstCategory     string  // what the reporter chose
	Area              *string // a pack's area id: code@valid_from
	LeadUnit          *string
	Urgency           Urgency
	Channel           Channel
	Language          Language
	Origin            Origin
	Lat               *float64
	Lon               *float64
	Tile              *int64
	PublicTile        *int64
	AccuracyM         *float64
	LocationSource    Source
	LocationPrecision Precision
	Attributes        json.RawMessage // a flat object of strings
	SOS               json.RawMessage `gorm:"column:sos"` // nil, or an SOS
	Words             json.RawMessage // the pack's lists of words that the description hit: an array of their names, or nil
	ObservedAt        *time.Time
	DescriptionID     uuid.UUID  // the text as it was sent in
	SharedTextID      *uuid.UUID // the text that units and public read; nil until accepted
	AnswerID          *uuid.UUID
	Outcome           *Outcome
	Rating            *Level
	DuplicateOf       *uuid.UUID
	SplitFrom         *uuid.UUID // the report that this was a part of
	TransferredTo     *string
	ScheduledFor      *time.Time
	CitizenID         *uuid.UUID
	DeviceID          *uuid.UUID
	AgentID           *uuid.UUID
	HasContact        bool
	HideName          bool
	ExternalRef       *string
	ClaimedBy         *uuid.UUID
	ClaimedUntil      *time.Time
	Escalated         int16 // how often a clock that ran out was taken up the tree
	Urged             int16 // how often somebody asked for haste
	Followers         int32
	MeToo             int32
	RejectedFor       *string // the reason it was not taken on
	Reopens           int16
	Appeals           int16
	Version           int64     // moves with state, lead, category and place
	EventSeq          int64     // of the report's newest event
	CreatedAt         time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt         time.Time `gorm:"autoUpdateTime:false"`
	StateAt           time.Time // since when it is in its state
	AcceptedAt        *time.Time
	ResolvedAt        *time.Time
	ApprovedAt        *time.Time // by the unit's head, since it was resolved
	PublishedAt       *time.Time
	EndedAt           *time.Time
}

// TableName is the table's name.
func (Report) TableName() string { return "reports" }

// SOS is what a call for rescue says of itself. Battery is in percent. Callback is no
// part of it: a phone number is a contact.
type SOS struct {
	People     int    `json:"people"`
	WaterLevel string `json:"water_level,omitempty"`
	Battery    *int   `json:"battery,omitempty"`
}

// Keys returns what streams filter by.
func (r *Report) Keys() *Keys {
	k := &Keys{State: r.State, Phase: r.Phase, Category: r.Category, Urgency: r.Urgency, Visibility: r.Visibility, Shown: r.Shown}
	if r.Area != nil {
		k.Area = *r.Area
	}
	if r.LeadUnit != nil {
		k.Unit = *r.LeadUnit
	}
	if r.Tile != nil {
		k.Tile16 = *r.Tile >> 20 // zoom 26 to 16: two bits a zoom
		k.Mapped = r.PublicTile != nil
	}
	return k
}

// ClaimedByOther says whether somebody else than the actor has the report in hand.
func (r *Report) ClaimedByOther(a Actor, now time.Time) bool {
	return r.ClaimedBy != nil && *r.ClaimedBy != a.ID && r.ClaimedUntil.After(now)
}
