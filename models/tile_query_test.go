// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/database/dbtest"
	"hientruong/geo"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/relay"
)

// scatter makes reports in all states, places, precisions and visibilities.
func scatter(t *testing.T, db *dbtest.Database, n int, seed uint64) []*modelstest.Sample {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	pick := func(all ...string) string { return all[random.IntN(len(all))] }
	var samples []*modelstest.Sample
	for i := range n {
		spec := modelstest.Spec{
			State: modelstest.States()[random.IntN(len(modelstest.States()))], Category: pick("den-duong", "ngap", "rac-thai"),
			Unit: pick("chieu-sang", "cap-nuoc"), Urgency: models.Urgency(pick("normal", "normal", "urgent", "sos")),
			Precision: models.Precision(pick("exact", "exact", "snapped", "ward")), Area: pick("90001@2025-07-01", "90002@2025-07-01"),
			Lat: 16.40 + random.Float64()*random.Float64()*0.3, Lon: 107.50 + random.Float64()*random.Float64()*0.3, Mark: fmt.Sprintf("mark%d", i),
			Created: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Hour),
		}
		if random.IntN(3) == 0 {
			spec.Support = pick("thoat-nuoc", "moi-truong")
		}
		if random.IntN(8) == 0 && spec.State != "submitted" && spec.State != "verifying" {
			spec.Visibility = models.Visibility(pick("restricted", "hidden", "private"))
		}
		samples = append(samples, modelstest.Make(spec))
	}
	modelstest.Insert(t, db.DB.Gorm, samples...)
	return samples
}

// catchUp lets the reader of counts read the whole log.
func catchUp(t *testing.T, db *dbtest.Database) {
	t.Helper()
	tail := ledger.NewTail(ledger.TailConfig{DB: db.DB.Gorm, Reader: relay.Counters{}})
	for more := true; more; {
		var err error
		if more, err = tail.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// cellsAround are the cells of a zoom that hold any of the samples.
func cellsAround(samples []*modelstest.Sample, z geo.Zoom) []geo.Cell {
	all := map[geo.Cell]bool{}
	for _, s := range samples {
		all[geo.Tile(*s.Report.Tile).At(z)] = true
		if p := s.Report.PublicTile; p != nil {
			all[geo.Tile(*p).At(z)] = true
		}
	}
	return slices.Collect(maps.Keys(all))
}

// sums is what a map shows in all, whether in clusters or one by one.
type sums struct{ Count, Received, Working, Answered, Urgent int64 }

func (s *sums) add(phase models.Phase, urgency models.Urgency) {
	s.Count++
	switch phase {
	case models.PhaseReceived:
		s.Received++
	case models.PhaseWorking:
		s.Working++
	case models.PhaseAnswered:
		s.Answered++
	case models.PhaseEnded:
	}
	if urgency != models.UrgencyNormal {
		s.Urgent++
	}
}

func shownIn(t models.MapTile) sums {
	var s sums
	for _, c := range t.Clusters {
		s.Count, s.Received, s.Working = s.Count+c.Count, s.Received+c.Received, s.Working+c.Working
		s.Answered, s.Urgent = s.Answered+c.Answered, s.Urgent+c.Urgent
	}
	for _, one := range t.Spots {
		s.add(one.Phase, one.Urgency)
	}
	return s
}

// bare counts by looking at every sample. It knows nothing of SQL, ranges or counts.
func bare(samples []*modelstest.Sample, v models.View, unit string, f models.TileFilter, in geo.Cell) sums {
	var s sums
	for _, one := range samples {
		r := &one.Report
		tile := r.Tile
		if v == models.ViewPublic {
			tile = r.PublicTile
		}
		has := slices.ContainsFunc(one.Tasks, func(t models.Task) bool { return t.Unit == unit && t.Active() })
		if tile == nil || geo.Tile(*tile).At(in.Z) != in || v == models.ViewUnit && !has || !meets(one, v, f) {
			continue
		}
		s.add(r.Phase, r.Urgency)
	}
	return s
}

// meets says whether a sample meets a filter.
func meets(s *modelstest.Sample, v models.View, f models.TileFilter) bool {
	r := &s.Report
	unit := ""
	if r.LeadUnit != nil {
		unit = *r.LeadUnit
	}
	late := slices.ContainsFunc(s.Deadlines, func(d models.Deadline) bool {
		return d.Running() && d.DueAt.Before(time.Now()) && (v != models.ViewPublic || slices.Contains(f.Clocks, d.Kind))
	})
	return (len(f.Categories) == 0 || slices.Contains(f.Categories, r.Category)) && (len(f.States) == 0 || slices.Contains(f.States, r.State)) &&
		(len(f.Phases) == 0 || slices.Contains(f.Phases, r.Phase)) && (len(f.Units) == 0 || slices.Contains(f.Units, unit)) &&
		(f.Urgent == nil || *f.Urgent == (r.Urgency != models.UrgencyNormal)) && (f.Overdue == nil || *f.Overdue == late) &&
		(f.CreatedSince == nil || !r.CreatedAt.Before(*f.CreatedSince)) && (f.CreatedUntil == nil || r.CreatedAt.Before(*f.CreatedUntil))
}

// filters are one of each kind, and some together.
func filters() map[string]models.TileFilter {
	since, until := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	return map[string]models.TileFilter{
		"all": {}, "open": {Phases: []models.Phase{models.PhaseReceived, models.PhaseWorking}}, "ended": {Phases: []models.Phase{models.PhaseEnded}},
		"category": {Categories: []string{"ngap", "rac-thai"}}, "state": {States: []models.State{"in_progress", "closed"}},
		"unit": {Units: []string{"cap-nuoc"}}, "urgent": {Urgent: new(true)}, "not urgent": {Urgent: new(false), Categories: []string{"ngap"}},
		"overdue": {Overdue: new(true), Clocks: []string{"xu-ly", "tiep-nhan"}}, "in time": {Overdue: new(false), Clocks: []string{"xu-ly", "tiep-nhan"}},
		"since": {CreatedSince: &since}, "between": {CreatedSince: &since, CreatedUntil: &until, Phases: []models.Phase{models.PhaseWorking}},
	}
}

// In every view, at every zoom and for every filter the map shows each report once and
// nothing else, held against a count by hand.
func TestMapsShowEveryReportOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	samples := scatter(t, db, 120, 1)
	catchUp(t, db)
	for view, actor := range map[models.View]models.Actor{
		models.ViewPublic: models.Guest(1), models.ViewOperations: staffOf(models.RoleOperator, ""), models.ViewUnit: staffOf(models.RoleHandler, "thoat-nuoc"),
	} {
		for name, f := range filters() {
			for _, z := range []geo.Zoom{0, 8, 11, 12, 14, 19} {
				for _, cell := range cellsAround(samples, z) {
					got, err := models.ReadTile(t.Context(), db.DB.Gorm, actor, f, cell)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(bare(samples, view, actor.Unit, f, cell), shownIn(got)); diff != "" || got.View != view {
						t.Errorf("%s, %s, %v (-want +got):\n%s", view, name, cell, diff)
					}
				}
			}
		}
	}
}

func staffOf(role models.Role, unit string) models.Actor {
	return models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: 1, Roles: []models.Role{role}, Unit: unit}
}

