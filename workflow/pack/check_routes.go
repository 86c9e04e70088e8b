// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"fmt"
	"slices"
	"strings"

	"hientruong/models"
)

// literals checks the values that an expression holds against a path with a known set.
func (c *checker) literals(file string, where []any, g *Guard) {
	if g == nil {
		return
	}
	for _, cmp := range g.compare {
		if known, ok := c.known(cmp.path); ok && cmp.value != "" && !slices.Contains(known, cmp.value) {
			c.fault(file, where, "%s is never %q; %s", cmp.path, cmp.value, instead(cmp.value, known, "it is one of "+brief(known)))
		}
	}
	for _, n := range g.numbers {
		if least, most, ok := ofClock(n.path); ok && (n.value < least || n.value > most) {
			c.fault(file, where, "%s is never %d; it is %d to %d", n.path, n.value, least, most)
		}
	}
	for _, path := range g.paths {
		if code, ok := attributeOf(path); ok && c.sane("categories.yaml") && len(c.options(code)) == 0 {
			all := c.attributes()
			c.fault(file, where, "no category asks for an attribute %q; %s", code, instead(code, all, "there are "+brief(all)))
		}
	}
}

// ofClock are the least and the greatest number that a path of now can be.
func ofClock(path string) (least, most int, ok bool) {
	switch path {
	case "now.hour":
		return 0, 23, true
	case "now.minute":
		return 0, 59, true
	case "now.weekday":
		return 1, 7, true
	case "now.month":
		return 1, 12, true
	}
	return 0, 0, false
}

// known is the set of values a path can have, where there is one.
func (c *checker) known(path string) ([]string, bool) {
	if !c.sane(sourceOf(path)) {
		return nil, false
	}
	switch path {
	case "category.code":
		return names(c.pack.categories), true
	case "category.group":
		var out []string
		for _, g := range c.pack.groups {
			out = append(out, g.Code)
		}
		return out, true
	case "unit.code":
		return names(c.pack.units), true
	case "area.kind":
		return c.areaKinds(), !c.foreign
	case "report.urgency":
		return []string{string(models.UrgencyNormal), string(models.UrgencyUrgent), string(models.UrgencySOS)}, true
	case "report.words":
		return names(c.pack.settings.Words), true
	case "report.state":
		return c.states(), true
	case "report.channel":
		return []string{string(models.ChannelApp), string(models.ChannelWeb), string(models.ChannelHotline), string(models.ChannelAgent),
			string(models.ChannelMachine), string(models.ChannelOpen311), string(models.ChannelSMS), string(models.ChannelImport)}, true
	case "report.outcome":
		return (Demand{Kind: DemandOutcome}).known(), true
	case "unit.kind":
		return []string{string(UnitCity), string(UnitIOC), string(UnitDepartment), string(UnitUtility), string(UnitWard)}, true
	case "rating.level":
		return (Demand{Kind: DemandRating}).known(), true
	}
	if code, ok := attributeOf(path); ok {
		options := c.options(code)
		return options, len(options) > 0 && !slices.Contains(options, "")
	}
	return nil, false
}

// sourceOf is the file that says what a path can be, "" for those that the program knows.
func sourceOf(path string) string {
	_, attribute := attributeOf(path)
	switch {
	case attribute || strings.HasPrefix(path, "category."):
		return "categories.yaml"
	case path == "unit.code":
		return "units.yaml"
	case path == "area.kind":
		return AreasFile
	case path == wordsPath:
		return "pack.yaml"
	case path == "report.state":
		return flows
	default:
		return ""
	}
}

// states are those of every workflow.
func (c *checker) states() []string {
	var out []string
	for _, w := range c.pack.flowAll {
		out = append(out, names(w.States)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (c *checker) areaKinds() []string {
	var out []string
	for _, a := range c.pack.areas.All() {
		out = append(out, a.Kind)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func attributeOf(path string) (string, bool) {
	code, ok := strings.CutPrefix(path, `report.attributes["`)
	return strings.TrimSuffix(code, `"]`), ok
}

// options are the values that an attribute of any category can have; "" stands for a free one.
func (c *checker) options(code string) []string {
	var out []string
	for _, cat := range c.pack.categoryAll {
		if a, ok := cat.Attribute(code); ok {
			out = append(out, a.values()...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// attributes are the codes of all that the categories ask for.
func (c *checker) attributes() []string {
	var out []string
	for _, cat := range c.pack.categoryAll {
		for _, a := range cat.Attributes {
			out = append(out, a.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (a *Attribute) values() []string {
	switch a.Type {
	case AttributeSelect:
		var out []string
		for _, o := range a.Options {
			out = append(out, o.Key)
		}
		return out
	case AttributeBool:
		return []string{"true", "false"}
	default:
		return []string{""}
	}
}

func (c *checker) routing() {
	const file = "routing.yaml"
	for i, r := range c.pack.rules {
		for j, code := range append(list{r.Lead}, r.Support...) {
			where := at("rules", i, "support", max(j-1, 0))
			if j == 0 {
				where = at("rules", i, "lead")
			}
			if _, ok := c.pack.units[code]; !ok && code != wardOfReport && c.sane("units.yaml") {
				known := append(names(c.pack.units), wardOfReport)
				c.fault(file, where, "rule %d: there is no unit %q; %s", i+1, code, instead(code, known, "write the code of one in units.yaml, or ward(report)"))
			}
		}
		if u := c.ended(r.Lead); u != nil && c.sane("units.yaml") {
			c.fault(file, at("rules", i, "lead"), "rule %d: its lead %s ended on %s and has no successor; write one in units.yaml, or another lead here", i+1, u.Code, u.ValidTo)
		}
		if !slices.Contains([]models.Urgency{"", models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS}, r.Urgency) {
			c.fault(file, at("rules", i, "urgency"), "rule %d: %q is no urgency; write normal, urgent or sos", i+1, r.Urgency)
		}
		if _, ok := c.pack.workflows[r.Workflow]; r.Workflow != "" && !ok && c.sane(flows) {
			c.fault(file, at("rules", i, "workflow"), "rule %d: there is no workflow %q; %s", i+1, r.Workflow, instead(r.Workflow, names(c.pack.workflows), oneOf(names(c.pack.workflows))))
		}
		c.literals(file, at("rules", i, "when"), r.guard)
	}
	if c.hasty = len(c.faults) > 0 || len(c.broken) > 0; c.routable() {
		c.rehearse()
	}
}

// oneOf says which words could be written.
func oneOf(known []string) string { return "write one of " + strings.Join(known, ", ") }

func inArea(path string) bool { return strings.HasPrefix(path, "area.") }

func brief(values []string) string {
	const most = 12
	if len(values) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(values[:most], ", "), len(values)-most)
	}
	return strings.Join(values, ", ")
}
