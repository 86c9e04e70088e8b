// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// Upload enters a photo that was sent by itself, to be named by a report later.
type Upload struct {
	Photo models.Photo
	Actor models.Actor
}

// Needs implements models.Intent.
func (u Upload) Needs() models.Needs { return models.Needs{Jurisdiction: u.Photo.JurisdictionID} }

// Decide implements models.Intent.
func (u Upload) Decide(_ models.Facts, now time.Time) (models.Change, error) {
	if err := u.Actor.Require(models.OpPhotoUpload); err != nil {
		return models.Change{}, err
	}
	photo := u.Photo
	photo.CreatedAt, photo.EventSeq, photo.Origin = now, 1, models.OriginLive
	if u.Actor.Demo {
		photo.Origin = models.OriginDemo
	}
	return models.Change{Subject: photo.ID, Insert: []models.Row{photo}, Events: []models.Event{models.PhotoStaged(photo, u.Actor)}}, nil
}

// The reasons of a refusal that are not the picture's own.
const (
	ReasonLost      = "lost"      // the staged bytes are gone
	ReasonAbandoned = "abandoned" // no report named it within a day
)

// finish records what came of a photo. A rendering is recorded once; a photo is abandoned
// only while no report has it.
type finish struct {
	jurisdiction int32
	id           uuid.UUID
	picture      Picture
	refused      string // why; "" where it was rendered
}

// Needs implements models.Intent.
func (f finish) Needs() models.Needs {
	return models.Needs{Jurisdiction: f.jurisdiction, Photos: []uuid.UUID{f.id}}
}

// Decide implements models.Intent.
func (f finish) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	photo, ok := facts.Photos[f.id]
	if !ok {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	waits := photo.Status == models.PhotoPending
	if f.refused == ReasonAbandoned {
		waits = photo.Status != models.PhotoRefused && photo.ReportID == nil
	}
	if !waits {
		return models.Change{Subject: f.id}, nil
	}
	photo.EventSeq++
	if f.refused != "" {
		photo.Status, photo.Reason, photo.RenderedAt, photo.Blurhash = models.PhotoRefused, &f.refused, nil, nil
	} else {
		hash := int64(f.picture.Hash) //nolint:gosec // the bits are meant, not the number
		photo.Status, photo.RenderedAt, photo.Blurhash, photo.Dhash = models.PhotoReady, &now, &f.picture.Blurhash, &hash
		photo.Width, photo.Height = int32(f.picture.Width), int32(f.picture.Height) //nolint:gosec // a rendered side is at most some thousand pixels
	}
	return models.Change{Subject: f.id, Update: []models.Row{photo}, Events: []models.Event{models.PhotoFinished(photo, now)}}, nil
}
