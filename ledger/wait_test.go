// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/ledger"
	"hientruong/models"
)

// Who writes a row that points to a report, as readers do, is in nobody's way: what they
// hold and what the ledger holds would else make circles.
func TestPointingToAReportHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{LockTimeout: 200 * time.Millisecond})
	id := newID()
	l.must(t, w.submit(id))
	release := w.lock(t, "SELECT FROM reports WHERE id = $1 FOR KEY SHARE", id)
	l.must(t, w.move(id))
	release()
	w.whole(t, 2)
}

// The end of the log is another node's for as long as a commit lasts, and is waited for
// in full by those too who had to wait for a row before.
func TestAHalfWaitsForTheHead(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	const patience = 2 * time.Second
	l := w.start(t, ledger.Config{LockTimeout: patience})
	id := newID()
	l.must(t, w.submit(id))
	row := w.lock(t, "SELECT FROM reports WHERE id = $1 FOR UPDATE", id)
	head := w.lock(t, "SELECT FROM log_head FOR UPDATE")
	answers := make(chan []answer, 1)
	go func() { answers <- l.together(t, w.id, w.submit(newID()), w.move(id)) }()
	eventually(t, "a half has waited for the head for a while", func() bool {
		return one[int](t, w.DB.Pool, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
			AND query LIKE '%log_head%' AND clock_timestamp() - query_start > $1`, patience/10) > 0
	})
	head()
	got := <-answers
	if got[0].err != nil {
		t.Errorf("who needs only the head: %v", got[0].err)
	}
	wantCode(t, got[1].err, models.CodeUnavailable)
	row()
	w.whole(t, 2)
}

// A photo that hangs on a report can go to another report while it is being rendered:
// who moves it moves what the rendering has left, and not what was there before.
func TestAHangingPhotoIsReadAsItIs(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	from, to := newID(), newID()
	photo := newPhoto(w.id, newID(), &from, time.Now())
	l.must(t, w.submit(from, func(c *models.Change) { c.Insert = append(c.Insert, photo) }))
	l.must(t, w.submit(to))
	rendering, err := w.owner(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rendering.Exec(t.Context(), "UPDATE photos SET status = 'ready', rendered_at = now(), blurhash = 'x' WHERE id = $1", photo.ID); err != nil {
		t.Fatal(err)
	}
	moved := make(chan error, 1)
	go func() {
		_, err := l.Do(t.Context(), act{models.Needs{Jurisdiction: w.id, Reports: []uuid.UUID{from}}, func(f models.Facts, now time.Time) (models.Change, error) {
			p, r := f.Reports[from].Photos[0], f.Reports[from].Report
			p.ReportID, r.EventSeq = &to, r.EventSeq+1
			return models.Change{Update: []models.Row{r, p}, Events: []models.Event{event(r, models.EventReportMoved, now)}, Subject: from}, nil
		}})
		moved <- err
	}()
	w.waitsForLock(t)
	if err := rendering.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-moved; err != nil {
		t.Fatal(err)
	}
	got := one[string](t, w.DB.Pool, "SELECT status || ' ' || (report_id = $2) FROM photos WHERE id = $1", photo.ID, to)
	if got != "ready true" {
		t.Errorf("the photo is %s", got)
	}
}
