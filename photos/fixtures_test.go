// SPDX-License-Identifier: Apache-2.0

package photos_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// The quarters of the test picture, seen upright.
var (
	topLeft     = color.NRGBA{R: 220, G: 30, B: 30, A: 255}
	topRight    = color.NRGBA{R: 30, G: 200, B: 30, A: 255}
	bottomLeft  = color.NRGBA{R: 30, G: 30, B: 220, A: 255}
	bottomRight = color.NRGBA{R: 240, G: 240, B: 240, A: 255}
)

// quarters draws a picture of four colours.
func quarters(w, h int, tl, tr, bl, br color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			row := [2]color.NRGBA{tl, tr}
			if y >= h/2 {
				row = [2]color.NRGBA{bl, br}
			}
			m.SetNRGBA(x, y, row[min(1, x/max(1, w/2))])
		}
	}
	return m
}

// stored draws the test picture of w × h upright pixels as a camera stores it.
// EXIF says which side of the scene row 0 and column 0 show; the corners follow.
func stored(orientation, w, h int) *image.NRGBA {
	sides := [9][2]string{
		1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
	}[orientation]
	opposite := map[string]string{"top": "bottom", "bottom": "top", "left": "right", "right": "left"}
	corner := func(a, b string) color.NRGBA {
		if a == "left" || a == "right" {
			a, b = b, a
		}
		return map[string]color.NRGBA{"top left": topLeft, "top right": topRight, "bottom left": bottomLeft, "bottom right": bottomRight}[a+" "+b]
	}
	if orientation >= 5 {
		w, h = h, w
	}
	row, column := sides[0], sides[1]
	return quarters(w, h, corner(row, column), corner(row, opposite[column]), corner(opposite[row], column), corner(opposite[row], opposite[column]))
}

func asJPEG(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// tag is an entry of a TIFF directory.
type tag struct {
	number, kind uint16 // kind 2 is text, 3 a short, 4 a long, 5 rationals
	value        []byte
}

func short(v uint16) []byte { return binary.LittleEndian.AppendUint16(nil, v) }
func long(v uint32) []byte  { return binary.LittleEndian.AppendUint32(nil, v) }

// rationals writes whole numbers as n/1.
func rationals(values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = append(append(b, long(v)...), long(1)...)
	}
	return b
}

// directory writes tags as a TIFF directory which stands at offset.
func directory(offset int, tags []tag) []byte {
	size := map[uint16]int{2: 1, 3: 2, 4: 4, 5: 8}
	b := short(uint16(len(tags)))
	var values []byte
	for _, t := range tags {
		b = append(b, short(t.number)...)
		b = append(b, short(t.kind)...)
		b = append(b, long(uint32(len(t.value)/size[t.kind]))...)
		if len(t.value) <= 4 {
			b = append(b, append(bytes.Clone(t.value), 0, 0, 0, 0)[:4]...)
			continue
		}
		b = append(b, long(uint32(offset+2+12*len(tags)+4+len(values)))...)
		values = append(values, t.value...)
	}
	return append(append(b, 0, 0, 0, 0), values...)
}

// exif writes a TIFF block of the orientation and, where given, of a directory
// of times and one of GPS.
func exif(orientation uint16, times, gps []tag) []byte {
	const first = 8
	head := 2 + 3*12 + 4
	timesAt := first + head
	timesDirectory := directory(timesAt, times)
	gpsAt := timesAt + len(timesDirectory)
	b := append([]byte("II*\x00"), long(first)...)
	b = append(b, directory(first, []tag{
		{0x0112, 3, short(orientation)},
		{0x8769, 4, long(uint32(timesAt))},
		{0x8825, 4, long(uint32(gpsAt))},
	})...)
	b = append(b, timesDirectory...)
	return append(b, directory(gpsAt, gps)...)
}

// hue is the place and time that fixtures tell.
func hue() (times, gps []tag) {
	times = []tag{{0x9003, 2, []byte("2026:05:04 03:02:01\x00")}}
	gps = []tag{
		{1, 2, []byte("N\x00")}, {2, 5, rationals(16, 27, 36)},
		{3, 2, []byte("E\x00")}, {4, 5, rationals(107, 35, 24)},
	}
	return times, gps
}

// segment writes a JPEG segment.
func segment(marker byte, payload []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(payload)+2)), payload...)
}

// inJPEG inserts segments after the start of a JPEG.
func inJPEG(picture []byte, segments ...[]byte) []byte {
	return bytes.Join([][]byte{picture[:2], bytes.Join(segments, nil), picture[2:]}, nil)
}

func exifSegment(tiff []byte) []byte { return segment(0xe1, append([]byte("Exif\x00\x00"), tiff...)) }

// chunk writes a PNG chunk.
func chunk(name string, payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	b = append(append(b, name...), payload...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// inPNG inserts a chunk after the header of a PNG.
func inPNG(picture, inserted []byte) []byte {
	return bytes.Join([][]byte{picture[:33], inserted, picture[33:]}, nil)
}

// pngHeader writes a PNG that has nothing but a header.
func pngHeader(w, h uint32, depth, colour byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, w)
	b = binary.BigEndian.AppendUint32(b, h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(b, depth, colour, 0, 0, 0))...)
}

// webpFile writes a WebP of the chunks.
func webpFile(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(append([]byte("RIFF"), long(uint32(len(body)))...), body...)
}

func webpChunk(name string, payload []byte) []byte {
	b := append(append([]byte(name), long(uint32(len(payload)))...), payload...)
	if len(payload)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func webpCanvas(flags byte, w, h int) []byte {
	w, h = w-1, h-1
	return webpChunk("VP8X", []byte{flags, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)})
}

// webpDot is the frame of a lossless picture of one pixel.
func webpDot() []byte {
	return webpChunk("VP8L", []byte{0x2f, 0, 0, 0, 0, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0})
}

// resized sets the size which the frame header of a JPEG claims, and its marker.
func resized(tb testing.TB, picture []byte, marker byte, w, h uint16) []byte {
	tb.Helper()
	at := bytes.Index(picture, []byte{0xff, 0xc0})
	if at < 0 {
		tb.Fatal("no frame header")
	}
	b := bytes.Clone(picture)
	b[at+1] = marker
	binary.BigEndian.PutUint16(b[at+5:], h)
	binary.BigEndian.PutUint16(b[at+7:], w)
	return b
}

// samples returns the real photos, or skips.
func samples(tb testing.TB) []string {
	tb.Helper()
	root := filepath.Join("..", "..", "shared", "data", "photos")
	if _, err := os.Stat(root); err != nil {
		tb.Skipf("no real photos: %v", err)
	}
	var files []string
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) != ".tsv" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	if len(files) == 0 {
		tb.Fatalf("%s is there and holds nothing", root)
	}
	return files
}
