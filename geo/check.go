// SPDX-License-Identifier: Apache-2.0

package geo

import "math"

// Problem is what is wrong with a pair of coordinates that somebody sent. The
// set is closed; each value is the code that the interface answers with.
type Problem string

const (
	// NoProblem means that the coordinates can be a place.
	NoProblem Problem = ""
	// OutOfRange means NaN, an infinity, or degrees that do not exist.
	OutOfRange Problem = "out_of_range"
	// Zero means latitude 0, longitude 0: a phone that knows nothing.
	Zero Problem = "coordinates_zero"
	// Swapped means that latitude and longitude were exchanged.
	Swapped Problem = "coordinates_swapped"
	// CRS means projected metres (VN-2000, UTM, Web Mercator) instead of degrees.
	CRS Problem = "crs_suspected"
)

const (
	// zeroWithin is how near to (0,0), in degrees, nobody files a report: about 11 m.
	zeroWithin = 1e-4
	// metresFrom is the least value read as projected metres. The smallest
	// VN-2000 easting in use is above 200,000 and the smallest northing above 800,000.
	metresFrom = 10_000
	// neighbourhood is how far outside its box, in degrees, a jurisdiction still
	// recognises its own coordinates with the axes exchanged.
	neighbourhood = 0.1
)

// CheckPlace tells what is wrong with lat and lon (degrees) as a place in a
// jurisdiction with the bounds bbox. It does not say whether the place lies in
// the jurisdiction: that is for Areas. With the zero Bounds, exchanged axes are
// only found as OutOfRange.
func CheckPlace(lat, lon float64, bbox Bounds) Problem {
	absLat, absLon := math.Abs(lat), math.Abs(lon)
	switch {
	case math.IsNaN(lat) || math.IsNaN(lon) || math.IsInf(lat, 0) || math.IsInf(lon, 0):
		return OutOfRange
	case absLat <= zeroWithin && absLon <= zeroWithin:
		return Zero
	case absLat >= metresFrom && absLon >= metresFrom:
		return CRS
	case bbox != Bounds{} && bbox.swapped(lat, lon):
		return Swapped
	case !inRange(lat, lon):
		return OutOfRange
	}
	return NoProblem
}

// swapped tells whether the pair is near the box only with its axes exchanged.
func (b Bounds) swapped(lat, lon float64) bool {
	near := Bounds{
		MinLon: b.MinLon - neighbourhood, MinLat: b.MinLat - neighbourhood,
		MaxLon: b.MaxLon + neighbourhood, MaxLat: b.MaxLat + neighbourhood,
	}
	return !near.contains(lat, lon) && near.contains(lon, lat)
}
