// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Action is what comes with a step: photos, and what the pack's transition demands.
// Nothing else counts. Texts are clean and in NFC.
type Action struct {
	ReasonCode   string
	Text         models.Draft // an answer, a note, a question, a result or a directive, as the transition has it
	Redacted     models.Draft // the description without personal data
	Outcome      models.Outcome
	PhotoIDs     []uuid.UUID  // the caller's own; of a split, those of the report that show the other matter
	Document     models.Draft // the number of a document that proves the answer, or orders something
	Unit         string
	SupportUnits []string
	Category     string
	Until        *time.Time // when it is scheduled for, or the new end of a clock
	DuplicateOf  *uuid.UUID
	Level        models.Level
	Comment      models.Draft
	Handler      uuid.UUID      // the staff member of the unit who is to do it
	Urgency      models.Urgency // of the report from now on
	Part         Part           // what a split needs of its own
}

// Part names the report that a split makes, drawn before the decision.
type Part struct {
	ID   uuid.UUID
	Code string
}

// Act takes one step of a report's workflow. Version is the report's that the caller saw,
// or the task's where TaskID is set; nil where none is needed.
type Act struct {
	Packs    *pack.Store
	Actor    models.Actor
	ReportID uuid.UUID
	Name     string
	TaskID   *uuid.UUID // of a step on support: the caller's unit's own where none is named
	Version  *int64
	Action   Action
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (a Act) Needs() models.Needs {
	n := models.Needs{
		Jurisdiction: a.Actor.Jurisdiction, Reports: []uuid.UUID{a.ReportID}, Photos: a.Action.PhotoIDs, Idempotency: a.Key,
	}
	if a.Action.DuplicateOf != nil {
		n.Reports = append(n.Reports, *a.Action.DuplicateOf)
	}
	if a.Action.Handler != uuid.Nil {
		n.Staff = append(n.Staff, a.Action.Handler)
	}
	return n
}

// Decide implements models.Intent. The refusals are CodeNotFound for a report that is not
// the caller's to see, CodeForbidden, CodeVersionMissing, CodeVersionStale, CodeClaimHeld,
// CodeTransitionRefused, and an invalid request that names the missing demand.
func (a Act) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, ok := facts.Reports[a.ReportID]
	if !ok || !Sees(a.Actor, f) {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	m, err := moveOf(a.Packs, f, a.Actor, now)
	if err != nil {
		return models.Change{}, err
	}
	t, ok := m.flow.Transition(a.Name)
	switch {
	case !ok:
		return models.Change{}, models.E(models.CodeNotFound)
	case t.On == pack.OnSupport:
		return a.support(m, t, facts)
	case !mayTake(a.Actor, t, f):
		return models.Change{}, models.E(models.CodeForbidden)
	}
	if err := a.fresh(f); err != nil {
		return models.Change{}, err
	}
	if code := m.refusal(t); code != "" {
		return models.Change{}, models.E(code)
	}
	if err := m.take(t, a.Action, facts); err != nil {
		return models.Change{}, err
	}
	m.autoRoute()
	return m.change(false), nil
}

// refusal is why nobody, or not this actor, may take a transition from where the report
// stands now; "" where there is no reason.
func (m *move) refusal(t *pack.Transition) models.Code {
	switch {
	case !t.Leaves(m.report.State), !m.leads(t), m.lacksAnswer(t), m.wornOut(t):
		return models.CodeTransitionRefused
	case m.actor.IsStaff() && m.actor.Reach(models.OpReportClaim) == models.ReachAll && m.report.ClaimedByOther(m.actor, m.now):
		return models.CodeClaimHeld
	case t.Has(pack.EffectRate) && m.rated():
		return models.CodeAlreadyRated
	}
	if yes, err := m.pack.Holds(t.Guard(), m.input()); err != nil || !yes {
		return models.CodeTransitionRefused
	}
	return ""
}

// leads says whether a transition leads somewhere: there is no way back from where a report
// began, nor to where its workflow does not know.
func (m *move) leads(t *pack.Transition) bool {
	_, ok := m.flow.State(m.target(t))
	return ok
}

// maxRounds is as often as a report is taken up again, whatever its pack allows.
const maxRounds = 100

func (m *move) wornOut(t *pack.Transition) bool {
	return t.Has(pack.EffectReopen) && m.report.Reopens >= maxRounds || t.Has(pack.EffectAppeal) && m.report.Appeals >= maxRounds
}

// lacksAnswer says whether a transition would show as answered what nobody has answered.
func (m *move) lacksAnswer(t *pack.Transition) bool {
	if m.flow.PhaseOf(m.target(t), m.report.State) != models.PhaseAnswered {
		return false
	}
	answer, answers := t.Demands.Get(pack.DemandAnswer)
	outcome, tells := t.Demands.Get(pack.DemandOutcome)
	return m.report.AnswerID == nil && (!answers || !answer.Required) || m.report.Outcome == nil && (!tells || !outcome.Required)
}

// fresh checks that a staff member decides on what is still so. Of the tasks the lead's
// alone moves with the report.
func (a Act) fresh(f *models.ReportFacts) error {
	version := f.Report.Version
	if a.TaskID != nil {
		i := slices.IndexFunc(f.Tasks, func(t models.Task) bool { return t.ID == *a.TaskID && t.Lead && t.Active() })
		if i < 0 || a.Actor.Reach(models.OpReportAct) == models.ReachUnit && f.Tasks[i].Unit != a.Actor.Unit {
			return models.Invalid(models.Field("body.task_id", models.CodeInvalidValue, nil))
		}
		version = f.Tasks[i].Version
	}
	return a.freshAt(version)
}

// freshAt compares what a staff member saw with what is.
func (a Act) freshAt(version int64) error {
	switch {
	case !a.Actor.IsStaff():
		return nil
	case a.Version == nil:
		return models.E(models.CodeVersionMissing)
	case *a.Version != version:
		return models.E(models.CodeVersionStale)
	}
	return nil
}

// Sees says whether the actor may know of the report as one to act on: it is theirs, their
// unit has a part in it, or they see all.
func Sees(a models.Actor, f *models.ReportFacts) bool {
	if a.Jurisdiction != f.Report.JurisdictionID {
		return false
	}
	switch a.Reach(models.OpReportAct) {
	case models.ReachAll:
		return true
	case models.ReachUnit:
		return a.Owns(&f.Report) || slices.ContainsFunc(f.Tasks, func(t models.Task) bool { return t.Unit == a.Unit && t.Active() })
	case models.ReachOwn:
		return a.Owns(&f.Report)
	default:
		return false
	}
}

// mayTake says whether one of the actor's roles may take the transition on this report. A
// unit's roles act for the lead; support has its own part. The reporter's role counts for
// the reporter alone. What goes by itself is not the system's to take when it likes.
func mayTake(a models.Actor, t *pack.Transition, f *models.ReportFacts) bool {
	for _, role := range a.Roles {
		if !t.MayBe(role) {
			continue
		}
		switch role {
		case models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead:
			if lead := f.Lead(); lead != nil && lead.Unit == a.Unit {
				return true
			}
		case models.RoleCitizen, models.RoleGuest, models.RoleAgent, models.RoleMachine:
			if a.Owns(&f.Report) {
				return true
			}
		case models.RoleSystem:
			if t.Auto == "" {
				return true
			}
		default:
			return true
		}
	}
	return a.Kind != models.ActorStaff && t.MayBe(models.RoleCitizen) && a.Owns(&f.Report)
}

// rated says whether this round of the report has a rating.
func (m *move) rated() bool {
	return slices.ContainsFunc(m.ratings, func(r models.Rating) bool { return r.Round == m.report.Reopens })
}

// Offer is a step that a caller may take now.
type Offer struct {
	Transition *pack.Transition
	TaskID     *uuid.UUID // the caller's unit's task where it leads, or the supporting one that the step moves
	Version    int64      // of the task where there is one, else of the report
}

// Offers returns the steps that the actor may take on a report now, in the pack's order,
// and then those on the tasks of supporting units.
func Offers(packs *pack.Store, a models.Actor, f *models.ReportFacts, now time.Time) ([]Offer, error) {
	if !Sees(a, f) {
		return nil, models.E(models.CodeNotFound)
	}
	m, err := moveOf(packs, f, a, now)
	if err != nil {
		return nil, err
	}
	offer := Offer{Version: f.Report.Version}
	if lead := f.Lead(); lead != nil && lead.Unit == a.Unit {
		offer.TaskID, offer.Version = &lead.ID, lead.Version
	}
	var offers []Offer
	for _, t := range m.flow.From(f.Report.State) {
		if mayTake(a, t, f) && m.refusal(t) == "" {
			offer.Transition = t
			offers = append(offers, offer)
		}
	}
	return append(offers, m.supportOffers()...), nil
}
