// SPDX-License-Identifier: Apache-2.0

package database

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNotEmpty is a database that holds tables already: a restore would mix two worlds.
var ErrNotEmpty = errors.New("database: the database to restore into is not empty")

// Progress is told what pg_dump or pg_restore does now ("" when only the count
// moved) and how many bytes of the archive have passed. It must return quickly.
type Progress func(step string, bytes int64)

// RestoreOptions say where to and whose.
type RestoreOptions struct {
	// OwnerURL is the empty database.
	OwnerURL string
	// AppURL is the application's address: its role is made when missing, and has its
	// rights afterwards. The archive carries neither roles nor rights.
	AppURL string
	// Progress may be nil.
	Progress Progress
}

// Dump writes the whole database to w as one archive of pg_dump's custom format:
// one consistent snapshot, compressed, streamed. ctx bounds it; when it ends, so
// does pg_dump. The password goes by the environment, never by the command line.
func Dump(ctx context.Context, ownerURL string, w io.Writer, progress Progress) error {
	return DumpSnapshot(ctx, ownerURL, "", w, progress)
}

// DumpSnapshot dumps what the transaction sees that published the snapshot by
// pg_export_snapshot(); it must stay open meanwhile. "" is a snapshot of its own.
func DumpSnapshot(ctx context.Context, ownerURL, snapshot string, w io.Writer, progress Progress) error {
	args := []string{"--format=custom", "--no-owner", "--no-privileges", "--verbose"}
	if snapshot != "" {
		args = append(args, "--snapshot="+snapshot)
	}
	cmd, err := tool(ctx, ownerURL, "pg_dump", args...)
	if err != nil {
		return err
	}
	passed := &meter{progress: progress}
	cmd.Stdout = io.MultiWriter(w, passed)
	if err := runTool(cmd, passed.step); err != nil {
		return fmt.Errorf("database: dump: %w", err)
	}
	return nil
}

// Restore reads such an archive from r into an empty database, in one transaction:
// it is there as a whole or not at all. Then the application's role gets its rights.
// ErrNotEmpty when the database holds anything.
func Restore(ctx context.Context, r io.Reader, opts RestoreOptions) error {
	if err := RequireEmpty(ctx, opts.OwnerURL); err != nil {
		return err
	}
	cmd, err := tool(ctx, opts.OwnerURL, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--verbose")
	if err != nil {
		return err
	}
	passed := &meter{progress: opts.Progress}
	cmd.Stdin = io.TeeReader(r, passed)
	if err := runTool(cmd, passed.step); err != nil {
		return fmt.Errorf("database: restore: %w", err)
	}
	if opts.AppURL == "" {
		return nil
	}
	err = withMigrator(ctx, opts.OwnerURL, MigrateOptions{}, func(m *migrator) error {
		return grantApplication(ctx, m.pool, opts.AppURL)
	})
	if err != nil {
		return fmt.Errorf("database: restore: %w", err)
	}
	return nil
}

// RequireEmpty returns ErrNotEmpty when the database holds anything.
func RequireEmpty(ctx context.Context, ownerURL string) error {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return fmt.Errorf("database: restore: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var filled bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (
		SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\_temp%' AND n.nspname NOT LIKE 'pg\_toast%')`).Scan(&filled)
	if err != nil {
		return fmt.Errorf("database: restore: %w", err)
	}
	if filled {
		return ErrNotEmpty
	}
	return nil
}

// DumpVersion is the major version of the pg_dump that Dump runs, which must not be
// older than the server. ErrNoTools when there is none.
func DumpVersion(ctx context.Context) (int, error) {
	path, err := findTool(ctx, "pg_dump")
	if err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return 0, fmt.Errorf("database: pg_dump: %w", err)
	}
	return majorVersion(string(out)), nil
}

// tool prepares one of PostgreSQL's programs for the database of ownerURL.
func tool(ctx context.Context, ownerURL, name string, args ...string) (*exec.Cmd, error) {
	address, password, err := libpqURL(ownerURL)
	if err != nil {
		return nil, err
	}
	path, err := findTool(ctx, name)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, append(args, "--no-password", "--dbname="+address)...)
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(os.Environ(), "PGPASSWORD="+password, "LC_ALL=C")
	return cmd, nil
}

// libpqURL takes the password out of an address, and the parameters that only pgx
// knows: libpq refuses those.
func libpqURL(ownerURL string) (address, password string, err error) {
	parsed, err := url.Parse(ownerURL)
	if err != nil || parsed.Scheme != "postgres" && parsed.Scheme != "postgresql" {
		return "", "", ErrURL
	}
	if parsed.User != nil {
		password, _ = parsed.User.Password()
		parsed.User = url.User(parsed.User.Username())
	}
	query, known := parsed.Query(), url.Values{}
	for _, name := range []string{"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs"} {
		if query.Has(name) {
			known.Set(name, query.Get(name))
		}
	}
	parsed.RawQuery = known.Encode()
	return parsed.String(), password, nil
}

// runTool runs cmd, hands each line that it says to report, and keeps the last lines
// that are an error for the case that it fails.
func runTool(cmd *exec.Cmd, report func(step string)) error {
	said, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var last []string
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		_, step, found := strings.Cut(lines.Text(), ": ")
		if !found {
			continue
		}
		report(step)
		if last = append(last, step); len(last) > 3 {
			last = last[1:]
		}
	}
	// A line too long for the scanner must not leave the program stuck on a full pipe.
	_, _ = io.Copy(io.Discard, said)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, tail([]byte(strings.Join(last, " | "))))
	}
	return nil
}

// meter counts the bytes written to it and tells progress, one call at a time:
// bytes and steps come from two goroutines.
type meter struct {
	mu       sync.Mutex
	bytes    int64
	progress Progress
}

// Write counts; it never fails.
func (m *meter) Write(p []byte) (int, error) {
	m.tell("", len(p))
	return len(p), nil
}

func (m *meter) step(step string) { m.tell(step, 0) }

func (m *meter) tell(step string, bytes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bytes += int64(bytes)
	if m.progress != nil {
		m.progress(step, m.bytes)
	}
}
