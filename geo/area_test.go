// SPDX-License-Identifier: Apache-2.0

package geo_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"hientruong/geo"
)

const shared = "../../shared/data"

// openShared opens a real input, or skips the test where there is none.
func openShared(tb testing.TB, name string) *os.File {
	tb.Helper()
	f, err := os.Open(filepath.Join(shared, name))
	if os.IsNotExist(err) {
		tb.Skipf("%s/%s is not here", shared, name)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = f.Close() })
	return f
}

func readAreas(tb testing.TB, name string, change func(*geo.Properties)) []geo.Area {
	tb.Helper()
	names := geo.DefaultProperties()
	if change != nil {
		change(&names)
	}
	areas, err := geo.ParseAreas(openShared(tb, name), names)
	if err != nil {
		tb.Fatal(err)
	}
	return areas
}

// hueOnce reads the 3 MB of Huế's wards once for all tests.
var hueOnce = sync.OnceValues(func() ([]geo.Area, error) {
	f, err := os.Open(filepath.Join(shared, "boundaries/hue/hue_wards.geojson"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return geo.ParseAreas(f, geo.DefaultProperties())
})

func hueWards(tb testing.TB) []geo.Area {
	tb.Helper()
	areas, err := hueOnce()
	if os.IsNotExist(err) {
		tb.Skipf("the wards of Huế are not in %s", shared)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return areas
}

func nycDistricts(tb testing.TB) []geo.Area {
	return readAreas(tb, "boundaries/nyc_community_districts.geojson", func(p *geo.Properties) {
		p.Code, p.Name = []string{"BoroCD"}, []string{"BoroCD"}
	})
}

func chicagoWards(tb testing.TB) []geo.Area {
	return readAreas(tb, "boundaries/chicago_wards_2015.geojson", func(p *geo.Properties) {
		p.Code, p.Name = []string{"ward"}, []string{"ward"}
	})
}

func square(x, y, size float64) orb.Ring {
	return orb.Ring{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}
}

func ExampleAreas_Find() {
	areas := geo.NewAreas([]geo.Area{
		{Code: "90002", Name: "Phường Thành Cổ", Shape: orb.MultiPolygon{{square(107.56, 16.46, 0.03)}}},
		{Code: "90001", Name: "Phường Cầu Mây", Shape: orb.MultiPolygon{{square(107.59, 16.46, 0.03)}}},
	})
	ngoMonGate, _ := geo.NewPoint(16.4678, 107.5791)
	ward, ok := areas.Find(ngoMonGate)
	fmt.Println(ward.Name, ok)
	onTheBorder, _ := geo.NewPoint(16.47, 107.59)
	ward, ok = areas.Find(onTheBorder)
	fmt.Println(ward.Name, ok)
	outAtSea, _ := geo.NewPoint(16.48, 107.63)
	ward, metres, ok := areas.Nearest(outAtSea, 2000)
	fmt.Printf("%s %.0f m %v\n", ward.Name, metres, ok)
	// Output:
	// Phường Thành Cổ true
	// Phường Cầu Mây true
	// Phường Cầu Mây 1066 m true
}

func TestRealPlacesOfHue(t *testing.T) {
	t.Parallel()
	index := geo.NewAreas(hueWards(t))
	for _, place := range []struct {
		name, ward string
		lat, lon   float64
	}{
		{"Ngọ Môn, the gate of the citadel", "Phường Phú Xuân", 16.4678, 107.5791},
		{"Hùng Vương street, south of Tràng Tiền bridge", "Phường Thuận Hoá", 16.4636, 107.5909},
		{"Thiên Mụ pagoda", "Phường Kim Long", 16.4535, 107.5448},
		{"Phú Bài airport", "Phường Phú Bài", 16.4015, 107.7030},
		{"Thuận An beach", "Phường Thuận An", 16.5600, 107.6400},
	} {
		if ward, _ := index.Find(mustPoint(t, place.lat, place.lon)); ward.Name != place.ward {
			t.Errorf("%s is in %q, want %q", place.name, ward.Name, place.ward)
		}
	}
}

func TestFindHolesPartsAndBorders(t *testing.T) {
	t.Parallel()
	island := square(1.4, 1.4, 0.2)
	areas := geo.NewAreas([]geo.Area{
		{Code: "b", Shape: orb.MultiPolygon{{square(0, 0, 3), square(1, 1, 1)}, {island}, {square(5, 0, 1)}}},
		{Code: "a", Shape: orb.MultiPolygon{{square(3, 0, 2)}}},
		{Code: "nowhere"},
		{Code: "b", ID: "later", Shape: orb.MultiPolygon{{square(0, 0, 3)}}},
	})
	for name, c := range map[string]struct {
		lon, lat float64
		code, id string
	}{
		"inside":                     {0.5, 0.5, "b", ""},
		"in the hole":                {1.2, 1.2, "b", "later"},
		"on the rim of the hole":     {1, 1.5, "b", ""},
		"on the island in the hole":  {1.5, 1.5, "b", ""},
		"in the second part":         {5.5, 0.5, "b", ""},
		"on a border: smallest code": {3, 1, "a", ""},
		"corner of two":              {3, 2, "a", ""},
		"on a corner":                {0, 0, "b", ""},
		"beside a corner's latitude": {-1, 3, "", ""},
		"null island's neighbour":    {-0.1, -0.1, "", ""},
	} {
		a, ok := areas.Find(mustPoint(t, c.lat, c.lon))
		if a.Code != c.code || a.ID != c.id || ok != (c.code != "") {
			t.Errorf("%s: %q %q %v", name, a.Code, a.ID, ok)
		}
	}
	if areas.Len() != 4 || areas.All()[0].Code != "a" || areas.Bounds() != (geo.Bounds{MaxLon: 6, MaxLat: 3}) {
		t.Errorf("len %d, bounds %v", areas.Len(), areas.Bounds())
	}
	empty := geo.NewAreas(nil)
	if _, ok := empty.Find(mustPoint(t, 0, 0)); ok || empty.Bounds() != (geo.Bounds{}) {
		t.Error("no areas, but one was found")
	}
	if _, _, ok := empty.Nearest(mustPoint(t, 0, 0), math.Inf(1)); ok {
		t.Error("no areas, but one was nearest")
	}
}

// The bands must answer as a plain walk over every edge of every polygon does.
func TestFindAgreesWithOrb(t *testing.T) {
	t.Parallel()
	for name, areas := range map[string][]geo.Area{"huế": hueWards(t), "nyc": nycDistricts(t), "chicago": chicagoWards(t)} {
		index := geo.NewAreas(areas)
		b := index.Bounds()
		random := rand.New(rand.NewPCG(16, 107))
		inside, twice := 0, 0
		for range 800 {
			lon := b.MinLon + (b.MaxLon-b.MinLon)*random.Float64()
			lat := b.MinLat + (b.MaxLat-b.MinLat)*random.Float64()
			var want []string
			for _, a := range index.All() {
				if a.Shape.Bound().Contains(orb.Point{lon, lat}) && planar.MultiPolygonContains(a.Shape, orb.Point{lon, lat}) {
					want = append(want, a.Code)
				}
			}
			got, ok := index.Find(mustPoint(t, lat, lon))
			if ok != (len(want) > 0) || ok && got.Code != want[0] {
				t.Errorf("%s: %v,%v is in %v, found %q", name, lat, lon, want, got.Code)
			}
			inside += min(1, len(want))
			if len(want) > 1 {
				twice++
			}
		}
		if inside < 200 {
			t.Errorf("%s: only %d points lay inside", name, inside)
		}
		if name == "huế" && twice > 0 {
			t.Errorf("%s: %d points lie in two wards", name, twice)
		}
		t.Logf("%s: %d areas, %d of 800 points inside, %d in two", name, index.Len(), inside, twice)
	}
}

func TestBorderVerticesHaveOneAnswer(t *testing.T) {
	t.Parallel()
	index := geo.NewAreas(hueWards(t))
	smallest := map[orb.Point]string{}
	for _, a := range index.All() {
		for _, polygon := range a.Shape {
			for _, v := range polygon[0] {
				if _, ok := smallest[v]; !ok {
					smallest[v] = a.Code
				}
			}
		}
	}
	n := 0
	for v, code := range smallest {
		if n++; n > 5000 {
			break
		}
		if a, ok := index.Find(mustPoint(t, v[1], v[0])); !ok || a.Code > code {
			t.Fatalf("vertex %v of %s is in %q", v, code, a.Code)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	index := geo.NewAreas(hueWards(t))
	all := index.All()
	b := index.Bounds()
	random := rand.New(rand.NewPCG(1, 2))
	for outside := 0; outside < 25; {
		p := mustPoint(t, b.MinLat+(b.MaxLat-b.MinLat)*random.Float64(), b.MinLon+(b.MaxLon-b.MinLon)*random.Float64())
		if _, ok := index.Find(p); ok {
			continue
		}
		outside++
		want, code := naiveNearest(all, p)
		got, metres, ok := index.Nearest(p, 5000)
		if ok != (want <= 5000) || ok && (got.Code != code || math.Abs(metres-want) > 0.007*want+0.01) {
			t.Errorf("%v: %q %v m %v, want %q %v m", p, got.Code, metres, ok, code, want)
		}
	}
	if a, metres, ok := index.Nearest(mustPoint(t, 16.4678, 107.5791), 0); !ok || metres != 0 || a.Name != "Phường Phú Xuân" {
		t.Errorf("inside: %q %v %v", a.Name, metres, ok)
	}
	if _, _, ok := index.Nearest(mustPoint(t, 21.03, 105.85), 2000); ok {
		t.Error("Hà Nội is near a ward of Huế")
	}
}

// naiveNearest measures on the sphere, to every edge.
func naiveNearest(areas []geo.Area, p geo.Point) (metres float64, code string) {
	x := s2.PointFromLatLng(s2.LatLngFromDegrees(p.Lat(), p.Lon()))
	metres = math.Inf(1)
	for _, a := range areas {
		for _, polygon := range a.Shape {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					u := s2.PointFromLatLng(s2.LatLngFromDegrees(ring[i-1][1], ring[i-1][0]))
					v := s2.PointFromLatLng(s2.LatLngFromDegrees(ring[i][1], ring[i][0]))
					if d := float64(s2.DistanceFromSegment(x, u, v)) * 6371008.8; d < metres {
						metres, code = d, a.Code
					}
				}
			}
		}
	}
	return metres, code
}

// New York's own answer to which community district a request lies in.
func TestNewYorkAgrees(t *testing.T) {
	t.Parallel()
	index := geo.NewAreas(nycDistricts(t))
	agree, total := 0, 0
	for _, r := range nycRequests(t) {
		p := mustPoint(t, r.lat, r.lon)
		total++
		if a, ok := index.Find(p); ok && a.Code == r.district {
			agree++
		}
	}
	t.Logf("%d of %d rows agree", agree, total)
	if total < 2000 || float64(agree) < 0.99*float64(total) {
		t.Errorf("%d of %d rows agree, want 99 %%", agree, total)
	}
}

type request struct {
	lat, lon float64
	district string
}

func nycRequests(t *testing.T) []request {
	t.Helper()
	var rows []map[string]string
	for _, name := range []string{"nyc_311_2018_1000.csv", "nyc_311_1000_b.csv"} {
		records, err := csv.NewReader(openShared(t, "requests311/"+name)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records[1:] {
			row := map[string]string{}
			for i, column := range records[0] {
				row[strings.ReplaceAll(strings.ToLower(column), " ", "_")] = record[i]
			}
			rows = append(rows, row)
		}
	}
	var socrata []map[string]any
	if err := json.NewDecoder(openShared(t, "requests311/nyc_311_2012_1000.json")).Decode(&socrata); err != nil {
		t.Fatal(err)
	}
	for _, from := range socrata {
		row := map[string]string{}
		for _, k := range []string{"community_board", "latitude", "longitude"} {
			row[k], _ = from[k].(string)
		}
		rows = append(rows, row)
	}
	var out []request
	boroughs := map[string]int{"MANHATTAN": 1, "BRONX": 2, "BROOKLYN": 3, "QUEENS": 4, "STATEN ISLAND": 5}
	for _, row := range rows {
		number, borough, _ := strings.Cut(row["community_board"], " ")
		n, err := strconv.Atoi(number)
		lat, errLat := strconv.ParseFloat(row["latitude"], 64)
		lon, errLon := strconv.ParseFloat(row["longitude"], 64)
		if err == nil && errLat == nil && errLon == nil && boroughs[borough] > 0 {
			out = append(out, request{lat: lat, lon: lon, district: strconv.Itoa(100*boroughs[borough] + n)})
		}
	}
	return out
}

// Neighbours that share an edge share its points out between them without a gap.
func TestNoPointFallsBetweenNeighbours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Float64Range(0.2, 0.8)
		a, b := orb.Point{at.Draw(t, "ax"), 1}, orb.Point{at.Draw(t, "bx"), 0}
		west := geo.Area{Code: "w", Shape: orb.MultiPolygon{{{{0, 0}, b, a, {0, 1}, {0, 0}}}}}
		east := geo.Area{Code: "e", Shape: orb.MultiPolygon{{{{1, 1}, a, b, {1, 0}, {1, 1}}}}}
		along := rapid.Float64Range(0, 1).Draw(t, "along")
		p, err := geo.NewPoint(along, b[0]+(a[0]-b[0])*along)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := geo.NewAreas([]geo.Area{west, east}).Find(p); !ok {
			t.Fatalf("%v on the border is in neither", p)
		}
	})
}

// BenchmarkFind compares what a look-up among the 40 wards of Huế (129,965
// vertices) costs by bands, by s2's index of geodesic edges, and by orb.
func BenchmarkFind(b *testing.B) {
	areas := hueWards(b)
	index := geo.NewAreas(areas)
	box := index.Bounds()
	random := rand.New(rand.NewPCG(16, 107))
	points := make([]geo.Point, 1024)
	for i := range points {
		points[i] = mustPoint(b, box.MinLat+(box.MaxLat-box.MinLat)*random.Float64(), box.MinLon+(box.MaxLon-box.MinLon)*random.Float64())
	}
	b.Run("bands", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			index.Find(points[i%len(points)])
		}
	})
	b.Run("s2", func(b *testing.B) {
		query := s2.NewContainsPointQuery(s2Index(areas), s2.VertexModelSemiOpen)
		for i := 0; b.Loop(); i++ {
			p := points[i%len(points)]
			query.ContainingShapes(s2.PointFromLatLng(s2.LatLngFromDegrees(p.Lat(), p.Lon())))
		}
	})
	b.Run("orb", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			p := orb.Point{points[i%len(points)].Lon(), points[i%len(points)].Lat()}
			for _, a := range areas {
				if planar.MultiPolygonContains(a.Shape, p) {
					break
				}
			}
		}
	})
}

func s2Index(areas []geo.Area) *s2.ShapeIndex {
	index := s2.NewShapeIndex()
	for _, a := range areas {
		var loops []*s2.Loop
		for _, polygon := range a.Shape {
			for _, ring := range polygon {
				var points []s2.Point
				for i, v := range ring[1:] {
					if v != ring[i] {
						points = append(points, s2.PointFromLatLng(s2.LatLngFromDegrees(v[1], v[0])))
					}
				}
				loop := s2.LoopFromPoints(points)
				loop.Normalize()
				loops = append(loops, loop)
			}
		}
		index.Add(s2.PolygonFromLoops(loops))
	}
	index.Build()
	return index
}

func BenchmarkNearest(b *testing.B) {
	index := geo.NewAreas(hueWards(b))
	offShore := mustPoint(b, 16.60, 107.66)
	for b.Loop() {
		index.Nearest(offShore, 2000)
	}
}

func BenchmarkNewAreas(b *testing.B) {
	areas := hueWards(b)
	for b.Loop() {
		geo.NewAreas(areas)
	}
}
