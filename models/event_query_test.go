// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
	"hientruong/models/modelstest"
)

// told reads the log to its end, each piece of it behind the last.
func told(t *testing.T, db *gorm.DB, a models.Actor, after int64, limit int) (items []models.ChangedReport, end int64) {
	t.Helper()
	for {
		c := must[models.Changes](t)(models.ReadChanges(t.Context(), db, a, after, limit))
		items = append(items, c.Items...)
		if c.Epoch == uuid.Nil || c.NextAfter < after {
			t.Fatalf("epoch %s, after %d comes %d", c.Epoch, after, c.NextAfter)
		}
		if c.NextAfter == after {
			return items, after
		}
		after = c.NextAfter
	}
}

// outline is what a list of changes comes to: for each event its kind and the view, or
// "gone".
func outline(items []models.ChangedReport, id uuid.UUID) []string {
	out := []string{}
	for _, item := range items {
		view := "gone"
		if item.Seen != nil {
			view = string(item.Seen.View)
		}
		if item.ReportID == id {
			out = append(out, fmt.Sprintf("%s %s", item.Kind, view))
		}
	}
	return out
}

func moved(s *modelstest.Sample, before models.Keys, at time.Time) models.Event {
	return models.Event{
		JurisdictionID: s.Report.JurisdictionID, SubjectKind: models.SubjectReport, SubjectID: s.Report.ID, SubjectSeq: 99, Kind: models.EventReportMoved,
		Origin: models.OriginLive, Actor: "system", At: at, Body: models.Body{Before: &before, After: s.Report.Keys()}.Canonical(),
	}
}

func TestChangesOfTheOneWhoAsks(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	owner := uuid.New()
	s := modelstest.Make(modelstest.Spec{State: "in_progress", CitizenID: &owner})
	quiet := modelstest.Make(modelstest.Spec{State: "in_progress", Visibility: models.VisibilityRestricted, CitizenID: &owner})
	other := modelstest.Make(modelstest.Spec{State: "in_progress", Jurisdiction: 2})
	modelstest.Insert(t, db, s, quiet, other)
	step := func(n int, view models.View) (steps []string) {
		for range n {
			steps = append(steps, "report.moved "+string(view))
		}
		return steps
	}
	all := func(view models.View, kinds ...string) []string {
		out := append([]string{"report.submitted " + string(view)}, step(4, view)...)
		for _, kind := range kinds {
			out = append(out, kind+" "+string(view))
		}
		return out
	}
	own := all(models.ViewOwn, "report.message")
	working := all(models.ViewUnit, "report.directed", "report.message", "report.urged")
	everything := all(models.ViewOperations, "report.directed", "report.message", "report.urged", "report.claimed")
	for name, c := range map[string]struct {
		actor             models.Actor
		wantS, wantHidden []string
	}{
		"guest":    {models.Guest(1), step(3, models.ViewPublic), []string{}},
		"press":    {staff("", models.RolePress), step(3, models.ViewPublic), []string{}},
		"owner":    {citizen(owner, uuid.Nil), own, own},
		"unit":     {staff("chieu-sang", models.RoleHandler), working, working},
		"another":  {staff("cap-nuoc", models.RoleHandler), []string{}, []string{}},
		"operator": {staff("ioc", models.RoleOperator), everything, everything},
	} {
		for _, limit := range []int{1, 3, 200} {
			items, end := told(t, db, c.actor, 0, limit)
			if diff := cmp.Diff([][]string{c.wantS, c.wantHidden, {}}, [][]string{outline(items, s.Report.ID), outline(items, quiet.Report.ID), outline(items, other.Report.ID)}); diff != "" {
				t.Errorf("%s, %d at a time (-want +got):\n%s", name, limit, diff)
			}
			if want := quiet.Events[len(quiet.Events)-1].Pos; end != want {
				t.Errorf("%s: the log ends at %d, read to %d", name, want, end)
			}
		}
	}
	for _, after := range []int64{-5, 1 << 62} {
		if _, err := models.ReadChanges(t.Context(), db, models.Guest(1), after, 0); err != nil {
			t.Errorf("after %d: %v", after, err)
		}
	}
}

