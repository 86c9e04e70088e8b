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

// ApplyPack puts a version of a jurisdiction's pack into force. The pack has been parsed
// and checked; Files is a zip of it. Applying what is in force already changes nothing.
type ApplyPack struct {
	Actor    models.Actor
	Files    []byte
	Digest   [32]byte
	Document string // the number of the legal document, "" without one
}

// Needs implements models.Intent.
func (a ApplyPack) Needs() models.Needs {
	return models.Needs{Jurisdiction: a.Actor.Jurisdiction, Pack: true}
}

// Decide implements models.Intent.
func (a ApplyPack) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	if err := a.Actor.Require(models.OpPackApply); err != nil {
		return models.Change{}, err
	}
	if bytes.Equal(facts.Pack.Digest, a.Digest[:]) {
		return models.Change{}, nil
	}
	version := models.PackVersion{
		JurisdictionID: a.Actor.Jurisdiction, Number: facts.Pack.Number + 1, ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%x/%d", a.Digest, facts.Pack.Number)),
		Digest: a.Digest[:], Files: a.Files, Document: a.Document, EffectiveAt: now, AppliedAt: now, AppliedBy: a.Actor.String(),
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
