// SPDX-License-Identifier: Apache-2.0

package geo

import (
	"encoding/binary"
	"math"
	"slices"
)

// Extent is how many units a vector tile is wide and high.
const Extent = 4096

// XY is a place in a vector tile, in units of its Extent: x to the east, y to the south.
// What lies in the tile has both from 0 to Extent-1.
type XY struct{ X, Y int32 }

// Value is what a property of a feature can be: made by String, Unique, Int, Float or Bool.
type Value struct {
	kind byte // the number of the field in the format's Value
	text string
	bits uint64
	once bool
}

// String is a property that is a text.
func String(s string) Value { return Value{kind: 1, text: s} }

// Unique is a property that is a text which no other feature of the layer has: it is not
// looked for among those of the others, which takes most of the time of a point.
func Unique(s string) Value { return Value{kind: 1, text: s, once: true} }

// Int is a property that is a number. A negative one is written as 0.
func Int(n int64) Value { return Value{kind: 5, bits: uint64(max(0, n))} }

// Float is a property that is a number with a fraction.
func Float(f float64) Value { return Value{kind: 3, bits: math.Float64bits(f)} }

// Bool is a property that is true or false.
func Bool(b bool) Value {
	if b {
		return Value{kind: 7, bits: 1}
	}
	return Value{kind: 7}
}

// Tag is a property of a feature.
type Tag struct {
	Key   string
	Value Value
}

// Layer gathers features of one layer of a Mapbox Vector Tile, version 2.1. It is not
// safe for concurrent use.
type Layer struct {
	name     string
	keys     map[string]uint64
	keyList  []string
	values   map[Value]uint64
	encoded  []byte // all values, as fields of the layer
	distinct uint64 // how many they are
	features []byte
	tags     []byte // of the feature under way
	geometry []byte // of the feature under way
	count    int
}

// NewLayer begins a layer.
func NewLayer(name string) *Layer {
	return &Layer{name: name, keys: map[string]uint64{}, values: map[Value]uint64{}}
}

// Len is how many features the layer has.
func (l *Layer) Len() int { return l.count }

// The types of geometry of the format.
const (
	mvtPoint   = 1
	mvtLine    = 2
	mvtPolygon = 3
)

// The commands of the format's geometry.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// Point adds a point. An id of 0 is none.
func (l *Layer) Point(id uint64, at XY, tags ...Tag) {
	p := pen{buf: l.geometry[:0]}
	p.command(moveTo, 1)
	p.to(at)
	l.geometry = p.buf
	l.feature(id, mvtPoint, tags)
}

// Lines adds a feature of lines; those of less than two places are left out.
func (l *Layer) Lines(id uint64, lines [][]XY, tags ...Tag) {
	p := pen{buf: l.geometry[:0]}
	for _, line := range lines {
		if len(line) < 2 {
			continue
		}
		p.path(line)
	}
	l.geometry = p.buf
	if len(p.buf) > 0 {
		l.feature(id, mvtLine, tags)
	}
}

// Polygons adds a feature of rings, none closed by its first place again: outer rings run
// clockwise as seen on a map, each is followed by its holes, which run the other way.
// Rings of less than three places are left out.
func (l *Layer) Polygons(id uint64, rings [][]XY, tags ...Tag) {
	p := pen{buf: l.geometry[:0]}
	for _, ring := range rings {
		if len(ring) < 3 {
			continue
		}
		p.path(ring)
		p.command(closePath, 1)
	}
	l.geometry = p.buf
	if len(p.buf) > 0 {
		l.feature(id, mvtPolygon, tags)
	}
}

// pen writes the commands of a geometry.
type pen struct {
	buf []byte
	at  XY
}

func (p *pen) command(id, times uint64) { p.buf = binary.AppendUvarint(p.buf, id|times<<3) }

func (p *pen) to(next XY) {
	p.buf = binary.AppendUvarint(p.buf, zigzag(next.X-p.at.X))
	p.buf = binary.AppendUvarint(p.buf, zigzag(next.Y-p.at.Y))
	p.at = next
}

func (p *pen) path(places []XY) {
	p.command(moveTo, 1)
	p.to(places[0])
	p.command(lineTo, uint64(len(places)-1))
	for _, next := range places[1:] {
		p.to(next)
	}
}

func zigzag(n int32) uint64 { return uint64(uint32(n)<<1 ^ uint32(n>>31)) }

