// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"hientruong/models"
)

// OpenReports are reports that are not over and alike in all that a pack goes by: the version they were filed under, workflow, state,
// category, the code or AreaID of their area, lead unit.
type OpenReports struct {
	Version                               int32
	Workflow, State, Category, Area, Unit string
	Count                                 int
}

// Touched is how many open reports a change is about, and what it means to them. But for working time, which is everybody's, reports
// keep the version they were filed under until they are moved.
type Touched struct {
	Change Change
	Count  int
	Why    string
}

// Touch tells of each change from old to next which open reports it is about: Plan with the number of reports. A nil old is an empty
// pack. What rules say is tried without attributes and words.
func Touch(old, next *Pack, open []OpenReports) []Touched {
	t := toucher{old: old, next: next, at: next.moment(), open: open}
	if old != nil {
		if at := old.moment(); at.After(t.at) {
			t.at = at
		}
		t.route()
	}
	var out []Touched
	for _, c := range Plan(old, next) {
		one := Touched{Change: c}
		about, why := t.about(c)
		for i, o := range open {
			if about(i, o) {
				one.Count += o.Count
			}
		}
		if one.Count > 0 {
			one.Why = why
		}
		out = append(out, one)
	}
	return out
}

type toucher struct {
	old, next *Pack
	at        time.Time
	open      []OpenReports
	rerouted  []map[string]bool // of each group that goes another way, the rules that it went by and would go by
}

// route finds the groups that the two versions route otherwise.
func (t *toucher) route() {
	before, after := ruleKeys(t.old), ruleKeys(t.next)
	for _, o := range t.open {
		was, is := t.old.Route(o.input(t.old, t.at)), t.next.Route(o.input(t.next, t.at))
		keys := map[string]bool{}
		same := was.Lead == is.Lead && was.Urgency == is.Urgency && was.Workflow == is.Workflow && slices.Equal(was.Support, is.Support)
		if !same && was.Rule > 0 {
			keys[before[was.Rule-1]] = true
		}
		if !same && is.Rule > 0 {
			keys[after[is.Rule-1]] = true
		}
		t.rerouted = append(t.rerouted, keys)
	}
}

func (o OpenReports) input(p *Pack, at time.Time) Input {
	in := Input{Category: o.Category, Now: at}
	in.Area.Code, _, _ = strings.Cut(o.Area, "@")
	for _, a := range p.areas.All() {
		if a.Code == in.Area.Code {
			in.Area.Kind = a.Kind
		}
	}
	in.Report.State = o.State
	in.Report.Set(models.UrgencyNormal)
	if c, ok := p.categories[o.Category]; ok && c.SOS {
		in.Report.Set(models.UrgencySOS)
	}
	return in
}

// about tells which groups a change is about, and why.
func (t *toucher) about(c Change) (func(int, OpenReports) bool, string) {
	const stays = "they keep the version they were filed under; moved to this one, "
	none := func(int, OpenReports) bool { return false }
	flow, part, _ := strings.Cut(c.Code, "/")
	switch c.Kind {
	case "unit":
		return func(_ int, o OpenReports) bool { return o.Unit == c.Code }, t.ofUnit(c)
	case "category":
		return func(_ int, o OpenReports) bool { return o.Category == c.Code }, stays + "they would be of a category that is " + c.What
	case "workflow":
		return func(_ int, o OpenReports) bool { return o.Workflow == flow }, stays + "they would run by a workflow that is " + c.What
	case "state":
		return func(_ int, o OpenReports) bool { return o.Workflow == flow && o.State == part }, stays + "they would stand in a state that is " + c.What
	case "transition":
		return func(_ int, o OpenReports) bool { return o.Workflow == flow && t.leaves(flow, part, o.State) }, stays + "a step they can take would be " + c.What
	case "clock":
		return func(_ int, o OpenReports) bool { return o.Workflow == flow && t.worksAgainst(flow, part, o.State) }, stays + "the clock they work against would be " + c.What
	case "rule":
		return func(i int, _ OpenReports) bool { return i < len(t.rerouted) && t.rerouted[i][c.Code] }, stays + "they would go another way"
	case "calendar":
		return func(int, OpenReports) bool { return true }, "working time is everybody's: their deadlines are counted anew once it is in force"
	case "area":
		return func(_ int, o OpenReports) bool { return o.Area != "" && (o.Area == c.Code || o.Area == codeOf(c.Code)) }, stays + "they would lie in an area that is " + c.What
	case "setting":
		if c.Code == "remote" {
			return func(_ int, o OpenReports) bool { return t.remoteOtherwise(o.Area) }, stays + "their category's time would be another"
		}
	}
	return none, ""
}

func (t *toucher) ofUnit(c Change) string {
	if u, ok := t.next.Unit(c.Code); ok && u.Successor != "" {
		return fmt.Sprintf("%s has them in hand; hand its open tasks over to %s", c.Code, u.Successor)
	}
	return c.Code + " has them in hand and keeps them until somebody gives them to another"
}

func codeOf(area string) string {
	code, _, _ := strings.Cut(area, "@")
	return code
}

// leaves tells whether a transition starts in a state, in one version or the other.
func (t *toucher) leaves(flow, step, state string) bool {
	return t.either(flow, func(w *Workflow) bool {
		s, ok := w.Transition(step)
		return ok && s.On == OnReport && s.Leaves(models.State(state))
	})
}

// worksAgainst tells whether a clock is that of a state, in one version or the other.
func (t *toucher) worksAgainst(flow, clock, state string) bool {
	return t.either(flow, func(w *Workflow) bool {
		s, ok := w.State(models.State(state))
		return ok && s.Clock == clock
	})
}

func (t *toucher) either(flow string, yes func(*Workflow) bool) bool {
	for _, p := range []*Pack{t.old, t.next} {
		if p == nil {
			continue
		}
		if w, ok := p.WorkflowNamed(flow); ok && yes(w) {
			return true
		}
	}
	return false
}

// remoteOtherwise tells whether an area's factor differs.
func (t *toucher) remoteOtherwise(area string) bool {
	factor := func(p *Pack) any {
		if p == nil || !p.IsRemote(area) {
			return nil
		}
		return p.settings.Remote.Factor
	}
	return !reflect.DeepEqual(factor(t.old), factor(t.next))
}
