// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"
	"strings"
	"time"

	"hientruong/geo"
	"hientruong/models"
)

// maxCases bounds the combinations of attributes that are tried for a category.
const maxCases = 64

// rehearsal is what came of routing a report of every kind.
type rehearsal struct {
	fired []bool                    // by rule
	gaps  map[string][]string       // categories without a lead, and the areas
	leads map[string]string         // units that lead, and a category of each
	moved map[int]map[string]string // rules that change a workflow: which, and a category of each
}

// routable tells whether all that routing goes by is sound, so that a rehearsal tells of gaps and not of other faults again. What is
// wrong with a workflow or a text does not keep it.
func (c *checker) routable() bool {
	by := []string{"pack.yaml", "units.yaml", "categories.yaml", "routing.yaml", "calendar.yaml", AreasFile}
	return len(c.broken) == 0 && !slices.ContainsFunc(c.faults, func(f Fault) bool { return slices.Contains(by, f.File) })
}

// rehearse routes a report of every category in every area with every choice of attributes, every urgency and every list of
// words that a rule asks for: each must find a lead that somebody can stand in for, and each rule that looks at nothing else must fire
// somewhere.
func (c *checker) rehearse() {
	r := rehearsal{fired: make([]bool, len(c.pack.rules)), gaps: map[string][]string{}, leads: map[string]string{}, moved: map[int]map[string]string{}}
	moods := c.moods()
	now := c.pack.moment()
	for _, cat := range c.pack.categoryAll {
		for _, a := range append(c.pack.areas.All(), geo.Area{}) {
			for _, attributes := range combinations(cat) {
				for _, mood := range moods {
					in := Input{Category: cat.Code, Area: AreaInput{Code: a.Code, Kind: a.Kind}, Report: mood, Now: now}
					in.Report.Attributes = attributes
					if cat.SOS {
						in.Report.Set(models.UrgencySOS)
					}
					r.note(c.pack, cat, a, in)
				}
			}
		}
	}
	for _, code := range names(r.gaps) {
		c.fault("routing.yaml", at("rules"), "category %s has no lead in %s; write a rule that names one", code, areaList(r.gaps[code], c.pack.areas.Len()))
	}
	c.idleRules(r)
	c.standIns(r, now)
	for i := range c.pack.rules {
		if c.hasty {
			break // a workflow may be what is wrong
		}
		for _, base := range names(r.moved[i]) {
			c.fits(i, base, r.moved[i][base])
		}
	}
}

// note routes a report and notes what came of it.
func (r *rehearsal) note(p *Pack, cat *Category, a geo.Area, in Input) {
	got := p.Route(in)
	switch {
	case got.Rule > 0:
		r.fired[got.Rule-1] = true
		if _, known := r.leads[got.Lead]; !known {
			r.leads[got.Lead] = cat.Code
		}
		if got.Workflow != "" && got.Workflow != cat.Workflow {
			if r.moved[got.Rule-1] == nil {
				r.moved[got.Rule-1] = map[string]string{}
			}
			r.moved[got.Rule-1][cat.Workflow] = cat.Code
		}
	case a.Code != "" && !slices.Contains(r.gaps[cat.Code], a.Code):
		r.gaps[cat.Code] = append(r.gaps[cat.Code], a.Code)
	}
}

// moods are the urgencies and words to try: a normal report without words, and where rules look at them each other urgency, and
// each list of words that a rule names.
func (c *checker) moods() []ReportInput {
	urgencies, lists := []models.Urgency{models.UrgencyNormal}, []string{""}
	for _, r := range c.pack.rules {
		if len(urgencies) == 1 && slices.ContainsFunc(r.guard.paths, ofUrgency) {
			urgencies = append(urgencies, models.UrgencyUrgent, models.UrgencySOS)
		}
		for _, cmp := range r.guard.compare {
			if cmp.path == wordsPath && !slices.Contains(lists, cmp.value) {
				lists = append(lists, cmp.value)
			}
		}
	}
	var out []ReportInput
	for _, u := range urgencies {
		for _, l := range lists {
			var mood ReportInput
			mood.Set(u)
			if l != "" {
				mood.Words = []string{l}
			}
			out = append(out, mood)
		}
	}
	return out
}

