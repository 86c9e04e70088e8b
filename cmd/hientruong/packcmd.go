// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"hientruong/models"
	"hientruong/packs"
	"hientruong/workflow/pack"
)

// packCommand looks after packs.
type packCommand struct {
	Check    packCheckCommand    `cmd:"" help:"Find everything that is wrong with a pack, all at once."`
	Plan     packPlanCommand     `cmd:"" help:"Show what a pack would change."`
	Apply    packApplyCommand    `cmd:"" help:"Put a pack into force, on every node."`
	Simulate packSimulateCommand `cmd:"" help:"Live what was recorded through a pack that is not in force, and tell what would be otherwise."`
}

// packFiles names a pack: a folder, and polygons to take instead of its own.
type packFiles struct {
	Dir   string `arg:"" help:"The pack's folder; packs/demo is in the program too."`
	Areas string `help:"GeoJSON of areas to take instead of the pack's own."`
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

type packPlanCommand struct {
	packFiles
}

// Run implements the command.
func (c packPlanCommand) Run(ctx context.Context, s *Settings) error {
	return withMain(ctx, s, func(m *Main) error {
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
			fmt.Println("no version is in force: everything is new")
			return nil
		}
		fmt.Printf("against version %d:\n%s", number, pack.Plan(now, next))
		return nil
	})
}

type packApplyCommand struct {
	packFiles
	Document string `help:"Number of the legal document that puts it into force."`
}

// Run implements the command.
func (c packApplyCommand) Run(ctx context.Context, s *Settings) error {
	return withMain(ctx, s, func(m *Main) error {
		files, err := c.files()
		if err != nil {
			return err
		}
		j, number, err := m.applyPack(ctx, files, c.Document)
		switch {
		case err != nil:
			return exitCode{3, err}
		case number == 0:
			fmt.Printf("%s: this version is in force already\n", j.Code)
		default:
			fmt.Printf("%s: version %d is in force\n", j.Code, number)
		}
		return nil
	})
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
