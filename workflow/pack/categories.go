// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"regexp"
	"slices"

	"hientruong/models"
)

// Group is what categories are listed under.
type Group struct {
	Code string `yaml:"code"`
	Name Text   `yaml:"name"`
	Icon string `yaml:"icon"`
}

// Category is a kind of report.
type Category struct {
	Code  string `yaml:"code"`
	Group string `yaml:"group"`
	Name  Text   `yaml:"name"`
	Help  Text   `yaml:"help"`
	Icon  string `yaml:"icon"`
	// Visibility is what a report gets when it is accepted: public, restricted or private.
	Visibility models.Visibility `yaml:"visibility"`
	// Precision is how exactly the public may know the place.
	Precision models.Precision `yaml:"precision"`
	Workflow  string           `yaml:"workflow"`
	// SLA is the time for a normal report, UrgentSLA for an urgent one; a zero UrgentSLA means SLA.
	SLA       Term `yaml:"sla"`
	UrgentSLA Term `yaml:"urgent_sla"`
	// SeveralSLA is the time for a normal report that several units work on; zero means SLA.
	SeveralSLA Term `yaml:"several_sla"`
	// SOS marks the category of calls for rescue; a pack has one at most.
	SOS bool `yaml:"sos"`
	// Approval tells whether the head of the unit approves an answer before it is published.
	Approval   bool        `yaml:"approval"`
	Attributes []Attribute `yaml:"attributes"`
}

// Term is an allowance of time. Exactly one of Minutes, Hours and Days is set. Days are working days, the first not
// counted, where Counts is working, and 24 hours each where it is wall.
type Term struct {
	Counts  models.Counts `yaml:"counts"`
	Minutes int           `yaml:"minutes"`
	Hours   int           `yaml:"hours"`
	Days    int           `yaml:"days"`
}

// IsZero tells whether no time is set.
func (t Term) IsZero() bool { return t.Minutes == 0 && t.Hours == 0 && t.Days == 0 }

// AttributeType is what an attribute holds.
type AttributeType string

// The types of attributes. All values travel as strings: numbers in decimal with a point, bools as "true" and "false".
const (
	AttributeString     AttributeType = "string"
	AttributeNumber     AttributeType = "number"
	AttributeSelect     AttributeType = "select"
	AttributeBool       AttributeType = "bool"
	AttributeFileNumber AttributeType = "file_number" // mã hồ sơ
)

// Attribute is a question that a category asks beyond the description.
type Attribute struct {
	Code     string        `yaml:"code"`
	Type     AttributeType `yaml:"type"`
	Required bool          `yaml:"required"`
	Label    Text          `yaml:"label"`
	Help     Text          `yaml:"help"`
	Options  []Option      `yaml:"options"`
	// Pattern is a regular expression (RE2) that the whole value must match.
	Pattern string `yaml:"pattern"`
	// Max is the greatest length in characters, or the greatest number; 0 is 200 characters, or any number.
	Max int `yaml:"max"`
	// Min is the least number.
	Min int `yaml:"min"`

	pattern *regexp.Regexp
}

// Option is one answer of a select.
type Option struct {
	Key  string `yaml:"key"`
	Name Text   `yaml:"name"`
}

// Attribute finds an attribute of the category by its code.
func (c *Category) Attribute(code string) (*Attribute, bool) {
	i := slices.IndexFunc(c.Attributes, func(a Attribute) bool { return a.Code == code })
	if i < 0 {
		return nil, false
	}
	return &c.Attributes[i], true
}

// Term is the time for a report of the given urgency.
func (c *Category) Term(u models.Urgency) Term {
	if u != models.UrgencyNormal && !c.UrgentSLA.IsZero() {
		return c.UrgentSLA
	}
	return c.SLA
}
