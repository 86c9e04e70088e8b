// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"hientruong/database/dbtest"
	"hientruong/ledger"
	"hientruong/live"
	"hientruong/models"
	"hientruong/views"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

func TestMain(m *testing.M) {
	code, err := dbtest.WithServer(context.Background(), func() int {
		before := goleak.IgnoreCurrent()
		code := m.Run()
		pools := goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener")
		if err := goleak.Find(before, pools); err != nil && code == 0 {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return code
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// city is a database with the demo's rules, and a ledger that citizens and officers use.
type city struct {
	t      *testing.T
	db     *dbtest.Database
	ledger *ledger.Ledger
	bell   *ledger.Bell
	pack   *pack.Pack
	packs  *pack.Holder
	random *rand.Rand
	filed  []uuid.UUID
	taken  map[string]int // steps, by name
}

func newCity(t *testing.T) *city {
	t.Helper()
	p, faults := pack.Parse(os.DirFS("../packs/demo"))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	c := &city{t: t, db: dbtest.New(t), bell: ledger.NewBell(), pack: p, packs: &pack.Holder{}, random: rand.New(rand.NewPCG(1, 7)), taken: map[string]int{}}
	if _, err := models.EnsureJurisdiction(t.Context(), c.db.DB.Gorm, p.ID()); err != nil {
		t.Fatal(err)
	}
	c.packs.Add(1, 1, p, time.Time{})
	c.ledger = ledger.New(ledger.Config{Pool: c.db.DB.Pool, Bell: c.bell})
	t.Cleanup(func() { c.within(c.ledger.Close) })
	return c
}

// within calls something that must be done in ten seconds.
func (c *city) within(f func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := f(ctx); err != nil {
		c.t.Error(err)
	}
}

// node is a process that answers viewers.
func (c *city) node(change ...func(*live.Config)) *live.Hub {
	config := live.Config{
		DB: c.db.DB.Gorm, Pool: c.db.DB.Pool, Bell: c.bell, Coalesce: 5 * time.Millisecond, Poll: 50 * time.Millisecond,
		Heartbeat: 20 * time.Millisecond, Recheck: 20 * time.Millisecond,
		Assembler: func(language models.Language) views.Assembler {
			return views.Assembler{Packs: c.packs.Load(), Language: language, Now: time.Now()}
		},
	}
	for _, f := range change {
		f(&config)
	}
	hub := live.New(config)
	c.t.Cleanup(func() { c.within(hub.Close) })
	return hub
}

func one[T any](c *city, all []T) T { return all[c.random.IntN(len(all))] }

func draft(body string) models.Draft { return models.Draft{ID: uuid.New(), Body: body} }

func staff(unit string, roles ...models.Role) models.Actor {
	// One and the same: what somebody holds, nobody else may step on.
	return models.Actor{Kind: models.ActorStaff, ID: uuid.MustParse("01900000-0000-7000-8000-00000000a001"), Jurisdiction: 1, Roles: roles, Unit: unit}
}

func citizen() models.Actor {
	return models.Actor{Kind: models.ActorCitizen, ID: uuid.MustParse("01900000-0000-7000-8000-00000000c171"), Jurisdiction: 1, Roles: []models.Role{models.RoleCitizen}}
}

// submit files a report of a category, at a place or in an area where there is none.
func (c *city) submit(category string, lat, lon *float64) uuid.UUID {
	c.t.Helper()
	form := workflow.Form{Category: category, Description: "Đèn tắt", Lat: lat, Lon: lon, Language: models.Vietnamese, Channel: models.ChannelApp, Urgent: c.random.IntN(4) == 0}
	if lat == nil {
		form.AreaID = pack.AreaID(one(c, c.pack.Areas().All()))
	}
	if of, _ := c.pack.Category(category); of.SOS {
		form.SOS = &models.SOS{People: 2}
	}
	id := uuid.Must(uuid.NewV7())
	_, err := c.ledger.Do(c.t.Context(), workflow.Submit{
		Packs: c.packs.Load(), Actor: citizen(), Origin: models.OriginLive, Form: form, ID: id, Code: "C" + id.String(), Text: draft("Đèn tắt"),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.filed = append(c.filed, id)
	return id
}

// somewhere files a report of any kind anywhere, sometimes without a place.
func (c *city) somewhere() {
	c.t.Helper()
	b := c.pack.Bounds()
	lat, lon := b.MinLat+c.random.Float64()*(b.MaxLat-b.MinLat), b.MinLon+c.random.Float64()*(b.MaxLon-b.MinLon)
	category := one(c, c.pack.Categories()).Code
	if c.random.IntN(8) == 0 {
		c.submit(category, nil, nil)
		return
	}
	c.submit(category, &lat, &lon)
}

func (c *city) report(id uuid.UUID) models.Report {
	c.t.Helper()
	var r models.Report
	if err := c.db.DB.Gorm.Where("id = ?", id).Take(&r).Error; err != nil {
		c.t.Fatal(err)
	}
	return r
}

// act takes a step as somebody who may.
func (c *city) act(id uuid.UUID, name string, who models.Actor, action workflow.Action) {
	c.t.Helper()
	r := c.report(id)
	_, err := c.ledger.Do(c.t.Context(), workflow.Act{Packs: c.packs.Load(), Actor: who, ReportID: id, Name: name, Version: &r.Version, Action: action})
	if err != nil {
		c.t.Fatalf("%s: %v", name, err)
	}
	c.taken[name]++
}

// wander tries one of the steps that lead on from where some report stands.
func (c *city) wander() {
	c.t.Helper()
	r := c.report(one(c, c.filed))
	flow, ok := c.pack.WorkflowNamed(r.Workflow)
	if !ok {
		c.t.Fatalf("no workflow %s", r.Workflow)
	}
	steps := slices.DeleteFunc(slices.Clone(flow.From(r.State)), func(t *pack.Transition) bool { return t.On == pack.OnSupport || len(t.By) == 0 })
	if len(steps) == 0 {
		return
	}
	step := one(c, steps)
	who := staff("ioc", one(c, step.By))
	switch {
	case who.Has(models.RoleCitizen):
		who = citizen()
	case who.Has(models.RoleSystem):
		who = models.System(1)
	case r.LeadUnit != nil:
		who.Unit = *r.LeadUnit
	}
	_, err := c.ledger.Do(c.t.Context(), workflow.Act{Packs: c.packs.Load(), Actor: who, ReportID: r.ID, Name: step.Name, Version: &r.Version, Action: c.anything(step)})
	switch code := models.CodeOf(err); {
	case err == nil:
		c.taken[step.Name]++
	case code == models.CodeInternal || code == models.CodeUnavailable:
		c.t.Fatalf("%s: %v", step.Name, err)
	}
}

// anything is something of all that a step can demand.
func (c *city) anything(step *pack.Transition) workflow.Action {
	until := time.Now().Add(72 * time.Hour)
	a := workflow.Action{
		Text: draft("Đã kiểm tra và xử lý xong tại hiện trường, cảm ơn người dân."), Redacted: draft("Đèn tắt"), Outcome: models.OutcomeFixed,
		Document: draft("12/QĐ"), Unit: one(c, c.pack.Units()).Code, SupportUnits: []string{one(c, c.pack.Units()).Code}, Category: one(c, c.pack.Categories()).Code,
		Until: &until, DuplicateOf: &c.filed[0], Level: models.LevelUnsatisfied, Comment: draft("Chưa được"),
		Urgency: one(c, []models.Urgency{models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS}),
	}
	a.Part.ID = uuid.Must(uuid.NewV7())
	a.Part.Code = "P" + a.Part.ID.String()
	if d, ok := step.Demands.Get(pack.DemandReason); ok {
		a.ReasonCode = one(c, c.pack.Reasons(d.Reasons)).Code
	}
	return a
}

// head is the position of the newest event.
func (c *city) head() int64 {
	c.t.Helper()
	pos, _, err := ledger.Head(c.t.Context(), c.db.DB.Pool, 1)
	if err != nil {
		c.t.Fatal(err)
	}
	return pos
}
