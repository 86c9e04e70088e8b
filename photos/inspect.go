// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Kind is the file format of a picture.
type Kind string

// The formats that are taken.
const (
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	WebP Kind = "webp"
)

// Info is what the headers of a picture say.
type Info struct {
	Kind        Kind
	Width       int  // pixels, as stored: before it is turned upright
	Height      int  // pixels, as stored
	Bits        int  // a channel: 1, 2, 4, 8 or 16
	Progressive bool // of JPEG

	memory int64 // bytes that decoding and rendering hold at most, roughly
}

// Limits bound what is taken.
type Limits struct {
	Bytes       int64 // of the file
	Pixels      int64 // of a baseline JPEG
	HeavyPixels int64 // of a progressive JPEG, a PNG or a WebP
	DeepPixels  int64 // of a picture with 16 bits a channel
}

// DefaultLimits returns 20 MiB, 50, 24 and 12 megapixels.
func DefaultLimits() Limits {
	return Limits{Bytes: 20 << 20, Pixels: 50e6, HeavyPixels: 24e6, DeepPixels: 12e6}
}

const (
	// maxEdge is the longest edge taken, in pixels: more than any panorama has.
	maxEdge = 32768
	// sniffed is how many bytes tell the kind.
	sniffed = 16
)

// Inspect tells what kind of picture r holds and how large it is, and refuses
// what is beyond limits, before anything is decoded. It reads the headers of a
// PNG or WebP, and a JPEG to its end marker; it holds a few KiB at most. The
// error is a *Refusal, or the error of r. The size of the file is not looked at.
func Inspect(r io.Reader, limits Limits) (Info, error) {
	br := bufio.NewReaderSize(r, 32<<10)
	head, err := br.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return Info{}, err
	}
	var info Info
	switch kind := sniff(head); kind {
	case JPEG:
		info, err = inspectJPEG(br, limits)
	case PNG:
		info, err = inspectPNG(br)
	case WebP:
		info, err = inspectWebP(br)
	default:
		if len(head) == 0 {
			return Info{}, refuse(Broken, "no bytes")
		}
		return Info{}, refuse(Unsupported, "neither JPEG, PNG nor WebP")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = refuse(Broken, "truncated")
	}
	if err != nil {
		return Info{}, err
	}
	return info, limits.check(info)
}

func sniff(head []byte) Kind {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(head, []byte(pngSignature)):
		return PNG
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP
	default:
		return ""
	}
}

// check refuses what is beyond the limits.
func (l Limits) check(info Info) error {
	if info.Width <= 0 || info.Height <= 0 {
		return refuse(Broken, "%d × %d pixels", info.Width, info.Height)
	}
	most := l.Pixels
	if info.Progressive || info.Kind != JPEG {
		most = l.HeavyPixels
	}
	if info.Bits > 8 {
		most = l.DeepPixels
	}
	if pixels := int64(info.Width) * int64(info.Height); pixels > most {
		return refuse(TooLarge, "%d × %d pixels, at most %d", info.Width, info.Height, most)
	}
	if max(info.Width, info.Height) > maxEdge {
		return refuse(Unsafe, "an edge of %d pixels", max(info.Width, info.Height))
	}
	return nil
}
