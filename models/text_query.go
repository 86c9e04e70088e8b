// SPDX-License-Identifier: Apache-2.0

package models

import (
	"github.com/google/uuid"

	"hientruong/words"
)

// texts reads the texts that the view is for. What the public reads is named by the
// report's own row; nothing else is looked for.
func (l *loader) texts(reports []Report) error {
	query := l.of()
	switch l.view {
	case ViewPublic:
		query = l.db.Where("jurisdiction_id = ? AND id IN ?", l.jurisdiction, publicTexts(reports))
	case ViewOwn:
		query = query.Where("(kind IN ? OR id IN ?)",
			[]TextKind{TextDescription, TextAddress, TextQuestion, TextReply, TextComment, TextReason}, answers(reports, answered))
	case ViewUnit:
		// A note of the moment a report came in says how somebody agreed to be filed for.
		query = query.Where("(kind IN ? AND NOT EXISTS (SELECT FROM reports r WHERE r.jurisdiction_id = texts.jurisdiction_id AND r.id = texts.report_id"+
			" AND texts.kind = 'note' AND texts.created_at = r.created_at) OR id IN ?)",
			[]TextKind{TextAddress, TextAnswer, TextReason, TextQuestion, TextReply, TextNote, TextDocument}, sharedTexts(reports))
	case ViewOperations:
	}
	var all []Text
	err := query.Find(&all).Error
	byID := make(map[uuid.UUID]*Report, len(reports))
	for i := range reports {
		byID[reports[i].ID] = &reports[i]
	}
	for _, t := range all {
		r := byID[t.ReportID]
		if r == nil || l.view == ViewOwn && !tellsReporter(&t, r) {
			continue
		}
		if l.view != ViewOperations {
			t.Author = ""
		}
		if (l.view == ViewPublic || l.view == ViewUnit) && !isWrittenToShare(&t, r) {
			t.mask()
		}
		l.bundles[t.ReportID].Texts[t.ID] = t
	}
	return err
}

// publicTexts are the shared texts and the answers that the public reads.
func publicTexts(reports []Report) []uuid.UUID {
	ids := answers(reports, publicAnswer)
	for i := range reports {
		if r := &reports[i]; r.Shown == ShownFull && r.SharedTextID != nil {
			ids = append(ids, *r.SharedTextID)
		}
	}
	return ids
}

func sharedTexts(reports []Report) []uuid.UUID {
	var ids []uuid.UUID
	for i := range reports {
		if id := reports[i].SharedTextID; id != nil {
			ids = append(ids, *id)
		}
	}
	return ids
}

// answers are the answers of those reports for which something holds.
func answers(reports []Report, holds func(*Report) bool) []uuid.UUID {
	var ids []uuid.UUID
	for i := range reports {
		if r := &reports[i]; r.AnswerID != nil && holds(r) {
			ids = append(ids, *r.AnswerID)
		}
	}
	return ids
}

// tellsReporter says whether a reason is for the reporter: the one for which their report
// ended. All others are between staff.
func tellsReporter(t *Text, r *Report) bool {
	return t.Kind != TextReason || r.Phase == PhaseEnded && r.EndedAt != nil && t.CreatedAt.Equal(*r.EndedAt)
}

// isWrittenToShare says whether staff wrote the text for units and public to read. The
// original, where it was accepted as it is, nobody did.
func isWrittenToShare(t *Text, r *Report) bool {
	return r.SharedTextID != nil && t.ID == *r.SharedTextID && t.Kind != TextDescription || t.Kind == TextAnswer || t.Kind == TextDocument
}

// mask takes phone numbers and the like out of what others read but nobody has redacted.
func (t *Text) mask() {
	if t.Body == nil {
		return
	}
	masked := words.Redact(*t.Body, words.Sensitive(*t.Body))
	t.Body = &masked
}
