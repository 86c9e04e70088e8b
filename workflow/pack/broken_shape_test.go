// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hientruong/workflow/pack"
)

func TestBrokenShapes(t *testing.T) {
	t.Parallel()
	sound := demoMap(t)
	for _, tt := range append(brokenShapes(), brokenWords()...) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := spoil(t, sound, tt.file, tt.old, tt.with)
			want := fmt.Sprintf("%s:%d: %s", tt.file, lineOf(t, string(fsys[tt.file].Data), tt.mark), tt.text)
			got := allFaults(fsys)
			if len(got) != 1 || got[0].String() != want {
				t.Errorf("faults:\n%v\nwant:\n%s", got, want)
			}
		})
	}
}

// brokenShapes are values that are not what belongs there.
func brokenShapes() []spoiled {
	const f = "workflow.yaml"
	return []spoiled{
		{"one language", "pack.yaml", "name: {vi: Thành phố Sông Mây (thử nghiệm), en: Song May City (demo)}", "name: Sông Mây", "name:", "words are written in each language; write {vi: …, en: …}"},
		{"a bare time", "categories.yaml", "sla: {days: 3}", "sla: 3", "sla: 3", "a time belongs here; write {days: 3}, {hours: 4} or {minutes: 30}"},
		{"a bare due", f, "due: {hours: 8}", "due: 8h", "due: 8h", "a time belongs here; write {days: 3}, {hours: 4} or {minutes: 30}"},
		{"a term in a word", f, "after: {days: 2}", "after: 2 days", "after: 2 days", "a time belongs here; write {days: 3}, {hours: 4} or {minutes: 30}"},
		{"a state in a word", f, "  closed: {phase: ended, open311: closed, public: full, answer: true, label: {vi: Đã đóng, en: Closed}}", "  closed: ended", "  closed:", "what belongs here has fields; write {phase: …, public: …, label: …}"},
		{"a unit in a word", "units.yaml", "units:\n", "units:\n  - so-xay-dung\n", "- so-xay", "what belongs here has fields; write {code: …, kind: …, name: …}"},
		{"no list", f, "from: [scheduled]", "from: scheduled", "from: scheduled", "a list belongs here; write it in [ ], or as lines that begin with -"},
		{"no yes or no", "pack.yaml", "guest_reports: true", "guest_reports: yes", "guest_reports:", "yes is no yes or no; write true or false"},
		{"no number", "pack.yaml", "photos: 6", "photos: six", "photos: six", "six is no whole number; write one in digits, as in 30"},
		{"a text in braces", f, "initial: submitted", "initial: {submitted: 1}", "initial:", "a single value belongs here; a text that begins with { or [ is written in quotes"},
		{"demands in a list", f, "demands: {duplicate_of: true}", "demands: [duplicate_of]", "demands: [duplicate_of]", "demands are a mapping such as {answer: {min: 30}, outcome: true}"},
		{"field of a demand", f, "demands: {answer: {min: 30}, outcome", "demands: {answer: {mim: 30}, outcome", "mim:", `unknown field "mim"; did you mean min?`},
		{"no field at all", "pack.yaml", "guest_reports: true", "guests: true", "guests:", `unknown field "guests"; there are banner, emergency, guest_reports, id, languages, limits, min_client, name, operations, prefix, remote, stand_in, words, zone`},
		{"a single field", "pack.yaml", `areas: ["90010", "90011"], factor: 1.5`, "faktor: 1.5", "faktor", `unknown field "faktor"; did you mean factor?`},
	}
}

