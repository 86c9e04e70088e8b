// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing/fstest"
	"time"
	_ "time/tzdata"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

const (
	jurisdiction = 1
	demoFolder   = "../packs/demo"
)

// tester is what testing.T and rapid.T share.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// demoPack is the demo city, parsed once: it never changes.
var demoPack = sync.OnceValues(func() (*pack.Pack, error) {
	p, faults := pack.Parse(os.DirFS(demoFolder))
	return p, faults.Err()
})

// A world is a ledger in memory: it shows facts, takes changes in, and checks of each
// what the database and the log would.
type world struct {
	t       tester
	packs   *pack.Store
	pack    *pack.Pack
	now     time.Time
	made    int
	reports map[uuid.UUID]*models.ReportFacts
	photos  map[uuid.UUID]models.Photo
	texts   map[uuid.UUID]models.Text
	staff   map[uuid.UUID]models.Staff
	events  []models.Event
}

// newWorld is the demo city on Monday, 2 March 2026, at 9 in the morning.
func newWorld(t tester) *world {
	t.Helper()
	p, err := demoPack()
	if err != nil {
		t.Fatalf("the demo pack: %v", err)
	}
	return worldOf(t, p)
}

func worldOf(t tester, p *pack.Pack) *world {
	w := &world{
		t: t, packs: pack.NewStore().With(jurisdiction, 1, p, time.Time{}), pack: p,
		reports: map[uuid.UUID]*models.ReportFacts{}, photos: map[uuid.UUID]models.Photo{}, texts: map[uuid.UUID]models.Text{},
		staff: map[uuid.UUID]models.Staff{},
	}
	w.at("2026-03-02 09:00")
	return w
}

