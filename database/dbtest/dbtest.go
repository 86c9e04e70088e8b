// SPDX-License-Identifier: Apache-2.0

// Package dbtest gives every test a database of its own. One PostgreSQL serves all
// test processes of a run when HIENTRUONG_TEST_DATABASE_URL names it ("make test"
// starts one); otherwise Main starts one for its own process.
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
//
//	func TestSomething(t *testing.T) {
//		t.Parallel()
//		db := dbtest.New(t).DB
package dbtest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"hientruong/database"
	"hientruong/migrations"
)

// Variable names the server that tests share: the address of its superuser.
const Variable = "HIENTRUONG_TEST_DATABASE_URL"

// patience bounds every step; a busy machine makes the first template slowly.
const patience = 2 * time.Minute

// Database is one test's own.
type Database struct {
	// DB is opened as the application's role.
	DB *database.DB
	// Name of the database in its server.
	Name string
	// OwnerURL and AppURL are its two addresses.
	OwnerURL, AppURL string
}

// Main runs the tests of a package with a server, its own when none is shared, and
// ends the process.
func Main(m *testing.M) {
	code, err := WithServer(context.Background(), func() int { return m.Run() })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = cmp.Or(code, 1)
	}
	os.Exit(code)
}

// WithServer runs work while Variable names a server: the shared one, or one that it
// starts without fsync in a temporary folder and removes afterwards.
func WithServer(ctx context.Context, work func() int) (code int, err error) {
	if os.Getenv(Variable) != "" {
		return work(), nil
	}
	dir, err := os.MkdirTemp("", "hientruong-test-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	//nolint:gosec // the server's user has to get through; the folder holds one with a mode of its own
	if err := os.Chmod(dir, 0o711); err != nil {
		return 0, err
	}
	server, err := database.StartPrivate(ctx, database.PrivateOptions{
		Dir: dir + "/postgresql", Tied: true, MaxConnections: 500,
		Settings: map[string]string{"max_wal_size": "256MB"},
	})
	if err != nil {
		return 0, err
	}
	if err := os.Setenv(Variable, server.URL(database.OwnerRole, "postgres")); err != nil {
		return 0, err
	}
	code = work()
	return code, server.Stop(context.WithoutCancel(ctx))
}

// New makes a migrated database for tb alone, dropped when tb ends.
func New(tb testing.TB) *Database {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	made := create(ctx, tb, ensureTemplate(ctx, tb))
	db, err := database.Open(ctx, database.Config{URL: made.AppURL, MaxConns: 8, ApplicationName: tb.Name()})
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	// Registered after the drop, so it runs before it.
	tb.Cleanup(db.Close)
	made.DB = db
	return made
}

// Empty makes a database without any table; DB is nil. For tests of migrations and
// of restores.
func Empty(tb testing.TB) *Database {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return create(ctx, tb, "template0")
}

func create(ctx context.Context, tb testing.TB, template string) *Database {
	tb.Helper()
	name := databaseName(tb.Name())
	admin := connect(ctx, tb)
	defer func() { _ = admin.Close(ctx) }()
	// Copying files is a third quicker than the default here, where nothing is synced.
	if _, err := admin.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY", name, template)); err != nil {
		tb.Fatalf("dbtest: create %s: %v", name, err)
	}
	// By then the context of the making has ended.
	tb.Cleanup(func() { drop(tb, name) })
	owner := serverURL(tb)
	owner.Path = "/" + name
	return &Database{Name: name, OwnerURL: owner.String(), AppURL: appURL(owner)}
}

func drop(tb testing.TB, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	admin := connect(ctx, tb)
	defer func() { _ = admin.Close(ctx) }()
	if _, err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		tb.Errorf("dbtest: drop %s: %v", name, err)
	}
}

// ensureTemplate makes the migrated template once a server; the advisory lock makes
// the other processes wait for it.
func ensureTemplate(ctx context.Context, tb testing.TB) string {
	tb.Helper()
	name := templateName(tb)
	admin := connect(ctx, tb)
	defer func() { _ = admin.Close(ctx) }()
	if exists(ctx, tb, admin, name) {
		return name
	}
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock(hashtext($1))", name); err != nil {
		tb.Fatalf("dbtest: template: %v", err)
	}
	if !exists(ctx, tb, admin, name) {
		makeTemplate(ctx, tb, admin, name)
	}
	return name
}

// makeTemplate gives the database its final name last: a run that was cut short
// leaves no template that looks finished.
func makeTemplate(ctx context.Context, tb testing.TB, admin *pgx.Conn, name string) {
	tb.Helper()
	owner := serverURL(tb)
	owner.Path = "/" + name + "_new"
	execute(ctx, tb, admin, "DROP DATABASE IF EXISTS "+name+"_new WITH (FORCE)")
	execute(ctx, tb, admin, "CREATE DATABASE "+name+"_new TEMPLATE template0")
	if _, err := database.Migrate(ctx, owner.String(), database.MigrateOptions{AppURL: appURL(owner)}); err != nil {
		tb.Fatalf("dbtest: template: %v", err)
	}
	execute(ctx, tb, admin, "ALTER DATABASE "+name+"_new WITH ALLOW_CONNECTIONS false")
	execute(ctx, tb, admin, "ALTER DATABASE "+name+"_new RENAME TO "+name)
}

func execute(ctx context.Context, tb testing.TB, admin *pgx.Conn, sql string) {
	tb.Helper()
	if _, err := admin.Exec(ctx, sql); err != nil {
		tb.Fatalf("dbtest: %s: %v", sql, err)
	}
}

func exists(ctx context.Context, tb testing.TB, admin *pgx.Conn, name string) bool {
	tb.Helper()
	var found bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&found); err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	return found
}

// templateName changes with every migration, ours and River's.
func templateName(tb testing.TB) string {
	tb.Helper()
	sum := sha256.New()
	river := riverpgxv5.New(nil).GetMigrationFS("main")
	for _, files := range []fs.FS{migrations.FS, river} {
		err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(files, path)
			_, _ = fmt.Fprintf(sum, "%s %d %s", path, len(text), text)
			return err
		})
		if err != nil {
			tb.Fatalf("dbtest: %v", err)
		}
	}
	return "template_" + hex.EncodeToString(sum.Sum(nil)[:8])
}

func connect(ctx context.Context, tb testing.TB) *pgx.Conn {
	tb.Helper()
	conn, err := pgx.Connect(ctx, serverURL(tb).String())
	if err != nil {
		tb.Fatalf("dbtest: %v", err)
	}
	return conn
}

func serverURL(tb testing.TB) *url.URL {
	tb.Helper()
	address, err := url.Parse(os.Getenv(Variable))
	if err != nil || address.Host == "" {
		tb.Fatalf("dbtest: no server: let the package's TestMain call dbtest.Main, or set %s", Variable)
	}
	return address
}

// appURL derives the application's password from the owner's, so that all processes
// of a run agree on it without speaking to each other.
func appURL(owner *url.URL) string {
	secret, _ := owner.User.Password()
	sum := sha256.Sum256([]byte("application " + secret))
	app := *owner
	app.User = url.UserPassword(database.AppRole, hex.EncodeToString(sum[:16]))
	return app.String()
}

var notNameable = regexp.MustCompile(`[^a-z0-9]+`)

// databaseName is readable in pg_stat_activity and unique.
func databaseName(test string) string {
	readable := strings.Trim(notNameable.ReplaceAllString(strings.ToLower(test), "_"), "_")
	return fmt.Sprintf("t_%.30s_%s", readable, strings.ReplaceAll(uuid.NewString(), "-", "")[:16])
}
