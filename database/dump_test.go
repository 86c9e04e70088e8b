// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"hientruong/database"
	"hientruong/database/dbtest"
)

func TestDumpAndRestore(t *testing.T) {
	t.Parallel()
	from, to := dbtest.New(t), dbtest.Empty(t)
	ctx := t.Context()
	insertEvent(t, from)
	var archive bytes.Buffer
	var steps []string
	var seen int64
	progress := func(step string, bytes int64) {
		seen = bytes
		if step != "" {
			steps = append(steps, step)
		}
	}
	dump(t, from, &archive, progress)
	if seen != int64(archive.Len()) || !strings.Contains(strings.Join(steps, "\n"), "events_0") {
		t.Errorf("progress saw %d of %d bytes, and the steps %v", seen, archive.Len(), steps)
	}
	opts := database.RestoreOptions{OwnerURL: to.OwnerURL, AppURL: to.AppURL}
	if err := database.Restore(ctx, bytes.NewReader(archive.Bytes()), opts); err != nil {
		t.Fatal(err)
	}
	app := open(t, database.Config{URL: to.AppURL})
	if err := app.CheckSchema(ctx); err != nil {
		t.Error(err)
	}
	var body string
	if err := app.Pool.QueryRow(ctx, "SELECT body FROM events WHERE jurisdiction_id = 7 AND pos = 1").Scan(&body); err != nil || body != `{"key":"ngập nước"}` {
		t.Errorf("the event came back as %q: %v", body, err)
	}
	_, err := app.Pool.Exec(ctx, "DELETE FROM events")
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "42501" {
		t.Errorf("deleting restored events: %v, want SQLSTATE 42501", err)
	}
	if err := database.Restore(ctx, bytes.NewReader(archive.Bytes()), opts); !errors.Is(err, database.ErrNotEmpty) {
		t.Errorf("restoring twice: %v, want ErrNotEmpty", err)
	}
}

func TestRestoreIsAllOrNothing(t *testing.T) {
	t.Parallel()
	from, to := dbtest.New(t), dbtest.Empty(t)
	insertEvent(t, from)
	var archive bytes.Buffer
	dump(t, from, &archive, nil)
	whole := archive.Bytes()
	for name, damaged := range map[string][]byte{
		"empty": nil, "garbage": []byte("not an archive"), "cut": whole[:len(whole)*2/3],
	} {
		if err := database.Restore(t.Context(), bytes.NewReader(damaged), database.RestoreOptions{OwnerURL: to.OwnerURL}); err == nil {
			t.Errorf("%s: restored without an error", name)
		}
	}
	// The database is as empty as before: the whole archive still goes in.
	if err := database.Restore(t.Context(), bytes.NewReader(whole), database.RestoreOptions{OwnerURL: to.OwnerURL}); err != nil {
		t.Error(err)
	}
}

func TestDumpEndsWithItsContext(t *testing.T) {
	t.Parallel()
	made := dbtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := database.Dump(ctx, made.OwnerURL, &bytes.Buffer{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// dump skips the test where PostgreSQL is npm's, which brings no tools.
func dump(t *testing.T, from *dbtest.Database, archive *bytes.Buffer, progress database.Progress) {
	t.Helper()
	err := database.Dump(t.Context(), from.OwnerURL, archive, progress)
	if errors.Is(err, database.ErrNoTools) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func insertEvent(t *testing.T, made *dbtest.Database) {
	t.Helper()
	for _, sql := range []string{
		"INSERT INTO jurisdictions (id, code) VALUES (7, 'hue')",
		`INSERT INTO events VALUES (7, 1, 'report', gen_random_uuid(), 1, 'submitted', 'live', 'citizen', now(), '{"key":"ngập nước"}', decode(repeat('00', 32), 'hex'))`,
	} {
		if _, err := made.DB.Pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}
