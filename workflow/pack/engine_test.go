// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Nothing after the parser sees a shorthand; a state is in a list once, and what keeps the phase before it is in two.
func TestShorthandsAreWrittenOut(t *testing.T) {
	t.Parallel()
	w, _ := demo(t).WorkflowNamed("thuong")
	for name, want := range map[string][]models.State{
		"urge":          {"needs_info", "accepted", "assigned", "in_progress", "scheduled", "resolved"},
		"instruct":      {"submitted", "verifying", "needs_info", "accepted", "assigned", "in_progress", "scheduled", "resolved"},
		"support_start": {"open"},
	} {
		step, _ := w.Transition(name)
		if diff := cmp.Diff(want, step.From); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	hide, _ := w.Transition("hide")
	if len(hide.From) != len(w.AllStates()) || hide.To != pack.Stay {
		t.Errorf("hide is from %v", hide.From)
	}
	for _, flow := range demo(t).Workflows() {
		for _, step := range flow.Steps() {
			if slices.ContainsFunc(step.From, func(s models.State) bool { return strings.ContainsAny(string(s), "@*") }) {
				t.Errorf("%s/%s is from %v", flow.Name, step.Name, step.From)
			}
		}
	}
}

// The three workflows, by category and by rule.
func TestWhichWorkflow(t *testing.T) {
	t.Parallel()
	p := demo(t)
	for category, want := range map[string]string{"o-ga": "thuong", "tieng-on": "tuc-thoi", "un-tac": "tuc-thoi", "sos": "sos"} {
		if w, ok := p.Workflow(category); !ok || w.Name != want {
			t.Errorf("%s: %v", category, w)
		}
	}
	for _, tt := range []struct {
		name, category, text, workflow, lead string
		urgency                              models.Urgency
	}{
		{"a light that sparks", "den-duong", "Hộp điện tóe lửa, trẻ em đi qua.", "tuc-thoi", "dien-luc", models.UrgencyNormal},
		{"a light that is out", "den-duong", "Đèn không sáng.", "", "chieu-sang", models.UrgencyNormal},
		{"a bridge about to fall", "cau-hong", "CÓ NGUY CƠ SẬP!", "tuc-thoi", "so-xay-dung", models.UrgencyNormal},
		{"a bridge", "cau-hong", "Lan can sắp gãy.", "", "so-xay-dung", models.UrgencyNormal},
		{"waste in the way", "rac-ton-dong", "Rác chắn đường.", "tuc-thoi", "moi-truong", models.UrgencyUrgent},
		{"waste", "rac-ton-dong", "Rác.", "", "moi-truong", models.UrgencyNormal},
	} {
		in := pack.Input{Category: tt.category, Now: moment(t, p, "2026-03-02 08:00")}
		in.Report.Words = p.Match(tt.text)
		in.Report.Set(tt.urgency)
		if got := p.Route(in); got.Workflow != tt.workflow || got.Lead != tt.lead {
			t.Errorf("%s goes to %s by %q", tt.name, got.Lead, got.Workflow)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	p := demo(t)
	for text, want := range map[string][]string{
		"":                             nil,
		"Cột điện bị chập điện":        {"chap-dien"},
		"COT DIEN BI CHAP   DIEN!!!":   {"chap-dien"},
		"chập-điện, bốc cháy":          {"chap-dien", "chay"},
		"Xe chạy nhanh":                nil,
		"chập điệnx":                   nil,
		"xchập điện":                   nil,
		"Học sinh bị thương, đám cháy": {"bi-thuong", "chay", "tre-em"},
		"Đồng hồ điện\nchập\nđiện":     {"chap-dien"},
	} {
		if diff := cmp.Diff(want, p.Match(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	if got := parsed(t, tiny()).Match("NỔ to"); !slices.Equal(got, []string{"chap"}) {
		t.Errorf("a word of one list: %v", got)
	}
}

// What a list names is found wherever it stands between others, and the answer is sorted.
func TestMatchFindsEveryWord(t *testing.T) {
	t.Parallel()
	p := demo(t)
	lists := p.Settings().Words
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"chap-dien", "chay", "sap-do", "bi-thuong", "tre-em"}).Draw(t, "list")
		word := rapid.SampledFrom([]string(lists[name])).Draw(t, "word")
		got := p.Match(rapid.String().Draw(t, "before") + " " + strings.ToUpper(word) + ". " + rapid.String().Draw(t, "after"))
		if !slices.Contains(got, name) || !slices.IsSorted(got) {
			t.Fatalf("%s in %q: %v", name, word, got)
		}
	})
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	p := demo(t)
	codes := func(kind, category string) []string {
		var out []string
		for _, one := range p.Templates(kind, category) {
			out = append(out, one.Code)
		}
		return out
	}
	general := []string{"da-sua", "da-len-ke-hoach", "khong-thay", "khong-the-lam"}
	for _, tt := range []struct {
		kind, category string
		want           []string
	}{
		{pack.TemplateAnswer, "den-duong", append(slices.Clone(general), "den-da-sang")},
		{pack.TemplateAnswer, "rac-ton-dong", append(slices.Clone(general), "rac-da-don")},
		{pack.TemplateAnswer, "trom-cap", general},
		{pack.TemplateAnswer, "khong-co", general},
		{pack.TemplateTransfer, "o-ga", []string{"chuyen-tiep-cong-dan", "chuyen-dia-phuong"}},
		{pack.TemplateQuestion, "ho-so-tre", []string{"hoi-vi-tri", "hoi-anh", "hoi-ma-ho-so"}},
		{pack.TemplateReturn, "o-ga", []string{"khong-thuoc-don-vi", "tai-san-khac"}},
		{"poem", "o-ga", nil},
	} {
		if diff := cmp.Diff(tt.want, codes(tt.kind, tt.category)); diff != "" {
			t.Errorf("%s for %s: %s", tt.kind, tt.category, diff)
		}
	}
	if all := codes("", ""); len(all) != 23 {
		t.Errorf("%d templates", len(all))
	}
	light := p.Templates(pack.TemplateQuestion, "den-duong")[2]
	if got := light.Fill("en", map[string]string{"code": "DEMO-1 {code}"}); !strings.Contains(got, "(report DEMO-1 {code})") {
		t.Errorf("filled: %s", got)
	}
	if got := light.Fill("fr", map[string]string{"code": ""}); !strings.Contains(got, "(phản ánh {code})") {
		t.Errorf("without a value, in a language that is not there: %s", got)
	}
}

// A pack without templates is as good.
func TestTemplatesAreOptional(t *testing.T) {
	t.Parallel()
	fsys := demoMap(t)
	delete(fsys, pack.TemplatesFile)
	p := parsed(t, fsys)
	if err := pack.Check(p).Err(); err != nil || len(p.Templates("", "")) != 0 {
		t.Errorf("faults: %v", err)
	}
}
