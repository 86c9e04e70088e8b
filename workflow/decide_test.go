// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

func idsOfDecisions(all []models.Decision) map[uuid.UUID]models.Decision {
	out := map[uuid.UUID]models.Decision{}
	for _, d := range all {
		out[d.ID] = d
	}
	return out
}

// order is a good decision about a flood in one ward.
func (w *world) order() workflow.MakeDecision {
	return workflow.MakeDecision{
		Packs: w.packs, Actor: leader(), ID: w.id(), Document: "88/QĐ-UBND", Kind: models.DecisionExtend, Areas: []string{"90011", "90010", "90011"},
		Categories: []string{"o-ga"}, StartsAt: w.when("2026-03-03 00:00"), EndsAt: w.when("2026-03-05 00:00"), Days: 2,
	}
}

func TestMakeDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	order := w.order()
	change, err := w.do(order)
	if err != nil {
		t.Fatal(err)
	}
	want := models.Decision{
		JurisdictionID: jurisdiction, ID: order.ID, Document: "88/QĐ-UBND", Kind: models.DecisionExtend, Areas: []string{"90010", "90011"},
		Categories: []string{"o-ga"}, StartsAt: order.StartsAt.UTC(), EndsAt: order.EndsAt.UTC(), Days: 2, MadeBy: leader().String(), MadeAt: w.now,
	}
	if diff := cmp.Diff([]models.Row{want}, change.Insert); diff != "" {
		t.Error(diff)
	}
	e := change.Events[0]
	body := `{"ref":"` + order.ID.String() + `","document":"88/QĐ-UBND"}`
	if e.Kind != models.EventDecisionMade || e.SubjectKind != models.SubjectDecision || e.SubjectID != order.ID || e.SubjectSeq != 1 || e.Body != body {
		t.Errorf("event: %+v", e)
	}
	all := order
	all.ID, all.Areas, all.Categories, all.Kind, all.Days = w.id(), nil, nil, models.DecisionSuspend, 0
	change, err = w.do(all)
	if err != nil {
		t.Fatal(err)
	}
	if d := change.Insert[0].(models.Decision); d.Areas == nil || d.Categories == nil {
		t.Errorf("lists that hold all: %+v", d)
	}
}

func TestDecisionsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		name  string
		spoil func(*workflow.MakeDecision)
		want  []string
	}{
		{"no number", func(d *workflow.MakeDecision) { d.Document = "" }, []string{"body.document required"}},
		{"a long number", func(d *workflow.MakeDecision) { d.Document = strings.Repeat("Đ", 101) }, []string{"body.document too_long"}},
		{"a line in the number", func(d *workflow.MakeDecision) { d.Document = "88\n89" }, []string{"body.document invalid_value"}},
		{"no kind", func(d *workflow.MakeDecision) { d.Kind = "" }, []string{"body.kind invalid_value"}},
		{"no days", func(d *workflow.MakeDecision) { d.Days = 0 }, []string{"body.days out_of_range"}},
		{"too many days", func(d *workflow.MakeDecision) { d.Days = 366 }, []string{"body.days out_of_range"}},
		{"days of a suspension", func(d *workflow.MakeDecision) { d.Kind = models.DecisionSuspend }, []string{"body.days out_of_range"}},
		{"no time", func(d *workflow.MakeDecision) { d.EndsAt = d.StartsAt }, []string{"body.ends_at out_of_range"}},
		{"a ward that is none", func(d *workflow.MakeDecision) { d.Areas = append(d.Areas, "x") }, []string{"body.areas invalid_value"}},
		{"a category that is none", func(d *workflow.MakeDecision) { d.Categories = []string{"x"} }, []string{"body.categories unknown_category"}},
		{"everything", func(d *workflow.MakeDecision) {
			*d = workflow.MakeDecision{Packs: d.Packs, Actor: d.Actor, Areas: []string{"x"}, Days: -1}
		},
			[]string{"body.document required", "body.kind invalid_value", "body.days out_of_range", "body.starts_at required", "body.areas invalid_value"}},
	} {
		order := w.order()
		tt.spoil(&order)
		_, err := w.do(order)
		if diff := cmp.Diff(tt.want, fieldsOf(err)); diff != "" {
			t.Errorf("%s: %v %s", tt.name, err, diff)
		}
	}
}

func TestWhoDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, err := w.order().Decide(models.Facts{}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	facts := models.Facts{Decisions: idsOfDecisions([]models.Decision{made.Insert[0].(models.Decision)})}
	may := []models.Role{models.RoleLeader, models.RoleAdministrator}
	for _, role := range models.Roles() {
		order := w.order()
		order.Actor = staffActor(role, "ioc")
		_, err := order.Decide(models.Facts{}, w.now)
		_, errRevoking := workflow.RevokeDecision{Actor: order.Actor, ID: made.Subject}.Decide(facts, w.now)
		want := models.CodeForbidden
		if slices.Contains(may, role) {
			want = ""
		}
		if codeOf(err) != want || codeOf(errRevoking) != want {
			t.Errorf("%s: %v, %v", role, err, errRevoking)
		}
	}
	order := w.order()
	order.Actor = models.Guest(jurisdiction)
	if _, err := order.Decide(models.Facts{}, w.now); codeOf(err) != models.CodeUnauthorized {
		t.Errorf("a guest: %v", err)
	}
}

func TestRevokeDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, err := w.order().Decide(models.Facts{}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	d := made.Insert[0].(models.Decision)
	revoke := workflow.RevokeDecision{Actor: leader(), ID: d.ID}
	if _, err := revoke.Decide(models.Facts{}, w.now); codeOf(err) != models.CodeNotFound {
		t.Errorf("one that is not there: %v", err)
	}
	change, err := revoke.Decide(models.Facts{Decisions: idsOfDecisions([]models.Decision{d})}, w.now)
	if err != nil || change.Subject != d.ID || len(change.Events) != 1 || change.Events[0].Kind != models.EventDecisionRevoked || change.Events[0].SubjectSeq != 2 {
		t.Fatalf("%+v, %v", change, err)
	}
	revoked := change.Update[0].(models.Decision)
	if !revoked.RevokedAt.Equal(w.now) {
		t.Errorf("%+v", revoked)
	}
	again, err := revoke.Decide(models.Facts{Decisions: idsOfDecisions([]models.Decision{revoked})}, w.now)
	if err != nil || !nothing(again) || again.Subject != d.ID {
		t.Errorf("twice: %+v, %v", again, err)
	}
}
