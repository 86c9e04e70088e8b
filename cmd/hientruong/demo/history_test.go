// SPDX-License-Identifier: Apache-2.0

package demo_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"hientruong/cmd/hientruong/demo"
	"hientruong/database/dbtest"
	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/packs"
	"hientruong/photos"
	"hientruong/storage"
	"hientruong/workflow/pack"
)

func TestMain(m *testing.M) {
	code, err := dbtest.WithServer(context.Background(), func() int {
		before := goleak.IgnoreCurrent()
		code := m.Run()
		// database/sql's own goroutine belongs to whoever opened the pool.
		pools := goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener")
		if err := goleak.Find(before, pools); err != nil && code == 0 {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return code
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func demoPack(tb testing.TB) *pack.Pack {
	tb.Helper()
	p, faults := pack.Parse(packs.Demo())
	if err := faults.Err(); err != nil {
		tb.Fatal(err)
	}
	return p
}

// everybody is one member of staff for each job that the demo needs.
func everybody(p *pack.Pack, jurisdiction int32) []models.Actor {
	var all []models.Actor
	add := func(unit string, roles ...models.Role) {
		for _, role := range roles {
			id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(unit+string(role)))
			all = append(all, models.Actor{
				Kind: models.ActorStaff, ID: id, Jurisdiction: jurisdiction, Roles: []models.Role{role}, Unit: unit, Language: models.Vietnamese,
			})
		}
	}
	add(p.Settings().Operations, models.RoleOperator, models.RoleVerifier, models.RoleLeader)
	for _, u := range p.Units() {
		add(u.Code, models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead)
	}
	return all
}

// past makes a history ready to be written into a database of its own.
func past(tb testing.TB, until time.Time, days int) (demo.History, *dbtest.Database) {
	tb.Helper()
	db := dbtest.New(tb)
	j, err := models.EnsureJurisdiction(tb.Context(), db.DB.Gorm, "demo")
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	keys, err := identity.OpenKeyFile(filepath.Join(dir, "keys.json"))
	if err != nil {
		tb.Fatal(err)
	}
	store, err := storage.OpenFolder(filepath.Join(dir, "objects"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = store.Close() })
	p := demoPack(tb)
	staff := everybody(p, j.ID)
	for _, a := range staff {
		row := models.Staff{
			JurisdictionID: j.ID, ID: a.ID, Login: a.ID.String(), Name: "Cán bộ", PasswordHash: "-", Roles: a.Roles, Unit: &a.Unit, Active: true, CreatedAt: until,
		}
		if err := db.DB.Gorm.Create(&row).Error; err != nil {
			tb.Fatal(err)
		}
	}
	return demo.History{
		Pool: db.DB.Pool, Packs: pack.NewStore().With(j.ID, 1, p, time.Time{}), Jurisdiction: j.ID, Keys: keys, Staff: staff,
		Studio: &photos.Studio{Darkroom: &photos.Darkroom{
			Store: store, Memory: photos.NewMemory(photos.DefaultMemory), Limits: photos.DefaultLimits(), Zone: p.Zone(), Scratch: dir,
		}},
		Seed: 7, Until: until, Days: days, PerDay: 60, Photos: 0.04,
	}, db
}

// weekend is a Friday evening: the days before it are working ones.
var weekend = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

func TestHistory(t *testing.T) {
	t.Parallel()
	h, db := past(t, weekend, 12)
	watched := &watch{t: t, db: db}
	h.Out, h.PerDay = watched, 30
	summary, err := h.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", summary)
	states := map[models.State]int{}
	rows, err := db.DB.Pool.Query(t.Context(), "SELECT state, count(*) FROM reports WHERE origin = 'demo' GROUP BY state")
	if err != nil {
		t.Fatal(err)
	}
	var state models.State
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&state, &n}, func() error { states[state] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(summary.States(), states); diff != "" {
		t.Errorf("what is in the database is not what was told (-told +found):\n%s", diff)
	}
	for _, wanted := range []models.State{"needs_info", "in_progress", "published", "rejected", "duplicate", "transferred", "withdrawn", "scheduled", "resolved"} {
		if summary.Seen()[wanted] == 0 {
			t.Errorf("no report was ever %s", wanted)
		}
	}
	if reports := summary.Reports(); reports < 220 || reports > 450 {
		t.Errorf("%d reports in 12 days of 30", reports)
	}
	if summary.Steps()["approve"] == 0 || summary.Steps()["reopen"] == 0 || summary.Steps()["return"] == 0 {
		t.Errorf("nobody approved, reopened or gave back: %v", summary.Steps())
	}
	verify(t, db, h.Jurisdiction)
	if watched.looks == 0 || watched.due > 0 {
		t.Errorf("others would have fired %d clocks of the history, seen at %d looks", watched.due, watched.looks)
	}
	due, err := models.DueDeadlines(t.Context(), db.DB.Gorm, 1000)
	if err != nil || len(due) == 0 {
		t.Errorf("clocks that run out after the history are nobody's: %v", err)
	}
}

// watch looks, whenever the history says how far it is, whether a server beside it would
// fire its clocks.
type watch struct {
	t          *testing.T
	db         *dbtest.Database
	looks, due int
}

// Write implements io.Writer.
func (w *watch) Write(p []byte) (int, error) {
	if !strings.HasSuffix(string(p), "\n") {
		due, err := models.DueDeadlines(w.t.Context(), w.db.DB.Gorm, 1000)
		if err != nil {
			w.t.Error(err)
		}
		w.looks++
		w.due += len(due)
	}
	return len(p), nil
}

func verify(t *testing.T, db *dbtest.Database, jurisdiction int32) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), db.DB.Pool, func(tx pgx.Tx) error {
		n, err := ledger.Verify(t.Context(), tx, jurisdiction, nil)
		if err == nil && n < 800 {
			err = fmt.Errorf("only %d events", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for what, query := range map[string]string{
		"reports whose ids are not of their time":    "SELECT count(*) FROM reports WHERE ('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint <> floor(extract(epoch FROM created_at) * 1000)::bigint",
		"events out of order":                        "SELECT count(*) FROM (SELECT at < lag(at) OVER (ORDER BY pos) AS back FROM events) e WHERE back",
		"reports in no area":                         "SELECT count(*) FROM reports WHERE area IS NULL",
		"accepted reports that show a number":        "SELECT count(*) FROM reports r JOIN texts t ON t.id = r.shared_text_id WHERE t.body ~ '0900 000'",
		"phones that could be rung":                  "SELECT count(*) FROM devices",
		"events that are not of the demo":            "SELECT count(*) FROM events WHERE origin <> 'demo'",
		"photos without a report or of another kind": "SELECT count(*) FROM photos WHERE report_id IS NULL OR status <> 'pending' OR origin <> 'demo'",
	} {
		var n int
		if err := db.DB.Pool.QueryRow(t.Context(), query).Scan(&n); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

func TestSameSeedSameHistory(t *testing.T) {
	t.Parallel()
	var told [2]map[string]int
	for i := range told {
		h, _ := past(t, weekend, 3)
		h.Photos, h.PerDay = 0, 30
		summary, err := h.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		told[i] = summary.Steps()
		for state, n := range summary.States() {
			told[i]["in "+string(state)] = n
		}
	}
	if diff := cmp.Diff(told[0], told[1]); diff != "" {
		t.Errorf("twice the same seed (-once +again):\n%s", diff)
	}
}

func TestHistoryOverHolidays(t *testing.T) {
	t.Parallel()
	tet := time.Date(2026, 2, 22, 15, 0, 0, 0, time.UTC)
	h, db := past(t, tet, 9)
	h.Photos, h.PerDay = 0, 20
	if _, err := h.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Units with office hours rest from the 14th to the 22nd of February.
	var resolved int
	query := "SELECT count(*) FROM events e JOIN reports r ON r.id = e.subject_id WHERE e.body LIKE '%\"transition\":\"resolve\"%' AND r.lead_unit = ANY($1) AND e.at > '2026-02-14 00:00+07'"
	if err := db.DB.Pool.QueryRow(t.Context(), query, []string{"so-xay-dung", "so-noi-vu", "van-phong", "cay-xanh"}).Scan(&resolved); err != nil {
		t.Fatal(err)
	}
	if resolved > 0 {
		t.Errorf("%d reports were resolved in offices that were closed for Tết", resolved)
	}
}
