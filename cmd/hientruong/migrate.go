// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jackc/pgx/v5/pgconn"

	"hientruong/database"
	"hientruong/migrations"
)

// migrateCommand changes the schema.
type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" default:"1" help:"Bring the database up to date, and make the application's role."`
	Down   migrateDownCommand   `cmd:"" help:"Take migrations back, with all that their tables hold."`
	Status migrateStatusCommand `cmd:"" help:"List the migrations."`
}

// withOwner finds the owner's address.
func withOwner(ctx context.Context, s *Settings, tell io.Writer, do func() error) (err error) {
	stop, err := s.reach(ctx, tell)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := s.needOwner(); err != nil {
		return err
	}
	err = do()
	var unreachable *pgconn.ConnectError
	if errors.As(err, &unreachable) {
		return fmt.Errorf("HIENTRUONG_DATABASE_OWNER_URL: %w", err)
	}
	return err
}

type migrateUpCommand struct{}

// Run implements the command.
func (c migrateUpCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdout)
}

func (migrateUpCommand) run(ctx context.Context, s *Settings, out io.Writer) error {
	return withOwner(ctx, s, out, func() error {
		steps, err := database.Migrate(ctx, s.DatabaseOwnerURL, database.MigrateOptions{AppURL: s.DatabaseURL, FS: migrations.FS})
		for _, step := range steps {
			fmt.Fprintln(out, "applied:", step.Name)
		}
		if err == nil && len(steps) == 0 {
			fmt.Fprintln(out, "the database is up to date")
		}
		return err
	})
}

type migrateDownCommand struct {
	To  int64 `required:"" env:"-" help:"Number of the migration that stays; 0 removes every table."`
	Yes bool  `env:"-" help:"Really: what the tables hold is lost."`
}

// Run implements the command.
func (c migrateDownCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdout)
}

func (c migrateDownCommand) run(ctx context.Context, s *Settings, out io.Writer) error {
	if c.To < 0 {
		return exitCode{2, errors.New("--to: 0 or the number of a migration")}
	}
	if !c.Yes {
		return exitCode{2, errors.New("this deletes tables and what they hold: make a backup, then add --yes")}
	}
	return withOwner(ctx, s, out, func() error {
		if err := database.MigrateDown(ctx, s.DatabaseOwnerURL, c.To, database.MigrateOptions{FS: migrations.FS}); err != nil {
			return err
		}
		fmt.Fprintf(out, "the schema is that of migration %d\n", c.To)
		return nil
	})
}

type migrateStatusCommand struct{}

// Run implements the command.
func (c migrateStatusCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdout)
}

func (migrateStatusCommand) run(ctx context.Context, s *Settings, out io.Writer) error {
	return withOwner(ctx, s, out, func() error {
		steps, err := database.MigrationStatus(ctx, s.DatabaseOwnerURL, database.MigrateOptions{FS: migrations.FS})
		for _, step := range steps {
			at := "to come"
			if !step.AppliedAt.IsZero() {
				at = step.AppliedAt.Format("2006-01-02 15:04:05 MST")
			}
			fmt.Fprintf(out, "%-24s %s\n", step.Name, at)
		}
		return err
	})
}
