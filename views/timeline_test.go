// SPDX-License-Identifier: Apache-2.0

package views_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/views"
	"hientruong/workflow/pack"
)

// everything is a body of an event with all that one can hold.
func everything(s *modelstest.Sample, clock string) models.Body {
	was, is, until, other, task, wall := *s.Report.Keys(), *s.Report.Keys(), monday, uuid.New(), uuid.New(), int64(60)
	was.State = "submitted"
	return models.Body{
		Before: &was, After: &is, Transition: "urge", Reason: "tre-han", Rule: clock, Until: &until, Ref: &other, Document: "12/QĐ", Task: &task, From: "cap-nuoc",
		Degree: 50, Follower: "citizen:" + other.String(), Category: "o-ga", Visibility: models.VisibilityHidden, WallS: &wall, WorkingS: &wall, Level: models.LevelSatisfied,
	}
}

// What a citizen is told of an event never says what is between those who work on it.
func TestTimelineFieldsByView(t *testing.T) {
	t.Parallel()
	s := modelstest.Make(modelstest.Spec{State: "in_progress"})
	kinds := []models.EventKind{
		models.EventReportSubmitted, models.EventReportMoved, models.EventReportRated, models.EventReportSplit, models.EventReportMessage, models.EventReportUrged,
		models.EventReportDirected, models.EventReportMerged, models.EventReportHidden, models.EventTaskMoved, models.EventTaskHanded, models.EventReportNoted,
		models.EventDeadlineExtended, models.EventDeadlineEscalated, models.EventDeadlineReminded, models.EventDeadlineMissed, models.EventDeadlineRetimed,
	}
	const told = "at kind pos state state_label unit"
	const clock = told + " clock document until"
	const worked = "degree reason step stood_s stood_working_s task_id until visibility"
	for _, kind := range kinds {
		ofClock := strings.HasPrefix(string(kind), "deadline.")
		for _, name := range []string{"xu-ly", "tiep-nhan"} {
			for v, want := range map[models.View]string{
				models.ViewPublic: told, models.ViewOwn: told, models.ViewUnit: told + " " + worked, models.ViewOperations: told + " " + worked + " actor",
			} {
				citizen := v == models.ViewPublic || v == models.ViewOwn
				switch {
				case ofClock && citizen && name == "tiep-nhan":
					want = ""
				case ofClock && citizen:
					want = clock
				case ofClock:
					want += " clock document"
				}
				if v == models.ViewOperations && (kind == models.EventReportSplit || kind == models.EventReportMerged) {
					want += " report"
				}
				if got := fieldsTold(t, s, v, kind, name); got != inOrder(want) {
					t.Errorf("the %s view of %s of %s:\n%s, want\n%s", v, kind, name, got, inOrder(want))
				}
			}
		}
	}
}

// fieldsTold are the names in what a view tells of an event, sorted; "" for nothing.
func fieldsTold(t *testing.T, s *modelstest.Sample, v models.View, kind models.EventKind, clock string) string {
	t.Helper()
	row := s.Report.For(v)
	event := models.Event{JurisdictionID: 1, Pos: 1, Kind: kind, Actor: "staff:x", At: monday, Body: everything(s, clock).Canonical()}
	items, err := assembler(t, models.Vietnamese).Timeline(v, &row, nil, []models.Event{event})
	if err != nil || len(items) > 1 {
		t.Fatal(err, items)
	}
	if len(items) == 0 {
		return ""
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(text(t, items[0])), &fields); err != nil {
		t.Fatal(err)
	}
	return strings.Join(slices.Sorted(maps.Keys(fields)), " ")
}

func inOrder(words string) string {
	all := strings.Fields(words)
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// What a decision suspends is not counted in what is left.
func TestLeftCountsDecisionsIn(t *testing.T) {
	t.Parallel()
	s := modelstest.Make(modelstest.Spec{State: "in_progress"})
	a := assembler(t, models.Vietnamese)
	remaining := func(a views.Assembler) int64 {
		shown, err := a.Unit(&s.Report, &models.Bundle{Deadlines: s.Deadlines})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(shown.Deadlines, func(d views.Deadline) bool { return d.Kind == "xu-ly" })
		return shown.Deadlines[i].RemainingWorking
	}
	before := remaining(a)
	flood := models.Decision{
		JurisdictionID: 1, ID: uuid.New(), Kind: models.DecisionSuspend, StartsAt: monday.Add(time.Hour), EndsAt: monday.Add(2 * time.Hour), MadeAt: monday,
	}
	a.Packs = a.Packs.WithDecisions(1, []models.Decision{flood})
	if got := remaining(a); got != before-3600 {
		t.Errorf("%d s left, %d without the decision", got, before)
	}
	elsewhere := flood
	elsewhere.Areas = []string{"90002"}
	a.Packs = a.Packs.WithDecisions(1, []models.Decision{elsewhere})
	if got := remaining(a); got != before {
		t.Errorf("%d s left by another ward's decision, want %d", got, before)
	}
}

// The document of a directive, or of more time, is not the proof of an answer.
func TestDirectivesAndProofs(t *testing.T) {
	t.Parallel()
	s := modelstest.Make(modelstest.Spec{State: "resolved"})
	b := &models.Bundle{Texts: map[uuid.UUID]models.Text{}}
	add := func(kind models.TextKind, body string, at time.Time) {
		d := models.Draft{ID: uuid.New(), Body: body}
		b.Texts[d.ID] = d.Text(&s.Report, kind, models.Vietnamese, "staff:x", at)
	}
	add(models.TextDocument, "12/BC", monday)
	add(models.TextDirective, "Làm ngay", monday.Add(time.Hour))
	add(models.TextDocument, "77/CĐ", monday.Add(time.Hour))
	add(models.TextDocument, "15/TTr", monday.Add(2*time.Hour))
	b.Deadlines = []models.Deadline{{ExtendedAt: new(monday.Add(2 * time.Hour)), StoppedAt: &monday, RemainingS: new(int64(60))}}
	got, err := assembler(t, models.Vietnamese).Unit(&s.Report, b)
	if err != nil {
		t.Fatal(err)
	}
	if got.Document != "12/BC" || len(got.Directives) != 1 || got.Directives[0].Document != "77/CĐ" {
		t.Errorf("proof %q, directives %+v", got.Document, got.Directives)
	}
}

// Every step of every workflow of the demo is drawn and told with what it demands.
func TestPackDetail(t *testing.T) {
	t.Parallel()
	p := demo(t)
	got := assembler(t, models.English).PackDetail(3, p, func(w *pack.Workflow, lang string) (string, string) { return w.Name + " in " + lang, "" })
	if got.Number != 3 || len(got.Workflows) != len(p.Workflows()) || len(got.Rules) != len(p.Rules()) || got.Digest != p.DigestHex() {
		t.Fatalf("%d workflows, %d rules, digest %s", len(got.Workflows), len(got.Rules), got.Digest)
	}
	for i, w := range p.Workflows() {
		told := got.Workflows[i]
		if told.Mermaid != w.Name+" in en" || len(told.States) != len(w.AllStates()) || len(told.Transitions) != len(w.Steps()) || len(told.Clocks) != len(w.AllClocks()) {
			t.Errorf("%s is told as %+v", w.Name, told)
		}
		for j, step := range w.Steps() {
			if one := told.Transitions[j]; one.Name != step.Name || len(one.Demands) != len(step.Demands) || one.Label == "" || len(one.From) == 0 {
				t.Errorf("%s/%s is told as %+v", w.Name, step.Name, one)
			}
		}
	}
}
