// SPDX-License-Identifier: Apache-2.0

package photos_test

import (
	"bytes"
	"errors"
	"image"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hientruong/photos"
)

func TestInspectTakes(t *testing.T) {
	t.Parallel()
	picture := asJPEG(t, stored(1, 64, 48))
	padding := bytes.Repeat(segment(0xe2, make([]byte, 65533)), 40)
	for name, c := range map[string]struct {
		file []byte
		want photos.Info
	}{
		"jpeg":              {picture, photos.Info{Kind: photos.JPEG, Width: 64, Height: 48, Bits: 8}},
		"far frame header":  {inJPEG(picture, padding), photos.Info{Kind: photos.JPEG, Width: 64, Height: 48, Bits: 8}},
		"bytes after end":   {append(bytes.Clone(picture), "PK\x03\x04 more"...), photos.Info{Kind: photos.JPEG, Width: 64, Height: 48, Bits: 8}},
		"baseline 49 MP":    {resized(t, picture, 0xc0, 7000, 7000), photos.Info{Kind: photos.JPEG, Width: 7000, Height: 7000, Bits: 8}},
		"progressive 23 MP": {resized(t, picture, 0xc2, 4800, 4800), photos.Info{Kind: photos.JPEG, Width: 4800, Height: 4800, Bits: 8, Progressive: true}},
		"png":               {asPNG(t, stored(1, 64, 48)), photos.Info{Kind: photos.PNG, Width: 64, Height: 48, Bits: 8}},
		"png 16 bits":       {asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 5, 7))), photos.Info{Kind: photos.PNG, Width: 5, Height: 7, Bits: 16}},
		"webp":              {webpFile(webpDot()), photos.Info{Kind: photos.WebP, Width: 1, Height: 1, Bits: 8}},
		"webp canvas":       {webpFile(webpCanvas(0, 1, 1), webpChunk("ICCP", []byte("odd")), webpDot()), photos.Info{Kind: photos.WebP, Width: 1, Height: 1, Bits: 8}},
	} {
		for how, r := range map[string]io.Reader{"whole": bytes.NewReader(c.file), "in halves": iotest.HalfReader(bytes.NewReader(c.file))} {
			got, err := photos.Inspect(r, photos.DefaultLimits())
			if err != nil {
				t.Errorf("%s, %s: %v", name, how, err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreUnexported(photos.Info{})); diff != "" {
				t.Errorf("%s, %s: %s", name, how, diff)
			}
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	t.Parallel()
	picture := asJPEG(t, stored(1, 64, 48))
	frame := bytes.Index(picture, []byte{0xff, 0xc0})
	deep := bytes.Clone(picture)
	deep[frame+4] = 12
	scan := segment(0xda, []byte{1, 1, 0, 0, 63, 0})
	for name, c := range map[string]struct {
		file []byte
		want photos.Reason
	}{
		"nothing":            {nil, photos.Broken},
		"text":               {[]byte("hello, this is no picture"), photos.Unsupported},
		"gif":                {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), photos.Unsupported},
		"svg":                {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), photos.Unsupported},
		"heic":               {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), photos.Unsupported},
		"avif":               {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1"), photos.Unsupported},
		"huge jpeg":          {resized(t, picture, 0xc0, 64250, 64250), photos.TooLarge},
		"baseline 51 MP":     {resized(t, picture, 0xc0, 7150, 7150), photos.TooLarge},
		"progressive 25 MP":  {resized(t, picture, 0xc2, 5000, 5000), photos.TooLarge},
		"png 25 MP":          {pngHeader(5000, 5000, 8, 2), photos.TooLarge},
		"png 16 bits, 13 MP": {pngHeader(13000, 1000, 16, 6), photos.TooLarge},
		"png 2^62":           {pngHeader(1<<31-1, 1<<31-1, 8, 2), photos.TooLarge},
		"webp 268 MP":        {webpFile(webpChunk("VP8L", []byte{0x2f, 0xff, 0xff, 0xff, 0x0f})), photos.TooLarge},
		"long edge":          {resized(t, picture, 0xc0, 40000, 1), photos.Unsafe},
		"many scans":         {inJPEG(picture, bytes.Repeat(scan, 100)), photos.Unsafe},
		"many chunks":        {webpFile(bytes.Repeat(webpChunk("JUNK", nil), 100), webpDot()), photos.Unsafe},
		"no width":           {resized(t, picture, 0xc0, 0, 100), photos.Broken},
		"no height":          {resized(t, picture, 0xc0, 100, 0), photos.Broken},
		"12 bits":            {deep, photos.Unsupported},
		"lossless jpeg":      {resized(t, picture, 0xc3, 64, 48), photos.Unsupported},
		"arithmetic jpeg":    {resized(t, picture, 0xc9, 64, 48), photos.Unsupported},
		"two frames":         {inJPEG(picture, picture[frame:frame+19]), photos.Broken},
		"no end":             {picture[:len(picture)-2], photos.Broken},
		"half":               {picture[:len(picture)/2], photos.Broken},
		"end at once":        {[]byte("\xff\xd8\xff\xd9"), photos.Broken},
		"start alone":        {[]byte("\xff\xd8\xff"), photos.Broken},
		"short segment":      {[]byte("\xff\xd8\xff\xe0\x00\x01\xff\xd9"), photos.Broken},
		"png half header":    {pngHeader(5, 5, 8, 2)[:20], photos.Broken},
		"png without header": {append(pngHeader(5, 5, 8, 2)[:8], chunk("IDAT", make([]byte, 40))...), photos.Broken},
		"png odd depth":      {pngHeader(5, 5, 3, 2), photos.Broken},
		"png no width":       {pngHeader(0, 5, 8, 2), photos.Broken},
		"webp animated":      {webpFile(webpCanvas(2, 1, 1), webpDot()), photos.Unsupported},
		"webp animation":     {webpFile(webpChunk("ANIM", make([]byte, 6)), webpDot()), photos.Unsupported},
		"webp other canvas":  {webpFile(webpCanvas(0, 9, 9), webpDot()), photos.Broken},
		"webp endless chunk": {append(webpFile(), "JUNK\xff\xff\xff\xff"...), photos.Broken},
		"webp bad frame":     {webpFile(webpChunk("VP8 ", make([]byte, 10))), photos.Broken},
	} {
		_, err := photos.Inspect(bytes.NewReader(c.file), photos.DefaultLimits())
		var refusal *photos.Refusal
		if !errors.As(err, &refusal) || refusal.Reason != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestInspectReturnsErrorOfReader(t *testing.T) {
	t.Parallel()
	lost := errors.New("lost")
	picture := asJPEG(t, stored(1, 64, 48))
	for _, n := range []int64{0, 10, 300} {
		r := io.MultiReader(io.LimitReader(bytes.NewReader(picture), n), iotest.ErrReader(lost))
		if _, err := photos.Inspect(r, photos.DefaultLimits()); !errors.Is(err, lost) {
			t.Errorf("after %d bytes: %v, want the reader's error", n, err)
		}
	}
}

func TestRefusalSaysWhy(t *testing.T) {
	t.Parallel()
	_, err := photos.Inspect(strings.NewReader(""), photos.DefaultLimits())
	if err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("error %v", err)
	}
}

func FuzzInspect(f *testing.F) {
	picture := asJPEG(f, stored(1, 24, 16))
	times, gps := hue()
	f.Add(picture)
	f.Add(inJPEG(picture, exifSegment(exif(6, times, gps))))
	f.Add(resized(f, picture, 0xc2, 24, 16))
	f.Add(asPNG(f, stored(1, 24, 16)))
	f.Add(inPNG(asPNG(f, stored(1, 8, 8)), chunk("eXIf", exif(6, times, gps))))
	f.Add(webpFile(webpDot()))
	f.Add(webpFile(webpCanvas(0, 1, 1), webpDot()))
	limits := photos.Limits{Bytes: 1 << 20, Pixels: 10_000, HeavyPixels: 8_000, DeepPixels: 4_000}
	f.Fuzz(func(t *testing.T, file []byte) {
		info, err := photos.Inspect(bytes.NewReader(file), limits)
		var refusal *photos.Refusal
		if err != nil {
			if !errors.As(err, &refusal) {
				t.Fatalf("Inspect: %v, want a refusal", err)
			}
			return
		}
		if info.Width < 1 || info.Height < 1 || info.Width*info.Height > 10_000 {
			t.Fatalf("taken: %+v", info)
		}
		evidence := photos.ReadEvidence(bytes.NewReader(file), info.Kind, zone)
		if evidence.Orientation < 1 || evidence.Orientation > 8 {
			t.Fatalf("orientation %d", evidence.Orientation)
		}
		outputs := photos.Outputs{Thumb: io.Discard, View: io.Discard, Original: io.Discard}
		_, err = photos.Render(t.Context(), bytes.NewReader(file), photos.NewMemory(1<<20), limits, outputs)
		if err != nil && !errors.As(err, &refusal) {
			t.Fatalf("Render: %v, want a refusal", err)
		}
	})
}
