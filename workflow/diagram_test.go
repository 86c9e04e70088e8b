// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

const diagramFolder = "../docs/workflows"

// The pictures in the documentation are the tables of the demo city, and there are no others.
func TestDiagramsAreTheTables(t *testing.T) {
	t.Parallel()
	p, err := demoPack()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, flow := range p.Workflows() {
		want[flow.Name+".mmd"] = workflow.Diagram(flow, "en")
		want[flow.Name+"-support.mmd"] = workflow.SupportDiagram(flow, "en")
	}
	if os.Getenv("UPDATE") != "" {
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(diagramFolder, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := map[string]string{}
	files, err := filepath.Glob(diagramFolder + "/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got[filepath.Base(file)] = string(data)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("UPDATE=1 go test ./workflow -run Diagrams draws them anew (-table +files):\n%s", diff)
	}
}

// Every step that moves is an arrow from each of its states; a step back is one to each state it can have been asked in.
func TestDiagramHasEveryArrow(t *testing.T) {
	t.Parallel()
	p, err := demoPack()
	if err != nil {
		t.Fatal(err)
	}
	ways := map[string]int{"thuong": 2, "tuc-thoi": 2, "sos": 0} // back from needs_info
	for _, flow := range p.Workflows() {
		arrows := 1 + ways[flow.Name]
		support := 1 + 2
		for _, step := range flow.Steps() {
			switch {
			case step.On == pack.OnSupport && step.To != pack.Stay:
				support += len(step.From)
			case step.On == pack.OnReport && step.To != pack.Stay && step.To != pack.Back:
				arrows += len(step.From)
			}
		}
		for _, s := range flow.AllStates() {
			if s.Phase == models.PhaseEnded {
				arrows++
			}
		}
		if n := strings.Count(workflow.Diagram(flow, "en"), "-->"); n != arrows {
			t.Errorf("%s: %d arrows, expected %d", flow.Name, n, arrows)
		}
		if n := strings.Count(workflow.SupportDiagram(flow, "en"), "-->"); n != support {
			t.Errorf("%s: %d arrows of support, expected %d", flow.Name, n, support)
		}
	}
	flow, _ := p.WorkflowNamed("thuong")
	if !strings.Contains(workflow.Diagram(flow, "vi"), `state "Đã gửi" as submitted`) {
		t.Error("the labels are not Vietnamese")
	}
}
