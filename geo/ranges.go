// SPDX-License-Identifier: Apache-2.0

package geo

import (
	"cmp"
	"slices"
)

// MaxBoxRanges is the most ranges that a query for a bounding box is given.
const MaxBoxRanges = 16

// boxCells is how many cells a box is drawn with before they are merged: with
// this many the ranges hold some 10 % more than the box.
const boxCells = 512

// Range is the tiles from Lo to Hi, both included: `tile BETWEEN lo AND hi`.
type Range struct{ Lo, Hi Tile }

// Contains tells whether t is in the range.
func (r Range) Contains(t Tile) bool { return t >= r.Lo && t <= r.Hi }

// BBoxRanges gives at most most ranges (ascending, never touching) that
// together hold the tile of every point of the box, and little else; the exact
// test stays with the caller. A most below 1 counts as 1.
func BBoxRanges(b Bounds, most int) []Range {
	box := boxOf(b)
	z := box.deepest(func(w, h uint64) bool { return w*h <= boxCells })
	return box.trim(closeGaps(box.ranges(z), max(1, most)))
}

// CircleRanges gives the ranges of the at most 9 cells that hold the tile of
// every point within metres of p; the exact test stays with the caller. A
// circle over a pole or the 180th meridian gets a few very large cells.
func CircleRanges(p Point, metres float64) []Range {
	box := boxOf(around(p, max(0, metres)))
	z := box.deepest(func(w, h uint64) bool { return w <= 3 && h <= 3 })
	return box.trim(box.ranges(z))
}

// box is a rectangle of cells at MaxZoom, all four sides included.
type box struct{ x0, y0, x1, y1 uint32 }

func boxOf(b Bounds) box {
	x0, y0 := project(Point{lat: b.MaxLat, lon: b.MinLon})
	x1, y1 := project(Point{lat: b.MinLat, lon: b.MaxLon})
	return box{x0: x0, y0: y0, x1: max(x0, x1), y1: max(y0, y1)}
}

// deepest is the deepest zoom at which the box's width and height in cells fit.
func (b box) deepest(fits func(w, h uint64) bool) Zoom {
	z := MaxZoom
	for z > 0 {
		down := MaxZoom - z
		w, h := uint64(b.x1>>down-b.x0>>down)+1, uint64(b.y1>>down-b.y0>>down)+1
		if fits(w, h) {
			break
		}
		z--
	}
	return z
}

// ranges is the cells of zoom z that meet the box, merged where they touch.
func (b box) ranges(z Zoom) []Range {
	down := MaxZoom - z
	var cells []Range
	for y := b.y0 >> down; y <= b.y1>>down; y++ {
		for x := b.x0 >> down; x <= b.x1>>down; x++ {
			cells = append(cells, Cell{Z: z, X: x, Y: y}.Range())
		}
	}
	slices.SortFunc(cells, func(a, b Range) int { return cmp.Compare(a.Lo, b.Lo) })
	merged := cells[:1]
	for _, c := range cells[1:] {
		if last := &merged[len(merged)-1]; last.Hi+1 == c.Lo {
			last.Hi = c.Hi
		} else {
			merged = append(merged, c)
		}
	}
	return merged
}

// closeGaps bridges the narrowest gaps until no more than most ranges are left.
func closeGaps(ranges []Range, most int) []Range {
	if len(ranges) <= most {
		return ranges
	}
	gaps := make([]int, len(ranges)-1)
	for i := range gaps {
		gaps[i] = i
	}
	width := func(i int) Tile { return ranges[i+1].Lo - ranges[i].Hi }
	slices.SortStableFunc(gaps, func(i, j int) int { return cmp.Compare(width(j), width(i)) })
	kept := gaps[:most-1]
	slices.Sort(kept)
	out := make([]Range, 0, most)
	from := 0
	for _, i := range kept {
		out = append(out, Range{Lo: ranges[from].Lo, Hi: ranges[i].Hi})
		from = i + 1
	}
	return append(out, Range{Lo: ranges[from].Lo, Hi: ranges[len(ranges)-1].Hi})
}

// trim cuts what lies before the box's first and after its last tile: a Morton
// key grows with both axes, so those are its north-west and south-east corners.
func (b box) trim(ranges []Range) []Range {
	first, last := &ranges[0], &ranges[len(ranges)-1]
	first.Lo = max(first.Lo, Tile(Cell{Z: MaxZoom, X: b.x0, Y: b.y0}.Key()))
	last.Hi = min(last.Hi, Tile(Cell{Z: MaxZoom, X: b.x1, Y: b.y1}.Key()))
	return ranges
}
