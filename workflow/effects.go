// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"strconv"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// effects does what a transition does beyond moving the state. What routes comes first,
// for it can refuse.
func (m *move) effects(t *pack.Transition, a Action) error {
	if t.Auto == pack.AutoRoute || t.Has(pack.EffectRoute) {
		if err := m.route(); err != nil {
			return err
		}
	}
	for _, effect := range t.Does {
		m.effect(effect, a)
	}
	return nil
}

func (m *move) effect(effect pack.Effect, a Action) {
	r := &m.report
	switch effect {
	case pack.EffectClassify:
		m.classify(a.Category)
	case pack.EffectAccept:
		m.accept()
	case pack.EffectRoute: // has been done
	case pack.EffectAssign:
		if a.Unit != "" {
			support := others(a.SupportUnits, a.Unit)
			m.assign(a.Unit, support, nil)
			m.routed = &models.Body{Unit: a.Unit, Support: support}
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
		m.rate(a)
	case pack.EffectReopen:
		r.Reopens++
		r.Rating, r.ApprovedAt = nil, nil
		m.askAgain()
	case pack.EffectAppeal:
		r.Appeals++
		r.LeadUnit = nil // who had it was let go when it ended
	}
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

// route gives the report to the lead that the pack's rules name.
func (m *move) route() error {
	route := m.pack.Route(m.input())
	if route.Lead == "" {
		return models.E(models.CodeTransitionRefused)
	}
	m.assign(route.Lead, route.Support, mustJSON(route))
	m.report.Urgency = moreUrgent(m.report.Urgency, route.Urgency)
	m.routed = &models.Body{Unit: route.Lead, Support: route.Support, Rule: strconv.Itoa(route.Rule)}
	return nil
}

// moreUrgent is the more urgent of a report's urgency and that of a rule, "" where the
// rule says nothing.
func moreUrgent(report, rule models.Urgency) models.Urgency {
	order := []models.Urgency{models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS}
	if slices.Index(order, rule) > slices.Index(order, report) {
		return rule
	}
	return report
}

// classify moves the report to another category, and with it to that category's workflow
// and precision.
func (m *move) classify(code string) {
	if code == "" || code == m.report.Category {
		return
	}
	c, known := m.pack.Category(code)
	flow, ok := m.pack.Workflow(code)
	if !known || !ok {
		return
	}
	if c.SOS != m.category.SOS {
		m.report.Urgency = urgencyOf(c, false)
	}
	m.category, m.flow = c, flow
	m.report.Category, m.report.Workflow, m.report.LocationPrecision = c.Code, c.Workflow, c.Precision
	if m.report.AcceptedAt != nil && m.report.Visibility != models.VisibilityHidden {
		m.report.Visibility = c.Visibility
	}
}

// accept takes the report on: the category says who may see it, and units and public read
// the redacted text, or the original, masked, where the operator took nothing out.
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

// rate keeps what the reporter thought of the answer.
func (m *move) rate(a Action) {
	rating := models.Rating{
		JurisdictionID: m.report.JurisdictionID, ReportID: m.report.ID, Round: m.report.Reopens, Level: a.Level, CreatedAt: m.now,
	}
	if a.Comment.Body != "" {
		rating.CommentID = m.text(a.Comment, models.TextComment, m.report.Language)
	}
	m.report.Rating = &rating.Level
	m.insert = append(m.insert, rating)
	m.ratings = append(slices.Clone(m.ratings), rating)
}
