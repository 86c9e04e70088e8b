// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hientruong/database"
	"hientruong/database/dbtest"
)

func TestMigrateThreeInstancesAtOnce(t *testing.T) {
	t.Parallel()
	made := dbtest.Empty(t)
	applied := make([][]database.Step, 3)
	errs := make([]error, 3)
	var all sync.WaitGroup
	for i := range applied {
		all.Go(func() {
			applied[i], errs[i] = database.Migrate(t.Context(), made.OwnerURL, database.MigrateOptions{AppURL: made.AppURL})
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	workers := 0
	for _, steps := range applied {
		if len(steps) > 0 {
			workers++
		}
	}
	if workers != 1 {
		t.Errorf("%d instances applied something, want 1: %v", workers, applied)
	}
}

func TestMigrateUpZeroUp(t *testing.T) {
	t.Parallel()
	made := dbtest.Empty(t)
	opts := database.MigrateOptions{AppURL: made.AppURL}
	first := schemaAfter(t, made, func(ctx context.Context) error {
		_, err := database.Migrate(ctx, made.OwnerURL, opts)
		return err
	})
	if len(first) < 20 {
		t.Fatalf("only %d columns after migrating", len(first))
	}
	zero := schemaAfter(t, made, func(ctx context.Context) error { return database.MigrateDown(ctx, made.OwnerURL, 0, opts) })
	if len(zero) != 0 {
		t.Errorf("left after migrating to zero: %v", zero)
	}
	again := schemaAfter(t, made, func(ctx context.Context) error {
		_, err := database.Migrate(ctx, made.OwnerURL, opts)
		return err
	})
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the second way up made another schema: %s", diff)
	}
}

// schemaAfter lists every column of every table but goose's own.
func schemaAfter(t *testing.T, made *dbtest.Database, change func(context.Context) error) []string {
	t.Helper()
	if err := change(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), made.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	rows, _ := conn.Query(t.Context(), `SELECT table_name || '.' || column_name || ' ' || data_type
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version' ORDER BY 1`)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return columns
}

func TestMigrationStatus(t *testing.T) {
	t.Parallel()
	made := dbtest.Empty(t)
	files := fstest.MapFS{"00001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n")}}
	opts := database.MigrateOptions{FS: files}
	if _, err := database.Migrate(t.Context(), made.OwnerURL, opts); err != nil {
		t.Fatal(err)
	}
	files["00002_b.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE b (id int);\n")}
	steps, err := database.MigrationStatus(t.Context(), made.OwnerURL, opts)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, step := range steps {
		got[step.Name] = !step.AppliedAt.IsZero()
	}
	for name, want := range map[string]bool{"00001_a.sql": true, "00002_b.sql": false, "river 1": true} {
		if applied, known := got[name]; !known || applied != want {
			t.Errorf("%s: known %v, applied %v, want %v", name, known, applied, want)
		}
	}
}

func TestCheckSchema(t *testing.T) {
	t.Parallel()
	made := dbtest.New(t)
	if err := made.DB.CheckSchema(t.Context()); err != nil {
		t.Errorf("migrated: %v", err)
	}
	if err := database.MigrateDown(t.Context(), made.OwnerURL, 1, database.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := made.DB.CheckSchema(t.Context()); !errors.Is(err, database.ErrSchemaOld) {
		t.Errorf("one behind: %v, want ErrSchemaOld", err)
	}
	empty := dbtest.Empty(t)
	db := open(t, database.Config{URL: empty.OwnerURL})
	if err := db.CheckSchema(t.Context()); !errors.Is(err, database.ErrSchemaOld) {
		t.Errorf("empty: %v, want ErrSchemaOld", err)
	}
}

func TestApplicationRole(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB
	const denied, allowed = "42501", ""
	for sql, want := range map[string]string{
		"SELECT count(*) FROM events":              allowed,
		"UPDATE events SET body = ''":              denied,
		"DELETE FROM events":                       denied,
		"TRUNCATE events":                          denied,
		"SELECT pos FROM events FOR UPDATE":        denied,
		"DROP TABLE events":                        denied,
		"UPDATE events_0 SET body = ''":            denied,
		"DELETE FROM events_0":                     denied,
		"ALTER TABLE events ADD COLUMN x int":      denied,
		"CREATE TABLE mine (id int)":               denied,
		"CREATE ROLE another":                      denied,
		"UPDATE log_head SET pos = pos":            allowed,
		"DELETE FROM cursors":                      allowed,
		"SELECT count(*) FROM river_job":           allowed,
		"DELETE FROM goose_db_version":             denied,
		"SELECT ensure_event_partitions()":         allowed,
		"UPDATE river_migration SET version = 999": denied,
	} {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			_, err := db.Pool.Exec(t.Context(), sql)
			var pg *pgconn.PgError
			got := ""
			if errors.As(err, &pg) {
				got = pg.Code
			}
			if got != want || err != nil && pg == nil {
				t.Errorf("error %v, want SQLSTATE %q", err, want)
			}
		})
	}
}

// A partition made after the grants, as it is while the program runs, gives no more
// rights than the first one.
func TestApplicationRoleOnLaterPartitions(t *testing.T) {
	t.Parallel()
	made := dbtest.New(t)
	owner := open(t, database.Config{URL: made.OwnerURL})
	ctx := t.Context()
	for _, sql := range []string{
		"INSERT INTO jurisdictions (id, code) VALUES (7, 'hue')",
		"UPDATE log_head SET pos = 50000000 WHERE jurisdiction_id = 7",
	} {
		if _, err := owner.Pool.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	var added int
	if err := made.DB.Pool.QueryRow(ctx, "SELECT ensure_event_partitions()").Scan(&added); err != nil || added == 0 {
		t.Fatalf("%d partitions added: %v", added, err)
	}
	_, err := made.DB.Pool.Exec(ctx, "UPDATE events_5 SET body = ''")
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "42501" {
		t.Errorf("updating a later partition: %v, want SQLSTATE 42501", err)
	}
}

func TestMigrateRefusesARoleThatIsTheOwner(t *testing.T) {
	t.Parallel()
	made := dbtest.Empty(t)
	for name, tc := range map[string]struct {
		app  string
		want error
	}{
		"the owner":   {made.OwnerURL, database.ErrRole},
		"quotes":      {"postgres://a%27b:x@127.0.0.1/x", database.ErrRole},
		"no password": {"postgres://role_without_password@127.0.0.1/x", database.ErrRole},
		"no address":  {"postgres://x:y@:bad port", database.ErrURL},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := database.Migrate(t.Context(), made.OwnerURL, database.MigrateOptions{AppURL: tc.app})
			if !errors.Is(err, tc.want) {
				t.Errorf("error %v, want %v", err, tc.want)
			}
		})
	}
}
