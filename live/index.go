// SPDX-License-Identifier: Apache-2.0

package live

import (
	"hientruong/geo"
	"hientruong/models"
)

// dimension is by what a viewer is found.
type dimension uint8

const (
	byNothing dimension = iota // who asks for everything
	byCell
	byPart // people of a unit: what it has a part in
	byUnit
	byCategory
	byArea
	byState
)

// key is a value that reports have and viewers are found by. Level is a cell's zoom.
type key struct {
	by    dimension
	level geo.Zoom
	cell  int64
	code  string
}

// finest is the zoom of the smallest cells that viewers are found by: events tell the place
// no finer. mostCells is how many of them a viewer has.
const (
	finest    geo.Zoom = 16
	mostCells uint64   = 16
)

// keysOf are the keys that a viewer is found by: of the narrowest thing that the filter
// asks about. Whatever the viewer may be told of has one of them.
func keysOf(f models.ReportFilter, v models.View, unit string) []key {
	switch {
	case v == models.ViewUnit:
		return []key{{by: byPart, code: unit}}
	case f.Box != nil:
		return cellsOf(*f.Box)
	case f.Near != nil:
		lat, lon := f.Near.Lat(), f.Near.Lon()
		return cellsOf(geo.Bounds{MinLat: lat, MaxLat: lat, MinLon: lon, MaxLon: lon}.Pad(f.RadiusM))
	case len(f.Units) > 0:
		return codes(byUnit, f.Units)
	case len(f.Categories) > 0:
		return codes(byCategory, f.Categories)
	case len(f.Areas) > 0:
		return codes(byArea, f.Areas)
	case len(f.States) > 0:
		return codes(byState, f.States)
	}
	return []key{{by: byNothing}}
}

func codes[T ~string](by dimension, all []T) []key {
	keys := make([]key, len(all))
	for i, code := range all {
		keys[i] = key{by: by, code: string(code)}
	}
	return keys
}

// cellsOf are the cells of the finest zoom at which few of them hold the whole box.
func cellsOf(b geo.Bounds) []key {
	northWest, _ := geo.NewPoint(b.MaxLat, b.MinLon)
	southEast, _ := geo.NewPoint(b.MinLat, b.MaxLon)
	first, last := geo.TileOf(northWest), geo.TileOf(southEast)
	for level := finest; ; level-- {
		a, z := first.At(level), last.At(level)
		if level > 0 && uint64(z.X-a.X+1)*uint64(z.Y-a.Y+1) > mostCells {
			continue
		}
		var keys []key
		for y := a.Y; y <= z.Y; y++ {
			for x := a.X; x <= z.X; x++ {
				keys = append(keys, key{by: byCell, level: level, cell: geo.Cell{Z: level, X: x, Y: y}.Key()})
			}
		}
		return keys
	}
}

// index finds viewers by what a report has.
type index struct {
	viewers map[key]map[*Viewer]struct{}
	levels  [finest + 1]int // viewers' cells of each zoom
}

func newIndex() *index { return &index{viewers: map[key]map[*Viewer]struct{}{}} }

func (x *index) add(v *Viewer) {
	for _, k := range v.keys {
		if x.viewers[k] == nil {
			x.viewers[k] = map[*Viewer]struct{}{}
		}
		x.viewers[k][v] = struct{}{}
		if k.by == byCell {
			x.levels[k.level]++
		}
	}
}

func (x *index) remove(v *Viewer) {
	for _, k := range v.keys {
		if _, ok := x.viewers[k][v]; !ok {
			continue
		}
		delete(x.viewers[k], v)
		if len(x.viewers[k]) == 0 {
			delete(x.viewers, k)
		}
		if k.by == byCell {
			x.levels[k.level]--
		}
	}
}

// concerned visits whoever could be told of what happened to a report. One can come twice.
func (x *index) concerned(s *sight, touches []touch, visit func(*Viewer)) {
	every := func(k key) {
		for v := range x.viewers[k] {
			visit(v)
		}
	}
	every(key{by: byNothing})
	for unit := range s.row.Units {
		every(key{by: byPart, code: unit})
	}
	x.having(&s.keys, every)
	seen := s.keys
	for _, t := range touches {
		for _, keys := range []*models.Keys{t.before, t.after} {
			if keys != nil && *keys != seen {
				x.having(keys, every)
				seen = *keys
			}
		}
	}
}

// having visits the keys of a report as it was.
func (x *index) having(k *models.Keys, every func(key)) {
	every(key{by: byUnit, code: k.Unit})
	every(key{by: byCategory, code: k.Category})
	every(key{by: byArea, code: k.Area})
	every(key{by: byState, code: string(k.State)})
	if k.Tile16 == 0 {
		return
	}
	for level, n := range x.levels {
		if n > 0 {
			every(key{by: byCell, level: geo.Zoom(level), cell: k.Tile16 >> (2 * (int(finest) - level))})
		}
	}
}
