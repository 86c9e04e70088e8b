// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// effects does what a transition does beyond moving the state, in the pack's order.
func (m *move) effects(t *pack.Transition, a Action, facts models.Facts) error {
	if t.Auto == pack.AutoRoute && !t.Has(pack.EffectRoute) {
		if err := m.route(m.target(t)); err != nil {
			return err
		}
	}
	for _, effect := range t.Does {
		if err := m.effect(effect, t, a, facts); err != nil {
			return err
		}
	}
	return nil
}

func (m *move) effect(effect pack.Effect, t *pack.Transition, a Action, facts models.Facts) error {
	switch effect {
	case pack.EffectClassify:
		m.classify(m.target(t), a.Category)
	case pack.EffectAccept:
		m.accept()
	case pack.EffectRoute:
		return m.route(m.target(t))
	case pack.EffectAssign:
		if a.Unit != "" {
			support := others(a.SupportUnits, a.Unit)
			m.assign(a.Unit, support, nil)
			m.routed = &models.Body{Unit: a.Unit, Support: support}
		}
	case pack.EffectReturn:
		m.letGo(models.TaskReturned)
	case pack.EffectMerge:
		m.merge(a, facts)
	case pack.EffectSplit:
		return m.split(a)
	case pack.EffectSupport:
		return m.addSupport(a.SupportUnits)
	case pack.EffectHand:
		if i := m.handed(); i >= 0 && a.Handler != uuid.Nil {
			m.hand(i, a)
		}
	case pack.EffectExtend:
		return m.extend(a)
	default:
		m.mark(effect, t, a)
	}
	return nil
}

// mark does an effect that is a mark on the report alone.
func (m *move) mark(effect pack.Effect, t *pack.Transition, a Action) {
	r := &m.report
	switch effect {
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
		m.letGo(models.TaskCancelled) // it begins anew
	case pack.EffectHide:
		m.setVisibility(models.VisibilityHidden, &a.ReasonCode)
	case pack.EffectShow:
		m.unhide()
	case pack.EffectUrge:
		m.urge()
	case pack.EffectDirect:
		m.note(models.EventReportDirected, func(b *models.Body) { b.Unit = deref(r.LeadUnit) })
	case pack.EffectUrgency:
		if a.Urgency != "" {
			r.Urgency = a.Urgency
			m.reflow(m.target(t), m.chosen())
		}
	default: // redacting is writing, and the others have been done
	}
}

// extend gives the clock of the state more time.
func (m *move) extend(a Action) error {
	if a.Until == nil {
		return nil
	}
	return m.extendClock(*a.Until, a.ReasonCode, a.Document.Body)
}

// setVisibility shows or hides the report, apart from its state.
func (m *move) setVisibility(v models.Visibility, reason *string) {
	m.report.Visibility, m.report.HiddenReason = v, reason
	m.note(models.EventReportHidden, func(b *models.Body) { b.Visibility = v })
}

// unhide gives a hidden report back: it is seen again as its category has it, if it was
// ever taken on.
func (m *move) unhide() {
	v := models.VisibilityPrivate
	if m.report.AcceptedAt != nil {
		v = m.category.Visibility
	}
	m.setVisibility(v, nil)
}

// maxUrged is as often as haste is counted.
const maxUrged = 10_000

// urge asks those who have the report for haste.
func (m *move) urge() {
	if m.report.Urged < maxUrged {
		m.report.Urged++
	}
	m.note(models.EventReportUrged, func(b *models.Body) { b.Unit = deref(m.report.LeadUnit) })
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

// route gives the report to the lead that the pack's rules name; target is the state that
// the step leads to.
func (m *move) route(target models.State) error {
	route := m.planned
	if m.planned = nil; route == nil {
		asked := m.pack.Route(m.input())
		route = &asked
	}
	if route.Lead == "" {
		return models.E(models.CodeTransitionRefused)
	}
	m.assign(route.Lead, route.Support, mustJSON(route))
	m.report.Urgency = moreUrgent(m.report.Urgency, route.Urgency)
	m.routed = &models.Body{Unit: route.Lead, Support: route.Support, Rule: strconv.Itoa(route.Rule)}
	m.reflow(target, m.flowFor(*route))
	return nil
}

// moreUrgent is the more urgent of a report's urgency and that of a rule, "" where the
// rule says nothing.
func moreUrgent(report, rule models.Urgency) models.Urgency {
	if order := urgencies(); slices.Index(order, rule) > slices.Index(order, report) {
		return rule
	}
	return report
}

// urgencies are all there are, the least first.
func urgencies() []models.Urgency {
	return []models.Urgency{models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS}
}

// classify moves the report to another category, and with it to the precision, visibility
// and, where that knows the way, the workflow that go with it.
func (m *move) classify(target models.State, code string) {
	c, known := m.pack.Category(code)
	if !known || code == m.report.Category {
		return
	}
	m.former = m.report.Category
	if c.SOS != m.category.SOS {
		m.report.Urgency = urgencyOf(c, false)
	}
	m.category = c
	m.report.Category, m.report.LocationPrecision = c.Code, c.Precision
	if m.report.AcceptedAt != nil && m.report.Visibility != models.VisibilityHidden {
		m.report.Visibility = c.Visibility
	}
	m.reflow(target, m.chosen())
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

// letGo ends the lead's task: returned where it is not theirs.
func (m *move) letGo(as models.TaskState) {
	for i, t := range m.tasks {
		if t.Lead && t.Active() {
			m.setTask(i, as)
		}
	}
	m.report.LeadUnit = nil
}

// askAgain opens the lead's task once more.
func (m *move) askAgain() {
	for i, t := range m.tasks {
		if t.Lead && t.State == models.TaskDone {
			m.tasks[i].DoneAt = nil
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
	m.note(models.EventReportRated, func(*models.Body) {})
}
