// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"hientruong/models"
)

// DemandKind is what a transition can demand. The set is closed.
type DemandKind string

// The demands.
const (
	DemandAnswer       DemandKind = "answer"        // what the public will read of what was done
	DemandNote         DemandKind = "note"          // why, for those who work on it and, where it ends, for the citizen
	DemandQuestion     DemandKind = "question"      // to the citizen
	DemandReason       DemandKind = "reason"        // a code of a list of reasons.yaml
	DemandRedactedText DemandKind = "redacted_text" // the description without personal data
	DemandOutcome      DemandKind = "outcome"
	DemandProof        DemandKind = "proof" // one of the kinds of photos, or a document
	DemandUnit         DemandKind = "unit"
	DemandSupport      DemandKind = "support_units"
	DemandCategory     DemandKind = "category"
	DemandUntil        DemandKind = "until" // a date
	DemandDuplicateOf  DemandKind = "duplicate_of"
	DemandRating       DemandKind = "rating"
	DemandResult       DemandKind = "result"    // what a supporting unit did
	DemandDirective    DemandKind = "directive" // what a leader orders
	DemandDocument     DemandKind = "document"  // the number of a document
	DemandHandler      DemandKind = "handler"   // the id of a staff member of the unit
	DemandUrgency      DemandKind = "urgency"
)

// fields maps each demand to the field of an action that answers it.
func (k DemandKind) field() string {
	switch k {
	case DemandAnswer, DemandNote, DemandQuestion, DemandResult, DemandDirective:
		return "text"
	case DemandReason:
		return "reason_code"
	case DemandProof:
		return "photo_ids"
	case DemandRedactedText, DemandOutcome, DemandUnit, DemandSupport, DemandCategory, DemandUntil, DemandDuplicateOf, DemandRating, DemandDocument,
		DemandHandler, DemandUrgency:
		return string(k)
	}
	return ""
}

// demandKinds lists the kinds for a fault.
func demandKinds() []string {
	return []string{"answer", "note", "question", "reason", "redacted_text", "outcome", "proof", "unit", "support_units",
		"category", "until", "duplicate_of", "rating", "result", "directive", "document", "handler", "urgency"}
}

// Proofs that a demand for proof can name.
const (
	ProofAfterPhoto = "after_photo"
	ProofDocument   = "document"
)

// The longest texts, in characters: that the database keeps, and that come with a step where the pack sets no limit.
const (
	LongestText = 20_000
	UsualText   = 10_000
)

// Demand is one thing a transition demands.
type Demand struct {
	Kind     DemandKind
	Required bool
	// Min and Max are characters of a text; 0 is no bound.
	Min, Max int
	// AnyOf are the kinds of proof of which one is enough, or the outcomes or levels that are allowed; none is all.
	AnyOf []string
	// Reasons is the list of reasons.yaml that a reason is taken from.
	Reasons string
	// Unless are outcomes with which the demand falls away.
	Unless []string
}

// Field is the field of an action that answers the demand, as api clients send it.
func (d Demand) Field() string { return d.Kind.field() }

// Demands are a transition's, in the order of the file.
type Demands []Demand

// Get finds a demand by its kind.
func (d Demands) Get(k DemandKind) (Demand, bool) {
	i := slices.IndexFunc(d, func(one Demand) bool { return one.Kind == k })
	if i < 0 {
		return Demand{}, false
	}
	return d[i], true
}

// demandSpec is a demand written out as a mapping.
type demandSpec struct {
	Required *bool    `yaml:"required"`
	Min      int      `yaml:"min"`
	Max      int      `yaml:"max"`
	AnyOf    []string `yaml:"any_of"`
	From     string   `yaml:"from"`
	Unless   []string `yaml:"unless"`
}

// UnmarshalYAML reads a mapping of kinds; a value is true, optional, a list (any of these will do), the name of a list of
// reasons, or a mapping.
func (d *Demands) UnmarshalYAML(n ast.Node) error {
	if n.Type() != ast.MappingType && n.Type() != ast.MappingValueType {
		return fmt.Errorf("demands are a mapping such as {answer: {min: 30}, outcome: true}")
	}
	for _, v := range pairs(n) {
		one := Demand{Kind: DemandKind(v.Key.GetToken().Value), Required: true}
		if one.Field() == "" {
			return &yaml.SyntaxError{Token: v.Key.GetToken(),
				Message: fmt.Sprintf("nothing is called %q to demand; write one of %s", one.Kind, strings.Join(demandKinds(), ", "))}
		}
		if err := one.read(v.Value); err != nil {
			return err
		}
		*d = append(*d, one)
	}
	return nil
}

func (d *Demand) read(n ast.Node) error {
	switch n := n.(type) {
	case *ast.BoolNode:
		d.Required = n.Value
	case *ast.StringNode:
		if n.Value == "optional" {
			d.Required = false
		} else {
			d.Reasons = n.Value
		}
	case *ast.SequenceNode:
		return yaml.NodeToValue(n, &d.AnyOf, yaml.Strict())
	default:
		var s demandSpec
		if err := yaml.NodeToValue(n, &s, yaml.Strict()); err != nil {
			return err
		}
		d.Min, d.Max, d.AnyOf, d.Reasons, d.Unless = s.Min, s.Max, s.AnyOf, s.From, s.Unless
		d.Required = s.Required == nil || *s.Required
	}
	return nil
}

// known lists what AnyOf of the demand may hold; nil where it has none.
func (d Demand) known() []string {
	switch d.Kind {
	case DemandProof:
		return []string{ProofAfterPhoto, ProofDocument}
	case DemandOutcome:
		return []string{string(models.OutcomeFixed), string(models.OutcomePlanned), string(models.OutcomeNothingFound), string(models.OutcomeNotPossible)}
	case DemandRating:
		return []string{string(models.LevelSatisfied), string(models.LevelAcceptable), string(models.LevelUnsatisfied)}
	default:
		return nil
	}
}
