// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"fmt"
	"os"
	"strings"
	"testing/fstest"

	"pgregory.net/rapid"

	"hientruong/workflow/pack"
)

// drawPack is the demo city with a workflow that was drawn in the place of its usual one,
// or nil where the pack's own check finds fault with it.
func drawPack(t *rapid.T) *pack.Pack {
	files := fstest.MapFS{}
	entries, err := os.ReadDir(demoFolder)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, entry := range entries {
		data, err := os.ReadFile(demoFolder + "/" + entry.Name())
		if err != nil {
			t.Fatalf("%v", err)
		}
		files[entry.Name()] = &fstest.MapFile{Data: data}
	}
	files["workflow.yaml"] = &fstest.MapFile{Data: []byte(drawFlow(t))}
	p, faults := pack.Parse(files)
	if len(faults) > 0 {
		return nil
	}
	return p
}

// drawnState is a state of a workflow that is being drawn. Some go by the names of the
// other workflows' states, so that a report can come over.
type drawnState struct{ name, phase string }

// drawFlow writes a workflow: a way that leads through every state to an end, and steps
// across it that may do anything.
func drawFlow(t *rapid.T) string {
	states := []drawnState{{"submitted", "received"}}
	for _, name := range []string{"verifying", "accepted", "assigned", "in_progress", "needs_info", "resolved", "published"} {
		if !rapid.Bool().Draw(t, "has "+name) {
			continue
		}
		phase := rapid.SampledFrom([]string{"received", "working", "working", "answered", "before"}).Draw(t, "phase")
		states = append(states, drawnState{name, phase})
	}
	states = append(states, drawnState{"rejected", "ended"})
	var b strings.Builder
	b.WriteString("workflow: thuong\nlabel: {vi: Vẽ, en: Drawn}\ninitial: submitted\nstarts: tiep-nhan\nsupport_clock: phoi-hop\nstates:\n")
	for _, s := range states {
		clock := rapid.SampledFrom([]string{"", ", clock: xu-ly", ", clock: tiep-nhan"}).Draw(t, "clock")
		shown := rapid.SampledFrom([]string{"none", "status", "full"}).Draw(t, "shown")
		fmt.Fprintf(&b, "  %s: {phase: %s, public: %s%s, label: {vi: S, en: S}}\n", s.name, s.phase, shown, clock)
	}
	b.WriteString("transitions:\n")
	for i := range len(states) - 1 {
		by := rapid.SampledFrom([]string{"operator", "verifier", "leader", "citizen"}).Draw(t, "by")
		step := drawnStep{name: fmt.Sprintf("on_%d", i), from: states[i].name, to: states[i+1].name, by: by}
		step.toward(states[i+1])
		step.write(&b)
	}
	for i := range rapid.IntRange(2, 12).Draw(t, "steps across") {
		drawStep(t, i, states).write(&b)
	}
	b.WriteString(drawnRest)
	return b.String()
}

// drawnStep is a transition that is being drawn.
type drawnStep struct {
	name, from, to, by, when string
	demands, does            []string
	more                     string
}

// toward demands what a state of an answer needs.
func (s *drawnStep) toward(state drawnState) {
	if state.phase == "answered" {
		s.demands = append(s.demands, "answer: true", "outcome: true")
	}
}

func (s *drawnStep) write(b *strings.Builder) {
	fmt.Fprintf(b, "  %s:\n    from: [%s]\n    to: %s\n    by: [%s]\n    label: {vi: B, en: B}\n", s.name, s.from, s.to, s.by)
	if s.when != "" {
		fmt.Fprintf(b, "    when: '%s'\n", s.when)
	}
	if len(s.demands) > 0 {
		fmt.Fprintf(b, "    demands: {%s}\n", strings.Join(s.demands, ", "))
	}
	if len(s.does) > 0 {
		fmt.Fprintf(b, "    does: [%s]\n", strings.Join(s.does, ", "))
	}
	b.WriteString(s.more)
}

// effectDemands are the effects that a drawn step can have, each with what it demands.
var effectDemands = []struct{ effect, demands string }{
	{"accept", ""}, {"assign", "unit: true"}, {"return", "reason: return"}, {"transfer", "reason: transfer"},
	{"approve", ""}, {"publish", ""}, {"rate", "rating: true"}, {"reopen", ""}, {"appeal", ""}, {"classify", "category: optional"},
	{"redact", "redacted_text: true"}, {"hide", "reason: hide"}, {"show", ""}, {"split", "category: true, redacted_text: true"},
	{"extend", "until: true"}, {"urge", "note: optional"}, {"direct", "directive: true, document: true"}, {"hand", "handler: true"},
	{"support", "support_units: true"}, {"urgency", "urgency: true"}, {"route", ""},
}

func drawStep(t *rapid.T, i int, states []drawnState) *drawnStep {
	roles := []string{"operator", "verifier", "leader", "citizen", "handler", "unit_head", "unit_coordinator"}
	state := rapid.SampledFrom(states)
	s := &drawnStep{
		name: fmt.Sprintf("across_%d", i), by: rapid.SampledFrom(roles).Draw(t, "by"),
		from: rapid.SampledFrom([]string{state.Draw(t, "from").name, state.Draw(t, "from").name, `"@working"`, `"@received"`, `"*"`}).Draw(t, "from"),
	}
	to := state.Draw(t, "to")
	if s.to = rapid.SampledFrom([]string{to.name, to.name, "stay"}).Draw(t, "where to"); s.to != "stay" {
		s.toward(to)
	}
	if to.phase == "ended" && s.to != "stay" && rapid.Bool().Draw(t, "merge") {
		s.does, s.demands = append(s.does, "merge"), append(s.demands, "duplicate_of: true")
	}
	one := rapid.SampledFrom(effectDemands).Draw(t, "effect")
	s.does = append(s.does, one.effect)
	if one.demands != "" {
		s.demands = append(s.demands, one.demands)
	}
	s.when = rapid.SampledFrom([]string{
		"", "", "report.hidden", "!report.extended", "report.units > 1", "report.reopens < 2", `"chap-dien" in report.words`, "report.urgent", `rating.level == ""`,
	}).Draw(t, "when")
	for _, what := range []string{"starts", "stops", "pauses", "resumes"} {
		if rapid.IntRange(0, 3).Draw(t, what) == 0 {
			s.more += fmt.Sprintf("    %s: %s\n", what, rapid.SampledFrom([]string{"xu-ly", "tiep-nhan"}).Draw(t, "which"))
		}
	}
	return s
}

// drawnRest is what every drawn workflow has.
const drawnRest = `  begin_work:
    from: [submitted]
    to: stay
    by: [operator]
    starts: xu-ly
    label: {vi: B, en: B}
  part_start: {on: support, from: [open], to: working, by: [handler, unit_head], label: {vi: B, en: B}}
  part_done: {on: support, from: [open, working], to: done, by: [handler, unit_head], demands: {result: {min: 5}}, label: {vi: B, en: B}}
  part_back: {on: support, from: [open, working], to: returned, by: [unit_head, operator], demands: {reason: return}, label: {vi: B, en: B}}
clocks:
  tiep-nhan: {due: {hours: 8}, remind: [50], overdue: {escalate: operations}, label: {vi: H, en: H}}
  xu-ly: {due: category.sla, remind: [50, 90], overdue: {escalate: [{to: parent}, {to: leader, after: {days: 2}}]}, label: {vi: H, en: H}}
  phoi-hop: {due: {hours: 4}, overdue: {escalate: parent}, label: {vi: H, en: H}}
`
