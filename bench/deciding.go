// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/packs"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// Deciding is what one decision costs, without reading or writing anything: a submission, an acceptance that routes by itself, and a
// unit's step.
type Deciding struct {
	Times  int // that each decision was taken, in each round
	Submit time.Duration
	Accept time.Duration
	Start  time.Duration
}

const decisions = 5000

// deciding takes each decision again and again on the same facts, and returns the medians of the rounds.
func (w *world) deciding() (out Deciding, err error) {
	p, faults := pack.Parse(packs.Demo())
	if err := faults.Err(); err != nil {
		return out, err
	}
	d := desk{packs: pack.NewStore().With(1, 1, p, time.Time{}), now: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), rounds: w.config.Rounds}
	out.Times = decisions
	id := uuid.MustParse("01900000-0000-7000-8000-000000000001")
	if out.Submit, err = d.measure(d.submission(id)); err != nil {
		return out, err
	}
	operator := models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: 1, Roles: []models.Role{models.RoleOperator}, Unit: "ioc"}
	handler := models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: 1, Roles: []models.Role{models.RoleHandler}, Unit: "chieu-sang"}
	if _, err = d.measure(d.step(operator, id, "claim")); err != nil {
		return out, err
	}
	if out.Accept, err = d.measure(d.step(operator, id, "accept")); err != nil {
		return out, err
	}
	if out.Start, err = d.measure(d.step(handler, id, "start")); err != nil {
		return out, err
	}
	fmt.Fprintf(w.config.Out, "      a submission %s, an acceptance with its route %s, a unit's step %s\n", out.Submit, out.Accept, out.Start)
	return out, nil
}

// desk keeps the facts of one report in memory.
type desk struct {
	packs  *pack.Store
	now    time.Time
	rounds int
	facts  models.ReportFacts
}

func (d *desk) submission(id uuid.UUID) models.Intent {
	lat, lon := 16.4844, 107.5860
	return workflow.Submit{
		Packs: d.packs, Actor: models.Actor{Kind: models.ActorDevice, DeviceID: uuid.New(), Jurisdiction: 1, Roles: []models.Role{models.RoleGuest}},
		Origin: models.OriginLive, ID: id, Code: "DEMO-BENCH", Text: models.Draft{ID: uuid.New(), Body: "Đèn trước nhà số 12 không sáng đã ba đêm."},
		Form: workflow.Form{Category: "den-duong", Description: "Đèn trước nhà số 12 không sáng đã ba đêm.", Lat: &lat, Lon: &lon, Channel: models.ChannelApp, Language: models.Vietnamese},
	}
}

func (d *desk) step(actor models.Actor, id uuid.UUID, name string) models.Intent {
	version := d.facts.Report.Version
	return workflow.Act{Packs: d.packs, Actor: actor, ReportID: id, Name: name, Version: &version}
}

// measure takes a decision many times, keeps what follows from it, and returns what it cost once.
func (d *desk) measure(intent models.Intent) (time.Duration, error) {
	facts := models.Facts{Reports: map[uuid.UUID]*models.ReportFacts{}}
	if d.facts.Report.ID != uuid.Nil {
		facts.Reports[d.facts.Report.ID] = &d.facts
	}
	var each []float64
	var change models.Change
	for range 2*d.rounds + 1 {
		began := time.Now()
		for range decisions {
			var err error
			if change, err = intent.Decide(facts, d.now); err != nil {
				return 0, err
			}
		}
		each = append(each, float64(time.Since(began))/decisions)
	}
	d.keep(change)
	return time.Duration(median(each)), nil
}

// keep makes facts of what a decision wrote.
func (d *desk) keep(change models.Change) {
	next := models.ReportFacts{Tasks: d.facts.Tasks, Deadlines: d.facts.Deadlines}
	for _, row := range append(change.Insert, change.Update...) {
		switch r := row.(type) {
		case models.Report:
			next.Report = r
		case models.Task:
			next.Tasks = replaced(next.Tasks, r, func(t models.Task) bool { return t.ID == r.ID })
		case models.Deadline:
			next.Deadlines = replaced(next.Deadlines, r, func(t models.Deadline) bool { return t.ID == r.ID })
		}
	}
	d.facts = next
}

func replaced[T any](all []T, one T, same func(T) bool) []T {
	out := []T{one}
	for _, old := range all {
		if !same(old) {
			out = append(out, old)
		}
	}
	return out
}
