// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"hientruong/models"
)

// Back as the To of a transition is the state the report came from, and stays as the name says nothing of which.
const Back models.State = "back"

// Stay as the To of a transition is the state the report is in: hiding, urging and extending move nothing.
const Stay models.State = "stay"

// Subject is what a transition moves.
type Subject string

// The subjects. A transition on support moves the task of the caller's supporting unit, from and to a models.TaskState, while the
// report is received or working.
const (
	OnReport  Subject = ""
	OnSupport Subject = "support"
)

// PhaseBefore is the phase of a state that keeps the phase of the state before it, such as waiting for the citizen.
const PhaseBefore models.Phase = "before"

// Workflow is a file workflow*.yaml: states, transitions and clocks. What a pack's States and Transitions hold is in the
// order of the file.
type Workflow struct {
	Name    string       `yaml:"workflow"`
	Label   Text         `yaml:"label"`
	Initial models.State `yaml:"initial"`
	// Starts names the clocks that a submission starts.
	Starts      list                   `yaml:"starts"`
	States      map[string]*State      `yaml:"states"`
	Transitions map[string]*Transition `yaml:"transitions"`
	Clocks      map[string]*Clock      `yaml:"clocks"`
	// SupportClock is the clock that each supporting task runs against, "" for none.
	SupportClock string `yaml:"support_clock"`

	states []*State
	steps  []*Transition
	clocks []*Clock
	src    *source
}

// State is where a report can stand.
type State struct {
	Name    models.State  `yaml:"-"`
	Phase   models.Phase  `yaml:"phase"` // or before: that of the state it was come to from
	Open311 models.Status `yaml:"open311"`
	// Public is what the public sees at most.
	Public models.Shown `yaml:"public"`
	// Answer tells whether the public reads the answer too.
	Answer bool `yaml:"answer"`
	// Clock is the one people in this state work against, "" for none.
	Clock string `yaml:"clock"`
	Label Text   `yaml:"label"`
}

// Effect is what a transition does beyond moving the state. The set is closed.
type Effect string

// The effects.
const (
	EffectAccept   Effect = "accept"   // sets the category's visibility and shares the redacted text
	EffectRoute    Effect = "route"    // asks the pack's rules for the lead
	EffectAssign   Effect = "assign"   // gives lead and support to the units named in the action
	EffectReturn   Effect = "return"   // ends the lead's task: not theirs
	EffectMerge    Effect = "merge"    // followers move to the other report
	EffectTransfer Effect = "transfer" // the matter goes to another channel
	EffectApprove  Effect = "approve"  // the head of the unit stands by the answer
	EffectPublish  Effect = "publish"  // the answer is shown
	EffectRate     Effect = "rate"     // keeps a rating
	EffectReopen   Effect = "reopen"   // counts a reopening, tasks go on
	EffectAppeal   Effect = "appeal"   // counts an appeal
	EffectClassify Effect = "classify" // may change the category
	EffectRedact   Effect = "redact"   // the shared text becomes the redacted one
	EffectHide     Effect = "hide"     // takes it from the public, for a reason
	EffectShow     Effect = "show"     // gives it back
	EffectSplit    Effect = "split"    // makes a report of its own of a second matter
	EffectExtend   Effect = "extend"   // gives the clock of the state more time, once
	EffectUrge     Effect = "urge"     // đôn đốc: asks those who have it for haste
	EffectDirect   Effect = "direct"   // a leader's directive, with the number of a document
	EffectHand     Effect = "hand"     // gives the unit's task to one of its handlers
	EffectSupport  Effect = "support"  // adds supporting units beside those that are there
	EffectUrgency  Effect = "urgency"  // sets the urgency
)

// Auto is what takes a transition when nobody does.
type Auto string

// What can take a transition by itself.
const (
	AutoRoute Auto = "route" // as soon as a routing rule names a lead
	AutoClock Auto = "clock" // a clock that ran out and names it
)

// Transition is a step from some states to one.
type Transition struct {
	Name string `yaml:"-"`
	// On is what it moves: the report, or a supporting task.
	On Subject `yaml:"on"`
	// From are states. In the file "@working" stands for every state of a phase and "*" for every state.
	From []models.State `yaml:"from"`
	// To is a state, back for the one it came from, or stay.
	To models.State `yaml:"to"`
	// By lists the roles that may take it; system for clocks and routes.
	By []models.Role `yaml:"by"`
	// When is a guard in expr-lang, "" for always. It asks about category, area, report, unit, rating and now.
	When string `yaml:"when"`
	// Demands are what must come with it, in the order of the file.
	Demands Demands  `yaml:"demands"`
	Does    []Effect `yaml:"does"`
	// Starts names clocks that begin anew; Stops, Pauses and Resumes those that it touches where they are.
	Starts  list `yaml:"starts"`
	Stops   list `yaml:"stops"`
	Pauses  list `yaml:"pauses"`
	Resumes list `yaml:"resumes"`
	Auto    Auto `yaml:"auto"`
	// Primary marks what people usually do in that state: a client shows it first.
	Primary bool `yaml:"primary"`
	Label   Text `yaml:"label"`

	guard *Guard
}

