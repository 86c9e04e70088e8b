// SPDX-License-Identifier: Apache-2.0

package views_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/views"
	"hientruong/workflow/pack"
)

func TestCatalogueInBothLanguages(t *testing.T) {
	t.Parallel()
	p := demo(t)
	for lang, want := range map[models.Language][]string{
		models.Vietnamese: {"Đèn đường hỏng", "Phường Cầu Mây", "Công ty Chiếu sáng đô thị", "Tìm kiếm cứu nạn", "Số cột"},
		models.English:    {"Broken streetlight", "Cau May Ward", "Street Lighting Company", "Search and rescue", "Pole number"},
	} {
		a := assembler(t, lang)
		categories, config := a.Categories(p), a.Config(1, p, 7)
		got := text(t, []any{categories, a.Areas(p), a.Units(p), config})
		for _, name := range want {
			if !strings.Contains(got, name) {
				t.Errorf("%s: %q is missing", lang, name)
			}
		}
		n := 0
		for _, group := range categories {
			n += len(group.Children)
		}
		if len(categories) != len(p.Groups()) || n != len(p.Categories()) {
			t.Errorf("%d groups, %d categories", len(categories), n)
		}
		if config.PackVersion != 7 || config.Jurisdiction.ID != 1 || config.Jurisdiction.Code != "demo" || !config.ServerTime.Equal(monday) || config.Limits.Photos != 6 {
			t.Errorf("config %+v", config)
		}
	}
}

func TestActionsSayWhatTheyDemand(t *testing.T) {
	t.Parallel()
	p := demo(t)
	flow, _ := p.WorkflowNamed("thuong")
	task := uuid.New()
	var offers []views.Offer
	for _, name := range []string{"resolve", "reject", "assign"} {
		step, ok := flow.Transition(name)
		if !ok {
			t.Fatal(name)
		}
		offers = append(offers, views.Offer{Transition: step, TaskID: &task, Version: 3})
	}
	actions := assembler(t, models.English).Actions(p, offers)
	resolve := actions[0]
	if resolve.Name != "resolve" || resolve.Label != "Resolve" || !resolve.Primary || *resolve.TaskID != task || resolve.Version != 3 {
		t.Errorf("%+v", resolve)
	}
	if diff := cmp.Diff(views.ActionDemand{Field: "text", Type: pack.DemandAnswer, Required: true, MinLength: 30}, resolve.Demands[0]); diff != "" {
		t.Error(diff)
	}
	keys := func(options []views.Option) (all []string) {
		for _, o := range options {
			all = append(all, o.Key)
		}
		return all
	}
	if diff := cmp.Diff([]string{"fixed", "planned", "nothing_found", "not_possible"}, keys(resolve.Demands[1].Options)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"after_photo", "document"}, keys(resolve.Demands[2].Options)); diff != "" {
		t.Error(diff)
	}
	if reasons := actions[1].Demands[0]; reasons.Field != "reason_code" || len(reasons.Options) == 0 || reasons.Options[0].Name == "" {
		t.Errorf("%+v", reasons)
	}
	units := strings.Join(keys(actions[2].Demands[0].Options), " ")
	if !strings.Contains(units, "chieu-sang") || strings.Contains(units, "doi-quan-ly-do-thi") || actions[2].Demands[1].Required {
		t.Errorf("units to assign to: %s", units)
	}
}

