// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"testing"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
)

// A duplicate points to what it repeats only for those who may know that there is such a
// report.
func TestADuplicateHidesAHiddenOriginal(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	for visibility, shown := range map[models.Visibility]bool{models.VisibilityPublic: true, models.VisibilityRestricted: false} {
		original := modelstest.Make(modelstest.Spec{State: "in_progress", Visibility: visibility})
		copied := modelstest.Make(modelstest.Spec{State: "duplicate", DuplicateOf: &original.Report.ID})
		modelstest.Insert(t, db, original, copied)
		for _, v := range []models.View{models.ViewPublic, models.ViewOwn, models.ViewUnit, models.ViewOperations} {
			bundles := must[map[uuid.UUID]*models.Bundle](t)(models.LoadBundle(t.Context(), db, []models.Report{copied.Report.For(v)}, v))
			if got, want := bundles[copied.Report.ID].Original != nil, shown || v == models.ViewOperations; got != want {
				t.Errorf("the %s view of a duplicate of a %s report knows of it: %v", v, visibility, got)
			}
		}
	}
}
