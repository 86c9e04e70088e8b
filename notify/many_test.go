// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/notify"
)

// counted is a transaction that counts its statements.
type counted struct {
	pgx.Tx
	n *int
}

func (c counted) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	*c.n++
	return c.Tx.Exec(ctx, sql, args...)
}

func (c counted) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	*c.n++
	return c.Tx.Query(ctx, sql, args...)
}

func (c counted) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	*c.n++
	return c.Tx.QueryRow(ctx, sql, args...)
}

// statements reads the events in one transaction and counts what it asks for.
func (w *world) statements(events []models.Event) int {
	w.t.Helper()
	n := 0
	start := time.Now()
	check(w.t, ledger.InTx(w.t.Context(), w.db.DB.Gorm, func(tx ledger.Tx) error {
		tx.Tx = counted{tx.Tx, &n}
		return w.reader.Read(w.t.Context(), tx, events)
	}))
	w.t.Logf("%d events read in %d statements and %v", len(events), n, time.Since(start).Round(time.Millisecond))
	return n
}

// devices makes n phones with the tokens token-1 and so on, by SQL.
func (w *world) devices(n int) {
	w.t.Helper()
	_, err := w.db.DB.Pool.Exec(w.t.Context(), `
		INSERT INTO devices (jurisdiction_id, id, secret_hash, platform, language, fcm_token, created_at, updated_at)
		SELECT $1, md5('d' || i)::uuid, sha256('x'), 'ios', CASE WHEN i % 3 = 0 THEN 'en' ELSE 'vi' END, 'token-' || i, now(), now() FROM generate_series(1, $2) i`, w.j, n)
	check(w.t, err)
}

// likeReport makes n reports as the model is, the first of the first phone and so on.
func (w *world) likeReport(model uuid.UUID, n int) []uuid.UUID {
	w.t.Helper()
	_, err := w.db.DB.Pool.Exec(w.t.Context(), `
		INSERT INTO reports (jurisdiction_id, id, code, device_id, pack_version, workflow, state, phase, visibility, shown, category, urgency, channel, language,
		                     origin, location_source, location_precision, attributes, description_id, event_seq, created_at, updated_at)
		SELECT $1, md5('r' || i)::uuid, 'C' || i, md5('d' || i)::uuid, pack_version, workflow, state, phase, visibility, shown, category, urgency, channel, language,
		       origin, location_source, location_precision, attributes, description_id, event_seq, created_at, updated_at
		FROM reports, generate_series(1, $3) i WHERE jurisdiction_id = $1 AND id = $2`, w.j, model, n)
	check(w.t, err)
	rows, err := w.db.DB.Pool.Query(w.t.Context(), "SELECT id FROM reports WHERE device_id IS NOT NULL ORDER BY code")
	check(w.t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	check(w.t, err)
	return ids
}

// sizes counts the jobs by how many deliveries they hold, and the deliveries.
func (w *world) sizes() (jobs map[int]int, deliveries int) {
	w.t.Helper()
	jobs, seen := map[int]int{}, map[uuid.UUID]bool{}
	for _, job := range w.jobs() {
		jobs[len(job.Deliveries)]++
		for _, id := range job.Deliveries {
			seen[id] = true
		}
	}
	return jobs, len(seen)
}

func TestManyRecipientsAreSharedOutToJobs(t *testing.T) {
	t.Parallel()
	const many = 1200
	w := newWorld(t, models.DeliveryFCM)
	w.devices(many)
	var events []models.Event
	for i, id := range w.likeReport(w.report(nil, nil), many) {
		events = append(events, models.Event{
			JurisdictionID: w.j, Pos: int64(i + 1), SubjectKind: models.SubjectReport, SubjectID: id, Kind: models.EventReportSubmitted,
			Origin: models.OriginLive, Actor: "system", At: time.Now(), Body: "{}",
		})
	}
	w.statements(events)
	jobs, seen := w.sizes()
	if diff := cmp.Diff(map[int]int{500: 2, 200: 1}, jobs); diff != "" || seen != many || len(w.deliveries()) != many {
		t.Errorf("%d deliveries in jobs of (-want +got):\n%s", seen, diff)
	}
}

// However many events there are, they are read in a few statements.
func TestManyEventsAreAFewStatements(t *testing.T) {
	t.Parallel()
	const reports, many = 500, 10_000
	w := newWorld(t, models.DeliveryInApp)
	w.devices(reports)
	ids := w.likeReport(w.reportLike(func(r *models.Report) { r.Visibility, r.Shown = models.VisibilityPublic, models.ShownFull }), reports)
	w.create(&models.Staff{JurisdictionID: w.j, ID: uuid.New(), Login: "verifier", Name: "v", Roles: []models.Role{models.RoleVerifier}, Active: true, CreatedAt: time.Now()})
	from, to := full("accepted", working), full("in_progress", working)
	of := []models.Event{
		{Kind: models.EventReportSubmitted, Body: "{}"}, {Kind: models.EventReportMoved, Body: models.Body{Before: from, After: to}.Canonical()},
		{Kind: models.EventReportMessage, Body: "{}"}, {Kind: models.EventDeadlineMissed, Body: models.Body{Rule: "tiep-nhan", Unit: "ioc"}.Canonical()},
		{Kind: models.EventReportRouted, Body: models.Body{Unit: "chieu-sang"}.Canonical()},
	}
	events := make([]models.Event, many)
	for i := range events {
		e := of[i%len(of)]
		e.JurisdictionID, e.Pos, e.SubjectKind, e.SubjectID, e.Origin, e.Actor, e.At = w.j, int64(i+1), models.SubjectReport, ids[i%reports], models.OriginLive, "system", time.Now()
		events[i] = e
	}
	few, all := w.statements(events[:100]), w.statements(events[100:])
	if all > few+10 || all > 25 {
		t.Errorf("%d statements for 100 events, %d for all", few, all)
	}
	if got, want := len(w.notifications()), many*4/5; got != want {
		t.Errorf("%d notifications, want %d", got, want)
	}
}

// Ten thousand who follow one report are told by the page, in their own languages.
func TestManyFollowersAreToldByThePage(t *testing.T) {
	t.Parallel()
	const many = 10_000
	w := newWorld(t, models.DeliveryFCM)
	w.devices(many)
	report := w.reportLike(func(r *models.Report) { r.Visibility, r.Shown = models.VisibilityPublic, models.ShownFull })
	_, err := w.db.DB.Pool.Exec(t.Context(), `
		INSERT INTO follows (jurisdiction_id, report_id, follower, created_at)
		SELECT jurisdiction_id, $1, 'device:' || id, now() - interval '1 hour' FROM devices`, report)
	check(t, err)
	w.moved(report, *full("assigned", working), *full("in_progress", working))
	if n := w.statements(w.log); n > 30 {
		t.Errorf("%d statements", n)
	}
	jobs, seen := w.sizes()
	if diff := cmp.Diff(map[int]int{notify.MostInJob: many / notify.MostInJob}, jobs); diff != "" || seen != many {
		t.Errorf("%d deliveries in jobs of (-want +got):\n%s", seen, diff)
	}
	texts := map[string]int{}
	for _, n := range w.notifications() {
		texts[n.Body]++
	}
	want := map[string]int{"Đèn đường: Công ty Chiếu sáng đang xử lý.": many - many/3, "Street light: Công ty Chiếu sáng is working on it.": many / 3}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("what they read (-want +got):\n%s", diff)
	}
}
