// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"hientruong/cmd/hientruong/demo"
	"hientruong/cmd/hientruong/doctor"
	"hientruong/handlers"
	"hientruong/models"
	"hientruong/packs"
)

// demoCommand makes the demo city live: for a while over HTTP, or through days gone by.
type demoCommand struct {
	Rate     float64       `env:"-" xor:"way" help:"Play a living city over HTTP: so many reports a minute."`
	For      time.Duration `env:"-" default:"10m" help:"How long to play; lives are as quick as fits into it."`
	URL      string        `env:"-" help:"The server to play on; the one of this machine, at LISTEN, where not set."`
	Accounts string        `env:"-" help:"The log-ins that make run wrote; DATA/demo-accounts.json where not set."`

	Show bool `env:"-" xor:"way" help:"Play one of each thing worth seeing over HTTP, in under a minute, and print where to look it up."`

	Days          int     `env:"-" xor:"way" help:"Write so many days of history into the database, up to now."`
	ReportsPerDay float64 `env:"-" default:"80" help:"On a working day of that history."`
	Photos        float64 `env:"-" default:"0.15" help:"The share of its reports that come with pictures, 0 to 0.6."`
	Force         bool    `env:"-" help:"Also where the jurisdiction is not the demo city. There is no way back."`

	Seed uint64 `env:"-" help:"The same seed makes the same city and the same lives; 0: any."`
}

// Run implements the command.
func (c demoCommand) Run(ctx context.Context, s *Settings) error {
	switch {
	case c.Rate <= 0 && c.Days <= 0 && !c.Show:
		return exitCode{2, errors.New("demo: say --rate (reports a minute, over HTTP), --show (one of each) or --days (of history)")}
	case c.Rate > 0 && c.For <= 0, c.Days > 3650, c.Days > 0 && c.ReportsPerDay <= 0, c.Photos < 0 || c.Photos > 0.6:
		return exitCode{2, errors.New("demo: --for and --reports-per-day must be above 0, --days at most 3650, --photos 0 to 0.6")}
	}
	if c.Seed == 0 {
		//nolint:gosec // a game; nothing secret hangs on it
		c.Seed = uint64(rand.Uint32())
	}
	var summary *demo.Summary
	var err error
	if c.Rate > 0 || c.Show {
		summary, err = c.play(ctx, s, os.Stdout)
	} else {
		summary, err = c.backfill(ctx, s, os.Stdout)
	}
	if summary != nil {
		fmt.Printf("seed %d: %s", c.Seed, summary)
	}
	if err != nil {
		return err
	}
	if _, wrong := summary.Problems(); wrong > 0 {
		return exitCode{1, fmt.Errorf("demo: %d things went wrong that should not", wrong)}
	}
	return nil
}

// play plays over HTTP.
func (c demoCommand) play(ctx context.Context, s *Settings, out io.Writer) (*demo.Summary, error) {
	file := c.Accounts
	if file == "" {
		file = (&Main{Settings: *s}).accountsFile()
	}
	logins, err := readAccounts(file)
	if err != nil {
		return nil, err
	}
	if len(logins) == 0 {
		return nil, fmt.Errorf("demo: %s has no log-ins: start the server with make run first, or name its file with --accounts", file)
	}
	server := strings.TrimSuffix(c.URL, "/")
	if server == "" {
		if server, err = doctor.URL(s.Listen); err != nil {
			return nil, fmt.Errorf("HIENTRUONG_LISTEN: %w", err)
		}
	}
	p, err := readPack(packs.Demo())
	if err != nil {
		return nil, err
	}
	accounts := make([]demo.Account, 0, len(logins))
	for _, a := range logins {
		accounts = append(accounts, demo.Account{Login: a.Login, Password: a.Password, Role: a.Role, Unit: a.Unit})
	}
	play := demo.Play{URL: server, Accounts: accounts, Pack: p, Seed: c.Seed, Rate: c.Rate, For: c.For, Show: c.Show, Out: out}
	if c.Show {
		play.For = longestShow
	}
	summary, err := play.Run(ctx)
	if c.Show && summary != nil && out != nil {
		tellLinks(out, server, summary)
	}
	return summary, err
}

// longestShow is how long a show may take on a slow machine.
const longestShow = 2 * time.Minute

// tellLinks says where to look each thing up that was shown.
func tellLinks(out io.Writer, server string, summary *demo.Summary) {
	for _, e := range summary.Episodes() {
		if e.Count > 0 {
			_, _ = fmt.Fprintf(out, "%-14s %-20s %s/demo#/report/%s\n", e.Name, e.Codes[0], server, e.First)
		}
	}
	_, _ = fmt.Fprintln(out, "What takes hours or days (a clock that reminds, runs out or is taken up the tree, a question that nobody answers) is in a history: --days 30.")
}

// backfill writes history, straight into the ledger.
func (c demoCommand) backfill(ctx context.Context, s *Settings, out io.Writer) (summary *demo.Summary, err error) {
	stop, err := s.reach(ctx, os.Stderr)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	err = withMain(ctx, s, func(m *Main) error {
		j, err := c.jurisdiction(ctx, m)
		if err != nil {
			return err
		}
		staff, err := m.demoStaff(ctx, j)
		if err != nil {
			return err
		}
		summary, err = demo.History{
			Pool: m.db.Pool, Packs: m.packs.Load(), Jurisdiction: j, Keys: m.identity.Keys(), Studio: m.studio, Staff: staff,
			Seed: c.Seed, Until: time.Now(), Days: c.Days, PerDay: c.ReportsPerDay, Photos: c.Photos, Out: out,
		}.Run(ctx)
		return err
	})
	return summary, err
}

// jurisdiction is the demo city; with force the only one there is, whatever it is.
func (c demoCommand) jurisdiction(ctx context.Context, m *Main) (int32, error) {
	all, err := models.Jurisdictions(ctx, m.db.Gorm)
	if err != nil {
		return 0, err
	}
	for _, j := range all {
		if j.Code == demoCode || c.Force && len(all) == 1 {
			return j.ID, nil
		}
	}
	return 0, exitCode{2, fmt.Errorf("demo: no jurisdiction here is the demo city %q, and a made-up history cannot be taken back (--force writes it all the same)", demoCode)}
}

// demoCode is the demo city's code.
const demoCode = "demo"

// demoStaff makes sure of the demo's log-ins and returns who they are.
func (m *Main) demoStaff(ctx context.Context, jurisdiction int32) ([]models.Actor, error) {
	list, err := m.demoAccounts(ctx, jurisdiction)
	if err != nil {
		return nil, err
	}
	accounts, err := list()
	if err != nil {
		return nil, err
	}
	staff := make([]models.Actor, 0, len(accounts))
	for _, a := range accounts {
		one, err := m.staffOf(ctx, jurisdiction, a)
		if err != nil {
			return nil, err
		}
		staff = append(staff, one)
	}
	return staff, nil
}

func (m *Main) staffOf(ctx context.Context, jurisdiction int32, a handlers.DemoAccount) (models.Actor, error) {
	found, err := models.StaffByLogin(ctx, m.db.Gorm, jurisdiction, a.Login)
	if err != nil {
		return models.Actor{}, fmt.Errorf("demo: log-in %s: %w", a.Login, err)
	}
	return found.Actor(), nil
}
