// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// TemplatesFile holds the templates. A pack may do without it.
const TemplatesFile = "templates.yaml"

// The kinds of templates: what a text is for.
const (
	TemplateAnswer   = "answer"
	TemplateReject   = "reject"
	TemplateTransfer = "transfer"
	TemplateQuestion = "question"
	TemplateReturn   = "return"
)

// Template is a text to begin from: an answer, a refusal, a question. Its text holds placeholders such as {code}.
type Template struct {
	Code string `yaml:"code"`
	// Kind is answer, reject, transfer, question or return.
	Kind string `yaml:"kind"`
	// Categories are codes of categories or of their groups; none is all.
	Categories list `yaml:"categories"`
	Label      Text `yaml:"label"`
	Text       Text `yaml:"text"`
}

func templateKinds() []string {
	return []string{TemplateAnswer, TemplateReject, TemplateTransfer, TemplateQuestion, TemplateReturn}
}

// Placeholders are what a template's text may hold in braces: the report's code, its category, area and lead unit, the day its work
// is due, and today.
func Placeholders() []string { return []string{"code", "category", "area", "unit", "due", "date"} }

var placeholderPattern = regexp.MustCompile(`\{([^{}]*)\}`)

// Fill is the text in a language with its placeholders replaced by values. A placeholder without a value stays as it is
// written, so that whoever sends the text sees what is missing.
func (t Template) Fill(language string, values map[string]string) string {
	return placeholderPattern.ReplaceAllStringFunc(t.Text.In(language), func(s string) string {
		if v, ok := values[s[1:len(s)-1]]; ok && v != "" {
			return v
		}
		return s
	})
}

// Templates are those of a kind that fit a category, in the order of the file. An empty kind is every kind, an empty category is
// every category.
func (p *Pack) Templates(kind, category string) []Template {
	group := ""
	if c, ok := p.categories[category]; ok {
		group = c.Group
	}
	var out []Template
	for _, t := range p.templates {
		fits := category == "" || len(t.Categories) == 0 || t.Categories.Has(category) || group != "" && t.Categories.Has(group)
		if fits && (kind == "" || kind == t.Kind) {
			out = append(out, t)
		}
	}
	return out
}

// templates reads the templates, if the pack has any.
func (l *loader) templates() {
	if _, err := fs.Stat(l.fsys, TemplatesFile); errors.Is(err, fs.ErrNotExist) {
		return
	}
	var f templatesFile
	src, ok := l.read(TemplatesFile, &f)
	if !ok {
		return
	}
	seen := map[string]bool{}
	for i, t := range f.Templates {
		l.code(src, at("templates", i, "code"), t.Code, seen[t.Code])
		seen[t.Code] = true
		if !slices.Contains(templateKinds(), t.Kind) {
			l.aside(src, at("templates", i, "kind"), "template %s: %q is no kind of template; write one of %s", t.Code, t.Kind, strings.Join(templateKinds(), ", "))
		}
		for _, lang := range names(t.Text) {
			l.placeholders(src, at("templates", i, "text"), t.Code, t.Text[lang])
		}
	}
	l.pack.templates = f.Templates
}

func (l *loader) placeholders(src *source, where []any, code, text string) {
	for _, m := range placeholderPattern.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(Placeholders(), m[1]) {
			l.aside(src, where, "template %s: nothing is called {%s}; the placeholders are {%s}", code, m[1], strings.Join(Placeholders(), "}, {"))
		}
	}
}
