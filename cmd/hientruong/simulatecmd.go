// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hientruong/cmd/hientruong/simulate"
	"hientruong/models"
	"hientruong/workflow/pack"
	simulation "hientruong/workflow/simulate"
)

// packSimulateCommand replays what was recorded through a candidate pack.
type packSimulateCommand struct {
	Pack   string            `env:"-" required:"" help:"The candidate's folder; packs/demo is in the program too."`
	Areas  string            `env:"-" help:"GeoJSON of areas to take instead of the pack's own."`
	Since  string            `env:"-" help:"Reports sent in from this day on (2026-01-01, in the pack's zone) or moment (RFC 3339). Required without --csv."`
	Until  string            `env:"-" help:"And before this day or moment, at which clocks stop being looked at; now where not set."`
	CSV    string            `name:"csv" env:"-" help:"Take the reports from this file instead of the database. Separated by commas, semicolons or tabs. Columns: created_at, category, lat and lon or area; where known urgent, channel, lead, resolved_at, description, attr.NAME."`
	Column map[string]string `env:"-" help:"A column that the file calls otherwise, such as created_at=open_dt."`
	Map    string            `env:"-" help:"CSV of two columns, from and to: the file's categories, and the pack's."`
	Units  string            `name:"map-units" env:"-" help:"CSV of two columns, from and to: recorded units, and the pack's codes of them."`
	Format string            `env:"-" enum:"table,json,html" default:"table" help:"table, json or html."`
	Out    string            `env:"-" help:"File to write to; the terminal where not set."`
}

// Help is the long text of --help.
func (packSimulateCommand) Help() string {
	return `Every report lives again under the candidate, decided by the program's own rules: it is sent in, its clocks run, and at the
times at which people took steps the same steps are taken, by whoever would have it then. Nothing is written, and a server may go on beside it.

What is told: how many reports each unit would get; which go elsewhere than they went; deadlines by the day they are due; how late answers would
have been, had they taken as long as they took; and what the candidate has no answer to.

Examples:

  hientruong pack simulate --pack packs/hue --since 2026-01-01

  hientruong pack simulate --pack packs/hue --since 2026-01-01 --format html --out simulation.html

  hientruong pack simulate --pack packs/hue --csv old.csv --column created_at=open_dt --map categories.csv --map-units units.csv`
}

// Run implements the command.
func (c packSimulateCommand) Run(ctx context.Context, s *Settings) error {
	files, err := packFiles{Dir: c.Pack, Areas: c.Areas}.files()
	if err != nil {
		return err
	}
	p, err := readPack(files)
	if err != nil {
		return exitCode{3, err}
	}
	since, until, err := c.interval(p)
	if err != nil {
		return exitCode{2, err}
	}
	if err := simulate.CheckColumns(c.Column); err != nil {
		return exitCode{2, fmt.Errorf("--column: %w", err)}
	}
	var result simulation.Result
	if c.CSV != "" {
		result, err = c.file(ctx, p, since, until)
	} else {
		result, err = c.history(ctx, s, p, since, until)
	}
	var header simulate.HeaderError
	switch {
	case errors.As(err, &header):
		return exitCode{2, fmt.Errorf("--csv: %w", err)}
	case err != nil:
		return err
	}
	result.Since, result.Until = result.Since.In(p.Zone()), result.Until.In(p.Zone())
	return c.write(result)
}

// interval is from when and to when reports are taken.
func (c packSimulateCommand) interval(p *pack.Pack) (since, until time.Time, err error) {
	if c.Since == "" && c.CSV == "" {
		return since, until, errors.New("pack simulate: say --since, such as --since 2026-01-01, or --csv FILE")
	}
	if since, err = moment(c.Since, time.Time{}, p.Zone()); err != nil {
		return since, until, fmt.Errorf("--since: %w", err)
	}
	if until, err = moment(c.Until, time.Now(), p.Zone()); err != nil {
		return since, until, fmt.Errorf("--until: %w", err)
	}
	if !since.Before(until) {
		return since, until, errors.New("pack simulate: --since must be before --until")
	}
	return since, until, nil
}

