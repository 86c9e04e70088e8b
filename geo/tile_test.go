// SPDX-License-Identifier: Apache-2.0

package geo_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"hientruong/geo"
)

func ExampleTile_At() {
	ngoMonGate, _ := geo.NewPoint(16.4678, 107.5791)
	tile := geo.TileOf(ngoMonGate)
	cell := tile.At(14)
	fmt.Printf("%d is in %d/%d/%d, key %d\n", tile, cell.Z, cell.X, cell.Y, cell.Key())
	fmt.Println(cell.Key() == int64(tile)>>geo.Shift(14))
	// Output:
	// 2153961174527387 is in 14/13088/7431, key 128386090
	// true
}

func TestTileRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		tile := geo.TileOf(p)
		if tile < 0 || tile >= 1<<52 {
			t.Fatalf("%v: tile %d has more than 52 bits", p, tile)
		}
		if again := geo.TileOf(tile.Point()); again != tile {
			t.Fatalf("%v: the centre of %d is in %d", p, tile, again)
		}
		// Half the diagonal of a cell is 0.43 m at the equator.
		if d := p.Metres(tile.Point()); math.Abs(p.Lat()) < 85 && d > 0.43 {
			t.Fatalf("%v: its tile's centre is %v m away", p, d)
		}
	})
}

func TestTileLatitudeIsClamped(t *testing.T) {
	t.Parallel()
	if a, b := geo.TileOf(mustPoint(t, 90, 107)), geo.TileOf(mustPoint(t, 85.0512, 107)); a.At(20) != b.At(20) || a.At(26).Y != 0 {
		t.Errorf("north pole: %v, %v", a.At(26), b.At(26))
	}
	if y := geo.TileOf(mustPoint(t, -90, 180)).At(26); y.Y != 1<<26-1 || y.X != 1<<26-1 {
		t.Errorf("last corner: %v", y)
	}
}

// An independent map library must name the same cells.
func TestCellsAgreeWithMaptile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		z := geo.Zoom(rapid.IntRange(0, 22).Draw(t, "z"))
		if math.Abs(p.Lat()) > 85 {
			t.Skip("not on the map")
		}
		cell := geo.TileOf(p).At(z)
		// On the very border of a cell the two may round to different sides.
		theirs := maptile.New(cell.X, cell.Y, maptile.Zoom(z)).Bound().Pad(1e-9)
		if !theirs.Contains(orb.Point{p.Lon(), p.Lat()}) {
			t.Fatalf("%v at %d: %d/%d is %v", p, z, cell.X, cell.Y, theirs)
		}
	})
}

func TestCell(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tile := geo.TileOf(drawPoint(t))
		z := geo.Zoom(rapid.IntRange(0, 26).Draw(t, "z"))
		cell := tile.At(z)
		r := cell.Range()
		if !r.Contains(tile) || r.Hi-r.Lo+1 != 1<<geo.Shift(z) {
			t.Fatalf("range %v of %v, tile %d", r, cell, tile)
		}
		if geo.CellOfKey(z, cell.Key()) != cell {
			t.Fatalf("%v from its key is %v", cell, geo.CellOfKey(z, cell.Key()))
		}
		if c, err := geo.NewCell(int(z), int(cell.X), int(cell.Y)); err != nil || c != cell {
			t.Fatalf("%v: %v", cell, err)
		}
		if !cell.Bounds().Contains(cell.Centre()) {
			t.Fatalf("%v: its centre is not in %v", cell, cell.Bounds())
		}
		snapped := tile.Snap(z)
		if snapped.At(z) != cell || snapped.Snap(z) != snapped {
			t.Fatalf("%d snapped to %d is %d", tile, z, snapped)
		}
		// Everything in the cell snaps to the same place, or the rest would leak.
		if r.Lo.Snap(z) != snapped || r.Hi.Snap(z) != snapped {
			t.Fatalf("the ends of %v snap elsewhere", r)
		}
		if d := snapped.Point().Metres(cell.Centre()); d > 0.7 {
			t.Fatalf("%d snapped to %d is %v m off the middle", tile, z, d)
		}
	})
	for _, bad := range [][3]int{{-1, 0, 0}, {27, 0, 0}, {3, 8, 0}, {3, 0, 8}, {3, -1, 0}, {0, 0, 1}} {
		if _, err := geo.NewCell(bad[0], bad[1], bad[2]); !errors.Is(err, geo.ErrCell) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func drawBounds(t *rapid.T) geo.Bounds {
	p := drawPoint(t)
	width := rapid.OneOf(rapid.Float64Range(0, 0.01), rapid.Float64Range(0, 2), rapid.Float64Range(0, 360)).Draw(t, "width")
	height := rapid.OneOf(rapid.Float64Range(0, 0.01), rapid.Float64Range(0, 2), rapid.Float64Range(0, 180)).Draw(t, "height")
	return geo.Bounds{MinLon: p.Lon(), MinLat: p.Lat(), MaxLon: min(180, p.Lon()+width), MaxLat: min(90, p.Lat()+height)}
}

func hold(ranges []geo.Range, tile geo.Tile) bool {
	for _, r := range ranges {
		if r.Contains(tile) {
			return true
		}
	}
	return false
}

func checkRanges(t *rapid.T, ranges []geo.Range, most int) {
	if len(ranges) == 0 || len(ranges) > most {
		t.Fatalf("%d ranges", len(ranges))
	}
	for i, r := range ranges {
		if r.Lo > r.Hi || r.Lo < 0 || r.Hi >= 1<<52 || i > 0 && r.Lo <= ranges[i-1].Hi+1 {
			t.Fatalf("range %d of %v", i, ranges)
		}
	}
}

func TestBBoxRangesCoverTheBox(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := drawBounds(t)
		most := rapid.IntRange(1, geo.MaxBoxRanges).Draw(t, "most")
		ranges := geo.BBoxRanges(b, most)
		checkRanges(t, ranges, most)
		for i := range 20 {
			lon := b.MinLon + (b.MaxLon-b.MinLon)*rapid.Float64Range(0, 1).Draw(t, "x")
			lat := b.MinLat + (b.MaxLat-b.MinLat)*rapid.Float64Range(0, 1).Draw(t, "y")
			switch i {
			case 0:
				lon, lat = b.MinLon, b.MinLat
			case 1:
				lon, lat = b.MaxLon, b.MaxLat
			}
			p, err := geo.NewPoint(min(lat, b.MaxLat), min(lon, b.MaxLon))
			if err != nil {
				t.Fatal(err)
			}
			if !hold(ranges, geo.TileOf(p)) {
				t.Fatalf("%v in %v is in none of %v", p, b, ranges)
			}
		}
	})
}

