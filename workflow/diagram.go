// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"fmt"
	"strings"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Diagram draws a workflow as Mermaid's state diagram, with the labels of a language. A
// step back is drawn to every state that its own can be come to from; one that moves nothing is left out.
func Diagram(w *pack.Workflow, language string) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range w.AllStates() {
		fmt.Fprintf(&b, "    state \"%s\" as %s\n", drawn(s.Label.In(language)), s.Name)
	}
	fmt.Fprintf(&b, "    [*] --> %s\n", w.Initial)
	for _, t := range w.Steps() {
		for _, from := range t.From {
			for _, to := range targets(w, t, from) {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, drawn(t.Label.In(language)))
			}
		}
	}
	for _, s := range w.AllStates() {
		if s.Phase == models.PhaseEnded {
			fmt.Fprintf(&b, "    %s --> [*]\n", s.Name)
		}
	}
	return b.String()
}

// SupportDiagram draws what becomes of a supporting unit's task in a workflow, as Diagram does of the report. A task begins open; it is
// over when the report is.
func SupportDiagram(w *pack.Workflow, language string) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	fmt.Fprintf(&b, "    [*] --> %s\n", models.TaskOpen)
	for _, t := range w.Steps() {
		if t.On != pack.OnSupport || t.To == pack.Stay {
			continue
		}
		for _, from := range t.From {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", from, t.To, drawn(t.Label.In(language)))
		}
	}
	for _, s := range []models.TaskState{models.TaskDone, models.TaskReturned} {
		fmt.Fprintf(&b, "    %s --> [*]\n", s)
	}
	return b.String()
}

// targets are the states that a step from a state can lead to.
func targets(w *pack.Workflow, t *pack.Transition, from models.State) []models.State {
	switch {
	case t.On == pack.OnSupport || t.To == pack.Stay:
		return nil
	case t.To != pack.Back:
		return []models.State{t.To}
	}
	var came []models.State
	for _, s := range w.AllStates() {
		for _, in := range w.From(s.Name) {
			if in.To == from {
				came = append(came, s.Name)
				break
			}
		}
	}
	return came
}

// drawn takes out of a label what Mermaid would read as its own.
func drawn(label string) string {
	return strings.NewReplacer(`"`, "'", ":", ",", ";", ",", "\n", " ").Replace(label)
}
