// SPDX-License-Identifier: Apache-2.0

package geo

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrBounds is returned (wrapped) for a bounding box that is not one.
var ErrBounds = errors.New("geo: not a bounding box")

// Bounds is a box in degrees, edges included, in GeoJSON's order. A box never
// crosses the 180th meridian: MinLon <= MaxLon and MinLat <= MaxLat.
type Bounds struct{ MinLon, MinLat, MaxLon, MaxLat float64 }

// ParseBounds reads "minLon,minLat,maxLon,maxLat". It fails with ErrBounds.
func ParseBounds(s string) (Bounds, error) {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return Bounds{}, fmt.Errorf("%w: want minLon,minLat,maxLon,maxLat", ErrBounds)
	}
	var v [4]float64
	for i, part := range parts {
		f, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return Bounds{}, fmt.Errorf("%w: number %d cannot be read", ErrBounds, i+1)
		}
		v[i] = f
	}
	b := Bounds{MinLon: v[0], MinLat: v[1], MaxLon: v[2], MaxLat: v[3]}
	return b, b.Validate()
}

// Validate fails with ErrBounds when a corner is out of range or the corners
// are the wrong way round.
func (b Bounds) Validate() error {
	if !inRange(b.MinLat, b.MinLon) || !inRange(b.MaxLat, b.MaxLon) {
		return fmt.Errorf("%w: a corner is out of range", ErrBounds)
	}
	if b.MinLon > b.MaxLon || b.MinLat > b.MaxLat {
		return fmt.Errorf("%w: the minimum lies above the maximum", ErrBounds)
	}
	return nil
}

// Contains tells whether p lies in the box or on its edge.
func (b Bounds) Contains(p Point) bool { return b.contains(p.lat, p.lon) }

func (b Bounds) contains(lat, lon float64) bool {
	return lat >= b.MinLat && lat <= b.MaxLat && lon >= b.MinLon && lon <= b.MaxLon
}

// Union is the smallest box around both.
func (b Bounds) Union(c Bounds) Bounds {
	return Bounds{
		MinLon: min(b.MinLon, c.MinLon), MinLat: min(b.MinLat, c.MinLat),
		MaxLon: max(b.MaxLon, c.MaxLon), MaxLat: max(b.MaxLat, c.MaxLat),
	}
}

// Centre is the middle of the box.
func (b Bounds) Centre() Point {
	return Point{lat: (b.MinLat + b.MaxLat) / 2, lon: (b.MinLon + b.MaxLon) / 2}
}

// Pad is the box grown by metres on every side. Where that reaches a pole or
// the 180th meridian it becomes the whole band of longitudes.
func (b Bounds) Pad(metres float64) Bounds {
	// The 1e-9 degrees (0.1 mm) outweigh rounding, so that a point exactly that far away is inside.
	dLat := metres/metresPerDegree + 1e-9
	out := Bounds{MinLat: max(-90, b.MinLat-dLat), MaxLat: min(90, b.MaxLat+dLat), MinLon: -180, MaxLon: 180}
	// A circle reaches its easternmost longitude at sin(dLon) = sin(distance)/cos(lat).
	widest := math.Cos(max(math.Abs(b.MinLat), math.Abs(b.MaxLat)) * math.Pi / 180)
	sine := math.Sin(min(dLat, 90)*math.Pi/180) / widest
	if widest <= 0 || sine >= 1 || out.MinLat <= -90 || out.MaxLat >= 90 {
		return out
	}
	dLon := math.Asin(sine)*180/math.Pi + 1e-9
	if b.MinLon-dLon < -180 || b.MaxLon+dLon > 180 {
		return out
	}
	out.MinLon, out.MaxLon = b.MinLon-dLon, b.MaxLon+dLon
	return out
}

// around is the box that holds every point within metres of p.
func around(p Point, metres float64) Bounds {
	return Bounds{MinLon: p.lon, MinLat: p.lat, MaxLon: p.lon, MaxLat: p.lat}.Pad(metres)
}
