// SPDX-License-Identifier: Apache-2.0

package models

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/google/uuid"
)

// TextKind is what a text is.
type TextKind string

// The kinds of texts.
const (
	TextDescription TextKind = "description" // as it was sent in; the operations centre's
	TextShared      TextKind = "shared"      // what units and public read of it
	TextAddress     TextKind = "address"
	TextAnswer      TextKind = "answer"
	TextReason      TextKind = "reason"    // why it was rejected, returned, hidden
	TextQuestion    TextKind = "question"  // asked of the citizen
	TextReply       TextKind = "reply"     // the citizen's
	TextNote        TextKind = "note"      // between staff
	TextComment     TextKind = "comment"   // with a rating
	TextDocument    TextKind = "document"  // the number of one that proves an answer, or orders something
	TextMessage     TextKind = "message"   // of the thread between the reporter and the operations centre
	TextDirective   TextKind = "directive" // a leader's
	TextResult      TextKind = "result"    // what a supporting unit did
	TextConsent     TextKind = "consent"   // how somebody agreed that an agent files for them
)

// Text is one version of something somebody wrote. The log holds its digest only, so
// that Body can be erased and the log still proves what was there.
type Text struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	ReportID       uuid.UUID
	TaskID         *uuid.UUID // of the task that it is about, nil for the report
	Replaces       *uuid.UUID // the version before it
	Kind           TextKind
	Language       Language
	Body           *string   // nil once erased
	Salt           []byte    // 16 bytes
	Digest         []byte    // SHA-256 of salt and body
	Author         string    // an Actor's String
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	ErasedAt       *time.Time
}

// TableName is the table's name.
func (Text) TableName() string { return "texts" }

// Draft is a text that somebody has written but nobody has decided on. ID and Salt are
// drawn before the decision, so that deciding stays pure.
type Draft struct {
	ID   uuid.UUID
	Salt [16]byte
	Body string
}

// Text makes the row of a draft.
func (d Draft) Text(report *Report, kind TextKind, lang Language, author string, at time.Time) Text {
	sum := sha256.Sum256(append(d.Salt[:], d.Body...))
	body := d.Body
	return Text{
		JurisdictionID: report.JurisdictionID, ID: d.ID, ReportID: report.ID, Kind: kind, Language: lang,
		Body: &body, Salt: d.Salt[:], Digest: sum[:], Author: author, CreatedAt: at,
	}
}

// Mark returns what an event says of the text.
func (t Text) Mark() TextMark { return TextMark{ID: t.ID, Digest: hex.EncodeToString(t.Digest)} }
