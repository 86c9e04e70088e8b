// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// EraseText takes out for good what a text of any kind says. Its row stays, and the log
// still proves that something was there and when. Reason is a code of the pack's list
// "hide". What was erased before stays as it is.
type EraseText struct {
	Packs    *pack.Store
	Actor    models.Actor
	ReportID uuid.UUID
	TextID   uuid.UUID
	Reason   string
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (i EraseText) Needs() models.Needs {
	return models.Needs{
		Jurisdiction: i.Actor.Jurisdiction, Reports: []uuid.UUID{i.ReportID}, Texts: []uuid.UUID{i.TextID}, Idempotency: i.Key,
	}
}

// Decide implements models.Intent. It refuses with CodeUnauthorized, CodeForbidden,
// CodeNotFound, and an invalid request for a reason that is missing or unknown.
func (i EraseText) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, err := reached(i.Actor, models.OpTextErase, facts, i.ReportID)
	if err != nil {
		return models.Change{}, err
	}
	text, ok := facts.Texts[i.TextID]
	if !ok || text.ReportID != i.ReportID {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	m, err := moveOf(i.Packs, f, i.Actor, now)
	if err != nil {
		return models.Change{}, err
	}
	if _, known := m.pack.Reason(pack.ReasonsHide, i.Reason); !known {
		code := models.CodeUnknownReason
		if i.Reason == "" {
			code = models.CodeRequired
		}
		return models.Change{}, models.Invalid(models.Field("body.reason_code", code, nil))
	}
	if text.ErasedAt != nil {
		return models.Change{Subject: i.ReportID}, nil
	}
	text.Body, text.ErasedAt = nil, &now
	m.unnamed(text)
	body := m.standing(text.ID)
	body.Ref, body.Reason, body.Task = &text.ID, i.Reason, text.TaskID
	m.event(models.EventTextErased, body)
	c := m.change(false)
	c.Update = append(c.Update, text)
	return c, nil
}

// unnamed takes the number of a document out of the deadlines that were extended by it.
func (m *move) unnamed(document models.Text) {
	for i := range m.deadlines {
		d := &m.deadlines[i]
		if document.Kind == models.TextDocument && d.ExtendedAt != nil && d.ExtendedAt.Equal(document.CreatedAt) {
			d.Document = nil
			m.changed[d.ID] = true
		}
	}
}
