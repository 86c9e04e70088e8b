// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

type packListCommand struct{ userOf }

// Run implements the command.
func (c packListCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdout)
}

func (c packListCommand) run(ctx context.Context, s *Settings, out io.Writer) error {
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		j := system.Jurisdiction
		versions, err := models.PackVersionsOf(ctx, m.db.Gorm, j)
		if err != nil {
			return err
		}
		_, current := m.packs.Load().Current(j, time.Now())
		for _, v := range versions {
			mark, document := " ", v.Document
			if v.Number == current {
				mark = "*"
			}
			if document == "" {
				document = "-"
			}
			who, err := m.named(ctx, j, v.AppliedBy)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s %4d  from %s  %-20s  %-20s  %s\n", mark, v.Number, shownAt(v.EffectiveAt, m.zone(j)), document, who, hex.EncodeToString(v.Digest)[:12])
		}
		return nil
	})
}

// named is the log-in of who did something, where it is somebody's.
func (m *Main) named(ctx context.Context, jurisdiction int32, actor string) (string, error) {
	id, staff := strings.CutPrefix(actor, string(models.ActorStaff)+":")
	if !staff {
		return actor, nil
	}
	who, err := uuid.Parse(id)
	if err != nil {
		return "", err
	}
	found, err := models.StaffByID(ctx, m.db.Gorm, jurisdiction, who)
	if errors.Is(err, models.E(models.CodeNotFound)) {
		return actor, nil
	}
	return found.Login, err
}

type packDiagramCommand struct {
	packFiles
	Workflow string `env:"-" help:"Only this workflow."`
	Language string `env:"-" default:"vi" help:"Of the labels; one of the pack's."`
}

// Run implements the command.
func (c packDiagramCommand) Run() error { return c.run(os.Stdout) }

func (c packDiagramCommand) run(out io.Writer) error {
	files, err := c.files()
	if err != nil {
		return err
	}
	p, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		return exitCode{3, err}
	}
	if !slices.Contains(p.Settings().Languages, c.Language) {
		return exitCode{2, fmt.Errorf("--language: no %q; there are %s", c.Language, strings.Join(p.Settings().Languages, ", "))}
	}
	var names []string
	drawn := 0
	for _, w := range p.Workflows() {
		names = append(names, w.Name)
		if c.Workflow != "" && c.Workflow != w.Name {
			continue
		}
		if drawn++; drawn > 1 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%%%% %s\n%s", w.Name, workflow.Diagram(w, c.Language))
	}
	if drawn == 0 {
		return exitCode{2, fmt.Errorf("--workflow: no %q; there are %s", c.Workflow, strings.Join(names, ", "))}
	}
	return nil
}

type packSchemaCommand struct {
	Out string `required:"" env:"-" type:"path" placeholder:"DIR" help:"Folder to write them to; made if it lacks."`
}

// Run implements the command.
func (c packSchemaCommand) Run() error { return c.run(os.Stdout) }

func (c packSchemaCommand) run(out io.Writer) error {
	if err := os.MkdirAll(c.Out, 0o750); err != nil {
		return exitCode{2, fmt.Errorf("--out: %w", err)}
	}
	schemas := pack.Schemas()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if err := os.WriteFile(filepath.Join(c.Out, name), schemas[name], 0o600); err != nil {
			return exitCode{2, fmt.Errorf("--out: %w", err)}
		}
		fmt.Fprintln(out, filepath.Join(c.Out, name))
	}
	return nil
}
