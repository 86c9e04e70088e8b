// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"fmt"
	"os"
	"path/filepath"
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

func (s standing) task(id uuid.UUID) models.Task {
	for _, t := range s.w.reports[s.id].Tasks {
		if t.ID == id {
			return t
		}
	}
	return models.Task{}
}

func (s standing) report() models.Report { return s.w.report(s.id) }

// setting is a workflow of a pack in packs/, and a report that has just come into it.
type setting struct {
	name  string
	flow  *pack.Workflow
	start standing
}

// settingsOf are all workflows of all packs, each by a category whose answers are approved
// and one whose are not, where there are both, or by what else leads to it.
func settingsOf(t *testing.T) []setting {
	t.Helper()
	folders, err := filepath.Glob("../packs/*/pack.yaml")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no packs: %v", err)
	}
	var out []setting
	for _, folder := range folders {
		folder = filepath.Dir(folder)
		p, faults := pack.Parse(os.DirFS(folder))
		if err := faults.Err(); err != nil {
			t.Fatal(err)
		}
		for _, flow := range p.Workflows() {
			found := startsOf(t, p, flow)
			if len(found) == 0 {
				t.Fatalf("%s: nothing leads into the workflow %s", folder, flow.Name)
			}
			for name, start := range found {
				out = append(out, setting{filepath.Base(folder) + "/" + flow.Name + "/" + name, flow, start})
			}
		}
	}
	return out
}

// startsOf are reports of a workflow, by the code of their category.
func startsOf(t *testing.T, p *pack.Pack, flow *pack.Workflow) map[string]standing {
	t.Helper()
	out, seen := map[string]standing{}, map[bool]bool{}
	for _, urgent := range []bool{false, true} {
		for _, c := range p.Categories() {
			if seen[c.Approval] || len(out) > 0 && urgent {
				continue
			}
			w := worldOf(t, p)
			f := w.form(c.Code)
			f.Urgent = urgent
			s := standing{w, w.submit(reporter(), f)}
			if s.report().Workflow == flow.Name {
				w.other()
				out[c.Code], seen[c.Approval] = s, true
			}
		}
	}
	return out
}

