// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"fmt"
	"reflect"
	"slices"

	"hientruong/geo"
)

// Change is one difference between two versions of a pack.
type Change struct {
	// What is "added", "removed" or "changed".
	What string
	// Kind is what sort of thing differs: "unit", "category", "state", "transition", "clock", "rule", "area", …
	Kind string
	// Code names it.
	Code string
}

// String is such as "changed category den-duong".
func (c Change) String() string { return fmt.Sprintf("%s %s %s", c.What, c.Kind, c.Code) }

// Diff is all differences, grouped by kind, by code within.
type Diff []Change

// Plan lists what next changes about old; a nil old is an empty pack.
func Plan(old, next *Pack) Diff {
	if old == nil {
		old = &Pack{areas: geo.NewAreas(nil)}
	}
	var d Diff
	d.of("setting", settingsOf(old), settingsOf(next))
	d.of("unit", index(old.unitList, func(u *Unit) string { return u.Code }), index(next.unitList, func(u *Unit) string { return u.Code }))
	d.of("group", index(old.groups, func(g Group) string { return g.Code }), index(next.groups, func(g Group) string { return g.Code }))
	d.of("category", index(old.categoryAll, func(c *Category) string { return c.Code }), index(next.categoryAll, func(c *Category) string { return c.Code }))
	for _, kind := range []string{"workflow", "state", "transition", "clock"} {
		d.of(kind, flowParts(old)[kind], flowParts(next)[kind])
	}
	d.of("rule", rulesOf(old), rulesOf(next))
	d.of("calendar", trees(old, "calendar.yaml"), trees(next, "calendar.yaml"))
	d.of("role", anyMap(old.roles), anyMap(next.roles))
	d.of("reasons", anyMap(old.reasons), anyMap(next.reasons))
	d.of("words", anyMap(old.words), anyMap(next.words))
	d.of("template", index(old.templates, func(t Template) string { return t.Code }), index(next.templates, func(t Template) string { return t.Code }))
	d.of("area", areasOf(old), areasOf(next))
	return d
}

func (d *Diff) of(kind string, old, next map[string]any) {
	for _, code := range names(old) {
		if _, ok := next[code]; !ok {
			*d = append(*d, Change{"removed", kind, code})
		}
	}
	for _, code := range names(next) {
		if was, ok := old[code]; !ok {
			*d = append(*d, Change{"added", kind, code})
		} else if !reflect.DeepEqual(was, next[code]) {
			*d = append(*d, Change{"changed", kind, code})
		}
	}
}

func index[T any](all []T, code func(T) string) map[string]any {
	out := map[string]any{}
	for _, one := range all {
		out[code(one)] = one
	}
	return out
}

func anyMap[K ~string, V any](m map[K]V) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[string(k)] = v
	}
	return out
}

func settingsOf(p *Pack) map[string]any {
	out := map[string]any{}
	v := reflect.ValueOf(p.settings)
	for i := range v.NumField() {
		out[v.Type().Field(i).Tag.Get("yaml")] = v.Field(i).Interface()
	}
	return out
}

// flowParts are the parts of all workflows by kind, without what was compiled from them.
func flowParts(p *Pack) map[string]map[string]any {
	out := map[string]map[string]any{"workflow": {}, "state": {}, "transition": {}, "clock": {}}
	for _, w := range p.flowAll {
		out["workflow"][w.Name] = []any{w.Label, w.Initial, w.Starts, w.SupportClock}
		for _, s := range w.states {
			out["state"][w.Name+"/"+string(s.Name)] = s
		}
		for _, t := range w.steps {
			bare := *t
			bare.guard = nil
			out["transition"][w.Name+"/"+t.Name] = bare
		}
		for _, k := range w.clocks {
			out["clock"][w.Name+"/"+k.Name] = k
		}
	}
	return out
}

// rulesOf are the rules by their condition, with the place among the others; a condition used twice is told apart by number.
func rulesOf(p *Pack) map[string]any {
	out := map[string]any{}
	for i, key := range ruleKeys(p) {
		bare := p.rules[i]
		bare.guard, bare.looks = nil, nil
		before := ""
		if i > 0 {
			before = p.rules[i-1].When
		}
		out[key] = []any{bare, before}
	}
	return out
}

// ruleKeys name the rules in their order.
func ruleKeys(p *Pack) []string {
	out := make([]string, 0, len(p.rules))
	seen := map[string]int{}
	for _, r := range p.rules {
		key := fmt.Sprintf("%q", r.When)
		if seen[r.When]++; seen[r.When] > 1 {
			key = fmt.Sprintf("%q (%d)", r.When, seen[r.When])
		}
		out = append(out, key)
	}
	return out
}

// trees are the top entries of a file as they are written, comments apart.
func trees(p *Pack, file string) map[string]any {
	out := map[string]any{}
	if src, ok := p.sources[file]; ok {
		for _, key := range src.keys() {
			node, _ := child(src.root, key)
			out[key] = node.String()
		}
	}
	return out
}

func areasOf(p *Pack) map[string]any {
	out := map[string]any{}
	for id, a := range p.areaByID {
		out[id] = []any{a.Name, a.NameEN, a.Kind, slices.Clone(a.Aliases), a.ValidFrom, a.ValidTo, a.People, a.Shape}
	}
	return out
}
