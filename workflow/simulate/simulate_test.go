// SPDX-License-Identifier: Apache-2.0

package simulate_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
	"hientruong/workflow/simulate"
)

// candidate is the pack of testdata, with some files made otherwise: name, old, new.
func candidate(tb testing.TB, changes ...[3]string) *pack.Pack {
	tb.Helper()
	files := fstest.MapFS{}
	entries, err := os.ReadDir("testdata/pack")
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile("testdata/pack/" + e.Name())
		if err != nil {
			tb.Fatal(err)
		}
		files[e.Name()] = &fstest.MapFile{Data: data}
	}
	for _, c := range changes {
		before := string(files[c[0]].Data)
		if !strings.Contains(before, c[1]) {
			tb.Fatalf("%s does not hold %q", c[0], c[1])
		}
		files[c[0]] = &fstest.MapFile{Data: []byte(strings.Replace(before, c[1], c[2], 1))}
	}
	p, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		tb.Fatal(err)
	}
	return p
}

// at is an hour of Monday, 2 March 2026, in the city; above 24 of a day after.
func at(hour float64) time.Time {
	return time.Date(2026, 3, 1, 17, 0, 0, 0, time.UTC).Add(time.Duration(hour * float64(time.Hour)))
}

func staff(role models.Role, unit string) models.Actor {
	return models.Actor{Kind: models.ActorStaff, ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(string(role)+unit)), Roles: []models.Role{role}, Unit: unit}
}

// report was sent in at an hour, from inside the area, and given to unit a.
func report(category string, hour float64, steps ...simulate.Step) simulate.Report {
	lat, lon := 16.5, 107.5
	r := simulate.Report{
		ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(category+at(hour).String())), At: at(hour), Reporter: models.Guest(0), Steps: steps, Lead: "a", Settled: "a",
		Form: workflow.Form{Category: category, Description: "-", Lat: &lat, Lon: &lon, Channel: models.ChannelApp, Language: models.Vietnamese},
	}
	return r
}

func step(name string, hour float64, by models.Actor) simulate.Step {
	return simulate.Step{Kind: models.EventReportMoved, Transition: name, At: at(hour), Actor: by, Led: by.Unit != "ioc"}
}

func accept(hour float64) simulate.Step {
	return step("accept", hour, staff(models.RoleOperator, "ioc"))
}

func answer(hour float64, unit string) simulate.Step {
	s := step("answer", hour, staff(models.RoleHandler, unit))
	s.Action = workflow.Action{Text: simulate.Draft(uuid.Nil, "answer", 20), Outcome: models.OutcomeFixed}
	return s
}

// history is eight reports of one day, the way that unit a lived them.
func history() []simulate.Report {
	handed := report("waste", 8, accept(9), step("return", 10, staff(models.RoleCoordinator, "a")), step("assign", 11, staff(models.RoleOperator, "ioc")), answer(20, "b"))
	handed.Steps[1].Action.ReasonCode, handed.Steps[2].Action.Unit, handed.Settled = "r", "b", "b"
	outside := report("hole", 8.5, accept(9), answer(10, "a"))
	north := 20.0
	outside.Form.Lat = &north
	unknown := report("gone", 8)
	unknown.Lead, unknown.Settled = "", ""
	waiting := report("noise", 11)
	waiting.Lead, waiting.Settled = "", ""
	reworked := report("waste", 12, accept(12), answer(13, "a"), step("rework", 14, staff(models.RoleOperator, "ioc")), answer(15, "a"))
	return []simulate.Report{
		report("hole", 8, accept(9), answer(16, "a")),  // 7 of 8 hours
		report("hole", 9, accept(10), answer(22, "a")), // 4 hours late
		handed, outside, unknown, waiting, reworked,
		report("hole", 10, accept(11)), // due at 19, and still open
	}
}

// simulated counts a history in two tallies, as two workers would.
func simulated(tb testing.TB, p *pack.Pack, until float64, reports []simulate.Report) simulate.Result {
	tb.Helper()
	sim := simulate.New(p, nil, at(0), at(until))
	one, other := sim.Tally(), sim.Tally()
	for i := range reports {
		if i%2 == 0 {
			one.Add(&reports[i])
		} else {
			other.Add(&reports[i])
		}
	}
	one.Merge(other)
	return one.Result()
}

