// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Text is words for people, by language code. Vietnamese ("vi") is always there in a pack that checks clean.
type Text map[string]string

// In is the text in a language, else in Vietnamese.
func (t Text) In(language string) string {
	if s := t[language]; s != "" {
		return s
	}
	return t["vi"]
}

// Settings is pack.yaml: the jurisdiction itself.
type Settings struct {
	ID   string `yaml:"id"`
	Name Text   `yaml:"name"`
	// Prefix begins every public code of a report.
	Prefix string `yaml:"prefix"`
	// Zone is an IANA name.
	Zone      string      `yaml:"zone"`
	Languages []string    `yaml:"languages"`
	Emergency []Emergency `yaml:"emergency"`
	Limits    Limits      `yaml:"limits"`
	// Operations is the code of the unit that is the operations centre.
	Operations string `yaml:"operations"`
	// GuestReports tells whether a report may be sent without a token.
	GuestReports bool `yaml:"guest_reports"`
	// MinClient is the oldest version of the phone's program that may still talk, "" for any.
	MinClient string `yaml:"min_client"`
	Banner    Text   `yaml:"banner"`
	// StandIn is the code of the unit that takes what a unit without a stand-in of its own, or of its parents, cannot.
	StandIn string `yaml:"stand_in"`
	// Remote are the areas whose category's time is longer.
	Remote Remote `yaml:"remote"`
	// Words are lists of words by name. A rule asks for a list that the description hit: "chap-dien" in report.words.
	Words map[string]list `yaml:"words"`
}

// Remote are the areas that are far to go to. Areas are codes; the Factor, of a category's time, is 1 or more, in steps of a tenth.
type Remote struct {
	Areas  list    `yaml:"areas"`
	Factor float64 `yaml:"factor"`
}

// Emergency is a number to call.
type Emergency struct {
	Number string `yaml:"number"`
	Name   Text   `yaml:"name"`
}

// Limits is what a submission may hold at most.
type Limits struct {
	Description int   `yaml:"description"`  // characters
	Photos      int   `yaml:"photos"`       // a report
	PhotoBytes  int64 `yaml:"photo_bytes"`  // a photo, as it is sent
	PhotoPixels int64 `yaml:"photo_pixels"` // a photo
}

// RoleWords is how a role is called in this jurisdiction.
type RoleWords struct {
	Label Text `yaml:"label"`
	Help  Text `yaml:"help"`
}

// Reason is one reason to choose from; Text is what the citizen reads.
type Reason struct {
	Code  string `yaml:"code"`
	Label Text   `yaml:"label"`
	Text  Text   `yaml:"text"`
}

// The names of the reason lists that every pack has; a demand may name others.
const (
	ReasonsReject   = "reject"
	ReasonsHide     = "hide"
	ReasonsReturn   = "return"
	ReasonsTransfer = "transfer"
)

// list is a YAML list of which one alone may be written without brackets.
type list []string

// UnmarshalYAML reads "a" as well as ["a"].
func (l *list) UnmarshalYAML(n ast.Node) error {
	if _, ok := n.(*ast.SequenceNode); ok {
		return yaml.NodeToValue(n, (*[]string)(l), yaml.Strict())
	}
	var one string
	if err := yaml.NodeToValue(n, &one, yaml.Strict()); err != nil {
		return err
	}
	*l = list{one}
	return nil
}

// Has tells whether s is in the list.
func (l list) Has(s string) bool { return slices.Contains(l, s) }
