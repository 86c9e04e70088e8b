// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/pack"
)

const (
	demoFolder = "../../packs/demo"
	realWards  = "../../../shared/data/boundaries/hue/hue_wards.geojson"
)

func demo(tb testing.TB) *pack.Pack { return parsed(tb, os.DirFS(demoFolder)) }

func parsed(tb testing.TB, fsys fs.FS) *pack.Pack {
	tb.Helper()
	p, faults := pack.Parse(fsys)
	if err := faults.Err(); err != nil {
		tb.Fatalf("the pack does not parse:\n%v", err)
	}
	return p
}

// moment reads a time of day in the demo city.
func moment(tb testing.TB, p *pack.Pack, s string) time.Time {
	tb.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", s, p.Zone())
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestDemoChecksClean(t *testing.T) {
	t.Parallel()
	p := demo(t)
	if err := pack.Check(p).Err(); err != nil {
		t.Fatalf("faults:\n%v", err)
	}
	if got := len(p.Groups()); got != 10 {
		t.Errorf("%d groups", got)
	}
	if got := len(p.Categories()); got < 40 {
		t.Errorf("%d categories", got)
	}
	kinds := map[pack.UnitKind]int{}
	for _, u := range p.Units() {
		kinds[u.Kind]++
	}
	want := map[pack.UnitKind]int{pack.UnitCity: 1, pack.UnitIOC: 1, pack.UnitDepartment: 10, pack.UnitUtility: 7, pack.UnitWard: 12}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("units: %s", diff)
	}
	if sos, ok := p.SOS(); !ok || sos.Visibility != models.VisibilityRestricted || sos.Precision != models.PrecisionWard {
		t.Errorf("SOS: %+v", sos)
	}
}

// Every ward's official unit is called as its polygon is.
func TestDemoWardsAreNamedAsTheirAreas(t *testing.T) {
	t.Parallel()
	p := demo(t)
	at := moment(t, p, "2026-03-02 08:00")
	for _, a := range p.Areas().All() {
		u, ok := p.Ward(a.Code, at)
		if !ok || u.Name["vi"] != "Ủy ban nhân dân "+a.Name || u.Name["en"] != "People's Committee of "+a.NameEN {
			t.Errorf("area %s %s: unit %v", a.Code, a.Name, u)
		}
		if again, ok := p.Area(a.ID); !ok || again.Code != a.Code || a.ID != a.Code+"@2025-07-01" {
			t.Errorf("area %q is not found again", a.ID)
		}
	}
	if _, ok := p.Ward("90001", moment(t, p, "2025-06-30 08:00")); ok {
		t.Error("ward units begin on 2025-07-01")
	}
}

func TestDemoRoutes(t *testing.T) {
	t.Parallel()
	p := demo(t)
	type result struct {
		Lead    string
		Support []string
		Urgency models.Urgency
	}
	for _, tt := range []struct {
		name, category, area, kind string
		attributes                 map[string]string
		at                         string
		want                       result
	}{
		{name: "a streetlight", category: "den-duong", want: result{"chieu-sang", nil, ""}},
		{name: "a streetlight of a national road", category: "den-duong", attributes: map[string]string{"owner": "quoc-lo"}, want: result{"so-xay-dung", nil, ""}},
		{name: "a streetlight in a lane", category: "den-duong", attributes: map[string]string{"owner": "ngo-xom"}, want: result{"phuong-cau-may", []string{"chieu-sang"}, ""}},
		{name: "the same, outside every area", category: "den-duong", area: "-", attributes: map[string]string{"owner": "ngo-xom"}, want: result{"chieu-sang", nil, ""}},
		{name: "rubbish", category: "rac-ton-dong", want: result{"moi-truong", []string{"phuong-cau-may"}, models.UrgencyNormal}},
		{name: "rubbish outside every area", category: "rac-ton-dong", area: "-", want: result{"moi-truong", nil, models.UrgencyNormal}},
		{name: "a call for rescue", category: "sos", area: "90009", kind: "xa", want: result{"ioc", []string{"cong-an", "xa-pha-bac"}, models.UrgencySOS}},
		{name: "a pothole in a ward", category: "o-ga", want: result{"so-xay-dung", nil, ""}},
		{name: "a pothole in a commune", category: "o-ga", area: "90010", kind: "xa", want: result{"xa-nui-tuong", []string{"so-xay-dung"}, ""}},
		{name: "parking by day", category: "do-xe-sai", want: result{"phuong-cau-may", nil, ""}},
		{name: "parking by night", category: "do-xe-sai", at: "2026-03-02 22:30", want: result{"cong-an", nil, ""}},
		{name: "karaoke", category: "tieng-on", area: "90012", kind: "xa", want: result{"xa-con-giua", nil, ""}},
		{name: "karaoke outside every area", category: "tieng-on", area: "-", want: result{"so-nong-nghiep-moi-truong", nil, ""}},
		{name: "a late file", category: "ho-so-tre", want: result{"van-phong", nil, ""}},
		{name: "a manhole", category: "nap-cong-mat", want: result{"thoat-nuoc", []string{"phuong-cau-may"}, models.UrgencyUrgent}},
		{name: "a category that is unknown", category: "khong-co", want: result{"so-xay-dung", nil, ""}},
		{name: "before the wards began", category: "tieng-on", at: "2025-06-01 08:00", want: result{"", nil, ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := pack.Input{Category: tt.category, Area: pack.AreaInput{Code: "90001", Kind: "phuong"}, Now: moment(t, p, "2026-03-02 08:00")}
			if tt.area != "" {
				in.Area = pack.AreaInput{Code: tt.area, Kind: tt.kind}
			}
			if tt.at != "" {
				in.Now = moment(t, p, tt.at)
			}
			in.Report.Attributes = tt.attributes
			got := p.Route(in)
			if diff := cmp.Diff(tt.want, result{got.Lead, got.Support, got.Urgency}); diff != "" {
				t.Errorf("(-want +got):\n%s\ntrace: %+v", diff, got.Trace)
			}
		})
	}
}

