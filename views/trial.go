// SPDX-License-Identifier: Apache-2.0

package views

import (
	"time"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Trial is where a report would go and when it would be due, were it filed.
type Trial struct {
	Pack      int32             `json:"pack" doc:"The number of the version that was asked"`
	Category  CategoryRef       `json:"category"`
	Area      *AreaRef          `json:"area" doc:"Null for a place outside every area, or without a place"`
	Urgency   models.Urgency    `json:"urgency" enum:"normal,urgent,sos"`
	Workflow  Named             `json:"workflow"`
	Lead      *UnitRef          `json:"lead" doc:"Null where no rule names a unit: it would wait at the operations centre"`
	Support   []UnitRef         `json:"support"`
	Rule      int               `json:"rule" doc:"The number of the rule that was taken, from 1; 0 for none"`
	Why       string            `json:"why,omitempty" doc:"What the rule gives as its reason"`
	Steps     []pack.TraceStep  `json:"steps" doc:"Every rule that was tried, in order: no, no_unit, error or taken"`
	Values    map[string]string `json:"values" doc:"What the rules looked at"`
	Deadlines []TrialDeadline   `json:"deadlines" doc:"The clocks that would run once it is taken on, were that at the same moment"`
}

// TrialDeadline is a clock that would run.
type TrialDeadline struct {
	Kind   string        `json:"kind" doc:"The pack's clock"`
	Label  string        `json:"label,omitempty"`
	DueAt  time.Time     `json:"due_at"`
	Counts models.Counts `json:"counts" enum:"working,wall"`
	Unit   *UnitRef      `json:"unit,omitempty" doc:"In whose working time it counts"`
	Rule   string        `json:"rule" doc:"What sets it"`
}

// Trial assembles a trial. It fails as Render does.
func (a Assembler) Trial(r *models.Report, route pack.RouteResult, deadlines []models.Deadline) (Trial, error) {
	s, err := a.sight(models.ViewOperations, r, nil)
	if err != nil {
		return Trial{}, err
	}
	out := Trial{
		Pack: r.PackVersion, Category: *s.categoryRef(), Area: s.areaRef(), Urgency: r.Urgency, Workflow: Named{Code: r.Workflow, Name: r.Workflow},
		Support: []UnitRef{}, Rule: route.Rule, Why: s.words(route.Why), Steps: route.Trace, Values: route.Values, Deadlines: []TrialDeadline{},
	}
	if s.flow != nil {
		out.Workflow.Name = s.words(s.flow.Label)
	}
	if route.Lead != "" {
		lead := s.unitRef(route.Lead)
		out.Lead = &lead
	}
	for _, code := range route.Support {
		out.Support = append(out.Support, s.unitRef(code))
	}
	for _, d := range deadlines {
		one := TrialDeadline{Kind: d.Kind, DueAt: d.DueAt.UTC(), Counts: d.Counts, Rule: d.Rule}
		if s.flow != nil {
			if clock, ok := s.flow.Clock(d.Kind); ok {
				one.Label = s.words(clock.Label)
			}
		}
		if d.Unit != nil {
			unit := s.unitRef(*d.Unit)
			one.Unit = &unit
		}
		out.Deadlines = append(out.Deadlines, one)
	}
	return out, nil
}