func TestDeadlinesCountBothWays(t *testing.T) {
	t.Parallel()
	a := assembler(t, models.Vietnamese)
	unit, left := "so-xay-dung", int64(-60)
	at := func(d time.Duration) *time.Time { v := monday.Add(d); return &v }
	clock := func(change func(*models.Deadline)) models.Deadline {
		d := models.Deadline{Kind: "xu-ly", Unit: &unit, Counts: models.CountsWorking, DueAt: monday.Add(24 * time.Hour)}
		change(&d)
		return d
	}
	yes, no, day, late := true, false, int64(86400), int64(-3600)
	for name, c := range map[string]struct {
		clock     models.Deadline
		remaining int64
		wall      *int64
		met       *bool
		paused    bool
	}{
		// A working day of eight hours lies between nine on Tuesday and nine on Wednesday.
		"working": {clock(func(*models.Deadline) {}), 8 * 3600, &day, nil, false},
		"wall":    {clock(func(d *models.Deadline) { d.Counts = models.CountsWall }), 86400, &day, nil, false},
		"late":    {clock(func(d *models.Deadline) { d.DueAt = *at(-time.Hour) }), -3600, &late, &no, false},
		"paused":  {clock(func(d *models.Deadline) { d.PausedAt, d.RemainingS = at(0), &day }), 86400, nil, nil, true},
		"met":     {clock(func(d *models.Deadline) { d.StoppedAt, d.RemainingS = at(0), &day }), 86400, nil, &yes, false},
		"missed":  {clock(func(d *models.Deadline) { d.StoppedAt, d.RemainingS = at(0), &left }), -60, nil, &no, false},
	} {
		s := modelstest.Make(modelstest.Spec{State: "in_progress"})
		got, err := a.Unit(&s.Report, &models.Bundle{Deadlines: []models.Deadline{c.clock}})
		if err != nil {
			t.Fatal(err)
		}
		want := []views.Deadline{{
			Kind: "xu-ly", Label: "Hạn xử lý", DueAt: c.clock.DueAt, Met: c.met, Paused: c.paused, RemainingWorking: c.remaining, Wall: c.wall,
		}}
		if diff := cmp.Diff(want, got.Deadlines); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReopensLeft(t *testing.T) {
	t.Parallel()
	a := assembler(t, models.Vietnamese)
	for _, c := range []struct {
		state   models.State
		reopens int16
		days    int
		want    string
	}{{"published", 0, 1, "2"}, {"published", 1, 1, "1"}, {"published", 2, 1, "0"}, {"published", 0, 16, "0"}, {"in_progress", 0, 1, "null"}} {
		s := modelstest.Make(modelstest.Spec{State: c.state})
		s.Report.Reopens = c.reopens
		if s.Report.PublishedAt != nil {
			published := monday.AddDate(0, 0, -c.days)
			s.Report.PublishedAt = &published
		}
		public, err := a.Public(&s.Report, nil)
		if got := text(t, public.ReopensLeft); err != nil || got != c.want {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
}

// Marks are counted as JavaScript, Kotlin and Swift count: an emoji is two.
func TestMarksOfTheOriginalText(t *testing.T) {
	t.Parallel()
	s := modelstest.Make(modelstest.Spec{State: "verifying"})
	body := "🙂 Gọi tôi số 0905 123 456 hoặc lan@example.vn nhé"
	b := &models.Bundle{Texts: map[uuid.UUID]models.Text{s.Report.DescriptionID: {ID: s.Report.DescriptionID, Body: &body}}}
	o, err := assembler(t, models.Vietnamese).Operations(&s.Report, b)
	if err != nil {
		t.Fatal(err)
	}
	units := utf16.Encode([]rune(body))
	var got []string
	for _, m := range o.OriginalText.Marks {
		got = append(got, string(m.Kind)+" "+string(utf16.Decode(units[m.Start:m.End])))
	}
	if diff := cmp.Diff([]string{"phone 0905 123 456", "email lan@example.vn"}, got); diff != "" || o.OriginalText.Text != body {
		t.Error(diff)
	}
}

func TestPhotosAreLinkedAsTheViewMayReadThem(t *testing.T) {
	t.Parallel()
	a := assembler(t, models.Vietnamese)
	p := modelstest.Make(modelstest.Spec{}).Photos[0]
	plain := a.Photo(p, models.ViewPublic)
	if want := "/api/v1/photos/" + p.ID.String() + "?size=thumb"; plain.ThumbURL != want || plain.TakenAt != nil {
		t.Errorf("%+v", plain)
	}
	a.Link = func(p models.Photo, v models.View, size string) string { return string(v) + "/" + size }
	if signed := a.Photo(p, models.ViewUnit); signed.OriginalURL != "unit/original" || signed.ViewURL != "unit/view" {
		t.Errorf("%+v", signed)
	}
	p.Status = models.PhotoPending
	if pending := a.Photo(p, models.ViewOwn); pending.ThumbURL != "" || pending.OriginalURL != "" {
		t.Errorf("%+v", pending)
	}
}

func TestAttributesByView(t *testing.T) {
	t.Parallel()
	a := assembler(t, models.Vietnamese)
	s := modelstest.Make(modelstest.Spec{State: "assigned", Category: "den-duong", Attributes: map[string]string{"owner": "do-thi", "pole": "0905123456", "gone": "x"}})
	public, err := a.Public(&s.Report, nil)
	if diff := cmp.Diff(map[string]string{"owner": "do-thi"}, public.Attributes); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	unit, err := a.Unit(&s.Report, nil)
	if diff := cmp.Diff(map[string]string{"owner": "do-thi", "pole": "[đã ẩn số điện thoại]", "gone": "x"}, unit.Attributes); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	a := assembler(t, models.Vietnamese)
	hidden := modelstest.Make(modelstest.Spec{State: "assigned", Visibility: models.VisibilityHidden})
	if _, err := a.Public(&hidden.Report, nil); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("a hidden report in the public's view: %v", err)
	}
	if _, err := a.Short(models.ViewPublic, &hidden.Report); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("a hidden report in a public list: %v", err)
	}
	hidden.Report.PackVersion = 9
	if _, err := a.Operations(&hidden.Report, nil); models.CodeOf(err) != models.CodeUnavailable {
		t.Errorf("a report of a pack that is not loaded: %v", err)
	}
	if _, err := a.Render("all", &hidden.Report, nil); models.CodeOf(err) != models.CodeNotFound {
		t.Errorf("a view that is none: %v", err)
	}
}

func TestInboxItems(t *testing.T) {
	t.Parallel()
	a := assembler(t, models.English)
	s := modelstest.Make(modelstest.Spec{State: "assigned", Created: monday.AddDate(0, 0, -10)})
	item, err := a.Inbox(models.ViewUnit, models.InboxItem{Report: s.Report, Task: &s.Tasks[0], Deadline: &s.Deadlines[1]})
	if err != nil || !item.Overdue || *item.RemainingWorking >= 0 || *item.TaskID != s.Tasks[0].ID || item.Report.StateLabel != "Assigned" {
		t.Errorf("%+v, %v", item, err)
	}
}
