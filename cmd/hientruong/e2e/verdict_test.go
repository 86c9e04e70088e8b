// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// outage is a kill, and what was under way: pushes that Firebase may have taken while the
// database does not know it. Only those may come twice.
type outage struct {
	began   time.Time
	until   time.Time          // what Firebase took before may be unrecorded because of it
	pending map[uuid.UUID]bool // notifications with a delivery that was not recorded
}

// look takes down what is pending now.
func (c *city) look(t *testing.T, db *pgxpool.Pool, began time.Time) outage {
	t.Helper()
	o := outage{began: began, until: time.Now(), pending: map[uuid.UUID]bool{}}
	for _, id := range column[uuid.UUID](t, db, "SELECT notification_id FROM deliveries WHERE status = 'pending'") {
		o.pending[id] = true
	}
	return o
}

// judge holds the city to its promises after the last kill.
func (c *city) judge(t *testing.T, db *pgxpool.Pool, l *load, outages []outage) {
	t.Helper()
	for _, odd := range l.odd {
		t.Errorf("an answer that nobody should get: %s", odd)
	}
	c.settled(db, 30*time.Second)
	c.judgeReports(t, db, l)
	c.judgeLog(t, db)
	c.judgePushes(t, db, outages)
}

// judgeReports: each key made one report at most, each 201 exactly the one it named, with
// exactly one report.submitted.
func (c *city) judgeReports(t *testing.T, db *pgxpool.Pool, l *load) {
	t.Helper()
	answered, tried := l.result()
	made := map[uuid.UUID][]string{} // key → reports
	for _, line := range column[string](t, db, "SELECT report_id || ' ' || body FROM texts WHERE kind = 'description'") {
		key, err := uuid.Parse(line[strings.LastIndex(line, " ")+1:])
		if err != nil || !tried[key] {
			t.Errorf("a report that nobody sent: %s", line)
		}
		made[key] = append(made[key], line[:36])
	}
	for key, reports := range made {
		if len(reports) > 1 {
			t.Errorf("key %s made %d reports", key, len(reports))
		}
	}
	for key, id := range answered {
		if reports := made[key]; len(reports) != 1 || reports[0] != id.String() {
			t.Errorf("key %s was answered with %s, and there is %v", key, id, reports)
		}
	}
	odd := column[string](t, db, `
		SELECT coalesce(r.id, e.subject_id) || ': ' || count(e.pos) || ' events' FROM reports r
		FULL JOIN (SELECT * FROM events WHERE kind = 'report.submitted') e ON e.subject_id = r.id
		GROUP BY r.id, e.subject_id HAVING count(r.id) = 0 OR count(e.pos) <> 1`)
	for _, line := range odd {
		t.Errorf("submitted not exactly once: %s", line)
	}
	reports := one[int](t, db, "SELECT count(*)::int FROM reports")
	if reports != len(made) || len(answered) < 100 {
		t.Errorf("%d reports, %d descriptions, %d answers of 201", reports, len(made), len(answered))
	}
	t.Logf("%d keys sent, %d answered 201, %d reports; %d tries again, %d answers replayed", len(tried), len(answered), reports, l.again, l.replayed)
}

// judgeLog: positions without a gap, every hash right.
func (c *city) judgeLog(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	gaps := one[int](t, db, `
		SELECT count(*)::int FROM (SELECT jurisdiction_id, min(pos) AS low, max(pos) AS high, count(*) AS n FROM events GROUP BY 1) e
		FULL JOIN log_head h USING (jurisdiction_id) WHERE e.low <> 1 OR e.high <> e.n OR e.high IS DISTINCT FROM h.pos`)
	if gaps != 0 {
		t.Error("positions are missing, or the head is not the last of them")
	}
	c.command("audit", "verify")
}

// judgePushes: every delivery is made in the end, Firebase has seen every notification at
// the phone it is for, and one came twice only where Firebase had taken it and a kill
// then kept that from being recorded: once more for each such kill at most.
func (c *city) judgePushes(t *testing.T, db *pgxpool.Pool, outages []outage) {
	t.Helper()
	eventually(t, "all pushes are sent", time.Minute, func() bool {
		return one[int](t, db, "SELECT count(*)::int FROM deliveries WHERE status <> 'sent'") == 0
	})
	if n := one[int](t, db, "SELECT ((SELECT count(*) FROM reports) - (SELECT count(*) FROM notifications WHERE kind = 'received'))::int"); n != 0 {
		t.Errorf("%d reports told nobody", n)
	}
	want := map[string]bool{}
	for _, line := range column[string](t, db, `
		SELECT n.id || ' ' || v.fcm_token FROM notifications n JOIN reports r ON r.id = n.report_id
		LEFT JOIN devices v ON v.id = r.device_id`) {
		want[line] = true
	}
	taken := map[uuid.UUID][]time.Time{}
	for _, a := range c.fcm.Accepted() {
		if line := a.NotificationID() + " " + a.Message.Token; !want[line] {
			t.Errorf("a push to the wrong phone, or of nothing: %s", line)
		}
		id := uuid.MustParse(a.NotificationID())
		taken[id] = append(taken[id], a.At)
	}
	if len(taken) != len(want) {
		t.Errorf("Firebase saw %d notifications of %d", len(taken), len(want))
	}
	repeats := 0
	for id, times := range taken {
		repeats += len(times) - 1
		if most := inFlight(id, times, outages); len(times)-1 > most {
			t.Errorf("notification %s came %d times at %v; %d kills caught it", id, len(times), times, most)
		}
	}
	t.Logf("%d notifications, %d came again after a kill", len(taken), repeats)
}

// inFlight is how many of the kills caught a notification between Firebase and the
// database: taken by then, pending afterwards, and sent again only later.
func inFlight(id uuid.UUID, times []time.Time, outages []outage) int {
	n := 0
	for _, o := range outages {
		if o.pending[id] && times[0].Before(o.until) && times[len(times)-1].After(o.began) {
			n++
		}
	}
	return n
}
