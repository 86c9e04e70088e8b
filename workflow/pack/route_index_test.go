// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What a guard is spared by its needs is what the machine would have refused.
func TestNeedsSpareOnlyWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	p, faults := Parse(os.DirFS("../../packs/demo"))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	spared := 0
	rapid.Check(t, func(t *rapid.T) {
		in := Input{
			Category: rapid.SampledFrom(names(p.categories)).Draw(t, "category"),
			Area:     rapid.SampledFrom([]AreaInput{{}, {"90001", "phuong"}, {"90009", "xa"}}).Draw(t, "area"),
			Now:      time.Date(2026, 3, 2, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, p.zone),
		}
		in.Report.Attributes = map[string]string{"owner": rapid.SampledFrom([]string{"", "quoc-lo", "ngo-xom"}).Draw(t, "owner")}
		e := p.env(in)
		for _, r := range p.rules {
			bare := *r.guard
			bare.needs = nil
			want, errWant := bare.holds(e)
			got, errGot := r.guard.holds(e)
			if got != want || (errGot == nil) != (errWant == nil) {
				t.Fatalf("%s: %v %v, without its needs %v %v", r.When, got, errGot, want, errWant)
			}
			if !met(r.guard.needs, e) {
				spared++
			}
		}
	})
	if spared == 0 {
		t.Error("no rule was ever spared")
	}
}

func TestNeedsOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`category.code == "a"`:                                      1,
		`"a" == category.code && now.hour > 3`:                      1,
		`category.code in ["a", "b"] and area.code == "1"`:          2,
		`category.code == "a" || area.code == "1"`:                  0,
		`!(category.code == "a")`:                                   0,
		`category.code != "a"`:                                      0,
		`now.hour > 3 && (area.kind == "xa" && report.urgent)`:      1,
		`category.code == report.channel`:                           0,
		`report.attributes["owner"] == "a" && category.sos`:         0,
		`category.code in ["a", report.channel] && area.code != ""`: 0,
	} {
		g, err := compileGuard(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(g.needs) != want {
			t.Errorf("%s: %d needs, not %d", text, len(g.needs), want)
		}
	}
}

func TestACompactTrace(t *testing.T) {
	t.Parallel()
	full := RouteResult{Rule: 5, Trace: []TraceStep{
		{Rule: 1, When: "a", Result: StepNo}, {Rule: 2, When: "b", Result: StepNo}, {Rule: 3, When: "c", Result: StepNoUnit},
		{Rule: 4, When: "d", Result: StepNo}, {Rule: 5, When: "e", Result: StepTaken},
	}}
	want := []TraceStep{
		{Rule: 1, Through: 2, Result: StepNo}, {Rule: 3, When: "c", Result: StepNoUnit}, {Rule: 4, Through: 4, Result: StepNo},
		{Rule: 5, When: "e", Result: StepTaken},
	}
	if d := cmp.Diff(want, full.Compact().Trace); d != "" {
		t.Error(d)
	}
	if len(full.Trace) != 5 {
		t.Error("the full trace has changed")
	}
}