// everyState walks the table from a submission, breadth first, and keeps one report of
// each state. Each step is taken by the first of the roles that may.
func everyState(t *testing.T, set setting) map[models.State]standing {
	t.Helper()
	first := set.start.clone(t)
	found := map[models.State]standing{first.report().State: first}
	queue, seen := []standing{first}, map[string]bool{}
	for len(queue) > 0 {
		here := queue[0]
		queue = queue[1:]
		for _, step := range set.flow.From(here.report().State) {
			next := here.clone(t)
			if step.To == pack.Stay || !next.take(step) || seen[next.place()] || next.report().Workflow != set.flow.Name {
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
	return fmt.Sprint(r.State, r.Phase, r.Reopens > 0, r.Appeals, r.ApprovedAt != nil, r.Rating != nil, r.LeadUnit != nil, s.returned())
}

// returned says whether a unit has said that the report is not its own.
func (s standing) returned() bool {
	return slices.ContainsFunc(s.w.reports[s.id].Tasks, func(t models.Task) bool { return t.Lead && t.State == models.TaskReturned })
}

// take takes a step as the first of those who may, or by its clock.
func (s standing) take(step *pack.Transition) bool {
	if step.Auto == pack.AutoClock {
		return s.expire(step.Name)
	}
	for _, role := range step.By {
		a := s.w.whoMay(role, s.id)
		if _, err := s.w.act(a, s.id, step.Name, s.w.all(a, s.id, step)); err == nil {
			return true
		}
	}
	return false
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
	for _, unit := range []string{s.w.unitOf(s.id), s.supporter(), s.w.spare(s.id), ""} {
		for _, role := range []models.Role{models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead} {
			out = append(out, caller{fmt.Sprintf("%s of %q", role, unit), staffActor(role, unit), unit != "" && has(unit), lead != nil && lead.Unit == unit})
		}
	}
	return out
}

// supporter is a unit that supports, or that has no part.
func (s standing) supporter() string {
	for _, t := range s.w.reports[s.id].Tasks {
		if !t.Lead {
			return t.Unit
		}
	}
	return s.w.spare(s.id)
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

// guards are the conditions of the packs' workflows, said once more in Go.
var guards = map[string]func(c *pack.Category, f *models.ReportFacts, now time.Time) bool{
	"report.returns == 0": func(_ *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return !slices.ContainsFunc(f.Tasks, func(t models.Task) bool { return t.Lead && t.State == models.TaskReturned })
	},
	"category.approval && !report.approved": func(c *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return c.Approval && f.Report.ApprovedAt == nil
	},
	"!category.approval || report.approved": func(c *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return !c.Approval || f.Report.ApprovedAt != nil
	},
	`rating.level == ""`: func(_ *pack.Category, f *models.ReportFacts, _ time.Time) bool { return f.Report.Rating == nil },
	`rating.level == "unsatisfied" && report.reopens < 2 && since(report.published_at) < days(15)`: unsatisfiedWithin(15),
	`rating.level == "unsatisfied" && report.reopens < 2 && since(report.published_at) < days(7)`:  unsatisfiedWithin(7),
	"report.appeals < 1 && since(report.ended_at) < days(30)": func(_ *pack.Category, f *models.ReportFacts, now time.Time) bool {
		return f.Report.Appeals < 1 && now.Before(f.Report.EndedAt.Add(30*24*time.Hour))
	},
	"report.hidden": func(_ *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return f.Report.Visibility == models.VisibilityHidden
	},
	"!report.hidden": func(_ *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return f.Report.Visibility != models.VisibilityHidden
	},
	"!report.extended": func(_ *pack.Category, f *models.ReportFacts, _ time.Time) bool {
		return !slices.ContainsFunc(f.Deadlines, func(d models.Deadline) bool { return d.Running() && d.ExtendedAt != nil })
	},
}

func unsatisfiedWithin(days int) func(*pack.Category, *models.ReportFacts, time.Time) bool {
	return func(_ *pack.Category, f *models.ReportFacts, now time.Time) bool {
		r := f.Report
		return r.Rating != nil && *r.Rating == models.LevelUnsatisfied && r.Reopens < 2 && now.Before(r.PublishedAt.AddDate(0, 0, days))
	}
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

// kinds are the events that the effects of a step write.
var kinds = map[pack.Effect]models.EventKind{
	pack.EffectRate: models.EventReportRated, pack.EffectHide: models.EventReportHidden, pack.EffectShow: models.EventReportHidden,
	pack.EffectSplit: models.EventReportSplit, pack.EffectUrge: models.EventReportUrged, pack.EffectDirect: models.EventReportDirected,
	pack.EffectHand: models.EventTaskHanded, pack.EffectExtend: models.EventDeadlineExtended, pack.EffectRedact: models.EventReportShared,
}

// wanted are the events that a step must write, and the state that it must lead to.
func (s standing) wanted(step *pack.Transition, before *models.ReportFacts) ([]models.EventKind, models.State) {
	to := step.To
	switch to {
	case pack.Stay:
		to = before.Report.State
	case pack.Back:
		to = *before.Report.PreviousState
	}
	var own []models.EventKind
	for _, effect := range step.Does {
		if kind, ok := kinds[effect]; ok {
			own = append(own, kind)
		}
	}
	if to != before.Report.State || len(own) == 0 {
		own = append([]models.EventKind{models.EventReportMoved}, own...)
	}
	if step.Has(pack.EffectAssign) || step.Has(pack.EffectSupport) {
		own = append(own, models.EventReportRouted)
	}
	flow, _ := s.w.pack.WorkflowNamed(s.report().Workflow)
	returns := standing{s.w, s.id}.returned()
	for _, next := range flow.From(to) {
		if next.Auto == pack.AutoRoute && next.To != to && !returns {
			own, to = append(own, models.EventReportMoved, models.EventReportRouted), next.To
			break
		}
	}
	if step.Has(pack.EffectMerge) {
		own = append(own, models.EventReportMerged)
	}
	if step.Has(pack.EffectSplit) {
		own = append(own, models.EventReportSubmitted)
	}
	return own, to
}

func TestMatrix(t *testing.T) {
	t.Parallel()
	for _, set := range settingsOf(t) {
		states := everyState(t, set)
		if len(states) != len(set.flow.AllStates()) {
			t.Errorf("%s: the table leads to %d of %d states", set.name, len(states), len(set.flow.AllStates()))
		}
		for state, s := range states {
			t.Run(set.name+"/"+string(state), func(t *testing.T) {
				t.Parallel()
				s = s.clone(t)
				s.w.after(20 * time.Minute) // longer than a claim holds
				for _, step := range set.flow.Steps() {
					if step.On == pack.OnSupport {
						continue
					}
					for _, c := range s.callers() {
						s.cell(t, c, step)
					}
					s.marked(t, step, set.flow)
				}
			})
		}
	}
}

// marked looks at the steps that ask for it once a step that moves nothing has left its
// mark: hidden, extended.
func (s standing) marked(t *testing.T, mark *pack.Transition, flow *pack.Workflow) {
	t.Helper()
	here := s.clone(t)
	if mark.To != pack.Stay || !mark.Leaves(s.report().State) || !here.take(mark) {
		return
	}
	here.w.after(20 * time.Minute)
	for _, step := range flow.Steps() {
		if step.On == pack.OnReport && (strings.Contains(step.When, "report.hidden") || strings.Contains(step.When, "report.extended")) {
			for _, c := range here.callers() {
				here.cell(t, c, step)
			}
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
	wanted, to := here.wanted(step, before)
	if got := eventKinds(change); !slices.Equal(got, wanted) {
		t.Errorf("%s: events %v, expected %v", what, got, wanted)
	}
	if got := here.report().State; got != to {
		t.Errorf("%s: leads to %s, expected %s", what, got, to)
	}
	s.versions(t, c, step, what)
	s.demands(t, c, step, what)
}

func eventKinds(c models.Change) []models.EventKind {
	var out []models.EventKind
	for _, e := range c.Events {
		out = append(out, e.Kind)
	}
	return out
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
	pack.DemandRating: "rating", pack.DemandResult: "text", pack.DemandDirective: "text", pack.DemandDocument: "document",
	pack.DemandHandler: "handler", pack.DemandUrgency: "urgency",
}

func leaveOut(a *workflow.Action, kind pack.DemandKind) {
	switch kind {
	case pack.DemandAnswer, pack.DemandNote, pack.DemandQuestion, pack.DemandResult, pack.DemandDirective:
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
	case pack.DemandDocument:
		a.Document = models.Draft{}
	case pack.DemandHandler:
		a.Handler = uuid.Nil
	case pack.DemandUrgency:
		a.Urgency = ""
	}
}
