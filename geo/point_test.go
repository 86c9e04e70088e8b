// SPDX-License-Identifier: Apache-2.0

package geo_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"hientruong/geo"
)

func mustPoint(tb testing.TB, lat, lon float64) geo.Point {
	tb.Helper()
	p, err := geo.NewPoint(lat, lon)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// drawPoint is any point; most lie in and around Vietnam.
func drawPoint(t *rapid.T) geo.Point {
	lat := rapid.OneOf(rapid.Float64Range(8, 24), rapid.Float64Range(-90, 90)).Draw(t, "lat")
	lon := rapid.OneOf(rapid.Float64Range(102, 110), rapid.Float64Range(-180, 180)).Draw(t, "lon")
	p, err := geo.NewPoint(lat, lon)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ExamplePoint_Metres() {
	trangTienBridge, _ := geo.NewPoint(16.4690, 107.5888)
	ngoMonGate, _ := geo.NewPoint(16.4678, 107.5791)
	fmt.Printf("%.0f m\n", trangTienBridge.Metres(ngoMonGate))
	// Output: 1043 m
}

func TestNewPoint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lat, lon float64
		ok       bool
	}{
		{16.46, 107.59, true}, {-90, -180, true}, {90, 180, true},
		{90.0001, 0, false}, {0, -180.5, false}, {107.59, 16.46, false},
		{math.NaN(), 0, false}, {0, math.NaN(), false}, {math.Inf(1), 0, false}, {0, math.Inf(-1), false},
	} {
		p, err := geo.NewPoint(c.lat, c.lon)
		if c.ok != (err == nil) || err != nil && !errors.Is(err, geo.ErrOutOfRange) {
			t.Errorf("NewPoint(%v, %v): %v", c.lat, c.lon, err)
		}
		if c.ok && (p.Lat() != c.lat || p.Lon() != c.lon) {
			t.Errorf("NewPoint(%v, %v) = %v", c.lat, c.lon, p)
		}
	}
}

func TestMetres(t *testing.T) {
	t.Parallel()
	hue, hanoi := mustPoint(t, 16.4637, 107.5909), mustPoint(t, 21.0285, 105.8542)
	if d := hue.Metres(hanoi); math.Abs(d-540_400) > 1500 {
		t.Errorf("Huế to Hà Nội is %.0f m", d)
	}
	if d := mustPoint(t, 0, 0).Metres(mustPoint(t, 0, 180)); math.Abs(d-20_015_115) > 1 {
		t.Errorf("half around the earth is %.0f m", d)
	}
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawPoint(t), drawPoint(t)
		if p.Metres(q) != q.Metres(p) || p.Metres(p) != 0 || p.Metres(q) < 0 {
			t.Fatalf("%v and %v: %v, %v", p, q, p.Metres(q), q.Metres(p))
		}
	})
}

func TestCheckPlace(t *testing.T) {
	t.Parallel()
	hue := geo.Bounds{MinLon: 107.03, MinLat: 15.99, MaxLon: 108.20, MaxLat: 16.75}
	for name, c := range map[string]struct {
		lat, lon float64
		want     geo.Problem
	}{
		"in the city":                   {16.4637, 107.5909, geo.NoProblem},
		"in another province":           {21.0285, 105.8542, geo.NoProblem},
		"swapped":                       {107.5909, 16.4637, geo.Swapped},
		"swapped, just over the border": {107.0, 16.4, geo.Swapped},
		"phone without a fix":           {0, 0, geo.Zero},
		"nearly zero":                   {0.00003, -0.00002, geo.Zero},
		"on the equator":                {0, 107.5, geo.NoProblem},
		"VN-2000, northing first":       {1_821_345.2, 563_120.7, geo.CRS},
		"VN-2000, easting first":        {563_120.7, 1_821_345.2, geo.CRS},
		"Web Mercator":                  {1_859_000, 11_977_000, geo.CRS},
		"latitude too large":            {120, 30, geo.OutOfRange},
		"longitude too large":           {16, 190, geo.OutOfRange},
		"one value in metres":           {16.46, 563_120, geo.OutOfRange},
		"not a number":                  {math.NaN(), 107, geo.OutOfRange},
		"infinite":                      {16, math.Inf(1), geo.OutOfRange},
	} {
		if got := geo.CheckPlace(c.lat, c.lon, hue); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := geo.CheckPlace(107.5909, 16.4637, geo.Bounds{}); got != geo.OutOfRange {
		t.Errorf("without bounds: %q", got)
	}
}

func TestParseBounds(t *testing.T) {
	t.Parallel()
	b, err := geo.ParseBounds("107.45, 16.33,107.75,16.60")
	if err != nil || b != (geo.Bounds{MinLon: 107.45, MinLat: 16.33, MaxLon: 107.75, MaxLat: 16.60}) {
		t.Errorf("%v, %v", b, err)
	}
	for _, bad := range []string{"", "1,2,3", "1,2,3,4,5", "a,2,3,4", "3,2,1,4", "1,4,3,2", "1,2,NaN,4", "1,2,181,4", "1,-91,3,4", "1,2,3,Inf"} {
		if _, err := geo.ParseBounds(bad); !errors.Is(err, geo.ErrBounds) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
