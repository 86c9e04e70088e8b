// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/words"
)

// A report knows of its parts, and a part of its whole, only in views that may know there is such a report. To its reporter both are their own.
func TestPartsAreToldToWhoMayKnow(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	whole := modelstest.Make(modelstest.Spec{State: "in_progress"})
	seen, secret := modelstest.Make(modelstest.Spec{State: "assigned"}), modelstest.Make(modelstest.Spec{State: "verifying", Visibility: models.VisibilityPrivate})
	for _, part := range []*modelstest.Sample{seen, secret} {
		part.Report.SplitFrom = &whole.Report.ID
	}
	hidden := modelstest.Make(modelstest.Spec{State: "in_progress", Visibility: models.VisibilityHidden})
	orphan := modelstest.Make(modelstest.Spec{State: "assigned"})
	orphan.Report.SplitFrom = &hidden.Report.ID
	modelstest.Insert(t, db, whole, seen, secret, hidden, orphan)
	for _, v := range []models.View{models.ViewPublic, models.ViewOwn, models.ViewUnit, models.ViewOperations} {
		rows := []models.Report{whole.Report.For(v), seen.Report.For(v), orphan.Report.For(v)}
		bundles := must[map[uuid.UUID]*models.Bundle](t)(models.LoadBundle(t.Context(), db, rows, v))
		all := v == models.ViewOwn || v == models.ViewOperations
		if got := bundles[whole.Report.ID].Parts; len(got) != map[bool]int{true: 2, false: 1}[all] {
			t.Errorf("the %s view knows of the parts %v", v, got)
		}
		if got := bundles[seen.Report.ID].SplitFrom; got == nil || *got != whole.Report.ID {
			t.Errorf("the %s view of a part knows of %v", v, got)
		}
		if got := bundles[orphan.Report.ID].SplitFrom; (got != nil) != all {
			t.Errorf("the %s view of a hidden report's part knows of it: %v", v, got)
		}
	}
}

// The reporter of a duplicate is told how the other stands, and of one that is not theirs to see no more than that.
func TestASurvivorsStateIsTold(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	original := modelstest.Make(modelstest.Spec{State: "in_progress", Visibility: models.VisibilityRestricted})
	copied := modelstest.Make(modelstest.Spec{State: "duplicate", DuplicateOf: &original.Report.ID})
	modelstest.Insert(t, db, original, copied)
	for v, want := range map[models.View]struct{ told, named bool }{
		models.ViewPublic: {}, models.ViewUnit: {}, models.ViewOwn: {told: true}, models.ViewOperations: {told: true, named: true},
	} {
		bundles := must[map[uuid.UUID]*models.Bundle](t)(models.LoadBundle(t.Context(), db, []models.Report{copied.Report.For(v)}, v))
		got := bundles[copied.Report.ID].Survivor
		if (got != nil) != want.told || got != nil && (got.State != "in_progress" || (got.Code != "") != want.named || (got.ID != uuid.Nil) != want.named) {
			t.Errorf("the %s view is told %+v", v, got)
		}
	}
}

// Who reported a part is who reported the whole, however often it was split.
func TestThePartsContactIsTheWholes(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	whole, part, piece := modelstest.Make(modelstest.Spec{}), modelstest.Make(modelstest.Spec{}), modelstest.Make(modelstest.Spec{})
	part.Report.SplitFrom, piece.Report.SplitFrom = &whole.Report.ID, &part.Report.ID
	modelstest.Insert(t, db, whole, part, piece)
	if err := db.Where("report_id <> ?", whole.Report.ID).Delete(&models.Contact{}).Error; err != nil {
		t.Fatal(err)
	}
	for _, s := range []*modelstest.Sample{whole, part, piece} {
		contact := must[models.Contact](t)(models.ContactOf(t.Context(), db, 1, s.Report.ID))
		if contact.ReportID != whole.Report.ID {
			t.Errorf("the contact of %s", contact.ReportID)
		}
		seen := must[models.Seen](t)(models.TrackReport(t.Context(), db, 1, s.Report.Code, modelstest.Last4))
		if seen.Report.ID != s.Report.ID || seen.View != models.ViewOwn {
			t.Errorf("tracked %s in the %s view", seen.Report.ID, seen.View)
		}
		own := func(uuid.UUID) []byte { return modelstest.Last4(s.Report.ID) }
		if _, err := models.TrackReport(t.Context(), db, 1, s.Report.Code, own); s != whole && models.CodeOf(err) != models.CodeNotFound {
			t.Errorf("found by digits that are sealed to the part: %v", err)
		}
	}
	_, err := models.ContactOf(t.Context(), db, 1, uuid.New())
	wantCode(t, err, models.CodeNotFound)
}

