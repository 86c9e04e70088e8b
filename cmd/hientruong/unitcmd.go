// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// unitCommand looks after what units have to do.
type unitCommand struct {
	Handover unitHandoverCommand `cmd:"" help:"Give everything a unit has in hand to its successor. Stopped half-way it can be run again."`
}

type unitHandoverCommand struct {
	userOf
	byWhom
	Unit string `arg:"" placeholder:"OLD" help:"Code of the unit that gives."`
	To   string `env:"-" help:"Code of the unit that takes over; the successor in the pack where not set."`
	Plan bool   `env:"-" help:"Only tell what there is to hand over."`
}

// Run implements the command.
func (c unitHandoverCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stderr, os.Stdout)
}

func (c unitHandoverCommand) run(ctx context.Context, s *Settings, tell, out io.Writer) error {
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		to, err := c.successor(m, system.Jurisdiction)
		if err != nil {
			return exitCode{2, err}
		}
		by, err := c.actor(ctx, m, system.Jurisdiction, models.OpTasksHandOver)
		if err != nil {
			return err
		}
		work, err := models.CountUnitWork(ctx, m.db.Gorm, system.Jurisdiction, c.Unit)
		if err != nil {
			return err
		}
		if len(work) == 0 {
			fmt.Fprintf(out, "%s has nothing to hand over\n", c.Unit)
			return nil
		}
		all := each{dry: c.Plan, of: total(work)}
		all.page = func(after uuid.UUID, limit int) ([]models.OpenReport, error) {
			return models.UnitReports(ctx, m.db.Gorm, system.Jurisdiction, c.Unit, after, limit)
		}
		all.intent = func(r models.OpenReport) models.Intent {
			return workflow.HandOver{Packs: m.packs.Load(), Actor: by, ReportID: r.ID, From: c.Unit, To: to}
		}
		if c.Plan {
			fmt.Fprintf(out, "%s would hand over to %s:\n", c.Unit, to)
			if err := c.plan(all, work, out); err != nil {
				return err
			}
		}
		done, err := all.run(ctx, m, tell)
		if err != nil {
			return refusedCommand(err)
		}
		if !c.Plan {
			fmt.Fprintf(out, "%s has handed over %d reports to %s\n", c.Unit, done.done, to)
		}
		if n := done.tell(out); n > 0 {
			return exitCode{3, fmt.Errorf("%d reports cannot be handed over", n)}
		}
		return nil
	})
}

// successor is the unit that takes over.
func (c unitHandoverCommand) successor(m *Main, jurisdiction int32) (string, error) {
	store := m.packs.Load()
	p, number := store.Current(jurisdiction, time.Now())
	if p == nil {
		return "", fmt.Errorf("no pack is in force, so there are no units yet")
	}
	old, ok := p.Unit(c.Unit)
	for n := number; !ok && n > 0; n-- {
		if before, there := store.Version(jurisdiction, n); there {
			old, ok = before.Unit(c.Unit)
		}
	}
	to := c.To
	switch {
	case !ok:
		return "", fmt.Errorf("no version of the pack has a unit %q", c.Unit)
	case to == "" && old.Successor == "":
		return "", fmt.Errorf("the pack names no successor of %s: say --to", c.Unit)
	case to == "":
		to = old.Successor
	}
	if to == c.Unit {
		return "", fmt.Errorf("--to: %s cannot take over from itself", to)
	}
	if u, ok := p.Unit(to); !ok || !u.ValidAt(time.Now().In(p.Zone())) {
		return "", fmt.Errorf("--to: the pack in force has no unit %q", to)
	}
	return to, nil
}

// plan tells what there is to hand over, and names the first reports.
func (unitHandoverCommand) plan(all each, work []models.UnitWork, out io.Writer) error {
	for _, w := range work {
		part := "supports"
		if w.Lead {
			part = "leads"
		}
		fmt.Fprintf(out, "%8d %-20s %s\n", w.Count, w.State, part)
	}
	first, err := all.page(uuid.Nil, shownCodes)
	if err != nil {
		return err
	}
	names := make([]string, len(first))
	for i, r := range first {
		names[i] = r.Code
	}
	more := ""
	if all.of > len(first) {
		more = " …"
	}
	fmt.Fprintf(out, "first of them: %s%s\n", codes(names), more)
	return nil
}

func total(work []models.UnitWork) int {
	n := 0
	for _, w := range work {
		n += w.Count
	}
	return n
}
