// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"hientruong/models"
	"hientruong/packs"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// packCommand looks after packs.
type packCommand struct {
	New      packNewCommand      `cmd:"" help:"Begin the pack of another city, from the polygons of its wards."`
	Check    packCheckCommand    `cmd:"" help:"Find everything that is wrong with a pack, all at once."`
	Plan     packPlanCommand     `cmd:"" help:"Show what a pack would change, and which open reports that touches."`
	Apply    packApplyCommand    `cmd:"" help:"Put a pack into force, on every node. Rolling back is applying the older one."`
	List     packListCommand     `cmd:"" help:"List the versions."`
	Move     packMoveCommand     `cmd:"" help:"Move open reports to another version. Stopped half-way it can be run again."`
	Diagram  packDiagramCommand  `cmd:"" help:"Draw a pack's workflows, as Mermaid."`
	Schema   packSchemaCommand   `cmd:"" help:"Write a JSON Schema of every pack file, for editors."`
	Simulate packSimulateCommand `cmd:"" help:"Live what was recorded through a pack that is not in force, and tell what would be otherwise."`
}

// packFiles names a pack: a folder, and polygons to take instead of its own.
type packFiles struct {
	Dir   string `arg:"" help:"The pack's folder; packs/demo is in the program too."`
	Areas string `env:"-" help:"GeoJSON of areas to take instead of the pack's own."`
}

func (p packFiles) files() (fs.FS, error) {
	files, err := p.folder()
	if err != nil || p.Areas == "" {
		return files, err
	}
	areas, err := os.ReadFile(p.Areas)
	if err != nil {
		return nil, err
	}
	return pack.WithAreas(files, areas), nil
}

func (p packFiles) folder() (fs.FS, error) {
	info, err := os.Stat(p.Dir)
	switch {
	case err == nil && info.IsDir():
		return os.DirFS(p.Dir), nil
	case errors.Is(err, fs.ErrNotExist) && p.Dir == "packs/demo":
		return packs.Demo(), nil
	case err != nil:
		return nil, err
	default:
		return nil, fmt.Errorf("%s is not a folder", p.Dir)
	}
}

type packCheckCommand struct {
	packFiles
}

// Run implements the command.
func (c packCheckCommand) Run() error {
	files, err := c.files()
	if err != nil {
		return err
	}
	p, err := readPack(files)
	if err != nil {
		return exitCode{3, err}
	}
	fmt.Printf("%s: %d units, %d categories, %d areas, %d routing rules: nothing wrong\n",
		p.ID(), len(p.Units()), len(p.Categories()), p.Areas().Len(), len(p.Rules()))
	return nil
}

type packApplyCommand struct {
	packFiles
	byWhom
	Document  string `env:"-" help:"Number of the legal document that puts it into force."`
	Effective string `env:"-" placeholder:"DAY" help:"The day, or the moment, from which it is in force; now where not set."`
}

// Run implements the command.
func (c packApplyCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stderr, os.Stdout)
}

func (c packApplyCommand) run(ctx context.Context, s *Settings, tell, out io.Writer) error {
	return reaching(ctx, s, tell, func(m *Main) error {
		files, err := c.files()
		if err != nil {
			return err
		}
		p, err := readPack(files)
		if err != nil {
			return exitCode{3, err}
		}
		how := workflow.ApplyPack{Document: c.Document}
		if how.EffectiveAt, err = c.effective(p.Zone()); err != nil {
			return exitCode{2, fmt.Errorf("--effective: %w", err)}
		}
		j, err := m.jurisdiction(ctx, p.ID())
		if err != nil {
			return err
		}
		if how.Actor, err = c.actor(ctx, m, j, models.OpPackApply); err != nil {
			return err
		}
		made, version, err := m.applyPack(ctx, files, how)
		switch {
		case err != nil:
			return refusedFlags(err, map[string]string{
				"effective_at": fmt.Sprintf("--effective %s is past; leave it out to apply now", c.Effective),
				"document":     "--document is too long: write its number, such as 12/QĐ-UBND",
			})
		case version.Number == 0:
			fmt.Fprintf(out, "%s: this is the newest version already\n", made.Code)
			return nil
		}
		return m.tellApplied(ctx, made, version, out)
	})
}

// tellApplied says what became of a version that was just applied, and of those that waited.
func (m *Main) tellApplied(ctx context.Context, j models.Jurisdiction, made models.PackVersion, out io.Writer) error {
	store, zone := m.packs.Load(), m.zone(j.ID)
	if _, current := store.Current(j.ID, made.AppliedAt); current == made.Number {
		fmt.Fprintf(out, "%s: version %d is in force\n", j.Code, made.Number)
	} else {
		_, until := store.Current(j.ID, made.EffectiveAt.Add(-1))
		fmt.Fprintf(out, "%s: version %d comes into force on %s; until then version %d\n", j.Code, made.Number, dayIn(made.EffectiveAt, zone), until)
	}
	all, err := models.PackVersionsOf(ctx, m.db.Gorm, j.ID)
	if err != nil {
		return err
	}
	for _, line := range calledOff(made, all, zone) {
		fmt.Fprintf(out, "%s: %s\n", j.Code, line)
	}
	return nil
}

func (c packApplyCommand) effective(zone *time.Location) (time.Time, error) {
	if c.Effective == "" {
		return time.Time{}, nil
	}
	return dayOr(c.Effective, zone)
}

// reaching opens everything for a command, with the private database where no address is
// set.
func reaching(ctx context.Context, s *Settings, tell io.Writer, do func(*Main) error) (err error) {
	stop, err := s.reach(ctx, tell)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	return withMain(ctx, s, do)
}

// withMain opens everything for a command that ends by itself.
func withMain(ctx context.Context, s *Settings, do func(*Main) error) error {
	m := &Main{Settings: *s}
	err := m.Open(ctx)
	if err == nil {
		err = do(m)
	}
	return errors.Join(err, m.Close())
}

// jurisdiction finds a jurisdiction's id by its code; 0 where there is none.
func (m *Main) jurisdiction(ctx context.Context, code string) (int32, error) {
	all, err := models.Jurisdictions(ctx, m.db.Gorm)
	if err != nil {
		return 0, err
	}
	for _, j := range all {
		if j.Code == code {
			return j.ID, nil
		}
	}
	return 0, nil
}