// Where a part is in words is what was said of the whole, however often it was split: nobody
// wrote it down twice. Units read it masked, the public not at all.
func TestAPartIsWhereTheWholeIs(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	whole, part, piece := modelstest.Make(modelstest.Spec{}), modelstest.Make(modelstest.Spec{}), modelstest.Make(modelstest.Spec{})
	part.Report.SplitFrom, piece.Report.SplitFrom = &whole.Report.ID, &part.Report.ID
	modelstest.Insert(t, db, whole, part, piece)
	if err := db.Where("report_id <> ? AND kind = 'address'", whole.Report.ID).Delete(&models.Text{}).Error; err != nil {
		t.Fatal(err)
	}
	const said = "Trước nhà, gọi 0912345678"
	if err := db.Model(&models.Text{}).Where("report_id = ? AND kind = 'address'", whole.Report.ID).Update("body", said).Error; err != nil {
		t.Fatal(err)
	}
	for v, want := range map[models.View]string{
		models.ViewPublic: "", models.ViewOwn: said, models.ViewUnit: words.Redact(said, words.Sensitive(said)), models.ViewOperations: said,
	} {
		rows := []models.Report{whole.Report.For(v), part.Report.For(v), piece.Report.For(v)}
		for id, b := range must[map[uuid.UUID]*models.Bundle](t)(models.LoadBundle(t.Context(), db, rows, v)) {
			got, author := "", ""
			for _, text := range b.TextsOf(models.TextAddress) {
				got, author = got+*text.Body, text.Author
			}
			if got != want || (author != "") != (v == models.ViewOperations) {
				t.Errorf("the %s view of %s is told %q by %q, want %q", v, id, got, author, want)
			}
		}
	}
}

// To have proven one report is to own that one, and nothing else.
func TestAProvenGuestOwnsOneReport(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	mine, other := modelstest.Make(modelstest.Spec{Visibility: models.VisibilityPrivate}), modelstest.Make(modelstest.Spec{Visibility: models.VisibilityPrivate})
	modelstest.Insert(t, db, mine, other)
	proven := models.ProvenGuest(1, mine.Report.ID)
	seen := must[models.Seen](t)(models.FindReport(t.Context(), db, proven, mine.Report.ID))
	if seen.View != models.ViewOwn || !proven.Owns(&mine.Report) || proven.Owns(&other.Report) {
		t.Errorf("seen as %s", seen.View)
	}
	_, err := models.FindReport(t.Context(), db, proven, other.Report.ID)
	wantCode(t, err, models.CodeNotFound)
	elsewhere := models.ProvenGuest(2, mine.Report.ID)
	if elsewhere.Owns(&mine.Report) {
		t.Error("proven in another jurisdiction")
	}
	page := must[models.ReportPage](t)(models.ListReports(t.Context(), db, proven, models.ReportFilter{View: models.ViewOwn}, "", 0))
	if len(page.Reports) != 1 {
		t.Errorf("%d reports of their own", len(page.Reports))
	}
	for _, op := range []models.Operation{models.OpReportNote, models.OpContactRead, models.OpReportUnit, models.OpReportOperations, models.OpReportClaim} {
		if proven.May(op) {
			t.Errorf("a proven guest may %s", op)
		}
	}
}

