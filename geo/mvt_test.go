// SPDX-License-Identifier: Apache-2.0

package geo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"hientruong/geo"
)

// decoded reads a tile with somebody else's decoder.
func decoded(t interface{ Fatal(...any) }, tile []byte) map[string][]*geojson.Feature {
	layers, err := mvt.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]*geojson.Feature{}
	for _, l := range layers {
		if l.Version != 2 || l.Extent != geo.Extent {
			t.Fatal("version", l.Version, "extent", l.Extent)
		}
		if _, twice := out[l.Name]; twice {
			t.Fatal("two layers named", l.Name)
		}
		out[l.Name] = l.Features
	}
	return out
}

func TestTilesAreReadByOthers(t *testing.T) {
	t.Parallel()
	points := geo.NewLayer("điểm")
	points.Point(7, geo.XY{X: 1, Y: 4095}, geo.Tag{Key: "tên", Value: geo.String("Phú Xuân")}, geo.Tag{Key: "n", Value: geo.Int(1 << 40)}, geo.Tag{Key: "f", Value: geo.Float(-1.5)})
	points.Point(0, geo.XY{X: -64, Y: 9000}, geo.Tag{Key: "tên", Value: geo.String("Phú Xuân")}, geo.Tag{Key: "yes", Value: geo.Bool(true)}, geo.Tag{Key: "no", Value: geo.Bool(false)})
	shapes := geo.NewLayer("shapes")
	shapes.Lines(1, [][]geo.XY{{{X: 0, Y: 0}, {X: 10, Y: -10}, {X: 3, Y: 3}}, {{X: 5, Y: 5}}})
	shapes.Polygons(2, [][]geo.XY{{{X: 0, Y: 0}, {X: 100, Y: 0}, {X: 100, Y: 100}, {X: 0, Y: 100}}, {{X: 10, Y: 10}, {X: 10, Y: 20}, {X: 20, Y: 20}}, {{X: 1, Y: 1}}})
	shapes.Lines(3, nil)
	shapes.Polygons(4, [][]geo.XY{{{X: 1, Y: 1}}})
	got := decoded(t, geo.EncodeTile(points, geo.NewLayer("empty"), shapes))
	if len(got) != 2 || len(got["điểm"]) != 2 || len(got["shapes"]) != 2 || points.Len() != 2 {
		t.Fatalf("layers %v", got)
	}
	first, second := got["điểm"][0], got["điểm"][1]
	wantFeature(t, first, orb.Point{1, 4095}, geojson.Properties{"tên": "Phú Xuân", "n": float64(1 << 40), "f": -1.5})
	wantFeature(t, second, orb.Point{-64, 9000}, geojson.Properties{"tên": "Phú Xuân", "yes": true, "no": false})
	if first.ID != float64(7) || second.ID != nil {
		t.Errorf("ids %v and %v", first.ID, second.ID)
	}
	wantFeature(t, got["shapes"][0], orb.LineString{{0, 0}, {10, -10}, {3, 3}}, geojson.Properties{})
	wantFeature(t, got["shapes"][1], orb.Polygon{{{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}}, {{10, 10}, {10, 20}, {20, 20}, {10, 10}}}, geojson.Properties{})
	if tile := geo.EncodeTile(geo.NewLayer("empty")); len(tile) != 0 || tile == nil {
		t.Errorf("an empty tile is %v", tile)
	}
}

func wantFeature(t *testing.T, f *geojson.Feature, g orb.Geometry, p geojson.Properties) {
	t.Helper()
	if diff := cmp.Diff(g, f.Geometry); diff != "" {
		t.Errorf("geometry (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(p, f.Properties); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}

// Whatever is written is read again by another's decoder.
func TestTilesRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := geo.NewLayer(rapid.StringMatching(`[a-z]{1,10}`).Draw(t, "name"))
		coordinate := rapid.Int32Range(-1<<20, 1<<20)
		n := rapid.IntRange(1, 30).Draw(t, "n")
		at, texts, numbers := make([]geo.XY, n), make([]string, n), make([]int64, n)
		for i := range n {
			at[i] = geo.XY{X: coordinate.Draw(t, "x"), Y: coordinate.Draw(t, "y")}
			texts[i], numbers[i] = rapid.String().Draw(t, "text"), rapid.Int64Range(0, 1<<50).Draw(t, "number")
			l.Point(uint64(i), at[i], geo.Tag{Key: "s", Value: geo.String(texts[i])}, geo.Tag{Key: "n", Value: geo.Int(numbers[i])}, geo.Tag{Key: "u", Value: geo.Unique(texts[i])})
		}
		for _, features := range decoded(t, geo.EncodeTile(l)) {
			for i, f := range features {
				p := f.Geometry.(orb.Point)
				if p != (orb.Point{float64(at[i].X), float64(at[i].Y)}) || f.Properties["s"] != texts[i] || f.Properties["u"] != texts[i] || f.Properties["n"] != float64(numbers[i]) {
					t.Fatalf("feature %d reads %v %v", i, p, f.Properties)
				}
			}
		}
	})
}
