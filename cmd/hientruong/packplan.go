// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

type packPlanCommand struct {
	packFiles
}

// Run implements the command.
func (c packPlanCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stderr, os.Stdout)
}

func (c packPlanCommand) run(ctx context.Context, s *Settings, tell, out io.Writer) error {
	return reaching(ctx, s, tell, func(m *Main) error {
		files, err := c.files()
		if err != nil {
			return err
		}
		next, err := readPack(files)
		if err != nil {
			return exitCode{3, err}
		}
		j, err := m.jurisdiction(ctx, next.ID())
		if err != nil {
			return err
		}
		now, number := m.packs.Load().Current(j, time.Now())
		if now == nil {
			fmt.Fprintln(out, "no version is in force: everything is new")
			return nil
		}
		meant := models.OpenReports{}
		groups, err := meant.Groups(ctx, m.db.Gorm, j)
		if err != nil {
			return err
		}
		touched := pack.Touch(now, next, openReports(groups))
		if len(touched) == 0 {
			fmt.Fprintf(out, "it is version %d, which is in force: nothing changes\n", number)
			return m.tellWaiting(ctx, j, out)
		}
		fmt.Fprintf(out, "against version %d:\n", number)
		for _, one := range touched {
			fmt.Fprintf(out, "  %s\n", one.Change)
			if one.Count > 0 {
				fmt.Fprintf(out, "%10d open: %s\n", one.Count, one.Why)
			}
			if command := handoverOf(one.Change, next); command != "" {
				fmt.Fprintf(out, "%10s once this is in force: %s\n", "", command)
			}
		}
		return errors.Join(m.tellWaiting(ctx, j, out), rehearseMove(ctx, m, j, next, tell, out))
	})
}

// tellWaiting says which versions that wait for their day would not come if one were
// applied now.
func (m *Main) tellWaiting(ctx context.Context, jurisdiction int32, out io.Writer) error {
	all, err := models.PackVersionsOf(ctx, m.db.Gorm, jurisdiction)
	if err != nil {
		return err
	}
	now := time.Now()
	applied := models.PackVersion{Number: candidate, EffectiveAt: now, AppliedAt: now}
	for _, line := range calledOff(applied, all, m.zone(jurisdiction)) {
		fmt.Fprintf(out, "applied now: %s\n", line)
	}
	return nil
}

// handoverOf is the command that hands over what a unit has that ends, "" where none does.
func handoverOf(change pack.Change, next *pack.Pack) string {
	if change.Kind != "unit" || change.What == "added" {
		return ""
	}
	unit, stays := next.Unit(change.Code)
	switch {
	case !stays || unit.Successor == "" && unit.ValidTo != "":
		return "hientruong unit handover " + change.Code + " --to UNIT"
	case unit.Successor != "":
		return "hientruong unit handover " + change.Code
	default:
		return ""
	}
}

// openReports are groups of reports as a pack sees them.
func openReports(groups []models.OpenGroup) []pack.OpenReports {
	open := make([]pack.OpenReports, len(groups))
	for i, g := range groups {
		open[i] = pack.OpenReports{Version: g.PackVersion, Workflow: g.Workflow, State: string(g.State), Category: g.Category, Count: g.Count}
		if g.Area != nil {
			open[i].Area = *g.Area
		}
		if g.LeadUnit != nil {
			open[i].Unit = *g.LeadUnit
		}
	}
	return open
}

// candidate is the number of a version that nobody has applied.
const candidate = math.MaxInt32

// rehearseMove tells which open reports could be moved to a version that is not applied.
func rehearseMove(ctx context.Context, m *Main, jurisdiction int32, next *pack.Pack, tell, out io.Writer) error {
	var meant models.OpenReports
	of, err := meant.Count(ctx, m.db.Gorm, jurisdiction)
	if err != nil {
		return err
	}
	packs := m.packs.Load().With(jurisdiction, candidate, next, time.Now())
	could, err := each{
		of: of, dry: true,
		page: func(after uuid.UUID, limit int) ([]models.OpenReport, error) {
			return meant.Page(ctx, m.db.Gorm, jurisdiction, after, limit)
		},
		intent: func(r models.OpenReport) models.Intent {
			return workflow.Repack{Packs: packs, Actor: models.System(jurisdiction), ReportID: r.ID, To: candidate}
		},
	}.run(ctx, m, tell)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "of %d open reports pack move could take %d over\n", of, could.done)
	could.tell(out)
	could.proposeStates(out, next, "NUMBER")
	return nil
}
