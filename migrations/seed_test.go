// SPDX-License-Identifier: Apache-2.0

package migrations_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"hientruong/database"
	"hientruong/database/dbtest"
	"hientruong/migrations"
	"hientruong/models"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// Rows of every version come through every later migration and are read by the program as
// it is. A migration brings a seed of its own, and the snapshot says what became of it.
func TestRowsOfEveryVersionAreReadToday(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	empty := dbtest.Empty(t)
	seedEveryVersion(ctx, t, empty.OwnerURL)
	if _, err := database.Migrate(ctx, empty.OwnerURL, database.MigrateOptions{AppURL: empty.AppURL, FS: migrations.FS}); err != nil {
		t.Fatal(err)
	}
	db, err := database.Open(ctx, database.Config{URL: empty.AppURL, MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)

	got := map[string]any{}
	read(t, db, got, &[]models.Jurisdiction{}, "jurisdictions")
	read(t, db, got, &[]models.Event{}, "events")
	read(t, db, got, &[]models.KeptKey{}, "idempotency_keys")
	read(t, db, got, &[]models.PackVersion{}, "pack_versions")
	read(t, db, got, &[]models.Citizen{}, "citizens")
	read(t, db, got, &[]models.Device{}, "devices")
	read(t, db, got, &[]models.Staff{}, "staff")
	read(t, db, got, &[]models.Token{}, "tokens")
	read(t, db, got, &[]models.OTP{}, "otps")
	read(t, db, got, &[]models.Report{}, "reports")
	read(t, db, got, &[]models.Text{}, "texts")
	read(t, db, got, &[]models.Contact{}, "contacts")
	read(t, db, got, &[]models.Task{}, "tasks")
	read(t, db, got, &[]models.Deadline{}, "deadlines")
	read(t, db, got, &[]models.Rating{}, "ratings")
	read(t, db, got, &[]models.Photo{}, "photos")
	read(t, db, got, &[]models.Follow{}, "follows")
	read(t, db, got, &[]models.Decision{}, "decisions")
	read(t, db, got, &[]models.Notification{}, "notifications")
	read(t, db, got, &[]models.Delivery{}, "deliveries")
	compare(t, got)
}

// seedEveryVersion goes up one migration at a time and puts in the rows of each.
func seedEveryVersion(ctx context.Context, t *testing.T, url string) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range provider.ListSources() {
		if _, err := provider.UpByOne(ctx); err != nil {
			t.Fatalf("%s: %v", source.Path, err)
		}
		seed, err := os.ReadFile(filepath.Join("testdata", filepath.Base(source.Path)))
		if err != nil {
			t.Fatalf("migration %s has no seed: %v", source.Path, err)
		}
		if _, err := db.ExecContext(ctx, string(seed)); err != nil {
			t.Fatalf("seed of %s: %v", source.Path, err)
		}
	}
}

// read reads a whole table through the program's own model. A seed that got lost fails.
func read[T any](t *testing.T, db *database.DB, into map[string]any, rows *[]T, table string) {
	t.Helper()
	if err := db.Gorm.Find(rows).Error; err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	if len(*rows) == 0 {
		t.Errorf("%s: the seeded rows are gone", table)
	}
	into[table] = *rows
}

// compare holds what was read against the snapshot; UPDATE=1 writes it.
func compare(t *testing.T, got map[string]any) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "today.json")
	now := strings.Split(string(text), "\n")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(strings.Join(now, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSuffix(string(want), "\n"), "\n"), now); diff != "" {
		t.Errorf("rows of old versions read otherwise (-want +got):\n%s", diff)
	}
}
