// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"bufio"
	"encoding/binary"
	"io"
)

// The chunks of a WebP come before its frame; a few suffice to see the frame.
const (
	maxChunks     = 32
	animationFlag = 1 << 1
	alphaFlag     = 1 << 4
)

// inspectWebP walks the chunks to the frame, of which it takes the size: that of
// the canvas may be another.
func inspectWebP(r *bufio.Reader) (Info, error) {
	if _, err := r.Discard(12); err != nil {
		return Info{}, err
	}
	var canvas []byte
	for range maxChunks {
		var header [8]byte
		if _, err := io.ReadFull(r, header[:]); err != nil {
			return Info{}, err
		}
		size := int64(binary.LittleEndian.Uint32(header[4:]))
		switch name := string(header[:4]); name {
		case "VP8 ", "VP8L":
			return webpFrame(r, name, canvas)
		case "ANIM", "ANMF":
			return Info{}, refuse(Unsupported, "animated WebP")
		case "VP8X":
			if size != 10 || canvas != nil {
				return Info{}, refuse(Broken, "WebP with an impossible header")
			}
			canvas = make([]byte, 10)
			if _, err := io.ReadFull(r, canvas); err != nil {
				return Info{}, err
			}
			if canvas[0]&animationFlag != 0 {
				return Info{}, refuse(Unsupported, "animated WebP")
			}
		default:
			if _, err := io.CopyN(io.Discard, r, size+size&1); err != nil {
				return Info{}, err
			}
		}
	}
	return Info{}, refuse(Unsafe, "more than %d chunks before the frame", maxChunks)
}

func webpFrame(r *bufio.Reader, name string, canvas []byte) (Info, error) {
	info := Info{Kind: WebP, Bits: 8}
	var header [10]byte
	lossless := name == "VP8L"
	if lossless {
		if _, err := io.ReadFull(r, header[:5]); err != nil {
			return Info{}, err
		}
		bits := binary.LittleEndian.Uint32(header[1:])
		if header[0] != 0x2f || bits>>29 != 0 {
			return Info{}, refuse(Broken, "WebP with an impossible frame")
		}
		info.Width, info.Height = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1
	} else {
		if _, err := io.ReadFull(r, header[:]); err != nil {
			return Info{}, err
		}
		if header[0]&1 != 0 || string(header[3:6]) != "\x9d\x01\x2a" {
			return Info{}, refuse(Broken, "WebP with an impossible frame")
		}
		info.Width = int(binary.LittleEndian.Uint16(header[6:]) & 0x3fff)
		info.Height = int(binary.LittleEndian.Uint16(header[8:]) & 0x3fff)
	}
	if canvas != nil && (info.Width != uint24(canvas[4:])+1 || info.Height != uint24(canvas[7:])+1) {
		return Info{}, refuse(Broken, "WebP of which the frame does not fill the canvas")
	}
	alpha := canvas != nil && canvas[0]&alphaFlag != 0
	info.memory = webpMemory(info, lossless || alpha)
	return info, nil
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// webpMemory estimates the decoded planes; or, where there is a lossless part,
// its pixels with a transformed copy and an alpha plane besides.
func webpMemory(info Info, lossless bool) int64 {
	pixels := int64(info.Width) * int64(info.Height)
	if lossless {
		return 11*pixels + planarMemory(pixels)
	}
	return 2*pixels + planarMemory(pixels)
}
