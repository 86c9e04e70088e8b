// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

type packMoveCommand struct {
	userOf
	byWhom
	To       int32             `required:"" env:"-" help:"Number of the version to move to."`
	From     int32             `env:"-" help:"Only reports of this version."`
	Category string            `env:"-" help:"Only reports of this category."`
	State    map[string]string `env:"-" placeholder:"OLD=NEW" help:"What a state is called there, where it is called otherwise; may be given more than once."`
	Plan     bool              `env:"-" help:"Only tell what would come of it."`
}

// Run implements the command.
func (c packMoveCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stderr, os.Stdout)
}

func (c packMoveCommand) run(ctx context.Context, s *Settings, tell, out io.Writer) error {
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		j := system.Jurisdiction
		if err := c.check(m.packs.Load(), j); err != nil {
			return exitCode{2, err}
		}
		by, err := c.actor(ctx, m, j, models.OpReportRepack)
		if err != nil {
			return err
		}
		meant := models.OpenReports{Pack: c.From, NotPack: c.To, Category: c.Category}
		all := each{dry: c.Plan}
		if all.of, err = meant.Count(ctx, m.db.Gorm, j); err != nil {
			return err
		}
		all.page = func(after uuid.UUID, limit int) ([]models.OpenReport, error) {
			return meant.Page(ctx, m.db.Gorm, j, after, limit)
		}
		states := map[models.State]models.State{}
		for from, to := range c.State {
			states[models.State(from)] = models.State(to)
		}
		all.intent = func(r models.OpenReport) models.Intent {
			return workflow.Repack{Packs: m.packs.Load(), Actor: by, ReportID: r.ID, To: c.To, States: states}
		}
		done, err := all.run(ctx, m, tell)
		if err != nil {
			return refusedCommand(err)
		}
		return c.tell(done, m.packs.Load(), j, out)
	})
}

// check says which of the numbers and names is wrong.
func (c packMoveCommand) check(packs *pack.Store, jurisdiction int32) error {
	to, ok := packs.Version(jurisdiction, c.To)
	if !ok {
		return fmt.Errorf("--to: there is no version %d", c.To)
	}
	if _, ok := packs.Version(jurisdiction, c.From); c.From != 0 && !ok {
		return fmt.Errorf("--from: there is no version %d", c.From)
	}
	if c.From == c.To {
		return errors.New("--from: it is the version to move to")
	}
	if _, ok := to.Category(c.Category); c.Category != "" && !ok {
		return fmt.Errorf("--category: version %d has no category %q", c.To, c.Category)
	}
	return nil
}

func (c packMoveCommand) tell(done *tally, packs *pack.Store, jurisdiction int32, out io.Writer) error {
	if c.Plan {
		fmt.Fprintf(out, "%d open reports would move to version %d\n", done.done, c.To)
	} else {
		fmt.Fprintf(out, "%d open reports have moved to version %d\n", done.done, c.To)
	}
	if n := done.tell(out); n > 0 {
		to, _ := packs.Version(jurisdiction, c.To)
		done.proposeStates(out, to, strconv.Itoa(int(c.To)))
		return exitCode{3, fmt.Errorf("%d reports cannot move", n)}
	}
	return nil
}
