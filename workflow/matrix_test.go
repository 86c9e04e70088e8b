// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// standing is a report that was brought to a state by the table alone.
type standing struct {
	w  *world
	id uuid.UUID
}

func (s standing) clone(t tester) standing { return standing{s.w.clone(t), s.id} }

func (s standing) report() models.Report { return s.w.report(s.id) }

// everyState walks the table from a submission, breadth first, and keeps one report of
// each state. Each step is taken by the first of the roles that may.
func everyState(t *testing.T, p *pack.Pack, category string) map[models.State]standing {
	t.Helper()
	w := worldOf(t, p)
	first := standing{w, w.submit(reporter(), formOf(category))}
	w.other()
	found := map[models.State]standing{first.report().State: first}
	queue, seen := []standing{first}, map[string]bool{}
	flow, _ := p.Workflow(category)
	for len(queue) > 0 {
		here := queue[0]
		queue = queue[1:]
		for _, step := range flow.From(here.report().State) {
			next := here.clone(t)
			if !next.take(step) || seen[next.place()] {
				continue
			}
			seen[next.place()] = true
			queue = append(queue, next)
			if _, known := found[next.report().State]; !known {
				found[next.report().State] = next
			}
		}
	}
	return found
}

// place is what decides where a report can go from here.
func (s standing) place() string {
	r := s.report()
	return fmt.Sprint(r.State, r.Phase, r.Reopens > 0, r.Appeals, r.ApprovedAt != nil, r.Rating != nil)
}

// take takes a step as the first of those who may, or by its clock.
func (s standing) take(step *pack.Transition) bool {
	if step.Auto == pack.AutoClock {
		return s.expire(step.Name)
	}
	role := step.By[0]
	a := s.w.whoMay(role, s.id)
	_, err := s.w.act(a, s.id, step.Name, s.w.all(a, s.id, step))
	return err == nil
}

// expire lets the clock run out that takes a step.
func (s standing) expire(name string) bool {
	f := s.w.reports[s.id]
	flow, _ := s.w.pack.WorkflowNamed(f.Report.Workflow)
	for _, d := range f.Deadlines {
		clock, _ := flow.Clock(d.Kind)
		if clock.Overdue.Take != name || !d.Running() {
			continue
		}
		s.w.now = d.DueAt
		state := f.Report.State
		_, err := s.w.do(workflow.Expire{Packs: s.w.packs, Jurisdiction: jurisdiction, ReportID: s.id, DeadlineID: d.ID})
		return err == nil && s.report().State != state
	}
	return false
}

// caller is somebody of the matrix and what they are to the report.
type caller struct {
	name  string
	actor models.Actor
	// sees and stands: may know of it; holds the role in the right place.
	sees, stands bool
}

// callers are everybody who could come, with what design.md gives them.
func (s standing) callers() []caller {
	f := s.w.reports[s.id]
	lead, has := f.Lead(), func(unit string) bool {
		return slices.ContainsFunc(f.Tasks, func(t models.Task) bool {
			return t.Unit == unit && t.State != models.TaskReturned && t.State != models.TaskCancelled
		})
	}
	out := []caller{
		{"the reporter", reporter(), true, true},
		{"the reporter's phone after they signed out", deviceActor("lan"), false, false},
		{"another citizen", citizenActor("minh"), false, false},
		{"another phone", deviceActor("minh"), false, false},
		{"a guest", models.Guest(jurisdiction), false, false},
		{"the system", models.System(jurisdiction), true, false},
		{"an agent who did not file it", staffActor(models.RoleAgent, ""), false, false},
		{"a machine", staffActor(models.RoleMachine, ""), false, false},
		{"an operator", operator(), true, true},
		{"a verifier", verifier(), true, true},
		{"a leader", leader(), true, true},
		{"the press", staffActor(models.RolePress, ""), false, false},
		{"an auditor", staffActor(models.RoleAuditor, ""), false, false},
		{"an administrator", staffActor(models.RoleAdministrator, ""), false, false},
		{"an operator of another city", elsewhere(operator()), false, false},
	}
	for _, unit := range []string{s.w.unitOf(s.id), "phuong-cau-may", "vien-thong", ""} {
		for _, role := range []models.Role{models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead} {
			out = append(out, caller{fmt.Sprintf("%s of %q", role, unit), staffActor(role, unit), unit != "" && has(unit), lead != nil && lead.Unit == unit})
		}
	}
	return out
}

func elsewhere(a models.Actor) models.Actor {
	a.Jurisdiction = 2
	return a
}

// roleIn is the role under which a caller comes in a workflow's lists.
func (c caller) roleIn(step *pack.Transition) bool {
	if c.actor.Kind == models.ActorSystem {
		return step.MayBe(models.RoleSystem) && step.Auto == ""
	}
	return c.stands && slices.ContainsFunc(c.actor.Roles, step.MayBe)
}

