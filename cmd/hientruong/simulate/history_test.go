// SPDX-License-Identifier: Apache-2.0

package simulate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"go.uber.org/goleak"

	"hientruong/cmd/hientruong/demo"
	"hientruong/cmd/hientruong/simulate"
	"hientruong/database/dbtest"
	"hientruong/identity"
	"hientruong/models"
	"hientruong/packs"
	"hientruong/photos"
	"hientruong/storage"
	"hientruong/workflow/pack"
	simulation "hientruong/workflow/simulate"
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

func parse(tb testing.TB, files fs.FS) *pack.Pack {
	tb.Helper()
	p, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		tb.Fatal(err)
	}
	if err := pack.Check(p).Err(); err != nil {
		tb.Fatal(err)
	}
	return p
}

// changed is the demo pack with one file made otherwise.
func changed(tb testing.TB, name string, how func(string) string) *pack.Pack {
	tb.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(packs.Demo(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(packs.Demo(), path)
		files[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	before := string(files[name].Data)
	after := how(before)
	if after == before {
		tb.Fatalf("%s stays as it is", name)
	}
	files[name] = &fstest.MapFile{Data: []byte(after)}
	return parse(tb, files)
}

// weekend is a Friday evening: the days before it are working ones.
var weekend = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

// record writes days of the demo city's life into a database of their own, and has the
// staff who lived them among the staff.
func record(tb testing.TB, days int, perDay, pictures float64) (simulate.History, *dbtest.Database) {
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
	p := parse(tb, packs.Demo())
	recorded := pack.NewStore().With(j.ID, 1, p, time.Time{})
	_, err = demo.History{
		Pool: db.DB.Pool, Packs: recorded, Jurisdiction: j.ID, Keys: keys, Staff: hire(tb, db, p, j.ID),
		Studio: &photos.Studio{Darkroom: &photos.Darkroom{
			Store: store, Memory: photos.NewMemory(photos.DefaultMemory), Limits: photos.DefaultLimits(), Zone: p.Zone(), Scratch: dir,
		}},
		Seed: 7, Until: weekend, Days: days, PerDay: perDay, Photos: pictures,
	}.Run(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return simulate.History{
		Pool: db.DB.Pool, Jurisdiction: j.ID, Packs: recorded, Since: weekend.AddDate(0, 0, -days), Until: weekend, Words: true,
	}, db
}

// hire makes one member of staff for each job.
func hire(tb testing.TB, db *dbtest.Database, p *pack.Pack, jurisdiction int32) []models.Actor {
	tb.Helper()
	var all []models.Actor
	add := func(unit string, roles ...models.Role) {
		for _, role := range roles {
			s := models.Staff{
				JurisdictionID: jurisdiction, ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(unit+string(role))), Login: strings.ToLower(unit + "." + string(role)),
				Name: "N", PasswordHash: "-", Roles: []models.Role{role}, Unit: &unit, Active: true, CreatedAt: weekend.AddDate(-1, 0, 0),
			}
			if err := db.DB.Gorm.WithContext(tb.Context()).Create(&s).Error; err != nil {
				tb.Fatal(err)
			}
			all = append(all, s.Actor())
		}
	}
	add(p.Settings().Operations, models.RoleOperator, models.RoleVerifier, models.RoleLeader)
	for _, u := range p.Units() {
		add(u.Code, models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead)
	}
	return all
}

func run(tb testing.TB, p *pack.Pack, from simulate.Source, since, until time.Time) simulation.Result {
	tb.Helper()
	reports := 0
	result, err := simulate.Run(tb.Context(), simulation.New(p, nil, since, until), from, func(done float64, n int) {
		if done < 0 || done > 1 || n < reports {
			tb.Errorf("it is %v done with %d reports, after %d", done, n, reports)
		}
		reports = n
	})
	if err != nil {
		tb.Fatal(err)
	}
	return result
}

// rows counts what every table holds, and where the log ends.
func rows(tb testing.TB, db *dbtest.Database) map[string]string {
	tb.Helper()
	found, err := db.DB.Pool.Query(tb.Context(), `SELECT table_name, (xpath('/row/n/text()',
		query_to_xml(format('SELECT count(*) || '' '' || coalesce(md5(string_agg(t::text, '''' ORDER BY t::text)), '''') AS n FROM %I t', table_name), false, true, '')))[1]::text
		FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	if err != nil {
		tb.Fatal(err)
	}
	defer found.Close()
	out := map[string]string{}
	for found.Next() {
		var name, n string
		if err := found.Scan(&name, &n); err != nil {
			tb.Fatal(err)
		}
		out[name] = n
	}
	if err := found.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}

func TestRecordedHistory(t *testing.T) {
	t.Parallel()
	from, db := record(t, 8, 40, 0.05)
	before := rows(t, db)
	if len(before) < 15 || strings.HasPrefix(before["log_head"], "0 ") {
		t.Fatalf("too little is looked at: %v", before)
	}
	t.Run("the pack that recorded it changes nothing", func(t *testing.T) {
		r := run(t, parse(t, packs.Demo()), from, from.Since, from.Until)
		t.Logf("%+v", r.Totals)
		if r.Totals.Reports < 150 || r.Totals.Steps < 600 || r.Totals.Known < 100 {
			t.Errorf("too little was lived: %+v", r.Totals)
		}
		if r.Totals.Changed != 0 || len(r.Changes) != 0 || r.Totals.Routed != r.Totals.Known {
			t.Errorf("routes changed: %+v, %+v", r.Totals, r.Changes)
		}
		empty := simulation.Gaps{
			NoUnit: []simulation.Place{}, UnknownCategory: []simulation.Count{}, Outside: []simulation.Count{}, Form: []simulation.Refusal{},
			Refused: []simulation.Refusal{}, Units: []simulation.Count{},
		}
		if diff := cmp.Diff(empty, r.Gaps); diff != "" {
			t.Errorf("gaps (-none +found):\n%s", diff)
		}
		if diff := cmp.Diff(r.Was, r.Lateness); diff != "" || r.Was.Answered() < 50 {
			t.Errorf("lateness (-recorded +simulated):\n%s", diff)
		}
	})
	t.Run("another unit and another time", func(t *testing.T) {
		p := changed(t, "routing.yaml", func(s string) string {
			return strings.Replace(s, "lead: moi-truong", "lead: cay-xanh", 1)
		})
		r := run(t, p, from, from.Since, from.Until)
		if r.Totals.Changed == 0 || len(r.Changes) != 1 || r.Changes[0].From != "moi-truong" || r.Changes[0].To != "cay-xanh" {
			t.Errorf("%+v, %+v", r.Totals, r.Changes)
		}
		if len(r.Gaps.Refused) != 0 {
			t.Errorf("refused: %+v", r.Gaps.Refused)
		}
	})
	t.Run("a longer answer is demanded", func(t *testing.T) {
		p := changed(t, "workflow.yaml", func(s string) string { return strings.ReplaceAll(s, "answer: {min: 30}", "answer: {min: 3000}") })
		r := run(t, p, from, from.Since, from.Until)
		if len(r.Gaps.Refused) == 0 || r.Gaps.Refused[0].Code != models.CodeTooShort || r.Gaps.Refused[0].Transition != "resolve" || r.Gaps.Refused[0].Field != "text" {
			t.Errorf("refused: %+v", r.Gaps.Refused)
		}
	})
	renders(t, run(t, parse(t, packs.Demo()), from, from.Since, from.Until))
	if diff := cmp.Diff(before, rows(t, db)); diff != "" {
		t.Errorf("the database changed (-before +after):\n%s", diff)
	}
}

// renders checks that a result can be told in every way, and is the same when read again.
func renders(t *testing.T, r simulation.Result) {
	t.Helper()
	var table, page, text bytes.Buffer
	if err := simulate.WriteTable(&table, r); err != nil || !strings.Contains(table.String(), "so-xay-dung") {
		t.Errorf("%v: %s", err, &table)
	}
	if err := simulate.WriteJSON(&text, r); err != nil {
		t.Error(err)
	}
	var again simulation.Result
	if err := json.Unmarshal(text.Bytes(), &again); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("JSON says something else:\n%s", diff)
	}
	if err := simulate.WriteHTML(&page, r); err != nil || !strings.HasSuffix(page.String(), "</html>\n") {
		t.Errorf("%v: %s", err, &page)
	}
	for _, reach := range []string{"http://", "https://", "<script", "@import", "url("} {
		if strings.Contains(page.String(), reach) {
			t.Errorf("the page holds %q", reach)
		}
	}
}
