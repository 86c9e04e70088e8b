// SPDX-License-Identifier: Apache-2.0

package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// overlap is how far lines and polygons are drawn beyond a tile, in units of its Extent, so
// that their strokes do not end at its border.
const overlap = 64

// fineZoom is from where shapes keep every place that a tile can tell apart; before, what
// is nearer than half a pixel falls together.
const (
	fineZoom  Zoom    = 14
	coarsened float64 = 4
)

// Shape is polygons or lines on the flat map, made ready to be cut into tiles. It never
// changes once made and is safe for concurrent use.
type Shape struct {
	rings  [][]flat // each outer ring before its holes
	outer  []bool
	closed bool
	box    flatBox
}

// flat is a place as fractions of the world's width and height.
type flat struct{ x, y float64 }

type flatBox struct{ x0, y0, x1, y1 float64 }

// PolygonShape makes polygons in (lon, lat) degrees ready.
func PolygonShape(polygons orb.MultiPolygon) *Shape {
	s := &Shape{closed: true, box: emptyBox()}
	for _, polygon := range polygons {
		for i, ring := range polygon {
			s.add(ring, i == 0)
		}
	}
	return s
}

// LineShape makes lines in (lon, lat) degrees ready.
func LineShape(lines orb.MultiLineString) *Shape {
	s := &Shape{box: emptyBox()}
	for _, line := range lines {
		s.add(line, true)
	}
	return s
}

func emptyBox() flatBox { return flatBox{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)} }

func (s *Shape) add(places []orb.Point, outer bool) {
	if s.closed && len(places) > 1 && places[0] == places[len(places)-1] {
		places = places[:len(places)-1]
	}
	ring := make([]flat, len(places))
	for i, p := range places {
		ring[i] = flatten(p)
		s.box.x0, s.box.y0 = min(s.box.x0, ring[i].x), min(s.box.y0, ring[i].y)
		s.box.x1, s.box.y1 = max(s.box.x1, ring[i].x), max(s.box.y1, ring[i].y)
	}
	s.rings, s.outer = append(s.rings, ring), append(s.outer, outer)
}

func flatten(p orb.Point) flat {
	lat := max(-maxLat, min(maxLat, p.Lat())) * math.Pi / 180
	return flat{x: (p.Lon() + 180) / 360, y: (1 - math.Asinh(math.Tan(lat))/math.Pi) / 2}
}

// In is what a cell's tile shows of the shape, ready for Layer.Polygons or Layer.Lines;
// nothing where they do not meet. Neighbours that share a border share it in tiles too.
func (s *Shape) In(c Cell) [][]XY {
	w := windowOf(c)
	if s.box.x0 > w.box.x1 || s.box.x1 < w.box.x0 || s.box.y0 > w.box.y1 || s.box.y1 < w.box.y0 {
		return nil
	}
	var out [][]XY
	skip := false // holes of an outer ring that has vanished
	for i, ring := range s.rings {
		if !s.closed {
			out = append(out, w.lines(ring)...)
			continue
		}
		if s.outer[i] {
			skip = false
		}
		if skip {
			continue
		}
		places := w.ring(ring)
		if len(places) < 3 {
			skip = skip || s.outer[i]
			continue
		}
		out = append(out, turned(places, s.outer[i]))
	}
	return out
}

// window is a cell with the edge around it.
type window struct {
	box  flatBox
	west float64
	top  float64
	side float64 // units of Extent in the world's width
	step float64
}

func windowOf(c Cell) window {
	n := float64(c.width())
	w := window{west: float64(c.X) / n, top: float64(c.Y) / n, side: n * Extent, step: 1}
	if c.Z < fineZoom {
		w.step = coarsened
	}
	margin := overlap / w.side
	w.box = flatBox{w.west - margin, w.top - margin, w.west + 1/n + margin, w.top + 1/n + margin}
	return w
}

func (w window) place(p flat) XY {
	return XY{X: w.round((p.x - w.west) * w.side), Y: w.round((p.y - w.top) * w.side)}
}

func (w window) round(v float64) int32 { return int32(math.Round(v/w.step) * w.step) }

// ring cuts a ring to the window, side by side, and drops places that fall together.
func (w window) ring(ring []flat) []XY {
	for side := range 4 {
		ring = w.cut(ring, side)
	}
	return distinct(w, ring, true)
}

// cut keeps what is on the inner side of one of the window's four sides.
func (w window) cut(ring []flat, side int) []flat {
	whole := true
	for _, p := range ring {
		whole = whole && w.inside(p, side)
	}
	if whole {
		return ring
	}
	var out []flat
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		in, next := w.inside(p, side), w.inside(q, side)
		if in {
			out = append(out, p)
		}
		if in != next {
			out = append(out, w.cross(p, q, side))
		}
	}
	return out
}

func (w window) inside(p flat, side int) bool {
	switch side {
	case 0:
		return p.x >= w.box.x0
	case 1:
		return p.x <= w.box.x1
	case 2:
		return p.y >= w.box.y0
	default:
		return p.y <= w.box.y1
	}
}

// cross is where the line from p to q meets a side. It is the same in both directions.
func (w window) cross(p, q flat, side int) flat {
	if q.x < p.x || q.x == p.x && q.y < p.y {
		p, q = q, p
	}
	if side < 2 {
		x := [2]float64{w.box.x0, w.box.x1}[side]
		return flat{x: x, y: p.y + (q.y-p.y)*(x-p.x)/(q.x-p.x)}
	}
	y := [2]float64{w.box.y0, w.box.y1}[side-2]
	return flat{x: p.x + (q.x-p.x)*(y-p.y)/(q.y-p.y), y: y}
}

// lines keeps the pieces of a line that have a part in the window.
func (w window) lines(line []flat) [][]XY {
	var out [][]XY
	var piece []flat
	flush := func() {
		if places := distinct(w, piece, false); len(places) > 1 {
			out = append(out, places)
		}
		piece = nil
	}
	for i := range max(0, len(line)-1) {
		p, q, ok := w.segment(line[i], line[i+1])
		if !ok {
			flush()
			continue
		}
		if len(piece) > 0 && piece[len(piece)-1] != p {
			flush()
		}
		if len(piece) == 0 {
			piece = append(piece, p)
		}
		piece = append(piece, q)
	}
	flush()
	return out
}

// segment cuts one segment to the window.
func (w window) segment(p, q flat) (flat, flat, bool) {
	for side := range 4 {
		in, next := w.inside(p, side), w.inside(q, side)
		switch {
		case !in && !next:
			return p, q, false
		case !in:
			p = w.cross(p, q, side)
		case !next:
			q = w.cross(p, q, side)
		}
	}
	return p, q, true
}

// distinct gives the places of a path in the tile, each once in a row; a ring's last is
// not its first.
func distinct(w window, path []flat, ring bool) []XY {
	var out []XY
	for _, p := range path {
		if at := w.place(p); len(out) == 0 || out[len(out)-1] != at {
			out = append(out, at)
		}
	}
	for ring && len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	if ring && doubleArea(out) == 0 {
		return nil
	}
	return out
}

// doubleArea is twice the area in a ring, positive where it runs clockwise as seen.
func doubleArea(ring []XY) int64 {
	var sum int64
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += int64(p.X)*int64(q.Y) - int64(q.X)*int64(p.Y)
	}
	return sum
}

// turned gives a ring the direction that the format wants of it.
func turned(ring []XY, outer bool) []XY {
	if (doubleArea(ring) > 0) == outer {
		return ring
	}
	for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
		ring[i], ring[j] = ring[j], ring[i]
	}
	return ring
}