// guards are the conditions of the demo's workflow, said once more in Go.
var guards = map[string]func(c *pack.Category, f *models.ReportFacts, now time.Time) bool{
	"report.returns == 0": func(_ *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return !slices.ContainsFunc(f.Tasks, func(t models.Task) bool { return t.State == models.TaskReturned })
	},
	"category.approval && !report.approved": func(c *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return c.Approval && f.Report.ApprovedAt == nil
	},
	"!category.approval || report.approved": func(c *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return !c.Approval || f.Report.ApprovedAt != nil
	},
	`rating.level == ""`: func(_ *pack.Category, f *models.ReportFacts, _ time.Time) bool { return f.Report.Rating == nil },
	`rating.level == "unsatisfied" && report.reopens < 2 && since(report.published_at) < days(15)`: func(_ *pack.Category, f *models.ReportFacts, now time.Time) bool {
		r := f.Report
		return r.Rating != nil && *r.Rating == models.LevelUnsatisfied && r.Reopens < 2 && now.Before(r.PublishedAt.Add(15*24*time.Hour))
	},
	"report.appeals < 1 && since(report.ended_at) < days(30)": func(_ *pack.Category, f *models.ReportFacts, now time.Time) bool {
		return f.Report.Appeals < 1 && now.Before(f.Report.EndedAt.Add(30*24*time.Hour))
	},
}

// expected is what must come of a step: "" or a code.
func (s standing) expected(t *testing.T, c caller, step *pack.Transition) models.Code {
	t.Helper()
	f := s.w.reports[s.id]
	category, _ := s.w.pack.Category(f.Report.Category)
	switch {
	case !c.sees:
		return models.CodeNotFound
	case !c.roleIn(step):
		return models.CodeForbidden
	case !slices.Contains(step.From, f.Report.State):
		return models.CodeTransitionRefused
	case step.When == "":
		return ""
	}
	guard, ok := guards[step.When]
	if !ok {
		t.Fatalf("the matrix does not know the condition %q", step.When)
	}
	if guard(category, f, s.w.now) {
		return ""
	}
	if slices.Contains(step.Does, pack.EffectRate) {
		return models.CodeAlreadyRated
	}
	return models.CodeTransitionRefused
}

// kindsOf are the events that a step must write.
func (s standing) kindsOf(step *pack.Transition, before *models.ReportFacts) []models.EventKind {
	kinds := []models.EventKind{models.EventReportMoved}
	if slices.Contains(step.Does, pack.EffectRate) {
		kinds[0] = models.EventReportRated
	}
	if slices.Contains(step.Does, pack.EffectAssign) {
		kinds = append(kinds, models.EventReportRouted)
	}
	if step.To == "accepted" && step.Name != "return" && guards["report.returns == 0"](nil, before, s.w.now) {
		kinds = append(kinds, models.EventReportMoved, models.EventReportRouted)
	}
	return kinds
}

func TestMatrix(t *testing.T) {
	t.Parallel()
	p, err := demoPack()
	if err != nil {
		t.Fatal(err)
	}
	for _, category := range []string{"rac-ton-dong", "an-toan-thuc-pham", "sos"} {
		states := everyState(t, p, category)
		flow, _ := p.Workflow(category)
		if len(states) != len(flow.AllStates()) {
			t.Errorf("%s: the table leads to %d of %d states", category, len(states), len(flow.AllStates()))
		}
		for state, s := range states {
			t.Run(category+"/"+string(state), func(t *testing.T) {
				t.Parallel()
				s = s.clone(t)
				s.w.after(20 * time.Minute) // longer than a claim holds
				for _, step := range flow.Steps() {
					for _, c := range s.callers() {
						s.cell(t, c, step)
					}
				}
			})
		}
	}
}

// cell is one field of the matrix: what must come of it comes, and an allowed step is
// refused again without its version, with an old one, and without each of its demands.
func (s standing) cell(t *testing.T, c caller, step *pack.Transition) {
	t.Helper()
	here := s.clone(t)
	want := here.expected(t, c, step)
	before := here.w.reports[s.id]
	with := here.w.all(c.actor, s.id, step)
	change, err := here.w.act(c.actor, s.id, step.Name, with)
	what := fmt.Sprintf("%s: %s by %s", before.Report.State, step.Name, c.name)
	if codeOf(err) != want {
		t.Errorf("%s: %q, expected %q (%v)", what, codeOf(err), want, err)
		return
	}
	if err != nil {
		return
	}
	var kinds []models.EventKind
	for _, e := range change.Events {
		kinds = append(kinds, e.Kind)
	}
	if want := here.kindsOf(step, before); !slices.Equal(kinds, want) {
		t.Errorf("%s: events %v, expected %v", what, kinds, want)
	}
	target := step.To
	if len(kinds) == 3 { // a step, and the route that took itself
		target = "assigned"
	}
	if got := here.report().State; target != pack.Back && got != target {
		t.Errorf("%s: leads to %s, expected %s", what, got, target)
	}
	s.versions(t, c, step, what)
	s.demands(t, c, step, what)
}

