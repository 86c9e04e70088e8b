// SPDX-License-Identifier: Apache-2.0

package demo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"hientruong/models"
)

// Ten days have everything that a city's engine does, as the log has it and as it is told.
func TestHistoryShowsEverything(t *testing.T) {
	t.Parallel()
	h, db := past(t, weekend, 10)
	h.PerDay, h.Photos = 36, 0
	summary, err := h.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", summary)
	written := map[string]int{}
	rows, err := db.DB.Pool.Query(t.Context(), "SELECT kind, coalesce(body::jsonb->>'transition', ''), count(*) FROM events GROUP BY 1, 2")
	if err != nil {
		t.Fatal(err)
	}
	var kind, transition string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&kind, &transition, &n}, func() error {
		written[kind] += n
		if transition != "" {
			written[transition] += n
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []models.EventKind{
		models.EventReportSplit, models.EventReportMerged, models.EventReportFollowed, models.EventReportUrged, models.EventReportDirected,
		models.EventReportHidden, models.EventReportMessage, models.EventReportNoted, models.EventReportRated, models.EventTaskMoved, models.EventTaskHanded,
		models.EventDeadlineReminded, models.EventDeadlineMissed, models.EventDeadlineEscalated, models.EventDeadlineExtended,
	} {
		if written[string(want)] == 0 {
			t.Errorf("the log has no %s", want)
		}
	}
	for _, e := range summary.Episodes() {
		switch {
		case e.Count == 0:
			t.Errorf("never seen: %s (%s)", e.Name, e.Told)
		case len(e.Codes) == 0 || !strings.HasPrefix(e.Codes[0], "DEMO-"):
			t.Errorf("%s cannot be looked up: %v", e.Name, e.Codes)
		}
		var found int
		if err := db.DB.Pool.QueryRow(t.Context(), "SELECT count(*) FROM reports WHERE code = ANY($1)", e.Codes).Scan(&found); err != nil || found != len(e.Codes) {
			t.Errorf("%s is told with %v, of which there are %d: %v", e.Name, e.Codes, found, err)
		}
		told := []string{"assign", "return", "ask", "provide_info", "expire", "schedule", "take_up", "rework", "extend", "reopen", "appeal", "urge", "split"}
		if slices.Contains(told, e.Name) && written[e.Name] != e.Count {
			t.Errorf("%s was told %d times, the log has %d", e.Name, e.Count, written[e.Name])
		}
	}
	believable(t, summary.Steps())
}

// believable checks that what is out of the common stays so.
func believable(t *testing.T, steps map[string]int) {
	t.Helper()
	accepted := steps["accept"]
	for name, most := range map[string]float64{
		"split": 0.1, "merge": 0.2, "return": 0.2, "assign": 0.25, "rework": 0.15, "schedule": 0.3, "extend": 0.12, "hide": 0.08, "instruct": 0.15,
		"urge": 0.3, "reopen": 0.15, "support_return": 0.25,
	} {
		if n := steps[name]; float64(n) > most*float64(accepted) {
			t.Errorf("%s %d times with %d accepted reports", name, n, accepted)
		}
	}
}