// Clusters by the counts and clusters by the rows are the same, and stand at the middle of
// their reports.
func TestClustersByCountsAndByRows(t *testing.T) {
	t.Parallel()
	db := open(t)
	samples := scatter(t, db, 100, 2)
	catchUp(t, db)
	past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, actor := range []models.Actor{models.Guest(1), staffOf(models.RoleLeader, "")} {
		for z := geo.Zoom(0); z < models.SpotZoom; z++ {
			for _, cell := range cellsAround(samples, z) {
				counted := must[models.MapTile](t)(models.ReadTile(t.Context(), db.DB.Gorm, actor, models.TileFilter{}, cell))
				grouped := must[models.MapTile](t)(models.ReadTile(t.Context(), db.DB.Gorm, actor, models.TileFilter{CreatedSince: &past}, cell))
				near := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })
				if diff := cmp.Diff(counted, grouped, near); diff != "" {
					t.Fatalf("%v (-counts +rows):\n%s", cell, diff)
				}
				for _, c := range counted.Clusters {
					wide := float64(uint64(1) << c.Cell.Z)
					if x, y := c.X*wide, c.Y*wide; uint32(x) != c.Cell.X || uint32(y) != c.Cell.Y {
						t.Errorf("the cluster of %v stands at %v, %v", c.Cell, x, y)
					}
				}
			}
		}
	}
}