// A screen's box must not make the database read much more than it shows.
func TestBBoxRangesWasteLittle(t *testing.T) {
	t.Parallel()
	total, needed := 0.0, 0.0
	for i := range 400 {
		lon, lat := 107.2+0.6*math.Mod(float64(i)*0.618034, 1), 16.1+0.5*math.Mod(float64(i)*0.754878, 1)
		size := 0.002 * math.Pow(1.012, float64(i))
		b := geo.Bounds{MinLon: lon, MinLat: lat, MaxLon: lon + size*1.6, MaxLat: lat + size}
		for _, r := range geo.BBoxRanges(b, geo.MaxBoxRanges) {
			total += float64(r.Hi - r.Lo + 1)
		}
		nw, se := geo.TileOf(mustPoint(t, b.MaxLat, b.MinLon)).At(26), geo.TileOf(mustPoint(t, b.MinLat, b.MaxLon)).At(26)
		needed += float64(se.X-nw.X+1) * float64(se.Y-nw.Y+1)
	}
	if waste := total / needed; waste > 1.6 {
		t.Errorf("the ranges hold %.2f times the tiles of the boxes", waste)
	} else {
		t.Logf("the ranges hold %.2f times the tiles of the boxes", waste)
	}
}

func TestCircleRangesCoverTheCircle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		metres := rapid.OneOf(rapid.Float64Range(0, 3000), rapid.Float64Range(0, 500_000)).Draw(t, "metres")
		ranges := geo.CircleRanges(p, metres)
		checkRanges(t, ranges, 9)
		for range 20 {
			q, ok := walk(p, rapid.Float64Range(0, 2*math.Pi).Draw(t, "bearing"), metres*rapid.Float64Range(0, 1).Draw(t, "part"))
			if ok && p.Metres(q) <= metres && !hold(ranges, geo.TileOf(q)) {
				t.Fatalf("%v is %v m from %v, but in none of %v", q, p.Metres(q), p, ranges)
			}
		}
	})
}

// walk goes metres from p on the sphere, bearing in radians from the north.
func walk(p geo.Point, bearing, metres float64) (geo.Point, bool) {
	const rad = math.Pi / 180
	d, lat := metres/6371008.8, p.Lat()*rad
	to := math.Asin(math.Sin(lat)*math.Cos(d) + math.Cos(lat)*math.Sin(d)*math.Cos(bearing))
	turn := math.Atan2(math.Sin(bearing)*math.Sin(d)*math.Cos(lat), math.Cos(d)-math.Sin(lat)*math.Sin(to))
	q, err := geo.NewPoint(to/rad, math.Remainder(p.Lon()+turn/rad, 360))
	return q, err == nil
}

func BenchmarkTileOf(b *testing.B) {
	p := mustPoint(b, 16.4637, 107.5909)
	for b.Loop() {
		geo.TileOf(p)
	}
}

func BenchmarkBBoxRanges(b *testing.B) {
	box := geo.Bounds{MinLon: 107.5, MinLat: 16.4, MaxLon: 107.65, MaxLat: 16.5}
	for b.Loop() {
		geo.BBoxRanges(box, geo.MaxBoxRanges)
	}
}
