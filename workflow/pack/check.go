// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"hientruong/geo"
	"hientruong/models"
)

// Check proves what Parse could not see file by file: that everything named exists, that every state can be reached and
// left, that somebody may take every transition, that every category in every area has a lead, that every rule can fire,
// and that no words are missing. It gives all faults at once, by file and line.
func Check(p *Pack) Faults { return checkSound(p, nil) }

// checkSound checks what does not hang on files that have faults already.
func checkSound(p *Pack, found Faults) Faults {
	c := &checker{pack: p, broken: map[string]bool{}}
	for _, f := range found {
		c.broken[f.File] = c.broken[f.File] || !f.aside
	}
	c.foreign = c.broken[AreasFile] || c.broken["units.yaml"] || p.foreignAreas()
	for _, check := range []struct {
		check func()
		files list
	}{
		{c.settings, list{"pack.yaml", "units.yaml", AreasFile}},
		{c.units, list{"pack.yaml", "units.yaml", "calendar.yaml", AreasFile}},
		{c.wards, list{"pack.yaml", "units.yaml", AreasFile}},
		{c.calendars, list{"calendar.yaml"}},
		{c.categories, list{"categories.yaml", flows}},
		{c.reasons, list{"reasons.yaml"}},
		{c.roles, list{"roles.yaml"}},
		{c.workflows, nil},
		{c.templates, list{TemplatesFile, "categories.yaml"}},
		{c.routing, list{"routing.yaml"}},
		{c.words, list{"pack.yaml"}},
	} {
		if c.sane(check.files...) {
			check.check()
		}
	}
	if c.hasty {
		c.faults.early()
	}
	sort.SliceStable(c.faults, func(i, j int) bool {
		if c.faults[i].File != c.faults[j].File {
			return c.faults[i].File < c.faults[j].File
		}
		return c.faults[i].Line < c.faults[j].Line
	})
	return slices.Compact(c.faults)
}

type checker struct {
	pack   *Pack
	faults Faults
	// sound tells that the workflow being checked names no state that is not there.
	sound bool
	// broken holds the files that have faults already, true where something hangs on them: that is not looked at.
	broken map[string]bool
	// hasty tells that something was not looked at because of faults.
	hasty bool
	// foreign polygons have replaced the pack's own: what the pack says of its wards is idle then, not wrong.
	foreign bool
}

// flows stands for all files with workflows.
const flows = "workflow*.yaml"

// sane tells whether none of the files is broken.
func (c *checker) sane(files ...string) bool {
	for _, f := range files {
		if c.broken[f] {
			return false
		}
		for other, broken := range c.broken {
			if f == flows && broken && strings.HasPrefix(other, "workflow") {
				return false
			}
		}
	}
	return true
}

func (c *checker) workflows() {
	for _, w := range c.pack.flowAll {
		if c.sane(w.src.name) {
			c.workflow(w)
		}
	}
}

// foreignAreas tells whether no ward unit answers for any of the areas.
func (p *Pack) foreignAreas() bool {
	return !slices.ContainsFunc(p.areas.All(), func(a geo.Area) bool { return len(p.wards[a.Code]) > 0 })
}

func (c *checker) fault(file string, where []any, format string, args ...any) {
	c.faults = append(c.faults, Fault{File: file, Line: c.pack.sources[file].line(where...), Text: fmt.Sprintf(format, args...)})
}

func (c *checker) settings() {
	u, ok := c.pack.units[c.pack.settings.Operations]
	if !ok || u.Kind != UnitIOC {
		c.fault("pack.yaml", at("operations"), "the operations centre %q is no unit of kind ioc; write the code of one in units.yaml", c.pack.settings.Operations)
	}
	if _, ok := c.pack.units[c.pack.settings.StandIn]; c.pack.settings.StandIn != "" && !ok {
		c.fault("pack.yaml", at("stand_in"), "there is no unit %q to stand in; %s", c.pack.settings.StandIn,
			instead(c.pack.settings.StandIn, names(c.pack.units), "write the code of one in units.yaml"))
	}
	for i, code := range c.pack.settings.Remote.Areas {
		if !c.foreign && !c.inAreas(code) {
			c.fault("pack.yaml", at("remote", "areas", i), "the remote area %q is not in %s", code, AreasFile)
		}
	}
	if c.pack.areas.Len() == 0 {
		c.faults = append(c.faults, Fault{File: AreasFile, Text: "it has no area in force; reports would lie nowhere"})
	}
}

func (c *checker) inAreas(code string) bool {
	return slices.ContainsFunc(c.pack.areas.All(), func(a geo.Area) bool { return a.Code == code })
}

