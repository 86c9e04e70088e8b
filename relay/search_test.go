// SPDX-License-Identifier: Apache-2.0

package relay_test

import (
	"slices"
	"testing"

	"hientruong/database/dbtest"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/relay"
	"hientruong/workflow/pack"
)

// A report that was accepted as it is can be found by the public, and by nobody's number.
func TestSearchFindsNoNumbers(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB
	if _, err := models.EnsureJurisdiction(t.Context(), db.Gorm, "j1"); err != nil {
		t.Fatal(err)
	}
	s := modelstest.Make(modelstest.Spec{State: "in_progress", Mark: "ngaplut", Phone: "0905 123 456", SharedIsOriginal: true})
	modelstest.Insert(t, db.Gorm, s)
	err := ledger.InTx(t.Context(), db.Gorm, func(tx ledger.Tx) error {
		return relay.Search{Packs: &pack.Holder{}}.Read(t.Context(), tx, s.Events)
	})
	if err != nil {
		t.Fatal(err)
	}
	operator := models.Actor{Kind: models.ActorStaff, Jurisdiction: 1, Roles: []models.Role{models.RoleOperator}}
	handler := models.Actor{Kind: models.ActorStaff, Jurisdiction: 1, Roles: []models.Role{models.RoleHandler}, Unit: "chieu-sang"}
	for typed, want := range map[string][3]int{"ngaplut": {1, 1, 1}, "0905": {0, 0, 1}, "0905 123 456": {0, 0, 1}} {
		for i, actor := range []models.Actor{models.Guest(1), handler, operator} {
			page, err := models.ListReports(t.Context(), db.Gorm, actor, models.ReportFilter{Query: typed}, "", 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Reports) != want[i] {
				t.Errorf("%q as %v: %d reports, want %d", typed, actor.Roles, len(page.Reports), want[i])
			}
		}
	}
}

// The public finds a report by the words of its answer exactly when it can read the answer.
func TestSearchFindsAnswersThatAreOut(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB
	if _, err := models.EnsureJurisdiction(t.Context(), db.Gorm, "j1"); err != nil {
		t.Fatal(err)
	}
	resolved := modelstest.Make(modelstest.Spec{State: "resolved", Mark: "resolved"})
	published := modelstest.Make(modelstest.Spec{State: "published", Mark: "published"})
	never := modelstest.Make(modelstest.Spec{State: "closed", Mark: "closed"})
	never.Report.PublishedAt = nil
	samples := []*modelstest.Sample{resolved, published, never}
	modelstest.Insert(t, db.Gorm, samples...)
	err := ledger.InTx(t.Context(), db.Gorm, func(tx ledger.Tx) error {
		return relay.Search{Packs: &pack.Holder{}}.Read(t.Context(), tx, slices.Concat(resolved.Events, published.Events, never.Events))
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples {
		page, err := models.ListReports(t.Context(), db.Gorm, models.Guest(1), models.ReportFilter{Query: string(s.Report.State) + " answer"}, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		bundles, err := models.LoadBundle(t.Context(), db.Gorm, []models.Report{s.Report.For(models.ViewPublic)}, models.ViewPublic)
		if err != nil {
			t.Fatal(err)
		}
		found, read := len(page.Reports) == 1, bundles[s.Report.ID].Body(s.Report.AnswerID) != ""
		if want := s == published; found != want || read != want {
			t.Errorf("%s: found %v, read %v, want %v", s.Report.State, found, read, want)
		}
	}
}

// What is erased is found by nobody any more.
func TestSearchForgetsWhatIsErased(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t).DB
	if _, err := models.EnsureJurisdiction(t.Context(), db.Gorm, "j1"); err != nil {
		t.Fatal(err)
	}
	s := modelstest.Make(modelstest.Spec{State: "in_progress", Mark: "ngaplut"})
	modelstest.Insert(t, db.Gorm, s)
	tail := ledger.NewTail(ledger.TailConfig{DB: db.Gorm, Reader: relay.Search{Packs: &pack.Holder{}}})
	operator := models.Actor{Kind: models.ActorStaff, Jurisdiction: 1, Roles: []models.Role{models.RoleOperator}}
	for _, want := range []int{1, 0} {
		if _, err := tail.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		page, err := models.ListReports(t.Context(), db.Gorm, operator, models.ReportFilter{Query: "ngaplut"}, "", 0)
		if err != nil || len(page.Reports) != want {
			t.Errorf("%d reports, error %v; want %d", len(page.Reports), err, want)
		}
		if err := db.Gorm.Exec("UPDATE texts SET body = NULL, erased_at = now() WHERE body IS NOT NULL").Error; err != nil {
			t.Fatal(err)
		}
		modelstest.InsertEvents(t, db.Gorm, models.Event{
			JurisdictionID: 1, SubjectKind: models.SubjectReport, SubjectID: s.Report.ID, SubjectSeq: 100, Kind: models.EventTextErased,
			Origin: models.OriginLive, Actor: "system", At: s.Report.UpdatedAt, Body: models.Body{Ref: &s.Report.DescriptionID}.Canonical(),
		})
	}
}
