// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"testing"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

func BenchmarkSubmit(b *testing.B) {
	w := newWorld(b)
	intent := w.submission(reporter(), formOf("den-duong"))
	facts := w.facts(intent.Needs())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := intent.Decide(facts, w.now); err != nil {
			b.Fatal(err)
		}
	}
}

// benchmarkAct takes one step again and again from the same facts.
func benchmarkAct(b *testing.B, w *world, intent workflow.Act) {
	b.Helper()
	intent.Packs, intent.Version = w.packs, new(w.report(intent.ReportID).Version)
	facts := w.facts(intent.Needs())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := intent.Decide(facts, w.now); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAct(b *testing.B) {
	w := newWorld(b)
	id := w.submit(reporter(), formOf("den-duong"))
	b.Run("claim", func(b *testing.B) {
		benchmarkAct(b, w, workflow.Act{Actor: operator(), ReportID: id, Name: "claim"})
	})
	if _, err := w.act(operator(), id, "claim", workflow.Action{}); err != nil {
		b.Fatal(err)
	}
	b.Run("accept and route", func(b *testing.B) {
		benchmarkAct(b, w, workflow.Act{Actor: operator(), ReportID: id, Name: "accept"})
	})
	if _, err := w.act(operator(), id, "accept", workflow.Action{}); err != nil {
		b.Fatal(err)
	}
	b.Run("start", func(b *testing.B) {
		benchmarkAct(b, w, workflow.Act{Actor: staffActor(models.RoleHandler, "chieu-sang"), ReportID: id, Name: "start"})
	})
}

func BenchmarkRoute(b *testing.B) {
	w := newWorld(b)
	for _, category := range []string{"sos", "den-duong", "cong-truc-tuyen"} {
		b.Run(category, func(b *testing.B) {
			in := pack.Input{Category: category, Area: pack.AreaInput{Code: "90001", Kind: "phuong"}, Now: w.now}
			b.ReportAllocs()
			for b.Loop() {
				if w.pack.Route(in).Lead == "" {
					b.Fatal("no lead")
				}
			}
		})
	}
}

func BenchmarkOffers(b *testing.B) {
	w := newWorld(b)
	id := w.submit(reporter(), formOf("den-duong"))
	b.ReportAllocs()
	for b.Loop() {
		if offers, err := workflow.Offers(w.packs, operator(), w.reports[id], w.now); err != nil || len(offers) == 0 {
			b.Fatal(offers, err)
		}
	}
}
