// SPDX-License-Identifier: Apache-2.0

package geo

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// Area is a ward or commune: who it is and where. Codes are re-used across
// dates, so a code alone is no key; whoever keeps areas chooses those in force.
type Area struct {
	// ID is for the caller to tell areas apart; ParseAreas leaves it empty.
	ID string
	// Code is the official code, text with its leading zeros.
	Code string
	// Name is the name in Vietnamese, NameEN in English ("" when not given).
	Name, NameEN string
	// Kind is the kind of unit, such as "phuong" or "xa".
	Kind string
	// Aliases are older names that people still search by.
	Aliases []string
	// ValidFrom and ValidTo are days (midnight UTC); the zero time is "not limited".
	ValidFrom, ValidTo time.Time
	// People is a population for weighting, 0 when not given.
	People int
	// Shape is polygons, each an outer ring and its holes, in (lon, lat) degrees.
	Shape orb.MultiPolygon
}

// Areas finds the area that a point is in. It never changes once made and is
// safe for concurrent use.
//
// Edges are straight lines in longitude and latitude, as GeoJSON defines them
// (RFC 7946, 3.1.1), not geodesics. Each area keeps its edges sorted into thin
// bands of latitude, so that a look-up tests only the few edges beside the point.
type Areas struct {
	areas  []Area // ascending by code, then as given
	shapes []bands
	bounds Bounds
}

// NewAreas indexes areas; those without a polygon are never found. It keeps the
// shapes, which must not be changed afterwards.
func NewAreas(areas []Area) *Areas {
	a := &Areas{areas: slices.Clone(areas)}
	slices.SortStableFunc(a.areas, func(x, y Area) int { return cmp.Compare(x.Code, y.Code) })
	a.shapes = make([]bands, len(a.areas))
	for i, area := range a.areas {
		a.shapes[i] = newBands(area.Shape)
		switch bounds := a.shapes[i].bounds; {
		case a.bounds == Bounds{}:
			a.bounds = bounds
		case bounds != Bounds{}:
			a.bounds = a.bounds.Union(bounds)
		}
	}
	return a
}

// Find is the area that holds p. A border belongs to both its sides: there the
// smallest code wins, and among equal codes the one given first, so that the
// same place always has the same answer. ok is false outside every area.
func (a *Areas) Find(p Point) (area Area, ok bool) {
	for i := range a.shapes {
		if a.shapes[i].contains(p) {
			return a.areas[i], true
		}
	}
	return Area{}, false
}

// Nearest is the area whose border is nearest to p, and how far away that is:
// 0 inside one. Farther than most metres it finds none. Of two equally near ones
// the smaller code wins. Meant for some kilometres, where the error is below 0.7 %.
func (a *Areas) Nearest(p Point, most float64) (area Area, metres float64, ok bool) {
	if area, ok = a.Find(p); ok {
		return area, 0, true
	}
	reach := around(p, most)
	best, found := most, -1
	for i := range a.shapes {
		if d := a.shapes[i].metres(p, reach); d < best || d == best && found < 0 {
			best, found = d, i
		}
	}
	if found < 0 {
		return Area{}, 0, false
	}
	return a.areas[found], best, true
}

// All is every area, ascending by code. The slice is the caller's own.
func (a *Areas) All() []Area { return slices.Clone(a.areas) }

// Len is how many areas there are.
func (a *Areas) Len() int { return len(a.areas) }

// Bounds is the box around all areas; the zero Bounds when there are none.
func (a *Areas) Bounds() Bounds { return a.bounds }

// Bounds is the box around the area; the zero Bounds when it has no polygon.
func (a Area) Bounds() Bounds {
	if len(a.Shape) == 0 {
		return Bounds{}
	}
	b := a.Shape.Bound()
	return Bounds{MinLon: b.Min[0], MinLat: b.Min[1], MaxLon: b.Max[0], MaxLat: b.Max[1]}
}
