// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"hientruong/migrations"
)

// MigrateOptions shape a migration; the zero value migrates the embedded SQL and
// makes no role.
type MigrateOptions struct {
	// AppURL is the application's address: its user is made when missing, with the
	// password of the address, and gets its rights. Empty: no role, no rights.
	AppURL string
	// FS holds goose's files (the embedded ones).
	FS fs.FS
	// LockWait bounds the wait for another instance that migrates (2 min).
	LockWait time.Duration
	// Log tells each step. Nil: nothing is logged.
	Log *slog.Logger
}

// Step is one migration: its file (or "river N" for the job tables) and when it was
// applied; the zero time means that it is still to come.
type Step struct {
	Name      string
	AppliedAt time.Time
}

var (
	// ErrSchemaOld is a database that lacks migrations of this program.
	ErrSchemaOld = errors.New("database: the schema is older than this program: run hientruong migrate")
	// ErrMigrating is another instance that did not finish migrating within LockWait.
	ErrMigrating = errors.New("database: another instance is migrating")
)

// migrateLock is the advisory lock of everything that changes the schema.
const migrateLock int64 = 0x48544d4947 // "HTMIG"

// Migrate brings the database up to date: the numbered SQL, River's tables, then
// the application's role and rights. Any number of instances may call it at once;
// one applies, the others wait and find nothing to do. It returns what it applied.
func Migrate(ctx context.Context, ownerURL string, opts MigrateOptions) ([]Step, error) {
	var applied []Step
	err := withMigrator(ctx, ownerURL, opts, func(m *migrator) error {
		results, err := m.goose.Up(ctx)
		for _, result := range results {
			applied = append(applied, Step{Name: path.Base(result.Source.Path), AppliedAt: time.Now().UTC()})
			m.log.InfoContext(ctx, "migrated", "step", path.Base(result.Source.Path), "took", result.Duration)
		}
		if err != nil {
			return err
		}
		river, err := m.river.Migrate(ctx, rivermigrate.DirectionUp, nil)
		if err != nil {
			return fmt.Errorf("river: %w", err)
		}
		for _, version := range river.Versions {
			applied = append(applied, Step{Name: riverName(version.Version), AppliedAt: time.Now().UTC()})
			m.log.InfoContext(ctx, "migrated", "step", riverName(version.Version), "took", version.Duration)
		}
		if opts.AppURL == "" {
			return nil
		}
		return grantApplication(ctx, m.pool, opts.AppURL)
	})
	if err != nil {
		return applied, fmt.Errorf("database: migrate: %w", err)
	}
	return applied, nil
}

// MigrateDown takes the numbered SQL back to the given number, which stays applied;
// 0 removes every table, River's too. The role stays: it belongs to the cluster.
func MigrateDown(ctx context.Context, ownerURL string, to int64, opts MigrateOptions) error {
	err := withMigrator(ctx, ownerURL, opts, func(m *migrator) error {
		if to == 0 {
			down := &rivermigrate.MigrateOpts{TargetVersion: -1}
			if _, err := m.river.Migrate(ctx, rivermigrate.DirectionDown, down); err != nil {
				return fmt.Errorf("river: %w", err)
			}
		}
		_, err := m.goose.DownTo(ctx, to)
		return err
	})
	if err != nil {
		return fmt.Errorf("database: migrate down: %w", err)
	}
	return nil
}

