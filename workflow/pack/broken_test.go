// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"fmt"
	"maps"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"hientruong/workflow/pack"
)

// demoMap is the demo pack in memory, for tests that spoil it.
func demoMap(tb testing.TB) fstest.MapFS {
	tb.Helper()
	files, err := pack.Files(os.DirFS(demoFolder))
	if err != nil {
		tb.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, name := range files {
		data, err := os.ReadFile(path.Join(demoFolder, name))
		if err != nil {
			tb.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

// spoil replaces a text in a file, once; it must be there.
func spoil(tb testing.TB, fsys fstest.MapFS, name, old, with string) fstest.MapFS {
	tb.Helper()
	text := string(fsys[name].Data)
	if !strings.Contains(text, old) {
		tb.Fatalf("%s holds no %q", name, old)
	}
	out := maps.Clone(fsys)
	out[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, with, 1))}
	return out
}

// lineOf is the first line that holds the mark.
func lineOf(tb testing.TB, text, mark string) int {
	tb.Helper()
	before, _, ok := strings.Cut(text, mark)
	if !ok {
		tb.Fatalf("no line holds %q", mark)
	}
	return strings.Count(before, "\n") + 1
}

// allFaults are Parse's, and where it has none, Check's.
func allFaults(fsys fstest.MapFS) pack.Faults {
	p, faults := pack.Parse(fsys)
	if len(faults) > 0 {
		return faults
	}
	return pack.Check(p)
}

type spoiled struct {
	name, file, old, with string
	mark                  string // the fault is on the first line that holds it
	text                  string
}

func TestBrokenPacks(t *testing.T) {
	t.Parallel()
	sound := demoMap(t)
	for _, tt := range append(append(brokenFiles(), brokenFlows()...), brokenRules()...) {
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

func brokenFiles() []spoiled {
	return []spoiled{
		{"unknown key", "pack.yaml", "guest_reports:", "guest_report:", "guest_report:", `unknown field "guest_report"; did you mean guest_reports?`},
		{"key twice", "pack.yaml", "operations: ioc", "operations: ioc\nid: demo", "id: demo\n# Đơn vị", `mapping key "id" already defined at [3:1]`},
		{"prefix", "pack.yaml", "prefix: DEMO", "prefix: demo1", "prefix:", `"demo1" is no prefix of codes; write 2 to 6 capital letters, as in DEMO`},
		{"zone", "pack.yaml", "Asia/Ho_Chi_Minh", "Asia/Hue", "zone:", `"Asia/Hue" is no time zone; write Asia/Ho_Chi_Minh`},
		{"languages", "pack.yaml", "[vi, en]", "[en]", "languages:", "Vietnamese is missing; write languages: [vi, en]"},
		{"operations", "pack.yaml", "operations: ioc", "operations: so-y-te", "operations:", `the operations centre "so-y-te" is no unit of kind ioc; write the code of one in units.yaml`},
		{"words missing", "pack.yaml", ", en: Ambulance", "", `"115"`, `the words in "en" are missing here; write {vi: …, en: …}`},
		{"anchor", "pack.yaml", "id: demo", "id: &x demo", "id:", "anchors, aliases and merge keys are not used in packs; write the value out"},
		{"code", "units.yaml", "code: ioc", "code: IOC", "IOC", `"IOC" is no code; write a-z, 0-9, - and _, at most 64 of them, as in den-duong`},
		{"code twice", "units.yaml", "code: cap-nuoc", "code: chieu-sang", "Cấp nước", `the code "chieu-sang" is used twice; codes are unique`},
		{"kind of unit", "units.yaml", "kind: ioc", "kind: centre", "kind: centre", `"centre" is no kind of unit; write city, ioc, department, utility or ward`},
		{"parent", "units.yaml", "so-y-te, kind: department, parent: ubnd", "so-y-te, kind: department, parent: ubn", "ubn,", `unit so-y-te: there is no unit "ubn"; did you mean ubnd?`},
		{"successor", "units.yaml", "successor: so-xay-dung", "successor: so-xay", "so-xay,", `unit doi-quan-ly-do-thi: there is no unit "so-xay"; write the code of another`},
		{"circle", "units.yaml", "so-y-te, kind: department, parent: ubnd", "so-y-te, kind: department, parent: so-y-te", "parent: so-y-te", "unit so-y-te is above itself; its parents run in a circle"},
		{"two roots", "units.yaml", "so-y-te, kind: department, parent: ubnd", "so-y-te, kind: department", "units:", "the tree has 2 units without a parent; it must have one, the jurisdiction"},
		{"day", "units.yaml", "valid_to: 2025-06-30", "valid_to: 2025-06-31", "2025-06-31", `"2025-06-31" is not a day; write 2025-07-01`},
		{"agency code twice", "units.yaml", "X90.06", "X90.05", "so-y-te", `units so-van-hoa and so-y-te share the agency code "X90.05"`},
		{"unit's calendar", "units.yaml", "calendar: truc", "calendar: dem", "calendar: dem", `there is no calendar "dem"; write one of hanh-chinh, truc`},
		{"area", "units.yaml", `["90007"]`, `["90007", "90070"]`, "90070", `unit phuong-hoa-phong answers for the area "90070", which is not in areas.geojson`},
		{"group", "categories.yaml", "code: un-tac\n    group: giao-thong", "code: un-tac\n    group: duong", "group: duong", `category un-tac: there is no group "duong"; write one of an-ninh, dich-vu-cong, dien, do-thi, giao-thong, khan-cap, moi-truong, nuoc, rac, vien-thong`},
		{"visibility", "categories.yaml", "visibility: public", "visibility: open", "visibility: open", `"open" is no visibility; write public, restricted or private`},
		{"precision", "categories.yaml", "precision: exact", "precision: snap", "precision: snap\n", `"snap" is no precision; write exact, snapped or ward`},
		{"sla", "categories.yaml", "sla: {days: 3}", "sla: {days: 3, hours: 1}", "hours: 1}", "a time is one of minutes, hours and days, from 1 to 10000; write {days: 3}"},
		{"no sla", "categories.yaml", "    workflow: tuc-thoi\n    sla: {hours: 4, counts: wall}\n", "    workflow: tuc-thoi\n", "code: un-tac", "category un-tac has no sla; write sla: {days: 3}"},
		{"category's workflow", "categories.yaml", "workflow: thuong", "workflow: nhanh", "workflow: nhanh", `category o-ga: there is no workflow "nhanh"; write one of sos, thuong, tuc-thoi`},
		{"attribute's type", "categories.yaml", "type: file_number", "type: file", "type: file,", `"file" is no type of attribute; write one of string, number, select, bool, file_number`},
		{"pattern", "categories.yaml", `"[0-9]{1,3}[A-Za-z]?"`, `"[0-9"`, `"[0-9"`, "attribute route: the pattern is no regular expression of at most 200 bytes"},
		{"option", "categories.yaml", "key: mang-b", "key: mang-a", "key: mang-a", `the code "mang-a" is used twice; codes are unique`},
		{"two SOS", "categories.yaml", "code: sat-lo\n", "code: sat-lo\n    sos: true\n", "sos: true\n    group: khan-cap\n    icon: landslide", "categories sos and sat-lo both are for SOS; one can be"},
		{"role", "roles.yaml", "press:", "presse:", "presse:", `"presse" is no role; did you mean press?`},
		{"reason twice", "reasons.yaml", "code: da-xu-ly", "code: sai-su-that", "Already", `the code "sai-su-that" is used twice; codes are unique`},
		{"words", "words.yaml", "en: Thank you. Your report has reached the operations centre.", "fr: Merci.", "submit.thanks", `the words in "en" are missing here; write {vi: …, en: …}`},
		{"hours", "calendar.yaml", `"13:00-17:00"`, `"13:00–17:00"`, "–", `"13:00–17:00" are no hours; write 07:30-11:30`},
		{"weekday", "calendar.yaml", "mon, tue", "mo, tue", "mo,", `"mo" is not a weekday; write mon, tue, wed, thu, fri, sat or sun`},
		{"holiday", "calendar.yaml", "date: 2026-02-16", "date: 2026-02-30", "2026-02-30", `"2026-02-30" is not a day; write 2026-04-30, or 04-30 in a season of every year`},
		{"default calendar", "calendar.yaml", "default: hanh-chinh", "default: gio", "default:", `there is no calendar "gio"; write one of hanh-chinh, truc`},
	}
}

func brokenFlows() []spoiled {
	const f = "workflow.yaml"
	return []spoiled{
		{"phase", f, "phase: answered", "phase: done", "phase: done", `state published: "done" is no phase; write received, working, answered, ended or before`},
		{"public", f, "public: link", "public: some", "public: some", `state duplicate: "some" is nothing the public can see; write none, status, link or full`},
		{"initial", f, "initial: submitted", "initial: sent", "initial:", `there is no state "sent" to begin with; write one of accepted, assigned, closed, duplicate, in_progress, needs_info, published, rejected, resolved, scheduled, submitted, transferred, verifying, withdrawn`},
		{"state label", f, ", en: Closed}", "}", "  closed:", `the words in "en" are missing here; write {vi: …, en: …}`},
		{"from", f, "from: [scheduled]", "from: [planned]", "from: [planned]", `transition take_up: there is no state "planned"; write one of accepted, assigned, closed, duplicate, in_progress, needs_info, published, rejected, resolved, scheduled, submitted, transferred, verifying, withdrawn`},
		{"to", f, "to: duplicate", "to: merged", "to: merged", `transition merge: there is no state "merged"; write one of accepted, assigned, closed, duplicate, in_progress, needs_info, published, rejected, resolved, scheduled, submitted, transferred, verifying, withdrawn, back or stay`},
		{"unreachable", f, "to: transferred", "to: rejected", "  transferred:", "nothing leads to the state transferred; write to: transferred in a transition"},
		{"nobody", f, "by: [leader]", "by: []", "  instruct:", "nobody may take transition instruct; write by: […]"},
		{"role in by", f, "by: [leader]", "by: [boss]", "by: [boss]", `transition instruct: there is no role "boss"; the roles are citizen, agent, machine, operator, verifier, unit_coordinator, handler, unit_head, leader, press, auditor, administrator, system`},
		{"auto", f, "auto: route", "auto: magic", "auto: magic", `transition route: "magic" takes nothing by itself; write route or clock`},
		{"effect", f, "does: [merge]", "does: [join]", "does: [join]", `transition merge: "join" is nothing a transition can do; write one of accept, route, assign, return, merge, transfer, approve, publish, rate, reopen, appeal, classify, redact, hide, show, split, extend, urge, direct, hand, support, urgency`},
		{"demand", f, "question: {min: 10}", "questions: {min: 10}", "questions:", `nothing is called "questions" to demand; did you mean question?`},
		{"proof", f, "[after_photo, document]", "[photo, document]", "[photo,", `transition resolve: proof cannot be "photo"; write one of after_photo, document`},
		{"unless", f, "proof: [after_photo, document]", "proof: {any_of: [document], unless: [none]}", "unless:", `transition resolve: "none" is no outcome; write one of fixed, planned, nothing_found, not_possible`},
		{"length", f, "question: {min: 10}", "question: {min: 10, max: 5}", "max: 5", "transition ask: question asks for 10 to 5 characters; write {min: 30}"},
		{"reasons", f, "{reason: transfer,", "{reason: moved,", "reason: moved", `transition transfer: there is no list of reasons "moved"; write one of extend, hide, reject, return, transfer`},
		{"clock", f, "stops: [tiep-nhan, xu-ly, cho-dan]\n    label: {vi: Gộp", "stops: [xac-minh]\n    label: {vi: Gộp", "stops: [xac-minh]", `there is no clock "xac-minh"; write one of cho-dan, cong-bo, dong, phoi-hop, tiep-nhan, xu-ly`},
		{"clock not started", f, "    starts: cong-bo\n", "", "  cong-bo:\n    due", "nothing starts the clock cong-bo; write starts: cong-bo in a transition, or support_clock: cong-bo at the top"},
		{"clock takes", f, "take: close", "take: shut", "take: shut", `clock dong: there is no transition "shut"; write the name of one`},
		{"clock's reason", f, "khong-bo-sung", "het-han", "take: expire", `clock cho-dan: "het-han" is no reason of the list "reject" that expire demands; write one of khong-du-thong-tin, khong-bo-sung, sai-su-that, da-xu-ly, ngoai-dia-ban, xuc-pham, thu-nghiem`},
		{"reminder", f, "remind: [90]", "remind: [150]", "remind: [150]", "clock cong-bo: a reminder comes after 1 to 99 percent of the time, not 150"},
		{"guard's name", f, "report.returns == 0", "report.return == 0", "report.return ==", "transition route: type report has no field return (column 8)"},
		{"guard's type", f, "report.returns == 0", "report.returns == true", "report.returns ==", "transition route: invalid operation: == (mismatched types int and bool) (column 16)"},
		{"guard no bool", f, "report.returns == 0", "report.returns + 1", "report.returns +", "transition route: expected bool, but got int"},
		{"guard's syntax", f, "report.returns == 0", "report.returns ==", "report.returns ==", "transition route: unexpected token EOF (column 17)"},
		{"guard's literal", f, `rating.level == "unsatisfied"`, `rating.level == "bad"`, `"bad"`, `rating.level is never "bad"; it is one of satisfied, acceptable, unsatisfied`},
	}
}

func brokenRules() []spoiled {
	const f = "routing.yaml"
	return []spoiled{
		{"lead", f, "lead: chieu-sang", "lead: den", "lead: den,", `rule 9: there is no unit "den"; write the code of one in units.yaml, or ward(report)`},
		{"support", f, "support: [moi-truong]", "support: [rac]", "support: [rac]", `rule 19: there is no unit "rac"; write the code of one in units.yaml, or ward(report)`},
		{"urgency", f, "urgency: sos", "urgency: high", "urgency: high", `rule 1: "high" is no urgency; write normal, urgent or sos`},
		{"category", f, `"sat-lo"`, `"sat-lỡ"`, "sat-lỡ", `category.code is never "sat-lỡ"; did you mean sat-lo?`},
		{"option", f, `"ngo-xom"`, `"hem"`, `"hem"`, `report.attributes["owner"] is never "hem"; it is one of do-thi, ngo-xom, quoc-lo`},
		{"attribute", f, `["owner"] == "ngo-xom"`, `["chu"] == ""`, `"chu"`, `no category asks for an attribute "chu"; there are customer, depth, file_number, network, owner, passable, pole, route`},
		{"area kind", f, `area.kind == "xa"`, `area.kind == "thon"`, `"thon"`, `area.kind is never "thon"; it is one of phuong, xa`},
		{"why", f, ", en: Traffic control", "", "un-tac", `the words in "en" are missing here; write {vi: …, en: …}`},
		{"loop", f, `category.code == "un-tac"`, `'any([1, 2], {# == now.hour})'`, "any(", "rule 15: an expression may not loop; write the cases out with ||"},
		{"never fires: shadowed", f, `category.code == "du-lich"`, `category.group == "rac"`, "en: Tourism", "rule 31 can never fire: it fits nothing, or the rules before it take all it fits"},
		{"never fires: contradiction", f, `category.code == "xay-dung-trai-phep"`, `category.code == "sos" && category.group == "rac"`, `category.code == "sos"`, "rule 25 can never fire: it fits nothing, or the rules before it take all it fits"},
	}
}

func TestRoutingGaps(t *testing.T) {
	t.Parallel()
	fsys := spoil(t, demoMap(t), "routing.yaml", `when: "true", lead: so-xay-dung`, `when: category.code == "o-ga", lead: so-xay-dung`)
	fsys = spoil(t, fsys, "routing.yaml", `category.group == "moi-truong", lead: so-nong-nghiep-moi-truong`, `category.code == "khoi-bui" && area.code != "90003", lead: ward(report)`)
	var got []string
	for _, f := range allFaults(fsys) {
		got = append(got, f.Text)
	}
	want := []string{
		"category khoi-bui has no lead in the areas 90003; write a rule that names one",
		"category nuoc-thai has no lead in any area; write a rule that names one",
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(got, "\n"), w) {
			t.Errorf("faults:\n%s\nlack: %s", strings.Join(got, "\n"), w)
		}
	}
}

func TestNoWayToAnEnd(t *testing.T) {
	t.Parallel()
	fsys := spoil(t, demoMap(t), "workflow.yaml", "to: closed", "to: published")
	fsys = spoil(t, fsys, "workflow.yaml", "from: [published]\n    to: assigned\n    by: [citizen, agent]", "from: [published]\n    to: published\n    by: [citizen, agent]")
	got := allFaults(spoil(t, fsys, "workflow.yaml", "from: [published]\n    to: assigned", "from: [published]\n    to: published")).Error()
	for _, want := range []string{"nothing leads to the state closed", "no way leads from the state published to an end"} {
		if !strings.Contains(got, want) {
			t.Errorf("faults:\n%s\nlack: %s", got, want)
		}
	}
}

func TestManyFaultsAtOnce(t *testing.T) {
	t.Parallel()
	fsys := spoil(t, demoMap(t), "pack.yaml", "prefix: DEMO", "prefix: x")
	fsys = spoil(t, fsys, "workflow.yaml", "phase: answered", "phase: done")
	fsys = spoil(t, fsys, "routing.yaml", "category.sos", "category.so")
	delete(fsys, "words.yaml")
	delete(fsys, pack.AreasFile)
	p, faults := pack.Parse(fsys)
	if p != nil || len(faults) != 5 {
		t.Errorf("%d faults:\n%v", len(faults), faults)
	}
	if !strings.Contains(faults.Error(), "words.yaml: the file is missing; every pack has one") {
		t.Errorf("faults:\n%v", faults)
	}
}

func TestRunawayFiles(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"brackets":        "id: " + strings.Repeat("[", 100_000),
		"bracket lines":   "id:\n" + strings.Repeat(" [\n", 100_000),
		"dashes":          strings.Repeat("- ", 1500) + "x",
		"questions":       strings.Repeat("? ", 1500),
		"long line":       "id: " + strings.Repeat("x", 5000),
		"long file":       "# \n" + strings.Repeat("# xxxxxxxx\n", 1<<17),
		"two documents":   "id: a\n---\nid: b\n",
		"nothing":         "",
		"a list":          "- a\n",
		"billion laughs":  "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
		"tabs":            "id:\n\tx: 1\n",
		"not even a text": "\xff\xfe\x00",
	} {
		fsys := demoMap(t)
		fsys["pack.yaml"] = &fstest.MapFile{Data: []byte(text)}
		if p, faults := pack.Parse(fsys); p != nil || len(faults) == 0 || len(faults.Error()) > 2000 {
			t.Errorf("%s: %v", name, faults)
		}
	}
}
