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
	"text/tabwriter"
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
		now := time.Now()
		_, current := m.packs.Load().Current(j, now)
		list := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(list, "version\tstatus\tfrom\tdocument\tapplied\tby\tdigest")
		for _, v := range versions {
			document := v.Document
			if document == "" {
				document = "-"
			}
			who, err := m.named(ctx, j, v.AppliedBy)
			if err != nil {
				return err
			}
			fmt.Fprintf(list, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", v.Number, standing(v, versions, current, now), shownAt(v.EffectiveAt, m.zone(j)),
				document, shownAt(v.AppliedAt, m.zone(j)), who, hex.EncodeToString(v.Digest)[:12])
		}
		return list.Flush()
	})
}

// named is the name and log-in of who did something, where it is somebody's.
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
	return fmt.Sprintf("%s (%s)", found.Name, found.Login), err
}

type packDiagramCommand struct {
	packFiles
	Workflow string `env:"-" help:"Only this workflow."`
	Out      string `env:"-" type:"path" placeholder:"DIR" help:"Folder to write one file of each workflow to, NAME.mmd; the terminal where not set."`
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
	var wanted []*pack.Workflow
	for _, w := range p.Workflows() {
		names = append(names, w.Name)
		if c.Workflow == "" || c.Workflow == w.Name {
			wanted = append(wanted, w)
		}
	}
	if len(wanted) == 0 {
		return exitCode{2, fmt.Errorf("--workflow: no %q; there are %s", c.Workflow, strings.Join(names, ", "))}
	}
	if c.Out != "" {
		return c.draw(wanted, out)
	}
	for i, w := range wanted {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%%%% %s\n%s", w.Name, workflow.Diagram(w, c.Language))
	}
	return nil
}

// draw writes a file of each workflow, and tells their names.
func (c packDiagramCommand) draw(all []*pack.Workflow, out io.Writer) error {
	pictures := map[string][]byte{}
	for _, w := range all {
		pictures[w.Name+".mmd"] = []byte(workflow.Diagram(w, c.Language))
	}
	return writeAll(c.Out, pictures, out)
}

// writeAll writes files to a folder, which is made if it lacks, and tells their names.
func writeAll(dir string, files map[string][]byte, out io.Writer) error {
	//nolint:gosec // a city's rules are for everybody to read
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return exitCode{2, fmt.Errorf("--out: %w", err)}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		//nolint:gosec // as above
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o644); err != nil {
			return exitCode{2, fmt.Errorf("--out: %w", err)}
		}
		fmt.Fprintln(out, filepath.Join(dir, name))
	}
	return nil
}

type packSchemaCommand struct {
	Out string `required:"" env:"-" type:"path" placeholder:"DIR" help:"Folder to write them to; made if it lacks."`
}

// Run implements the command.
func (c packSchemaCommand) Run() error { return c.run(os.Stdout) }

func (c packSchemaCommand) run(out io.Writer) error {
	return writeAll(c.Out, pack.Schemas(), out)
}
