// SPDX-License-Identifier: Apache-2.0

package dbtest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"hientruong/database/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestEveryTestHasItsOwn(t *testing.T) {
	t.Parallel()
	first, second := dbtest.New(t), dbtest.New(t)
	if first.Name == second.Name {
		t.Fatal("two tests share a database")
	}
	const count = "SELECT count(*) FROM jurisdictions"
	if _, err := first.DB.Pool.Exec(t.Context(), "INSERT INTO jurisdictions (id, code) VALUES (1, 'hue')"); err != nil {
		t.Fatal(err)
	}
	for made, want := range map[*dbtest.Database]int{first: 1, second: 0} {
		var got int
		if err := made.DB.Gorm.Raw(count).Scan(&got).Error; err != nil || got != want {
			t.Errorf("%s holds %d rows, want %d: %v", made.Name, got, want, err)
		}
	}
}

func TestTheDatabaseIsDroppedInTheEnd(t *testing.T) {
	t.Parallel()
	var ended *dbtest.Database
	t.Run("inner", func(t *testing.T) { ended = dbtest.New(t) })
	_, err := pgx.Connect(t.Context(), ended.OwnerURL)
	if err == nil || !strings.Contains(err.Error(), "3D000") {
		t.Errorf("connecting to the database of a test that ended: %v, want SQLSTATE 3D000", err)
	}
}

func TestEmptyHasNoTable(t *testing.T) {
	t.Parallel()
	made := dbtest.Empty(t)
	conn, err := pgx.Connect(t.Context(), made.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var tables int
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d tables, want none: %v", tables, err)
	}
}

// BenchmarkNew is what every test pays for a database of its own.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		dbtest.New(b)
	}
}
