// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Intent is what somebody wants to happen. The ledger loads and locks what it needs,
// asks it to decide, and writes the Change. Decide is pure: the same facts and time
// give the same change, and it may run more than once, for a batch that failed is run
// again.
type Intent interface {
	Needs() Needs
	Decide(Facts, time.Time) (Change, error)
}

// Needs names what an intent must see before it can decide. Reports and photos are
// locked, in the order of their ids, with all that hangs on them.
type Needs struct {
	Jurisdiction int32
	Reports      []uuid.UUID
	Photos       []uuid.UUID
	Texts        []uuid.UUID // locked after reports and photos
	Staff        []uuid.UUID // locked after texts
	Decisions    []uuid.UUID // about deadlines, locked last
	Pack         bool        // the newest version of the pack that is applied
	Idempotency  *IdempotencyKey
	SOS          bool // goes into the lane of its own
}

// IdempotencyKey makes a second try of the same request do nothing.
type IdempotencyKey struct {
	Installation uuid.UUID // zero where the client sent none
	Key          uuid.UUID
	Fingerprint  [32]byte // of the canonical request
}

// Facts are what an intent needed, as it stands, locked. Whoever decides on them must
// not change them: other intents of the same batch see them too.
type Facts struct {
	Reports   map[uuid.UUID]*ReportFacts // absent: there is no such report
	Photos    map[uuid.UUID]Photo        // absent: there is no such photo
	Texts     map[uuid.UUID]Text         // absent: there is no such text
	Staff     map[uuid.UUID]Staff
	Decisions map[uuid.UUID]Decision
	Pack      PackHead // number 0 where none is applied, or none was asked for
}

// PackHead is the newest applied version of a jurisdiction's pack.
type PackHead struct {
	Number      int32
	Digest      []byte
	EffectiveAt time.Time
}

// ReportFacts are a report and what hangs on it.
type ReportFacts struct {
	Report    Report
	Tasks     []Task
	Deadlines []Deadline
	Ratings   []Rating
	Photos    []Photo
	Follows   []Follow
}

// Row is a row of a table that the ledger writes.
type Row interface {
	TableName() string
}

// Change is all that follows from a decision. It is written whole or not at all.
// Insert holds new rows, Update rows that replace the ones of the same key. Subject is
// what the intent was about: a second try with its idempotency key is answered with it.
type Change struct {
	Insert  []Row
	Update  []Row
	Events  []Event
	Subject uuid.UUID
}
