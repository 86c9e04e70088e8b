// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/database/dbtest"
	"hientruong/models"
	"hientruong/models/modelstest"
)

func TestDecisions(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB.Gorm
	for _, code := range []string{"j1", "j2"} {
		if _, err := models.EnsureJurisdiction(t.Context(), db, code); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	made := func(jurisdiction int32, hours int, revoked *time.Time) models.Decision {
		d := models.Decision{
			JurisdictionID: jurisdiction, ID: uuid.New(), Document: "88/QĐ-UBND", Kind: models.DecisionSuspend, Areas: []string{"90010"}, Categories: []string{},
			StartsAt: at, EndsAt: at.Add(time.Hour), MadeBy: "system", MadeAt: at.Add(time.Duration(hours) * time.Hour), RevokedAt: revoked,
		}
		if err := db.Create(&d).Error; err != nil {
			t.Fatal(err)
		}
		return d
	}
	late, other, early := made(1, 2, nil), made(2, 0, nil), made(1, 1, &at)
	ids := func(all []models.Decision, err error) []uuid.UUID {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var out []uuid.UUID
		for _, d := range all {
			out = append(out, d.ID)
		}
		return out
	}
	if diff := cmp.Diff([]uuid.UUID{early.ID, late.ID, other.ID}, ids(models.Decisions(t.Context(), db))); diff != "" {
		t.Errorf("of every jurisdiction: %s", diff)
	}
	if diff := cmp.Diff([]uuid.UUID{late.ID, early.ID}, ids(models.DecisionsOf(t.Context(), db, 1))); diff != "" {
		t.Errorf("of one: %s", diff)
	}
	all, err := models.DecisionsOf(t.Context(), db, 1)
	if err != nil || !all[1].RevokedAt.Equal(at) || !slices.Equal(all[0].Areas, []string{"90010"}) {
		t.Errorf("%+v, %v", all, err)
	}
}

// Clocks are due by what they next ask for, whatever their end, and only while they run;
// reports with an open clock come in pages.
func TestClocksThatAreOpenAndDue(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB.Gorm
	if _, err := models.EnsureJurisdiction(t.Context(), db, "j1"); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-time.Hour)
	var open, due []uuid.UUID
	for i := range 7 {
		state := models.State("in_progress")
		if i == 6 {
			state = "closed"
		}
		s := modelstest.Make(modelstest.Spec{State: state})
		for j := range s.Deadlines {
			d := &s.Deadlines[j]
			if !d.Running() {
				continue
			}
			next := long.Add(time.Duration(10-i) * time.Minute) // the last one made is the longest due
			if d.DueAt = time.Now().Add(time.Hour); i == 5 {
				next = d.DueAt
			}
			d.NextAt = &next
			if i < 5 {
				due = append([]uuid.UUID{d.ID}, due...)
			}
		}
		modelstest.Insert(t, db, s)
		if i < 6 {
			open = append(open, s.Report.ID)
		}
	}
	allOpen(t, db, open)
	allDue(t, db, due)
}

// allOpen reads the reports with an open clock, four at a time.
func allOpen(t *testing.T, db *gorm.DB, want []uuid.UUID) {
	t.Helper()
	slices.SortFunc(want, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	var got []uuid.UUID
	for after := uuid.Nil; ; {
		page, err := models.OpenClocks(t.Context(), db, 1, after, 4)
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, page...); len(page) < 4 {
			break
		}
		after = page[3]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("open: %s", diff)
	}
}

// allDue reads the clocks that are due, two at a time.
func allDue(t *testing.T, db *gorm.DB, want []uuid.UUID) {
	t.Helper()
	var got []uuid.UUID
	for last := (models.Deadline{}); ; {
		page, err := models.DueDeadlinesAfter(t.Context(), db, last, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page {
			got = append(got, d.ID)
		}
		if len(page) < 2 {
			break
		}
		last = page[1]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("due: %s", diff)
	}
}