// changedPack is the demo city with some files made otherwise.
func changedPack(t tester, change map[string]func(string) string) *pack.Pack {
	t.Helper()
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
	for name, how := range change {
		before := ""
		if f, ok := files[name]; ok {
			before = string(f.Data)
		}
		files[name] = &fstest.MapFile{Data: []byte(how(before))}
	}
	p, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

// clone is the same world, apart; t is its new test.
func (w *world) clone(t tester) *world {
	c := *w
	c.t = t
	c.staff = maps.Clone(w.staff)
	c.reports, c.photos, c.texts, c.events = maps.Clone(w.reports), maps.Clone(w.photos), maps.Clone(w.texts), slices.Clone(w.events)
	return &c
}

// at sets the clock to a time of day in the city.
func (w *world) at(when string) {
	w.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", when, w.pack.Zone())
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	w.now = t.UTC()
}

func (w *world) after(d time.Duration) { w.now = w.now.Add(d) }

func (w *world) id() uuid.UUID {
	w.made++
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%d", w.made))
}

func (w *world) draft(body string) models.Draft { return models.Draft{ID: w.id(), Body: body} }

func (w *world) report(id uuid.UUID) models.Report { return w.reports[id].Report }

func (w *world) facts(n models.Needs) models.Facts {
	f := models.Facts{
		Reports: map[uuid.UUID]*models.ReportFacts{}, Photos: map[uuid.UUID]models.Photo{}, Texts: map[uuid.UUID]models.Text{},
		Staff: map[uuid.UUID]models.Staff{},
	}
	for _, id := range n.Reports {
		if r, ok := w.reports[id]; ok {
			f.Reports[id] = r
		}
	}
	for _, id := range n.Photos {
		if p, ok := w.photos[id]; ok {
			f.Photos[id] = p
		}
	}
	for _, id := range n.Texts {
		if t, ok := w.texts[id]; ok {
			f.Texts[id] = t
		}
	}
	for _, id := range n.Staff {
		if s, ok := w.staff[id]; ok {
			f.Staff[id] = s
		}
	}
	return f
}

// do decides twice, and takes the change in. Both decisions must be the same to the byte,
// and the facts must be left as they were.
func (w *world) do(intent models.Intent) (models.Change, error) {
	w.t.Helper()
	facts := w.facts(intent.Needs())
	before := w.dump(facts)
	change, err := intent.Decide(facts, w.now)
	again, errAgain := intent.Decide(facts, w.now)
	if a, b := w.dump(change), w.dump(again); a != b || fmt.Sprint(err) != fmt.Sprint(errAgain) {
		w.t.Fatalf("deciding twice gave two changes:\n%s (%v)\n%s (%v)", a, err, b, errAgain)
	}
	if after := w.dump(facts); after != before {
		w.t.Fatalf("deciding changed the facts:\n%s\n%s", before, after)
	}
	if err != nil {
		if len(change.Insert)+len(change.Update)+len(change.Events) > 0 {
			w.t.Errorf("a refusal changes something: %+v", change)
		}
		return change, err
	}
	w.takeIn(change)
	return change, nil
}

func (w *world) dump(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return string(b)
}

func (w *world) takeIn(c models.Change) {
	w.t.Helper()
	before := map[uuid.UUID]*models.ReportFacts{}
	for _, row := range slices.Concat(c.Insert, c.Update) {
		if r, ok := row.(models.Report); ok {
			before[r.ID] = w.reports[r.ID]
		}
	}
	for _, row := range c.Insert {
		w.put(row, false)
	}
	for _, row := range c.Update {
		w.put(row, true)
	}
	for id, was := range before {
		w.checkOneLead(id)
		w.checkFollowers(id)
		w.checkEvents(id, c, was)
	}
	w.events = append(w.events, c.Events...)
}

// put writes a row that must be there already, or must not be.
func (w *world) put(row models.Row, there bool) {
	w.t.Helper()
	if broken := brokenChecks(row); len(broken) > 0 {
		w.t.Fatalf("%v: %s", broken, w.dump(row))
	}
	found := false
	switch r := row.(type) {
	case models.Report:
		_, found = w.reports[r.ID]
		w.hang(r.ID, func(f *models.ReportFacts) { f.Report = r })
	case models.Task:
		w.hang(r.ReportID, func(f *models.ReportFacts) {
			f.Tasks, found = replaced(f.Tasks, r, func(t models.Task) bool { return t.ID == r.ID })
		})
	case models.Deadline:
		w.hang(r.ReportID, func(f *models.ReportFacts) {
			f.Deadlines, found = replaced(f.Deadlines, r, func(d models.Deadline) bool { return d.ID == r.ID })
		})
	case models.Rating:
		w.hang(r.ReportID, func(f *models.ReportFacts) {
			f.Ratings, found = replaced(f.Ratings, r, func(o models.Rating) bool { return o.Round == r.Round })
		})
	case models.Follow:
		w.hang(r.ReportID, func(f *models.ReportFacts) {
			f.Follows, found = replaced(f.Follows, r, func(o models.Follow) bool { return o.Follower == r.Follower })
		})
	case models.Photo:
		var was models.Photo
		was, found = w.photos[r.ID]
		w.photos[r.ID] = r
		if found && was.ReportID != nil && *was.ReportID != *r.ReportID {
			w.hang(*was.ReportID, func(f *models.ReportFacts) {
				f.Photos = slices.DeleteFunc(slices.Clone(f.Photos), func(p models.Photo) bool { return p.ID == r.ID })
			})
		}
		w.hang(*r.ReportID, func(f *models.ReportFacts) {
			f.Photos, _ = replaced(f.Photos, r, func(p models.Photo) bool { return p.ID == r.ID })
		})
	case models.Text:
		_, found = w.texts[r.ID]
		w.texts[r.ID] = r
	}
	if found != there {
		w.t.Fatalf("a row of %s is there already: %t, and should be: %t: %s", row.TableName(), found, there, w.dump(row))
	}
}

// hang changes a copy of a report's facts. What hangs on it lies in no order, as in the
// database, where ids say nothing of the time.
func (w *world) hang(id uuid.UUID, change func(*models.ReportFacts)) {
	next := models.ReportFacts{}
	if f, ok := w.reports[id]; ok {
		next = *f
	}
	change(&next)
	slices.SortFunc(next.Tasks, func(a, b models.Task) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	slices.SortFunc(next.Deadlines, func(a, b models.Deadline) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	w.reports[id] = &next
}

func replaced[T any](list []T, item T, same func(T) bool) ([]T, bool) {
	next := slices.Clone(list)
	if i := slices.IndexFunc(next, same); i >= 0 {
		next[i] = item
		return next, true
	}
	return append(next, item), false
}

// checkOneLead is the unique index of the migration, and what the report says of it.
func (w *world) checkOneLead(id uuid.UUID) {
	w.t.Helper()
	f := w.reports[id]
	if f == nil {
		return
	}
	var leads []string
	for _, t := range f.Tasks {
		if t.Lead && t.Active() {
			leads = append(leads, t.Unit)
		}
	}
	if len(leads) > 1 {
		w.t.Fatalf("several leads: %v", leads)
	}
	unit := ""
	if f.Report.LeadUnit != nil {
		unit = *f.Report.LeadUnit
	}
	if f.Report.Phase != models.PhaseEnded && unit != strings.Join(leads, "") {
		w.t.Fatalf("in %s the lead is %q and the tasks say %v", f.Report.State, unit, leads)
	}
}

// checkFollowers: the counts of a report are those of its followers.
func (w *world) checkFollowers(id uuid.UUID) {
	w.t.Helper()
	f := w.reports[id]
	var all, meToo int32
	for _, one := range f.Follows {
		if one.Active() {
			all++
			if one.MeToo {
				meToo++
			}
		}
	}
	if f.Report.Followers != all || f.Report.MeToo != meToo {
		w.t.Fatalf("the report counts %d and %d followers, there are %d and %d", f.Report.Followers, f.Report.MeToo, all, meToo)
	}
}

// checkEvents: a report's events are numbered without a gap, what they say was and is fits
// what is stored, and the version moves when it should.
func (w *world) checkEvents(id uuid.UUID, c models.Change, before *models.ReportFacts) {
	w.t.Helper()
	seq, version := int64(0), int64(1)
	var keys *models.Keys
	if before != nil {
		seq, version, keys = before.Report.EventSeq, before.Report.Version, before.Report.Keys()
	}
	for _, e := range c.Events {
		if e.SubjectKind != models.SubjectReport || e.SubjectID != id {
			continue
		}
		seq++
		body, err := e.ParseBody()
		if err != nil || e.SubjectSeq != seq || !e.At.Equal(w.now) {
			w.t.Fatalf("event %d: %+v (%v)", seq, e, err)
		}
		w.checkTexts(body)
		if body.Before != nil && (keys == nil || *body.Before != *keys) {
			w.t.Fatalf("%s %s says it was %+v, and it was %+v", e.Kind, body.Transition, body.Before, keys)
		}
		if body.After != nil {
			if keys != nil && versioned(*keys) != versioned(*body.After) {
				version++
			}
			keys = body.After
		}
		if body.Version != version {
			w.t.Fatalf("%s %s is of version %d, expected %d", e.Kind, body.Transition, body.Version, version)
		}
	}
	r := w.report(id)
	if r.EventSeq != seq || r.Version != version || keys == nil || *r.Keys() != *keys {
		w.t.Fatalf("the events say %d, %d, %+v; the report %d, %d, %+v", seq, version, keys, r.EventSeq, r.Version, r.Keys())
	}
}

// checkTexts: the digests that an event keeps are those of texts that are there.
func (w *world) checkTexts(body models.Body) {
	w.t.Helper()
	for kind, mark := range body.Texts {
		if t, ok := w.texts[mark.ID]; !ok || t.Mark() != mark {
			w.t.Fatalf("the %s of an event is none that is kept: %+v", kind, mark)
		}
	}
}

// versioned is what a version stands for.
func versioned(k models.Keys) models.Keys {
	return models.Keys{State: k.State, Unit: k.Unit, Category: k.Category, Area: k.Area, Tile16: k.Tile16}
}

func codeOf(err error) models.Code {
	if err == nil {
		return ""
	}
	return models.CodeOf(err)
}

// fieldsOf are the faults of an invalid request, as "location code".
func fieldsOf(err error) []string {
	var e *models.Error
	if !errors.As(err, &e) {
		return nil
	}
	var out []string
	for _, f := range e.Fields {
		out = append(out, f.Location+" "+string(f.Code))
	}
	return out
}

// act takes a step with the version that is current.
func (w *world) act(a models.Actor, id uuid.UUID, name string, with workflow.Action) (models.Change, error) {
	w.t.Helper()
	intent := workflow.Act{Packs: w.packs, Actor: a, ReportID: id, Name: name, Action: with}
	if f, ok := w.reports[id]; ok && a.IsStaff() {
		intent.Version = &f.Report.Version
	}
	return w.do(intent)
}
