// SPDX-License-Identifier: Apache-2.0

package relay_test

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"

	"hientruong/database/dbtest"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/relay"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// city is a jurisdiction with the demo pack, and a database.
type city struct {
	*dbtest.Database
	packs *pack.Holder
	first *pack.Pack
}

func newCity(t *testing.T) *city {
	t.Helper()
	db := dbtest.New(t)
	if _, err := models.EnsureJurisdiction(t.Context(), db.DB.Gorm, "j1"); err != nil {
		t.Fatal(err)
	}
	c := &city{Database: db, packs: &pack.Holder{}, first: parse(t, func(s string) string { return s })}
	c.packs.Add(1, 1, c.first, time.Time{})
	return c
}

// parse is the demo city with its units made otherwise.
func parse(t *testing.T, units func(string) string) *pack.Pack {
	t.Helper()
	files := fstest.MapFS{}
	folder := os.DirFS("../packs/demo")
	names, err := fs.Glob(folder, "*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(name) == "units.yaml" {
			data = []byte(units(string(data)))
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	p, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

// node starts a process of the city: a ledger of its own, and a relay.
func (c *city) node(t *testing.T) *ledger.Ledger {
	t.Helper()
	l := ledger.New(ledger.Config{Pool: c.DB.Pool, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		if err := l.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	start(t, relay.Config{
		Pool: c.DB.Pool, Gorm: c.DB.Gorm, Ledger: l, Packs: c.packs, Workers: river.NewWorkers(), Logger: slog.New(slog.DiscardHandler),
		Metrics: prometheus.NewRegistry(), Poll: 150 * time.Millisecond, Grace: time.Millisecond,
	})
	return l
}

func must(t *testing.T, l *ledger.Ledger, intent models.Intent) ledger.Outcome {
	t.Helper()
	out, err := l.Do(t.Context(), intent)
	if err != nil {
		t.Fatalf("%T: %v", intent, err)
	}
	return out
}

// Clocks that ran out while nobody was there are fired late, and once, though two
// processes and two more who ask by hand all go at them.
func TestSeveralNodesFireOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	const reports = 40
	clocks := 0
	for range reports {
		s := modelstest.Make(modelstest.Spec{State: "in_progress"})
		modelstest.Insert(t, c.DB.Gorm, s)
		clocks++ // that of the work; the other has stopped
	}
	const rouse = "UPDATE deadlines SET next_at = due_at WHERE stopped_at IS NULL AND paused_at IS NULL"
	due, err := dueNow(t, c, rouse)
	if err != nil || len(due) != clocks {
		t.Fatalf("%d clocks are due, expected %d (%v)", len(due), clocks, err)
	}
	nodes := []*ledger.Ledger{c.node(t), c.node(t)}
	errs := make(chan error, len(nodes)*len(due))
	for _, l := range nodes {
		go func() {
			for _, d := range due {
				_, err := l.Do(context.Background(), workflow.Expire{Packs: c.packs.Load(), Jurisdiction: 1, ReportID: d.ReportID, DeadlineID: d.ID})
				errs <- err
			}
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	until(t, "nothing is due", func() bool {
		left, err := models.DueDeadlines(t.Context(), c.DB.Gorm, 1)
		return err == nil && len(left) == 0
	})
	for kind, each := range map[models.EventKind]int{models.EventDeadlineMissed: 1, models.EventDeadlineReminded: 2, models.EventDeadlineEscalated: 3} {
		var most, all int
		const count = "SELECT coalesce(max(n), 0), coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM events WHERE kind = $1 GROUP BY subject_id) x"
		if err := c.DB.Pool.QueryRow(t.Context(), count, kind).Scan(&most, &all); err != nil {
			t.Fatal(err)
		}
		if most != each || all != each*clocks {
			t.Errorf("%s: %d of one report and %d in all, expected %d and %d", kind, most, all, each, each*clocks)
		}
	}
}

func dueNow(t *testing.T, c *city, rouse string) ([]models.Deadline, error) {
	t.Helper()
	if _, err := c.DB.Pool.Exec(t.Context(), rouse); err != nil {
		return nil, err
	}
	return models.DueDeadlines(t.Context(), c.DB.Gorm, 1000)
}

// submitted are reports that have just come in.
func (c *city) submitted(t *testing.T, l *ledger.Ledger, n int) []uuid.UUID {
	t.Helper()
	lat, lon := 16.4844, 107.5860
	var ids []uuid.UUID
	for range n {
		id := uuid.Must(uuid.NewV7())
		must(t, l, workflow.Submit{
			Packs: c.packs.Load(), Origin: models.OriginLive, ID: id, Code: "DEMO-" + strings.ToUpper(id.String()[19:]),
			Actor: models.Actor{Kind: models.ActorCitizen, ID: uuid.New(), Jurisdiction: 1, Roles: []models.Role{models.RoleCitizen}},
			Text:  models.Draft{ID: uuid.New(), Body: "Ổ gà trước số nhà 12."},
			Form:  workflow.Form{Category: "o-ga", Description: "Ổ gà trước số nhà 12.", Lat: &lat, Lon: &lon, Channel: models.ChannelApp, Language: models.Vietnamese},
		})
		ids = append(ids, id)
	}
	return ids
}

// due are the ends of the reports' clocks.
func (c *city) due(t *testing.T) map[uuid.UUID]time.Time {
	t.Helper()
	var all []models.Deadline
	if err := c.DB.Gorm.WithContext(t.Context()).Find(&all).Error; err != nil {
		t.Fatal(err)
	}
	out := map[uuid.UUID]time.Time{}
	for _, d := range all {
		out[d.ReportID] = d.DueAt
	}
	return out
}

// moved says whether every clock is due so much later, or at all later where by is 0.
func moved(before, now map[uuid.UUID]time.Time, by time.Duration) bool {
	for id, was := range before {
		if later := now[id].Sub(was); by == 0 && later <= 0 || by != 0 && later != by {
			return false
		}
	}
	return true
}

// A decision, its end, and a version with other hours each have every open clock counted
// anew, in whatever process.
func TestClocksAreCountedAnew(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	l := c.node(t)
	c.submitted(t, l, 20)
	before := c.due(t)
	flood := workflow.MakeDecision{
		Packs: c.packs.Load(), Actor: models.System(1), ID: uuid.New(), Document: "88/QĐ-UBND", Kind: models.DecisionSuspend,
		StartsAt: time.Now().Add(2 * time.Hour),
	}
	flood.EndsAt = flood.StartsAt.Add(3 * time.Hour)
	must(t, l, flood)
	until(t, "the flood's hours are added", func() bool { return moved(before, c.due(t), 3*time.Hour) })
	must(t, l, workflow.RevokeDecision{Actor: models.System(1), ID: flood.ID})
	until(t, "and taken away", func() bool { return maps.EqualFunc(before, c.due(t), time.Time.Equal) })

	office := parse(t, func(s string) string {
		return strings.ReplaceAll(s, "calendar: truc, name: {vi: Trung tâm Giám sát", "name: {vi: Trung tâm Giám sát")
	})
	for i, p := range []*pack.Pack{c.first, office} {
		c.packs.Add(1, int32(i)+1, p, time.Now().Add(time.Duration(i-1)*time.Second))
		must(t, l, workflow.ApplyPack{Actor: models.System(1), Files: []byte{1}, Digest: sha256.Sum256([]byte{byte(i)})})
	}
	until(t, "the operations centre has office hours", func() bool { return moved(before, c.due(t), 0) })
}
