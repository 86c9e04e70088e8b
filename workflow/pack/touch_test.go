// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hientruong/workflow/pack"
)

// openOnes are some open reports of the demo city.
func openOnes() []pack.OpenReports {
	return []pack.OpenReports{
		{Version: 1, Workflow: "thuong", State: "in_progress", Category: "den-duong", Area: "90001@2025-07-01", Unit: "chieu-sang", Count: 5},
		{Version: 1, Workflow: "thuong", State: "resolved", Category: "o-ga", Area: "90010@2025-07-01", Unit: "xa-nui-tuong", Count: 7},
		{Version: 2, Workflow: "thuong", State: "verifying", Category: "xe-buyt", Area: "", Unit: "", Count: 11},
		{Version: 2, Workflow: "tuc-thoi", State: "assigned", Category: "tieng-on", Area: "90002", Unit: "phuong-thanh-co", Count: 13},
	}
}

func TestTouch(t *testing.T) {
	t.Parallel()
	sound := demoMap(t)
	old := parsed(t, sound)
	if got := pack.Touch(old, parsed(t, sound), openOnes()); len(got) != 0 {
		t.Errorf("nothing changed, and touched is %v", got)
	}
	for _, tt := range []struct {
		name, file, old, with, change string
		count                         int
		why                           string
	}{
		{"nobody's setting", "pack.yaml", "guest_reports: true", "guest_reports: false", "changed setting guest_reports", 0, ""},
		{"remote areas", "pack.yaml", "factor: 1.5", "factor: 2", "changed setting remote", 7, "time would be another"},
		{"a unit", "units.yaml", `en: "Street Lighting Company"`, "en: Lights", "changed unit chieu-sang", 5, "chieu-sang has them in hand and keeps them"},
		{"a unit that ends", "units.yaml", "stand_in: so-xay-dung,", "valid_to: 2027-01-01, successor: so-xay-dung,", "changed unit chieu-sang", 5, "hand its open tasks over to so-xay-dung"},
		{"a category", "categories.yaml", `en: "Bus service"`, "en: Buses", "changed category xe-buyt", 11, "category that is changed"},
		{"a workflow", "workflow.yaml", "support_clock: phoi-hop", "support_clock: xu-ly", "changed workflow thuong", 23, "workflow that is changed"},
		{"a state", "workflow.yaml", "en: Being verified", "en: Looked into", "changed state thuong/verifying", 11, "state that is changed"},
		{"a step from two", "workflow.yaml", "answer: {min: 30}", "answer: {min: 50}", "changed transition thuong/resolve", 5, "step they can take would be changed"},
		{"a clock", "workflow.yaml", "remind: [90]", "remind: [80]", "changed clock thuong/cong-bo", 7, "clock they work against would be changed"},
		{"a rule", "routing.yaml", `"dot-rom-ra", "mui-hoi"]', lead: ward(report)`, `"dot-rom-ra", "mui-hoi"]', lead: cong-an`, `changed rule "category.code in [\"tieng-on\", \"dot-rom-ra\", \"mui-hoi\"]"`, 13, "they would go another way"},
		{"a rule of others", "routing.yaml", "why: {vi: Trường học", "support: [van-phong], why: {vi: Trường học", `changed rule "category.code == \"truong-hoc\""`, 0, ""},
		{"a holiday", "calendar.yaml", "2027-02-11", "2027-02-12", "changed calendar holidays", 36, "counted anew"},
		{"an area", pack.AreasFile, `"people":41200`, `"people":41300`, "changed area 90001@2025-07-01", 5, "area that is changed"},
		{"a template", "templates.yaml", "en: Repaired", "en: Mended", "changed template da-sua", 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := pack.Touch(old, parsed(t, spoil(t, sound, tt.file, tt.old, tt.with)), openOnes())
			if len(got) != 1 || got[0].Change.String() != tt.change || got[0].Count != tt.count || !strings.Contains(got[0].Why, tt.why) || (got[0].Why == "") != (tt.count == 0) {
				t.Errorf("touched: %+v", got)
			}
		})
	}
}

// Touch lists what Plan lists, also from nothing and to something else altogether.
func TestTouchIsPlan(t *testing.T) {
	t.Parallel()
	small := parsed(t, tiny())
	for _, pair := range [][2]*pack.Pack{{nil, demo(t)}, {demo(t), small}, {small, demo(t)}} {
		var got pack.Diff
		for _, one := range pack.Touch(pair[0], pair[1], openOnes()) {
			got = append(got, one.Change)
		}
		if diff := cmp.Diff(pack.Plan(pair[0], pair[1]), got); diff != "" {
			t.Error(diff)
		}
	}
}