// moment reads a day, at its beginning, or a moment.
func moment(s string, otherwise time.Time, zone *time.Location) (time.Time, error) {
	if s == "" {
		return otherwise, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%q is neither a day such as 2026-01-31 nor a moment such as 2026-01-31T08:00:00+07:00", s)
	}
	return t, nil
}

// history simulates what the database holds.
func (c packSimulateCommand) history(ctx context.Context, s *Settings, p *pack.Pack, since, until time.Time) (result simulation.Result, err error) {
	stop, err := s.reach(ctx, os.Stderr)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	err = withMain(ctx, s, func(m *Main) error {
		j, err := m.jurisdiction(ctx, p.ID())
		if err != nil {
			return err
		}
		if j == 0 {
			return exitCode{2, fmt.Errorf("pack simulate: nothing was recorded here for %q, the id in pack.yaml", p.ID())}
		}
		packs := m.packs.Load()
		result, err = c.simulate(ctx, p, packs.Decisions(j), since, until, func(sim *simulation.Simulation) simulate.Source {
			return simulate.History{Pool: m.db.Pool, Jurisdiction: j, Packs: packs, Since: since, Until: until, Words: sim.NeedsWords()}
		})
		return err
	})
	return result, err
}

// file simulates what a CSV holds.
func (c packSimulateCommand) file(ctx context.Context, p *pack.Pack, since, until time.Time) (simulation.Result, error) {
	categories, err := readMap("--map", c.Map)
	if err != nil {
		return simulation.Result{}, err
	}
	file, err := os.Open(c.CSV)
	if err != nil {
		return simulation.Result{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return simulation.Result{}, errors.Join(err, file.Close())
	}
	reports := &simulate.File{CSV: file, Size: info.Size(), Zone: p.Zone(), Columns: c.Column, Map: categories, Since: since, Until: until}
	result, err := c.simulate(ctx, p, nil, since, until, func(*simulation.Simulation) simulate.Source { return reports })
	if reports.DayFirst() {
		fmt.Fprintln(os.Stderr, "times such as 02/01/2026 08:00 are read as day/month/year: the second of January")
	}
	return result, errors.Join(err, file.Close())
}

// readMap reads a file of names; none where no file is named.
func readMap(flag, name string) (map[string]string, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, exitCode{2, fmt.Errorf("%s: %w", flag, err)}
	}
	names, err := simulate.ReadMap(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, exitCode{2, fmt.Errorf("%s: %w", flag, err)}
	}
	return names, nil
}

// simulate runs a source through the pack and shows how far it is.
func (c packSimulateCommand) simulate(ctx context.Context, p *pack.Pack, decisions []models.Decision, since, until time.Time,
	source func(*simulation.Simulation) simulate.Source,
) (simulation.Result, error) {
	units, err := readMap("--map-units", c.Units)
	if err != nil {
		return simulation.Result{}, err
	}
	sim := simulation.New(p, decisions, since, until)
	progress := simulate.NewProgress(os.Stderr, isTerminal(os.Stderr))
	result, err := simulate.Run(ctx, sim, simulate.Renamed{Source: source(sim), Units: units}, progress.Show)
	if err == nil {
		progress.End(result.Totals.Reports)
	}
	return result, err
}

// isTerminal says whether somebody looks at a file as it is written.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// write writes the result in the format that was asked for.
func (c packSimulateCommand) write(result simulation.Result) (err error) {
	out := os.Stdout
	if c.Out != "" {
		if out, err = os.Create(c.Out); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, out.Close()) }()
	}
	render := map[string]func(io.Writer, simulation.Result) error{
		"table": simulate.WriteTable, "json": simulate.WriteJSON, "html": simulate.WriteHTML,
	}[c.Format]
	return render(out, result)
}
