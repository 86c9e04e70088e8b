// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"fmt"
	"testing"

	"hientruong/geo"
	"hientruong/live"
	"hientruong/models"
)

// asks are filters of all kinds, as everybody who can watch.
func (c *city) asks() map[string]live.Ask {
	b := c.pack.Bounds()
	middle := b.Centre()
	quarter := geo.Bounds{MinLon: b.MinLon, MinLat: b.MinLat, MaxLon: middle.Lon(), MaxLat: middle.Lat()}
	small := geo.Bounds{MinLon: middle.Lon() - 0.02, MinLat: middle.Lat() - 0.02, MaxLon: middle.Lon() + 0.02, MaxLat: middle.Lat() + 0.02}
	yes, no := true, false
	filters := map[string]models.ReportFilter{
		"all":      {},
		"quarter":  {Box: &quarter},
		"small":    {Box: &small},
		"near":     {Near: &middle, RadiusM: 3000},
		"category": {Categories: []string{one(c, c.pack.Categories()).Code, one(c, c.pack.Categories()).Code}},
		"phase":    {Phases: []models.Phase{models.PhaseWorking}},
		"state":    {States: []models.State{"accepted", "assigned", "rejected"}},
		"unit":     {Units: []string{one(c, c.pack.Units()).Code, one(c, c.pack.Units()).Code, "chieu-sang"}},
		"urgent":   {Urgent: &yes, Box: &quarter},
		"calm":     {Urgent: &no},
		"late":     {Overdue: &yes, Clocks: []string{"xu-ly"}},
	}
	actors := map[string]models.Actor{
		"guest": models.Guest(1), "operator": staff("ioc", models.RoleOperator), "unit": staff("chieu-sang", models.RoleHandler), "water": staff("cap-nuoc", models.RoleUnitHead),
	}
	out := map[string]live.Ask{}
	for name, f := range filters {
		for who, a := range actors {
			out[fmt.Sprintf("%s for %s", name, who)] = live.Ask{Actor: a, Filter: f}
		}
	}
	return out
}

// Whatever happens, and wherever somebody is cut off and comes back to, what they were told
// adds up to what the list says.
func TestWhatIsToldAddsUpToTheList(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	for range 30 {
		c.somewhere()
	}
	nodes := []*live.Hub{
		c.node(), c.node(func(c *live.Config) { c.Bell = nil }),
		// One that remembers almost nothing: who comes back to it reads the log.
		c.node(func(c *live.Config) { c.Recent = 4 }),
	}
	watchers := map[string]*watcher{}
	for name, ask := range c.asks() {
		watchers[name] = c.watch(one(c, nodes), ask)
	}
	for round := range 4 {
		for range 10 {
			c.somewhere()
		}
		for range 80 {
			c.wander()
		}
		for _, w := range watchers {
			if c.random.IntN(3) == 0 {
				w.leave()
			}
		}
		for range 40 {
			c.wander()
		}
		for _, w := range watchers {
			if w.isEnded() {
				w.connect(one(c, nodes))
			}
		}
		for name, w := range watchers {
			w.holds(fmt.Sprintf("round %d, %s, after %v", round, name, c.taken))
		}
	}
	upserts, leaves := 0, 0
	for name, w := range watchers {
		upserts, leaves = upserts+len(w.said("upsert")), leaves+len(w.said("leave"))
		if n := len(w.said("reset")); n > 0 {
			t.Errorf("%s was reset %d times", name, n)
		}
	}
	if upserts < 600 || leaves < 100 || c.taken["hide"] == 0 || c.taken["accept"] == 0 {
		t.Errorf("little happened: %d upserts, %d leaves, %v", upserts, leaves, c.taken)
	}
}
