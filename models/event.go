// SPDX-License-Identifier: Apache-2.0

package models

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// SubjectKind is what an event is about.
type SubjectKind string

// What events can be about.
const (
	SubjectReport   SubjectKind = "report"
	SubjectPhoto    SubjectKind = "photo"
	SubjectPack     SubjectKind = "pack"
	SubjectSession  SubjectKind = "session"
	SubjectStaff    SubjectKind = "staff"
	SubjectDecision SubjectKind = "decision"
)

// EventKind is what happened.
type EventKind string

// The kinds of events.
const (
	EventReportSubmitted   EventKind = "report.submitted"
	EventReportMoved       EventKind = "report.moved"    // a step of the workflow; body: transition
	EventReportRouted      EventKind = "report.routed"   // lead and supporting units were set
	EventReportClaimed     EventKind = "report.claimed"  // an operator took it into hand
	EventReportReleased    EventKind = "report.released" // and put it back
	EventReportRated       EventKind = "report.rated"
	EventReportShared      EventKind = "report.shared" // the text that units and public read was set
	EventReportHidden      EventKind = "report.visibility"
	EventReportPhotos      EventKind = "report.photos"   // photos were added
	EventContactRead       EventKind = "contact.read"    // somebody read who reported; body: reason
	EventReportSplit       EventKind = "report.split"    // a part became a report of its own; body: ref
	EventReportMerged      EventKind = "report.merged"   // another report was merged into it; body: ref, photos, how it stands as before and after
	EventReportUrged       EventKind = "report.urged"    // đôn đốc: somebody asked for haste
	EventReportDirected    EventKind = "report.directed" // a leader's directive
	EventReportMessage     EventKind = "report.message"  // in the thread between reporter and operations centre
	EventReportNoted       EventKind = "report.noted"    // an internal note
	EventReportFollowed    EventKind = "report.followed"
	EventReportUnfollowed  EventKind = "report.unfollowed"
	EventReportRepacked    EventKind = "report.repacked" // moved to another version of the pack; body: pack
	EventTaskMoved         EventKind = "task.moved"      // a supporting unit's part; body: task, transition
	EventTaskHanded        EventKind = "task.handed"     // to a handler, or to the unit that took over; body: task, unit, from
	EventTextErased        EventKind = "text.erased"     // body: ref
	EventDeadlineMissed    EventKind = "deadline.missed"
	EventDeadlineReminded  EventKind = "deadline.reminded"  // body: rule, level in percent
	EventDeadlineEscalated EventKind = "deadline.escalated" // body: rule, level from 1, unit
	EventDeadlineExtended  EventKind = "deadline.extended"  // by a person; body: rule, until, reason
	EventDeadlineRetimed   EventKind = "deadline.retimed"   // counted anew; body: rule, until, ref of the decision or number of the pack
	EventDecisionMade      EventKind = "decision.made"
	EventDecisionRevoked   EventKind = "decision.revoked"
	EventPhotoStaged       EventKind = "photo.staged"
	EventPhotoReady        EventKind = "photo.ready"
	EventPhotoRefused      EventKind = "photo.refused"
	EventPackApplied       EventKind = "pack.applied"
	EventSessionRevoked    EventKind = "session.revoked"
	EventStaffCreated      EventKind = "staff.created"
	EventStaffChanged      EventKind = "staff.changed"
)

// Event is one thing that happened, as the log keeps it. Body is canonical JSON of
// ids, codes, filter keys and digests: neither personal data nor free text. Pos and
// Hash are the ledger's to set.
type Event struct {
	JurisdictionID int32
	Pos            int64
	SubjectKind    SubjectKind
	SubjectID      uuid.UUID
	SubjectSeq     int64
	Kind           EventKind
	Origin         Origin
	Actor          string
	At             time.Time
	Body           string
	Hash           []byte
}

// TableName is the table's name.
func (Event) TableName() string { return "events" }

// Keys are what streams and maps filter by; an event carries them as they were before
// and are after. Tile16 is the tile at zoom 16: the exact one can be somebody's home.
type Keys struct {
	State      State      `json:"state"`
	Phase      Phase      `json:"phase"`
	Category   string     `json:"category"`
	Area       string     `json:"area,omitempty"`
	Unit       string     `json:"unit,omitempty"`
	Urgency    Urgency    `json:"urgency"`
	Visibility Visibility `json:"visibility"`
	Shown      Shown      `json:"shown"`
	Tile16     int64      `json:"tile16,omitempty"`
	Mapped     bool       `json:"mapped,omitempty"` // the public's map has it, in the same tile at zoom 16
}

// Body is what the body of a report's event can hold. Texts maps a text's kind to its
// id and hex digest.
type Body struct {
	Version    int64               `json:"version,omitempty"`
	Before     *Keys               `json:"before,omitempty"`
	After      *Keys               `json:"after,omitempty"`
	Transition string              `json:"transition,omitempty"`
	Reason     string              `json:"reason,omitempty"`
	Outcome    Outcome             `json:"outcome,omitempty"`
	Level      Level               `json:"level,omitempty"`
	Unit       string              `json:"unit,omitempty"`
	Support    []string            `json:"support,omitempty"`
	Rule       string              `json:"rule,omitempty"`
	Until      *time.Time          `json:"until,omitempty"`
	Ref        *uuid.UUID          `json:"ref,omitempty"`
	Photos     []uuid.UUID         `json:"photos,omitempty"`
	Texts      map[string]TextMark `json:"texts,omitempty"`
	Number     int32               `json:"number,omitempty"`
	Digest     string              `json:"digest,omitempty"`
	Document   string              `json:"document,omitempty"` // a legal document's number, of a pack
	Channel    Channel             `json:"channel,omitempty"`
	Pack       int32               `json:"pack,omitempty"`
	Task       *uuid.UUID          `json:"task,omitempty"`
	From       string              `json:"from,omitempty"`   // the unit, or the category, that it was before
	Degree     int16               `json:"degree,omitempty"` // percent of a reminder, step of an escalation
	Follower   string              `json:"follower,omitempty"`
	MeToo      bool                `json:"me_too,omitempty"`
	Category   string              `json:"category,omitempty"` // as it was first chosen, where it was corrected
	Visibility Visibility          `json:"visibility,omitempty"`
	WallS      *int64              `json:"wall_s,omitempty"`    // seconds in the state that was left, by the wall
	WorkingS   *int64              `json:"working_s,omitempty"` // and in the pack's working time
}

// TextMark points from an event to a text without saying what it says.
type TextMark struct {
	ID     uuid.UUID `json:"id"`
	Digest string    `json:"digest"`
}

// Canonical returns the body as the log keeps it: fixed order of fields, no HTML
// escapes, no white space.
func (b Body) Canonical() string {
	var w bytes.Buffer
	enc := json.NewEncoder(&w)
	enc.SetEscapeHTML(false)
	// A Body holds only types that marshal; an error here is a programmer's.
	if err := enc.Encode(b); err != nil {
		panic("models: event body does not marshal: " + err.Error())
	}
	return string(bytes.TrimRight(w.Bytes(), "\n"))
}

// ParseBody reads what Canonical wrote.
func (e Event) ParseBody() (Body, error) {
	var b Body
	if err := json.Unmarshal([]byte(e.Body), &b); err != nil {
		return Body{}, Wrap(CodeInternal, err)
	}
	return b, nil
}
