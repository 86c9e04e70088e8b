// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hientruong/database"
	"hientruong/database/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestOpenSessionDefaults(t *testing.T) {
	t.Parallel()
	made := dbtest.New(t)
	db := open(t, database.Config{
		URL: made.AppURL, ApplicationName: "hientruong serve",
		LockTimeout: 1500 * time.Millisecond, IdleInTransactionTimeout: 7 * time.Second, StatementTimeout: -1,
	})
	got := map[string]string{}
	for _, name := range []string{"TimeZone", "application_name", "lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout"} {
		var value string
		if err := db.Gorm.Raw("SELECT current_setting(?)", name).Scan(&value).Error; err != nil {
			t.Fatal(err)
		}
		got[name] = value
	}
	want := map[string]string{
		"TimeZone": "UTC", "application_name": "hientruong serve", "lock_timeout": "1500ms",
		"idle_in_transaction_session_timeout": "7s", "statement_timeout": "0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := db.Health(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTimesComeBackInUTC(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB
	var byPool, byGorm time.Time
	if err := db.Pool.QueryRow(t.Context(), `SELECT timestamptz '2026-01-02 03:04:05+07'`).Scan(&byPool); err != nil {
		t.Fatal(err)
	}
	if err := db.Gorm.Raw(`SELECT timestamptz '2026-01-02 03:04:05+07'`).Row().Scan(&byGorm); err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, 1, 1, 20, 4, 5, 0, time.UTC)
	if byPool != want || byGorm != want {
		t.Errorf("pool %v, GORM %v; want %v", byPool, byGorm, want)
	}
}

func TestOpenErrorsHideThePassword(t *testing.T) {
	t.Parallel()
	good := dbtest.New(t).AppURL
	for name, tc := range map[string]struct {
		url  string
		want error
	}{
		"empty":          {"", database.ErrURL},
		"no address":     {"postgres://user:hidden-word@:bad port/x", database.ErrURL},
		"nobody listens": {"postgres://user:hidden-word@127.0.0.1:1/x?sslmode=disable", nil},
		"wrong password": {strings.Replace(good, "hientruong_app:", "hientruong_app:hidden-word", 1), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := database.Open(t.Context(), database.Config{URL: tc.url})
			if err == nil || tc.want != nil && !errors.Is(err, tc.want) {
				t.Fatalf("error %v, want %v", err, tc.want)
			}
			if strings.Contains(err.Error(), "hidden-word") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestGormLogHoldsNoValue(t *testing.T) {
	t.Parallel()
	made := dbtest.New(t)
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	db := open(t, database.Config{URL: made.AppURL, Log: log})
	const canary = "0905123456"
	var found string
	db.Gorm.Raw("SELECT ?::text", canary).Scan(&found)
	if err := db.Gorm.Raw("SELECT ?::uuid", canary).Scan(&found).Error; err == nil {
		t.Fatal("a wrong uuid was taken")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	db.Gorm.WithContext(ctx).Raw("SELECT ?::text", "it's "+canary).Scan(&found)
	db.Gorm.Exec("SELECT ?::int8", 905123456)
	db.Gorm.Exec("SELECT ?::text", []byte(canary))
	if lines := strings.Count(out.String(), "\n"); lines != 5 || strings.Contains(out.String(), canary[1:]) {
		t.Errorf("want 5 lines without %s:\n%s", canary, out.String())
	}
	if !strings.Contains(out.String(), `"sqlstate":"22P02"`) {
		t.Errorf("the failed query's SQLSTATE is missing:\n%s", out.String())
	}
}

func open(t *testing.T, cfg database.Config) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}
