// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"

	"hientruong/models"
)

// approval finds the transitions that wait for an approval that nothing gives.
func (c *checker) approval(w *Workflow) {
	if !c.sane("categories.yaml") || slices.ContainsFunc(w.steps, func(t *Transition) bool { return t.Has(EffectApprove) }) {
		return
	}
	wanted := slices.ContainsFunc(c.pack.categoryAll, func(cat *Category) bool { return cat.Approval })
	for _, t := range w.steps {
		if t.guard == nil || !t.guard.approved || !wanted && slices.Contains(t.guard.paths, "category.approval") {
			continue
		}
		c.fault(w.src.name, at("transitions", t.Name), "%s asks for report.approved, but nothing in this workflow does: [approve]; write a transition that does", t.Name)
	}
}

// paused finds the clocks that stand still while people work against them: paused on the way into a state, and not resumed on the
// way out of it.
func (c *checker) paused(w *Workflow) {
	for _, t := range w.steps {
		for _, k := range t.Resumes {
			if !slices.ContainsFunc(w.steps, func(o *Transition) bool { return o.Pauses.Has(k) || o.Stops.Has(k) }) {
				c.fault(w.src.name, at("transitions", t.Name, "resumes"), "%s resumes %s, which nothing pauses or stops; write pauses: %s in a transition, or leave it out", t.Name, k, k)
			}
		}
		for _, k := range w.clocks {
			if from, to := w.still(t, k.Name); to != "" {
				c.fault(w.src.name, at("transitions", t.Name), "%s leads to %s, which works against %s, but %s was paused on the way to %s; write resumes: %s", t.Name, to, k.Name, k.Name, from, k.Name)
			}
		}
	}
}

// still is a state into which a clock is paused, and one that works against it and that a transition leads to from there without
// letting it run; "" where there is none.
func (w *Workflow) still(t *Transition, clock string) (from, to models.State) {
	if !t.moves() || t.Starts.Has(clock) || t.Resumes.Has(clock) {
		return "", ""
	}
	for _, in := range w.steps {
		if !in.moves() || !in.Pauses.Has(clock) || !t.Leaves(in.To) {
			continue
		}
		targets := []models.State{t.To}
		if t.To == Back {
			targets = in.From
		}
		for _, s := range targets {
			if state, ok := w.State(s); ok && s != in.To && state.Clock == clock {
				return in.To, s
			}
		}
	}
	return "", ""
}
