// SPDX-License-Identifier: Apache-2.0

package geo_test

import (
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"hientruong/geo"
)

// rectangle is a box in degrees as a polygon.
func rectangle(west, south, east, north float64) orb.Polygon {
	return orb.Polygon{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}
}

func TestShapesAreCutToTheTile(t *testing.T) {
	t.Parallel()
	cell, err := geo.NewCell(1, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	world := geo.PolygonShape(orb.MultiPolygon{rectangle(-180, -85, 180, 85)})
	rings := world.In(cell)
	if len(rings) != 1 {
		t.Fatalf("%d rings", len(rings))
	}
	for _, p := range rings[0] {
		if p.X < -64 || p.X > geo.Extent+64 || p.Y < -64 || p.Y > geo.Extent+64 {
			t.Errorf("%v lies too far out", p)
		}
	}
	if a := area(rings); a < geo.Extent*geo.Extent*0.98 {
		t.Errorf("area %v", a)
	}
	beside := geo.PolygonShape(orb.MultiPolygon{rectangle(-100, -50, -90, -40)})
	if rings := beside.In(cell); rings != nil {
		t.Errorf("what lies beside shows as %v", rings)
	}
	line := geo.LineShape(orb.MultiLineString{{{-90, 45}, {90, 45}, {100, -45}, {110, 45}}})
	pieces := line.In(cell)
	if len(pieces) != 2 || len(pieces[0]) != 3 {
		t.Errorf("a line that leaves and comes back shows as %v", pieces)
	}
}

// area sums outer rings and takes holes off: all rings run as the format wants.
func area(rings [][]geo.XY) float64 {
	sum := 0.0
	for _, ring := range rings {
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			sum += (float64(p.X)*float64(q.Y) - float64(q.X)*float64(p.Y)) / 2
		}
	}
	return sum
}

// A hole stays a hole, whichever way the file's rings run.
func TestHolesRunTheOtherWay(t *testing.T) {
	t.Parallel()
	outer, hole := rectangle(100, 10, 110, 20)[0], rectangle(103, 13, 106, 16)[0]
	cell := geo.TileOf(mustPoint(t, 15, 105)).At(4)
	want := 0.0
	for i, polygon := range []orb.Polygon{{outer, hole}, {reversed(outer), hole}, {outer, reversed(hole)}, {reversed(outer), reversed(hole)}} {
		rings := geo.PolygonShape(orb.MultiPolygon{polygon}).In(cell)
		got := area(rings)
		if i == 0 {
			want = got
		}
		if len(rings) != 2 || got != want || got <= 0 {
			t.Errorf("%d: %d rings, area %v, want %v", i, len(rings), got, want)
		}
	}
}

func reversed(ring orb.Ring) orb.Ring {
	out := ring.Clone()
	out.Reverse()
	return out
}

// The tiles of a zoom hold a shape whole: cut to their squares, the pieces add up.
func TestTilesAddUp(t *testing.T) {
	t.Parallel()
	row := func(lat float64) float64 { return (1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2 }
	rapid.Check(t, func(t *rapid.T) {
		west, south := rapid.Float64Range(100, 110).Draw(t, "west"), rapid.Float64Range(5, 20).Draw(t, "south")
		width, height := rapid.Float64Range(1, 8).Draw(t, "width"), rapid.Float64Range(1, 8).Draw(t, "height")
		shape := geo.PolygonShape(orb.MultiPolygon{rectangle(west, south, west+width, south+height)})
		z := geo.Zoom(rapid.IntRange(5, 7).Draw(t, "zoom"))
		sum := 0.0
		for x := range uint32(1) << z {
			for y := range uint32(1) << z {
				sum += inside(shape.In(geo.Cell{Z: z, X: x, Y: y}))
			}
		}
		side := geo.Extent * math.Exp2(float64(z))
		want := width / 360 * (row(south) - row(south+height)) * side * side
		if math.Abs(sum-want)/want > 0.05 {
			t.Fatalf("the pieces have %v, the whole %v", sum, want)
		}
	})
}

// inside is the area of a tile's rectangle that lies in its square.
func inside(rings [][]geo.XY) float64 {
	sum := 0.0
	for _, ring := range rings {
		x0, y0, x1, y1 := int32(geo.Extent), int32(geo.Extent), int32(0), int32(0)
		for _, p := range ring {
			x0, y0, x1, y1 = min(x0, p.X), min(y0, p.Y), max(x1, p.X), max(y1, p.Y)
		}
		x0, y0, x1, y1 = max(0, x0), max(0, y0), min(geo.Extent, x1), min(geo.Extent, y1)
		sum += float64(max(0, x1-x0)) * float64(max(0, y1-y0))
	}
	return sum
}

// The outline of two neighbours leaves out the border between them.
func TestOutline(t *testing.T) {
	t.Parallel()
	a, b := rectangle(100, 10, 101, 11), rectangle(101, 10, 102, 11)
	lines := geo.Outline([]geo.Area{{Code: "a", Shape: orb.MultiPolygon{a}}, {Code: "b", Shape: orb.MultiPolygon{b}}})
	if got := planar.Length(lines); math.Abs(got-6) > 1e-9 {
		t.Errorf("the outline is %v long: %v", got, lines)
	}
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			if line[i-1][0] == 101 && line[i][0] == 101 {
				t.Errorf("the common border is in it: %v", lines)
			}
		}
	}
}

// Both archipelagos are there, each island inside the line around its own.
func TestArchipelagos(t *testing.T) {
	t.Parallel()
	all := geo.Archipelagos()
	if len(all) != 2 {
		t.Fatalf("%d archipelagos", len(all))
	}
	for _, a := range all {
		if !planar.PolygonContains(a.Around, a.Label) || a.Name == "" || a.NameEN == "" || len(a.Islands) < 5 {
			t.Errorf("%s: its name stands outside, or too little is told of it", a.Name)
		}
		for _, island := range a.Islands {
			if !planar.PolygonContains(a.Around, island.At) || island.Name == "" || island.NameEN == "" {
				t.Errorf("%s lies outside %s", island.Name, a.Name)
			}
		}
	}
}

func BenchmarkShapeIn(b *testing.B) {
	file, err := os.Open("../packs/demo/areas.geojson")
	if err != nil {
		b.Fatal(err)
	}
	areas, err := geo.ParseAreas(file, geo.DefaultProperties())
	if err != nil {
		b.Fatal(err)
	}
	shapes := make([]*geo.Shape, len(areas))
	for i, a := range areas {
		shapes[i] = geo.PolygonShape(a.Shape)
	}
	cell := geo.TileOf(mustPoint(b, 16.46, 107.59)).At(9)
	for b.Loop() {
		for _, s := range shapes {
			s.In(cell)
		}
	}
}
