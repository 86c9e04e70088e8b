// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"testing"

	"hientruong/models/modelstest"
)

func TestUnitHandover(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var tell, out bytes.Buffer
	const old = "doi-quan-ly-do-thi"
	reports(t, s,
		modelstest.Spec{State: "assigned", Unit: old}, modelstest.Spec{State: "in_progress", Unit: old}, modelstest.Spec{State: "in_progress", Unit: old},
		modelstest.Spec{State: "in_progress", Support: old}, modelstest.Spec{State: "closed", Unit: old}, modelstest.Spec{State: "assigned"},
	)
	if err := (unitHandoverCommand{Unit: old, Plan: true}).run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "would hand over to so-xay-dung", "       2 in_progress          leads", "       1 assigned             leads", "       1 in_progress          supports", "first of them: ")
	const open = "SELECT count(*) FROM tasks t JOIN reports r ON r.id = t.report_id WHERE r.phase <> 'ended' AND t.unit = '" + old + "'"
	if n := figure(t, s, open); n != 4 {
		t.Errorf("after the plan it has %d, want 4", n)
	}
	for _, want := range []string{"has handed over 4 reports to so-xay-dung", "nothing to hand over"} {
		if err := (unitHandoverCommand{Unit: old}).run(ctx, s, &tell, &out); err != nil {
			t.Fatal(err)
		}
		says(t, &out, want)
	}
	if n := figure(t, s, open); n != 0 {
		t.Errorf("it still has %d", n)
	}
	if n := figure(t, s, "SELECT count(*) FROM reports WHERE lead_unit = 'so-xay-dung'"); n != 3 {
		t.Errorf("the successor leads %d, want 3", n)
	}
	if n := figure(t, s, "SELECT count(*) FROM events WHERE kind = 'task.handed'"); n != 4 {
		t.Errorf("%d events, want 4", n)
	}
	if err := (unitHandoverCommand{Unit: "so-xay-dung", To: "van-phong"}).run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "has handed over 4 reports to van-phong")
	for named, wrong := range map[string]unitHandoverCommand{
		"khong-co": {Unit: "khong-co"}, "no successor": {Unit: "chieu-sang"}, "--to": {Unit: "chieu-sang", To: "khong-co"},
		"itself": {Unit: "chieu-sang", To: "chieu-sang"}, "no unit": {Unit: "chieu-sang", To: old}, "--by": {Unit: old, byWhom: byWhom{"nobody"}},
	} {
		refuses(t, wrong.run(ctx, s, &tell, &out), named)
	}
}
