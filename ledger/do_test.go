// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/ledger"
	"hientruong/models"
)

func TestManyIntentsShareACommit(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	const callers, each = 64, 20
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range each {
				id := newID()
				if out, err := l.Do(t.Context(), w.submit(id)); err != nil || out.Subject != id || out.Pos == 0 {
					t.Errorf("outcome %+v, error %v", out, err)
				}
			}
		})
	}
	wg.Wait()
	const all = callers * each
	commits := one[int](t, w.DB.Pool, "SELECT count(DISTINCT xmin::text) FROM events")
	if commits > all/8 {
		t.Errorf("%d commits for %d intents", commits, all)
	}
	if n := one[int](t, w.DB.Pool, "SELECT count(*) FROM reports r JOIN texts x ON x.id = r.description_id"); n != all {
		t.Errorf("%d reports, want %d", n, all)
	}
	if batches := int(l.figure(t, "batch_intents")); batches != commits {
		t.Errorf("figures count %d batches, the database %d", batches, commits)
	}
	w.whole(t, all)
}

func TestABatchSeesItself(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	id := newID()
	answers := l.together(t, w.id, w.move(id), w.submit(id), w.move(id), w.submit(newID()), w.move(id), w.move(id))
	wantCode(t, answers[0].err, models.CodeNotFound)
	var positions []int64
	var versions []int64
	for _, a := range answers[1:] {
		if a.err != nil {
			t.Fatal(a.err)
		}
		positions = append(positions, a.Pos)
		versions = append(versions, a.Change.Events[0].SubjectSeq)
		if got := a.Change.Events[0]; got.Pos != a.Pos || len(got.Hash) != 32 || got.JurisdictionID != w.id {
			t.Errorf("the answer's event is not the log's: %+v", got)
		}
	}
	if d := cmp.Diff([]int64{1, 2, 3, 4, 5}, positions); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int64{1, 2, 1, 3, 4}, versions); d != "" {
		t.Error(d)
	}
	if v := one[int64](t, w.DB.Pool, "SELECT version FROM reports WHERE id = $1", id); v != 4 {
		t.Errorf("version %d, want 4", v)
	}
	if n := one[int](t, w.DB.Pool, "SELECT count(DISTINCT xmin::text) FROM events"); n != 1 {
		t.Errorf("%d commits, want 1", n)
	}
	w.whole(t, 5)
}

// TestFactsFollowEveryNoun hangs one row of each kind on a report and looks at it from
// the same batch, and again from the database.
func TestFactsFollowEveryNoun(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	id, photo, staff, decision := newID(), newID(), newID(), newID()
	needs := models.Needs{
		Jurisdiction: w.id, Reports: []uuid.UUID{id}, Photos: []uuid.UUID{photo}, Staff: []uuid.UUID{staff}, Decisions: []uuid.UUID{decision}, Pack: true,
	}
	hang := act{needs, func(f models.Facts, now time.Time) (models.Change, error) {
		return models.Change{Insert: []models.Row{
			models.Task{JurisdictionID: w.id, ID: newID(), ReportID: id, Unit: "chieu-sang", Lead: true, State: models.TaskOpen, Version: 1, CreatedAt: now, UpdatedAt: now},
			models.Deadline{JurisdictionID: w.id, ID: newID(), ReportID: id, Kind: "xu-ly", Counts: models.CountsWall, StartedAt: now, DueAt: now},
			models.Rating{JurisdictionID: w.id, ReportID: id, Round: 1, Level: models.LevelSatisfied, CreatedAt: now},
			newPhoto(w.id, photo, &id, now),
			models.Staff{JurisdictionID: w.id, ID: staff, Login: "an", Name: "An", Roles: []models.Role{models.RoleHandler}, CreatedAt: now},
			models.Decision{
				JurisdictionID: w.id, ID: decision, Document: "88/QĐ-UBND", Kind: models.DecisionSuspend, Areas: []string{}, Categories: []string{},
				StartsAt: now, EndsAt: now.Add(time.Hour), MadeAt: now,
			},
			models.PackVersion{JurisdictionID: w.id, Number: f.Pack.Number + 1, ID: newID(), Digest: make([]byte, 32), Files: []byte{1}, EffectiveAt: now, AppliedAt: now},
		}}, nil
	}}
	look := act{needs, func(f models.Facts, _ time.Time) (models.Change, error) {
		r := f.Reports[id]
		got := []int{len(r.Tasks), len(r.Deadlines), len(r.Ratings), len(r.Photos), len(f.Photos), len(f.Staff), len(f.Decisions), int(f.Pack.Number), len(f.Pack.Digest)}
		if d := cmp.Diff([]int{1, 1, 1, 1, 1, 1, 1, 1, 32}, got); d != "" {
			t.Errorf("facts: %s", d)
		}
		if r.Tasks[0].Unit != "chieu-sang" || f.Staff[staff].Roles[0] != models.RoleHandler || *f.Photos[photo].ReportID != id {
			t.Errorf("facts hold something else: %+v", f)
		}
		return models.Change{}, nil
	}}
	unasked := act{models.Needs{Jurisdiction: w.id}, func(f models.Facts, _ time.Time) (models.Change, error) {
		if len(f.Reports)+len(f.Photos)+len(f.Staff)+len(f.Decisions)+int(f.Pack.Number) != 0 {
			t.Errorf("it sees what it has not asked for: %+v", f)
		}
		return models.Change{}, nil
	}}
	for _, a := range l.together(t, w.id, w.submit(id), hang, look, unasked) {
		if a.err != nil {
			t.Fatal(a.err)
		}
	}
	l.must(t, look)
	w.whole(t, 1)
}