// brokenWords are words that are nearly right, and what the libraries say of them.
func brokenWords() []spoiled {
	const routes = "routing.yaml"
	return []spoiled{
		{"a condition with braces", routes, `when: 'category.code in ["cat-tia-cay", "cong-vien"]'`, `when: category.code in ["cat-tia-cay", "cong-vien"]`, `when: category.code in ["cat-tia`, "',' or '}' must be specified; put the whole condition in '…'"},
		{"a tab", "pack.yaml", "  vi: Đây là", "\tvi: Đây là", "vi: Đây là", "a tab; use spaces"},
		{"one sign", routes, `category.code == "chay-no"`, `category.code = "chay-no"`, `category.code = `, `rule 2: unexpected token Operator("=") (column 15); write == to compare`},
		{"days without a unit", "workflow.yaml", "since(report.published_at) < days(15)", "since(report.published_at) < 15", "< 15", "transition reopen: invalid operation: < (mismatched types time.Duration and int) (column 83); compare with days(10) or hours(4)"},
		{"attribute", routes, `report.attributes["owner"] == "quoc-lo"`, `report.attributes["ower"] == "quoc-lo"`, `"ower"`, `no category asks for an attribute "ower"; did you mean owner?`},
		{"unit", routes, "lead: cong-an", "lead: cong-am", "cong-am", `rule 2: there is no unit "cong-am"; did you mean cong-an?`},
		{"role", "workflow.yaml", "by: [leader]", "by: [leaders]", "leaders", `transition instruct: there is no role "leaders"; did you mean leader?`},
		{"state", "workflow.yaml", "to: duplicate", "to: duplicated", "to: duplicated", `transition merge: there is no state "duplicated"; did you mean duplicate?`},
		{"clock", "workflow.yaml", "pauses: [tiep-nhan, xu-ly]", "pauses: [tiep-nhn, xu-ly]", "tiep-nhn", `there is no clock "tiep-nhn"; did you mean tiep-nhan?`},
		{"reasons", "workflow.yaml", "{reason: transfer,", "{reason: tranfer,", "tranfer", `transition transfer: there is no list of reasons "tranfer"; did you mean transfer?`},
		{"effect", "workflow.yaml", "does: [merge]", "does: [merges]", "[merges]", `transition merge: "merges" is nothing a transition can do; did you mean merge?`},
		{"day off twice", "calendar.yaml", "date: 2026-02-17", "date: 2026-02-16", "2026-02-16, name: {vi: Tết Nguyên đán, en: Lunar New Year}}\n  - {date: 2026-02-18", "the day off 2026-02-16 is listed twice"},
		{"day off swapped twice", "calendar.yaml", "off: 2026-08-31", "off: 2026-09-01", "off: 2026-09-01", "the day off 2026-09-01 is listed twice"},
		{"day worked twice", "calendar.yaml", "work: 2026-08-22", "work: 2026-01-10", "work: 2026-01-10, off: 2026-08-31", "the day 2026-01-10 is worked in exchange twice"},
		{"rule that takes all", routes, "rules:\n", "rules:\n  - {when: \"true\", lead: ioc, why: {vi: a, en: a}}\n", `"true", lead: ioc`, "rule 1 takes whatever comes to the 36 rules after it; put it last"},
	}
}

// What is wrong is told at once, in every file and however many.
func TestAllOfAFile(t *testing.T) {
	t.Parallel()
	fsys := spoil(t, demoMap(t), "categories.yaml", "precision: exact", "precison: exact")
	fsys = spoil(t, fsys, "categories.yaml", "sla: {days: 3}", "slaa: {days: 3}")
	fsys = spoil(t, fsys, "categories.yaml", "visibility: public", "visibility: open")
	fsys = spoil(t, fsys, "workflow.yaml", "to: duplicate", "to: merged")
	fsys = spoil(t, fsys, "units.yaml", "parent: ubnd, agency_code: X90.06", "parent: ubn, agency_code: X90.06")
	fsys = spoil(t, fsys, "routing.yaml", `category.code == "chay-no"`, `category.code = "chay-no"`)
	fsys = spoil(t, fsys, "routing.yaml", "lead: chieu-sang", "lead: chieu-san")
	fsys = spoil(t, fsys, "workflow.yaml", "public: link", "public: some")
	got := allFaults(fsys)
	for _, want := range []string{
		"write == to compare", `no unit "chieu-san"; did you mean chieu-sang?`, `"some" is nothing the public can see`,
		`unknown field "precison"; did you mean precision?`, `unknown field "slaa"; did you mean sla?`, `"open" is no visibility`,
		`there is no state "merged"`, `there is no unit "ubn"; did you mean ubnd?`,
	} {
		if !slices.ContainsFunc(got, func(f pack.Fault) bool { return strings.Contains(f.Text, want) }) {
			t.Errorf("no fault: %s", want)
		}
	}
	if len(got) != 8 || !strings.HasSuffix(got.Error(), "\n8 faults; more may show when these are mended") {
		t.Errorf("%d faults:\n%v", len(got), got)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	one := pack.Faults{{File: "a", Line: 1, Text: "b"}}
	for want, f := range map[string]pack.Faults{"1 fault": one, "2 faults": append(one, one...), "0 faults": nil} {
		if got := f.Summary(); got != want || f.Early() {
			t.Errorf("%q, expected %q", got, want)
		}
	}
	if got := one.Error(); got != "a:1: b" {
		t.Errorf("%q", got)
	}
}

// Words are asked for in the languages of the pack.
func TestThirdLanguage(t *testing.T) {
	t.Parallel()
	got := allFaults(spoil(t, demoMap(t), "pack.yaml", "[vi, en]", "[vi, en, fr]"))
	if len(got) == 0 || got[0].Text != `the words in "fr" are missing here; write {vi: …, en: …, fr: …}` {
		t.Errorf("faults:\n%v", got)
	}
}
