// SPDX-License-Identifier: Apache-2.0

package geo

import (
	"errors"
	"fmt"
	"math"
)

// Zoom is a Web-Mercator zoom level: at zoom z the world is 2^z by 2^z cells.
type Zoom uint8

const (
	// MaxZoom is the zoom of a Tile: cells of 0.6 m at the equator.
	MaxZoom Zoom = 26
	// SnapZoom is the zoom that sensitive places are rounded to: about 590 m at Huế.
	SnapZoom Zoom = 16

	maxLat = 85.05112878
	side   = 1 << MaxZoom
)

// ErrCell is returned (wrapped) for a map cell that does not exist.
var ErrCell = errors.New("geo: no such map cell")

// Tile is where something is, as one number: the Web-Mercator cell at MaxZoom
// as a Morton key (52 bits, x in the even ones, y in the odd; y grows to the
// south). The cells inside any coarser cell are one unbroken range of Tiles.
type Tile int64

// Cell is a map cell as maps name it: zoom, column from the west, row from the north.
type Cell struct {
	Z    Zoom
	X, Y uint32
}

// TileOf is the cell that p falls in. Latitudes beyond ±85.05112878, which the
// projection does not reach, fall in its outermost rows.
func TileOf(p Point) Tile {
	x, y := project(p)
	return Tile(interleave(x) | interleave(y)<<1)
}

// Point is the centre of the cell.
func (t Tile) Point() Point { return t.At(MaxZoom).Centre() }

// At is the cell of zoom z (at most MaxZoom) that holds the tile.
func (t Tile) At(z Zoom) Cell {
	return CellOfKey(z, int64(t)>>Shift(z))
}

// Snap is the tile in the middle of the cell of zoom z that holds t: a place
// that tells no more than that cell.
func (t Tile) Snap(z Zoom) Tile {
	if z >= MaxZoom {
		return t
	}
	half := Tile(1)<<Shift(z) - 1
	// The middle lies between four tiles; the one to its north-west has the key "0 then all ones".
	return t&^half | half>>2
}

// Shift is by how many bits a Tile is shifted right to get the key of its cell
// at zoom z: the n of `tile >> n` in a query.
func Shift(z Zoom) int { return 2 * int(MaxZoom-min(z, MaxZoom)) }

// NewCell checks that the cell exists. It fails with ErrCell.
func NewCell(z, x, y int) (Cell, error) {
	if z < 0 || z > int(MaxZoom) || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return Cell{}, fmt.Errorf("%w: %d/%d/%d", ErrCell, z, x, y)
	}
	return Cell{Z: Zoom(z), X: uint32(x), Y: uint32(y)}, nil
}

// CellOfKey is the cell at zoom z with the key `tile >> Shift(z)`.
func CellOfKey(z Zoom, key int64) Cell {
	return Cell{Z: min(z, MaxZoom), X: compact(uint64(key)), Y: compact(uint64(key) >> 1)}
}

// Key is the Morton key of the cell at its own zoom: `tile >> Shift(c.Z)` of every tile in it.
func (c Cell) Key() int64 { return int64(interleave(c.X) | interleave(c.Y)<<1) }

// Range is all tiles in the cell.
func (c Cell) Range() Range {
	lo := Tile(c.Key()) << Shift(c.Z)
	return Range{Lo: lo, Hi: lo | (1<<Shift(c.Z) - 1)}
}

// Centre is the middle of the cell on the map.
func (c Cell) Centre() Point {
	return unproject((float64(c.X)+0.5)/float64(c.width()), (float64(c.Y)+0.5)/float64(c.width()))
}

// Bounds is the cell as a box in degrees.
func (c Cell) Bounds() Bounds {
	n := float64(c.width())
	northWest := unproject(float64(c.X)/n, float64(c.Y)/n)
	southEast := unproject(float64(c.X+1)/n, float64(c.Y+1)/n)
	return Bounds{MinLon: northWest.lon, MinLat: southEast.lat, MaxLon: southEast.lon, MaxLat: northWest.lat}
}

func (c Cell) width() uint32 { return 1 << c.Z }

// project gives column and row at MaxZoom. Both are monotone in longitude and
// latitude; that the ranges of a box cover it rests on this.
func project(p Point) (x, y uint32) {
	lat := max(-maxLat, min(maxLat, p.lat)) * math.Pi / 180
	column := (p.lon + 180) / 360
	row := (1 - math.Asinh(math.Tan(lat))/math.Pi) / 2
	return clampToSide(column * side), clampToSide(row * side)
}

func clampToSide(v float64) uint32 { return uint32(max(0, min(side-1, v))) }

// unproject takes fractions of the world's width and height.
func unproject(x, y float64) Point {
	return Point{
		lat: math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi,
		lon: x*360 - 180,
	}
}

// interleave spreads the 32 bits of v over the even bits of the result.
func interleave(v uint32) uint64 {
	n := uint64(v)
	n = (n | n<<16) & 0x0000FFFF0000FFFF
	n = (n | n<<8) & 0x00FF00FF00FF00FF
	n = (n | n<<4) & 0x0F0F0F0F0F0F0F0F
	n = (n | n<<2) & 0x3333333333333333
	return (n | n<<1) & 0x5555555555555555
}

// compact is the inverse of interleave; odd bits of n are ignored.
func compact(n uint64) uint32 {
	n &= 0x5555555555555555
	n = (n | n>>1) & 0x3333333333333333
	n = (n | n>>2) & 0x0F0F0F0F0F0F0F0F
	n = (n | n>>4) & 0x00FF00FF00FF00FF
	n = (n | n>>8) & 0x0000FFFF0000FFFF
	return uint32(n | n>>16)
}
