// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hientruong/geo"
	"hientruong/models"
)

// maxCases bounds the combinations of attributes that are tried for a category.
const maxCases = 64

// literals checks the values that an expression holds against a path with a known set.
func (c *checker) literals(file string, where []any, g *Guard) {
	if g == nil {
		return
	}
	for _, cmp := range g.compare {
		if known, ok := c.known(cmp.path); ok && cmp.value != "" && !slices.Contains(known, cmp.value) {
			c.fault(file, where, "%s is never %q; it is one of %s", cmp.path, cmp.value, brief(known))
		}
	}
	for _, path := range g.paths {
		if code, ok := attributeOf(path); ok && len(c.options(code)) == 0 {
			c.fault(file, where, "no category asks for an attribute %q", code)
		}
	}
}

// known is the set of values a path can have, where there is one.
func (c *checker) known(path string) ([]string, bool) {
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
	case "rating.level":
		return []string{string(models.LevelSatisfied), string(models.LevelAcceptable), string(models.LevelUnsatisfied)}, true
	}
	if code, ok := attributeOf(path); ok {
		options := c.options(code)
		return options, len(options) > 0 && !slices.Contains(options, "")
	}
	return nil, false
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
			if _, ok := c.pack.units[code]; !ok && code != wardOfReport {
				c.fault(file, where, "rule %d: there is no unit %q; write the code of one in units.yaml, or ward(report)", i+1, code)
			}
		}
		if !slices.Contains([]models.Urgency{"", models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS}, r.Urgency) {
			c.fault(file, at("rules", i, "urgency"), "rule %d: %q is no urgency; write normal, urgent or sos", i+1, r.Urgency)
		}
		c.literals(file, at("rules", i, "when"), r.guard)
	}
	if len(c.faults) == 0 {
		c.rehearse()
	}
}

// rehearse routes a report of every category in every area with every choice of attributes: each must find a lead, and
// each rule that looks at nothing else must fire somewhere.
func (c *checker) rehearse() {
	fired := make([]bool, len(c.pack.rules))
	gaps := map[string][]string{}
	now := c.moment()
	for _, cat := range c.pack.categoryAll {
		for _, a := range append(c.pack.areas.All(), geo.Area{}) {
			for _, attributes := range combinations(cat) {
				in := Input{Category: cat.Code, Area: AreaInput{Code: a.Code, Kind: a.Kind}, Now: now}
				in.Report.Attributes = attributes
				in.Report.Set(models.UrgencyNormal)
				if cat.SOS {
					in.Report.Set(models.UrgencySOS)
				}
				got := c.pack.Route(in)
				if got.Rule > 0 {
					fired[got.Rule-1] = true
				} else if a.Code != "" && !slices.Contains(gaps[cat.Code], a.Code) {
					gaps[cat.Code] = append(gaps[cat.Code], a.Code)
				}
			}
		}
	}
	for _, code := range names(gaps) {
		c.fault("routing.yaml", at("rules"), "category %s has no lead in %s; write a rule that names one", code, areaList(gaps[code], c.pack.areas.Len()))
	}
	for i, r := range c.pack.rules {
		idle := c.foreign && (r.Lead == wardOfReport || slices.ContainsFunc(r.guard.paths, inArea))
		if !fired[i] && !idle && tried(r.guard) {
			c.fault("routing.yaml", at("rules", i), "rule %d can never fire: it fits nothing, or the rules before it take all it fits", i+1)
		}
	}
}

// moment is a time at which the units of today exist: the latest day on which one of them begins, and not before.
func (c *checker) moment() time.Time {
	latest := "2000-01-01"
	for _, u := range c.pack.unitList {
		if u.ValidTo == "" {
			latest = max(latest, u.ValidFrom)
		}
	}
	t, err := time.ParseInLocation(time.DateOnly, latest, c.pack.zone)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

// tried tells whether the rehearsal went through everything that a rule looks at.
func tried(g *Guard) bool {
	return !slices.ContainsFunc(g.paths, func(path string) bool {
		_, attribute := attributeOf(path)
		return !attribute && !strings.HasPrefix(path, "category.") && !inArea(path)
	})
}

func inArea(path string) bool { return strings.HasPrefix(path, "area.") }

// combinations are the choices of attributes worth trying: none at all, and every option of every select and bool.
func combinations(cat *Category) []map[string]string {
	out := []map[string]string{{}}
	for _, a := range cat.Attributes {
		for _, base := range out[:len(out):len(out)] {
			for _, v := range a.values() {
				if v == "" || len(out) >= maxCases {
					continue
				}
				with := map[string]string{a.Code: v}
				for k, old := range base {
					with[k] = old
				}
				out = append(out, with)
			}
		}
	}
	return out
}

func areaList(codes []string, all int) string {
	if len(codes) == all {
		return "any area"
	}
	return "the areas " + brief(codes)
}

func brief(values []string) string {
	const most = 12
	if len(values) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(values[:most], ", "), len(values)-most)
	}
	return strings.Join(values, ", ")
}
