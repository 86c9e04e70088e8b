// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"gorm.io/gorm"
	"pgregory.net/rapid"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/models/modelstest"
)

// all reads every page of a list.
func all(t testing.TB, db *gorm.DB, a models.Actor, f models.ReportFilter, limit int) []uuid.UUID {
	t.Helper()
	ids := []uuid.UUID{}
	for cursor := ""; ; {
		page, err := models.ListReports(t.Context(), db, a, f, cursor, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Reports {
			ids = append(ids, r.ID)
		}
		if cursor = page.NextCursor; cursor == "" {
			return ids
		}
	}
}

func has(ids []uuid.UUID, s *modelstest.Sample) bool { return slices.Contains(ids, s.Report.ID) }

// wantLists checks that a list in each view holds just what the actor sees so.
func wantLists(t *testing.T, db *gorm.DB, name string, actor models.Actor, samples []*modelstest.Sample) {
	t.Helper()
	for _, v := range []models.View{models.ViewPublic, models.ViewOwn, models.ViewUnit, models.ViewOperations} {
		if !v.May(actor) {
			_, err := models.ListReports(t.Context(), db, actor, models.ReportFilter{View: v}, "", 0)
			if code := models.CodeOf(err); code != models.CodeForbidden && code != models.CodeUnauthorized {
				t.Errorf("%s lists the %s view: %v", name, v, err)
			}
			continue
		}
		listed := all(t, db, actor, models.ReportFilter{View: v}, 200)
		for _, s := range samples {
			want := actor.Jurisdiction == 1
			switch v {
			case models.ViewPublic:
				want = want && s.Report.Shown != models.ShownNone
			case models.ViewOwn:
				want = want && actor.Owns(&s.Report)
			case models.ViewUnit:
				want = want && viewWanted(name, s) == models.ViewUnit
			case models.ViewOperations:
			}
			if has(listed, s) != want {
				t.Errorf("%s lists a report in %s, %s in the %s view: %v", name, s.Report.State, s.Report.Visibility, v, !want)
			}
		}
	}
}

func yes(b bool) *bool { return &b }

func TestFilters(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	start := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	open := modelstest.Make(modelstest.Spec{State: "in_progress", Created: start, Urgency: models.UrgencyUrgent})
	asked := modelstest.Make(modelstest.Spec{State: "needs_info", Created: start.AddDate(0, 0, 3), Visibility: models.VisibilityPublic, Urgency: models.UrgencyUrgent})
	hidden := modelstest.Make(modelstest.Spec{State: "in_progress", Created: start.AddDate(0, 0, 6), Visibility: models.VisibilityRestricted})
	done := modelstest.Make(modelstest.Spec{State: "published", Created: start.AddDate(0, 0, 9), Category: "o-ga", Area: "90002", Unit: "so-xay-dung"})
	modelstest.Insert(t, db, open, asked, hidden, done)
	operator, since := staff("ioc", models.RoleOperator), start.AddDate(0, 0, 5)
	box := geo.Bounds{MinLon: 107.5, MinLat: 16.4, MaxLon: 107.6, MaxLat: 16.5}
	for name, c := range map[string]struct {
		filter             models.ReportFilter
		public, operations []*modelstest.Sample
	}{
		"nothing":       {models.ReportFilter{}, []*modelstest.Sample{done, asked, open}, []*modelstest.Sample{done, hidden, asked, open}},
		"oldest":        {models.ReportFilter{Sort: models.SortOldest}, []*modelstest.Sample{open, asked, done}, []*modelstest.Sample{open, asked, hidden, done}},
		"updated":       {models.ReportFilter{Sort: models.SortUpdated}, []*modelstest.Sample{done, asked, open}, []*modelstest.Sample{done, hidden, asked, open}},
		"state":         {models.ReportFilter{States: []models.State{"in_progress", "needs_info"}}, []*modelstest.Sample{asked, open}, []*modelstest.Sample{hidden, asked, open}},
		"phase":         {models.ReportFilter{Phases: []models.Phase{models.PhaseAnswered}}, []*modelstest.Sample{done}, []*modelstest.Sample{done}},
		"category":      {models.ReportFilter{Categories: []string{"den-duong"}}, []*modelstest.Sample{open}, []*modelstest.Sample{hidden, asked, open}},
		"area":          {models.ReportFilter{Areas: []string{"90001@2025-07-01"}}, []*modelstest.Sample{open}, []*modelstest.Sample{hidden, asked, open}},
		"unit":          {models.ReportFilter{Units: []string{"chieu-sang"}}, []*modelstest.Sample{open}, []*modelstest.Sample{hidden, asked, open}},
		"urgent":        {models.ReportFilter{Urgent: yes(true)}, []*modelstest.Sample{open}, []*modelstest.Sample{asked, open}},
		"not urgent":    {models.ReportFilter{Urgent: yes(false)}, []*modelstest.Sample{done}, []*modelstest.Sample{done, hidden}},
		"late":          {models.ReportFilter{Overdue: yes(true), Clocks: []string{"xu-ly"}}, []*modelstest.Sample{open}, []*modelstest.Sample{hidden, asked, open}},
		"late, any":     {models.ReportFilter{Overdue: yes(true)}, nil, []*modelstest.Sample{hidden, asked, open}},
		"in time":       {models.ReportFilter{Overdue: yes(false), Clocks: []string{"xu-ly"}}, []*modelstest.Sample{done}, []*modelstest.Sample{done}},
		"box":           {models.ReportFilter{Box: &box}, []*modelstest.Sample{done, open}, []*modelstest.Sample{done, hidden, asked, open}},
		"since":         {models.ReportFilter{CreatedSince: &since}, []*modelstest.Sample{done}, []*modelstest.Sample{done, hidden}},
		"updated since": {models.ReportFilter{UpdatedSince: &since}, []*modelstest.Sample{done}, []*modelstest.Sample{done, hidden}},
		"code":          {models.ReportFilter{Code: asked.Report.Code}, []*modelstest.Sample{asked}, []*modelstest.Sample{asked}},
		"code, hidden":  {models.ReportFilter{Code: hidden.Report.Code}, nil, []*modelstest.Sample{hidden}},
	} {
		for v, want := range map[models.View][]*modelstest.Sample{models.ViewPublic: c.public, models.ViewOperations: c.operations} {
			c.filter.View = v
			ids := []uuid.UUID{}
			for _, s := range want {
				ids = append(ids, s.Report.ID)
			}
			if diff := cmp.Diff(ids, all(t, db, operator, c.filter, 1)); diff != "" {
				t.Errorf("%s in the %s view (-want +got):\n%s", name, v, diff)
			}
		}
	}
}

// What the public asks about a place is asked about the place it is shown: a rounded
// dot must not be found out by small boxes.
func TestTheRoundedPlaceStaysRounded(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	spec := modelstest.Spec{State: "in_progress", Lat: 16.46012, Lon: 107.57045}
	exact := modelstest.Make(spec)
	spec.Precision = models.PrecisionSnapped
	snapped := modelstest.Make(spec)
	spec.Precision = models.PrecisionWard
	ward := modelstest.Make(spec)
	modelstest.Insert(t, db, exact, snapped, ward)
	at := must[geo.Point](t)(geo.NewPoint(spec.Lat, spec.Lon))
	rounded := geo.TileOf(at).Snap(geo.SnapZoom).Point()
	operator := staff("ioc", models.RoleOperator)
	for name, c := range map[string]struct {
		near               geo.Point
		radius             float64
		public, operations []bool
	}{
		"at the place":         {at, 20, []bool{true, false, false}, []bool{true, true, true}},
		"at the rounded place": {rounded, 20, []bool{false, true, false}, []bool{false, false, false}},
		"around both":          {at, 1000, []bool{true, true, false}, []bool{true, true, true}},
	} {
		box := geo.Bounds{MinLat: c.near.Lat(), MaxLat: c.near.Lat(), MinLon: c.near.Lon(), MaxLon: c.near.Lon()}.Pad(c.radius)
		for how, f := range map[string]models.ReportFilter{"circle": {Near: &c.near, RadiusM: c.radius}, "box": {Box: &box}} {
			for v, want := range map[models.View][]bool{models.ViewPublic: c.public, models.ViewOperations: c.operations} {
				f.View = v
				listed := all(t, db, operator, f, 0)
				if got := []bool{has(listed, exact), has(listed, snapped), has(listed, ward)}; !slices.Equal(got, want) {
					t.Errorf("%s of %s in the %s view: %v, want %v", how, name, v, got, want)
				}
			}
		}
	}
	page := must[models.ReportPage](t)(models.ListReports(t.Context(), db, models.Guest(1), models.ReportFilter{}, "", 0))
	for _, r := range page.Reports {
		if r.Lat != nil || r.Tile != nil {
			t.Errorf("the public's row holds the exact place of %s", r.ID)
		}
	}
}

func TestExactTestOfPlaceFillsPages(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	var samples []*modelstest.Sample
	want := 0
	centre := must[geo.Point](t)(geo.NewPoint(16.46, 107.57))
	for i := range 60 {
		s := modelstest.Make(modelstest.Spec{State: "assigned", Lat: 16.46 + float64(i%8-4)*0.002, Lon: 107.57 + float64(i/8-4)*0.002})
		if centre.Metres(must[geo.Point](t)(geo.NewPoint(*s.Report.Lat, *s.Report.Lon))) <= 500 {
			want++
		}
		samples = append(samples, s)
	}
	modelstest.Insert(t, db, samples...)
	f := models.ReportFilter{Near: &centre, RadiusM: 500}
	if got := len(all(t, db, models.Guest(1), f, 4)); got != want || want < 5 || want > 50 {
		t.Errorf("%d reports in the circle, want %d", got, want)
	}
	page := must[models.ReportPage](t)(models.ListReports(t.Context(), db, models.Guest(1), f, "", 4))
	if len(page.Reports) != 4 || page.NextCursor == "" {
		t.Errorf("a page of %d, cursor %q", len(page.Reports), page.NextCursor)
	}
}

func TestCursorsBelongToOneList(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	for range 3 {
		modelstest.Insert(t, db, modelstest.Make(modelstest.Spec{State: "assigned"}))
	}
	page := must[models.ReportPage](t)(models.ListReports(t.Context(), db, models.Guest(1), models.ReportFilter{}, "", 1))
	near := must[geo.Point](t)(geo.NewPoint(16, 107))
	for name, f := range map[string]models.ReportFilter{
		"another sort": {Sort: models.SortOldest}, "another filter": {States: []models.State{"assigned"}},
		"another place": {Near: &near, RadiusM: 1e6}, "words": {Query: "x"},
	} {
		if _, err := models.ListReports(t.Context(), db, models.Guest(1), f, page.NextCursor, 1); models.CodeOf(err) != models.CodeCursorInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, cursor := range []string{"x", "!", page.NextCursor + "A", page.NextCursor[1:], "B" + page.NextCursor[1:]} {
		_, err := models.ListReports(t.Context(), db, models.Guest(1), models.ReportFilter{}, cursor, 1)
		wantCode(t, err, models.CodeCursorInvalid)
	}
	for name, f := range map[string]models.ReportFilter{"sort": {Sort: "by-luck"}, "view": {View: "all"}, "radius": {Near: &near}} {
		if _, err := models.ListReports(t.Context(), db, models.Guest(1), f, "", 1); models.CodeOf(err) != models.CodeInvalidValue {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever reads page by page sees each report that was there at the beginning once,
// whatever comes in meanwhile.
func TestCursorsAreStableUnderInserts(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	rapid.Check(t, func(rt *rapid.T) {
		category := "c-" + uuid.NewString()
		start := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
		add := func(n int) {
			for range n {
				minutes := rapid.IntRange(0, 5).Draw(rt, "minute")
				modelstest.Insert(t, db, modelstest.Make(modelstest.Spec{State: "accepted", Category: category, Created: start.Add(time.Duration(minutes) * time.Minute)}))
			}
		}
		add(rapid.IntRange(0, 8).Draw(rt, "there"))
		f := models.ReportFilter{Categories: []string{category}, Sort: rapid.SampledFrom([]models.ReportSort{models.SortNewest, models.SortOldest, models.SortUpdated}).Draw(rt, "sort")}
		before := all(t, db, models.Guest(1), f, 200)
		limit := rapid.IntRange(1, 4).Draw(rt, "limit")
		seen := map[uuid.UUID]int{}
		for cursor := ""; ; {
			page := must[models.ReportPage](t)(models.ListReports(t.Context(), db, models.Guest(1), f, cursor, limit))
			for _, r := range page.Reports {
				seen[r.ID]++
			}
			if cursor = page.NextCursor; cursor == "" {
				break
			}
			add(rapid.IntRange(0, 2).Draw(rt, "meanwhile"))
			if len(seen) > 60 {
				break
			}
		}
		for id, n := range seen {
			if n != 1 {
				rt.Fatalf("%s came %d times", id, n)
			}
		}
		for _, id := range before {
			if seen[id] == 0 && len(seen) <= 60 {
				rt.Fatalf("%s was there from the beginning and never came", id)
			}
		}
	})
}

// Whatever a cursor says is refused, or is a place that it could have been made from.
func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add("AQ")
	f.Add(models.Cursor(0, uuid.Nil, "list"))
	f.Add(models.Cursor(1772413200000000, uuid.MustParse("019cac0f-2680-7432-9ecf-2fc2754c64c9"), "list"))
	f.Add(models.Cursor(0, uuid.Nil, "another list"))
	f.Add(models.Cursor(1<<62, uuid.Nil, "list"))
	f.Add("AdPMoo3wpLTUA000000000000000000000\r000000000") // the decoder skips line breaks
	f.Fuzz(func(t *testing.T, cursor string) {
		at, id, ok, err := models.ParseCursor(cursor, "list")
		if err != nil {
			wantCode(t, err, models.CodeCursorInvalid)
		} else if year := time.UnixMicro(at).UTC().Year(); year < 1970 || year > 9999 {
			t.Errorf("%q is a place in the year %d", cursor, year)
		} else if ok != (cursor != "") || ok && models.Cursor(at, id, "list") != cursor {
			t.Errorf("%q is read as %d %s", cursor, at, id)
		}
	})
}

// A thin box costs a few queries, however much lies beside it and small its pages are.
func TestAThinBoxIsReadInFewQueries(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	var samples []*modelstest.Sample
	for i := range 120 {
		samples = append(samples, modelstest.Make(modelstest.Spec{State: "assigned", Lat: 16.46 + float64(i+1)*0.000001, Lon: 107.57}))
	}
	modelstest.Insert(t, db, samples...)
	queries := 0
	counted := count(t, db, &queries)
	thin := geo.Bounds{MinLat: 16.46, MaxLat: 16.46, MinLon: 107.4, MaxLon: 107.8}
	page := must[models.ReportPage](t)(models.ListReports(t.Context(), counted, models.Guest(1), models.ReportFilter{Box: &thin}, "", 1))
	if len(page.Reports) != 0 || queries > 2 {
		t.Errorf("%d reports after %d queries", len(page.Reports), queries)
	}
}
