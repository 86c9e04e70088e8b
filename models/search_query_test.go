// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/words"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	opened := open(t)
	db := opened.DB.Gorm
	s := modelstest.Make(modelstest.Spec{State: "in_progress"})
	quiet := modelstest.Make(modelstest.Spec{State: "in_progress", Visibility: models.VisibilityRestricted})
	brief := modelstest.Make(modelstest.Spec{State: "needs_info", Visibility: models.VisibilityPublic})
	modelstest.Insert(t, db, s, quiet, brief)
	const shared = "Đường Hoá Châu ngập nước sâu 0,5 m, cột CM-12/045 đổ"
	row := models.SearchRow{JurisdictionID: 1, Operations: words.Fold(shared + " gọi bà Lan"), Shared: words.Fold(shared)}
	var rows []models.SearchRow
	for _, sample := range []*modelstest.Sample{s, quiet, brief} {
		row.ReportID = sample.Report.ID
		rows = append(rows, row)
	}
	old := rows[0]
	old.Shared = "nothing"
	if err := models.UpsertSearch(t.Context(), opened.DB.Pool, append([]models.SearchRow{old}, rows...)); err != nil {
		t.Fatal(err)
	}
	operator, unit := staff("ioc", models.RoleOperator), staff("chieu-sang", models.RoleHandler)
	for typed, found := range map[string]struct{ shared, operations bool }{
		"ngap nuoc": {true, true}, "ngập nước": {true, true}, norm.NFD.String("ngập nước"): {true, true}, "NGAP": {true, true},
		"nuoc ngap": {true, true}, "ngap nu": {true, true}, "nga nuoc": {false, false}, "Hoá Châu": {true, true}, "Hóa châu": {true, true},
		"hoa chau": {true, true}, "CM-12/045": {true, true}, "cm 12 04": {true, true}, "duong": {true, true}, "Lan": {false, true},
		"ngap lan": {false, true}, "???": {false, false}, "it's & | ! :* (": {false, false}, "'": {false, false}, "nothing": {false, false},
		strings.Repeat("x", 5000): {false, false}, strings.Repeat("ngap ", 1000): {true, true}, "0,5": {true, true}, "%": {false, false},
	} {
		got := fmt.Sprint(
			len(all(t, db, models.Guest(1), models.ReportFilter{Query: typed}, 0)), len(all(t, db, unit, models.ReportFilter{Query: typed}, 0)),
			len(all(t, db, operator, models.ReportFilter{Query: typed}, 0)))
		want := []int{0, 0, 0}
		if found.shared {
			want[0], want[1] = 1, 3
		}
		if found.operations {
			want[2] = 3
		}
		if got != strings.Trim(fmt.Sprint(want), "[]") {
			t.Errorf("%.40q: the public, a unit and the operations centre find %s, want %v", typed, got, want)
		}
	}
	if err := models.UpsertSearch(t.Context(), opened.DB.Pool, nil); err != nil {
		t.Error(err)
	}
	rows[0].Shared = strings.Repeat("dài ", 10) + strings.Repeat("a", 20000)
	if err := models.UpsertSearch(t.Context(), opened.DB.Pool, rows[:1]); err != nil {
		t.Error(err)
	}
	if n := len(all(t, db, models.Guest(1), models.ReportFilter{Query: "ngap"}, 0)); n != 0 {
		t.Errorf("%d reports are found by words they have no longer", n)
	}
}

// Whatever somebody types is a query, and what holds all its words is found.
func FuzzSearchQuery(f *testing.F) {
	for _, typed := range []string{"ngập nước", "' & :*", "\\'", "a\x00b", "ﬃ ½", "\u0e01\u0e33", "🙂"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		q := models.TSQuery(typed)
		if inner := strings.NewReplacer(" & ", "", "':*", "", "'", "").Replace(q); strings.ContainsAny(inner, "'\\&|!():*\x00") {
			t.Errorf("%q became %q", typed, q)
		}
	})
}
