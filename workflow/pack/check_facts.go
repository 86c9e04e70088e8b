// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"strings"

	"hientruong/models"
)

// facts are what a report must have before a state may hold it: a set of bits.
type facts uint8

const (
	hasAcceptance facts = 1 << iota
	hasAnswer
	hasOutcome
	hasPublication
)

// inPhase are the facts that a phase stands for.
func inPhase(p models.Phase) facts {
	switch p {
	case models.PhaseWorking:
		return hasAcceptance
	case models.PhaseAnswered:
		return hasAcceptance | hasAnswer | hasOutcome | hasPublication
	case models.PhaseReceived, models.PhaseEnded:
	}
	return 0
}

// gains are the facts that a transition adds for sure.
func (t *Transition) gains() facts {
	var out facts
	if t.Has(EffectAccept) {
		out |= hasAcceptance
	}
	if t.Has(EffectPublish) {
		out |= hasPublication
	}
	for _, d := range t.Demands {
		switch {
		case d.Kind == DemandAnswer && d.Required && len(d.Unless) == 0:
			out |= hasAnswer
		case d.Kind == DemandOutcome && d.Required:
			out |= hasOutcome
		}
	}
	return out
}

// remedy says how to gain the first facts that are missing.
func (f facts) remedy() string {
	var out []string
	for _, r := range []struct {
		fact facts
		text string
	}{
		{hasAcceptance, "does: [accept]"}, {hasAnswer, "demands: {answer: {min: 30}}"}, {hasOutcome, "demands: {outcome: true}"},
		{hasPublication, "does: [publish]"},
	} {
		if f&r.fact != 0 {
			out = append(out, r.text)
		}
	}
	return strings.Join(out, ", ")
}

// standing is a report as far as its state is concerned.
type standing struct {
	state, before models.State
	has           facts
}

// lacks follows every way a report can go, guards apart, and finds the transitions that bring it to a state without what its phase
// stands for: no unit works on what was not accepted, and nothing counts as answered without a published answer and an outcome.
func (c *checker) lacks(w *Workflow) {
	if initial, ok := w.State(w.Initial); ok && initial.Phase != models.PhaseReceived {
		c.fault(w.src.name, at("states", string(w.Initial), "phase"), "every report begins in %s, and nobody has looked at it yet; write phase: received", w.Initial)
		return
	}
	told := map[string]bool{}
	seen := map[standing]bool{}
	queue := []standing{{state: w.Initial, before: w.Initial}}
	for len(queue) > 0 {
		here := queue[0]
		queue = queue[1:]
		if seen[here] {
			continue
		}
		seen[here] = true
		for _, t := range w.steps {
			if !t.Leaves(here.state) || t.On == OnSupport {
				continue
			}
			next := here.after(t)
			missing := inPhase(w.PhaseOf(next.state, next.before)) &^ next.has
			if missing == 0 {
				queue = append(queue, next)
			} else if !told[t.Name] {
				told[t.Name] = true
				c.fault(w.src.name, at("transitions", t.Name), "transition %s brings a report to %s without what that stands for; write %s here or on every way to it", t.Name, next.state, missing.remedy())
			}
		}
	}
}

func (s standing) after(t *Transition) standing {
	next := s
	next.has |= t.gains()
	switch t.To {
	case Stay:
		return next
	case Back:
		next.state = s.before
	default:
		next.state = t.To
	}
	if next.state != s.state {
		next.before = s.state
	}
	return next
}