func TestRefusalsAndPanicsLeaveOthersAlone(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	refuse := w.submit(newID())
	refuse.decide = func(models.Facts, time.Time) (models.Change, error) {
		return models.Change{}, models.E(models.CodeTransitionRefused)
	}
	panics := w.submit(newID())
	panics.decide = func(models.Facts, time.Time) (models.Change, error) { panic("oh") }
	answers := l.together(t, w.id, w.submit(newID()), refuse, w.submit(newID()), panics, w.submit(newID()))
	wantCode(t, answers[1].err, models.CodeTransitionRefused)
	wantCode(t, answers[3].err, models.CodeInternal)
	for _, i := range []int{0, 2, 4} {
		if answers[i].err != nil {
			t.Errorf("intent %d: %v", i, answers[i].err)
		}
	}
	if n := l.figure(t, "batches_halved_total"); n != 0 {
		t.Errorf("%v batches were halved for what needs no SQL to find", n)
	}
	w.whole(t, 3)
}

func TestTimeIsTheDatabasesOrTheClocks(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	tet := time.Date(2027, 2, 6, 0, 0, 0, 1999, time.UTC)
	for name, clock := range map[string]func(time.Time) time.Time{"database": nil, "clock": func(time.Time) time.Time { return tet }} {
		out := w.start(t, ledger.Config{Clock: clock}).must(t, w.submit(newID()))
		at := out.Change.Events[0].At
		late := one[time.Duration](t, w.DB.Pool, "SELECT clock_timestamp() - $1::timestamptz", at)
		if clock == nil && (late < 0 || late > time.Minute) {
			t.Errorf("%s: decided %s before now", name, late)
		}
		if clock != nil && !at.Equal(tet.Truncate(time.Microsecond)) {
			t.Errorf("%s: decided at %s", name, at)
		}
	}
	w.whole(t, 2)
}

func TestTheCallerWhoLeft(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	id, key := newID(), newKey()
	open := l.gate(t, w.id)
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err := l.Do(gone, w.submit(id).keyed(key))
	wantCode(t, err, models.CodeTimeout)
	open()
	again := l.must(t, w.submit(newID()).keyed(key))
	if !again.Replayed || again.Subject != id || again.Pos != 0 || len(again.Change.Events) != 0 {
		t.Errorf("the second try got %+v, want a replay of %s", again, id)
	}
	w.whole(t, 1)
}

func TestOneKeyInOneBatch(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	first, key := newID(), newKey()
	other := key
	other.Fingerprint[0]++
	elsewhere := key
	elsewhere.Installation = newID()
	refused := newKey()
	no := act{models.Needs{Jurisdiction: w.id}, func(models.Facts, time.Time) (models.Change, error) {
		return models.Change{}, models.E(models.CodeForbidden)
	}}
	for round := range 2 { // the second finds it in the database
		answers := l.together(t, w.id, w.submit(first).keyed(key), w.submit(newID()).keyed(key), w.submit(newID()).keyed(other))
		if answers[0].err != nil || answers[0].Replayed != (round == 1) || answers[0].Subject != first {
			t.Errorf("round %d, first: %+v", round, answers[0])
		}
		if answers[1].err != nil || !answers[1].Replayed || answers[1].Subject != first {
			t.Errorf("round %d, second: %+v", round, answers[1])
		}
		wantCode(t, answers[2].err, models.CodeIdempotencyConflict)
	}
	answers := l.together(t, w.id, w.submit(newID()).keyed(elsewhere), no.keyed(refused), w.submit(newID()).keyed(refused))
	if answers[0].err != nil || answers[0].Replayed {
		t.Errorf("the key of another installation: %+v", answers[0])
	}
	if answers[2].err != nil || answers[2].Replayed {
		t.Errorf("a key whose first use was refused: %+v", answers[2])
	}
	w.whole(t, 3)
}

func TestOneKeyOnTwoNodes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	nodes := []watched{w.start(t, ledger.Config{}), w.start(t, ledger.Config{Pool: w.node(t).Pool})}
	const rounds = 40
	for range rounds {
		// The same request: the same key, and the same reference of another system.
		key, ref := newKey(), newID().String()
		answers := make([]answer, len(nodes))
		var wg sync.WaitGroup
		for i, l := range nodes {
			wg.Go(func() {
				out, err := l.Do(t.Context(), w.submit(newID(), func(c *models.Change) {
					r := c.Insert[1].(models.Report)
					r.ExternalRef = &ref
					c.Insert[1] = r
				}).keyed(key))
				answers[i] = answer{out, err}
			})
		}
		wg.Wait()
		a, b := answers[0], answers[1]
		if a.err != nil || b.err != nil || a.Replayed == b.Replayed || a.Subject != b.Subject {
			t.Fatalf("one node got %+v, the other %+v", a, b)
		}
	}
	w.whole(t, rounds)
}
