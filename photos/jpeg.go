// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"bufio"
	"encoding/binary"
	"io"
)

// The markers of a JPEG which matter here.
const (
	markerSOF0  = 0xc0 // baseline
	markerSOF2  = 0xc2 // progressive
	markerDHT   = 0xc4
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerDQT   = 0xdb
	markerDRI   = 0xdd
	markerAPP0  = 0xe0
	markerAPP14 = 0xee
	markerAPP15 = 0xef
	markerCOM   = 0xfe
)

// maxScans is far more than any camera or program writes (about ten). Each scan
// of a progressive JPEG may visit all of it, for a few bytes of file.
const maxScans = 64

// jpegWalk follows the segments of a JPEG, as leniently as Go's decoder does.
type jpegWalk struct {
	r      *bufio.Reader
	limits Limits
	info   Info
	frame  bool // the frame header was seen
	scans  int
	rgb    bool // an Adobe segment says that there is no YCbCr
}

// inspectJPEG walks to the end marker: a progressive JPEG that was cut off
// decodes without an error, so its end must be seen. Bytes after it are nobody's
// concern, as no rendition carries them.
func inspectJPEG(r *bufio.Reader, limits Limits) (Info, error) {
	walk := jpegWalk{r: r, limits: limits}
	if _, err := r.Discard(2); err != nil {
		return Info{}, err
	}
	for {
		marker, err := walk.next()
		if err != nil {
			return Info{}, err
		}
		if marker == markerEOI {
			break
		}
		if err := walk.segment(marker); err != nil {
			return Info{}, err
		}
	}
	if !walk.frame || walk.scans == 0 {
		return Info{}, refuse(Broken, "no picture in the file")
	}
	if walk.rgb {
		walk.info.memory += 4 * int64(walk.info.Width) * int64(walk.info.Height)
	}
	return walk.info, nil
}

// next skips to the next marker that has a segment, or the end marker.
func (w *jpegWalk) next() (byte, error) {
	for {
		b, err := w.r.ReadByte()
		if err != nil {
			return 0, err
		}
		if b != 0xff {
			continue
		}
		for b == 0xff {
			if b, err = w.r.ReadByte(); err != nil {
				return 0, err
			}
		}
		if b != 0 && (b < markerRST0 || b > markerRST7) {
			return b, nil
		}
	}
}

func (w *jpegWalk) segment(marker byte) error {
	var length [2]byte
	if _, err := io.ReadFull(w.r, length[:]); err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(length[:])) - 2
	if n < 0 {
		return refuse(Broken, "a segment of negative length")
	}
	switch {
	case marker >= markerSOF0 && marker <= markerSOF2:
		return w.frameHeader(marker, n)
	case marker == markerSOS:
		if w.scans++; w.scans > maxScans {
			return refuse(Unsafe, "more than %d scans", maxScans)
		}
	case marker == markerAPP14:
		return w.adobe(n)
	case marker == markerDHT, marker == markerDQT, marker == markerDRI, marker == markerCOM,
		marker >= markerAPP0 && marker <= markerAPP15:
	case marker < markerSOF0:
		return refuse(Broken, "unknown marker %#x", marker)
	default:
		return refuse(Unsupported, "JPEG with marker %#x", marker)
	}
	_, err := w.r.Discard(n)
	return err
}

func (w *jpegWalk) frameHeader(marker byte, n int) error {
	if w.frame {
		return refuse(Broken, "two frame headers")
	}
	w.frame = true
	header := make([]byte, n)
	if _, err := io.ReadFull(w.r, header); err != nil {
		return err
	}
	if n < 9 || n != 6+3*int(header[5]) {
		return refuse(Broken, "frame header of %d bytes", n)
	}
	w.info = Info{
		Kind:        JPEG,
		Width:       int(binary.BigEndian.Uint16(header[3:])),
		Height:      int(binary.BigEndian.Uint16(header[1:])),
		Bits:        int(header[0]),
		Progressive: marker == markerSOF2,
	}
	if w.info.Bits != 8 {
		return refuse(Unsupported, "JPEG of %d bits", w.info.Bits)
	}
	// Before the rest is read, which may be long.
	if err := w.limits.check(w.info); err != nil {
		return err
	}
	w.info.memory = jpegMemory(w.info, header[6:])
	return nil
}

// jpegMemory estimates the planes that are decoded, the coefficients which a
// progressive JPEG keeps (4 bytes each), the interleaved copy of CMYK, and the
// upright planes.
func jpegMemory(info Info, components []byte) int64 {
	h, v := 1, 1
	for i := 0; i < len(components); i += 3 {
		h, v = max(h, int(components[i+1]>>4)), max(v, int(components[i+1]&15))
	}
	mcus := int64((info.Width+8*h-1)/(8*h)) * int64((info.Height+8*v-1)/(8*v))
	var samples int64
	for i := 0; i < len(components); i += 3 {
		samples += mcus * 64 * int64(components[i+1]>>4) * int64(components[i+1]&15)
	}
	pixels := int64(info.Width) * int64(info.Height)
	memory := samples + planarMemory(pixels)
	if info.Progressive {
		memory += 4 * samples
	}
	switch {
	case len(components) == 12:
		memory += 4 * pixels
	case len(components) == 9 && components[0] == 'R' && components[3] == 'G' && components[6] == 'B':
		memory += 4 * pixels
	}
	return memory
}

func (w *jpegWalk) adobe(n int) error {
	const used = 12
	if n < used {
		_, err := w.r.Discard(n)
		return err
	}
	var payload [used]byte
	if _, err := io.ReadFull(w.r, payload[:]); err != nil {
		return err
	}
	if string(payload[:5]) == "Adobe" {
		w.rgb = payload[11] == 0
	}
	_, err := w.r.Discard(n - used)
	return err
}
