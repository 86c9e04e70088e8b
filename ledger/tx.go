// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Tx is one transaction with two faces: pgx.Tx, for River and for statements over
// arrays, and a *gorm.DB on the same connection. Now is the database's time at its
// start. Only who began it ends it.
type Tx struct {
	pgx.Tx
	Gorm *gorm.DB
	Now  time.Time
}

// errNotYours is what GORM hears when it tries to end the transaction.
var errNotYours = errors.New("ledger: only who began the transaction ends it")

// errBusy is a GORM statement while rows of the pgx face are still open.
var errBusy = errors.New("ledger: rows are still open on the transaction's connection")

// onConn lets GORM speak on a connection whose transaction is pgx's. It hides BeginTx,
// so that GORM begins none of its own, and looks like a transaction, so that GORM's own
// ones become savepoints in it.
type onConn struct {
	conn *sql.Conn
	raw  *pgx.Conn
}

var _ gorm.TxCommitter = (*onConn)(nil)

func (*onConn) Commit() error { return errNotYours }

func (*onConn) Rollback() error { return errNotYours }

// ready refuses what the driver would answer with ErrBadConn: database/sql then gives
// the connection back while the transaction is still on it. For the same reason a
// statement that has begun runs to its end; the statement's timeout bounds it.
func (c *onConn) ready(ctx context.Context) (context.Context, error) {
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case c.raw.IsClosed():
		return nil, pgconn.ErrConnClosed
	case c.raw.PgConn().IsBusy():
		return nil, errBusy
	default:
		return context.WithoutCancel(ctx), nil
	}
}

func (c *onConn) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	ctx, err := c.ready(ctx)
	if err != nil {
		return nil, err
	}
	return c.conn.PrepareContext(ctx, query)
}

func (c *onConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx, err := c.ready(ctx)
	if err != nil {
		return nil, err
	}
	return c.conn.ExecContext(ctx, query, args...)
}

func (c *onConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx, err := c.ready(ctx)
	if err != nil {
		return nil, err
	}
	return c.conn.QueryContext(ctx, query, args...)
}

func (c *onConn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	going, err := c.ready(ctx)
	if err != nil {
		return failedRow(ctx, err)
	}
	return c.conn.QueryRowContext(going, query, args...)
}

// refusing is a driver that connects to nothing.
type refusing struct{ err error }

func (r refusing) Connect(context.Context) (driver.Conn, error) { return nil, r.err }

func (r refusing) Driver() driver.Driver { return nil }

// failedRow is a row that holds an error; database/sql makes one in no other way.
func failedRow(ctx context.Context, err error) *sql.Row {
	db := sql.OpenDB(refusing{err})
	defer func() { _ = db.Close() }()
	return db.QueryRowContext(context.WithoutCancel(ctx), "")
}

// InTx runs fn in one transaction and commits when it returns nil. A panic in fn rolls
// back and goes on up.
func InTx(ctx context.Context, db *gorm.DB, fn func(Tx) error) error {
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("ledger: no pool: %w", err)
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("ledger: connection: %w", err)
	}
	defer func() { _ = conn.Close() }() // only gives it back; what failed has failed before
	var raw *pgx.Conn
	err = conn.Raw(func(held any) error {
		c, ok := held.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("ledger: a %T is not a pgx connection", held)
		}
		raw = c.Conn()
		return nil
	})
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, raw, func(tx pgx.Tx) error {
		face := db.Session(&gorm.Session{NewDB: true, SkipDefaultTransaction: true, Context: ctx})
		face.Statement.ConnPool = &onConn{conn, raw}
		t := Tx{Tx: tx, Gorm: face}
		if err := tx.QueryRow(ctx, "SELECT now()").Scan(&t.Now); err != nil {
			return err
		}
		return fn(t)
	})
}
