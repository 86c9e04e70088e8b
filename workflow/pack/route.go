// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"fmt"
	"slices"
	"time"

	"hientruong/models"
)

// wardOfReport, as a lead or support, is the ward unit that answers for the report's area.
const wardOfReport = "ward(report)"

// Rule is one line of routing.yaml. The first rule that holds and whose lead exists is taken.
type Rule struct {
	// When is a guard in expr-lang; "true" for always.
	When string `yaml:"when"`
	// Lead and Support are codes of units, or ward(report).
	Lead    string         `yaml:"lead"`
	Support list           `yaml:"support"`
	Urgency models.Urgency `yaml:"urgency"`
	// Workflow is that of the report from here on, "" for the category's.
	Workflow string `yaml:"workflow"`
	Why      Text   `yaml:"why"`

	guard *Guard
	looks []string // what it is the first rule to look at
}

// Outcomes of a rule that was tried.
const (
	StepNo     = "no"      // it does not hold
	StepNoUnit = "no_unit" // it holds, but its lead does not exist here, or not any more
	StepError  = "error"   // it failed on these values
	StepTaken  = "taken"
)

// TraceStep is one rule that was tried: its number from 1, its condition and what came of it. In a compact trace a run of rules that
// do not hold is one step, from Rule to Through, without their conditions, which the pack's version still has.
type TraceStep struct {
	Rule    int    `json:"rule"`
	Through int    `json:"through,omitempty"`
	When    string `json:"when,omitempty"`
	Result  string `json:"result"`
}

// RouteResult is where a report goes. An empty Lead means that no rule names a unit: it waits at the operations centre.
type RouteResult struct {
	Lead    string   `json:"lead"`
	Support []string `json:"support,omitempty"`
	// Urgency is what the rule says, "" where it says nothing.
	Urgency models.Urgency `json:"urgency,omitempty"`
	// Workflow is what the rule says, "" where it says nothing.
	Workflow string `json:"workflow,omitempty"`
	// Rule is the number of the rule taken, from 1; 0 for none.
	Rule int  `json:"rule"`
	Why  Text `json:"why,omitempty"`
	// Trace holds every rule tried, in order, and Values what they looked at.
	Trace  []TraceStep       `json:"trace"`
	Values map[string]string `json:"values"`
}

// Route finds the lead for a report by the pack's ordered rules. It is pure, and never fails: a rule that fails is noted
// in the trace and passed over.
func (p *Pack) Route(in Input) RouteResult {
	e := p.env(in)
	out := RouteResult{Values: map[string]string{}, Trace: make([]TraceStep, 0, len(p.rules))}
	for i := range p.rules {
		r := &p.rules[i]
		p.look(r.looks, e, out.Values)
		step := TraceStep{Rule: i + 1, When: r.When, Result: StepNo}
		lead := ""
		switch yes, err := r.guard.holds(e); {
		case err != nil:
			step.Result = StepError
		case yes:
			step.Result = StepNoUnit
			if lead = p.resolve(r.Lead, in); lead != "" {
				step.Result = StepTaken
			}
		}
		out.Trace = append(out.Trace, step)
		if lead == "" {
			continue
		}
		out.Lead, out.Rule, out.Urgency, out.Why = lead, i+1, r.Urgency, r.Why
		out.Workflow = r.Workflow
		for _, s := range r.Support {
			if unit := p.resolve(s, in); unit != "" && unit != lead && !slices.Contains(out.Support, unit) {
				out.Support = append(out.Support, unit)
			}
		}
		break
	}
	return out
}

// Compact is the result with a trace that is as short when five hundred rules were tried as when five were.
func (r RouteResult) Compact() RouteResult {
	var short []TraceStep
	for _, step := range r.Trace {
		switch last := len(short) - 1; {
		case step.Result != StepNo:
			short = append(short, step)
		case last >= 0 && short[last].Result == StepNo:
			short[last].Through = step.Rule
		default:
			short = append(short, TraceStep{Rule: step.Rule, Through: step.Rule, Result: StepNo})
		}
	}
	r.Trace = short
	return r
}

// look writes down what a rule looks at.
func (p *Pack) look(paths []string, e *env, values map[string]string) {
	for _, path := range paths {
		v, err := p.lenses[path].run(e)
		if err != nil {
			v = "?"
		}
		if t, ok := v.(time.Time); ok {
			v = t.Format(time.RFC3339)
		}
		values[path] = fmt.Sprint(v)
	}
}

// resolve is the unit that a lead or support means at this moment, "" where there is none. Where a unit has ended, its
// successor stands in.
func (p *Pack) resolve(code string, in Input) string {
	if code == wardOfReport {
		return p.ward(in.Area.Code, in.Now)
	}
	for range len(p.units) {
		u, ok := p.units[code]
		if !ok {
			return ""
		}
		if u.ValidAt(in.Now.In(p.zone)) {
			return code
		}
		code = u.Successor
	}
	return ""
}

// ward is the ward unit that answers for an area at a moment, "" where there is none.
func (p *Pack) ward(area string, at time.Time) string {
	for _, code := range p.wards[area] {
		if p.units[code].ValidAt(at.In(p.zone)) {
			return code
		}
	}
	return ""
}
