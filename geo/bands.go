// SPDX-License-Identifier: Apache-2.0

package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// edge is a border segment with its southern end first, whichever way the ring
// runs: two neighbours compute their common edge alike, to the last bit, so
// that no point can fall between them.
type edge struct{ x1, y1, x2, y2 float64 }

// bands is the edges of one area by bands of latitude of equal height.
type bands struct {
	bounds Bounds
	perLat float64 // bands a degree
	from   []int32 // band i is edges[from[i]:from[i+1]]
	edges  []edge  // an edge that crosses bands is in each of them
}

// edgesPerBand is what the number of bands aims at.
const edgesPerBand = 8

func newBands(shape orb.MultiPolygon) bands {
	edges := edgesOf(shape)
	b := bands{bounds: Area{Shape: shape}.Bounds(), from: []int32{0, 0}}
	if len(edges) == 0 {
		return b
	}
	n := max(1, len(edges)/edgesPerBand)
	if height := b.bounds.MaxLat - b.bounds.MinLat; height > 0 {
		b.perLat = float64(n) / height
	}
	b.from = make([]int32, n+1)
	for _, e := range edges {
		for i := b.band(e.y1); i <= b.band(e.y2); i++ {
			b.from[i+1]++
		}
	}
	for i := range n {
		b.from[i+1] += b.from[i]
	}
	b.edges = make([]edge, b.from[n])
	next := slices.Clone(b.from)
	for _, e := range edges {
		for i := b.band(e.y1); i <= b.band(e.y2); i++ {
			b.edges[next[i]] = e
			next[i]++
		}
	}
	return b
}

func edgesOf(shape orb.MultiPolygon) []edge {
	var edges []edge
	for _, polygon := range shape {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if b[1] < a[1] || b[1] == a[1] && b[0] < a[0] {
					a, b = b, a
				}
				if a != b {
					edges = append(edges, edge{x1: a[0], y1: a[1], x2: b[0], y2: b[1]})
				}
			}
		}
	}
	return edges
}

// band is monotone in lat, so the band of a point holds every edge beside it.
func (b *bands) band(lat float64) int {
	i := int((lat - b.bounds.MinLat) * b.perLat)
	return max(0, min(len(b.from)-2, i))
}

// contains counts the edges east of p (even-odd over all rings, so holes and
// parts need no special care); a point on an edge is inside.
func (b *bands) contains(p Point) bool {
	if !b.bounds.Contains(p) {
		return false
	}
	i := b.band(p.lat)
	inside := false
	for _, e := range b.edges[b.from[i]:b.from[i+1]] {
		if p.lat < e.y1 || p.lat > e.y2 {
			continue
		}
		side := (e.x2-e.x1)*(p.lat-e.y1) - (e.y2-e.y1)*(p.lon-e.x1)
		if side == 0 && p.lon >= min(e.x1, e.x2) && p.lon <= max(e.x1, e.x2) {
			return true
		}
		// Half-open at the top, so that a vertex between two edges counts once.
		if side > 0 && p.lat < e.y2 {
			inside = !inside
		}
	}
	return inside
}

// metres is how far p is from the nearest edge within reach; +Inf if none is.
func (b *bands) metres(p Point, reach Bounds) float64 {
	best := math.Inf(1)
	if b.bounds.MinLat > reach.MaxLat || b.bounds.MaxLat < reach.MinLat ||
		b.bounds.MinLon > reach.MaxLon || b.bounds.MaxLon < reach.MinLon {
		return best
	}
	first, last := b.band(reach.MinLat), b.band(reach.MaxLat)
	perLon := metresPerDegree * math.Cos(p.lat*math.Pi/180)
	for _, e := range b.edges[b.from[first]:b.from[last+1]] {
		x1, y1 := (e.x1-p.lon)*perLon, (e.y1-p.lat)*metresPerDegree
		x2, y2 := (e.x2-p.lon)*perLon, (e.y2-p.lat)*metresPerDegree
		best = min(best, toSegment(x1, y1, x2, y2))
	}
	return best
}

// toSegment is the distance from the origin to the segment.
func toSegment(x1, y1, x2, y2 float64) float64 {
	dx, dy := x2-x1, y2-y1
	along := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		along = max(0, min(1, -(x1*dx+y1*dy)/length))
	}
	return math.Hypot(x1+along*dx, y1+along*dy)
}
