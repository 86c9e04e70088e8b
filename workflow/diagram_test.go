// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hientruong/workflow"
)

var update = flag.Bool("update", false, "draw docs/workflow.mmd anew")

// The picture in the documentation is the table of the demo city.
func TestDiagramIsTheTable(t *testing.T) {
	t.Parallel()
	const file = "../docs/workflow.mmd"
	p, err := demoPack()
	if err != nil {
		t.Fatal(err)
	}
	flow, _ := p.WorkflowNamed("thuong")
	got := workflow.Diagram(flow, "en")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("go test ./workflow -run Diagram -update draws it anew (-file +table):\n%s", diff)
	}
	edges := 0
	for _, step := range flow.Steps() {
		edges += len(step.From)
	}
	// One more for the way back from needs_info, which has two, then the beginning and the five ends.
	if n := strings.Count(got, "-->"); n != edges+1+1+5 {
		t.Errorf("%d arrows, expected %d", n, edges+1+1+5)
	}
	if !strings.Contains(workflow.Diagram(flow, "vi"), `state "Đã gửi" as submitted`) {
		t.Error("the labels are not Vietnamese")
	}
}
