// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"testing"
	"time"

	"hientruong/models"
	"hientruong/workflow/pack"
)

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		term   pack.Term
		factor float64
		want   pack.Term
	}{
		{"once", pack.Term{Days: 3}, 1, pack.Term{Days: 3}},
		{"whole days", pack.Term{Days: 10}, 1.5, pack.Term{Days: 15}},
		{"half a day is a whole one", pack.Term{Days: 3}, 1.5, pack.Term{Days: 5}},
		{"a tenth of a day is a whole one", pack.Term{Days: 1}, 1.1, pack.Term{Days: 2}},
		{"whole hours", pack.Term{Hours: 8}, 1.5, pack.Term{Hours: 12}},
		{"hours that become minutes", pack.Term{Hours: 5}, 1.5, pack.Term{Minutes: 450}},
		{"an hour and a tenth", pack.Term{Hours: 1}, 1.1, pack.Term{Minutes: 66}},
		{"minutes", pack.Term{Minutes: 90}, 1.2, pack.Term{Minutes: 108}},
		{"a part of a minute is a whole one", pack.Term{Minutes: 5}, 1.3, pack.Term{Minutes: 7}},
		{"twice", pack.Term{Hours: 4, Counts: models.CountsWall}, 2, pack.Term{Hours: 8, Counts: models.CountsWall}},
	} {
		if got := tt.term.Times(tt.factor); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// In the demo city islands have half as much time again, and some categories more where
// several units work together.
func TestTermsOfCategories(t *testing.T) {
	t.Parallel()
	p := demo(t)
	w, _ := p.WorkflowNamed("thuong")
	work, _ := w.Clock("xu-ly")
	accept, _ := w.Clock("tiep-nhan")
	for _, tt := range []struct {
		name, category, area string
		urgency              models.Urgency
		units                int
		clock                *pack.Clock
		want                 pack.Term
	}{
		{"one unit", "via-he-hong", "90001", models.UrgencyNormal, 1, work, pack.Term{Days: 10}},
		{"two units", "via-he-hong", "90001", models.UrgencyNormal, 2, work, pack.Term{Days: 15}},
		{"two units on what is urgent", "via-he-hong", "90001", models.UrgencyUrgent, 2, work, pack.Term{Hours: 4}},
		{"two units where the category says nothing", "o-ga", "90001", models.UrgencyNormal, 2, work, pack.Term{Days: 3}},
		{"far away", "o-ga", "90010", models.UrgencyNormal, 1, work, pack.Term{Days: 5}},
		{"far away, by the id of the area", "o-ga", "90010@2025-07-01", models.UrgencyNormal, 1, work, pack.Term{Days: 5}},
		{"far away and urgent", "o-ga", "90010", models.UrgencyUrgent, 1, work, pack.Term{Hours: 6}},
		{"far away, two units", "via-he-hong", "90011", models.UrgencyNormal, 3, work, pack.Term{Days: 23}},
		{"far away is no matter for other clocks", "o-ga", "90010", models.UrgencyNormal, 1, accept, pack.Term{Hours: 8}},
	} {
		c, ok := p.Category(tt.category)
		if !ok {
			t.Fatal(tt.category)
		}
		tt.want.Counts = models.CountsWorking
		if got := p.Term(tt.clock, pack.Case{Category: c, Urgency: tt.urgency, Units: tt.units, Area: tt.area}); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// A day of a unit that never closes is 24 hours; of an office it is a whole day.
func TestDaysOfUnitsThatNeverClose(t *testing.T) {
	t.Parallel()
	p := demo(t)
	for _, tt := range []struct {
		name, unit, at string
		term           pack.Term
		want           string
	}{
		{"a day of an office", "so-xay-dung", "2026-03-02 09:00", pack.Term{Days: 1}, "2026-03-03 17:00"},
		{"a day of a unit on duty", "chieu-sang", "2026-03-02 09:00", pack.Term{Days: 1}, "2026-03-03 09:00"},
		{"over Tết", "chieu-sang", "2026-02-16 22:30", pack.Term{Days: 2}, "2026-02-18 22:30"},
		{"over Tết in an office", "so-xay-dung", "2026-02-16 22:30", pack.Term{Days: 2}, "2026-02-24 17:00"},
		{"a day by the wall", "so-xay-dung", "2026-03-02 09:00", pack.Term{Days: 1, Counts: models.CountsWall}, "2026-03-03 09:00"},
	} {
		if got := p.Start(tt.term, tt.unit, moment(t, p, tt.at)).Due.In(p.Zone()).Format("2006-01-02 15:04"); got != tt.want {
			t.Errorf("%s: due %s, want %s", tt.name, got, tt.want)
		}
	}
	at := moment(t, p, "2026-03-02 09:00")
	if p.Day(models.CountsWorking, "so-xay-dung", at) != 8*time.Hour || p.Day(models.CountsWorking, "chieu-sang", at) != 24*time.Hour ||
		p.Day(models.CountsWall, "so-xay-dung", at) != 24*time.Hour {
		t.Error("how long a day is")
	}
}

// The world's calendar counts, whatever version a report was filed under, but for a unit
// that the newer version does not know.
func TestTimekeeper(t *testing.T) {
	t.Parallel()
	p := demo(t)
	at := moment(t, p, "2026-03-02 09:00")
	tiny, faults := pack.Parse(tiny())
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	s := pack.NewStore().With(1, 1, p, time.Time{}).With(1, 2, tiny, at)
	r := &models.Report{JurisdictionID: 1, PackVersion: 1}
	for _, tt := range []struct {
		name, unit string
		at         time.Time
		want       *pack.Pack
	}{
		{"before the other version", "", at.Add(-time.Second), p},
		{"from its first moment", "", at, tiny},
		{"a unit that it does not know", "so-xay-dung", at, p},
	} {
		if got := s.Timekeeper(r, tt.unit, tt.at); got != tt.want {
			t.Errorf("%s: %s", tt.name, got.ID())
		}
	}
	if s.Counter(&models.Report{JurisdictionID: 2}, models.CountsWorking, "", at) != nil {
		t.Error("a city without a pack counts")
	}
	if p.SameTime(tiny) || !p.SameTime(p) {
		t.Error("which versions count alike")
	}
	ward := "90010@2025-07-01"
	r.Area, r.Category = &ward, "o-ga"
	flood := models.Decision{Kind: models.DecisionSuspend, Areas: []string{"90010"}, StartsAt: at, EndsAt: at.Add(time.Hour)}
	s = s.WithDecisions(1, []models.Decision{flood})
	if got := s.Counter(r, models.CountsWorking, "so-xay-dung", at).Between(at, at.Add(2*time.Hour)); got != time.Hour {
		t.Errorf("in the flood %s are counted", got)
	}
	if got := s.Counter(r, models.CountsWall, "", at).Between(at, at.Add(2*time.Hour)); got != time.Hour {
		t.Errorf("in the flood %s are counted by the wall", got)
	}
}