// Nobody's map has what is not theirs, at any zoom, not even as one more in a cluster.
func TestPublicMapsHideWhatIsNotPublic(t *testing.T) {
	t.Parallel()
	db := open(t)
	exact := modelstest.Make(modelstest.Spec{State: "in_progress", Precision: models.PrecisionSnapped, Lat: 16.4611, Lon: 107.5811})
	secret := []*modelstest.Sample{
		modelstest.Make(modelstest.Spec{State: "submitted"}), modelstest.Make(modelstest.Spec{State: "rejected"}), modelstest.Make(modelstest.Spec{State: "needs_info"}),
		modelstest.Make(modelstest.Spec{State: "in_progress", Visibility: models.VisibilityRestricted}),
		modelstest.Make(modelstest.Spec{State: "in_progress", Visibility: models.VisibilityHidden}),
		modelstest.Make(modelstest.Spec{State: "in_progress", Visibility: models.VisibilityPrivate}),
		modelstest.Make(modelstest.Spec{State: "in_progress", Precision: models.PrecisionWard}),
	}
	samples := append([]*modelstest.Sample{exact}, secret...)
	modelstest.Insert(t, db.DB.Gorm, samples...)
	catchUp(t, db)
	other := models.Guest(2)
	for z := geo.Zoom(0); z <= 22; z++ {
		for _, cell := range cellsAround(samples, z) {
			tile := must[models.MapTile](t)(models.ReadTile(t.Context(), db.DB.Gorm, models.Guest(1), models.TileFilter{}, cell))
			want := int64(0)
			if geo.Tile(*exact.Report.PublicTile).At(z) == cell {
				want = 1
			}
			if got := shownIn(tile).Count; got != want {
				t.Errorf("the public is shown %d reports in %v, want %d", got, cell, want)
			}
			for _, s := range tile.Spots {
				if s.Tile == geo.Tile(*exact.Report.Tile) || s.Tile != geo.Tile(*exact.Report.PublicTile) {
					t.Errorf("the public is shown the exact place")
				}
			}
			if foreign := must[models.MapTile](t)(models.ReadTile(t.Context(), db.DB.Gorm, other, models.TileFilter{}, cell)); shownIn(foreign).Count != 0 {
				t.Errorf("another jurisdiction's public is shown %v", foreign)
			}
			if idle := must[models.MapTile](t)(models.ReadTile(t.Context(), db.DB.Gorm, staffOf(models.RoleHandler, "cay-xanh"), models.TileFilter{}, cell)); shownIn(idle).Count != 0 {
				t.Errorf("a unit without a part is shown %v", idle)
			}
		}
	}
	if _, err := models.ReadTile(t.Context(), db.DB.Gorm, models.Guest(1), models.TileFilter{View: models.ViewOperations}, geo.Cell{}); models.CodeOf(err) != models.CodeUnauthorized {
		t.Errorf("a guest who asks for the operations centre's map: %v", err)
	}
	if _, err := models.ReadTile(t.Context(), db.DB.Gorm, staffOf(models.RoleHandler, "chieu-sang"), models.TileFilter{View: models.ViewOperations}, geo.Cell{}); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a handler who asks for it: %v", err)
	}
}

// What is crowded is clustered where it lies too close, and taken apart where it does not.
func TestCrowdsAreClustered(t *testing.T) {
	t.Parallel()
	db := open(t)
	crowd, lone := modelstest.Make(modelstest.Spec{State: "in_progress"}), modelstest.Make(modelstest.Spec{State: "in_progress", Lat: 16.4718})
	modelstest.Insert(t, db.DB.Gorm, crowd, lone)
	_, err := db.DB.Pool.Exec(t.Context(), `INSERT INTO reports (jurisdiction_id, id, code, pack_version, workflow, state, phase, visibility, shown, category, urgency, channel, language, origin,
lat, lon, tile, location_source, location_precision, attributes, description_id, event_seq, created_at, updated_at, accepted_at)
SELECT 1, gen_random_uuid(), 'C' || n, 1, workflow, state, phase, visibility, shown, category, urgency, channel, language, origin, lat, lon, tile, location_source, location_precision, attributes,
gen_random_uuid(), 1, created_at, updated_at, accepted_at FROM reports, generate_series(1, 2500) n WHERE id = $1`, crowd.Report.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := models.RecountCells(t.Context(), db.DB.Pool, 1); err != nil {
		t.Fatal(err)
	}
	for z := models.SpotZoom; z <= 22; z++ {
		cell := geo.Tile(*crowd.Report.Tile).At(z)
		tile := must[models.MapTile](t)(models.ReadTile(t.Context(), db.DB.Gorm, staffOf(models.RoleLeader, ""), models.TileFilter{}, cell))
		want := 0
		if geo.Tile(*lone.Report.Tile).At(z) == cell {
			want = 1
		}
		if len(tile.Clusters) != 1 || tile.Clusters[0].Count != 2501 || len(tile.Spots) != want {
			t.Errorf("zoom %d: %d clusters, %d spots, want %d", z, len(tile.Clusters), len(tile.Spots), want)
		}
	}
}

// The counts of areas are those of a plain recount, in every view.
func TestCountByArea(t *testing.T) {
	t.Parallel()
	db := open(t)
	samples := scatter(t, db, 100, 3)
	catchUp(t, db)
	for view, actor := range map[models.View]models.Actor{
		models.ViewPublic: models.Guest(1), models.ViewOperations: staffOf(models.RoleOperator, ""), models.ViewUnit: staffOf(models.RoleHandler, "thoat-nuoc"),
	} {
		for name, f := range filters() {
			want := map[string]int64{}
			for _, s := range samples {
				has := slices.ContainsFunc(s.Tasks, func(t models.Task) bool { return t.Unit == actor.Unit && t.Active() })
				if (view != models.ViewPublic || s.Report.Shown == models.ShownFull) && (view != models.ViewUnit || has) && meets(s, view, f) {
					want[*s.Report.Area]++
				}
			}
			got := must[map[string]int64](t)(models.CountByArea(t.Context(), db.DB.Gorm, actor, f))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", view, name, diff)
			}
		}
	}
}
