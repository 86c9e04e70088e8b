// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"testing"
	"testing/fstest"
	"time"

	"hientruong/workflow/pack"
)

func FuzzGuard(f *testing.F) {
	for _, s := range []string{"true", `category.code in ["a"]`, "any(1..9, {# > 1})", "since(report.created_at) < days(1)", "((((", `"\u0000"`, "let x = 1; x", "$env"} {
		f.Add(s)
	}
	sound := tiny()
	f.Fuzz(func(t *testing.T, when string) {
		p, faults := oneRule(t, sound, when)
		if p == nil && len(faults) == 0 {
			t.Fatal("neither a pack nor a fault")
		}
		if p != nil {
			p.Route(pack.Input{Category: "o-ga", Now: time.Unix(1_800_000_000, 0)})
		}
	})
}

func FuzzParse(f *testing.F) {
	sound := tiny()
	order := []string{"pack.yaml", "units.yaml", "categories.yaml", "workflow.yaml", "routing.yaml", "calendar.yaml", "roles.yaml", "reasons.yaml", "words.yaml"}
	for i, name := range order {
		f.Add(uint8(i), sound[name].Data)
	}
	f.Add(uint8(3), []byte("workflow: a\nstates: {a: }\ntransitions: {x: {demands: {proof: [[]]}}}\nclocks: {k: {due: [1]}}\n"))
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
		}
	})
}
