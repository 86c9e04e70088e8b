// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// oneRule is the demo pack with one routing rule of which only the condition matters.
func oneRule(tb testing.TB, sound fstest.MapFS, when string) (*pack.Pack, pack.Faults) {
	tb.Helper()
	fsys := fstest.MapFS{}
	for name, f := range sound {
		fsys[name] = f
	}
	text := fmt.Sprintf("rules:\n  - when: >-\n      %s\n    lead: ioc\n    why: {vi: Thử, en: Test}\n", when)
	fsys["routing.yaml"] = &fstest.MapFile{Data: []byte(text)}
	return pack.Parse(fsys)
}

func TestGuardLimits(t *testing.T) {
	t.Parallel()
	sound := demoMap(t)
	many := strings.Repeat(`area.code == "1" || `, 80) + "true"
	for _, tt := range []struct{ name, when, want string }{
		{"too long", strings.Repeat(" ", 10) + strings.Repeat("true || ", 300) + "true", "longer than 2000 bytes"},
		{"too many nodes", many, "exceeds maximum allowed nodes"},
		{"too deep", strings.Repeat("(", 900) + "true" + strings.Repeat(")", 900), ""},
		{"loop", "all([1, 2], {# > 0})", "may not loop"},
		{"filter", "len(filter([1], {# > 0})) > 0", "may not loop"},
		{"reduce", "reduce([1], {#acc + #}) > 0", "may not loop"},
		{"range", "now.hour in 1..1000000000", `operator ".." is not allowed`},
		{"power", "2 ** 1000 > 1", `operator "**" is not allowed`},
		{"repeat", `repeat("x", 1000000000) == ""`, `function "repeat" is not allowed`},
		{"split", `len(split(area.code, "")) > 0`, `function "split" is not allowed`},
		{"sort", `sort([1])[0] == 1`, `function "sort" is not allowed`},
		{"the wall clock", `now().Year() > 2000`, `function "now" is not allowed`},
		{"json", `toJSON(report) == ""`, `function "toJSON" is not allowed`},
		{"a loop over words", `any(report.words, {# == "chay"})`, "may not loop"},
		{"a closure over words", `report.words | filter(# startsWith "c") | len() > 0`, "may not loop"},
		{"words joined", `join(report.words, ",") == ""`, `function "join" is not allowed`},
		{"words mapped", `map(report.words, {#})[0] == ""`, "may not loop"},
		{"units as a list", "report.units[0] == 1", "is undefined"},
		{"the moment a state began", "report.state_at == 0", "has no field state_at"},
		{"the environment", `$env["report"] == nil`, ""},
		{"variables", "let x = 1; x == 1", "may not declare variables"},
		{"sequence", "1; true", "may not declare variables"},
		{"unknown name", "reporter.phone == \"\"", "unknown name reporter"},
		{"unknown part", "report.phone == \"\"", "has no field phone"},
		{"types", "category.code == 1", "mismatched types"},
		{"no yes or no", "category.code", "expected bool"},
		{"nothing", "", "unexpected token EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, faults := oneRule(t, sound, tt.when)
			if tt.want == "" {
				if p != nil {
					p.Route(pack.Input{Now: time.Unix(0, 0)})
				}
				return
			}
			if p != nil || !strings.Contains(faults.Error(), tt.want) || strings.Contains(faults.Error(), "Input") {
				t.Errorf("faults: %v, want %q", faults, tt.want)
			}
		})
	}
}

func TestGuardLanguage(t *testing.T) {
	t.Parallel()
	sound := demoMap(t)
	in := pack.Input{Category: "o-ga", Area: pack.AreaInput{Code: "90001", Kind: "phuong"}, Unit: pack.UnitInput{Code: "ioc", Kind: "ioc"}}
	in.Report = pack.ReportInput{Attributes: map[string]string{"pole": " CM-1 "}, Channel: "app", Language: "vi", Reopens: 1,
		Words: []string{"chay"}, Units: 2, Escalated: 1, Split: true}
	in.Report.Set(models.UrgencyUrgent)
	for when, want := range map[string]bool{
		`category.code in ["o-ga", "un-tac"] && category.group == "giao-thong"`: true,
		`report.urgent && !report.sos && report.urgency == "urgent"`:            true,
		`report.attributes["pole"] == " CM-1 "`:                                 true,
		`trim(report.attributes["pole"]) startsWith "CM"`:                       true,
		`hasPrefix(report.attributes["pole"], "CM")`:                            false,
		`report.attributes["nothing"] == ""`:                                    true,
		`now.hour == 22 && now.minute == 30 && now.weekday == 7`:                true,
		`now.working`:                                           false,
		`now.month == 3 ? true : false`:                         true,
		`since(report.created_at) > days(100)`:                  true,
		`hours(24) == days(1)`:                                  true,
		`area.code matches "^9000[0-9]$"`:                       true,
		`unit.kind == "ioc"`:                                    true,
		`"chay" in report.words && !("sap-do" in report.words)`: true,
		`len(report.words) == 1 && report.words[0] == "chay"`:   true,
		`report.units > 1 && report.escalated < 2`:              true,
		`report.extended || report.hidden || !report.split`:     false,
		`report.words[5] == "chay"`:                             false,
	} {
		p, faults := oneRule(t, sound, when)
		if err := faults.Err(); err != nil {
			t.Errorf("%s: %v", when, err)
			continue
		}
		in.Now = moment(t, p, "2026-03-08 22:30")
		if got := p.Route(in); (got.Lead == "ioc") != want {
			t.Errorf("%s: %+v", when, got.Trace)
		}
	}
}

// A rule that fails on some values is noted and passed over, and a guard that fails lets nothing pass.
func TestFailingRule(t *testing.T) {
	t.Parallel()
	p, faults := oneRule(t, demoMap(t), `int(report.attributes["depth"]) > 30`)
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	in := pack.Input{Report: pack.ReportInput{Attributes: map[string]string{"depth": "sâu"}}, Now: moment(t, p, "2026-03-02 08:00")}
	got := p.Route(in)
	if got.Lead != "" || got.Trace[0].Result != pack.StepError {
		t.Errorf("%+v", got)
	}
	in.Report.Attributes["depth"] = "40"
	if got := p.Route(in); got.Lead != "ioc" {
		t.Errorf("%+v", got)
	}
}

func TestRouteNeverPanics(t *testing.T) {
	t.Parallel()
	p := demo(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"den-duong", "o-ga", "sos", "90001", "xa", "owner", "ngo-xom", "quoc-lo"}))
		in := pack.Input{
			Category: text.Draw(t, "category"),
			Area:     pack.AreaInput{Code: text.Draw(t, "area"), Kind: text.Draw(t, "kind")},
			Now:      time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "now"), 0),
		}
		in.Report.Attributes = rapid.MapOf(text, text).Draw(t, "attributes")
		in.Report.Set(models.Urgency(text.Draw(t, "urgency")))
		got := p.Route(in)
		if _, ok := p.Unit(got.Lead); got.Lead != "" && !ok {
			t.Fatalf("lead %q is no unit", got.Lead)
		}
		if got.Lead == "" != (got.Rule == 0) || len(got.Trace) == 0 {
			t.Fatalf("%+v", got)
		}
		for _, s := range got.Support {
			if _, ok := p.Unit(s); !ok || s == got.Lead {
				t.Fatalf("support %q", s)
			}
		}
	})
}
