// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// effects does what a transition does beyond moving the state.
func (m *move) effects(t *pack.Transition, a Action) error {
	for _, effect := range t.Does {
		if err := m.effect(effect, a); err != nil {
			return err
		}
	}
	return nil
}

func (m *move) effect(effect pack.Effect, a Action) error {
	r := &m.report
	switch effect {
	case pack.EffectClassify:
		m.classify(a.Category)
	case pack.EffectAccept:
		m.accept()
	case pack.EffectAssign:
		if a.Unit != "" {
			m.assign(a.Unit, others(a.SupportUnits, a.Unit), nil)
		}
	case pack.EffectReturn:
		m.giveBack()
	case pack.EffectMerge:
		r.DuplicateOf = a.DuplicateOf
	case pack.EffectTransfer:
		r.TransferredTo = &a.ReasonCode
	case pack.EffectApprove:
		r.ApprovedAt = &m.now
	case pack.EffectPublish:
		r.PublishedAt = &m.now
	case pack.EffectRate:
		return m.rate(a)
	case pack.EffectReopen:
		r.Reopens++
		r.Rating, r.ApprovedAt = nil, nil
		m.askAgain()
	case pack.EffectAppeal:
		r.Appeals++
	}
	return nil
}

// others are the units but one, each once.
func others(units []string, but string) []string {
	var out []string
	for _, u := range units {
		if u != but && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// classify moves the report to another category, and with it to that category's workflow
// and precision.
func (m *move) classify(code string) {
	if code == "" || code == m.report.Category {
		return
	}
	c, ok := m.pack.Category(code)
	if !ok {
		return
	}
	m.category = c
	m.report.Category, m.report.Workflow, m.report.LocationPrecision = c.Code, c.Workflow, c.Precision
	if m.report.AcceptedAt != nil && m.report.Visibility != models.VisibilityHidden {
		m.report.Visibility = c.Visibility
	}
}

// accept takes the report on: the category says who may see it, and units and public read
// the redacted text, or the original where nothing had to be taken out.
func (m *move) accept() {
	r := &m.report
	if r.AcceptedAt == nil {
		r.AcceptedAt = &m.now
	}
	if r.Visibility != models.VisibilityHidden {
		r.Visibility = m.category.Visibility
	}
	if r.SharedTextID == nil {
		r.SharedTextID = &r.DescriptionID
	}
}

// giveBack ends the lead's task: not theirs.
func (m *move) giveBack() {
	for i, t := range m.tasks {
		if t.Lead && t.Active() {
			m.setTask(i, models.TaskReturned)
		}
	}
	m.report.LeadUnit = nil
}

// askAgain opens the lead's task once more.
func (m *move) askAgain() {
	for i, t := range m.tasks {
		if t.Lead && t.State == models.TaskDone {
			m.setTask(i, models.TaskOpen)
		}
	}
}

// rate keeps what the reporter thought of the answer, once a round.
func (m *move) rate(a Action) error {
	if m.rated() {
		return models.E(models.CodeAlreadyRated)
	}
	rating := models.Rating{
		JurisdictionID: m.report.JurisdictionID, ReportID: m.report.ID, Round: m.report.Reopens, Level: a.Level, CreatedAt: m.now,
	}
	if a.Comment.Body != "" {
		rating.CommentID = m.text(a.Comment, models.TextComment, m.report.Language)
	}
	m.report.Rating = &rating.Level
	m.insert = append(m.insert, rating)
	m.ratings = append(slices.Clone(m.ratings), rating)
	return nil
}
