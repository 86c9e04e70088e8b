// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"testing"
	"testing/fstest"
	"time"

	"hientruong/workflow/pack"
)

func FuzzGuard(f *testing.F) {
	for _, s := range []string{"true", `category.code in ["a"]`, "any(1..9, {# > 1})", "since(report.created_at) < days(1)", "((((", `"\u0000"`, "let x = 1; x", "$env",
		`"chap" in report.words`, "report.words[9] == report.words[0]", "any(report.words, {#})", "report.units / 0 > 1", "report.escalated % 0 == 1"} {
		f.Add(s)
	}
	sound := tiny()
	f.Fuzz(func(t *testing.T, when string) {
		p, faults := oneRule(t, sound, when)
		if p == nil && len(faults) == 0 {
			t.Fatal("neither a pack nor a fault")
		}
		if p != nil {
			in := pack.Input{Category: "o-ga", Now: time.Unix(1_800_000_000, 0)}
			p.Route(in)
			in.Report = pack.ReportInput{Words: p.Match("Chập điện, nổ!"), Units: 3, Extended: true, Escalated: 2, Hidden: true, Split: true}
			p.Route(in)
		}
	})
}

func FuzzParse(f *testing.F) {
	sound := tiny()
	order := []string{"pack.yaml", "units.yaml", "categories.yaml", "workflow.yaml", "routing.yaml", "calendar.yaml", "roles.yaml", "reasons.yaml", "words.yaml", pack.TemplatesFile}
	for i, name := range order {
		f.Add(uint8(i), sound[name].Data)
	}
	f.Add(uint8(3), []byte("workflow: a\nstates: {a: }\ntransitions: {x: {demands: {proof: [[]]}}}\nclocks: {k: {due: [1]}}\n"))
	f.Add(uint8(3), []byte("workflow: f\ninitial: s\nstates: {s: {phase: before}}\ntransitions: {x: {on: support, from: ['*', '@working', '@'], to: stay}, y: {from: ['@before'], to: back}}\n"))
	f.Add(uint8(0), []byte("words: {a: [''], b: , c: [\"!\"]}\nremote: {areas: [x], factor: .nan}\n"))
	f.Add(uint8(9), []byte("templates: [{code: a, text: {vi: '{{code}} {} {x'}}, null]\n"))
	f.Add(uint8(0), []byte("id: [a]\nname: x\nlimits: 3\nlanguages: {a: b}\nremote: {faktor: 1}\nwords: 1\n"))
	f.Add(uint8(5), []byte("default: c\ncalendars: {c: {seasons: [{from: 1, to: [2]}, 3]}}\nholidays: [{date: 01-01}, {date: 01-01}]\nswapped: [{}]\n"))
	f.Add(uint8(4), []byte("rules: [{when: 'true', lead: x}, null]\n"))
	f.Add(uint8(1), []byte("units: [null, {code: a, parent: a, kind: ward, areas: null}]\n"))
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		fsys := fstest.MapFS{}
		for name, file := range sound {
			fsys[name] = file
		}
		fsys[order[int(which)%len(order)]] = &fstest.MapFile{Data: data}
		p, faults := pack.Parse(fsys)
		if p == nil && len(faults) == 0 {
			t.Fatal("neither a pack nor a fault")
		}
		if p != nil {
			if faults := pack.Check(p); len(faults) > 0 && faults.Err() == nil {
				t.Fatal("faults that are no error")
			}
			p.Route(pack.Input{Category: "o-ga", Area: pack.AreaInput{Code: "90001"}, Now: time.Unix(1_800_000_000, 0)})
			pack.Plan(nil, p)
			for _, t := range p.Templates("", "o-ga") {
				t.Fill("en", map[string]string{"code": "{code}"})
			}
		}
	})
}
