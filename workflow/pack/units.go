// SPDX-License-Identifier: Apache-2.0

package pack

import "time"

// UnitKind is what sort of body a unit is.
type UnitKind string

// The kinds of units.
const (
	UnitCity       UnitKind = "city"
	UnitIOC        UnitKind = "ioc" // the operations centre
	UnitDepartment UnitKind = "department"
	UnitUtility    UnitKind = "utility"
	UnitWard       UnitKind = "ward"
)

// Unit is a body that works on reports. Units are a tree; they come and go by date.
type Unit struct {
	Code   string   `yaml:"code"`
	Name   Text     `yaml:"name"`
	Kind   UnitKind `yaml:"kind"`
	Parent string   `yaml:"parent"`
	// AgencyCode is the state's identification code of the agency.
	AgencyCode string `yaml:"agency_code"`
	// ValidFrom and ValidTo are days (YYYY-MM-DD), both included; "" is without a limit.
	ValidFrom string `yaml:"valid_from"`
	ValidTo   string `yaml:"valid_to"`
	// Successor is the code of the unit that took over.
	Successor string `yaml:"successor"`
	// StandIn is the code of the unit that takes what this one, and those below it, cannot; "" is that of its parent.
	StandIn string `yaml:"stand_in"`
	// Areas are the codes of the areas a ward unit answers for.
	Areas []string `yaml:"areas"`
	// Calendar is the working time of the unit; "" is that of its parent, and of the pack at the top.
	Calendar string `yaml:"calendar"`
}

// ValidAt tells whether the unit exists on the day of t, in t's zone.
func (u Unit) ValidAt(t time.Time) bool {
	day := t.Format(time.DateOnly)
	return (u.ValidFrom == "" || u.ValidFrom <= day) && (u.ValidTo == "" || day <= u.ValidTo)
}

// StandIn is the unit that takes what a unit cannot: its own stand-in, else that of its parents, else the pack's; "" where that is
// the unit itself or there is none.
func (p *Pack) StandIn(code string) string {
	at := code
	for range len(p.units) + 1 {
		u, ok := p.units[at]
		if !ok {
			break
		}
		if u.StandIn != "" && u.StandIn != code {
			return u.StandIn
		}
		at = u.Parent
	}
	if p.settings.StandIn == code {
		return ""
	}
	return p.settings.StandIn
}
