// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// Whatever whoever does in whatever order, by whatever pack that its check lets pass: no
// check of the database is broken, the events tell where the report stands (the world looks
// after each change), and somebody can always go on.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	demo, err := demoPack()
	if err != nil {
		t.Fatal(err)
	}
	walks, steps, drawn := 0, 0, 0
	defer func() {
		if t.Logf("%d walks, %d of them by a pack that was drawn, wrote %d events", walks, drawn, steps); steps < 10*walks || drawn < walks/10 {
			t.Error("these are no walks")
		}
	}()
	rapid.Check(t, func(t *rapid.T) {
		walks++
		w := worldOf(t, demo)
		if rapid.Bool().Draw(t, "another pack") {
			if p := drawPack(t); p != nil {
				w = worldOf(t, p)
				drawn++
			}
		}
		defer func() { steps += len(w.events) }()
		f := w.form(rapid.SampledFrom(walkCategories).Draw(t, "category"))
		f.Urgent = rapid.Bool().Draw(t, "urgent")
		f.Description += rapid.SampledFrom([]string{"", " Dây điện đứt, tóe lửa!", " Có nguy cơ sập."}).Draw(t, "words")
		s := standing{w, w.submit(reporter(), f)}
		w.other()
		for range rapid.IntRange(20, 200).Draw(t, "steps") {
			s.wander(t)
			s.goesOn(t)
		}
		w.fold()
	})
}

var walkCategories = []string{"rac-ton-dong", "an-toan-thuc-pham", "sos", "ho-so-tre", "den-duong", "tieng-on"}

// fold reads the log from its beginning: it says of each report what is stored.
func (w *world) fold() {
	w.t.Helper()
	keys, seqs := map[uuid.UUID]*models.Keys{}, map[uuid.UUID]int64{}
	for _, e := range w.events {
		if e.SubjectKind != models.SubjectReport {
			continue
		}
		body, err := e.ParseBody()
		if err != nil || e.SubjectSeq != seqs[e.SubjectID]+1 {
			w.t.Fatalf("%+v: %v", e, err)
		}
		seqs[e.SubjectID] = e.SubjectSeq
		if body.After != nil {
			keys[e.SubjectID] = body.After
		}
	}
	for id, f := range w.reports {
		if k := keys[id]; k == nil || *k != *f.Report.Keys() || seqs[id] != f.Report.EventSeq {
			w.t.Fatalf("the log says %+v of a report that is %+v", k, f.Report.Keys())
		}
	}
}

// wander does something at random.
func (s standing) wander(t *rapid.T) {
	s.w.after(rapid.SampledFrom([]time.Duration{0, time.Second, 11 * time.Minute, 5 * time.Hour, 40 * time.Hour, 16 * 24 * time.Hour}).Draw(t, "pause"))
	who := rapid.SampledFrom(s.callers()).Draw(t, "who").actor
	switch rapid.IntRange(0, 11).Draw(t, "what") {
	case 0:
		_, err := s.w.do(workflow.Claim{Actor: who, ReportID: s.id, Release: rapid.Bool().Draw(t, "release")})
		s.known(t, err)
	case 1:
		kind := rapid.SampledFrom([]models.PhotoKind{models.PhotoBefore, models.PhotoAfter, models.PhotoDocument}).Draw(t, "photo")
		_, err := s.w.do(workflow.Attach{Packs: s.w.packs, Actor: who, ReportID: s.id, Staged: []models.Photo{s.w.newPhoto(who, kind)}})
		s.known(t, err)
	case 2:
		for _, d := range s.w.reports[s.id].Deadlines {
			_, err := s.w.do(workflow.Expire{Packs: s.w.packs, Jurisdiction: jurisdiction, ReportID: s.id, DeadlineID: d.ID})
			if err != nil {
				t.Fatalf("%s: %v", d.Kind, err)
			}
		}
	case 3, 4:
		s.trySupport(t, who)
	default:
		s.tryStep(t, who)
	}
}

