// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"testing"
	"testing/fstest"

	"hientruong/workflow/pack"
)

// tiny is the smallest pack that checks clean, but for the roles: a square ward, a unit, a category.
func tiny() fstest.MapFS {
	out := fstest.MapFS{}
	for _, files := range []map[string]string{tinyCity(), tinyRules()} {
		for name, text := range files {
			out[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return out
}

// tinyCity is what there is.
func tinyCity() map[string]string {
	return map[string]string{
		"pack.yaml": `id: t
name: {vi: a, en: a}
prefix: TT
zone: Asia/Ho_Chi_Minh
languages: [vi, en]
operations: ioc
stand_in: ioc
remote: {areas: ["1"], factor: 1.5}
words: {chap: [chập điện, "nổ"]}
limits: {description: 9, photos: 1, photo_bytes: 9, photo_pixels: 9}
`,
		"units.yaml": `units:
  - {code: ioc, kind: ioc, name: {vi: a, en: a}}
  - {code: w, kind: ward, parent: ioc, areas: ["1"], calendar: c, valid_from: 2025-07-01, name: {vi: a, en: a}}
`,
		"categories.yaml": `groups: [{code: g, name: {vi: a, en: a}}]
categories:
  - code: o-ga
    group: g
    name: {vi: a, en: a}
    workflow: f
    sla: {days: 3}
    attributes:
      - {code: a, type: select, label: {vi: a, en: a}, options: [{key: x, name: {vi: a, en: a}}]}
      - {code: b, type: string, max: 9, pattern: "[a-z]+", label: {vi: a, en: a}}
`,
		"roles.yaml":   "roles:\n  citizen: {label: {vi: a, en: a}}\n",
		"words.yaml":   "words:\n  a: {vi: a, en: a}\n",
		pack.AreasFile: `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1","name":"A","kind":"xa"},"geometry":{"type":"Polygon","coordinates":[[[107,16],[108,16],[108,17],[107,17],[107,16]]]}}]}`,
	}
}

// tinyRules is what becomes of it.
func tinyRules() map[string]string {
	return map[string]string{
		"workflow.yaml": `workflow: f
label: {vi: a, en: a}
initial: s
starts: k
states:
  s: {phase: received, public: none, clock: k, label: {vi: a, en: a}}
  e: {phase: ended, public: full, label: {vi: a, en: a}}
transitions:
  t: {from: [s], to: e, by: [operator], when: report.reopens < 2, demands: {answer: {min: 3}, reason: reject, proof: [document]}, stops: k, label: {vi: a, en: a}}
  x: {from: [s], to: e, by: [system], auto: clock, demands: {reason: reject}, stops: k, label: {vi: a, en: a}}
  h: {from: ["@received", "*"], to: stay, by: [operator], when: '!report.hidden && !("chap" in report.words)', demands: {reason: hide}, does: [hide], label: {vi: a, en: a}}
  p: {on: support, from: [open], to: done, by: [handler], demands: {result: {min: 3}}, label: {vi: a, en: a}}
support_clock: k
clocks:
  k: {due: category.sla, remind: [50], overdue: {take: x, reason: r, escalate: [{to: parent}, {to: leader, after: {days: 2}}]}, label: {vi: a, en: a}}
`,
		"routing.yaml": `rules:
  - {when: 'category.code == "o-ga" && report.attributes["a"] == "x"', lead: ward(report), support: ioc, urgency: normal, why: {vi: a, en: a}}
  - {when: "true", lead: ioc, why: {vi: a, en: a}}
`,
		"calendar.yaml": `default: c
calendars:
  c: {seasons: [{from: 01-01, to: 12-31, week: [{days: [mon], hours: ["08:00-12:00"]}]}]}
holidays: [{date: 2026-01-01, name: {vi: a, en: a}}]
swapped: [{work: 2026-01-10, off: 2026-01-05, name: {vi: a, en: a}}]
`,
		"reasons.yaml":     "reasons:\n  reject: [{code: r, label: {vi: a, en: a}}]\n  hide: [{code: r, label: {vi: a, en: a}}]\n  return: [{code: r, label: {vi: a, en: a}}]\n  transfer: [{code: r, label: {vi: a, en: a}}]\n",
		pack.TemplatesFile: "templates:\n  - {code: t, kind: answer, categories: o-ga, label: {vi: a, en: a}, text: {vi: 'a {code}', en: a}}\n",
	}
}

func TestTinyPack(t *testing.T) {
	t.Parallel()
	for _, f := range pack.Check(parsed(t, tiny())) {
		if f.File != "roles.yaml" {
			t.Error(f)
		}
	}
}
