// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"regexp"
	"slices"

	"hientruong/models"
)

func (l *loader) categories() {
	var f categoriesFile
	src, ok := l.read("categories.yaml", &f)
	if !ok {
		return
	}
	seen := map[string]bool{}
	for i, g := range f.Groups {
		l.code(src, at("groups", i, "code"), g.Code, seen[g.Code])
		seen[g.Code] = true
	}
	l.pack.groups = f.Groups
	for i, c := range f.Categories {
		if c == nil {
			l.fault(src, at("categories", i), "the category is empty")
			continue
		}
		_, taken := l.pack.categories[c.Code]
		l.code(src, at("categories", i, "code"), c.Code, taken)
		l.category(src, i, c)
		l.pack.categories[c.Code] = c
		l.pack.categoryAll = append(l.pack.categoryAll, c)
	}
}

// category fills what the file leaves out and refuses values outside the closed sets.
func (l *loader) category(src *source, i int, c *Category) {
	if c.Visibility == "" {
		c.Visibility = models.VisibilityPublic
	}
	if !slices.Contains([]models.Visibility{models.VisibilityPublic, models.VisibilityRestricted, models.VisibilityPrivate}, c.Visibility) {
		l.aside(src, at("categories", i, "visibility"), "%q is no visibility; write public, restricted or private", c.Visibility)
	}
	if c.Precision == "" {
		c.Precision = models.PrecisionExact
	}
	if !slices.Contains([]models.Precision{models.PrecisionExact, models.PrecisionSnapped, models.PrecisionWard}, c.Precision) {
		l.aside(src, at("categories", i, "precision"), "%q is no precision; write exact, snapped or ward", c.Precision)
	}
	if c.SLA.IsZero() {
		l.aside(src, at("categories", i), "category %s has no sla; write sla: {days: 3}", c.Code)
	} else {
		l.term(src, at("categories", i, "sla"), &c.SLA)
	}
	if !c.UrgentSLA.IsZero() {
		l.term(src, at("categories", i, "urgent_sla"), &c.UrgentSLA)
	}
	if !c.SeveralSLA.IsZero() {
		l.term(src, at("categories", i, "several_sla"), &c.SeveralSLA)
	}
	seen := map[string]bool{}
	for j := range c.Attributes {
		a := &c.Attributes[j]
		l.code(src, at("categories", i, "attributes", j, "code"), a.Code, seen[a.Code])
		seen[a.Code] = true
		l.attribute(src, at("categories", i, "attributes", j), a)
	}
}

func (l *loader) term(src *source, where []any, t *Term) {
	if t.Counts == "" {
		t.Counts = models.CountsWorking
	}
	if t.Counts != models.CountsWorking && t.Counts != models.CountsWall {
		l.aside(src, where, "%q is no way to count time; write working or wall", t.Counts)
	}
	set := 0
	for _, n := range []int{t.Minutes, t.Hours, t.Days} {
		if n != 0 {
			set++
		}
		if n < 0 || n > 10_000 {
			set = 2
		}
	}
	if set != 1 {
		l.aside(src, where, "a time is one of minutes, hours and days, from 1 to 10000; write {days: 3}")
	}
}

func (l *loader) attribute(src *source, where []any, a *Attribute) {
	types := []AttributeType{AttributeString, AttributeNumber, AttributeSelect, AttributeBool, AttributeFileNumber}
	if !slices.Contains(types, a.Type) {
		l.fault(src, where, "%q is no type of attribute; write one of %s", a.Type, join(types))
	}
	if (a.Type == AttributeSelect) != (len(a.Options) > 0) {
		l.fault(src, where, "attribute %s: a select has options: [{key, name}], and nothing else has", a.Code)
	}
	seen := map[string]bool{}
	for _, o := range a.Options {
		l.code(src, where, o.Key, seen[o.Key])
		seen[o.Key] = true
	}
	if a.Pattern == "" {
		return
	}
	re, err := regexp.Compile(`^(?:` + a.Pattern + `)$`)
	if err != nil || len(a.Pattern) > 200 {
		l.aside(src, where, "attribute %s: the pattern is no regular expression of at most 200 bytes", a.Code)
		return
	}
	a.pattern = re
}
