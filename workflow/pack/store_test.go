// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// noon is some moment.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// The version applied last decides: one that waits for its day comes into force on it unless another was applied after it.
func TestTheLastAppliedDecides(t *testing.T) {
	t.Parallel()
	month := noon.AddDate(0, 1, 0)
	for name, c := range map[string]struct {
		from []time.Time // of versions 1, 2, …
		want map[time.Time]int32
	}{
		"scheduled": {
			[]time.Time{noon, month},
			map[time.Time]int32{noon.Add(-1): 0, noon: 1, month.Add(-1): 1, month: 2},
		},
		"rolled back before its day": {
			[]time.Time{noon.AddDate(0, -1, 0), month, noon},
			map[time.Time]int32{noon.AddDate(-1, 0, 0): 0, noon.Add(-1): 1, noon: 3, month.Add(-1): 3, month: 3, month.AddDate(1, 0, 0): 3},
		},
		"two to come, in turn": {
			[]time.Time{noon, month, month.AddDate(0, 1, 0)},
			map[time.Time]int32{month: 2, month.AddDate(0, 1, 0): 3},
		},
		"two to come, the later applied for the earlier day": {
			[]time.Time{noon, month.AddDate(0, 1, 0), month},
			map[time.Time]int32{month.Add(-1): 1, month: 3, month.AddDate(0, 1, 0): 3},
		},
		"two for the same moment": {
			[]time.Time{noon, noon},
			map[time.Time]int32{noon.Add(-1): 0, noon: 2},
		},
	} {
		s := pack.NewStore()
		for i := len(c.from); i > 0; i-- { // in whatever order they are read
			s = s.With(1, int32(i), demo(t), c.from[i-1])
		}
		for at, want := range c.want {
			if _, n := s.Current(1, at); n != want {
				t.Errorf("%s: at %s version %d is in force, not %d", name, at, n, want)
			}
		}
	}
}

func TestWhatWasInForceBefore(t *testing.T) {
	t.Parallel()
	packs := []*pack.Pack{demo(t), demo(t), demo(t), demo(t)}
	s := pack.NewStore()
	for i, from := range []time.Time{{}, noon.AddDate(0, 1, 0), noon, noon.AddDate(0, 2, 0)} {
		s = s.With(1, int32(i)+1, packs[i], from)
	}
	for number, want := range map[int32]*pack.Pack{1: nil, 2: nil /* never comes */, 3: packs[0], 4: packs[2], 5: nil} {
		if s.Before(1, number) != want {
			t.Errorf("before version %d is not what was in force", number)
		}
	}
}

