// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"hientruong/cmd/hientruong/safekeeping"
)

// backupCommand makes a backup of everything.
type backupCommand struct {
	To string `required:"" env:"-" help:"Folder to put it into, or the file to write. It holds the keys too: keep it as secret as they are."`
}

// Run implements the command.
func (c backupCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stderr, os.Stdout)
}

// run tells its progress and writes the name of the file.
func (c backupCommand) run(ctx context.Context, s *Settings, tell, out io.Writer) error {
	return withPlace(ctx, s, tell, func(from safekeeping.Place) error {
		path, err := safekeeping.Backup(ctx, from, c.To, time.Now())
		if err == nil {
			fmt.Fprintln(out, path)
		}
		return err
	})
}

// withPlace opens what backup and restore work on.
func withPlace(ctx context.Context, s *Settings, tell io.Writer, do func(safekeeping.Place) error) (err error) {
	stop, err := s.reach(ctx, tell)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := s.needOwner(); err != nil {
		return err
	}
	store, closeStore, err := s.store()
	if err != nil {
		return err
	}
	err = do(safekeeping.Place{OwnerURL: s.DatabaseOwnerURL, AppURL: s.DatabaseURL, Store: store, KeyFile: s.keyFile(), Tell: tell})
	return errors.Join(err, closeStore())
}

// reach finds the database where no address is set: the private one under DATA, which
// runs already, or is started and then has to be stopped.
func (s *Settings) reach(ctx context.Context, tell io.Writer) (stop func() error, err error) {
	nothing := func() error { return nil }
	if s.DatabaseURL != "" || s.DatabaseOwnerURL != "" {
		return nothing, nil
	}
	if s.readBeside() {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		if conn, err := pgx.Connect(ctx, s.DatabaseOwnerURL); err == nil {
			return nothing, conn.Close(ctx)
		}
		s.DatabaseURL, s.DatabaseOwnerURL = "", ""
	}
	if _, err := os.Stat(filepath.Join(s.Data, "postgresql")); err != nil {
		return nothing, nil
	}
	return s.startBeside(ctx, tell)
}

// startBeside starts the private PostgreSQL and points the settings at it.
func (s *Settings) startBeside(ctx context.Context, tell io.Writer) (stop func() error, err error) {
	m := &Main{Settings: *s, Logger: s.loggerTo(io.Discard)}
	stop, err = m.startPrivate(ctx, tell)
	if err != nil {
		return nil, err
	}
	s.DatabaseURL, s.DatabaseOwnerURL = m.Settings.DatabaseURL, m.Settings.DatabaseOwnerURL
	return stop, nil
}

// readBeside takes the addresses over that "make run" left in DATA, and says whether it
// found both.
func (s *Settings) readBeside() bool {
	file, err := os.Open(filepath.Join(s.Data, "database.env"))
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		switch name, value, _ := strings.Cut(lines.Text(), "="); name {
		case "HIENTRUONG_DATABASE_URL":
			s.DatabaseURL = value
		case "HIENTRUONG_DATABASE_OWNER_URL":
			s.DatabaseOwnerURL = value
		}
	}
	return s.DatabaseURL != "" && s.DatabaseOwnerURL != ""
}
