// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
)

// codesOf pages through a list two at a time and names what it holds.
func codesOf(t *testing.T, page func(after uuid.UUID, limit int) ([]models.OpenReport, error)) []string {
	t.Helper()
	codes := []string{}
	for after := uuid.Nil; ; {
		some, err := page(after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(some) == 0 {
			slices.Sort(codes)
			return codes
		}
		for _, r := range some {
			codes = append(codes, r.Code)
			after = r.ID
		}
	}
}

func TestOpenReports(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	made := map[string]*modelstest.Sample{}
	for name, spec := range map[string]modelstest.Spec{
		"new": {}, "work": {State: "in_progress"}, "hole": {State: "assigned", Category: "o-ga"}, "answered": {State: "published"},
		"over": {State: "closed"}, "elsewhere": {Jurisdiction: 2},
	} {
		made[name] = modelstest.Make(spec)
		made[name].Report.Code = name
		made[name].Report.PackVersion = 1
	}
	made["work"].Report.PackVersion = 2
	for _, s := range made {
		modelstest.Insert(t, db, s)
	}
	for _, c := range []struct {
		meant models.OpenReports
		want  []string
	}{
		{models.OpenReports{}, []string{"answered", "hole", "new", "work"}},
		{models.OpenReports{Pack: 1}, []string{"answered", "hole", "new"}},
		{models.OpenReports{NotPack: 1}, []string{"work"}},
		{models.OpenReports{Category: "o-ga"}, []string{"hole"}},
		{models.OpenReports{Pack: 1, NotPack: 1}, []string{}},
	} {
		got := codesOf(t, func(after uuid.UUID, limit int) ([]models.OpenReport, error) {
			return c.meant.Page(t.Context(), db, 1, after, limit)
		})
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%+v: %s", c.meant, d)
		}
		if n := must[int](t)(c.meant.Count(t.Context(), db, 1)); n != len(c.want) {
			t.Errorf("%+v: counted %d, want %d", c.meant, n, len(c.want))
		}
		grouped := 0
		for _, g := range must[[]models.OpenGroup](t)(c.meant.Groups(t.Context(), db, 1)) {
			grouped += g.Count
		}
		if grouped != len(c.want) {
			t.Errorf("%+v: grouped %d, want %d", c.meant, grouped, len(c.want))
		}
	}
}

func TestUnitWork(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	for name, spec := range map[string]modelstest.Spec{
		"leads": {State: "in_progress", Unit: "a"}, "leads too": {State: "in_progress", Unit: "a", Support: "b"}, "supports": {State: "assigned", Unit: "b", Support: "a"},
		"handed in": {State: "resolved", Unit: "a"}, "over": {State: "closed", Unit: "a"}, "not theirs": {State: "in_progress", Unit: "b"},
		"elsewhere": {Jurisdiction: 2, State: "in_progress", Unit: "a"}, "nobody's": {},
	} {
		s := modelstest.Make(spec)
		s.Report.Code = name
		modelstest.Insert(t, db, s)
	}
	want := []models.UnitWork{{State: "in_progress", Lead: true, Count: 2}, {State: "resolved", Lead: true, Count: 1}, {State: "assigned", Count: 1}}
	if d := cmp.Diff(want, must[[]models.UnitWork](t)(models.CountUnitWork(t.Context(), db, 1, "a"))); d != "" {
		t.Error(d)
	}
	got := codesOf(t, func(after uuid.UUID, limit int) ([]models.OpenReport, error) {
		return models.UnitReports(t.Context(), db, 1, "a", after, limit)
	})
	if d := cmp.Diff([]string{"handed in", "leads", "leads too", "supports"}, got); d != "" {
		t.Error(d)
	}
}
