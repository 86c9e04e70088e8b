// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hientruong/database"
	"hientruong/ledger"
	"hientruong/models"
)

// rowOf is one row as the tests of rows draw it.
func rowOf[T models.Row](k keys, draw func(*rapid.T, keys) T) models.Row {
	return rapid.Custom(func(rt *rapid.T) T { return draw(rt, k) }).Example(1)
}

// The version before serves on while a newer one adds columns, on the connections it has.
func TestANewerVersionsColumnsArePassedOver(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	db, err := database.Open(t.Context(), database.Config{URL: w.AppURL, MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	l := w.start(t, ledger.Config{Pool: db.Pool})
	k := keys{w.id, newID(), newID(), 1}
	report := w.newReport(k.report, time.Now().Truncate(time.Microsecond))
	rows := []models.Row{
		report, rowOf(k, drawTask), rowOf(k, drawDeadline), rowOf(k, drawRating), rowOf(k, drawFollow), rowOf(k, drawText), rowOf(k, drawStaff), rowOf(k, drawPhoto),
	}
	if photo, ok := rows[len(rows)-1].(models.Photo); ok {
		photo.ReportID = &k.report
		rows[len(rows)-1] = photo
	}
	l.must(t, act{models.Needs{Jurisdiction: w.id}, func(_ models.Facts, now time.Time) (models.Change, error) {
		return models.Change{Insert: rows, Events: []models.Event{event(report, models.EventReportSubmitted, now)}, Subject: k.report}, nil
	}})

	key := newKey()
	everything := models.Needs{
		Jurisdiction: w.id, Reports: []uuid.UUID{k.report}, Photos: []uuid.UUID{k.id}, Texts: []uuid.UUID{k.id}, Staff: []uuid.UUID{k.id}, Idempotency: &key,
	}
	work := func(when string) {
		t.Helper()
		l.must(t, act{everything, func(f models.Facts, _ time.Time) (models.Change, error) {
			r := f.Reports[k.report]
			found := []int{len(r.Tasks), len(r.Deadlines), len(r.Ratings), len(r.Follows), len(r.Photos), len(f.Photos), len(f.Texts), len(f.Staff)}
			if slices.Contains(found, 0) {
				t.Errorf("%s: found %v", when, found)
			}
			return models.Change{Subject: k.report}, nil
		}})
		key = newKey()
		l.must(t, w.move(k.report).keyed(key)) // what is kept is read by the next
		if events, err := ledger.Events(t.Context(), db.Pool, w.id, 0, 10, models.EventReportMoved); err != nil || len(events) == 0 {
			t.Errorf("%s: %d events, error %v", when, len(events), err)
		}
		seen := 0
		tail := ledger.NewTail(ledger.TailConfig{DB: db.Gorm, Reader: readerOf(func(events []models.Event) { seen += len(events) })})
		if _, err := tail.Step(t.Context()); err != nil || seen == 0 {
			t.Errorf("%s: a tail read %d events, error %v", when, seen, err)
		}
	}
	work("before")
	owner := w.owner(t)
	for _, table := range []string{
		"reports", "tasks", "deadlines", "ratings", "follows", "photos", "texts", "staff", "idempotency_keys", "events", "log_head", "pack_versions", "cursors",
	} {
		if _, err := owner.Exec(t.Context(), "ALTER TABLE "+table+" ADD COLUMN newer text NOT NULL DEFAULT ''"); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
	work("after")
}

// readerOf is a reader that only looks.
type readerOf func([]models.Event)

func (readerOf) Name() string { return "looks" }

func (r readerOf) Read(_ context.Context, _ ledger.Tx, events []models.Event) error {
	r(events)
	return nil
}
