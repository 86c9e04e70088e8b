// SPDX-License-Identifier: Apache-2.0

// Package pack is what a jurisdiction decides for itself, as files: its units, categories, workflows, routing rules,
// working time and words. Parse reads them into an immutable Pack, Check proves it before it is loaded, Plan shows what a
// new version changes, and a Store holds all versions of all jurisdictions.
package pack

import (
	"encoding/hex"
	"time"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/calendar"
)

// Pack is one version of a jurisdiction's files. It never changes and is safe for concurrent use; what its methods hand
// out must not be changed either.
type Pack struct {
	settings    Settings
	zone        *time.Location
	units       map[string]*Unit
	unitList    []*Unit
	wards       map[string][]string
	groups      []Group
	categories  map[string]*Category
	categoryAll []*Category
	workflows   map[string]*Workflow
	flowAll     []*Workflow
	rules       []Rule
	lenses      map[string]*Guard
	calendars   map[string]*calendar.Calendar
	calendar    *calendar.Calendar
	working     calendarFile
	roles       map[models.Role]RoleWords
	reasons     map[string][]Reason
	words       map[string]Text
	lists       []wordList
	templates   []Template
	areas       *geo.Areas
	areaByID    map[string]geo.Area
	digest      [32]byte
	sources     map[string]*source
}

// Settings are those of pack.yaml.
func (p *Pack) Settings() Settings { return p.settings }

// ID is the jurisdiction's, such as "demo".
func (p *Pack) ID() string { return p.settings.ID }

// Zone is the zone in which the jurisdiction lives.
func (p *Pack) Zone() *time.Location { return p.zone }

// Digest is a SHA-256 over the names and bytes of the pack's files.
func (p *Pack) Digest() [32]byte { return p.digest }

// DigestHex is the Digest in hexadecimal.
func (p *Pack) DigestHex() string { return hex.EncodeToString(p.digest[:]) }

// Bounds is the box around the areas, in degrees.
func (p *Pack) Bounds() geo.Bounds { return p.areas.Bounds() }

// Areas finds the area of a point, among those in force without an end. Their IDs are set as by AreaID.
func (p *Pack) Areas() *geo.Areas { return p.areas }

// AreaID names an area for good: its code, and "@" with its first day where it has one, because codes are used again.
func AreaID(a geo.Area) string {
	if a.ValidFrom.IsZero() {
		return a.Code
	}
	return a.Code + "@" + a.ValidFrom.Format(time.DateOnly)
}

// Area finds an area by its AreaID, also one that has ended.
func (p *Pack) Area(id string) (geo.Area, bool) {
	a, ok := p.areaByID[id]
	return a, ok
}

// Unit finds a unit by its code.
func (p *Pack) Unit(code string) (*Unit, bool) {
	u, ok := p.units[code]
	return u, ok
}

// Units are all units in the order of the file.
func (p *Pack) Units() []*Unit { return p.unitList }

// Ward is the ward unit that answers for an area's code at a moment.
func (p *Pack) Ward(area string, at time.Time) (*Unit, bool) { return p.Unit(p.ward(area, at)) }

// Above tells whether the unit upper is code itself or above it in the tree.
func (p *Pack) Above(upper, code string) bool {
	for range len(p.units) + 1 {
		if code == upper {
			return true
		}
		u, ok := p.units[code]
		if !ok {
			return false
		}
		code = u.Parent
	}
	return false
}

// Groups are the groups of categories in the order of the file.
func (p *Pack) Groups() []Group { return p.groups }

// Category finds a category by its code.
func (p *Pack) Category(code string) (*Category, bool) {
	c, ok := p.categories[code]
	return c, ok
}

// Categories are all categories in the order of the file.
func (p *Pack) Categories() []*Category { return p.categoryAll }

// SOS is the category of calls for rescue.
func (p *Pack) SOS() (*Category, bool) {
	for _, c := range p.categoryAll {
		if c.SOS {
			return c, true
		}
	}
	return nil, false
}

// Workflow is that of a category.
func (p *Pack) Workflow(category string) (*Workflow, bool) {
	c, ok := p.categories[category]
	if !ok {
		return nil, false
	}
	return p.WorkflowNamed(c.Workflow)
}

// WorkflowNamed finds a workflow by its name.
func (p *Pack) WorkflowNamed(name string) (*Workflow, bool) {
	w, ok := p.workflows[name]
	return w, ok
}

// Workflows are all workflows, by file name.
func (p *Pack) Workflows() []*Workflow { return p.flowAll }

// Calendar is the working time of a unit: its own, else its parents', else the pack's.
func (p *Pack) Calendar(unit string) *calendar.Calendar {
	for range len(p.units) + 1 {
		u, ok := p.units[unit]
		if !ok {
			break
		}
		if c, ok := p.calendars[u.Calendar]; ok {
			return c
		}
		unit = u.Parent
	}
	return p.calendar
}

// Rules are the routing rules in their order.
func (p *Pack) Rules() []Rule { return p.rules }

// Role is how a role is called.
func (p *Pack) Role(r models.Role) (RoleWords, bool) {
	w, ok := p.roles[r]
	return w, ok
}

// Reasons are a list of reasons.yaml, such as ReasonsReject.
func (p *Pack) Reasons(name string) []Reason { return p.reasons[name] }

// Reason finds one reason of a list.
func (p *Pack) Reason(name, code string) (Reason, bool) {
	for _, r := range p.reasons[name] {
		if r.Code == code {
			return r, true
		}
	}
	return Reason{}, false
}

// Words are a text of words.yaml.
func (p *Pack) Words(key string) (Text, bool) {
	t, ok := p.words[key]
	return t, ok
}
