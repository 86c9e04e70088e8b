// SPDX-License-Identifier: Apache-2.0

package models

import (
	"strings"

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
			[]TextKind{TextDescription, TextAddress, TextQuestion, TextReply, TextMessage, TextComment, TextReason}, answers(reports, answered))
	case ViewUnit:
		query = query.Where("(kind IN ? OR id IN ?)", []TextKind{
			TextAddress, TextAnswer, TextReason, TextQuestion, TextReply, TextMessage, TextNote, TextDocument, TextDirective, TextResult,
		}, sharedTexts(reports))
	case ViewOperations:
	}
	var all []Text
	if err := query.Find(&all).Error; err != nil {
		return err
	}
	agents, err := l.agents(all)
	byID := make(map[uuid.UUID]*Report, len(reports))
	for i := range reports {
		byID[reports[i].ID] = &reports[i]
	}
	for _, t := range all {
		r := byID[t.ReportID]
		if r == nil || l.view == ViewOwn && !tellsReporter(&t, r) {
			continue
		}
		if t.Kind == TextMessage && fromReporter(&t, agents[t.ReportID]) {
			l.bundles[t.ReportID].Reporters[t.ID] = true
		}
		l.keep(t, t.ReportID, isWrittenToShare(&t, r))
	}
	return err
}

// keep puts a text with a report as the view may read it: without its author, and masked
// where nobody wrote it to be shared.
func (l *loader) keep(t Text, report uuid.UUID, toShare bool) {
	if l.view != ViewOperations {
		t.Author = ""
	}
	if (l.view == ViewPublic || l.view == ViewUnit) && !toShare {
		t.mask()
	}
	l.bundles[report].Texts[t.ID] = t
}

// agents are those who filed the reports in whose threads there are messages: they speak
// for the reporter. No view but the operations centre's is told who they are.
func (l *loader) agents(texts []Text) (map[uuid.UUID]uuid.UUID, error) {
	var spoken []uuid.UUID
	for _, t := range texts {
		if t.Kind == TextMessage {
			spoken = append(spoken, t.ReportID)
		}
	}
	found := map[uuid.UUID]uuid.UUID{}
	if len(spoken) == 0 {
		return found, nil
	}
	var rows []struct{ ID, AgentID uuid.UUID }
	err := l.db.Model(&Report{}).Select("id, agent_id").Where("jurisdiction_id = ? AND id IN ? AND agent_id IS NOT NULL", l.jurisdiction, spoken).Scan(&rows).Error
	for _, row := range rows {
		found[row.ID] = row.AgentID
	}
	return found, err
}

// fromReporter says whether a message is the reporter's own, or of the agent who filed for
// them, and not the operations centre's.
func fromReporter(t *Text, agent uuid.UUID) bool {
	return !strings.HasPrefix(t.Author, string(ActorStaff)+":") || t.Author == string(ActorStaff)+":"+agent.String()
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
