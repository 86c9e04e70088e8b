// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"
	"strings"

	"hientruong/models"
)

// words finds texts that are missing in a language of the pack.
func (c *checker) words() {
	c.text("pack.yaml", c.pack.settings.Name, "name")
	if len(c.pack.settings.Banner) > 0 {
		c.text("pack.yaml", c.pack.settings.Banner, "banner")
	}
	for i, e := range c.pack.settings.Emergency {
		c.text("pack.yaml", e.Name, "emergency", i, "name")
	}
	for i, u := range c.pack.unitList {
		c.text("units.yaml", u.Name, "units", i, "name")
	}
	c.categoryWords()
	for _, w := range c.pack.flowAll {
		c.flowWords(w)
	}
	for i, r := range c.pack.rules {
		c.text("routing.yaml", r.Why, "rules", i, "why")
	}
	for _, r := range models.Roles() {
		if w, ok := c.pack.roles[r]; ok {
			c.text("roles.yaml", w.Label, "roles", string(r), "label")
		}
	}
	for _, name := range names(c.pack.reasons) {
		for i, r := range c.pack.reasons[name] {
			c.text("reasons.yaml", r.Label, "reasons", name, i, "label")
			if len(r.Text) > 0 {
				c.text("reasons.yaml", r.Text, "reasons", name, i, "text")
			}
		}
	}
	for i, t := range c.pack.templates {
		c.text(TemplatesFile, t.Label, "templates", i, "label")
		c.text(TemplatesFile, t.Text, "templates", i, "text")
	}
	for _, key := range names(c.pack.words) {
		c.text("words.yaml", c.pack.words[key], "words", key)
	}
}

// templates finds templates for categories that are not there.
func (c *checker) templates() {
	for i, t := range c.pack.templates {
		for j, code := range t.Categories {
			_, category := c.pack.categories[code]
			group := slices.ContainsFunc(c.pack.groups, func(g Group) bool { return g.Code == code })
			if !category && !group {
				c.fault(TemplatesFile, at("templates", i, "categories", j), "template %s: there is no category or group %q; %s", t.Code, code,
					instead(code, c.kindsOfReports(), "write the code of one in categories.yaml"))
			}
		}
	}
}

// kindsOfReports are the codes of the categories and of their groups.
func (c *checker) kindsOfReports() []string {
	out := names(c.pack.categories)
	for _, g := range c.pack.groups {
		out = append(out, g.Code)
	}
	return out
}

func (c *checker) categoryWords() {
	const file = "categories.yaml"
	for i, g := range c.pack.groups {
		c.text(file, g.Name, "groups", i, "name")
	}
	for i, cat := range c.pack.categoryAll {
		c.text(file, cat.Name, "categories", i, "name")
		for j, a := range cat.Attributes {
			c.text(file, a.Label, "categories", i, "attributes", j, "label")
			if len(a.Help) > 0 {
				c.text(file, a.Help, "categories", i, "attributes", j, "help")
			}
			for k, o := range a.Options {
				c.text(file, o.Name, "categories", i, "attributes", j, "options", k, "name")
			}
		}
	}
}

func (c *checker) flowWords(w *Workflow) {
	c.text(w.src.name, w.Label, "label")
	for _, s := range w.states {
		c.text(w.src.name, s.Label, "states", string(s.Name), "label")
	}
	for _, t := range w.steps {
		c.text(w.src.name, t.Label, "transitions", t.Name, "label")
	}
	for _, k := range w.clocks {
		c.text(w.src.name, k.Label, "clocks", k.Name, "label")
	}
}

func (c *checker) text(file string, t Text, where ...any) {
	if !c.sane(file) {
		return
	}
	for _, lang := range c.pack.settings.Languages {
		if t[lang] == "" {
			c.fault(file, where, "the words in %q are missing here; write {%s: …}", lang, strings.Join(c.pack.settings.Languages, ": …, "))
		}
	}
	for _, lang := range names(t) {
		if !languagePattern.MatchString(lang) {
			c.fault(file, where, "%q is no language; does a text with a comma need quotes?", lang)
		}
	}
}
