// SPDX-License-Identifier: Apache-2.0

// Package geo knows where things are: points on the earth, the one-number tile
// keys that reports are found by, and the areas (wards, communes) that points
// fall in. Coordinates are WGS84 degrees, distances are metres.
package geo

import (
	"errors"
	"fmt"
	"math"
)

// ErrOutOfRange is returned (wrapped) for a latitude outside [-90, 90], a
// longitude outside [-180, 180], NaN and infinities.
var ErrOutOfRange = errors.New("geo: coordinates out of range")

// earthRadius is the mean radius of the WGS84 ellipsoid, in metres.
const earthRadius = 6371008.8

// metresPerDegree is the length of one degree of latitude on the mean sphere.
const metresPerDegree = earthRadius * math.Pi / 180

// Point is a place on the earth, WGS84. A Point made by NewPoint is always in
// range; its zero value is latitude 0, longitude 0.
type Point struct{ lat, lon float64 }

// NewPoint makes a Point from degrees. It fails with ErrOutOfRange.
func NewPoint(lat, lon float64) (Point, error) {
	if !inRange(lat, lon) {
		return Point{}, fmt.Errorf("%w: latitude %v, longitude %v", ErrOutOfRange, lat, lon)
	}
	return Point{lat: lat, lon: lon}, nil
}

// inRange is written so that NaN, which compares false with everything, fails.
func inRange(lat, lon float64) bool {
	return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
}

// Lat is the latitude in degrees, north positive.
func (p Point) Lat() float64 { return p.lat }

// Lon is the longitude in degrees, east positive.
func (p Point) Lon() float64 { return p.lon }

// String gives "lat,lon" with seven decimals (about a centimetre).
func (p Point) String() string { return fmt.Sprintf("%.7f,%.7f", p.lat, p.lon) }

// Metres is the great-circle distance to q in metres (haversine on the mean
// sphere: at most 0.6 % off the ellipsoid).
func (p Point) Metres(q Point) float64 {
	const rad = math.Pi / 180
	sinLat := math.Sin((q.lat - p.lat) * rad / 2)
	sinLon := math.Sin((q.lon - p.lon) * rad / 2)
	h := sinLat*sinLat + math.Cos(p.lat*rad)*math.Cos(q.lat*rad)*sinLon*sinLon
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, h)))
}