func TestDecisionsAreOfAJurisdiction(t *testing.T) {
	t.Parallel()
	flood := models.Decision{Document: "88/QĐ-UBND", Kind: models.DecisionSuspend}
	var h pack.Holder
	h.Decide(1, []models.Decision{flood})
	h.Add(1, 1, demo(t), time.Time{})
	if got := h.Load().Decisions(1); len(got) != 1 || got[0].Document != flood.Document {
		t.Errorf("decisions are %v", got)
	}
	if got := h.Load().Decisions(2); len(got) != 0 {
		t.Errorf("another jurisdiction has %v", got)
	}
	if got := pack.NewStore().WithDecisions(3, []models.Decision{flood}).Jurisdictions(); len(got) != 0 {
		t.Errorf("decisions alone make no pack: %v", got)
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	first, second := demo(t), demo(t)
	empty := pack.NewStore()
	one := empty.With(7, 1, first, time.Time{})
	two := one.With(7, 2, second, time.Time{}).With(7, 1, first, time.Time{}).With(9, 5, first, time.Time{})
	if p, n := empty.Current(7, noon); p != nil || n != 0 {
		t.Errorf("an empty store has %v, %d", p, n)
	}
	if p, n := one.Current(7, noon); p != first || n != 1 {
		t.Error("a store must not change when another is made from it")
	}
	if p, n := two.Current(7, noon); p != second || n != 2 {
		t.Errorf("the newest is %d", n)
	}
	if p, ok := two.Version(7, 1); !ok || p != first {
		t.Error("old versions stay")
	}
	if _, ok := two.Version(9, 1); ok {
		t.Error("jurisdictions are apart")
	}
	if got := len(two.Jurisdictions()); got != 2 {
		t.Errorf("%d jurisdictions", got)
	}
}

func TestHolder(t *testing.T) {
	t.Parallel()
	p := demo(t)
	var h pack.Holder
	if got, _ := h.Load().Current(1, noon); got != nil {
		t.Error("a zero holder holds nothing")
	}
	var wg sync.WaitGroup
	for n := range int32(50) {
		wg.Go(func() { h.Add(1, n+1, p, time.Time{}) })
	}
	wg.Wait()
	for n := range int32(50) {
		if _, ok := h.Load().Version(1, n+1); !ok {
			t.Errorf("version %d was lost", n+1)
		}
	}
	h.Swap(pack.NewStore().With(1, 3, p, time.Time{}))
	if _, n := h.Load().Current(1, noon); n != 3 {
		t.Errorf("after the swap version %d is current", n)
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	sound := demoMap(t)
	old := parsed(t, sound)
	if d := pack.Plan(old, parsed(t, sound)); len(d) != 0 {
		t.Errorf("the same files differ: %v", d)
	}
	if old.Digest() != parsed(t, sound).Digest() {
		t.Error("the same files have another digest")
	}
	fsys := spoil(t, sound, "pack.yaml", "guest_reports: true", "guest_reports: false")
	fsys = spoil(t, fsys, "units.yaml", `en: "Drainage Company"`, `en: "Drainage"`)
	fsys = spoil(t, fsys, "categories.yaml", "code: o-ga", "code: o-voi")
	fsys = spoil(t, fsys, "workflow.yaml", "answer: {min: 30}", "answer: {min: 50}")
	fsys = spoil(t, fsys, "workflow.yaml", "due: {days: 15, counts: wall}", "due: {days: 20, counts: wall}")
	fsys = spoil(t, fsys, "routing.yaml", "lead: thoat-nuoc, support: [ward(report)], why", "lead: thoat-nuoc, why")
	fsys = spoil(t, fsys, "calendar.yaml", "2027-02-11", "2027-02-12")
	fsys = spoil(t, fsys, "words.yaml", "Thank you.", "Thanks.")
	next := parsed(t, fsys)
	var got []string
	for _, c := range pack.Plan(old, next) {
		got = append(got, c.String())
	}
	want := []string{
		"changed setting guest_reports", "changed unit thoat-nuoc", "removed category o-ga", "added category o-voi",
		"changed transition thuong/resolve", "changed clock thuong/dong", `changed rule "category.group == \"nuoc\""`,
		"changed calendar holidays", "changed words submit.thanks",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if old.Digest() == next.Digest() || len(next.DigestHex()) != 64 {
		t.Error("other files must have another digest")
	}
	if d := pack.Plan(nil, old); len(d) < 150 || d[len(d)-1].String() != "added area 90012@2025-07-01" {
		t.Errorf("from nothing: %d changes, the last %v", len(d), d[len(d)-1])
	}
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	p := demo(t)
	for _, tt := range []struct {
		category, attribute, value string
		want                       models.Code
	}{
		{"ho-so-tre", "file_number", "X90.12-260303-0007", ""},
		{"ho-so-tre", "file_number", "", models.CodeAttributeMissing},
		{"ho-so-tre", "file_number", "không nhớ", models.CodeAttributeInvalid},
		{"den-duong", "pole", "", ""},
		{"den-duong", "pole", "CM-12/045", ""},
		{"den-duong", "pole", "CM-12/045 OR 1=1", models.CodeAttributeInvalid},
		{"den-duong", "pole", "123456789012345678901", models.CodeTooLong},
		{"den-duong", "owner", "quoc-lo", ""},
		{"den-duong", "owner", "Quốc lộ", models.CodeAttributeInvalid},
		{"mat-song", "network", "", models.CodeAttributeMissing},
		{"ngap-duong", "depth", "40", ""},
		{"ngap-duong", "depth", "40.5", ""},
		{"ngap-duong", "depth", "0", models.CodeAttributeInvalid},
		{"ngap-duong", "depth", "301", models.CodeAttributeInvalid},
		{"ngap-duong", "depth", "NaN", models.CodeAttributeInvalid},
		{"ngap-duong", "depth", "1e999", models.CodeAttributeInvalid},
		{"ngap-duong", "passable", "true", ""},
		{"ngap-duong", "passable", "yes", models.CodeAttributeInvalid},
		{"xe-buyt", "route", "7A\n", models.CodeAttributeInvalid},
	} {
		c, ok := p.Category(tt.category)
		if !ok {
			t.Fatalf("no category %s", tt.category)
		}
		a, ok := c.Attribute(tt.attribute)
		if !ok {
			t.Fatalf("no attribute %s.%s", tt.category, tt.attribute)
		}
		if got := a.Check(tt.value); got != tt.want {
			t.Errorf("%s.%s = %q: %q, want %q", tt.category, tt.attribute, tt.value, got, tt.want)
		}
	}
	c, _ := p.Category("den-duong")
	if _, ok := c.Attribute("none"); ok {
		t.Error("an attribute that is not there was found")
	}
}

func TestReasonsAndWords(t *testing.T) {
	t.Parallel()
	p := demo(t)
	if r, ok := p.Reason(pack.ReasonsReject, "da-xu-ly"); !ok || r.Label.In("en") != "Already dealt with" {
		t.Errorf("%+v", r)
	}
	if _, ok := p.Reason(pack.ReasonsReject, "khieu-nai-to-cao"); ok {
		t.Error("a reason of another list was found")
	}
	if w, ok := p.Words("submit.thanks"); !ok || w.In("fr") != w["vi"] {
		t.Errorf("a language that is missing falls back to Vietnamese: %v", w)
	}
	for _, r := range models.Roles() {
		if w, ok := p.Role(r); !ok || w.Label.In("vi") == "" {
			t.Errorf("role %s has no words", r)
		}
	}
}
