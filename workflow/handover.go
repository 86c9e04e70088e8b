// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// HandOver gives everything that one unit has of a report to another, as it stands, for
// the other's people to share out: what a unit that is dissolved leaves behind. Where it
// has nothing, or the report is over, nothing changes.
type HandOver struct {
	Packs    *pack.Store
	Actor    models.Actor
	ReportID uuid.UUID
	From, To string // codes of units; To is one of the pack in force
}

// Needs implements models.Intent.
func (i HandOver) Needs() models.Needs {
	return models.Needs{Jurisdiction: i.Actor.Jurisdiction, Reports: []uuid.UUID{i.ReportID}}
}

// Decide implements models.Intent. It refuses with CodeUnauthorized, CodeForbidden,
// CodeNotFound, and an invalid request for a unit that cannot take over.
func (i HandOver) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	f, err := reached(i.Actor, models.OpTasksHandOver, facts, i.ReportID)
	if err != nil {
		return models.Change{}, err
	}
	if err := i.check(now); err != nil {
		return models.Change{}, err
	}
	theirs := func(t models.Task) bool { return t.Unit == i.From && t.Active() }
	if f.Report.Phase == models.PhaseEnded || !slices.ContainsFunc(f.Tasks, theirs) {
		return models.Change{Subject: i.ReportID}, nil
	}
	m, err := moveOf(i.Packs, f, i.Actor, now)
	if err != nil {
		return models.Change{}, err
	}
	before, was := m.report.Keys(), m.basis()
	var handed []models.Body
	for at, task := range m.tasks {
		if theirs(task) {
			m.handOver(at, i.To)
			handed = append(handed, models.Body{Task: &m.tasks[at].ID, Unit: i.To, From: i.From})
		}
	}
	m.retime(was)
	if moved(before, m.report.Keys()) {
		m.report.Version++
		handed[0].Before, handed[0].After = before, m.report.Keys()
	}
	for _, body := range handed {
		m.event(models.EventTaskHanded, body)
	}
	return m.change(false), nil
}

// check says whether the unit is there to take over.
func (i HandOver) check(now time.Time) error {
	p, _ := i.Packs.Current(i.Actor.Jurisdiction, now)
	if p == nil {
		return models.E(models.CodeUnavailable)
	}
	if u, ok := p.Unit(i.To); !ok || !u.ValidAt(now.In(p.Zone())) {
		return models.Invalid(models.Field("body.to", models.CodeUnknownUnit, nil))
	}
	if i.From == i.To {
		return models.Invalid(models.Field("body.to", models.CodeInvalidValue, nil))
	}
	return nil
}

// handOver gives a task to another unit. A part that the other unit has of the report
// already is one with it: the lead's stays, of two that support the other's own.
func (m *move) handOver(at int, to string) {
	own := slices.IndexFunc(m.tasks, func(t models.Task) bool { return t.Unit == to && t.Active() })
	task := &m.tasks[at]
	switch {
	case own >= 0 && task.Lead:
		m.setTask(own, models.TaskCancelled)
	case own >= 0:
		m.setTask(at, models.TaskCancelled)
		return
	}
	task.Unit, task.HandlerID = to, nil
	m.touchTask(at)
	if task.Lead {
		m.report.LeadUnit = &task.Unit
	}
	for i := range m.deadlines {
		if d := &m.deadlines[i]; d.TaskID != nil && *d.TaskID == task.ID && d.StoppedAt == nil {
			m.whole(i)
			d.Unit = &task.Unit
			m.reckon(i)
		}
	}
}