func none() simulate.Gaps {
	return simulate.Gaps{
		NoUnit: []simulate.Place{}, UnknownCategory: []simulate.Count{}, Outside: []simulate.Count{}, Form: []simulate.Refusal{},
		Refused: []simulate.Refusal{}, Units: []simulate.Count{},
	}
}

func TestKnownHistory(t *testing.T) {
	t.Parallel()
	r := simulated(t, candidate(t), 72, history())
	if diff := cmp.Diff(simulate.Totals{Reports: 8, Steps: 15, Taken: 6, Routed: 6, ByRule: 6, Known: 6}, r.Totals); diff != "" {
		t.Errorf("totals (-expected +found):\n%s", diff)
	}
	gaps := none()
	gaps.UnknownCategory, gaps.Outside = []simulate.Count{{Name: "gone", Reports: 1}}, []simulate.Count{{Name: "hole", Reports: 1}}
	if diff := cmp.Diff(gaps, r.Gaps); diff != "" {
		t.Errorf("gaps (-expected +found):\n%s", diff)
	}
	late := simulate.Lateness{OnTime: 4, Late: 1, OpenLate: 1, LateS: 4 * 3600, WorstS: 4 * 3600, Buckets: [5]int{1}}
	if diff := cmp.Diff(late, r.Lateness); diff != "" {
		t.Errorf("lateness (-expected +found):\n%s", diff)
	}
	// Work is due at 17, 18, 17 and 19 that day, and at 9 and, a rework's hour later, 13 the next.
	if diff := cmp.Diff([]simulate.Day{{Day: "2026-03-02", Due: 4}, {Day: "2026-03-03", Due: 2}}, r.Load); diff != "" {
		t.Errorf("load (-expected +found):\n%s", diff)
	}
	if len(r.Units) != 2 || r.Units[0].Code != "a" || r.Units[0].Routed != 6 || r.Units[0].Recorded != 6 || r.Units[1].Code != "b" || r.Units[1].Lateness.OnTime != 1 {
		t.Errorf("units: %+v", r.Units)
	}
}

