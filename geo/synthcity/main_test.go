// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hientruong/geo"
)

const file = "../../packs/demo/areas.geojson"

func readFile(t *testing.T) []geo.Area {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	areas, err := geo.ParseAreas(bytes.NewReader(raw), geo.DefaultProperties())
	if err != nil {
		t.Fatal(err)
	}
	return areas
}

func TestFileIsWhatIsDrawn(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(readFile(t), draw()); diff != "" {
		t.Errorf("%s is out of date, run go generate here (-file +drawn):\n%s", file, diff)
	}
}

// Every border runs between two wards, which walk it in opposite directions
// through the same vertices, or along the outline, where one does. That, with
// the areas adding up, leaves neither gap nor overlap.
func TestBordersAreShared(t *testing.T) {
	t.Parallel()
	type side struct{ from, to orb.Point }
	owners := map[side]string{}
	areas := readFile(t)
	for _, a := range areas {
		if len(a.Shape) != 1 || len(a.Shape[0]) != 1 {
			t.Errorf("%s has %d parts, want one without a hole", a.Code, len(a.Shape))
		}
		ring := a.Shape[0][0]
		for i := 1; i < len(ring); i++ {
			s := side{ring[i-1], ring[i]}
			if other, twice := owners[s]; twice {
				t.Errorf("%s and %s lie on the same side of %v", a.Code, other, s)
			}
			owners[s] = a.Code
		}
	}
	next, total := map[orb.Point]orb.Point{}, 0.0
	for s := range owners {
		if _, shared := owners[side{s.to, s.from}]; !shared {
			if _, fork := next[s.from]; fork {
				t.Errorf("the outline forks at %v: a gap", s.from)
			}
			next[s.from] = s.to
		}
	}
	for _, a := range areas {
		total += planar.Area(a.Shape)
	}
	outline := walkOutline(next)
	if len(outline) != len(next)+1 {
		t.Fatalf("the outline has %d sides but its first ring only %d: a gap inside the city", len(next), len(outline)-1)
	}
	if whole := planar.Area(outline); whole-total > 1e-9 || total-whole > 1e-9 {
		t.Errorf("the wards have %v square degrees, the outline %v", total, whole)
	}
}

func walkOutline(next map[orb.Point]orb.Point) orb.Ring {
	var start orb.Point
	for start = range next {
		break
	}
	ring := orb.Ring{start}
	for p := next[start]; ; p = next[p] {
		ring = append(ring, p)
		if p == start || len(ring) > len(next)+1 {
			return ring
		}
	}
}

// On a grid over the city every point in the outline is in exactly one ward.
func TestGridIsFoundOnce(t *testing.T) {
	t.Parallel()
	areas := readFile(t)
	index := geo.NewAreas(areas)
	inside := 0
	for lon := 107.4501; lon < 107.75; lon += 0.00131 {
		for lat := 16.3301; lat < 16.60; lat += 0.00131 {
			p, err := geo.NewPoint(lat, lon)
			if err != nil {
				t.Fatal(err)
			}
			holders := 0
			for _, a := range areas {
				if planar.MultiPolygonContains(a.Shape, orb.Point{lon, lat}) {
					holders++
				}
			}
			if holders > 1 {
				t.Errorf("%v is in %d wards", p, holders)
			}
			if _, ok := index.Find(p); ok != (holders == 1) {
				t.Errorf("%v: found is %v, but %d wards hold it", p, ok, holders)
			}
			inside += holders
		}
	}
	if inside < 20_000 {
		t.Errorf("only %d points of the grid lie in the city", inside)
	}
}

func TestSeatsLieInTheirWards(t *testing.T) {
	t.Parallel()
	index := geo.NewAreas(readFile(t))
	for _, w := range wards() {
		p, err := geo.NewPoint(w.lat, w.lon)
		if err != nil {
			t.Fatal(err)
		}
		if a, ok := index.Find(p); !ok || a.Code != w.code {
			t.Errorf("the seat of %s is in %q", w.code, a.Code)
		}
		if w.people <= 0 || w.name == "" || w.nameEN == "" || len(w.aliases) == 0 {
			t.Errorf("%s lacks people, a name or an old name", w.code)
		}
	}
}