// toldTo says in which views an event of a kind is on a report's timeline: p(ublic), (o)wn, u(nit). The operations centre reads
// everything but who follows.
var toldTo = map[models.EventKind]string{
	models.EventReportSubmitted: "ou", models.EventReportMoved: "pou", models.EventReportRouted: "u", models.EventReportRated: "ou",
	models.EventReportShared: "u", models.EventReportHidden: "u", models.EventReportPhotos: "ou", models.EventReportSplit: "ou", models.EventReportMerged: "u",
	models.EventReportUrged: "u", models.EventReportDirected: "u", models.EventReportMessage: "ou", models.EventReportNoted: "u", models.EventTaskMoved: "u",
	models.EventTaskHanded: "u", models.EventDeadlineMissed: "u", models.EventDeadlineReminded: "u", models.EventDeadlineEscalated: "u",
	models.EventDeadlineExtended: "ou", models.EventDeadlineRetimed: "u", models.EventReportClaimed: "", models.EventReportReleased: "",
	models.EventContactRead: "", models.EventReportFollowed: "-", models.EventReportUnfollowed: "-", models.EventReportRepacked: "", models.EventTextErased: "",
}

func TestEveryKindOfEventForEveryView(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{State: "in_progress"})
	was, is := *s.Report.Keys(), *s.Report.Keys()
	was.State = "assigned"
	s.Events = nil
	for kind := range toldTo {
		s.Events = append(s.Events, models.Event{
			JurisdictionID: 1, SubjectKind: models.SubjectReport, SubjectID: s.Report.ID, SubjectSeq: int64(len(s.Events) + 1), Kind: kind, Origin: models.OriginLive,
			Actor: "system", At: s.Report.CreatedAt, Body: models.Body{Before: &was, After: &is}.Canonical(), Hash: make([]byte, 32),
		})
	}
	modelstest.Insert(t, db, s)
	for v, letter := range map[models.View]string{models.ViewPublic: "p", models.ViewOwn: "o", models.ViewUnit: "u", models.ViewOperations: ""} {
		want, got := map[models.EventKind]bool{}, map[models.EventKind]bool{}
		for kind, views := range toldTo {
			if v == models.ViewOperations && views != "-" || letter != "" && strings.Contains(views, letter) {
				want[kind] = true
			}
		}
		for _, e := range must[[]models.Event](t)(models.TimelineEvents(t.Context(), db, &s.Report, v)) {
			got[e.Kind] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v, diff)
		}
	}
}

// Followers are counted and listed; what is public no longer is left out.
func TestListFollowed(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	me := device(uuid.New())
	var want []uuid.UUID
	for _, spec := range []modelstest.Spec{{State: "in_progress"}, {State: "published"}, {State: "in_progress", Visibility: models.VisibilityHidden}, {State: "assigned"}} {
		s := modelstest.Make(spec)
		modelstest.Insert(t, db, s)
		f := models.Follow{JurisdictionID: 1, ReportID: s.Report.ID, Follower: me.String(), CreatedAt: s.Report.CreatedAt}
		if spec.State == "assigned" {
			f.EndedAt = &s.Report.CreatedAt
		} else if spec.Visibility != models.VisibilityHidden {
			want = append([]uuid.UUID{s.Report.ID}, want...)
		}
		if err := db.Create(&f).Error; err != nil {
			t.Fatal(err)
		}
	}
	var got []uuid.UUID
	for cursor := ""; ; {
		page := must[models.ReportPage](t)(models.ListFollowed(t.Context(), db, me, cursor, 1))
		for _, r := range page.Reports {
			got = append(got, r.ID)
			if r.CitizenID != nil || r.Lat != nil {
				t.Error("more than the public's view")
			}
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	if len(got) != 2 || !cmp.Equal(sortedIDs(got), sortedIDs(want)) {
		t.Errorf("got %v, want %v", got, want)
	}
	_, err := models.ListFollowed(t.Context(), db, models.Guest(1), "", 0)
	wantCode(t, err, models.CodeUnauthorized)
	_, err = models.ListFollowed(t.Context(), db, staff("ioc", models.RoleOperator), "", 0)
	wantCode(t, err, models.CodeForbidden)
	_, err = models.ListFollowed(t.Context(), db, me, "nonsense", 0)
	wantCode(t, err, models.CodeCursorInvalid)
}

func sortedIDs(ids []uuid.UUID) map[uuid.UUID]bool {
	out := map[uuid.UUID]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out
}
