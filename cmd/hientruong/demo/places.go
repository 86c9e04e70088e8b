// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"math"
	"math/rand/v2"

	"hientruong/geo"
	"hientruong/workflow/pack"
)

// ward is an area with streets and a market, along which its people live.
type ward struct {
	area    geo.Area
	streets []street
	market  spot
}

// street is a straight line that lies in its ward.
type street struct {
	name     string
	from, to geo.Point
}

// spot is a place that people can name.
type spot struct {
	point  geo.Point
	ward   string // the name of the area
	street string
	house  int
	market string
}

const (
	streetsPerWard = 6
	metresPerLat   = 111_195.0 // of one degree of latitude
	beside         = 12.0      // metres from a street's middle, typically
)

// settle lays streets and a market into every area of a pack.
func settle(p *pack.Pack, words *vocabulary, dice *rand.Rand) []ward {
	names := streetNames(words, dice)
	var wards []ward
	for i, area := range p.Areas().All() {
		w := ward{area: area}
		for range streetsPerWard {
			if s, ok := layStreet(p, area, dice); ok {
				s.name, names = nextName(names)
				w.streets = append(w.streets, s)
			}
		}
		if len(w.streets) == 0 {
			continue
		}
		s := w.streets[0]
		w.market = spot{point: s.from, ward: area.Name, street: s.name, house: 1, market: words.Markets[i%len(words.Markets)]}
		wards = append(wards, w)
	}
	return wards
}

func streetNames(words *vocabulary, dice *rand.Rand) []string {
	var names []string
	for _, first := range words.Streets.First {
		for _, second := range words.Streets.Second {
			names = append(names, first+" "+second)
		}
	}
	dice.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names
}

// nextName takes a name off the list and puts it back at the end, with a number: a large
// city has more streets than names.
func nextName(names []string) (string, []string) {
	return names[0], append(names[1:], fmt.Sprintf("%s %d", names[0], len(names)))
}

// layStreet finds a line of some hundred metres that lies in an area.
func layStreet(p *pack.Pack, area geo.Area, dice *rand.Rand) (street, bool) {
	b := area.Bounds()
	for range 400 {
		from, err := geo.NewPoint(between(dice, b.MinLat, b.MaxLat), between(dice, b.MinLon, b.MaxLon))
		if err != nil || !inside(p, area, from) {
			continue
		}
		length, direction := 250+dice.Float64()*650, dice.Float64()*2*math.Pi
		to, ok := away(from, length, direction)
		middle, also := away(from, length/2, direction)
		if ok && also && inside(p, area, to) && inside(p, area, middle) {
			return street{from: from, to: to}, true
		}
	}
	return street{}, false
}

// between draws with two dice, so that the middle comes more often than the ends: there
// the town grew.
func between(dice *rand.Rand, low, high float64) float64 {
	return low + (dice.Float64()+dice.Float64())/2*(high-low)
}

func inside(p *pack.Pack, area geo.Area, at geo.Point) bool {
	found, ok := p.Areas().Find(at)
	return ok && found.ID == area.ID
}

// away is the point so many metres from another, in a direction (radians, 0 is east).
func away(from geo.Point, metres, direction float64) (geo.Point, bool) {
	lat := from.Lat() + metres*math.Sin(direction)/metresPerLat
	lon := from.Lon() + metres*math.Cos(direction)/(metresPerLat*math.Cos(from.Lat()*math.Pi/180))
	p, err := geo.NewPoint(lat, lon)
	return p, err == nil
}

// somewhere draws a place where people live: a ward by its people, and in it a house on a
// street or a stall of the market.
func (c *City) somewhere(dice *rand.Rand) spot {
	w := &c.wards[weighted(dice, len(c.wards), func(i int) float64 { return float64(max(c.wards[i].area.People, 1)) })]
	if chance(dice, 0.25) {
		at := w.market
		at.house = 1 + dice.IntN(20)
		at.point = c.scatter(w, at.point, 60, dice)
		return at
	}
	s := pick(dice, w.streets)
	along := dice.Float64()
	lat := s.from.Lat() + along*(s.to.Lat()-s.from.Lat())
	lon := s.from.Lon() + along*(s.to.Lon()-s.from.Lon())
	on, err := geo.NewPoint(lat, lon)
	if err != nil || !inside(c.pack, w.area, on) {
		on = s.from
	}
	house := 1 + int(along*s.from.Metres(s.to)/8)
	return spot{point: c.scatter(w, on, beside, dice), ward: w.area.Name, street: s.name, house: house, market: w.market.market}
}

// scatter moves a point by a few metres, within its ward.
func (c *City) scatter(w *ward, from geo.Point, metres float64, dice *rand.Rand) geo.Point {
	for range 20 {
		if p, ok := away(from, math.Abs(dice.NormFloat64())*metres, dice.Float64()*2*math.Pi); ok && inside(c.pack, w.area, p) {
			return p
		}
	}
	return from
}

// near draws a place a few steps from another, as somebody else reports the same thing.
func (c *City) near(at spot, dice *rand.Rand) spot {
	for i := range c.wards {
		if c.wards[i].area.Name == at.ward {
			at.point = c.scatter(&c.wards[i], at.point, beside, dice)
		}
	}
	return at
}
