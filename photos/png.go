// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"bufio"
	"encoding/binary"
	"io"
	"slices"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngDepths gives the bits a channel that the colour types of PNG may have.
func pngDepths(colour byte) []byte {
	switch colour {
	case 0:
		return []byte{1, 2, 4, 8, 16}
	case pngPalette:
		return []byte{1, 2, 4, 8}
	case 2, 4, 6:
		return []byte{8, 16}
	default:
		return nil
	}
}

const pngPalette = 3

// inspectPNG reads the header, which must come first.
func inspectPNG(r *bufio.Reader) (Info, error) {
	var header [33]byte // signature, length, name, 13 bytes, checksum
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return Info{}, err
	}
	if binary.BigEndian.Uint32(header[8:]) != 13 || string(header[12:16]) != "IHDR" {
		return Info{}, refuse(Broken, "PNG without a header")
	}
	width, height := binary.BigEndian.Uint32(header[16:]), binary.BigEndian.Uint32(header[20:])
	depth, colour, interlace := header[24], header[25], header[28]
	if width >= 1<<31 || height >= 1<<31 || !slices.Contains(pngDepths(colour), depth) || interlace > 1 {
		return Info{}, refuse(Broken, "PNG with an impossible header")
	}
	info := Info{Kind: PNG, Width: int(width), Height: int(height), Bits: int(depth)}
	info.memory = pngMemory(info, colour, interlace == 1)
	return info, nil
}

// pngMemory estimates the decoded pixels, a pass of an interlaced picture, and
// the upright planes.
func pngMemory(info Info, colour byte, interlaced bool) int64 {
	pixels := int64(info.Width) * int64(info.Height)
	decoded := 4 * pixels
	switch {
	case info.Bits == 16:
		decoded = 8 * pixels
	case colour == pngPalette:
		decoded = pixels
	}
	if interlaced {
		decoded += decoded / 2
	}
	return decoded + planarMemory(pixels)
}
