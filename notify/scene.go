// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hientruong/ledger"
	"hientruong/models"
)

// scene is what the steps of one jurisdiction are about, as it stands now: read in one
// statement a table, whatever the number of steps.
type scene struct {
	labels   Labels
	reports  map[uuid.UUID]models.Heard
	clocks   map[uuid.UUID][]models.HeardClock
	tasks    map[uuid.UUID][]models.HeardTask
	assigned map[uuid.UUID]int64 // where a report was first assigned
	people   map[string]models.Addressee
	staff    []models.HeardStaff
	byID     map[uuid.UUID]models.HeardStaff
	byUnit   map[string][]models.HeardStaff
}

func (r *Reader) scene(ctx context.Context, tx ledger.Tx, jurisdiction int32, steps []step) (*scene, error) {
	sc := &scene{labels: r.cfg.Labels, byID: map[uuid.UUID]models.HeardStaff{}, byUnit: map[string][]models.HeardStaff{}}
	about, assigned := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, s := range steps {
		about[s.report] = true
		if s.body.After != nil && s.body.After.State == models.State(KindAssigned) {
			assigned[s.report] = true
		}
	}
	ids := slices.Collect(maps.Keys(about))
	var err error
	if sc.reports, err = models.HeardReports(ctx, tx, jurisdiction, ids); err != nil {
		return nil, err
	}
	if sc.clocks, err = models.HeardClocks(ctx, tx, jurisdiction, ids); err != nil {
		return nil, err
	}
	if sc.tasks, err = models.HeardTasks(ctx, tx, jurisdiction, ids); err != nil {
		return nil, err
	}
	if len(assigned) > 0 {
		if sc.assigned, err = models.FirstMoves(ctx, tx, jurisdiction, models.State(KindAssigned), slices.Collect(maps.Keys(assigned))); err != nil {
			return nil, err
		}
	}
	if sc.people, err = models.Addressees(ctx, tx, jurisdiction, sc.reporters(), r.tokenless()); err != nil {
		return nil, err
	}
	return sc, sc.meet(ctx, tx, jurisdiction, steps)
}

// reporters are who sent the reports in, each once.
func (sc *scene) reporters() []string {
	seen := map[string]bool{}
	for _, r := range sc.reports {
		if who := r.Reporter(); who != "" {
			seen[who] = true
		}
	}
	return slices.Collect(maps.Keys(seen))
}

// meet reads the staff who may hear of the steps, or did them.
func (sc *scene) meet(ctx context.Context, tx ledger.Tx, jurisdiction int32, steps []step) error {
	units, ids := map[string]bool{}, map[uuid.UUID]bool{}
	for _, s := range steps {
		units[s.body.Unit] = true
		if s.body.After != nil {
			units[s.body.After.Unit] = true
		}
		if id, is := strings.CutPrefix(s.actor, string(models.ActorStaff)+":"); is {
			if who, err := uuid.Parse(id); err == nil {
				ids[who] = true
			}
		}
		if s.event == models.EventTaskHanded && s.body.Ref != nil {
			ids[*s.body.Ref] = true
		}
	}
	for id, report := range sc.reports {
		if report.ClaimedBy != nil {
			ids[*report.ClaimedBy] = true
		}
		for _, t := range sc.tasks[id] {
			units[t.Unit] = true
			if t.HandlerID != nil {
				ids[*t.HandlerID] = true
			}
		}
	}
	roles := []models.Role{models.RoleOperator, models.RoleVerifier, models.RoleLeader}
	all, err := models.StaffHeard(ctx, tx, jurisdiction, slices.Collect(maps.Keys(units)), roles, slices.Collect(maps.Keys(ids)))
	sc.staff = all
	for _, m := range all {
		sc.byID[m.ID] = m
		if m.Unit != "" {
			sc.byUnit[m.Unit] = append(sc.byUnit[m.Unit], m)
		}
	}
	return err
}

// clock is what the pack says of the clock that an event names.
func (sc *scene) clock(s step, lang models.Language) Clock {
	report := sc.reports[s.report]
	return sc.labels.Clock(s.jurisdiction, report.PackVersion, report.Workflow, s.body.Rule, lang)
}

// operations is the unit that is the operations centre.
func (sc *scene) operations(s step) string {
	return sc.labels.Operations(s.jurisdiction, sc.reports[s.report].PackVersion)
}

// task is the one that an event names, else the lead's that is still theirs; false where
// there is none.
func (sc *scene) task(s step) (models.HeardTask, bool) {
	tasks := sc.tasks[s.report]
	i := slices.IndexFunc(tasks, func(t models.HeardTask) bool {
		if s.body.Task != nil {
			return t.ID == *s.body.Task
		}
		return t.Lead && t.Active()
	})
	if i < 0 {
		return models.HeardTask{}, false
	}
	return tasks[i], true
}

// running is the clock that an event names, while it runs.
func (sc *scene) running(s step) (models.HeardClock, bool) {
	clocks := sc.clocks[s.report]
	i := slices.IndexFunc(clocks, func(c models.HeardClock) bool {
		return c.Kind == s.body.Rule && (c.TaskID == nil) == (s.body.Task == nil) && (c.TaskID == nil || *c.TaskID == *s.body.Task)
	})
	if i < 0 {
		return models.HeardClock{}, false
	}
	return clocks[i], true
}

// late is the unit that a clock was waiting for.
func (sc *scene) late(s step) string {
	if c, ok := sc.running(s); ok && c.Unit != nil {
		return *c.Unit
	}
	if t, ok := sc.task(s); ok {
		return t.Unit
	}
	return sc.operations(s)
}
