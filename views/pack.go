// SPDX-License-Identifier: Apache-2.0

package views

import (
	"hientruong/models"
	"hientruong/workflow/pack"
)

// PackDetail is one version of a jurisdiction's rules, in the caller's language.
type PackDetail struct {
	Number     int32      `json:"number"`
	Name       string     `json:"name"`
	Digest     string     `json:"digest" doc:"SHA-256 over its files, in hexadecimal"`
	Categories []Category `json:"categories"`
	Units      []UnitInfo `json:"units"`
	Workflows  []Workflow `json:"workflows"`
	Rules      []Rule     `json:"rules" doc:"Of routing: the first that holds and whose lead exists is taken"`
}

// Workflow is how reports move.
type Workflow struct {
	Name        string               `json:"name"`
	Label       string               `json:"label"`
	Initial     models.State         `json:"initial"`
	States      []WorkflowState      `json:"states"`
	Transitions []WorkflowTransition `json:"transitions"`
	Clocks      []WorkflowClock      `json:"clocks"`
	Mermaid     string               `json:"mermaid" doc:"The picture, as Mermaid text"`
	Support     string               `json:"mermaid_support,omitempty" doc:"The same of a supporting unit's task"`
}

// WorkflowState is where a report can stand.
type WorkflowState struct {
	Name   models.State  `json:"name"`
	Label  string        `json:"label"`
	Phase  models.Phase  `json:"phase" enum:"received,working,answered,ended,before" doc:"before: that of the state before it"`
	Status models.Status `json:"status" enum:"open,closed"`
	Public models.Shown  `json:"public" enum:"none,status,link,full" doc:"What the public sees at most"`
	Answer bool          `json:"answer" doc:"Whether the public reads the answer too"`
	Clock  string        `json:"clock,omitempty"`
}

// WorkflowTransition is a step.
type WorkflowTransition struct {
	Name    string            `json:"name"`
	Label   string            `json:"label"`
	On      pack.Subject      `json:"on,omitempty" enum:"support" doc:"support: it moves a supporting unit's task, from and to its states"`
	From    []models.State    `json:"from"`
	To      models.State      `json:"to" doc:"A state, back or stay"`
	By      []models.Role     `json:"by"`
	When    string            `json:"when,omitempty" doc:"The guard, as it is written"`
	Demands []WorkflowDemand  `json:"demands"`
	Does    []pack.Effect     `json:"does"`
	Auto    pack.Auto         `json:"auto,omitempty" doc:"What takes it by itself"`
	Clocks  map[string]string `json:"clocks,omitempty" doc:"What it does to clocks: starts, stops, pauses or resumes, by clock"`
}

// WorkflowDemand is what must come with a step.
type WorkflowDemand struct {
	Type     pack.DemandKind `json:"type"`
	Required bool            `json:"required"`
	Min      int             `json:"min_length,omitempty"`
	Max      int             `json:"max_length,omitempty"`
	AnyOf    []string        `json:"any_of,omitempty"`
	Reasons  string          `json:"reasons,omitempty" doc:"The list that a reason is taken from"`
}

// WorkflowClock is a deadline that steps start, pause, resume and stop.
type WorkflowClock struct {
	Name     string            `json:"name"`
	Label    string            `json:"label"`
	Public   bool              `json:"public" doc:"Whether citizens see it"`
	Remind   []int             `json:"remind" doc:"Percent of the time"`
	Take     string            `json:"take,omitempty" doc:"The step that is taken when it runs out"`
	Escalate []pack.Escalation `json:"escalate" doc:"Whom it is taken up to when it runs out, one after the other"`
}

// Rule is one of routing.
type Rule struct {
	Number   int            `json:"number"`
	When     string         `json:"when" doc:"The guard, as it is written"`
	Lead     string         `json:"lead" doc:"The code of a unit, or ward(report)"`
	Support  []string       `json:"support"`
	Urgency  models.Urgency `json:"urgency,omitempty" enum:"normal,urgent,sos"`
	Workflow string         `json:"workflow,omitempty"`
	Why      string         `json:"why,omitempty"`
}

// Draw makes the pictures of a workflow in a language: of the report's way, and of a
// supporting task's.
type Draw func(w *pack.Workflow, language string) (report, support string)

// PackDetail assembles a version of a pack.
func (a Assembler) PackDetail(number int32, p *pack.Pack, draw Draw) PackDetail {
	out := PackDetail{
		Number: number, Name: a.words(p.Settings().Name), Digest: p.DigestHex(), Categories: a.Categories(p), Units: a.Units(p),
		Workflows: []Workflow{}, Rules: []Rule{},
	}
	for _, w := range p.Workflows() {
		flow := a.workflow(w)
		flow.Mermaid, flow.Support = draw(w, string(a.Language))
		out.Workflows = append(out.Workflows, flow)
	}
	for i, r := range p.Rules() {
		out.Rules = append(out.Rules, Rule{
			Number: i + 1, When: r.When, Lead: r.Lead, Support: append([]string{}, r.Support...), Urgency: r.Urgency, Workflow: r.Workflow, Why: a.words(r.Why),
		})
	}
	return out
}

func (a Assembler) workflow(w *pack.Workflow) Workflow {
	out := Workflow{
		Name: w.Name, Label: a.words(w.Label), Initial: w.Initial, States: []WorkflowState{}, Transitions: []WorkflowTransition{}, Clocks: []WorkflowClock{},
	}
	for _, s := range w.AllStates() {
		out.States = append(out.States, WorkflowState{
			Name: s.Name, Label: a.words(s.Label), Phase: s.Phase, Status: s.Open311, Public: s.Public, Answer: s.Answer, Clock: s.Clock,
		})
	}
	for _, t := range w.Steps() {
		out.Transitions = append(out.Transitions, a.transition(t))
	}
	for _, c := range w.AllClocks() {
		clock := WorkflowClock{
			Name: c.Name, Label: a.words(c.Label), Public: c.Public, Remind: append([]int{}, c.Remind...), Take: c.Overdue.Take, Escalate: []pack.Escalation{},
		}
		for _, step := range c.Overdue.Escalate {
			clock.Escalate = append(clock.Escalate, step.To)
		}
		out.Clocks = append(out.Clocks, clock)
	}
	return out
}

func (a Assembler) transition(t *pack.Transition) WorkflowTransition {
	out := WorkflowTransition{
		Name: t.Name, Label: a.words(t.Label), On: t.On, From: append([]models.State{}, t.From...), To: t.To, By: append([]models.Role{}, t.By...),
		When: t.When, Demands: []WorkflowDemand{}, Does: append([]pack.Effect{}, t.Does...), Auto: t.Auto, Clocks: map[string]string{},
	}
	for _, d := range t.Demands {
		out.Demands = append(out.Demands, WorkflowDemand{Type: d.Kind, Required: d.Required, Min: d.Min, Max: d.Max, AnyOf: d.AnyOf, Reasons: d.Reasons})
	}
	for what, clocks := range map[string][]string{"starts": t.Starts, "stops": t.Stops, "pauses": t.Pauses, "resumes": t.Resumes} {
		for _, clock := range clocks {
			out.Clocks[clock] = what
		}
	}
	return out
}
