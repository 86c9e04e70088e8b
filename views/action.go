// SPDX-License-Identifier: Apache-2.0

package views

import (
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Offer is a step that a caller may take now, as the workflow offers it.
type Offer struct {
	Transition *pack.Transition
	TaskID     *uuid.UUID
	Version    int64          // of the task where there is one, else of the report
	Handlers   []models.Staff // who of the unit can be given the task
}

// Action is a step that a caller may take now, and what has to come with it.
type Action struct {
	Name    string         `json:"name"`
	Label   string         `json:"label"`
	Primary bool           `json:"primary" doc:"What people usually do here"`
	TaskID  *uuid.UUID     `json:"task_id,omitempty" format:"uuid" doc:"The part that it is about, to be sent with it: the lead's, or the supporting one that it moves"`
	Version int64          `json:"version" doc:"For If-Match: the task's where there is one, else the report's"`
	Demands []ActionDemand `json:"demands"`
}

// ActionDemand is one field of what is sent with an action.
type ActionDemand struct {
	Field     string          `json:"field" doc:"The field of the action that answers it"`
	Type      pack.DemandKind `json:"type" enum:"answer,note,question,reason,redacted_text,outcome,proof,unit,support_units,category,until,duplicate_of,rating,result,directive,document,handler,urgency"`
	Required  bool            `json:"required"`
	MinLength int             `json:"min_length,omitempty" doc:"Characters"`
	MaxLength int             `json:"max_length,omitempty" doc:"Characters"`
	Options   []Option        `json:"options,omitempty" doc:"Of which one is chosen; for a proof, of which one is enough"`
}

// Actions assembles the steps that are offered for a report under its pack.
func (a Assembler) Actions(p *pack.Pack, offers []Offer) []Action {
	out := make([]Action, 0, len(offers))
	for _, o := range offers {
		t := o.Transition
		action := Action{Name: t.Name, Label: a.words(t.Label), Primary: t.Primary, TaskID: o.TaskID, Version: o.Version, Demands: []ActionDemand{}}
		for _, d := range t.Demands {
			action.Demands = append(action.Demands, ActionDemand{
				Field: d.Field(), Type: d.Kind, Required: d.Required, MinLength: d.Min, MaxLength: d.Max, Options: a.options(p, d, o),
			})
		}
		out = append(out, action)
	}
	return out
}

// options are what there is to choose from, nil where something is written.
func (a Assembler) options(p *pack.Pack, d pack.Demand, o Offer) []Option {
	switch d.Kind {
	case pack.DemandReason:
		var out []Option
		for _, r := range p.Reasons(d.Reasons) {
			out = append(out, Option{Key: r.Code, Name: a.words(r.Label)})
		}
		return out
	case pack.DemandOutcome:
		return a.keys(p, "outcome.", d.AnyOf, string(models.OutcomeFixed), string(models.OutcomePlanned),
			string(models.OutcomeNothingFound), string(models.OutcomeNotPossible))
	case pack.DemandRating:
		return a.keys(p, "rating.", d.AnyOf, string(models.LevelSatisfied), string(models.LevelAcceptable), string(models.LevelUnsatisfied))
	case pack.DemandUrgency:
		return a.keys(p, "urgency.", d.AnyOf, string(models.UrgencyNormal), string(models.UrgencyUrgent), string(models.UrgencySOS))
	case pack.DemandProof:
		return a.keys(p, "proof.", d.AnyOf, pack.ProofAfterPhoto, pack.ProofDocument)
	case pack.DemandUnit, pack.DemandSupport:
		return a.unitOptions(p)
	case pack.DemandHandler:
		var out []Option
		for _, m := range o.Handlers {
			out = append(out, Option{Key: m.ID.String(), Name: m.Name})
		}
		return out
	case pack.DemandCategory:
		var out []Option
		for _, c := range p.Categories() {
			out = append(out, Option{Key: c.Code, Name: a.words(c.Name)})
		}
		return out
	case pack.DemandAnswer, pack.DemandNote, pack.DemandQuestion, pack.DemandRedactedText, pack.DemandUntil, pack.DemandDuplicateOf,
		pack.DemandResult, pack.DemandDirective, pack.DemandDocument:
	}
	return nil
}

// unitOptions are the units that exist today.
func (a Assembler) unitOptions(p *pack.Pack) []Option {
	var out []Option
	for _, u := range p.Units() {
		if u.ValidAt(a.Now.In(p.Zone())) {
			out = append(out, Option{Key: u.Code, Name: a.words(u.Name)})
		}
	}
	return out
}

// keys are options whose names the pack's words can give; else a key names itself, and
// clients have words of their own for these closed sets.
func (a Assembler) keys(p *pack.Pack, prefix string, allowed []string, all ...string) []Option {
	if len(allowed) > 0 {
		all = allowed
	}
	var out []Option
	for _, key := range all {
		option := Option{Key: key, Name: key}
		if t, ok := p.Words(prefix + key); ok {
			option.Name = a.words(t)
		}
		out = append(out, option)
	}
	return out
}