func ofUrgency(path string) bool {
	return path == "report.urgency" || path == "report.urgent" || path == "report.sos"
}

// idleRules finds the rules that can never fire: those that the rehearsal went through and that took nothing, and whatever
// comes after a rule that takes all.
func (c *checker) idleRules(r rehearsal) {
	const most = 10
	all := 0 // the number of the rule that takes whatever comes to it
	for i, rule := range c.pack.rules {
		idle := c.foreign && (rule.Lead == wardOfReport || slices.ContainsFunc(rule.guard.paths, inArea))
		switch {
		case all > 0:
			c.fault("routing.yaml", at("rules", i), "rule %d can never fire: rule %d takes whatever comes to it; put it before that", i+1, all)
		case !r.fired[i] && !idle && tried(rule.guard):
			c.fault("routing.yaml", at("rules", i), "rule %d can never fire: it fits nothing, or the rules before it take all it fits", i+1)
		}
		if all == 0 && rule.Lead != wardOfReport && len(rule.guard.paths) == 0 && r.fired[i] {
			all = i + 1
			if after := len(c.pack.rules) - all; after > most {
				c.fault("routing.yaml", at("rules", i), "rule %d takes whatever comes to the %d rules after it; put it last", all, after)
				return
			}
		}
	}
}

// standIns finds the units that lead something and that nobody stands in for. What comes back to the operations centre stays there.
func (c *checker) standIns(r rehearsal, now time.Time) {
	for i, u := range c.pack.unitList {
		category, leads := r.leads[u.Code]
		if !leads || u.Code == c.pack.settings.Operations {
			continue
		}
		other := c.pack.StandIn(u.Code)
		switch in, ok := c.pack.units[other]; {
		case other == "":
			c.fault("units.yaml", at("units", i), "unit %s leads category %s and nobody stands in for it; write stand_in: %s here, at its parent or in pack.yaml", u.Code, category, c.pack.settings.Operations)
		case ok && !in.ValidAt(now):
			c.fault("units.yaml", at("units", i), "unit %s leads category %s, and %s, which stands in for it, has ended; write another stand_in", u.Code, category, other)
		}
	}
}

// fits checks that a report of the workflow base can go over to that of a rule where it is routed.
func (c *checker) fits(rule int, base, category string) {
	from, to := c.pack.workflows[base], c.pack.workflows[c.pack.rules[rule].Workflow]
	for _, t := range from.steps {
		if t.Auto != AutoRoute && !t.Has(EffectRoute) {
			continue
		}
		for _, s := range append(slices.Clone(t.From), t.To) {
			if _, there := to.State(s); !there && s != Stay && s != Back {
				c.fault("routing.yaml", at("rules", rule, "workflow"), "rule %d: a report of category %s is in the state %s of %s when it is routed, which the workflow %s has not; write that state there, or another workflow here",
					rule+1, category, s, base, to.Name)
				return
			}
		}
	}
}

// moment is a time at which the units of today exist: the latest day on which one of them begins, and not before.
func (p *Pack) moment() time.Time {
	latest := "2000-01-01"
	for _, u := range p.unitList {
		if u.ValidTo == "" {
			latest = max(latest, u.ValidFrom)
		}
	}
	t, err := time.ParseInLocation(time.DateOnly, latest, p.zone)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

// tried tells whether the rehearsal went through everything that a rule looks at.
func tried(g *Guard) bool {
	return !slices.ContainsFunc(g.paths, func(path string) bool {
		_, attribute := attributeOf(path)
		return !attribute && !strings.HasPrefix(path, "category.") && !inArea(path) && !ofUrgency(path) && path != wordsPath
	})
}

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