// tryStep takes a step from here, more often than not by somebody who may.
func (s standing) tryStep(t *rapid.T, who models.Actor) {
	flow, _ := s.w.pack.WorkflowNamed(s.report().Workflow)
	steps := flow.From(s.report().State)
	if len(steps) == 0 || rapid.IntRange(0, 9).Draw(t, "any step") == 0 {
		steps = flow.Steps()
	}
	step := rapid.SampledFrom(steps).Draw(t, "step")
	if target, ok := flow.State(step.To); ok && target.Phase == models.PhaseEnded && rapid.IntRange(0, 5).Draw(t, "an end") > 0 {
		return // or every walk would be short
	}
	if rapid.IntRange(0, 3).Draw(t, "right one") > 0 {
		who = s.w.whoMay(rapid.SampledFrom(step.By).Draw(t, "role"), s.id)
	}
	_, err := s.w.act(who, s.id, step.Name, s.something(t, who, step))
	s.known(t, err)
}

// trySupport takes a step on one of the supporting tasks.
func (s standing) trySupport(t *rapid.T, who models.Actor) {
	flow, _ := s.w.pack.WorkflowNamed(s.report().Workflow)
	steps := slices.DeleteFunc(slices.Clone(flow.Steps()), func(t *pack.Transition) bool { return t.On != pack.OnSupport })
	tasks := slices.DeleteFunc(slices.Clone(s.w.reports[s.id].Tasks), func(t models.Task) bool { return t.Lead })
	if len(steps) == 0 || len(tasks) == 0 {
		return
	}
	step, task := rapid.SampledFrom(steps).Draw(t, "part"), rapid.SampledFrom(tasks).Draw(t, "task")
	if rapid.IntRange(0, 3).Draw(t, "right one") > 0 {
		who = staffActor(rapid.SampledFrom(step.By).Draw(t, "role"), task.Unit)
	}
	_, err := s.w.do(workflow.Act{
		Packs: s.w.packs, Actor: who, ReportID: s.id, Name: step.Name, TaskID: &task.ID, Version: &task.Version, Action: s.something(t, who, step),
	})
	s.known(t, err)
}

// something is what somebody brings who knows what a step demands, or not quite.
func (s standing) something(t *rapid.T, who models.Actor, step *pack.Transition) workflow.Action {
	with := s.w.all(who, s.id, step)
	with.Unit = rapid.SampledFrom([]string{"chieu-sang", "so-xay-dung", "phuong-cau-may", "doi-quan-ly-do-thi", "x"}).Draw(t, "unit")
	if _, ok := step.Demands.Get(pack.DemandCategory); ok {
		with.Category = rapid.SampledFrom([]string{with.Category, "o-ga", "cay-gay-do", "sos", "tieng-on", "te-nan"}).Draw(t, "category")
	}
	with.Level = rapid.SampledFrom([]models.Level{models.LevelUnsatisfied, models.LevelSatisfied, "x"}).Draw(t, "level")
	with.Urgency = rapid.SampledFrom([]models.Urgency{models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS}).Draw(t, "urgency")
	if photos := s.w.reports[s.id].Photos; step.Has(pack.EffectSplit) && len(photos) > 0 {
		with.PhotoIDs = []uuid.UUID{rapid.SampledFrom(photos).Draw(t, "picture").ID}
	}
	if rapid.IntRange(0, 4).Draw(t, "whole") == 0 && len(step.Demands) > 0 {
		leaveOut(&with, rapid.SampledFrom(step.Demands).Draw(t, "without").Kind)
	}
	return with
}

// known: a refusal is one that callers can understand.
func (s standing) known(t *rapid.T, err error) {
	if code := codeOf(err); code == models.CodeInternal || code == models.CodeUnavailable {
		t.Fatalf("in %s: %v", s.report().State, err)
	}
}

