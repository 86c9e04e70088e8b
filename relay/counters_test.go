// SPDX-License-Identifier: Apache-2.0

package relay_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/database/dbtest"
	"hientruong/geo"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/relay"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// town is a database with the demo city, a ledger, and reports that are moved at random.
type town struct {
	t       *testing.T
	db      *dbtest.Database
	ledger  *ledger.Ledger
	pack    *pack.Pack
	packs   *pack.Store
	random  *rand.Rand
	reports []uuid.UUID
	taken   map[string]int // steps, by name
}

func newTown(t *testing.T) *town {
	t.Helper()
	p, faults := pack.Parse(os.DirFS("../packs/demo"))
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	c := &town{t: t, db: dbtest.New(t), pack: p, random: rand.New(rand.NewPCG(4, 2)), taken: map[string]int{}}
	if _, err := models.EnsureJurisdiction(t.Context(), c.db.DB.Gorm, p.ID()); err != nil {
		t.Fatal(err)
	}
	holder := &pack.Holder{}
	holder.Add(1, 1, p, time.Time{})
	c.packs = holder.Load()
	c.ledger = ledger.New(ledger.Config{Pool: c.db.DB.Pool})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := c.ledger.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return c
}

func one[T any](c *town, all []T) T { return all[c.random.IntN(len(all))] }

func draft(body string) models.Draft {
	return models.Draft{ID: uuid.Must(uuid.NewV7()), Body: body}
}

var citizen = models.Actor{Kind: models.ActorCitizen, ID: uuid.MustParse("01900000-0000-7000-8000-00000000c171"), Jurisdiction: 1, Roles: []models.Role{models.RoleCitizen}}

// submit files a report somewhere.
func (c *town) submit() {
	c.t.Helper()
	b := c.pack.Bounds()
	lat, lon := b.MinLat+c.random.Float64()*(b.MaxLat-b.MinLat), b.MinLon+c.random.Float64()*(b.MaxLon-b.MinLon)
	category := one(c, c.pack.Categories())
	form := workflow.Form{Category: category.Code, Description: "Đèn tắt", Lat: &lat, Lon: &lon, Language: models.Vietnamese, Channel: models.ChannelApp, Urgent: c.random.IntN(4) == 0}
	if c.random.IntN(8) == 0 {
		form.Lat, form.Lon, form.AreaID = nil, nil, pack.AreaID(one(c, c.pack.Areas().All()))
	}
	if category.SOS {
		form.SOS = &models.SOS{People: 2}
	}
	id := uuid.Must(uuid.NewV7())
	_, err := c.ledger.Do(c.t.Context(), workflow.Submit{
		Packs: c.packs, Actor: citizen, Origin: models.OriginLive, Form: form, ID: id, Code: "C" + id.String(), Text: draft("Đèn tắt"),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.reports = append(c.reports, id)
}

// move tries one of the steps that lead on from where a report stands.
func (c *town) move() {
	c.t.Helper()
	var r models.Report
	if err := c.db.DB.Gorm.Where("id = ?", one(c, c.reports)).Take(&r).Error; err != nil {
		c.t.Fatal(err)
	}
	flow, ok := c.pack.WorkflowNamed(r.Workflow)
	if !ok {
		c.t.Fatalf("no workflow %s", r.Workflow)
	}
	steps := slices.DeleteFunc(slices.Clone(flow.From(r.State)), func(t *pack.Transition) bool { return t.On == pack.OnSupport || len(t.By) == 0 })
	if len(steps) == 0 {
		return
	}
	step := one(c, steps)
	who := models.Actor{Kind: models.ActorStaff, ID: uuid.MustParse("01900000-0000-7000-8000-00000000a001"), Jurisdiction: 1, Roles: []models.Role{one(c, step.By)}}
	switch {
	case step.MayBe(models.RoleCitizen) && c.random.IntN(2) == 0 || who.Roles[0] == models.RoleCitizen:
		who = citizen
	case who.Roles[0] == models.RoleSystem:
		who = models.System(1)
	case r.LeadUnit != nil:
		who.Unit = *r.LeadUnit
	}
	act := workflow.Act{Packs: c.packs, Actor: who, ReportID: r.ID, Name: step.Name, Version: &r.Version, Action: c.action(step)}
	_, err := c.ledger.Do(c.t.Context(), act)
	switch code := models.CodeOf(err); {
	case err == nil:
		c.taken[step.Name]++
	case code == models.CodeInternal || code == models.CodeUnavailable:
		c.t.Fatalf("%s: %v", step.Name, err)
	}
}

// action is something of everything that a step can demand.
func (c *town) action(step *pack.Transition) workflow.Action {
	long := "Đã kiểm tra và xử lý xong tại hiện trường, cảm ơn người dân đã phản ánh."
	until := time.Now().Add(72 * time.Hour)
	a := workflow.Action{
		Text: draft(long), Redacted: draft("Đèn tắt"), Outcome: models.OutcomeFixed, Document: draft("12/QĐ"), Unit: one(c, c.pack.Units()).Code,
		SupportUnits: []string{one(c, c.pack.Units()).Code}, Category: one(c, c.pack.Categories()).Code, Until: &until, DuplicateOf: &c.reports[0],
		Level: models.LevelUnsatisfied, Comment: draft("Chưa được"), Urgency: one(c, []models.Urgency{models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS}),
	}
	a.Part.ID = uuid.Must(uuid.NewV7())
	a.Part.Code = "P" + a.Part.ID.String()
	if d, ok := step.Demands.Get(pack.DemandReason); ok {
		a.ReasonCode = one(c, c.pack.Reasons(d.Reasons)).Code
	}
	return a
}

// catchUp lets the reader of counts read on, a few events at a time.
func (c *town) catchUp() {
	c.t.Helper()
	tail := ledger.NewTail(ledger.TailConfig{DB: c.db.DB.Gorm, Reader: relay.Counters{}, Limit: 37})
	// A reader that was just stopped may hold the cursor for a moment yet, and then there is nothing to read.
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if _, err := tail.Step(c.t.Context()); err != nil {
			c.t.Fatal(err)
		}
		var behind int64
		err := c.db.DB.Gorm.Raw("SELECT h.pos - coalesce((SELECT pos FROM cursors WHERE jurisdiction_id = 1 AND reader = ?), 0) FROM log_head h WHERE jurisdiction_id = 1",
			models.CellReader).Scan(&behind).Error
		if err != nil {
			c.t.Fatal(err)
		}
		if behind == 0 {
			return
		}
	}
	c.t.Fatal("the counts did not catch up with the log")
}

// counts are all counts there are, by what they count.
func (c *town) counts() map[string]string {
	c.t.Helper()
	var all []struct{ Name, Counted string }
	err := c.db.DB.Gorm.Raw(`SELECT concat_ws('|', level, detailed, cell, state, phase, category, unit, urgency) AS name, concat_ws('|', n, x, y, public_n, public_x, public_y) AS counted
FROM cell_counts c JOIN count_keys k ON k.id = c.key AND k.jurisdiction_id = c.jurisdiction_id
UNION ALL SELECT concat_ws('|', area, state, phase, category, unit, urgency), concat_ws('|', n, public_n)
FROM area_counts c JOIN count_keys k ON k.id = c.key AND k.jurisdiction_id = c.jurisdiction_id`).Scan(&all).Error
	if err != nil {
		c.t.Fatal(err)
	}
	out := map[string]string{}
	for _, row := range all {
		out[row.Name] = row.Counted
	}
	if len(out) != len(all) || len(all) == 0 {
		c.t.Fatalf("%d counts by %d names", len(all), len(out))
	}
	return out
}

// Reports that move at random through the real ledger are counted, by the reader that
// follows the log, exactly as a plain recount of the rows does, again and again.
func TestCountersFollowTheLog(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	for range 4 {
		for range 15 {
			c.submit()
		}
		for range 250 {
			c.move()
		}
		c.catchUp()
		followed := c.counts()
		c.held()
		if err := models.RecountCells(t.Context(), c.db.DB.Pool, 1); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.counts(), followed); diff != "" {
			t.Fatalf("after %v (-recount +followed):\n%s", c.taken, diff)
		}
	}
	for _, step := range []string{"accept", "hide", "reject"} {
		if c.taken[step] == 0 {
			t.Errorf("nobody could %s: %v", step, c.taken)
		}
	}
}

