// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"io/fs"
	"slices"
	"strings"

	"hientruong/models"
)

// workflows reads every file workflow*.yaml.
func (l *loader) workflows() {
	names, err := fs.Glob(l.fsys, "workflow*.yaml")
	if err != nil || len(names) == 0 {
		names = []string{"workflow.yaml"}
	}
	for _, name := range names {
		w := &Workflow{}
		src, ok := l.read(name, w)
		if !ok {
			continue
		}
		w.src = src
		_, taken := l.pack.workflows[w.Name]
		l.code(src, at("workflow"), w.Name, taken)
		l.states(w)
		l.transitions(w)
		l.clocks(w)
		l.pack.workflows[w.Name] = w
		l.pack.flowAll = append(l.pack.flowAll, w)
	}
}

func (l *loader) states(w *Workflow) {
	for _, name := range w.src.keys("states") {
		s := w.States[name]
		if s == nil {
			l.fault(w.src, at("states", name), "state %s is empty; write {phase: working, public: full, label: {vi: …, en: …}}", name)
			continue
		}
		s.Name = models.State(name)
		l.code(w.src, at("states", name), name, false)
		if s.Name == Back || s.Name == Stay {
			l.fault(w.src, at("states", name), "no state can be called %s: as the to of a transition it means something else", name)
		}
		if !s.Phase.Valid() && s.Phase != PhaseBefore {
			l.fault(w.src, at("states", name, "phase"), "state %s: %q is no phase; write received, working, answered, ended or before", name, s.Phase)
		}
		if s.Open311 == "" {
			s.Open311 = s.Phase.Status()
			if s.Phase == PhaseBefore {
				s.Open311 = models.StatusOpen
			}
		}
		if s.Open311 != models.StatusOpen && s.Open311 != models.StatusClosed {
			l.aside(w.src, at("states", name, "open311"), "state %s: %q is no status of Open311; write open or closed", name, s.Open311)
		}
		if !slices.Contains([]models.Shown{models.ShownNone, models.ShownStatus, models.ShownLink, models.ShownFull}, s.Public) {
			l.aside(w.src, at("states", name, "public"), "state %s: %q is nothing the public can see; write none, status, link or full", name, s.Public)
		}
		w.states = append(w.states, s)
	}
}

func (l *loader) transitions(w *Workflow) {
	for _, name := range w.src.keys("transitions") {
		t := w.Transitions[name]
		if t == nil {
			l.fault(w.src, at("transitions", name), "transition %s is empty; write {from: […], to: …, by: […]}", name)
			continue
		}
		t.Name = name
		l.code(w.src, at("transitions", name), name, false)
		w.steps = append(w.steps, t)
		l.subject(w, t)
		for i, e := range t.Does {
			if !slices.Contains(effects(), e) {
				l.fault(w.src, at("transitions", name, "does", i), "transition %s: %q is nothing a transition can do; %s", name, e, instead(string(e), texts(effects()), oneOf(texts(effects()))))
			}
		}
		if t.Auto != "" && t.Auto != AutoRoute && t.Auto != AutoClock {
			l.fault(w.src, at("transitions", name, "auto"), "transition %s: %q takes nothing by itself; write route or clock", name, t.Auto)
		}
		l.demands(w, t)
		if t.When == "" {
			continue
		}
		g, err := compileGuard(t.When, l.machine)
		if err != nil {
			l.aside(w.src, at("transitions", name, "when"), "transition %s: %v", name, err)
			continue
		}
		t.guard = g
	}
}

// subject refuses what a transition cannot be on, and writes out the shorthands of its from.
func (l *loader) subject(w *Workflow, t *Transition) {
	if t.On != OnReport && t.On != OnSupport {
		l.fault(w.src, at("transitions", t.Name, "on"), "transition %s: nothing is called %q to move; write on: support, or leave it out for the report", t.Name, t.On)
	}
	var from []models.State
	for i, s := range t.From {
		states := []models.State{s}
		if s == everyState || strings.HasPrefix(string(s), phaseMark) {
			states = l.shorthand(w, t, i, s)
		}
		for _, one := range states {
			if !slices.Contains(from, one) {
				from = append(from, one)
			}
		}
	}
	t.From = from
}

// The shorthands of a from: every state, and every state of a phase.
const (
	everyState = models.State("*")
	phaseMark  = "@"
)

