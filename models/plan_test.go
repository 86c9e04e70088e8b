// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"context"
	"crypto/md5"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"hientruong/geo"
	"hientruong/models"
)

// manyReports fills two jurisdictions with 100,000 reports around Huế, made over a year,
// with what hangs on them. $1 and $2 are the tiles they lie between.
const manyReports = `
INSERT INTO reports (jurisdiction_id, id, code, pack_version, workflow, state, phase, visibility, shown, category, area, lead_unit, urgency, channel,
	language, origin, lat, lon, tile, public_tile, location_source, location_precision, attributes, description_id, device_id, event_seq,
	created_at, updated_at, accepted_at)
SELECT 1 + i % 2, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid,
	'DEMO-' || i, 1, 'thuong', CASE WHEN i % 10 < 3 THEN 'submitted' WHEN i % 10 = 3 THEN 'needs_info' ELSE (ARRAY['assigned', 'in_progress', 'scheduled', 'resolved'])[1 + i / 10 % 4] END,
	CASE WHEN i % 10 < 3 THEN 'received' ELSE 'working' END, CASE WHEN i % 10 < 3 THEN 'private' ELSE 'public' END,
	CASE WHEN i % 10 < 3 THEN 'none' WHEN i % 10 = 3 THEN 'status' ELSE 'full' END, 'c' || i / 20 % 40, '9000' || i / 20 % 12,
	CASE WHEN i % 10 >= 3 THEN 'u' || i / 20 % 25 END, 'normal', 'app', 'vi', 'live', 16, 107, tile, CASE WHEN i % 10 > 3 THEN tile END, 'gps', 'exact', '{}',
	gen_random_uuid(), md5('device' || i / 20)::uuid, 1, at, at, CASE WHEN i % 10 >= 3 THEN at END
FROM (SELECT i, timestamptz '2026-01-01' + i * interval '300 s' AS at, $1::bigint + (random() * ($2::bigint - $1::bigint))::bigint AS tile FROM generate_series(1, 100000) i) AS made`

const manyMore = `
INSERT INTO tasks (jurisdiction_id, id, report_id, unit, lead, state, created_at, updated_at)
SELECT jurisdiction_id, gen_random_uuid(), id, lead_unit, true, 'open', created_at, created_at FROM reports WHERE lead_unit IS NOT NULL;
INSERT INTO deadlines (jurisdiction_id, id, report_id, kind, counts, rule, started_at, due_at)
SELECT jurisdiction_id, gen_random_uuid(), id, 'xu-ly', 'wall', 'r', created_at, created_at + interval '200 days' FROM reports WHERE lead_unit IS NOT NULL;
INSERT INTO report_search (jurisdiction_id, report_id, operations, shared)
SELECT jurisdiction_id, id, v, v FROM (SELECT jurisdiction_id, id, array_to_tsvector(ARRAY['word' || abs(hashtext(code)) % 5000, 'duong']) AS v FROM reports) AS made;
INSERT INTO events (jurisdiction_id, pos, subject_kind, subject_id, subject_seq, kind, origin, actor, at, body, hash)
SELECT jurisdiction_id, row_number() OVER (PARTITION BY jurisdiction_id ORDER BY id), 'report', id, 1, 'report.moved', 'live', 'system', created_at,
	'{"before":{"shown":"none"},"after":{"shown":"' || shown || '"}}', sha256('x') FROM reports;
UPDATE log_head SET pos = 50000;
ANALYZE`

// Every way of asking is answered from an index of its jurisdiction, and quickly.
func TestListsUseIndexes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes 100,000 reports")
	}
	opened := open(t)
	centre := must[geo.Point](t)(geo.NewPoint(16.46, 107.57))
	city := geo.TileOf(centre).At(12).Range()
	owner := must[*pgx.Conn](t)(pgx.Connect(t.Context(), opened.OwnerURL))
	defer func() { _ = owner.Close(context.WithoutCancel(t.Context())) }()
	if _, err := owner.Exec(t.Context(), manyReports, int64(city.Lo), int64(city.Hi)); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(t.Context(), manyMore); err != nil {
		t.Fatal(err)
	}
	db := opened.DB.Gorm
	asked := record(t, db)
	for name, ask := range waysOfAsking(t, db, centre) {
		*asked = nil
		began := time.Now()
		if err := ask(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		took := time.Since(began)
		for _, query := range *asked {
			wantIndexed(t, db, name, query)
		}
		t.Logf("%-18s %6.1f ms, %d statements", name, float64(took.Microseconds())/1000, len(*asked))
	}
}

