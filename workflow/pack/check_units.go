// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"

	"hientruong/geo"
)

// wards checks that each area has a unit that answers for it and none has two, and that what one unit leaves to another arrives.
func (c *checker) wards() {
	c.circles("successor", func(u *Unit) string { return u.Successor })
	c.circles("stand_in", func(u *Unit) string {
		if u.Code == c.pack.settings.Operations || u.StandIn == c.pack.settings.Operations {
			return ""
		}
		return u.StandIn
	})
	c.claims()
	if c.foreign {
		return
	}
	now := c.pack.moment()
	var without []geo.Area
	for _, a := range c.pack.areas.All() {
		if c.pack.ward(a.Code, now) == "" {
			without = append(without, a)
		}
	}
	const most = 10
	for i, a := range without {
		if i == most {
			c.fault("units.yaml", at("units"), "%d more areas have no ward unit", len(without)-most)
			return
		}
		c.fault("units.yaml", at("units"), "area %s %s has no ward unit; write areas: [%q] in one of units.yaml", a.Code, a.Name, a.Code)
	}
}

// claims finds the areas that two units answer for on the same day.
func (c *checker) claims() {
	claimed := map[string][]*Unit{}
	for i, u := range c.pack.unitList {
		for j, code := range u.Areas {
			for _, other := range claimed[code] {
				if u.meets(other) {
					c.fault("units.yaml", at("units", i, "areas", j), "the area %q has two units at the same time, %s and %s; leave it out of one, or write from and until when each has it: valid_from, valid_to", code, other.Code, u.Code)
				}
			}
			claimed[code] = append(claimed[code], u)
		}
	}
}

// meets tells whether there is a day on which both units exist.
func (u *Unit) meets(o *Unit) bool {
	return (u.ValidTo == "" || o.ValidFrom <= u.ValidTo) && (o.ValidTo == "" || u.ValidFrom <= o.ValidTo)
}

// circles finds the units from which a field leads round to where it began, each circle once.
func (c *checker) circles(field string, next func(*Unit) string) {
	told := map[string]bool{}
	for i, u := range c.pack.unitList {
		way := []string{u.Code}
		for len(way) <= len(c.pack.units) {
			at, ok := c.pack.units[way[len(way)-1]]
			if !ok || next(at) == "" || next(at) == u.Code {
				break
			}
			way = append(way, next(at))
		}
		last, ok := c.pack.units[way[len(way)-1]]
		if !ok || next(last) != u.Code || len(way) < 2 || told[u.Code] {
			continue
		}
		for _, code := range way {
			told[code] = true
		}
		c.fault("units.yaml", at("units", i, field), "unit %s: %s runs in a circle, %s; write another in one of them", u.Code, field, brief(way))
	}
}

// ended is the unit with which a lead comes to an end: itself, or the last of its successors. It is nil where one of them is there.
func (c *checker) ended(lead string) *Unit {
	now := c.pack.moment()
	var seen []string
	for !slices.Contains(seen, lead) {
		seen = append(seen, lead)
		u, ok := c.pack.units[lead]
		if !ok || u.ValidAt(now) {
			return nil
		}
		if u.Successor == "" {
			return u
		}
		lead = u.Successor
	}
	return nil
}