func (s standing) versions(t *testing.T, c caller, step *pack.Transition, what string) {
	t.Helper()
	here := s.clone(t)
	r := here.report()
	for _, tt := range []struct {
		version *int64
		want    models.Code
	}{{nil, models.CodeVersionMissing}, {new(r.Version - 1), models.CodeVersionStale}, {new(r.Version + 1), models.CodeVersionStale}} {
		want := tt.want
		if c.actor.Kind != models.ActorStaff {
			want = ""
		}
		again := s.clone(t)
		_, err := again.w.do(workflow.Act{
			Packs: again.w.packs, Actor: c.actor, ReportID: s.id, Name: step.Name, Version: tt.version, Action: again.w.all(c.actor, s.id, step),
		})
		if codeOf(err) != want {
			t.Errorf("%s with version %v: %q, expected %q", what, tt.version, codeOf(err), want)
		}
	}
}

func (s standing) demands(t *testing.T, c caller, step *pack.Transition, what string) {
	t.Helper()
	for _, d := range step.Demands {
		here := s.clone(t)
		with := here.w.all(c.actor, s.id, step)
		leaveOut(&with, d.Kind)
		_, err := here.w.act(c.actor, s.id, step.Name, with)
		switch {
		case !d.Required && err != nil:
			t.Errorf("%s without %s, which is optional: %v", what, d.Kind, err)
		case d.Required && strings.Join(fieldsOf(err), " ") != "body."+fieldNames[d.Kind]+" demand_missing":
			t.Errorf("%s without %s: %v", what, d.Kind, err)
		}
	}
}

// fieldNames are the fields of the contract that answer demands.
var fieldNames = map[pack.DemandKind]string{
	pack.DemandAnswer: "text", pack.DemandNote: "text", pack.DemandQuestion: "text", pack.DemandReason: "reason_code",
	pack.DemandRedactedText: "redacted_text", pack.DemandOutcome: "outcome", pack.DemandProof: "photo_ids", pack.DemandUnit: "unit",
	pack.DemandSupport: "support_units", pack.DemandCategory: "category", pack.DemandUntil: "until", pack.DemandDuplicateOf: "duplicate_of",
	pack.DemandRating: "rating",
}

func leaveOut(a *workflow.Action, kind pack.DemandKind) {
	switch kind {
	case pack.DemandAnswer, pack.DemandNote, pack.DemandQuestion:
		a.Text = models.Draft{}
	case pack.DemandReason:
		a.ReasonCode = ""
	case pack.DemandRedactedText:
		a.Redacted = models.Draft{}
	case pack.DemandOutcome:
		a.Outcome = ""
	case pack.DemandProof:
		a.PhotoIDs, a.Document = nil, models.Draft{}
	case pack.DemandUnit:
		a.Unit = ""
	case pack.DemandSupport:
		a.SupportUnits = nil
	case pack.DemandCategory:
		a.Category = ""
	case pack.DemandUntil:
		a.Until = nil
	case pack.DemandDuplicateOf:
		a.DuplicateOf = nil
	case pack.DemandRating:
		a.Level = ""
	}
}

// What is offered is accepted, with the task and version that came with the offer, and
// what is not offered is refused.
func TestOffersAreWhatActAllows(t *testing.T) {
	t.Parallel()
	p, err := demoPack()
	if err != nil {
		t.Fatal(err)
	}
	for _, category := range []string{"rac-ton-dong", "an-toan-thuc-pham"} {
		flow, _ := p.Workflow(category)
		for state, s := range everyState(t, p, category) {
			t.Run(category+"/"+string(state), func(t *testing.T) {
				t.Parallel()
				s = s.clone(t)
				s.w.after(20 * time.Minute) // longer than a claim holds
				for _, claimed := range []bool{false, true} {
					if claimed && !s.claim(personID("another operator")) {
						continue
					}
					for _, c := range s.callers() {
						s.offers(t, c, flow)
					}
				}
			})
		}
	}
}

func (s standing) claim(who uuid.UUID) bool {
	a := operator()
	a.ID = who
	s.w.after(time.Hour)
	_, err := s.w.do(workflow.Claim{Actor: a, ReportID: s.id})
	return err == nil
}

func (s standing) offers(t *testing.T, c caller, flow *pack.Workflow) {
	t.Helper()
	offers, err := workflow.Offers(s.w.packs, c.actor, s.w.reports[s.id], s.w.now)
	if (codeOf(err) == models.CodeNotFound) == c.sees {
		t.Errorf("%s: %v", c.name, err)
	}
	offered := map[string]workflow.Offer{}
	for _, o := range offers {
		offered[o.Transition.Name] = o
	}
	for _, step := range flow.Steps() {
		here := s.clone(t)
		with := here.w.all(c.actor, s.id, step)
		o, ok := offered[step.Name]
		intent := workflow.Act{Packs: s.w.packs, Actor: c.actor, ReportID: s.id, Name: step.Name, TaskID: o.TaskID, Version: &o.Version, Action: with}
		if !ok {
			intent.Version = new(s.report().Version)
		}
		if _, err := here.w.do(intent); (err == nil) != ok {
			t.Errorf("%s in %s: %s is offered: %t, and comes to %v", c.name, s.report().State, step.Name, ok, err)
		}
	}
}