func TestChangedRoutes(t *testing.T) {
	t.Parallel()
	p := candidate(t, [3]string{"routing.yaml", `category.code == "noise"`, `category.code == "waste"`})
	r := simulated(t, p, 72, history())
	if diff := cmp.Diff([]simulate.Change{{From: "a", To: "b", Reports: 2, Settled: 1}}, r.Changes); diff != "" {
		t.Errorf("changes (-expected +found):\n%s", diff)
	}
	if r.Totals.Changed != 2 || r.Totals.Settled != 1 || r.Totals.Moved != 1 || len(r.Gaps.Refused) != 0 {
		t.Errorf("%+v, %+v", r.Totals, r.Gaps.Refused)
	}
	for _, u := range r.Units {
		if u.Code == "a" && (u.Lost != 2 || u.Routed != 4) || u.Code == "b" && (u.Gained != 2 || u.Routed != 2 || u.Recorded != 0) {
			t.Errorf("%+v", u)
		}
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change [3]string
		want   func(*simulate.Gaps)
	}{
		"no rule for holes": {
			[3]string{"routing.yaml", `when: "true"`, `when: category.code == "waste"`},
			func(g *simulate.Gaps) {
				g.NoUnit = []simulate.Place{{Category: "hole", Area: "1", Reports: 3}, {Category: "hole", Reports: 1}}
				g.Refused = []simulate.Refusal{{Transition: "answer", Code: models.CodeNotFound, Reports: 3, Steps: 3}}
			},
		},
		"longer answers": {
			[3]string{"workflow.yaml", "answer: {min: 10}", "answer: {min: 30}"},
			func(g *simulate.Gaps) {
				g.Refused = []simulate.Refusal{
					{Transition: "answer", Code: models.CodeTooShort, Field: "text", Reports: 5, Steps: 6},
					{Transition: "rework", Code: models.CodeTransitionRefused, Reports: 0, Steps: 1},
				}
			},
		},
		"operators accept no more": {
			[3]string{"workflow.yaml", "to: accepted, by: [operator]", "to: accepted, by: [verifier]"},
			func(g *simulate.Gaps) {
				g.Refused = []simulate.Refusal{
					{Transition: "accept", Code: models.CodeForbidden, Reports: 6, Steps: 6},
					{Transition: "answer", Code: models.CodeNotFound, Steps: 6},
					{Transition: "assign", Code: models.CodeTransitionRefused, Steps: 1},
					{Transition: "return", Code: models.CodeNotFound, Steps: 1},
					{Transition: "rework", Code: models.CodeTransitionRefused, Steps: 1},
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := none()
			want.UnknownCategory, want.Outside = []simulate.Count{{Name: "gone", Reports: 1}}, []simulate.Count{{Name: "hole", Reports: 1}}
			tt.want(&want)
			if diff := cmp.Diff(want, simulated(t, candidate(t, tt.change), 72, history()).Gaps); diff != "" {
				t.Errorf("gaps (-expected +found):\n%s", diff)
			}
		})
	}
}

// Where a step is refused, the recorded answer is still held against the clock that runs.
func TestLatenessBehindARefusal(t *testing.T) {
	t.Parallel()
	r := report("hole", 8, accept(9), answer(20, "a"))
	r.Answered = at(20)
	got := simulated(t, candidate(t, [3]string{"workflow.yaml", "answer: {min: 10}", "answer: {min: 30}"}), 72, []simulate.Report{r})
	if want := (simulate.Lateness{Late: 1, LateS: 3 * 3600, WorstS: 3 * 3600, Buckets: [5]int{1}}); got.Lateness != want {
		t.Errorf("%+v, expected %+v", got.Lateness, want)
	}
}

// A text that was erased was as long as it had to be.
func TestErasedTexts(t *testing.T) {
	t.Parallel()
	erased := answer(20, "a")
	erased.Action.Text = models.Draft{}
	for _, known := range []bool{true, false} {
		erased.Erased = known
		r := report("hole", 8, accept(9), erased)
		refused := simulated(t, candidate(t), 72, []simulate.Report{r}).Gaps.Refused
		if (len(refused) == 0) != known {
			t.Errorf("known: %t: %+v", known, refused)
		}
	}
}

// Of a report that is only known by its beginning and end the candidate says the way.
func TestBriefReports(t *testing.T) {
	t.Parallel()
	brief := func(category string, hour, answered float64) simulate.Report {
		r := report(category, hour)
		r.Brief, r.Lead, r.Settled, r.Answered = true, "", "", at(answered)
		return r
	}
	byCode := brief("hole", 11, 12)
	byCode.Form.Lat, byCode.Form.Lon, byCode.Form.AreaID = nil, nil, "1@2019-01-01"
	later := brief("waste", 12, 200) // answered after the end: still open, and late
	got := simulated(t, candidate(t), 72, []simulate.Report{brief("hole", 8, 15), brief("noise", 9, 40), byCode, later})
	want := simulate.Lateness{OnTime: 2, Late: 1, OpenLate: 1, LateS: 7 * 3600, WorstS: 7 * 3600, Buckets: [5]int{0, 1}}
	if got.Lateness != want || got.Totals.Routed != 4 || got.Totals.Steps != 7 {
		t.Errorf("%+v, %+v", got.Lateness, got.Totals)
	}
	if diff := cmp.Diff(none(), got.Gaps); diff != "" {
		t.Errorf("gaps (-expected +found):\n%s", diff)
	}
	dead := candidate(t, [3]string{"workflow.yaml", "answer: {from: [assigned]", "answer: {from: [closed]"})
	refused := simulated(t, dead, 72, []simulate.Report{brief("hole", 8, 15)}).Gaps.Refused
	if diff := cmp.Diff([]simulate.Refusal{{Transition: "(answer)", Code: models.CodeTransitionRefused, Reports: 1, Steps: 1}}, refused); diff != "" {
		t.Errorf("(-expected +found):\n%s", diff)
	}
}

// However many names a file makes up, what is counted by name stays small.
func TestNamesAreBounded(t *testing.T) {
	t.Parallel()
	const many = 5000
	reports := make([]simulate.Report, many)
	for i := range reports {
		reports[i] = report(uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(i >> 8)}).String(), 8)
	}
	unknown := simulated(t, candidate(t), 72, reports).Gaps.UnknownCategory
	sum := 0
	for _, c := range unknown {
		sum += c.Reports
	}
	if len(unknown) > 4500 || sum != many {
		t.Errorf("%d names, %d reports", len(unknown), sum)
	}
}

func BenchmarkLive(b *testing.B) {
	sim := simulate.New(candidate(b), nil, at(0), at(72))
	tally, reports := sim.Tally(), history()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		tally.Add(&reports[n%len(reports)])
		n++
	}
}
