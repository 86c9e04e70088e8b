// SPDX-License-Identifier: Apache-2.0

// Package database opens PostgreSQL, migrates it, keeps the private server of
// "make run" and of the tests, and dumps and restores by PostgreSQL's own tools.
// It knows no table of the domain but one: the application's role may add to
// events and never change them.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// Config says how to reach a database and how patient its sessions are. Only URL
// is needed; every zero value gets the default named beside it.
type Config struct {
	// URL is postgres://user:password@host:port/name?sslmode=….
	URL string
	// MaxConns bounds the pool (16).
	MaxConns int
	// ApplicationName is seen in pg_stat_activity ("hientruong").
	ApplicationName string
	// LockTimeout is how long a statement waits for a lock (5 s).
	LockTimeout time.Duration
	// IdleInTransactionTimeout ends a session that holds a transaction and says nothing (30 s).
	IdleInTransactionTimeout time.Duration
	// StatementTimeout ends a statement that runs too long (60 s; negative: never).
	StatementTimeout time.Duration
	// Log takes what GORM has to say, without any value of a query. Nil: nothing is logged.
	Log *slog.Logger
}

// DB is one pool with two faces: pgx for the ledger and River, GORM for the rest.
type DB struct {
	Pool *pgxpool.Pool
	Gorm *gorm.DB

	sql *sql.DB // under Gorm, over Pool
}

// ErrURL is an address that does not parse; the text never holds the password.
var ErrURL = errors.New("database: the address must look like postgres://user:password@host:port/name")

// Open connects and makes sure that the server answers. The error of a wrong
// address is ErrURL; any other one is pgx's own, without the password.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	cfg = cfg.withDefaults()
	poolConfig, err := cfg.poolConfig()
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, poolConfig)
	if err != nil {
		return nil, fmt.Errorf("database: open: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database: open: %w", err)
	}
	sqlDB := stdlib.OpenDBFromPool(pool)
	face, err := gorm.Open(postgres.New(postgres.Config{Conn: sqlDB}), &gorm.Config{
		// pgx keeps prepared statements itself, and a single write needs no transaction of its own.
		PrepareStmt:            false,
		SkipDefaultTransaction: true,
		TranslateError:         false,
		DisableAutomaticPing:   true,
		// A statement that names its columns outlives one that a newer version adds.
		QueryFields: true,
		NowFunc:     func() time.Time { return time.Now().UTC() },
		Logger:      newGormLog(cfg.Log),
	})
	if err != nil {
		_ = sqlDB.Close()
		pool.Close()
		return nil, fmt.Errorf("database: open: %w", err)
	}
	return &DB{Pool: pool, Gorm: face, sql: sqlDB}, nil
}

// Close gives all connections back; it waits for those that are in use.
func (db *DB) Close() {
	// It has no connections of its own, so there is nothing that closing it could fail at.
	_ = db.sql.Close()
	db.Pool.Close()
}

// Health asks the server for an answer. ctx bounds the wait.
func (db *DB) Health(ctx context.Context) error {
	if err := db.Pool.Ping(ctx); err != nil {
		return fmt.Errorf("database: health: %w", err)
	}
	return nil
}

func (cfg Config) withDefaults() Config {
	if cfg.MaxConns <= 0 {
		cfg.MaxConns = 16
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "hientruong"
	}
	if cfg.LockTimeout <= 0 {
		cfg.LockTimeout = 5 * time.Second
	}
	if cfg.IdleInTransactionTimeout <= 0 {
		cfg.IdleInTransactionTimeout = 30 * time.Second
	}
	if cfg.StatementTimeout == 0 {
		cfg.StatementTimeout = time.Minute
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return cfg
}

func (cfg Config) poolConfig() (*pgxpool.Config, error) {
	parsed, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil || cfg.URL == "" {
		return nil, ErrURL
	}
	parsed.MaxConns = int32(min(cfg.MaxConns, 10_000)) //nolint:gosec // bounded in this very expression
	parsed.AfterConnect = readTimesInUTC
	params := parsed.ConnConfig.RuntimeParams
	params["timezone"] = "UTC"
	params["application_name"] = cfg.ApplicationName
	params["lock_timeout"] = milliseconds(cfg.LockTimeout)
	params["idle_in_transaction_session_timeout"] = milliseconds(cfg.IdleInTransactionTimeout)
	params["statement_timeout"] = milliseconds(max(cfg.StatementTimeout, 0))
	return parsed, nil
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// readTimesInUTC: pgx would otherwise hand out times in the zone of the machine,
// and two machines would print one row differently.
func readTimesInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name:  "timestamptz",
		OID:   pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}