// feature writes the feature whose geometry has been gathered.
func (l *Layer) feature(id, kind uint64, tags []Tag) {
	l.tags = l.tags[:0]
	for _, t := range tags {
		l.tags = binary.AppendUvarint(l.tags, l.key(t.Key))
		l.tags = binary.AppendUvarint(l.tags, l.value(t.Value))
	}
	size := field(len(l.tags)) + field(len(l.geometry)) + 2
	if id != 0 {
		size += 1 + uvarintLen(id)
	}
	l.features = appendHead(l.features, 2, size)
	if id != 0 {
		l.features = appendUint(l.features, 1, id)
	}
	l.features = append(appendHead(l.features, 2, len(l.tags)), l.tags...)
	l.features = appendUint(l.features, 3, kind)
	l.features = append(appendHead(l.features, 4, len(l.geometry)), l.geometry...)
	l.count++
}

func (l *Layer) key(k string) uint64 {
	n, ok := l.keys[k]
	if !ok {
		n = uint64(len(l.keyList))
		l.keys[k], l.keyList = n, append(l.keyList, k)
	}
	return n
}

func (l *Layer) value(v Value) uint64 {
	if !v.once {
		if n, ok := l.values[v]; ok {
			return n
		}
		l.values[v] = l.distinct
	}
	l.encoded = appendHead(l.encoded, 4, v.size())
	l.encoded = v.append(l.encoded)
	l.distinct++
	return l.distinct - 1
}

// EncodeTile writes layers as a tile; layers without a feature are left out, so that a
// tile in which nothing lies is empty.
func EncodeTile(layers ...*Layer) []byte {
	tile := []byte{}
	for _, l := range layers {
		if l.count > 0 {
			tile = l.append(tile)
		}
	}
	return tile
}

// append writes the layer as a field of a tile.
func (l *Layer) append(tile []byte) []byte {
	var head, tail []byte
	head = appendUint(head, 15, 2)
	head = append(appendHead(head, 1, len(l.name)), l.name...)
	for _, k := range l.keyList {
		tail = append(appendHead(tail, 3, len(k)), k...)
	}
	end := appendUint(nil, 5, Extent)
	size := len(head) + len(l.features) + len(tail) + len(l.encoded) + len(end)
	tile = appendHead(slices.Grow(tile, size+8), 3, size)
	for _, part := range [][]byte{head, l.features, tail, l.encoded, end} {
		tile = append(tile, part...)
	}
	return tile
}

// size is how long the value is as a message.
func (v Value) size() int {
	switch v.kind {
	case 1:
		return field(len(v.text))
	case 3:
		return 9
	default:
		return 1 + uvarintLen(v.bits)
	}
}

func (v Value) append(to []byte) []byte {
	switch v.kind {
	case 1:
		return append(appendHead(to, 1, len(v.text)), v.text...)
	case 3:
		return binary.LittleEndian.AppendUint64(append(to, 3<<3|1), v.bits)
	default:
		return appendUint(to, uint64(v.kind), v.bits)
	}
}

// The wire format of Protocol Buffers, as far as tiles need it: every number of a field
// is below 16, so that its tag is one byte.

func appendUint(to []byte, number, v uint64) []byte {
	return binary.AppendUvarint(append(to, byte(number<<3)), v)
}

func appendHead(to []byte, number uint64, size int) []byte {
	return binary.AppendUvarint(append(to, byte(number<<3|2)), uint64(size))
}

// field is how long a field of bytes is with its head.
func field(size int) int { return 1 + uvarintLen(uint64(size)) + size }

func uvarintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

// PlaceIn is where a place, given as fractions of the world's width and height, lies in a
// cell's tile; what lies outside is moved to its border.
func PlaceIn(c Cell, x, y float64) XY {
	n := float64(c.width())
	in := func(fraction float64, first uint32) int32 {
		return int32(max(0, min(Extent-1, math.Floor((fraction*n-float64(first))*Extent))))
	}
	return XY{X: in(x, c.X), Y: in(y, c.Y)}
}

// In is where the tile lies in a map tile that holds it.
func (t Tile) In(c Cell) XY {
	at, down := t.At(MaxZoom), MaxZoom-min(c.Z, MaxZoom)
	in := func(v uint32) int32 { return int32((uint64(v&(1<<down-1))*Extent + Extent/2) >> down) }
	xy := XY{X: in(at.X), Y: in(at.Y)}
	return XY{X: min(xy.X, Extent-1), Y: min(xy.Y, Extent-1)}
}
