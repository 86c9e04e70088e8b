// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// TalkFor is how long after its end the reporter may still write about a report.
const TalkFor = 15 * 24 * time.Hour

// Message is one of the thread between a report's reporter and the operations centre. The
// text is clean and in NFC.
type Message struct {
	Packs    *pack.Store
	Actor    models.Actor
	ReportID uuid.UUID
	Text     models.Draft
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (i Message) Needs() models.Needs {
	return models.Needs{Jurisdiction: i.Actor.Jurisdiction, Reports: []uuid.UUID{i.ReportID}, Idempotency: i.Key}
}

// Decide implements models.Intent. It refuses with CodeUnauthorized, CodeForbidden,
// CodeNotFound, CodeTransitionRefused once the reporter's time is over, and an invalid
// request for a text that is missing or too long.
func (i Message) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, err := reached(i.Actor, models.OpReportMessage, facts, i.ReportID)
	if err != nil {
		return models.Change{}, err
	}
	if i.Actor.Reach(models.OpReportMessage) < models.ReachAll && f.Report.EndedAt != nil && now.After(f.Report.EndedAt.Add(TalkFor)) {
		return models.Change{}, models.E(models.CodeTransitionRefused)
	}
	return say(i.Packs, f, i.Actor, i.Text, models.TextMessage, nil, now)
}

// Note is an internal note: of the operations centre, or of a unit that has a part in the
// report. TaskID names the part that it is about, nil is the report.
type Note struct {
	Packs    *pack.Store
	Actor    models.Actor
	ReportID uuid.UUID
	TaskID   *uuid.UUID
	Text     models.Draft
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (i Note) Needs() models.Needs {
	return models.Needs{Jurisdiction: i.Actor.Jurisdiction, Reports: []uuid.UUID{i.ReportID}, Idempotency: i.Key}
}

// Decide implements models.Intent. It refuses with CodeUnauthorized, CodeForbidden,
// CodeNotFound, and an invalid request for a text that is missing or too long, or a task
// that is another unit's or another report's.
func (i Note) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, err := reached(i.Actor, models.OpReportNote, facts, i.ReportID)
	if err != nil {
		return models.Change{}, err
	}
	theirs := func(t models.Task) bool {
		return t.ID == *i.TaskID && (i.Actor.Reach(models.OpReportNote) == models.ReachAll || t.Unit == i.Actor.Unit)
	}
	if i.TaskID != nil && !slices.ContainsFunc(f.Tasks, theirs) {
		return models.Change{}, models.Invalid(models.Field("body.task_id", models.CodeInvalidValue, nil))
	}
	return say(i.Packs, f, i.Actor, i.Text, models.TextNote, i.TaskID, now)
}

// reached finds a report that an operation of the actor's goes as far as.
func reached(a models.Actor, op models.Operation, facts models.Facts, id uuid.UUID) (*models.ReportFacts, error) {
	if err := a.Require(op); err != nil {
		return nil, err
	}
	f, ok := facts.Reports[id]
	if !ok || f.Report.JurisdictionID != a.Jurisdiction {
		return nil, models.E(models.CodeNotFound)
	}
	within := a.Owns(&f.Report)
	switch a.Reach(op) {
	case models.ReachAll:
		within = true
	case models.ReachUnit:
		within = slices.ContainsFunc(f.Tasks, func(t models.Task) bool { return t.Unit == a.Unit && t.Active() })
	case models.ReachOwn, models.ReachNone:
	}
	if !within {
		return nil, models.E(models.CodeNotFound)
	}
	return f, nil
}

// say keeps a text about a report, or a part of it, that moves nothing.
func say(packs *pack.Store, f *models.ReportFacts, a models.Actor, d models.Draft, kind models.TextKind, task *uuid.UUID, now time.Time) (models.Change, error) {
	if err := written(d); err != nil {
		return models.Change{}, err
	}
	m, err := moveOf(packs, f, a, now)
	if err != nil {
		return models.Change{}, err
	}
	m.task = task
	m.text(d, kind, m.language())
	event := models.EventReportMessage
	if kind == models.TextNote {
		event = models.EventReportNoted
	}
	m.event(event, models.Body{Texts: m.marks, Task: task})
	return m.change(false), nil
}

// written says what is wrong with a text that has to be there.
func written(d models.Draft) error {
	if d.Body == "" {
		return models.Invalid(models.Field("body.text", models.CodeRequired, nil))
	}
	if code, params := tooLong(d.Body, pack.UsualText); code != "" {
		return models.Invalid(models.Field("body.text", code, params))
	}
	return nil
}

// language is the actor's, else the report's.
func (m *move) language() models.Language {
	if m.actor.Language != "" {
		return m.actor.Language
	}
	return m.report.Language
}