// Guard is the compiled When, nil for always.
func (t *Transition) Guard() *Guard { return t.guard }

// Has tells whether the transition has an effect.
func (t *Transition) Has(e Effect) bool { return slices.Contains(t.Does, e) }

// Leaves tells whether the transition starts in a state.
func (t *Transition) Leaves(s models.State) bool { return slices.Contains(t.From, s) }

// MayBe tells whether a role may take the transition.
func (t *Transition) MayBe(r models.Role) bool { return slices.Contains(t.By, r) }

// Clock is a deadline that transitions start, pause, resume and stop.
type Clock struct {
	Name  string `yaml:"-"`
	Label Text   `yaml:"label"`
	// Due is how long it runs; category.sla is the category's time for the urgency and number of units, and in remote areas the
	// settings' factor of it.
	Due Due `yaml:"due"`
	// UrgentDue is the time for a report that is urgent or a call for rescue, of a clock whose Due is not the category's; zero means Due.
	UrgentDue Term `yaml:"urgent_due"`
	// Remind are shares of the time, in percent, after which those who hold the report are reminded.
	Remind []int `yaml:"remind"`
	// Overdue is what happens when it runs out.
	Overdue Overdue `yaml:"overdue"`
	// Public tells whether citizens see it.
	Public bool `yaml:"public"`
}

// Due is a clock's time.
type Due struct {
	ByCategory bool
	Term       Term
}

// UnmarshalYAML reads "category.sla" or a Term.
func (d *Due) UnmarshalYAML(n ast.Node) error {
	if s, ok := n.(*ast.StringNode); ok && s.Value == "category.sla" {
		d.ByCategory = true
		return nil
	}
	return yaml.NodeToValue(n, &d.Term, yaml.Strict())
}

// Escalation is who hears of a clock that ran out.
type Escalation string

// The escalations.
const (
	EscalateParent     Escalation = "parent"     // the unit above the lead
	EscalateOperations Escalation = "operations" // the operations centre
	EscalateLeader     Escalation = "leader"     // the leaders of the jurisdiction
)

// Overdue is what happens when a clock runs out: a transition is taken, somebody hears of it, or both.
type Overdue struct {
	Take     string `yaml:"take"`
	Reason   string `yaml:"reason"`
	Escalate Steps  `yaml:"escalate"`
}

// Step is one step of an escalation: whom to tell, and how long after the clock ran out, counted as the clock counts.
type Step struct {
	To    Escalation `yaml:"to"`
	After Term       `yaml:"after"`
}

// Steps are an escalation from the first to the last. In the file one word alone, such as parent, is a single step at once.
type Steps []Step

// UnmarshalYAML reads "parent" as well as [{to: parent}, {to: leader, after: {days: 2}}].
func (s *Steps) UnmarshalYAML(n ast.Node) error {
	if one, ok := n.(*ast.StringNode); ok {
		*s = Steps{{To: Escalation(one.Value)}}
		return nil
	}
	return yaml.NodeToValue(n, (*[]Step)(s), yaml.Strict())
}

// State finds a state by its name.
func (w *Workflow) State(name models.State) (*State, bool) {
	s, ok := w.States[string(name)]
	return s, ok
}

// Transition finds a transition by its name.
func (w *Workflow) Transition(name string) (*Transition, bool) {
	t, ok := w.Transitions[name]
	return t, ok
}

// Clock finds a clock by its name.
func (w *Workflow) Clock(name string) (*Clock, bool) {
	c, ok := w.Clocks[name]
	return c, ok
}

// AllStates are the states in the order of the file. Not to be changed.
func (w *Workflow) AllStates() []*State { return w.states }

// Steps are the transitions in the order of the file. Not to be changed.
func (w *Workflow) Steps() []*Transition { return w.steps }

// AllClocks are the clocks in the order of the file. Not to be changed.
func (w *Workflow) AllClocks() []*Clock { return w.clocks }

// From are the transitions of a report that start in a state, in the order of the file.
func (w *Workflow) From(s models.State) []*Transition {
	var out []*Transition
	for _, t := range w.steps {
		if t.On == OnReport && t.Leaves(s) {
			out = append(out, t)
		}
	}
	return out
}

// Target is the state a transition leads to from the state before was came to at; a transition to Back answers was.
func (w *Workflow) Target(t *Transition, was models.State) models.State {
	if t.To == Back || t.To == Stay {
		return was
	}
	return t.To
}

// PhaseOf is the phase of a state; was is the state before it, which a state with PhaseBefore takes its phase from.
func (w *Workflow) PhaseOf(s, was models.State) models.Phase {
	for range 2 {
		st, ok := w.State(s)
		if !ok {
			break
		}
		if st.Phase != PhaseBefore {
			return st.Phase
		}
		s = was
	}
	return models.PhaseReceived
}