// A report that was shown and is hidden is a tombstone; what happens to it afterwards,
// and that it was ever hidden to begin with, the public is not told.
func TestATombstoneOnce(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{State: "in_progress"})
	modelstest.Insert(t, db, s)
	_, from := told(t, db, models.Guest(1), 0, 0)
	shown := *s.Report.Keys()
	err := db.Model(&s.Report).Where("id = ?", s.Report.ID).Updates(map[string]any{"visibility": "hidden", "hidden_reason": "privacy", "shown": "none", "public_tile": nil}).Error
	if err != nil {
		t.Fatal(err)
	}
	s.Report.Visibility, s.Report.Shown = models.VisibilityHidden, models.ShownNone
	hidden := *s.Report.Keys()
	modelstest.InsertEvents(t, db, moved(s, shown, s.Report.UpdatedAt), moved(s, hidden, s.Report.UpdatedAt))
	items, _ := told(t, db, models.Guest(1), from, 0)
	if diff := cmp.Diff([]string{"report.moved gone"}, outline(items, s.Report.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestAUnitLosesItsPart(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{State: "assigned", Support: "moi-truong"})
	modelstest.Insert(t, db, s)
	for _, code := range []string{"chieu-sang", "moi-truong"} {
		unit := staff(code, models.RoleHandler)
		_, from := told(t, db, unit, 0, 0)
		at := s.Report.UpdatedAt.Add(time.Hour)
		before := *s.Report.Keys()
		if err := db.Model(&models.Task{}).Where("unit = ?", code).Updates(map[string]any{"state": "cancelled", "updated_at": at}).Error; err != nil {
			t.Fatal(err)
		}
		modelstest.InsertEvents(t, db, moved(s, before, at), moved(s, before, at.Add(time.Hour)))
		items, _ := told(t, db, unit, from, 0)
		if diff := cmp.Diff([]string{"report.moved gone"}, outline(items, s.Report.ID)); diff != "" {
			t.Errorf("%s: %s", code, diff)
		}
	}
}

// A supporting unit that gives its part back, and one whose parts were handed over, is told
// that the report is gone.
func TestAUnitLetsGoOfItsPart(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{State: "assigned", Support: "moi-truong"})
	modelstest.Insert(t, db, s)
	at := s.Report.UpdatedAt.Add(time.Hour)
	event := func(kind models.EventKind, body models.Body) models.Event {
		e := moved(s, *s.Report.Keys(), at)
		e.Kind, e.Body = kind, body.Canonical()
		return e
	}
	for _, c := range []struct {
		unit, want string
		task       map[string]any
		event      models.Event
	}{
		{"moi-truong", "task.moved gone", map[string]any{"state": "returned", "updated_at": at}, event(models.EventTaskMoved, models.Body{Unit: "moi-truong"})},
		{"chieu-sang", "task.handed gone", map[string]any{"unit": "cap-nuoc", "updated_at": at}, event(models.EventTaskHanded, models.Body{Unit: "cap-nuoc", From: "chieu-sang"})},
	} {
		unit := staff(c.unit, models.RoleHandler)
		_, from := told(t, db, unit, 0, 0)
		if err := db.Model(&models.Task{}).Where("unit = ?", c.unit).Updates(c.task).Error; err != nil {
			t.Fatal(err)
		}
		modelstest.InsertEvents(t, db, c.event)
		items, _ := told(t, db, unit, from, 0)
		if diff := cmp.Diff([]string{c.want}, outline(items, s.Report.ID)); diff != "" {
			t.Errorf("%s: %s", c.unit, diff)
		}
	}
	if items, _ := told(t, db, staff("cap-nuoc", models.RoleHandler), 0, 0); len(items) == 0 {
		t.Error("who took it over is told nothing")
	}
}

// Whoever has read a text is told that it is another, or gone. What was never theirs to
// read goes without a word. Who reads a report is told that another was merged into it.
func TestCorrectionsAreTold(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	owner := uuid.New()
	s := modelstest.Make(modelstest.Spec{State: "published", CitizenID: &owner})
	modelstest.Insert(t, db, s)
	_, from := told(t, db, models.Guest(1), 0, 0)
	keys := s.Report.Keys()
	for _, e := range []struct {
		kind models.EventKind
		body models.Body
	}{
		{models.EventReportShared, models.Body{Before: keys, After: keys}},
		{models.EventTextErased, models.Body{Before: keys, After: keys}},
		{models.EventTextErased, models.Body{}},
		{models.EventReportMerged, models.Body{Before: keys, After: keys}},
	} {
		event := moved(s, *keys, s.Report.UpdatedAt)
		event.Kind, event.Body = e.kind, e.body.Canonical()
		modelstest.InsertEvents(t, db, event)
	}
	for name, c := range map[string]struct {
		actor models.Actor
		want  []string
	}{
		"guest": {models.Guest(1), []string{"report.shared public", "text.erased public", "report.merged public"}},
		"owner": {citizen(owner, uuid.Nil), []string{"report.shared own", "text.erased own", "report.merged own"}},
		"unit":  {staff("chieu-sang", models.RoleHandler), []string{"report.shared unit", "text.erased unit", "text.erased unit", "report.merged unit"}},
	} {
		items, _ := told(t, db, c.actor, from, 0)
		if diff := cmp.Diff(c.want, outline(items, s.Report.ID)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestPhotosAreChangesOfTheirReport(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{State: "published"})
	modelstest.Insert(t, db, s)
	_, from := told(t, db, models.Guest(1), 0, 0)
	for _, p := range s.Photos {
		e := models.PhotoFinished(p, s.Report.UpdatedAt)
		e.JurisdictionID = 1
		modelstest.InsertEvents(t, db, e)
	}
	for name, want := range map[string]int{"guest": 2, "operator": 3} {
		actor := map[string]models.Actor{"guest": models.Guest(1), "operator": staff("ioc", models.RoleOperator)}[name]
		if items, _ := told(t, db, actor, from, 0); len(outline(items, s.Report.ID)) != want {
			t.Errorf("%s is told of %d photos, want %d", name, len(items), want)
		}
	}
}

func TestTimelineTellsWhatTheViewMayKnow(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{State: "published"})
	modelstest.Insert(t, db, s)
	for v, want := range map[models.View][]models.State{
		models.ViewPublic:     {"accepted", "assigned", "in_progress", "resolved", "published"},
		models.ViewOwn:        {"submitted", "verifying", "accepted", "assigned", "in_progress", "resolved", "published", ""},
		models.ViewUnit:       {"submitted", "verifying", "accepted", "assigned", "in_progress", "resolved", "published", "", "", ""},
		models.ViewOperations: {"submitted", "verifying", "accepted", "assigned", "in_progress", "resolved", "published", "", "", "", "", ""},
	} {
		got := []models.State{}
		for _, e := range must[[]models.Event](t)(models.TimelineEvents(t.Context(), db, &s.Report, v)) {
			body := must[models.Body](t)(e.ParseBody())
			if body.After == nil {
				body.After = &models.Keys{}
			}
			got = append(got, body.After.State)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v, diff)
		}
	}
}
