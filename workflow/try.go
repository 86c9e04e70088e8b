// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"encoding/json"
	"slices"
	"time"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Trial is what would become of a report that nobody files: as it would stand with its
// unit, why it would go there, and the clocks that would run.
type Trial struct {
	Report    models.Report
	Route     pack.RouteResult
	Deadlines []models.Deadline
}

// Try decides on a submission and on its being taken on, both at one moment, and leaves it
// at that. The refusals are those of Decide.
func (s Submit) Try(at time.Time) (Trial, error) {
	change, err := s.Decide(models.Facts{}, at)
	if err != nil {
		return Trial{}, err
	}
	m, err := moveOf(s.Packs, factsOf(change), models.System(s.Actor.Jurisdiction), at)
	if err != nil {
		return Trial{}, err
	}
	out := Trial{Route: m.routeSoFar()}
	if out.Route.Trace == nil {
		out.Route = m.pack.Route(m.input())
		if out.Route.Lead != "" {
			if err := m.route(m.report.State); err != nil {
				return Trial{}, err
			}
		}
	}
	for _, t := range m.flow.Steps() {
		if !t.Has(pack.EffectAccept) && t.Auto != pack.AutoRoute {
			continue
		}
		for _, clock := range t.Starts {
			if !m.counts(clock) {
				m.startClock(clock)
			}
		}
	}
	out.Report, out.Deadlines = m.report, m.deadlines
	return out, nil
}

// routeSoFar is the routing that has happened by itself already; without a trace where none has.
func (m *move) routeSoFar() pack.RouteResult {
	var route pack.RouteResult
	for _, t := range m.tasks {
		if t.Lead && len(t.Route) > 0 {
			// What is there is what route wrote.
			_ = json.Unmarshal(t.Route, &route)
		}
	}
	return route
}

// counts says whether a clock of a name is counting.
func (m *move) counts(clock string) bool {
	return slices.ContainsFunc(m.deadlines, func(d models.Deadline) bool { return d.Kind == clock && d.Running() })
}

// factsOf reads a new report and what hangs on it out of the change that makes it.
func factsOf(change models.Change) *models.ReportFacts {
	f := &models.ReportFacts{}
	for _, row := range change.Insert {
		switch r := row.(type) {
		case models.Report:
			f.Report = r
		case models.Task:
			f.Tasks = append(f.Tasks, r)
		case models.Deadline:
			f.Deadlines = append(f.Deadlines, r)
		}
	}
	return f
}