// MigrationStatus lists every step of this program in order, the numbered SQL
// first, then River's.
func MigrationStatus(ctx context.Context, ownerURL string, opts MigrateOptions) ([]Step, error) {
	var steps []Step
	err := withMigrator(ctx, ownerURL, opts, func(m *migrator) error {
		states, err := m.goose.Status(ctx)
		if err != nil {
			return err
		}
		for _, state := range states {
			steps = append(steps, Step{Name: path.Base(state.Source.Path), AppliedAt: state.AppliedAt.UTC()})
		}
		river, err := m.riverSteps(ctx)
		steps = append(steps, river...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("database: migration status: %w", err)
	}
	return steps, nil
}

// CheckSchema is for a program that starts: nil when the database has every
// migration of this program (or newer ones), else ErrSchemaOld. The application's
// role may call it.
func (db *DB) CheckSchema(ctx context.Context) error {
	newest, err := newestMigration(migrations.FS)
	if err != nil {
		return err
	}
	var known bool
	if err := db.Pool.QueryRow(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL AND to_regclass('river_migration') IS NOT NULL`).Scan(&known); err != nil {
		return fmt.Errorf("database: check schema: %w", err)
	}
	if !known {
		return ErrSchemaOld
	}
	var current int64
	if err := db.Pool.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&current); err != nil {
		return fmt.Errorf("database: check schema: %w", err)
	}
	if current < newest {
		return ErrSchemaOld
	}
	return nil
}

func newestMigration(files fs.FS) (int64, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, err
	}
	if len(names) == 0 {
		return 0, fmt.Errorf("database: no migrations: %w", fs.ErrNotExist)
	}
	newest, err := goose.NumericComponent(names[len(names)-1])
	if err != nil {
		return 0, fmt.Errorf("database: migration %s: %w", names[len(names)-1], err)
	}
	return newest, nil
}

type migrator struct {
	pool  *pgxpool.Pool
	goose *goose.Provider
	river *rivermigrate.Migrator[pgx.Tx]
	log   *slog.Logger
}

// withMigrator holds the advisory lock on a connection of its own while it works,
// so that goose, River and the grants are one step to every other instance.
func withMigrator(ctx context.Context, ownerURL string, opts MigrateOptions, work func(*migrator) error) error {
	if opts.LockWait <= 0 {
		opts.LockWait = 2 * time.Minute
	}
	cfg := Config{
		URL: ownerURL, MaxConns: 4, ApplicationName: "hientruong migrate",
		// A change that cannot get its lock soon would hold up every query behind it: it fails and is run again.
		LockTimeout: 10 * time.Second, StatementTimeout: -1, Log: opts.Log,
	}.withDefaults()
	poolConfig, err := cfg.poolConfig()
	if err != nil {
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, poolConfig)
	if err != nil {
		return err
	}
	defer pool.Close()
	m, err := newMigrator(pool, opts.FS, cfg.Log)
	if err != nil {
		return err
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := lockSchema(ctx, conn.Conn(), opts.LockWait); err != nil {
		return err
	}
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrateLock)
	}()
	return work(m)
}

func newMigrator(pool *pgxpool.Pool, files fs.FS, log *slog.Logger) (*migrator, error) {
	if files == nil {
		files = migrations.FS
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, stdlib.OpenDBFromPool(pool), files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, err
	}
	river, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return &migrator{pool: pool, goose: provider, river: river, log: log}, nil
}

// lockSchema polls: a session that waits inside pg_advisory_lock holds a snapshot,
// and CREATE INDEX CONCURRENTLY of the one that migrates would wait for it forever.
func lockSchema(ctx context.Context, conn *pgx.Conn, wait time.Duration) error {
	deadline := time.Now().Add(wait)
	for {
		var got bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, migrateLock).Scan(&got); err != nil {
			return err
		}
		if got {
			return nil
		}
		if time.Now().After(deadline) {
			return ErrMigrating
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func (m *migrator) riverSteps(ctx context.Context) ([]Step, error) {
	var known bool
	if err := m.pool.QueryRow(ctx, `SELECT to_regclass('river_migration') IS NOT NULL`).Scan(&known); err != nil {
		return nil, err
	}
	applied := map[int]time.Time{}
	if known {
		rows, err := m.pool.Query(ctx, `SELECT version, created_at FROM river_migration WHERE line = 'main'`)
		if err != nil {
			return nil, err
		}
		var version int
		var at time.Time
		if _, err := pgx.ForEachRow(rows, []any{&version, &at}, func() error { applied[version] = at; return nil }); err != nil {
			return nil, err
		}
	}
	var steps []Step
	for _, version := range m.river.AllVersions() {
		steps = append(steps, Step{Name: riverName(version.Version), AppliedAt: applied[version.Version]})
	}
	return steps, nil
}

func riverName(version int) string { return fmt.Sprintf("river %d", version) }

// pause waits for d, or for the end of ctx.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
