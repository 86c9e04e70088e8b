// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// ApplyPack makes a version of a jurisdiction's pack that comes into force at a moment. The
// pack has been parsed and checked; Files is a zip of it. Applying once more the very files
// of the newest version for the same moment, or for now while it is in force, changes
// nothing. Anything else is a new version, so that what is in force, applied again, keeps
// a newer one from coming into force on its day.
type ApplyPack struct {
	Actor       models.Actor // who answers for it
	Files       []byte
	Digest      [32]byte
	Document    string    // the number of the legal document, "" without one
	EffectiveAt time.Time // zero is now; not before yesterday
}

// applyLate is how long ago a version may have come into force that is only applied now.
const applyLate = 24 * time.Hour

// Needs implements models.Intent.
func (a ApplyPack) Needs() models.Needs {
	return models.Needs{Jurisdiction: a.Actor.Jurisdiction, Pack: true}
}

// Decide implements models.Intent. It refuses with CodeUnauthorized, CodeForbidden, and an
// invalid request for a moment that is too long ago or a document's number that is too long.
func (a ApplyPack) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	if err := a.Actor.Require(models.OpPackApply); err != nil {
		return models.Change{}, err
	}
	effective := a.EffectiveAt.UTC().Truncate(time.Microsecond)
	if a.EffectiveAt.IsZero() {
		effective = now
	}
	if effective.Before(now.Add(-applyLate)) {
		return models.Change{}, models.Invalid(models.Field("body.effective_at", models.CodeOutOfRange, nil))
	}
	if code, params := tooLong(a.Document, maxDocument); code != "" {
		return models.Change{}, models.Invalid(models.Field("body.document", code, params))
	}
	newest := facts.Pack
	inForce := !newest.EffectiveAt.After(now) && !effective.After(now)
	if bytes.Equal(newest.Digest, a.Digest[:]) && (inForce || newest.EffectiveAt.Equal(effective)) {
		return models.Change{}, nil
	}
	version := models.PackVersion{
		JurisdictionID: a.Actor.Jurisdiction, Number: facts.Pack.Number + 1, ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%x/%d", a.Digest, facts.Pack.Number)),
		Digest: a.Digest[:], Files: a.Files, Document: a.Document, EffectiveAt: effective, AppliedAt: now, AppliedBy: a.Actor.String(),
	}
	return models.Change{
		Subject: version.ID, Insert: []models.Row{version},
		Events: []models.Event{{
			SubjectKind: models.SubjectPack, SubjectID: version.ID, SubjectSeq: int64(version.Number), Kind: models.EventPackApplied,
			Origin: models.OriginLive, Actor: a.Actor.String(), At: now,
			Body: models.Body{Number: version.Number, Digest: hex.EncodeToString(a.Digest[:]), Document: a.Document}.Canonical(),
		}},
	}, nil
}
