// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// OwnerRole is the superuser of a private server; it owns the tables.
	OwnerRole = "hientruong"
	// AppRole is the role that the application uses on a private server. Migrate makes it.
	AppRole = "hientruong_app"
)

// PrivateOptions say where a private server keeps its data and how careful it is.
type PrivateOptions struct {
	// Dir holds everything: data, password, port, log. It is made when missing. Where
	// root runs this and an ancestor is closed to the server's user, Dir becomes a
	// symbolic link to a folder under /var/lib.
	Dir string
	// Durable keeps commits over a crash of the machine. Tests say false: fsync off.
	Durable bool
	// Tied ends the server when this process dies, even by kill -9 (Linux). Without it
	// the server lives on and the next start adopts it.
	Tied bool
	// BinDir holds initdb and postgres; empty: they are looked for.
	BinDir string
	// MaxConnections bounds the sessions (100).
	MaxConnections int
	// Settings are more of PostgreSQL's, such as "shared_buffers": "512MB".
	Settings map[string]string
	// StartTimeout bounds the start, crash recovery included (60 s).
	StartTimeout time.Duration
	// Log tells what is done. Nil: nothing is logged.
	Log *slog.Logger
}

// Private is a PostgreSQL of this program's own: loopback only, passwords made on
// this machine, run by a user that is not root.
type Private struct {
	opts    PrivateOptions
	home    string    // the real folder behind opts.Dir
	user    *identity // nil: the user of this process
	secret  []byte
	port    int
	process process
	adopted bool
}

// StartPrivate starts the server of opts.Dir, or adopts the one that runs there
// already. The first start makes the data, which takes a few seconds; later ones
// take well under one. It recovers what a kill -9 left behind, keeps the port of the
// last start while it is free, and takes another one otherwise.
func StartPrivate(ctx context.Context, opts PrivateOptions) (*Private, error) {
	opts = opts.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, opts.StartTimeout)
	defer cancel()
	p := &Private{opts: opts}
	if err := p.settle(); err != nil {
		return nil, fmt.Errorf("database: private server: %w", err)
	}
	if adopted, err := p.adopt(ctx); err != nil || adopted {
		if err != nil {
			return nil, fmt.Errorf("database: private server: %w", err)
		}
		return p, nil
	}
	bin, err := findServer(ctx, opts.BinDir, p.home, p.user, p.dataVersion())
	if err != nil {
		return nil, err
	}
	if err := p.initialise(ctx, bin); err != nil {
		return nil, fmt.Errorf("database: private server: initdb: %w", err)
	}
	if err := p.start(ctx, bin); err != nil {
		return nil, fmt.Errorf("database: private server: %w", err)
	}
	return p, nil
}

func (opts PrivateOptions) withDefaults() PrivateOptions {
	if opts.MaxConnections <= 0 {
		opts.MaxConnections = 100
	}
	if opts.StartTimeout <= 0 {
		opts.StartTimeout = time.Minute
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return opts
}

// URL is the address of a database for a role; every role's password follows from
// the secret of this server.
func (p *Private) URL(role, database string) string {
	return (&url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(role, p.password(role)),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}).String()
}

// Adopted tells whether the server ran before StartPrivate was called.
func (p *Private) Adopted() bool { return p.adopted }

// Pid is the process id of the postmaster.
func (p *Private) Pid() int { return p.process.pid }

// Home is the folder in which the data really is; it differs from the given one
// only where that one became a symbolic link.
func (p *Private) Home() string { return p.home }

// CreateDatabase makes an empty database owned by OwnerRole; one that is there
// already is kept as it is.
func (p *Private) CreateDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, p.URL(OwnerRole, "postgres"))
	if err != nil {
		return fmt.Errorf("database: create %s: %w", name, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42P04" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("database: create %s: %w", name, err)
	}
	return nil
}

// Stop ends the server: open sessions are cut and everything is written (SIGINT);
// when that takes longer than 30 s or than ctx allows, at once (SIGQUIT), and the
// next start recovers. A server that is gone already is no error.
func (p *Private) Stop(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if p.process.end(wait, syscall.SIGINT) {
		return nil
	}
	p.opts.Log.WarnContext(ctx, "postgresql does not stop in time and is cut off", "pid", p.process.pid)
	last, cancelLast := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancelLast()
	if p.process.end(last, syscall.SIGQUIT) {
		return nil
	}
	return fmt.Errorf("database: private server: process %d does not end", p.process.pid)
}

func (p *Private) password(role string) string {
	h := hmac.New(sha256.New, p.secret)
	h.Write([]byte(role))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (p *Private) data() string { return filepath.Join(p.home, "data") }

// dataVersion is the major version that made the data, 0 before there is any.
func (p *Private) dataVersion() int {
	text, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
	if err != nil {
		return 0
	}
	return majorVersion(string(text))
}
