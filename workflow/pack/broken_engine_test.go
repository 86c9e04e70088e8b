// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"fmt"
	"strings"
	"testing"
)

// A gap in the rules is told beside what is wrong with a workflow, not only once that is mended.
func TestGapsAreToldBesideOtherFaults(t *testing.T) {
	t.Parallel()
	files := spoil(t, demoMap(t), "workflow.yaml", "to: verifying", "to: verifing")
	files = spoil(t, files, "routing.yaml", `{when: "true", lead: so-xay-dung`, `{when: category.code == "o-ga", lead: so-xay-dung`)
	files = spoil(t, files, "routing.yaml", `{when: category.group == "vien-thong", lead: vien-thong`, `{when: category.code == "mat-song", lead: vien-thong`)
	got := allFaults(files).Error()
	for _, want := range []string{`there is no state "verifing"`, "has no lead in any area"} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing says %q:\n%s", want, got)
		}
	}
}

func TestBrokenEngines(t *testing.T) {
	t.Parallel()
	sound := demoMap(t)
	for _, tt := range append(append(append(brokenShorthands(), brokenDemands()...), brokenClocks()...), brokenCities()...) {
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

func brokenShorthands() []spoiled {
	const f = "workflow.yaml"
	return []spoiled{
		{"phase of a from", f, `from: ["@working"]`, `from: ["@doing"]`, "@doing", `transition urge: there is no phase "doing"; write @received, @working, @answered or @ended, or * for every state`},
		{"shorthand of a task", f, "from: [open]", `from: ["*"]`, "    from: [\"*\"]\n    to: working", `transition support_start: "*" stands for states of a report, not of a supporting task; write from: [open, working]`},
		{"a state called stay", f, "  withdrawn: {phase", "  stay: {phase", "  stay: {phase", "no state can be called stay: as the to of a transition it means something else"},
		{"subject", f, "on: support", "on: task", "on: task", `transition support_start: nothing is called "task" to move; write on: support, or leave it out for the report`},
		{"state of a task", f, "from: [open]\n    to: working", "from: [open]\n    to: in_progress", "to: in_progress\n    by: [unit_coordinator, handler, unit_head]\n    primary: true\n    label: {vi: Bắt đầu phối", `transition support_start: "in_progress" is no state of a supporting task; write stay or one of open, working, done, returned`},
		{"state a task is from", f, "from: [open]\n", "from: [submitted]\n", "from: [submitted]\n    to: working", `transition support_start: "submitted" is no state of a supporting task; write one of open, working, done, returned`},
		{"role of a supporting step", f, "from: [open]\n    to: working\n    by: [unit_coordinator,", "from: [open]\n    to: working\n    by: [operator,", "by: [operator, handler", "transition support_start: operator is in no supporting unit; write unit_coordinator, handler or unit_head"},
		{"effect of a supporting step", f, "demands: {result: {min: 10}}", "demands: {result: {min: 10}}\n    does: [publish]", "    does: [publish]\n    label: {vi: Báo", "transition support_done: a step of a supporting task does nothing to the report but hand its part; leave publish out"},
		{"a supporting step that hands nobody anything", f, "demands: {handler: true, note: optional}\n    does: [hand]\n    label: {vi: Giao phần", "demands: {note: optional}\n    does: [hand]\n    label: {vi: Giao phần", "[hand]\n    label: {vi: Giao phần", "transition support_hand: hand demands handler; write demands: {handler: true}"},
		{"clock of a supporting step", f, "demands: {result: {min: 10}}", "demands: {result: {min: 10}}\n    stops: phoi-hop", "support_done:", "transition support_done: a step of a supporting task moves no clock of the report; write support_clock at the top"},
		{"a supporting step by itself", f, "demands: {result: {min: 10}}", "demands: {result: {min: 10}}\n    auto: clock", "    auto: clock\n    label: {vi: Báo", "transition support_done: a step of a supporting task goes by nobody; leave auto out"},
		{"demand of a supporting step", f, "demands: {result: {min: 10}}", "demands: {answer: {min: 10}}", "demands: {answer: {min: 10}}", "transition support_done: a supporting unit hands in a result, a note or a reason, or names a handler; not answer"},
		{"a route that stays", f, "to: assigned\n    by: [system]", "to: stay\n    by: [system]", "to: stay\n    by: [system]", "transition route goes by itself and must lead on; write the state it leads to"},
	}
}

func brokenDemands() []spoiled {
	const f = "workflow.yaml"
	without := func(step, old, with, text string) spoiled {
		return spoiled{"what " + step + " demands", f, old, with, "does: [" + strings.Fields(text)[0] + "]", fmt.Sprintf("transition %s: %s", step, text)}
	}
	return []spoiled{
		without("hide", "{reason: hide, note: optional}", "{note: optional}", "hide demands reason; write demands: {reason: hide}"),
		without("extend", "{until: true, reason: extend}", "{until: true}", "extend demands reason; write demands: {until: true, reason: extend}"),
		without("split", "{category: true, redacted_text: {min: 10}}", "{category: optional}", "split demands category and redacted_text; write demands: {category: true, redacted_text: {min: 10}}"),
		without("hand", "{handler: true, note: optional}", "{note: optional}", "hand demands handler; write demands: {handler: true}"),
		without("support", "{support_units: true, note: optional}", "{note: optional}", "support demands support_units; write demands: {support_units: true}"),
		without("instruct", "{directive: {min: 10}, document: true}", "{directive: {min: 10}}", "direct demands document; write demands: {directive: {min: 10}, document: true}"),
		without("set_urgency", "{urgency: true, note: optional}", "{note: optional}", "urgency demands urgency; write demands: {urgency: true}"),
		without("redact", "{redacted_text: {min: 1}}", "{note: optional}", "redact demands redacted_text; write demands: {redacted_text: {min: 1}}"),
		without("merge", "{duplicate_of: true}", "{note: optional}", "merge demands duplicate_of; write demands: {duplicate_of: true}"),
		{"what assign demands", f, "{unit: true, support_units: optional, note: optional}", "{support_units: optional}", "does: [assign]", "transition assign: assign demands unit; write demands: {unit: true}"},
		{"what classify demands", f, "{redacted_text: optional, category: optional}", "{redacted_text: optional}", "does: [classify, accept]", "transition accept: classify changes nothing without a category; write demands: {category: true} or {category: optional}"},
		{"a demand for nothing", f, "demands: {until: true, note: {min: 10}}", "demands: {until: true, handler: true}", "handler: true}\n    label: {vi: Lên", "transition schedule demands handler and does nothing with it; write does: [hand]"},
		{"a result of the lead", f, "demands: {until: true, note: {min: 10}}", "demands: {until: true, result: {min: 10}}", "result: {min: 10}}\n    label: {vi: Lên", "transition schedule: a result is what a supporting unit hands in; write on: support, or demand an answer"},
		{"answer and note", f, "demands: {answer: {min: 30}, outcome", "demands: {answer: {min: 30}, note: optional, outcome", "note: optional, outcome", "transition resolve demands answer and note, which come in one field; keep one of them"},
		{"a text that is too long to keep", f, "demands: {answer: {min: 30}, outcome", "demands: {answer: {min: 30, max: 20001}, outcome", "max: 20001", "transition resolve: no text is longer than 20000 characters, nor than 10000 without a max; write answer: {min: 30}"},
		{"a text that nobody can write", f, "demands: {answer: {min: 30}, outcome", "demands: {answer: {min: 10001}, outcome", "min: 10001", "transition resolve: no text is longer than 20000 characters, nor than 10000 without a max; write answer: {min: 30}"},
		{"a description that is too long to keep", "pack.yaml", "description: 4000", "description: 20001", "description: 20001", "no description can be as long as that; write 20000 at most"},
		{"result and note", f, "demands: {result: {min: 10}}", "demands: {result: {min: 10}, note: optional}", "note: optional}\n    label: {vi: Báo", "transition support_done demands result and note, which come in one field; keep one of them"},
		{"work on what was not accepted", f, "does: [classify, accept]", "does: [classify]", "  accept:\n    from", "transition accept brings a report to accepted without what that stands for; write does: [accept] here or on every way to it"},
		{"published without an answer", f, "answer: {min: 30}, outcome: true,", "outcome: true,", "  publish:", "transition publish brings a report to published without what that stands for; write demands: {answer: {min: 30}} here or on every way to it"},
		{"published without publishing", "workflow-tuc-thoi.yaml", "    does: [publish]\n", "", "  resolve:", "transition resolve brings a report to published without what that stands for; write does: [publish] here or on every way to it"},
		{"approved by nobody", f, "    does: [approve]\n", "", "  publish:", "publish asks for report.approved, but nothing in this workflow does: [approve]; write a transition that does"},
		{"begins in the middle", f, "submitted: {phase: received", "submitted: {phase: working", "submitted: {phase", "every report begins in submitted, and nobody has looked at it yet; write phase: received"},
	}
}

func brokenClocks() []spoiled {
	const f = "workflow.yaml"
	return []spoiled{
		{"support clock", f, "support_clock: phoi-hop", "support_clock: xu-ly", "  phoi-hop:\n    due", "nothing starts the clock phoi-hop; write starts: phoi-hop in a transition, or support_clock: phoi-hop at the top"},
		{"a clock that runs on", f, "    does: [reopen]\n    stops: dong\n    starts: xu-ly\n    label: {vi: Yêu", "    does: [reopen]\n    starts: xu-ly\n    label: {vi: Yêu", "take: close", "the clock dong can run out in needs_info, accepted, assigned, in_progress, scheduled and resolved, which close cannot leave; add that to its from, or stop the clock on the way"},
		{"a clock takes what demands a text", f, "demands: {reason: reject}\n", "demands: {reason: reject, note: {min: 10}}\n", "take: expire", "clock cho-dan takes expire, which demands note, and a clock has none; let it demand a reason at most"},
		{"a clock takes what is no clock's", f, "    auto: clock\n    demands: {reason: reject}", "    demands: {reason: reject}", "take: expire", "clock cho-dan takes expire, which says nothing of it; write auto: clock there"},
		{"nothing happens", f, "    overdue: {escalate: [{to: operations}, {to: leader, after: {hours: 8}}]}\n", "", "  tiep-nhan:\n    due", "nothing happens when the clock tiep-nhan runs out; write overdue: {escalate: parent} or {take: a transition}"},
		{"paused for good", f, "resumes: [tiep-nhan, xu-ly]", "resumes: tiep-nhan", "  provide_info:", "provide_info leads to in_progress, which works against xu-ly, but xu-ly was paused on the way to needs_info; write resumes: xu-ly"},
		{"resumes what runs", f, "resumes: xu-ly\n", "resumes: [xu-ly, phoi-hop]\n", "resumes: [xu-ly, phoi-hop]", "rework resumes phoi-hop, which nothing pauses or stops; write pauses: phoi-hop in a transition, or leave it out"},
		{"escalated to nobody", f, "{to: leader, after: {hours: 8}}", "{to: boss, after: {hours: 8}}", "to: boss", `clock tiep-nhan: "boss" cannot be escalated to; write parent, operations or leader`},
		{"escalated before", f, "{to: leader, after: {days: 2}}", "{to: leader, after: {hours: 1}}", "after: {hours: 1}", "clock xu-ly: step 3 of the escalation comes no later than the one before; write after: {days: 2}"},
		{"escalated by the wall", f, "after: {days: 2}", "after: {days: 2, counts: wall}", "counts: wall}}]}\n    public", "clock xu-ly: an escalation counts as its clock does; leave counts out"},
	}
}

func brokenCities() []spoiled {
	const routes = "routing.yaml"
	return []spoiled{
		{"stand-in of all", "pack.yaml", "stand_in: ioc", "stand_in: truc", "stand_in:", `there is no unit "truc" to stand in; write the code of one in units.yaml`},
		{"stand-in of a unit", "units.yaml", "stand_in: so-xay-dung", "stand_in: so-xay", "so-xay,", `unit chieu-sang: there is no unit "so-xay"; write the code of another`},
		{"stand-in of itself", "units.yaml", "stand_in: so-xay-dung", "stand_in: chieu-sang", "code: chieu-sang,", "unit chieu-sang cannot stand in for itself; write another"},
		{"stand-in that has ended", "units.yaml", "stand_in: so-xay-dung", "stand_in: doi-quan-ly-do-thi", "code: chieu-sang,", "unit chieu-sang leads category den-tin-hieu, and doi-quan-ly-do-thi, which stands in for it, has ended; write another stand_in"},
		{"stand-ins in a circle", "units.yaml", "{code: so-xay-dung,", "{code: so-xay-dung, stand_in: chieu-sang,", "code: so-xay-dung", "unit so-xay-dung: stand_in runs in a circle, so-xay-dung, chieu-sang; write another in one of them"},
		{"successor of itself", "units.yaml", "successor: so-xay-dung", "successor: doi-quan-ly-do-thi", "code: doi-quan", "unit doi-quan-ly-do-thi cannot succeed itself; write another"},
		{"successors in a circle", "units.yaml", "{code: so-xay-dung,", "{code: so-xay-dung, successor: doi-quan-ly-do-thi,", "code: so-xay-dung", "unit so-xay-dung: successor runs in a circle, so-xay-dung, doi-quan-ly-do-thi; write another in one of them"},
		{"nobody after it", "units.yaml", "successor: so-xay-dung, ", "", "code: doi-quan", "unit doi-quan-ly-do-thi ends on 2025-06-30 and has no successor; write successor: the code of the unit that takes over"},
		{"area of nobody", "units.yaml", "kind: ward, parent: ubnd, agency_code: X90.52, valid_from: 2025-07-01, areas: [\"90012\"]", "kind: utility, parent: ubnd", "units:", "area 90012 Xã Cồn Giữa has no ward unit; write areas: [\"90012\"] in one of units.yaml"},
		{"area of two", "units.yaml", "[\"90012\"]", "[\"90012\", \"90011\"]", "\"90012\"", "the area \"90011\" has two units at the same time, xa-suoi-nga and xa-con-giua; leave it out of one, or write from and until when each has it: valid_from, valid_to"},
		{"days of no season", "calendar.yaml", "to: 03-31", "to: 03-30", "  hanh-chinh:", "calendar hanh-chinh: no season holds 03-31; let one begin or end there"},
		{"a day worked that is", "calendar.yaml", "work: 2026-08-22", "work: 2026-08-21", "work: 2026-08-21", "2026-08-21 is a Friday; what is worked in exchange is a Saturday or a Sunday"},
		{"hour", routes, "now.hour >= 22", "now.hour >= 25", "now.hour", "now.hour is never 25; it is 0 to 23"},
		{"hours", routes, "category.code == \"do-xe-sai\" && now.hour >= 22", "'now.hour in [22, 24]'", "now.hour", "now.hour is never 24; it is 0 to 23"},
		{"weekday", routes, "now.hour >= 22", "0 == now.weekday", "now.weekday", "now.weekday is never 0; it is 1 to 7"},
		{"month", routes, "now.hour >= 22", "now.month == -1", "now.month", "now.month is never -1; it is 1 to 12"},
		{"placeholder without quotes", "templates.yaml", "{unit} đã kiểm tra phản ánh {code} về", "{unit} đã kiểm tra {phuong} {code} về", "text:", "template da-sua: nothing is called {phuong}; the placeholders are {code}, {category}, {area}, {unit}, {due}, {date}"},
		{"remote area", "pack.yaml", `["90010", "90011"]`, `["90010", "90099"]`, "remote:", `the remote area "90099" is not in areas.geojson`},
		{"remote factor", "pack.yaml", "factor: 1.5", "factor: 0.5", "factor:", "0.5 is no factor of a time; write 1.0 to 10.0 in steps of a tenth, as in 1.5"},
		{"no remote area", "pack.yaml", `areas: ["90010", "90011"], `, "", "remote:", `no area is remote; write remote: {areas: ["90010"], factor: 1.5}, or leave it out`},
		{"a word of nothing", "pack.yaml", "chập điện,", `"!",`, "chap-dien: [", `"!" holds no letter or digit; no text can be searched for it`},
		{"a list of nothing", "pack.yaml", "[bốc cháy, phát cháy, đám cháy, cháy nhà, cháy rừng, khói đen]", "[]", "  chay:", "the list of words chay is empty; write chay: [chập điện, tóe lửa]"},
		{"several units' time", "categories.yaml", "several_sla: {days: 15}", "several_sla: {days: 15, hours: 1}", "several_sla: {days: 15, hours", "a time is one of minutes, hours and days, from 1 to 10000; write {days: 3}"},
		{"words that no list has", routes, `"sap-do" in`, `"sap" in`, `"sap" in`, `report.words is never "sap"; it is one of bi-thuong, chap-dien, chay, sap-do, tre-em`},
		{"rule's workflow", routes, "workflow: tuc-thoi", "workflow: nhanh", "workflow: nhanh", `rule 5: there is no workflow "nhanh"; write one of sos, thuong, tuc-thoi`},
		{"rule's workflow that does not fit", routes, "workflow: tuc-thoi, why: {vi: Mô", "workflow: sos, why: {vi: Mô", "workflow: sos", "rule 6: a report of category ro-ri-dien is in the state accepted of thuong when it is routed, which the workflow sos has not; write that state there, or another workflow here"},
		{"never fires: words", routes, `category.group == "dien" && "chap-dien"`, `category.code == "sos" && "chap-dien"`, `category.code == "sos"`, "rule 6 can never fire: it fits nothing, or the rules before it take all it fits"},
		{"never fires: after all", routes, `{when: "true", lead: so-xay-dung, why: {vi: Hạ tầng đô thị, en: Urban infrastructure}}`, "{when: \"true\", lead: so-xay-dung, why: {vi: a, en: a}}\n  - {when: now.hour > 22, lead: ioc, why: {vi: a, en: a}}", "now.hour > 22", "rule 37 can never fire: rule 36 takes whatever comes to it; put it before that"},
		{"template's kind", "templates.yaml", "kind: answer", "kind: reply", "kind: reply", "template da-sua: \"reply\" is no kind of template; write one of answer, reject, transfer, question, return"},
		{"template's placeholder", "templates.yaml", "{unit} looked into report", "{name} looked into report", "text:", "template da-sua: nothing is called {name}; the placeholders are {code}, {category}, {area}, {unit}, {due}, {date}"},
		{"template's category", "templates.yaml", "categories: rac", "categories: rat", "categories: rat", `template rac-da-don: there is no category or group "rat"; did you mean rac?`},
		{"template twice", "templates.yaml", "code: khong-thay", "code: da-sua", "code: da-sua\n    kind: answer\n    label: {vi: Kiểm", `the code "da-sua" is used twice; codes are unique`},
		{"a comma without quotes", routes, `en: "The ward fines, the company cleans"`, "en: The ward fines, the company cleans", "the company cleans", `"the company cleans" is no language; does a text with a comma need quotes?`},
		{"template's words", "templates.yaml", ", en: Repaired}", "}", "label: {vi: Đã sửa xong", `the words in "en" are missing here; write {vi: …, en: …}`},
	}
}

// Where the pack names nobody, each unit that leads and has no stand-in is a gap.
func TestNobodyStandsIn(t *testing.T) {
	t.Parallel()
	got := allFaults(spoil(t, demoMap(t), "pack.yaml", "stand_in: ioc\n", ""))
	want := "unit so-y-te leads category an-toan-thuc-pham and nobody stands in for it; write stand_in: ioc here, at its parent or in pack.yaml"
	if !strings.Contains(got.Error(), want) {
		t.Errorf("faults:\n%v\nlack: %s", got, want)
	}
	for _, f := range got {
		if f.File != "units.yaml" || strings.Contains(f.Text, "unit chieu-sang") || strings.Contains(f.Text, "unit ioc") {
			t.Errorf("%v", f)
		}
	}
}

// A rule whose lead has ended, and nobody took over, leads nowhere.
func TestLeadHasEnded(t *testing.T) {
	t.Parallel()
	fsys := spoil(t, demoMap(t), "units.yaml", "successor: so-xay-dung, ", "")
	got := allFaults(spoil(t, fsys, "routing.yaml", "lead: vien-thong", "lead: doi-quan-ly-do-thi")).Error()
	want := "rule 27: its lead doi-quan-ly-do-thi ended on 2025-06-30 and has no successor; write one in units.yaml, or another lead here"
	if !strings.Contains(got, want) {
		t.Errorf("faults:\n%s\nlack: %s", got, want)
	}
}

// A stand-in that comes back to the operations centre is no circle: there it stays.
func TestStandInOfOperations(t *testing.T) {
	t.Parallel()
	if got := allFaults(spoil(t, demoMap(t), "units.yaml", "{code: van-phong,", "{code: van-phong, stand_in: ioc,")); len(got) > 0 {
		t.Error(got)
	}
}

// Where no category wants an approval, a guard that asks for one keeps nothing back.
func TestNoApprovalAsked(t *testing.T) {
	t.Parallel()
	fsys := spoil(t, demoMap(t), "workflow.yaml", "    does: [approve]\n", "")
	fsys["categories.yaml"].Data = []byte(strings.ReplaceAll(string(fsys["categories.yaml"].Data), "approval: true", "approval: false"))
	if got := allFaults(fsys); len(got) > 0 {
		t.Error(got)
	}
}

// Hours that never come are no calendar: a clock would never run out.
func TestCalendarThatNeverOpens(t *testing.T) {
	t.Parallel()
	fsys := tiny()
	fsys["calendar.yaml"].Data = []byte("default: c\ncalendars:\n  c: {seasons: []}\n")
	got := allFaults(fsys)
	if want := "calendar.yaml:3: the calendar c never opens, so that no clock would run out; write always: true, or seasons with hours"; got[0].String() != want {
		t.Errorf("faults:\n%v\nwant:\n%s", got, want)
	}
}

// A step that moves nothing is no way to an end.
func TestStayIsNoWay(t *testing.T) {
	t.Parallel()
	got := allFaults(spoil(t, demoMap(t), "workflow.yaml", "from: [published]\n    to: closed", "from: [published]\n    to: stay")).Error()
	if !strings.Contains(got, "nothing leads to the state closed") {
		t.Errorf("faults:\n%s", got)
	}
}

func TestStandIn(t *testing.T) {
	t.Parallel()
	p := demo(t)
	for unit, want := range map[string]string{
		"chieu-sang": "so-xay-dung", "so-y-te": "ioc", "phuong-cau-may": "ioc", "ioc": "van-phong", "khong-co": "ioc",
	} {
		if got := p.StandIn(unit); got != want {
			t.Errorf("%s stands in for %s, expected %s", got, unit, want)
		}
	}
	if got := parsed(t, tiny()).StandIn("ioc"); got != "" {
		t.Errorf("%s stands in for itself", got)
	}
}