// held looks at maps of every zoom beside a count of the rows that uses no tile key at all
// but the places' own.
func (c *town) held() {
	c.t.Helper()
	operator := models.Actor{Kind: models.ActorStaff, Jurisdiction: 1, Roles: []models.Role{models.RoleOperator}}
	for name, actor := range map[string]models.Actor{"public": models.Guest(1), "operations": operator} {
		column := map[string]string{"public": "public_tile", "operations": "tile"}[name]
		var tiles []int64
		if err := c.db.DB.Gorm.Raw("SELECT " + column + " FROM reports WHERE " + column + " IS NOT NULL").Scan(&tiles).Error; err != nil {
			c.t.Fatal(err)
		}
		for z := geo.Zoom(0); z <= 16; z++ {
			want := map[geo.Cell]int64{}
			for _, tile := range tiles {
				want[geo.CellOfKey(z, tile>>geo.Shift(z))]++
			}
			for cell, n := range want {
				got, err := models.ReadTile(c.t.Context(), c.db.DB.Gorm, actor, models.TileFilter{}, cell)
				if err != nil {
					c.t.Fatal(err)
				}
				shown := int64(len(got.Spots))
				for _, cluster := range got.Clusters {
					shown += cluster.Count
				}
				if shown != n {
					c.t.Errorf("%s, %v: %d shown, want %d", name, cell, shown, n)
				}
			}
		}
	}
}

// A recount while reports come in leaves nothing out and counts nothing twice.
func TestRecountWhileEverythingGoesOn(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	ctx, stop := context.WithCancel(t.Context())
	read := make(chan struct{})
	go func() {
		defer close(read)
		ledger.NewTail(ledger.TailConfig{DB: c.db.DB.Gorm, Reader: relay.Counters{}, Poll: time.Millisecond}).Run(ctx)
	}()
	for i := range 40 {
		c.submit()
		if i%10 == 0 {
			if err := models.RecountCells(t.Context(), c.db.DB.Pool, 1); err != nil {
				t.Fatal(err)
			}
		}
	}
	stop()
	<-read
	c.catchUp()
	followed := c.counts()
	if err := models.RecountCells(t.Context(), c.db.DB.Pool, 1); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.counts(), followed); diff != "" {
		t.Errorf("(-recount +followed):\n%s", diff)
	}
}
