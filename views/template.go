// SPDX-License-Identifier: Apache-2.0

package views

import (
	"cmp"
	"time"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Template is a text to begin from, in the caller's language.
type Template struct {
	Code  string `json:"code"`
	Kind  string `json:"kind" enum:"answer,reject,transfer,question,return"`
	Label string `json:"label"`
	Text  string `json:"text" doc:"For a report with its placeholders filled, else with them in braces"`
}

// Templates are a pack's of a kind and for a category, "" for all, their placeholders in braces.
func (a Assembler) Templates(p *pack.Pack, kind, category string) []Template {
	return a.filled(p, kind, category, nil)
}

// TemplatesFor are those for a report, filled with what the view knows of it. Without a
// category they are those for the report's own.
func (a Assembler) TemplatesFor(v models.View, r *models.Report, b *models.Bundle, kind, category string) ([]Template, error) {
	s, err := a.sight(v, r, b)
	if err != nil {
		return nil, err
	}
	return a.filled(s.pack, kind, cmp.Or(category, r.Category), s.values()), nil
}

func (a Assembler) filled(p *pack.Pack, kind, category string, values map[string]string) []Template {
	out := []Template{}
	for _, t := range p.Templates(kind, category) {
		out = append(out, Template{Code: t.Code, Kind: t.Kind, Label: a.words(t.Label), Text: t.Fill(string(a.Language), values)})
	}
	return out
}

// days are how a day is written in a text for people.
const days = "02/01/2006"

// values are what the placeholders of a template stand for.
func (s *sight) values() map[string]string {
	zone := s.pack.Zone()
	out := map[string]string{"code": s.report.Code, "category": s.categoryRef().Name, "date": s.Now.In(zone).Format(days)}
	if area := s.areaRef(); area != nil {
		out["area"] = area.Name
	}
	if lead := s.lead(); lead != nil {
		out["unit"] = lead.Name
	}
	if due, ok := s.due(); ok {
		out["due"] = due.In(zone).Format(days)
	}
	return out
}

// due is when the clock of the report's state runs out, else the one that runs out first.
func (s *sight) due() (due time.Time, ok bool) {
	for _, d := range s.bundle.Deadlines {
		switch {
		case d.TaskID != nil || d.StoppedAt != nil:
		case s.state != nil && d.Kind == s.state.Clock:
			return d.DueAt, true
		case !ok || d.DueAt.Before(due):
			due, ok = d.DueAt, true
		}
	}
	return due, ok
}
