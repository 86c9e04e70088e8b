// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Attach adds photos to a report that is there: from its reporter while it is not ended,
// from a unit that has a part in it. Photos that were sent before are named, new ones are
// staged.
type Attach struct {
	Packs    *pack.Store
	Actor    models.Actor
	ReportID uuid.UUID
	PhotoIDs []uuid.UUID
	Staged   []models.Photo
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (a Attach) Needs() models.Needs {
	return models.Needs{
		Jurisdiction: a.Actor.Jurisdiction, Reports: []uuid.UUID{a.ReportID}, Photos: a.PhotoIDs, Idempotency: a.Key,
	}
}

// Decide implements models.Intent.
func (a Attach) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, ok := facts.Reports[a.ReportID]
	if !ok || !Sees(a.Actor, f) {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	if f.Report.Phase == models.PhaseEnded {
		return models.Change{}, models.E(models.CodeTransitionRefused)
	}
	m, err := moveOf(a.Packs, f, a.Actor, now)
	if err != nil {
		return models.Change{}, err
	}
	for _, photo := range a.Staged {
		m.stage(photo)
	}
	if err := m.adopt(a.PhotoIDs, facts); err != nil {
		return models.Change{}, err
	}
	if len(m.photoIDs) == 0 {
		return models.Change{}, models.Invalid(models.Field("body.photos", models.CodeRequired, nil))
	}
	m.event(models.EventReportPhotos, models.Body{Photos: m.photoIDs})
	return m.change(false), nil
}
