// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// write keeps the texts that came with the step, and what else of it the report holds.
func (m *move) write(t *pack.Transition, a Action) {
	lang := m.actor.Language
	if lang == "" {
		lang = m.report.Language
	}
	for _, d := range t.Demands {
		switch d.Kind {
		case pack.DemandAnswer:
			if a.Text.Body == "" {
				continue
			}
			m.report.AnswerID = m.rewrite(a.Text, models.TextAnswer, lang, m.report.AnswerID)
			m.report.ResolvedAt, m.report.ApprovedAt = &m.now, nil
		case pack.DemandNote:
			m.keep(a.Text, m.noteKind(t), lang)
		case pack.DemandQuestion:
			m.keep(a.Text, m.questionKind(t), lang)
		case pack.DemandDirective:
			m.keep(a.Text, models.TextDirective, lang)
		case pack.DemandResult:
			m.result(a.Text, lang)
		case pack.DemandRedactedText:
			m.redact(t, a.Redacted)
		case pack.DemandOutcome:
			if a.Outcome != "" {
				m.report.Outcome = &a.Outcome
			}
		case pack.DemandProof, pack.DemandDocument:
			m.keep(a.Document, models.TextDocument, lang)
		case pack.DemandUntil:
			if a.Until != nil && !t.Has(pack.EffectExtend) && t.On == pack.OnReport {
				m.report.ScheduledFor = a.Until
			}
		default: // no text, and for the effects to read
		}
	}
}

// redact sets what units and public read. Of a split it is the other report's.
func (m *move) redact(t *pack.Transition, d models.Draft) {
	if d.Body == "" || t.Has(pack.EffectSplit) {
		return
	}
	before := m.report.SharedTextID
	if deref(before) == m.report.DescriptionID {
		before = nil
	}
	m.report.SharedTextID = m.rewrite(d, models.TextShared, m.report.Language, before)
	if t.Has(pack.EffectRedact) {
		m.note(models.EventReportShared, func(*models.Body) {})
	}
}

// result keeps what a supporting unit did of its part.
func (m *move) result(d models.Draft, lang models.Language) {
	i := m.handed()
	if d.Body == "" || i < 0 {
		return
	}
	m.tasks[i].ResultID = m.rewrite(d, models.TextResult, lang, m.tasks[i].ResultID)
	m.changed[m.tasks[i].ID] = true
}

// forReporter says whether a step is taken by the reporter, or for them by the agent who
// filed the report.
func (m *move) forReporter(t *pack.Transition) bool {
	return !m.actor.IsStaff() || t.MayBe(models.RoleAgent) && m.actor.Owns(&m.report)
}

// questionKind tells a question to the citizen from the citizen's reply.
func (m *move) questionKind(t *pack.Transition) models.TextKind {
	if m.forReporter(t) {
		return models.TextReply
	}
	return models.TextQuestion
}

// noteKind is what a note is: the reporter's reply, a note between staff where a step leads
// nowhere or is one unit's alone, else the reason of the step, as it is of hiding.
func (m *move) noteKind(t *pack.Transition) models.TextKind {
	switch {
	case m.forReporter(t):
		return models.TextReply
	case t.On == pack.OnSupport, t.To == pack.Stay && !t.Has(pack.EffectHide):
		return models.TextNote
	default:
		return models.TextReason
	}
}

// keep writes a text that came, once: two demands can be answered by one field.
func (m *move) keep(d models.Draft, kind models.TextKind, lang models.Language) {
	written := slices.ContainsFunc(m.insert, func(row models.Row) bool {
		t, ok := row.(models.Text)
		return ok && t.ID == d.ID
	})
	if d.Body != "" && !written {
		m.text(d, kind, lang)
	}
}

// text writes a text of the report, or of the task that the step is about, and notes its
// digest for the event.
func (m *move) text(d models.Draft, kind models.TextKind, lang models.Language) *uuid.UUID {
	return m.rewrite(d, kind, lang, nil)
}

// rewrite writes a text in the place of another, which is kept; nil is none.
func (m *move) rewrite(d models.Draft, kind models.TextKind, lang models.Language, replaces *uuid.UUID) *uuid.UUID {
	t := d.Text(&m.report, kind, lang, m.actor.String(), m.now)
	t.TaskID, t.Replaces = m.task, replaces
	m.insert = append(m.insert, t)
	if m.marks == nil {
		m.marks = map[string]models.TextMark{}
	}
	m.marks[string(kind)] = t.Mark()
	return &t.ID
}
