// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"hientruong/database"
	"hientruong/migrations"
	"hientruong/models"
	"hientruong/packs"
	"hientruong/workflow"
)

// runCommand is "make run": a whole server with the demo city, and a PostgreSQL of its own
// where none is set.
type runCommand struct{}

// shownAccounts is how many log-ins the start prints: the centre's and the first unit's.
const shownAccounts = 11

// databaseName is that of the private PostgreSQL.
const databaseName = "hientruong"

// Run implements the command. Ctrl-C stops what it started, PostgreSQL last.
func (runCommand) Run(ctx context.Context, s *Settings) (err error) {
	out := os.Stdout
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("HIENTRUONG_LISTEN: %s is taken: %w", s.Listen, err)
	}
	m := &Main{Settings: *s, Serve: true, Work: true, Demo: true, Listener: listener}
	m.Logger, err = fileLogger(s)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if s.DatabaseURL == "" {
		stop, err := m.startPrivate(ctx, out)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer func() {
			fmt.Fprintln(out, "stopping PostgreSQL")
			err = errors.Join(err, stop())
		}()
	}
	if err := m.prepare(ctx, out); err != nil {
		return errors.Join(err, m.Close(), listener.Close())
	}
	running := make(chan error, 1)
	go func() { running <- m.Run(ctx) }()
	fmt.Fprint(out, m.welcome(listener.Addr()))
	err = <-running
	fmt.Fprintln(out, "stopped")
	return errors.Join(err, m.Close())
}

// prepare migrates, opens, applies the demo's pack and makes its log-ins.
func (m *Main) prepare(ctx context.Context, out io.Writer) error {
	if m.Settings.DatabaseOwnerURL != "" {
		steps, err := database.Migrate(ctx, m.Settings.DatabaseOwnerURL, database.MigrateOptions{AppURL: m.Settings.DatabaseURL, FS: migrations.FS, Log: m.Logger})
		if err != nil {
			return err
		}
		if len(steps) > 0 {
			fmt.Fprintf(out, "database: %d migrations applied\n", len(steps))
		}
	}
	if err := m.Open(ctx); err != nil {
		return err
	}
	j, err := m.ensurePack(ctx, out)
	if err != nil {
		return err
	}
	if err := m.identity.Keys().Check(ctx, m.db.Gorm, j.ID); err != nil {
		return fmt.Errorf("HIENTRUONG_KEY_FILE: %w", err)
	}
	accounts, err := m.demoAccounts(ctx, j.ID)
	if err != nil {
		return err
	}
	m.Accounts = accounts
	return nil
}

// ensurePack applies the demo's pack where its city has none. Another that was applied there
// since, or that waits for its day, stays.
func (m *Main) ensurePack(ctx context.Context, out io.Writer) (models.Jurisdiction, error) {
	p, err := readPack(packs.Demo())
	if err != nil {
		return models.Jurisdiction{}, err
	}
	j, err := models.EnsureJurisdiction(ctx, m.db.Gorm, p.ID())
	if err != nil {
		return j, err
	}
	switch now, number := m.packs.Load().Current(j.ID, time.Now()); {
	case now == nil:
		_, version, err := m.applyPack(ctx, packs.Demo(), workflow.ApplyPack{})
		if err == nil {
			fmt.Fprintf(out, "pack: version %d of %s applied\n", version.Number, j.Code)
		}
		return j, err
	case now.Digest() != p.Digest():
		fmt.Fprintf(out, "pack: version %d of %s is in force, which is not the program's own; hientruong pack apply packs/demo applies that\n", number, j.Code)
	}
	return j, nil
}

// startPrivate starts the PostgreSQL under DATA and points the settings at it.
func (m *Main) startPrivate(ctx context.Context, out io.Writer) (stop func() error, err error) {
	fmt.Fprintf(out, "PostgreSQL: starting in %s\n", filepath.Join(m.Settings.Data, "postgresql"))
	//nolint:gosec // the server's user has to get through
	if err := os.MkdirAll(m.Settings.Data, 0o755); err != nil {
		return nil, fmt.Errorf("HIENTRUONG_DATA: %w", err)
	}
	server, err := database.StartPrivate(ctx, database.PrivateOptions{
		Dir: filepath.Join(m.Settings.Data, "postgresql"), Durable: true, Log: m.Logger,
		Settings: map[string]string{"shared_buffers": "256MB", "max_wal_size": "2GB"},
	})
	if err != nil {
		return nil, err
	}
	// Writing to a pipe that nobody reads any more would end this program before PostgreSQL.
	unread := make(chan os.Signal, 1)
	signal.Notify(unread, syscall.SIGPIPE)
	stop = func() error {
		defer signal.Stop(unread)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		return server.Stop(ctx)
	}
	if err := server.CreateDatabase(ctx, databaseName); err != nil {
		return nil, errors.Join(err, stop())
	}
	m.Settings.DatabaseURL = server.URL(database.AppRole, databaseName)
	m.Settings.DatabaseOwnerURL = server.URL(database.OwnerRole, databaseName)
	// What looks at this installation from beside it, such as backup, needs the addresses.
	settings := fmt.Sprintf("HIENTRUONG_DATABASE_URL=%s\nHIENTRUONG_DATABASE_OWNER_URL=%s\n", m.Settings.DatabaseURL, m.Settings.DatabaseOwnerURL)
	if err := os.WriteFile(filepath.Join(m.Settings.Data, "database.env"), []byte(settings), 0o600); err != nil {
		return nil, errors.Join(err, stop())
	}
	return stop, nil
}

// welcome says where to go.
func (m *Main) welcome(at net.Addr) string {
	_, port, err := net.SplitHostPort(at.String())
	if err != nil {
		port = "8080"
	}
	base := "http://localhost:" + port
	var b strings.Builder
	fmt.Fprintf(&b, "\nHiện Trường is up: %s\n\n", base)
	fmt.Fprintf(&b, "  %s/demo   a citizen's phone and an officer's desk, in the browser\n", base)
	fmt.Fprintf(&b, "  %s/docs   the API\n", base)
	fmt.Fprintf(&b, "  %s        the log of this process, as JSON lines\n", filepath.Join(m.Settings.Data, "hientruong.log"))
	fmt.Fprintf(&b, "\nLog-ins of the demo (also in %s):\n", m.accountsFile())
	if accounts, err := m.Accounts(); err == nil {
		for _, a := range accounts[:min(len(accounts), shownAccounts)] {
			fmt.Fprintf(&b, "  %-18s %-16s %-17s %s\n", a.Login, a.Password, a.Role, a.Unit)
		}
	}
	b.WriteString("\nCtrl-C stops everything.\n")
	return b.String()
}
