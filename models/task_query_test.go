// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
)

func TestInbox(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	start := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	sample := func(days int, state models.State, unit string) *modelstest.Sample {
		return modelstest.Make(modelstest.Spec{State: state, Unit: unit, Created: start.AddDate(0, 0, days)})
	}
	late, later, far := sample(5, "in_progress", "chieu-sang"), sample(9, "assigned", "chieu-sang"), sample(40_000, "assigned", "chieu-sang")
	still := sample(1, "assigned", "chieu-sang")
	still.Deadlines[1].PausedAt, still.Deadlines[1].RemainingS = &start, new(int64)
	done, others, fresh := sample(2, "published", "chieu-sang"), sample(3, "assigned", "cap-nuoc"), sample(4, "submitted", "")
	foreign := modelstest.Make(modelstest.Spec{State: "assigned", Jurisdiction: 2})
	handed := sample(6, "resolved", "cap-nuoc")
	modelstest.Insert(t, db, handed, late, later, far, still, done, others, fresh, foreign)
	unit, operator := staff("chieu-sang", models.RoleHandler), staff("ioc", models.RoleOperator)
	for name, c := range map[string]struct {
		actor  models.Actor
		filter models.InboxFilter
		want   []*modelstest.Sample
	}{
		"a unit's":                     {unit, models.InboxFilter{}, []*modelstest.Sample{late, later, far, still}},
		"a unit's, asking for another": {unit, models.InboxFilter{Unit: "cap-nuoc"}, []*modelstest.Sample{late, later, far, still}},
		"a unit's, by state":           {unit, models.InboxFilter{States: []models.State{"in_progress"}}, []*modelstest.Sample{late}},
		"a unit's, late":               {unit, models.InboxFilter{Overdue: true}, []*modelstest.Sample{late, later}},
		"a unit's, to the operator":    {operator, models.InboxFilter{Unit: "cap-nuoc"}, []*modelstest.Sample{others}},
		"the operations centre's":      {operator, models.InboxFilter{}, []*modelstest.Sample{fresh, handed}},
		"a head's, with what was done": {staff("cap-nuoc", models.RoleUnitHead), models.InboxFilter{}, []*modelstest.Sample{others, handed}},
		"not a handler's, once done":   {staff("cap-nuoc", models.RoleHandler), models.InboxFilter{}, []*modelstest.Sample{others}},
		"nothing in that state":        {operator, models.InboxFilter{States: []models.State{"accepted"}}, nil},
	} {
		want, got := []uuid.UUID{}, []uuid.UUID{}
		for _, s := range c.want {
			want = append(want, s.Report.ID)
		}
		for cursor := ""; ; {
			page := must[models.InboxPage](t)(models.ListInbox(t.Context(), db, c.actor, c.filter, cursor, 1))
			for _, item := range page.Items {
				got = append(got, item.Report.ID)
				noClock := item.Report.ID == still.Report.ID || item.Report.ID == handed.Report.ID
				if (item.Task == nil) != (c.actor.Unit == "ioc" && c.filter.Unit == "") || (item.Deadline == nil) != noClock {
					t.Errorf("%s: task %v, deadline %v", name, item.Task, item.Deadline)
				}
			}
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for code, actor := range map[models.Code]models.Actor{models.CodeUnauthorized: models.Guest(1), models.CodeForbidden: staff("", models.RoleHandler)} {
		_, err := models.ListInbox(t.Context(), db, actor, models.InboxFilter{}, "", 0)
		wantCode(t, err, code)
	}
}

func TestABundleTakesTheSameQueriesForAPage(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	var samples []*modelstest.Sample
	var reports []models.Report
	for _, state := range modelstest.States() {
		s := modelstest.Make(modelstest.Spec{State: state, HandlerID: new(uuid.UUID), DuplicateOf: new(uuid.UUID)})
		samples, reports = append(samples, s), append(reports, s.Report)
	}
	modelstest.Insert(t, db, samples...)
	queries := 0
	counted := count(t, db, &queries)
	for _, v := range []models.View{models.ViewPublic, models.ViewOwn, models.ViewUnit, models.ViewOperations} {
		var took []int
		for _, page := range [][]models.Report{reports[8:9], reports} {
			queries = 0
			bundles := must[map[uuid.UUID]*models.Bundle](t)(models.LoadBundle(t.Context(), counted, page, v))
			took = append(took, queries)
			if len(bundles) != len(page) {
				t.Errorf("%d bundles for %d reports", len(bundles), len(page))
			}
		}
		if took[0] != took[1] || took[1] > 7 {
			t.Errorf("%s: %d queries for one report, %d for all", v, took[0], took[1])
		}
	}
}