func TestRouteTrace(t *testing.T) {
	t.Parallel()
	p := demo(t)
	in := pack.Input{Category: "den-duong", Now: moment(t, p, "2026-03-02 08:00")}
	in.Report.Attributes = map[string]string{"owner": "ngo-xom", "pole": "CM-1"}
	got := p.Route(in)
	var results []string
	for i, step := range got.Trace {
		results = append(results, step.Result)
		if step.Rule != i+1 || step.When != p.Rules()[i].When {
			t.Errorf("step %d: %+v", i, step)
		}
	}
	want := []string{"no", "no", "no", "no", "no", "no", "no", "no_unit", "taken"}
	if diff := cmp.Diff(want, results); diff != "" {
		t.Error(diff)
	}
	values := map[string]string{
		"report.words": "[]",
		"category.sos": "false", "category.code": "den-duong", "category.group": "dien", `report.attributes["owner"]`: "ngo-xom",
	}
	if diff := cmp.Diff(values, got.Values); diff != "" {
		t.Errorf("values: %s", diff)
	}
	if got.Rule != 9 || got.Why.In("en") != "Street lighting" {
		t.Errorf("rule %d: %v", got.Rule, got.Why)
	}
}

// With other polygons no ward unit answers, and the departments of the city take over.
func TestForeignAreas(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(realWards)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the ward polygons of Huế are not on this machine (%v)", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	p := parsed(t, pack.WithAreas(os.DirFS(demoFolder), data))
	if err := pack.Check(p).Err(); err != nil {
		t.Fatalf("faults:\n%v", err)
	}
	if p.Digest() == demo(t).Digest() {
		t.Error("other polygons must make another digest")
	}
	if p.Areas().Len() != 40 {
		t.Errorf("%d areas", p.Areas().Len())
	}
	for _, c := range p.Categories() {
		for _, a := range p.Areas().All() {
			got := p.Route(pack.Input{Category: c.Code, Area: pack.AreaInput{Code: a.Code, Kind: a.Kind}, Now: moment(t, p, "2026-03-02 08:00")})
			u, ok := p.Unit(got.Lead)
			if !ok || u.Kind == pack.UnitWard {
				t.Fatalf("%s in %s goes to %q", c.Code, a.Code, got.Lead)
			}
		}
	}
}