// goesOn: somebody is offered a step, or a clock will take one.
func (s standing) goesOn(t *rapid.T) {
	r := s.report()
	if r.Phase == models.PhaseEnded {
		for _, d := range s.w.reports[s.id].Deadlines {
			if d.Running() {
				t.Fatalf("%s runs on in %s", d.Kind, r.State)
			}
		}
		return
	}
	flow, _ := s.w.pack.WorkflowNamed(r.Workflow)
	for _, d := range s.w.reports[s.id].Deadlines {
		if clock, _ := flow.Clock(d.Kind); d.Running() && d.OverdueAt == nil && clock.Overdue.Take != "" {
			return
		}
	}
	later := s.w.now.Add(time.Hour) // a claim may hold everybody up for a while
	people := append([]caller{{actor: operator()}, {actor: reporter()}, {actor: leader()}}, s.callers()...)
	if !slices.ContainsFunc(people, func(c caller) bool {
		offers, err := workflow.Offers(s.w.packs, c.actor, s.w.reports[s.id], later)
		return err == nil && slices.ContainsFunc(offers, func(o workflow.Offer) bool {
			return o.Transition.On == pack.OnReport && o.Transition.To != r.State && o.Transition.To != pack.Stay
		})
	}) {
		t.Fatalf("nobody can go on from %s", r.State)
	}
}

// A change of category leads to that category's workflow, where it knows the state.
func TestAnotherWorkflow(t *testing.T) {
	t.Parallel()
	p := changedPack(t, map[string]func(string) string{
		"workflow-nhanh.yaml": func(string) string { return quickWorkflow },
		"categories.yaml": func(s string) string {
			return s + `
  - {code: nhanh, group: do-thi, icon: x, name: {vi: Nhanh, en: Quick}, workflow: nhanh, sla: {hours: 1}, visibility: public, precision: exact}
  - {code: la, group: do-thi, icon: x, name: {vi: Lạ, en: Strange}, workflow: la, sla: {hours: 1}, visibility: public, precision: exact}
`
		},
		"workflow-la.yaml": func(string) string {
			return "workflow: la\nlabel: {vi: Lạ, en: Strange}\ninitial: moi\nstates:\n" +
				"  moi: {phase: received, open311: open, public: none, label: {vi: Mới, en: New}}\n" +
				"  xong: {phase: ended, open311: closed, public: none, label: {vi: Xong, en: Done}}\n" +
				"transitions:\n  xong: {from: [moi], to: xong, by: [operator], label: {vi: Xong, en: Done}}\n"
		},
	})
	w := worldOf(t, p)
	s := story{w, w.submit(reporter(), formOf("o-ga"))}
	s.step(operator(), "claim", workflow.Action{})
	stays := story{s.clone(t), s.id}
	stays.step(operator(), "accept", workflow.Action{Category: "la"})
	stays.stands("assigned", models.PhaseWorking, models.ShownFull)
	if r := stays.report(s.id); r.Workflow != "thuong" || r.Category != "la" {
		t.Errorf("in a workflow that does not know where it is: %s", r.Workflow)
	}
	s.step(operator(), "accept", workflow.Action{Category: "nhanh"})
	s.stands("accepted", models.PhaseWorking, models.ShownStatus)
	if r := s.report(s.id); r.Workflow != "nhanh" {
		t.Errorf("workflow: %s", r.Workflow)
	}
	s.step(operator(), "done", workflow.Action{})
	s.stands("over", models.PhaseEnded, models.ShownNone)
	flow, _ := p.WorkflowNamed("nhanh")
	if step, _ := flow.Transition("done"); step.Auto != pack.Auto("") {
		t.Error("it goes by itself")
	}
}

const quickWorkflow = `workflow: nhanh
label: {vi: Nhanh, en: Quick}
initial: accepted
states:
  accepted: {phase: working, open311: open, public: status, label: {vi: Đã nhận, en: Taken}}
  over: {phase: ended, open311: closed, public: none, label: {vi: Xong, en: Over}}
transitions:
  done: {from: [accepted], to: over, by: [operator], label: {vi: Xong, en: Done}}
`
