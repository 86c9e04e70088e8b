// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"testing"

	"gorm.io/gorm"

	"hientruong/database/dbtest"
	"hientruong/models"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// open gives a test a database of its own with jurisdictions 1 and 2.
func open(t *testing.T) *dbtest.Database {
	t.Helper()
	db := dbtest.New(t)
	for _, code := range []string{"one", "two"} {
		if _, err := models.EnsureJurisdiction(t.Context(), db.DB.Gorm, code); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// must is for what cannot go wrong in a test that is about something else.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantCode(t testing.TB, err error, code models.Code) {
	t.Helper()
	if models.CodeOf(err) != code || err == nil {
		t.Errorf("error %v, want code %s", err, code)
	}
}

// count is a GORM session that counts its queries.
func count(t testing.TB, db *gorm.DB, n *int) *gorm.DB {
	t.Helper()
	if err := db.Callback().Query().Before("gorm:query").Register("count:"+t.Name(), func(*gorm.DB) { *n++ }); err != nil {
		t.Fatal(err)
	}
	return db
}