// shorthand are the states that a shorthand stands for, in the order of the file. A state that keeps the phase before it belongs to
// received and to working.
func (l *loader) shorthand(w *Workflow, t *Transition, i int, s models.State) []models.State {
	where := at("transitions", t.Name, "from", i)
	if t.On == OnSupport {
		l.fault(w.src, where, "transition %s: %q stands for states of a report, not of a supporting task; write from: [open, working]", t.Name, s)
		return nil
	}
	phase := models.Phase(strings.TrimPrefix(string(s), phaseMark))
	if s != everyState && !phase.Valid() {
		l.fault(w.src, where, "transition %s: there is no phase %q; write @received, @working, @answered or @ended, or * for every state", t.Name, phase)
	}
	var out []models.State
	for _, state := range w.states {
		kept := state.Phase == PhaseBefore && (phase == models.PhaseReceived || phase == models.PhaseWorking)
		if s == everyState || state.Phase == phase || kept {
			out = append(out, state.Name)
		}
	}
	return out
}

// demands refuses values that a demand cannot have.
func (l *loader) demands(w *Workflow, t *Transition) {
	for _, d := range t.Demands {
		where := at("transitions", t.Name, "demands", string(d.Kind))
		for _, v := range d.AnyOf {
			if known := d.known(); !slices.Contains(known, v) {
				l.aside(w.src, where, "transition %s: %s cannot be %q; write one of %s", t.Name, d.Kind, v, strings.Join(known, ", "))
			}
		}
		for _, v := range d.Unless {
			if known := (Demand{Kind: DemandOutcome}).known(); !slices.Contains(known, v) {
				l.aside(w.src, where, "transition %s: %q is no outcome; write one of %s", t.Name, v, strings.Join(known, ", "))
			}
		}
		if d.Min < 0 || d.Max < 0 || d.Max > 0 && d.Max < d.Min {
			l.fault(w.src, where, "transition %s: %s asks for %d to %d characters; write {min: 30}", t.Name, d.Kind, d.Min, d.Max)
		} else if d.Max > LongestText || d.Max == 0 && d.Min > UsualText {
			l.fault(w.src, where, "transition %s: no text is longer than %d characters, nor than %d without a max; write %s: {min: 30}", t.Name, LongestText, UsualText, d.Kind)
		}
	}
}

func effects() []Effect {
	return []Effect{EffectAccept, EffectRoute, EffectAssign, EffectReturn, EffectMerge, EffectTransfer, EffectApprove, EffectPublish,
		EffectRate, EffectReopen, EffectAppeal, EffectClassify, EffectRedact, EffectHide, EffectShow, EffectSplit, EffectExtend, EffectUrge,
		EffectDirect, EffectHand, EffectSupport, EffectUrgency}
}

func (l *loader) clocks(w *Workflow) {
	for _, name := range w.src.keys("clocks") {
		c := w.Clocks[name]
		if c == nil {
			l.fault(w.src, at("clocks", name), "clock %s is empty; write {due: {days: 3}, label: {vi: …, en: …}}", name)
			continue
		}
		c.Name = name
		l.code(w.src, at("clocks", name), name, false)
		w.clocks = append(w.clocks, c)
		if !c.Due.ByCategory {
			l.term(w.src, at("clocks", name, "due"), &c.Due.Term)
		}
		switch {
		case c.UrgentDue.IsZero():
		case c.Due.ByCategory:
			l.fault(w.src, at("clocks", name, "urgent_due"), "clock %s is the category's, whose urgent_sla is for urgent reports; drop urgent_due", name)
		default:
			l.term(w.src, at("clocks", name, "urgent_due"), &c.UrgentDue)
		}
		for i, r := range c.Remind {
			if r < 1 || r > 99 {
				l.aside(w.src, at("clocks", name, "remind", i), "clock %s: a reminder comes after 1 to 99 percent of the time, not %d", name, r)
			}
		}
		l.escalation(w, c)
	}
}

// escalation refuses steps to nobody, out of order, or counted otherwise than the clock.
func (l *loader) escalation(w *Workflow, c *Clock) {
	for i, step := range c.Overdue.Escalate {
		where := at("clocks", c.Name, "overdue", "escalate", i)
		if !slices.Contains([]Escalation{EscalateParent, EscalateOperations, EscalateLeader}, step.To) {
			l.fault(w.src, where, "clock %s: %q cannot be escalated to; write parent, operations or leader", c.Name, step.To)
		}
		if step.After.Counts != "" {
			l.fault(w.src, where, "clock %s: an escalation counts as its clock does; leave counts out", c.Name)
		}
		if !step.After.IsZero() {
			l.term(w.src, where, &Term{Counts: step.After.Counts, Minutes: step.After.Minutes, Hours: step.After.Hours, Days: step.After.Days})
		}
		if i > 0 && step.After.allowance() <= c.Overdue.Escalate[i-1].After.allowance() {
			l.fault(w.src, where, "clock %s: step %d of the escalation comes no later than the one before; write after: {days: 2}", c.Name, i+1)
		}
	}
}
