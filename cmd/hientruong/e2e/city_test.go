// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"hientruong/database"
	"hientruong/notify/fcmtest"
)

// city is an installation: a database with the demo's pack, a folder, and a Firebase.
type city struct {
	tb    testing.TB
	data  string
	owner string // the database's addresses
	app   string
	fcm   *fcmtest.Server
	env   []string // of every process
}

// newCity migrates an empty database and applies packs/demo, by the program itself.
func newCity(tb testing.TB, owner, app string) *city {
	tb.Helper()
	c := &city{tb: tb, data: folder(tb), owner: owner, app: app, fcm: fcmtest.Start(tb)}
	credentials := filepath.Join(c.data, "firebase.json")
	if err := os.WriteFile(credentials, c.fcm.Credentials(), 0o600); err != nil {
		tb.Fatal(err)
	}
	c.env = []string{
		"HIENTRUONG_DATA=" + filepath.Join(c.data, "var"), "HIENTRUONG_MAX_CONNS=16", "HIENTRUONG_LOG_LEVEL=warn",
		"HIENTRUONG_DATABASE_URL=" + app, "HIENTRUONG_DATABASE_OWNER_URL=" + owner,
		"HIENTRUONG_FIREBASE_PROJECT=" + fcmtest.Project, "HIENTRUONG_FIREBASE_CREDENTIALS=" + credentials,
		"HIENTRUONG_FIREBASE_ENDPOINT=" + c.fcm.Endpoint(),
	}
	c.command("migrate", "up")
	c.command("pack", "apply", "packs/demo")
	return c
}

// command runs one that must succeed.
func (c *city) command(args ...string) *process {
	c.tb.Helper()
	p, code := run(c.tb, c.env, args...)
	if code != 0 {
		c.tb.Fatalf("%s: exit code %d: %s", p.command, code, p.said.tail())
	}
	return p
}

// start runs serve, worker or run on an address and waits until it is ready.
func (c *city) start(address, command string) *process {
	c.tb.Helper()
	p := start(c.tb, append([]string{"HIENTRUONG_LISTEN=" + address}, c.env...), command)
	p.ready(address, 20*time.Second)
	return p
}

// open opens the database as its owner.
func (c *city) open() *pgxpool.Pool {
	c.tb.Helper()
	pool, err := pgxpool.New(c.tb.Context(), c.owner)
	if err != nil {
		c.tb.Fatal(err)
	}
	c.tb.Cleanup(pool.Close)
	return pool
}

// column reads one column.
func column[T any](tb testing.TB, db *pgxpool.Pool, sql string, args ...any) []T {
	tb.Helper()
	rows, err := db.Query(tb.Context(), sql, args...)
	if err != nil {
		tb.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// one reads one value.
func one[T any](tb testing.TB, db *pgxpool.Pool, sql string, args ...any) T {
	tb.Helper()
	all := column[T](tb, db, sql, args...)
	if len(all) != 1 {
		tb.Fatalf("%d rows: %s", len(all), sql)
	}
	return all[0]
}

// settled waits until every reader has read the whole log.
func (c *city) settled(db *pgxpool.Pool, patience time.Duration) {
	c.tb.Helper()
	eventually(c.tb, "every reader is at the head", patience, func() bool {
		behind := one[int](c.tb, db, `SELECT count(*)::int FROM log_head h JOIN cursors c USING (jurisdiction_id) WHERE c.pos < h.pos`)
		return behind == 0 && one[int](c.tb, db, "SELECT count(*)::int FROM cursors") >= 3
	})
}

// postgres is a server that can be killed.
type postgres struct {
	tb     testing.TB
	dir    string
	server *database.Private
}

// newPostgres starts one that keeps its commits, with an empty database.
func newPostgres(tb testing.TB) *postgres {
	tb.Helper()
	pg := &postgres{tb: tb, dir: filepath.Join(folder(tb), "postgresql")}
	pg.start()
	// Registered before the folder's removal runs, which comes last.
	tb.Cleanup(func() {
		if err := pg.server.Stop(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	if err := pg.server.CreateDatabase(tb.Context(), "city"); err != nil {
		tb.Fatal(err)
	}
	return pg
}

func (pg *postgres) start() {
	pg.tb.Helper()
	server, err := database.StartPrivate(pg.tb.Context(), database.PrivateOptions{Dir: pg.dir, Durable: true, Tied: true})
	if err != nil {
		pg.tb.Fatal(err)
	}
	pg.server = server
}

func (pg *postgres) urls() (owner, app string) {
	return pg.server.URL(database.OwnerRole, "city"), pg.server.URL(database.AppRole, "city")
}

// kill is kill -9 of the postmaster alone.
func (pg *postgres) kill() {
	pg.tb.Helper()
	pid := pg.server.Pid()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		pg.tb.Fatal(err)
	}
	eventually(pg.tb, "the postmaster is gone", 5*time.Second, func() bool { return !alive(pid) })
}
