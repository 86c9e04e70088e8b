// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Correct puts a new version in the place of what others read: the shared text, which may
// still be the original, or the answer. TextID and Version are those that the caller saw;
// the version before is kept.
type Correct struct {
	Packs    *pack.Store
	Actor    models.Actor
	ReportID uuid.UUID
	TextID   uuid.UUID
	Text     models.Draft
	Version  *int64
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (i Correct) Needs() models.Needs {
	return models.Needs{
		Jurisdiction: i.Actor.Jurisdiction, Reports: []uuid.UUID{i.ReportID}, Texts: []uuid.UUID{i.TextID}, Idempotency: i.Key,
	}
}

// Decide implements models.Intent. It refuses with CodeUnauthorized, CodeForbidden,
// CodeNotFound, CodeVersionMissing, CodeVersionStale, also for a text that was corrected
// meanwhile, CodeClaimHeld, and an invalid request.
func (i Correct) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, err := reached(i.Actor, models.OpTextCorrect, facts, i.ReportID)
	if err != nil {
		return models.Change{}, err
	}
	was, ok := facts.Texts[i.TextID]
	r := &f.Report
	shared, answer := deref(r.SharedTextID) == i.TextID, deref(r.AnswerID) == i.TextID
	switch {
	case !ok || was.ReportID != i.ReportID:
		return models.Change{}, models.E(models.CodeNotFound)
	case i.Version == nil:
		return models.Change{}, models.E(models.CodeVersionMissing)
	case *i.Version != r.Version, !shared && !answer && (was.Kind == models.TextShared || was.Kind == models.TextAnswer):
		return models.Change{}, models.E(models.CodeVersionStale)
	case !shared && !answer:
		return models.Change{}, models.Invalid(models.Field("body.text_id", models.CodeInvalidValue, nil))
	case r.ClaimedByOther(i.Actor, now):
		return models.Change{}, models.E(models.CodeClaimHeld)
	}
	if err := written(i.Text); err != nil {
		return models.Change{}, err
	}
	m, err := moveOf(i.Packs, f, i.Actor, now)
	if err != nil {
		return models.Change{}, err
	}
	body := m.standing(was.ID)
	if shared {
		m.report.SharedTextID = m.rewrite(i.Text, models.TextShared, r.Language, &was.ID)
	} else {
		m.report.AnswerID = m.rewrite(i.Text, models.TextAnswer, was.Language, &was.ID)
	}
	body.Texts = m.marks
	m.event(models.EventReportShared, body)
	return m.change(false), nil
}

// standing begins the event of a change to a text: it says how the report stands where
// others than staff read the text, so that they can be told, and nothing where none do.
func (m *move) standing(text uuid.UUID) models.Body {
	r := &m.report
	if deref(r.SharedTextID) == text || deref(r.AnswerID) == text && models.AnswerIsOut(r.Phase, r.PublishedAt) {
		return models.Body{Before: r.Keys(), After: r.Keys()}
	}
	return models.Body{}
}