// record keeps every statement that is asked, with its values.
func record(t *testing.T, db *gorm.DB) *[]string {
	t.Helper()
	asked := &[]string{}
	keep := func(q *gorm.DB) {
		*asked = append(*asked, q.Explain(q.Statement.SQL.String(), q.Statement.Vars...))
	}
	if err := db.Callback().Query().After("gorm:query").Register("plans", keep); err != nil {
		t.Fatal(err)
	}
	if err := db.Callback().Row().After("gorm:row").Register("plans", keep); err != nil {
		t.Fatal(err)
	}
	return asked
}

func waysOfAsking(t *testing.T, db *gorm.DB, centre geo.Point) map[string]func() error {
	t.Helper()
	guest, operator, unit := models.Guest(1), staff("ioc", models.RoleOperator), staff("u3", models.RoleHandler)
	phone := device(uuid.UUID(md5.Sum([]byte("device77"))))
	since := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	box := geo.Bounds{MinLon: 107.565, MinLat: 16.455, MaxLon: 107.575, MaxLat: 16.465}
	list := func(a models.Actor, f models.ReportFilter) func() error {
		return func() error {
			page, err := models.ListReports(t.Context(), db, a, f, "", 0)
			if err == nil && page.NextCursor != "" {
				_, err = models.ListReports(t.Context(), db, a, f, page.NextCursor, 0)
			}
			return err
		}
	}
	return map[string]func() error{
		"public":            list(guest, models.ReportFilter{}),
		"public, oldest":    list(guest, models.ReportFilter{Sort: models.SortOldest}),
		"public, updated":   list(guest, models.ReportFilter{Sort: models.SortUpdated}),
		"public, box":       list(guest, models.ReportFilter{Box: &box}),
		"public, circle":    list(guest, models.ReportFilter{Near: &centre, RadiusM: 300}),
		"public, state":     list(guest, models.ReportFilter{States: []models.State{"resolved"}}),
		"public, category":  list(guest, models.ReportFilter{Categories: []string{"c7"}}),
		"public, words":     list(guest, models.ReportFilter{Query: "duong word17"}),
		"public, since":     list(guest, models.ReportFilter{CreatedSince: &since}),
		"public, code":      list(guest, models.ReportFilter{Code: "DEMO-70006"}),
		"own":               list(phone, models.ReportFilter{View: models.ViewOwn}),
		"operations":        list(operator, models.ReportFilter{}),
		"operations, box":   list(operator, models.ReportFilter{Box: &box}),
		"operations, state": list(operator, models.ReportFilter{States: []models.State{"submitted", "resolved"}}),
		"operations, words": list(operator, models.ReportFilter{Query: "word17"}),
		"operations, late":  list(operator, models.ReportFilter{Overdue: yes(true)}),
		"operations, moved": list(operator, models.ReportFilter{UpdatedSince: &since}),
		"unit":              list(unit, models.ReportFilter{}),
		"inbox": func() error {
			_, err := models.ListInbox(t.Context(), db, unit, models.InboxFilter{}, "", 0)
			return err
		},
		"changes": func() error {
			_, err := models.ReadChanges(t.Context(), db, guest, 20000, 200)
			return err
		},
	}
}

var wholeTable = regexp.MustCompile(`Seq Scan on (reports|events_\d+)`)

// wantIndexed checks that no statement walks over all reports or events.
func wantIndexed(t *testing.T, db *gorm.DB, name, query string) {
	t.Helper()
	rows, err := db.Session(&gorm.Session{NewDB: true, SkipHooks: true}).Statement.ConnPool.QueryContext(t.Context(), "EXPLAIN "+query)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, query)
	}
	defer func() { _ = rows.Close() }()
	var plan []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	whole := strings.Join(plan, "\n")
	if wholeTable.MatchString(whole) || !strings.Contains(query, "jurisdiction_id = 1") {
		t.Errorf("%s:\n%s\n%s", name, query, whole)
	}
}
