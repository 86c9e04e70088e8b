// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"hientruong/geo"
)

// The city is drawn on a net of quadrilaterals whose knots all wards share.
// Each mesh belongs to one ward, and a ward's border is the meshes' sides that
// no second mesh of it has: so wards cannot overlap and leave no gap.
const (
	columns, rows = 75, 66
	west, south   = 107.45, 16.33
	mesh          = 0.3 / columns // degrees, and nearly the same number of metres both ways
	smoothings    = 2
	outside       = -1
)

// knot is a corner of the net, by column and row.
type knot struct{ column, row int }

type city struct {
	wards  []ward
	owner  [columns][rows]int
	places map[knot]orb.Point
}

// draw is the whole city, ascending by code.
func draw() []geo.Area {
	c := &city{wards: wards(), places: map[knot]orb.Point{}}
	c.allot()
	c.place()
	areas := make([]geo.Area, len(c.wards))
	for i, w := range c.wards {
		areas[i] = geo.Area{
			Code: w.code, Name: w.name, NameEN: w.nameEN, Kind: w.kind, Aliases: w.aliases, People: w.people,
			ValidFrom: time.Date(2025, time.July, 1, 0, 0, 0, 0, time.UTC),
			Shape:     c.shape(i),
		}
	}
	return areas
}

// allot gives each mesh within the outline to the nearest seat on its bank.
func (c *city) allot() {
	for column := range columns {
		for row := range rows {
			lon, lat := west+(float64(column)+0.5)*mesh, south+(float64(row)+0.5)*mesh
			c.owner[column][row] = c.nearest(lon, lat)
		}
	}
}

func (c *city) nearest(lon, lat float64) int {
	if !inOutline(lon, lat) {
		return outside
	}
	best, owner := math.Inf(1), outside
	for i, w := range c.wards {
		// The waves bend the borders, which would be straight between seats.
		dx := lon - w.lon + 0.003*math.Sin(lat*260+float64(i))
		dy := lat - w.lat + 0.003*math.Sin(lon*230+float64(2*i))
		if d := math.Hypot(dx, dy) / w.reach; northBank(lon, lat) == northBank(w.lon, w.lat) && d < best {
			best, owner = d, i
		}
	}
	return owner
}

func inOutline(lon, lat float64) bool {
	x, y := (lon-107.60)/0.145, (lat-16.464)/0.130
	angle := math.Atan2(y, x)
	return math.Hypot(x, y) < 0.92+0.04*math.Sin(3*angle+1)+0.03*math.Sin(7*angle)
}

func northBank(lon, lat float64) bool {
	line := river()
	for i := 1; i < len(line); i++ {
		if a, b := line[i-1], line[i]; lon <= b[0] {
			return lat > a[1]+(b[1]-a[1])*(lon-a[0])/(b[0]-a[0])
		}
	}
	return lat > line[len(line)-1][1]
}

// place puts the knots of borders: first shaken a little off the grid, then
// each drawn towards the middle of those it is joined to, which takes the steps
// of the grid away. A knot has one place for all wards that share it.
func (c *city) place() {
	joined := map[knot]map[knot]bool{}
	for i := range c.wards {
		for from, next := range c.sides(i) {
			for _, to := range next {
				for _, pair := range [2][2]knot{{from, to}, {to, from}} {
					if joined[pair[0]] == nil {
						joined[pair[0]] = map[knot]bool{}
					}
					joined[pair[0]][pair[1]] = true
				}
			}
		}
	}
	for k := range joined {
		phase := float64(k.column*57 + k.row*131)
		c.places[k] = orb.Point{
			west + (float64(k.column)+0.18*math.Sin(phase))*mesh,
			south + (float64(k.row)+0.18*math.Cos(phase*1.7))*mesh,
		}
	}
	for range smoothings {
		c.smooth(joined)
	}
	for k, p := range c.places {
		c.places[k] = orb.Point{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}
	}
}

func (c *city) smooth(joined map[knot]map[knot]bool) {
	moved := make(map[knot]orb.Point, len(c.places))
	for k, neighbours := range joined {
		var sum orb.Point
		// By direction, not by map order: sums of floats depend on their order.
		for _, step := range [4]knot{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
			if n := (knot{k.column + step.column, k.row + step.row}); neighbours[n] {
				sum[0] += c.places[n][0]
				sum[1] += c.places[n][1]
			}
		}
		p, n := c.places[k], float64(len(neighbours))
		moved[k] = orb.Point{(p[0] + sum[0]/n) / 2, (p[1] + sum[1]/n) / 2}
	}
	c.places = moved
}

// sides is the border of ward i, walked with the ward on the left: from each
// knot to the next ones (two where the ward touches itself in a corner).
func (c *city) sides(i int) map[knot][]knot {
	out := map[knot][]knot{}
	for x := range columns {
		for y := range rows {
			if c.owner[x][y] != i {
				continue
			}
			corners := [4]knot{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}}
			across := [4]knot{{x, y - 1}, {x + 1, y}, {x, y + 1}, {x - 1, y}}
			for s := range corners {
				if c.at(across[s]) != i {
					out[corners[s]] = append(out[corners[s]], corners[(s+1)%4])
				}
			}
		}
	}
	return out
}

func (c *city) at(k knot) int {
	if k.column < 0 || k.row < 0 || k.column >= columns || k.row >= rows {
		return outside
	}
	return c.owner[k.column][k.row]
}

// shape joins the sides of ward i to rings; those that run clockwise are holes.
func (c *city) shape(i int) orb.MultiPolygon {
	sides := c.sides(i)
	var outer orb.MultiPolygon
	var holes []orb.Ring
	for column := range columns + 1 {
		for row := range rows + 1 {
			for start := (knot{column, row}); len(sides[start]) > 0; {
				ring := c.walk(sides, start)
				if ring.Orientation() == orb.CCW {
					outer = append(outer, orb.Polygon{ring})
				} else {
					holes = append(holes, ring)
				}
			}
		}
	}
	// A ward of this city has one part; its holes can only be in that.
	outer[0] = append(outer[0], holes...)
	return outer
}

// walk takes one ring out of sides. At a corner where the ward touches itself
// it turns left, so that the ring does not cross its own path.
func (c *city) walk(sides map[knot][]knot, start knot) orb.Ring {
	ring := orb.Ring{c.places[start]}
	previous, here := start, take(sides, start, start)
	for {
		ring = append(ring, c.places[here])
		if here == start {
			return ring
		}
		previous, here = here, take(sides, previous, here)
	}
}

func take(sides map[knot][]knot, previous, here knot) knot {
	next := sides[here]
	pick := 0
	for i, to := range next {
		if (here.column-previous.column)*(to.row-here.row)-(here.row-previous.row)*(to.column-here.column) > 0 {
			pick = i
		}
	}
	to := next[pick]
	sides[here] = append(append([]knot{}, next[:pick]...), next[pick+1:]...)
	return to
}