func (c *checker) units() {
	roots := 0
	for i, u := range c.pack.unitList {
		c.unitLinks(i, u)
		if u.Parent == "" {
			roots++
		}
		if u.ValidFrom != "" && u.ValidTo != "" && u.ValidTo < u.ValidFrom {
			c.fault("units.yaml", at("units", i, "valid_to"), "unit %s ends before it begins", u.Code)
		}
		if u.Kind == UnitWard && len(u.Areas) == 0 {
			c.fault("units.yaml", at("units", i), "ward unit %s answers for no area; write areas: [\"90001\"]", u.Code)
		}
		for j, code := range u.Areas {
			if !c.foreign && !c.inAreas(code) {
				c.fault("units.yaml", at("units", i, "areas", j), "unit %s answers for the area %q, which is not in %s", u.Code, code, AreasFile)
			}
		}
		if _, ok := c.pack.calendars[u.Calendar]; u.Calendar != "" && !ok {
			c.fault("units.yaml", at("units", i, "calendar"), "there is no calendar %q; %s", u.Calendar, instead(u.Calendar, names(c.pack.calendars), oneOf(names(c.pack.calendars))))
		}
	}
	if roots != 1 {
		c.fault("units.yaml", at("units"), "the tree has %d units without a parent; it must have one, the jurisdiction", roots)
	}
	codes := map[string]string{}
	for i, u := range c.pack.unitList {
		if other, ok := codes[u.AgencyCode]; ok && u.AgencyCode != "" {
			c.fault("units.yaml", at("units", i, "agency_code"), "units %s and %s share the agency code %q", other, u.Code, u.AgencyCode)
		}
		codes[u.AgencyCode] = u.Code
	}
}

func (c *checker) unitLinks(i int, u *Unit) {
	for field, code := range map[string]string{"parent": u.Parent, "successor": u.Successor, "stand_in": u.StandIn} {
		if _, ok := c.pack.units[code]; code != "" && !ok {
			c.fault("units.yaml", at("units", i, field), "unit %s: there is no unit %q; %s", u.Code, code, instead(code, names(c.pack.units), "write the code of another"))
		}
	}
	switch u.Code {
	case u.StandIn:
		c.fault("units.yaml", at("units", i, "stand_in"), "unit %s cannot stand in for itself; write another", u.Code)
	case u.Successor:
		c.fault("units.yaml", at("units", i, "successor"), "unit %s cannot succeed itself; write another", u.Code)
	}
	if u.ValidTo != "" && u.Successor == "" {
		c.fault("units.yaml", at("units", i, "valid_to"), "unit %s ends on %s and has no successor; write successor: the code of the unit that takes over", u.Code, u.ValidTo)
	}
	if c.pack.Above(u.Code, u.Parent) {
		c.fault("units.yaml", at("units", i, "parent"), "unit %s is above itself; its parents run in a circle", u.Code)
	}
}

func (c *checker) categories() {
	groups := map[string]bool{}
	for _, g := range c.pack.groups {
		groups[g.Code] = false
	}
	sos := ""
	for i, cat := range c.pack.categoryAll {
		if _, ok := groups[cat.Group]; !ok {
			c.fault("categories.yaml", at("categories", i, "group"), "category %s: there is no group %q; %s", cat.Code, cat.Group, instead(cat.Group, names(groups), oneOf(names(groups))))
		} else {
			groups[cat.Group] = true
		}
		if _, ok := c.pack.workflows[cat.Workflow]; !ok {
			c.fault("categories.yaml", at("categories", i, "workflow"), "category %s: there is no workflow %q; %s", cat.Code, cat.Workflow,
				instead(cat.Workflow, names(c.pack.workflows), oneOf(names(c.pack.workflows))))
		}
		if cat.SOS && sos != "" {
			c.fault("categories.yaml", at("categories", i, "sos"), "categories %s and %s both are for SOS; one can be", sos, cat.Code)
		} else if cat.SOS {
			sos = cat.Code
		}
	}
	for i, g := range c.pack.groups {
		if !groups[g.Code] {
			c.fault("categories.yaml", at("groups", i), "group %s has no category", g.Code)
		}
	}
}

func (c *checker) reasons() {
	for _, list := range []string{ReasonsReject, ReasonsHide, ReasonsReturn, ReasonsTransfer} {
		if len(c.pack.reasons[list]) == 0 {
			c.fault("reasons.yaml", at("reasons", list), "the list of reasons %q is missing", list)
		}
	}
}

func (c *checker) roles() {
	for _, r := range models.Roles() {
		if _, ok := c.pack.roles[r]; !ok {
			c.fault("roles.yaml", at("roles"), "the role %s has no words; every role of the closed set needs them", r)
		}
	}
}

func names[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
