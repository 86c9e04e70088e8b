// SPDX-License-Identifier: Apache-2.0

// Package simulate lives recorded reports through a candidate pack. Each is decided anew,
// step by step at the times at which people took them, by the very intents that decide in
// earnest, on facts that are kept in memory: nothing is read, and nothing is written.
package simulate

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// Report is one report as it was recorded.
type Report struct {
	ID       uuid.UUID
	At       time.Time     // when it was sent in
	Form     workflow.Form // as it was sent in
	Reporter models.Actor
	Steps    []Step         // what people did to it, oldest first; clocks and routes are the pack's own
	Photos   []models.Photo // ID, Kind, Status and CreatedAt
	Lead     string         // the unit that it was given to first, "" for none
	Settled  string         // the unit that had it in the end, "" for none
	Was      Lateness       // of its recorded clocks
	// Brief is a report of which no step is known. It is taken on and routed at once, and
	// answered at Answered, by the shortest way that the pack has; zero where it was not.
	Brief    bool
	Answered time.Time
}

// Step is what somebody did to a report.
type Step struct {
	Kind       models.EventKind // EventReportClaimed, EventReportReleased, or any other for a Transition
	Transition string
	At         time.Time
	Actor      models.Actor
	Led        bool   // the actor's unit was the report's lead
	Support    string // the supporting unit whose task was moved, "" for the report
	Erased     bool   // texts that came with it are no longer there: they were what was demanded
	Action     workflow.Action
}
