// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"

	"hientruong/models"
)

func (c *checker) clockNames(w *Workflow, where []any, clocks list) {
	for _, name := range clocks {
		if _, ok := w.Clocks[name]; name != "" && !ok {
			c.fault(w.src.name, where, "there is no clock %q; %s", name, instead(name, names(w.Clocks), oneOf(names(w.Clocks))))
		}
	}
}

// clock checks what happens when a clock runs out, and that something starts it.
func (c *checker) clock(w *Workflow, k *Clock) {
	if !w.Starts.Has(k.Name) && w.SupportClock != k.Name && !slices.ContainsFunc(w.steps, func(t *Transition) bool { return t.Starts.Has(k.Name) }) {
		c.fault(w.src.name, at("clocks", k.Name), "nothing starts the clock %s; write starts: %s in a transition, or support_clock: %s at the top", k.Name, k.Name, k.Name)
	}
	if k.Overdue.Take == "" && len(k.Overdue.Escalate) == 0 {
		c.fault(w.src.name, at("clocks", k.Name), "nothing happens when the clock %s runs out; write overdue: {escalate: parent} or {take: a transition}", k.Name)
	}
	if k.Overdue.Take != "" {
		c.taken(w, k)
	}
}

// taken checks the transition that a clock takes when it runs out.
func (c *checker) taken(w *Workflow, k *Clock) {
	where := at("clocks", k.Name, "overdue", "take")
	t, ok := w.Transitions[k.Overdue.Take]
	if !ok {
		c.fault(w.src.name, where, "clock %s: there is no transition %q; %s", k.Name, k.Overdue.Take, instead(k.Overdue.Take, names(w.Transitions), "write the name of one"))
		return
	}
	if t.Auto != AutoClock {
		c.fault(w.src.name, where, "clock %s takes %s, which says nothing of it; write auto: clock there", k.Name, t.Name)
	}
	d, wants := t.Demands.Get(DemandReason)
	if _, known := c.pack.Reason(d.Reasons, k.Overdue.Reason); wants && d.Required && !known && c.sane("reasons.yaml") {
		c.fault(w.src.name, at("clocks", k.Name, "overdue"), "clock %s: %q is no reason of the list %q that %s demands; %s", k.Name, k.Overdue.Reason, d.Reasons, t.Name,
			instead(k.Overdue.Reason, reasonCodes(c.pack.reasons[d.Reasons]), oneOf(reasonCodes(c.pack.reasons[d.Reasons]))))
	}
	for _, d := range t.Demands {
		if d.Required && d.Kind != DemandReason {
			c.fault(w.src.name, where, "clock %s takes %s, which demands %s, and a clock has none; let it demand a reason at most", k.Name, t.Name, d.Kind)
		}
	}
	if stuck := w.stuck(k, t); c.sound && len(stuck) > 0 {
		c.fault(w.src.name, where, "the clock %s can run out in %s, which %s cannot leave; add that to its from, or stop the clock on the way", k.Name, joinAnd(stuck), t.Name)
	}
}

func reasonCodes(all []Reason) []string {
	out := make([]string, len(all))
	for i, r := range all {
		out[i] = r.Code
	}
	return out
}

// stuck are the states in which a clock can run, whatever way the report went, and which the transition that it takes cannot leave.
func (w *Workflow) stuck(k *Clock, take *Transition) []models.State {
	type counting struct {
		at   standing
		runs bool
	}
	stuck := map[models.State]bool{}
	seen := map[counting]bool{}
	queue := []counting{{standing{state: w.Initial, before: w.Initial}, w.Starts.Has(k.Name)}}
	for len(queue) > 0 {
		here := queue[0]
		queue = queue[1:]
		if seen[here] {
			continue
		}
		seen[here] = true
		stuck[here.at.state] = stuck[here.at.state] || here.runs && !take.Leaves(here.at.state)
		for _, t := range w.steps {
			if t.On == OnSupport || !t.Leaves(here.at.state) {
				continue
			}
			next := counting{here.at.after(t), t.runs(k.Name, here.runs)}
			next.at.has = 0
			if s, ok := w.State(next.at.state); ok && s.Phase == models.PhaseEnded {
				next.runs = false
			}
			queue = append(queue, next)
		}
	}
	var out []models.State
	for _, s := range w.states {
		if stuck[s.Name] {
			out = append(out, s.Name)
		}
	}
	return out
}

// runs tells whether a clock runs after a transition, if it did so before or not.
func (t *Transition) runs(clock string, before bool) bool {
	switch {
	case t.Starts.Has(clock) || t.Resumes.Has(clock):
		return true
	case t.Stops.Has(clock) || t.Pauses.Has(clock):
		return false
	default:
		return before
	}
}