// The table of the default workflow: what shows in each state, and which states it leads to.
func TestDemoWorkflow(t *testing.T) {
	t.Parallel()
	p := demo(t)
	w, ok := p.Workflow("den-duong")
	if !ok || w.Initial != "submitted" {
		t.Fatalf("workflow: %v", w)
	}
	type row struct {
		Phase  models.Phase
		Status models.Status
		Public models.Shown
		Next   []models.State
	}
	states := func(s ...models.State) []models.State { return s }
	const open, closed = models.StatusOpen, models.StatusClosed
	want := map[models.State]row{
		"submitted":   {models.PhaseReceived, open, models.ShownNone, states("verifying", "withdrawn")},
		"verifying":   {models.PhaseReceived, open, models.ShownNone, states("accepted", "rejected", "duplicate", "transferred", "needs_info", "withdrawn")},
		"needs_info":  {pack.PhaseBefore, open, models.ShownStatus, states("rejected", "duplicate", "back", "withdrawn")},
		"accepted":    {models.PhaseWorking, open, models.ShownFull, states("duplicate", "assigned", "withdrawn")},
		"assigned":    {models.PhaseWorking, open, models.ShownFull, states("duplicate", "assigned", "in_progress", "accepted", "withdrawn")},
		"in_progress": {models.PhaseWorking, open, models.ShownFull, states("duplicate", "needs_info", "assigned", "scheduled", "resolved")},
		"scheduled":   {models.PhaseWorking, open, models.ShownFull, states("duplicate", "assigned", "in_progress", "resolved")},
		"resolved":    {models.PhaseWorking, open, models.ShownFull, states("resolved", "published", "in_progress")},
		"published":   {models.PhaseAnswered, closed, models.ShownFull, states("published", "assigned", "closed")},
		"closed":      {models.PhaseEnded, closed, models.ShownFull, nil},
		"rejected":    {models.PhaseEnded, closed, models.ShownStatus, states("verifying")},
		"duplicate":   {models.PhaseEnded, closed, models.ShownLink, nil},
		"transferred": {models.PhaseEnded, closed, models.ShownStatus, nil},
		"withdrawn":   {models.PhaseEnded, closed, models.ShownNone, nil},
	}
	got := map[models.State]row{}
	for _, s := range w.AllStates() {
		r := row{Phase: s.Phase, Status: s.Open311, Public: s.Public}
		seen := map[models.State]bool{}
		for _, step := range w.From(s.Name) {
			if step.To != pack.Stay && !seen[step.To] {
				seen[step.To] = true
				r.Next = append(r.Next, step.To)
			}
		}
		got[s.Name] = r
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, s := range w.AllStates() {
		if s.Answer != (s.Name == "published" || s.Name == "closed") {
			t.Errorf("the answer is shown in %s: %v", s.Name, s.Answer)
		}
	}
}

// Who waits for the citizen keeps the phase it had, and goes back to where it came from.
func TestDemoGoesBack(t *testing.T) {
	t.Parallel()
	w, _ := demo(t).WorkflowNamed("thuong")
	if got := w.PhaseOf("needs_info", "in_progress"); got != models.PhaseWorking {
		t.Errorf("asked while working: %s", got)
	}
	if got := w.PhaseOf("needs_info", "verifying"); got != models.PhaseReceived {
		t.Errorf("asked while verifying: %s", got)
	}
	back, _ := w.Transition("provide_info")
	if got := w.Target(back, "in_progress"); got != "in_progress" {
		t.Errorf("back leads to %s", got)
	}
}

func TestDemoDemands(t *testing.T) {
	t.Parallel()
	w, _ := demo(t).WorkflowNamed("thuong")
	for name, want := range map[string]pack.Demands{
		"resolve": {
			{Kind: pack.DemandAnswer, Required: true, Min: 30}, {Kind: pack.DemandOutcome, Required: true},
			{Kind: pack.DemandProof, Required: true, AnyOf: []string{pack.ProofAfterPhoto, pack.ProofDocument}},
		},
		"reject":   {{Kind: pack.DemandReason, Required: true, Reasons: pack.ReasonsReject}, {Kind: pack.DemandNote, Required: true, Min: 10}},
		"merge":    {{Kind: pack.DemandDuplicateOf, Required: true}},
		"schedule": {{Kind: pack.DemandUntil, Required: true}, {Kind: pack.DemandNote, Required: true, Min: 10}},
		"accept":   {{Kind: pack.DemandRedactedText}, {Kind: pack.DemandCategory}},
	} {
		step, ok := w.Transition(name)
		if !ok {
			t.Fatalf("no transition %s", name)
		}
		if diff := cmp.Diff(want, step.Demands); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	answer, _ := w.Transitions["resolve"].Demands.Get(pack.DemandAnswer)
	if got := answer.Field(); got != "text" {
		t.Errorf("an answer is sent as %q", got)
	}
}

func TestDemoGuards(t *testing.T) {
	t.Parallel()
	p := demo(t)
	w, _ := p.WorkflowNamed("thuong")
	now := moment(t, p, "2026-03-20 08:00")
	reopen := pack.Input{Category: "o-ga", Now: now, Rating: pack.RatingInput{Level: "unsatisfied"},
		Report: pack.ReportInput{PublishedAt: now.AddDate(0, 0, -3)}}
	twice, old, happy, never := reopen, reopen, reopen, reopen
	twice.Report.Reopens = 2
	old.Report.PublishedAt = now.AddDate(0, 0, -15)
	happy.Rating.Level = "satisfied"
	never.Report.PublishedAt = time.Time{}
	bridge := pack.Input{Category: "cau-hong", Now: now}
	approved := bridge
	approved.Report.Approved = true
	for _, tt := range []struct {
		name, step string
		in         pack.Input
		want       bool
	}{
		{"unsatisfied", "reopen", reopen, true}, {"a third time", "reopen", twice, false}, {"after 15 days", "reopen", old, false},
		{"satisfied", "reopen", happy, false}, {"never published", "reopen", never, false},
		{"no approval needed", "publish", reopen, true}, {"approval needed", "publish", bridge, false}, {"approved", "publish", approved, true},
		{"approve once", "approve", approved, false}, {"approve", "approve", bridge, true}, {"no guard", "claim", bridge, true},
	} {
		step, _ := w.Transition(tt.step)
		if got, err := p.Holds(step.Guard(), tt.in); err != nil || got != tt.want {
			t.Errorf("%s: %s = %v, %v", tt.step, tt.name, got, err)
		}
	}
}

func TestDemoClocks(t *testing.T) {
	t.Parallel()
	p := demo(t)
	w, _ := p.WorkflowNamed("thuong")
	work, _ := w.Clock("xu-ly")
	cat, _ := p.Category("den-duong")
	accepted := moment(t, p, "2026-02-13 16:00")
	for _, tt := range []struct {
		name, unit string
		urgency    models.Urgency
		want       string
	}{
		{"three days over Tết, office hours", "so-xay-dung", models.UrgencyNormal, "2026-02-25 17:00"},
		{"three days by day and night", "chieu-sang", models.UrgencyNormal, "2026-02-16 16:00"},
		{"urgent: four hours", "so-xay-dung", models.UrgencyUrgent, "2026-02-23 10:30"},
		{"no unit yet: the city's hours", "", models.UrgencyNormal, "2026-02-25 17:00"},
	} {
		got := p.Start(p.Term(work, pack.Case{Category: cat, Urgency: tt.urgency}), tt.unit, accepted)
		if s := got.Due.Format("2006-01-02 15:04"); s != tt.want {
			t.Errorf("%s: due %s, want %s", tt.name, s, tt.want)
		}
	}
	wait, _ := w.Clock("cho-dan")
	if got := p.Start(p.Term(wait, pack.Case{Category: cat}), "", accepted).Due; !got.Equal(accepted.AddDate(0, 0, 7)) {
		t.Errorf("the citizen has until %s", got)
	}
	if _, wall := p.Counter(models.CountsWall, "").(interface{ Zone() *time.Location }); wall {
		t.Error("the wall has no calendar")
	}
}

func TestDemoBounds(t *testing.T) {
	t.Parallel()
	p := demo(t)
	centre, err := geo.NewPoint(16.4637, 107.5909)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Bounds().Contains(centre) {
		t.Errorf("bounds %+v", p.Bounds())
	}
	if !p.Above("ubnd", "phuong-cau-may") || p.Above("ioc", "phuong-cau-may") {
		t.Error("the city is above its wards, the operations centre is not")
	}
}

func BenchmarkRoute(b *testing.B) {
	p := demo(b)
	in := pack.Input{Category: "den-duong", Area: pack.AreaInput{Code: "90001", Kind: "phuong"}, Now: moment(b, p, "2026-03-02 08:00")}
	for b.Loop() {
		p.Route(in)
	}
}

func BenchmarkHolds(b *testing.B) {
	p := demo(b)
	w, _ := p.WorkflowNamed("thuong")
	step, _ := w.Transition("reopen")
	in := pack.Input{Category: "o-ga", Rating: pack.RatingInput{Level: "unsatisfied"}, Now: moment(b, p, "2026-03-02 08:00")}
	for b.Loop() {
		if _, err := p.Holds(step.Guard(), in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseAndCheck(b *testing.B) {
	for b.Loop() {
		if err := pack.Check(demo(b)).Err(); err != nil {
			b.Fatal(err)
		}
	}
}
