// SPDX-License-Identifier: Apache-2.0

package photos_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"hientruong/photos"
)

// rendered is what Render made.
type rendered struct {
	photos.Picture
	thumb, view, original bytes.Buffer
}

func render(ctx context.Context, file []byte) (*rendered, error) {
	var r rendered
	outputs := photos.Outputs{Thumb: &r.thumb, View: &r.view, Original: &r.original}
	var err error
	r.Picture, err = photos.Render(ctx, bytes.NewReader(file), photos.NewMemory(photos.DefaultMemory), photos.DefaultLimits(), outputs)
	return &r, err
}

func (r *rendered) all() map[string][]byte {
	return map[string][]byte{"thumb": r.thumb.Bytes(), "view": r.view.Bytes(), "original": r.original.Bytes()}
}

func TestRenderTurnsUpright(t *testing.T) {
	t.Parallel()
	for orientation := 1; orientation <= 8; orientation++ {
		for _, size := range []image.Point{{64, 48}, {65, 47}, {47, 65}} {
			picture := stored(orientation, size.X, size.Y)
			block := exif(uint16(orientation), nil, nil)
			for kind, file := range map[string][]byte{
				"jpeg": inJPEG(asJPEG(t, picture), exifSegment(block)),
				"png":  inPNG(asPNG(t, picture), chunk("eXIf", block)),
			} {
				name := fmt.Sprintf("%s %v, orientation %d", kind, size, orientation)
				r, err := render(t.Context(), file)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if r.Width != size.X || r.Height != size.Y {
					t.Errorf("%s: %d × %d", name, r.Width, r.Height)
				}
				for rendition, b := range r.all() {
					m := decoded(t, b)
					if m.Bounds().Size() != size {
						t.Errorf("%s, %s: %v", name, rendition, m.Bounds())
					}
					checkCorners(t, name+", "+rendition, m)
				}
			}
		}
	}
}

func decoded(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func checkCorners(t *testing.T, name string, m image.Image) {
	t.Helper()
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	for at, want := range map[image.Point]color.NRGBA{
		{2, 2}: topLeft, {w - 3, 2}: topRight, {2, h - 3}: bottomLeft, {w - 3, h - 3}: bottomRight,
	} {
		if got := m.At(at.X, at.Y); !alike(got, want, 24) {
			t.Errorf("%s at %v: %v, want %v", name, at, color.NRGBAModel.Convert(got), want)
		}
	}
}

func alike(a, b color.Color, tolerance int) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	for _, d := range []int{int(ar>>8) - int(br>>8), int(ag>>8) - int(bg>>8), int(ab>>8) - int(bb>>8)} {
		if d > tolerance || d < -tolerance {
			return false
		}
	}
	return true
}

func TestRenderSizes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, h, viewW, viewH, thumbW, thumbH int }{
		{1, 1, 1, 1, 1, 1},
		{320, 200, 320, 200, 320, 200},
		{321, 200, 321, 200, 320, 199},
		{2000, 1000, 1600, 800, 320, 160},
		{1000, 2001, 800, 1600, 160, 320},
		{4000, 1, 1600, 1, 320, 1},
	} {
		r, err := render(t.Context(), asJPEG(t, quarters(c.w, c.h, topLeft, topRight, bottomLeft, bottomRight)))
		if err != nil {
			t.Fatal(err)
		}
		for rendition, want := range map[string]image.Point{"thumb": {c.thumbW, c.thumbH}, "view": {c.viewW, c.viewH}, "original": {c.w, c.h}} {
			if got := decoded(t, r.all()[rendition]).Bounds().Size(); got != want {
				t.Errorf("%d × %d: %s is %v, want %v", c.w, c.h, rendition, got, want)
			}
		}
		if len(r.Blurhash) != 28 {
			t.Errorf("blurhash %q", r.Blurhash)
		}
	}
}

// TestRenderColours renders one colour in all the ways that a file may hold it.
func TestRenderColours(t *testing.T) {
	t.Parallel()
	fill := func(set func(x, y int)) {
		for y := range 20 {
			for x := range 20 {
				set(x, y)
			}
		}
	}
	area := image.Rect(0, 0, 20, 20)
	red, grey := color.NRGBA{R: 200, G: 40, B: 60, A: 255}, color.NRGBA{R: 90, G: 90, B: 90, A: 255}
	half := color.NRGBA{R: 200, G: 40, B: 60, A: 128}
	rgb, alpha, sheer := image.NewNRGBA(area), image.NewNRGBA(area), image.NewNRGBA(area)
	deep, deepAlpha := image.NewNRGBA64(area), image.NewNRGBA64(area)
	grey8, grey16 := image.NewGray(area), image.NewGray16(area)
	palette := image.NewPaletted(area, color.Palette{color.Black, red, half})
	paletteAlpha := image.NewPaletted(area, color.Palette{color.Black, red, half})
	fill(func(x, y int) {
		rgb.Set(x, y, red)
		alpha.Set(x, y, half)
		deep.Set(x, y, red)
		deepAlpha.Set(x, y, half)
		grey8.Set(x, y, grey)
		grey16.Set(x, y, grey)
		palette.SetColorIndex(x, y, 1)
		paletteAlpha.SetColorIndex(x, y, 2)
	})
	onWhite := color.NRGBA{R: 227, G: 147, B: 157, A: 255}
	for name, c := range map[string]struct {
		file []byte
		want color.NRGBA
	}{
		"rgb":             {asPNG(t, rgb), red},
		"alpha":           {asPNG(t, alpha), onWhite},
		"transparent":     {asPNG(t, sheer), color.NRGBA{R: 255, G: 255, B: 255, A: 255}},
		"16 bits":         {asPNG(t, deep), red},
		"16 bits, alpha":  {asPNG(t, deepAlpha), onWhite},
		"grey":            {asPNG(t, grey8), grey},
		"16 bits of grey": {asPNG(t, grey16), grey},
		"palette":         {asPNG(t, palette), red},
		"palette, alpha":  {asPNG(t, paletteAlpha), onWhite},
		"jpeg":            {asJPEG(t, rgb), red},
		"jpeg of grey":    {asJPEG(t, grey8), grey},
	} {
		r, err := render(t.Context(), c.file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := decoded(t, r.original.Bytes()).At(10, 10); !alike(got, c.want, 6) {
			t.Errorf("%s: %v, want %v", name, color.NRGBAModel.Convert(got), c.want)
		}
	}
}

func TestRenderStrips(t *testing.T) {
	t.Parallel()
	times, gps := hue()
	picture := inJPEG(asJPEG(t, stored(1, 640, 480)),
		exifSegment(exif(1, times, gps)),
		segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta exif:GPSLatitude='16,27'/>")),
		segment(0xed, []byte("Photoshop 3.0\x008BIM the name of a citizen")),
		segment(0xfe, []byte("<script>alert(1)</script>")))
	picture = append(picture, "trailing secret"...)
	r, err := render(t.Context(), picture)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range r.all() {
		checkStripped(t, name, b)
		if bytes.Contains(b, []byte("secret")) || bytes.Contains(b, []byte("script")) {
			t.Errorf("%s carries what was sent", name)
		}
	}
}

// checkStripped demands that nothing but the picture stands in a JPEG: up to the
// scan only tables and the frame header, and nothing after the end.
func checkStripped(t *testing.T, name string, b []byte) {
	t.Helper()
	if !bytes.HasPrefix(b, []byte{0xff, 0xd8}) || bytes.Index(b, []byte{0xff, 0xd9}) != len(b)-2 {
		t.Errorf("%s: does not end where the picture ends", name)
		return
	}
	for at := 2; b[at+1] != 0xda; at += 2 + int(b[at+2])<<8 + int(b[at+3]) {
		if marker := b[at+1]; marker != 0xdb && marker != 0xc0 && marker != 0xc4 {
			t.Errorf("%s: segment %#x", name, marker)
			return
		}
	}
	for _, trace := range []string{"Exif\x00", "GPSL", "http://ns.adobe.com", "xmpmeta", "ICC_PROFILE", "8BIM"} {
		if bytes.Contains(b, []byte(trace)) {
			t.Errorf("%s: holds %q", name, trace)
		}
	}
}

func TestRenderHash(t *testing.T) {
	t.Parallel()
	hash := func(file []byte) uint64 {
		r, err := render(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		return r.Hash
	}
	first := hash(asPNG(t, scene(800, 600, 3)))
	same := hash(asJPEG(t, scene(640, 480, 3)))
	other := hash(asJPEG(t, scene(640, 480, 11)))
	if d := bits.OnesCount64(first ^ same); d > 4 {
		t.Errorf("the same scene differs in %d bits", d)
	}
	if d := bits.OnesCount64(first ^ other); d < 12 {
		t.Errorf("another scene differs in %d bits only", d)
	}
}

// scene draws something smooth; other seeds give other scenes.
func scene(w, h, seed int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := x*64/w, y*64/h
			m.SetNRGBA(x, y, color.NRGBA{R: uint8(u * v * seed / 16), G: uint8((u*seed + v) * 2), B: uint8(v * seed), A: 255})
		}
	}
	return m
}

func TestRenderFaults(t *testing.T) {
	t.Parallel()
	picture := asJPEG(t, stored(1, 64, 48))
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := render(cancelled, picture); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	full := errors.New("disk full")
	outputs := photos.Outputs{Thumb: io.Discard, View: io.Discard, Original: failing{full}}
	if _, err := photos.Render(t.Context(), bytes.NewReader(picture), photos.NewMemory(1), photos.DefaultLimits(), outputs); !errors.Is(err, full) {
		t.Errorf("failing output: %v", err)
	}
	flipped := bytes.Clone(asPNG(t, stored(1, 64, 48)))
	flipped[len(flipped)/2] ^= 0xff
	var refusal *photos.Refusal
	if _, err := render(t.Context(), flipped); !errors.As(err, &refusal) || refusal.Reason != photos.Broken {
		t.Errorf("flipped byte: %v, want broken", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestManyAtOnce renders fifty pictures with room for three: the budget is never
// exceeded, serves two at once (the first waits for the second to begin), and is
// whole again afterwards.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	file := asJPEG(t, scene(600, 450, 3))
	probe := photos.NewMemory(1 << 40)
	var weight int64
	outputs := photos.Outputs{Thumb: io.Discard, View: io.Discard, Original: watcher(func() { weight = probe.InUse() })}
	if _, err := photos.Render(t.Context(), bytes.NewReader(file), probe, photos.DefaultLimits(), outputs); err != nil {
		t.Fatal(err)
	}
	budget := 3*weight + weight/2
	memory := photos.NewMemory(budget)
	var most, running, together atomic.Int64
	two := make(chan struct{})
	meet := sync.OnceFunc(func() { close(two) })
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			begun := sync.OnceFunc(func() {
				now := running.Add(1)
				raise(&together, now)
				if now == 2 {
					meet()
				}
				<-two
			})
			outputs := photos.Outputs{
				Original: watcher(func() { begun(); raise(&most, memory.InUse()) }),
				View:     io.Discard,
				Thumb:    watcher(sync.OnceFunc(func() { running.Add(-1) })),
			}
			if _, err := photos.Render(t.Context(), bytes.NewReader(file), memory, photos.DefaultLimits(), outputs); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := most.Load(); got > budget || got < 2*weight {
		t.Errorf("at most %d bytes were taken, want %d to %d", got, 2*weight, budget)
	}
	if got := together.Load(); got > 3 {
		t.Errorf("%d were rendered at once, there was room for 3", got)
	}
	if got := memory.InUse(); got != 0 {
		t.Errorf("%d bytes were not given back", got)
	}
}

type watcher func()

func (w watcher) Write(p []byte) (int, error) {
	w()
	return len(p), nil
}

func raise(most *atomic.Int64, to int64) {
	for {
		old := most.Load()
		if to <= old || most.CompareAndSwap(old, to) {
			return
		}
	}
}

func TestMemoryLargerThanAll(t *testing.T) {
	t.Parallel()
	memory := photos.NewMemory(1000)
	release, err := memory.Acquire(t.Context(), 1<<40)
	if err != nil || memory.InUse() != 1000 {
		t.Fatalf("%d bytes taken, %v", memory.InUse(), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := memory.Acquire(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a second one: %v, want to wait until cancelled", err)
	}
	release()
	if memory.InUse() != 0 {
		t.Errorf("%d bytes left", memory.InUse())
	}
}

// TestEstimateCoversAllocations compares what is asked of the budget with all
// that is allocated meanwhile, which is more than is ever alive at once.
func TestEstimateCoversAllocations(t *testing.T) {
	area := image.Rect(0, 0, 1000, 750)
	turned := exifSegment(exif(6, nil, nil))
	for name, file := range map[string][]byte{
		"jpeg":         asJPEG(t, scene(1000, 750, 3)),
		"turned":       inJPEG(asJPEG(t, scene(1000, 750, 3)), turned),
		"jpeg of grey": asJPEG(t, image.NewGray(area)),
		"png":          asPNG(t, scene(1000, 750, 3)),
		"png, alpha":   asPNG(t, image.NewNRGBA(area)),
		"png, 16 bits": asPNG(t, image.NewNRGBA64(area)),
		"png, palette": asPNG(t, image.NewPaletted(area, color.Palette{color.Black, color.White})),
	} {
		_, allocated, estimate, err := measured(t, file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if allocated > estimate {
			t.Errorf("%s: %d bytes allocated, %d estimated", name, allocated, estimate)
		}
	}
}

// measured renders and returns what was allocated, and what was taken of the
// budget, in bytes. No other test may run meanwhile.
func measured(t *testing.T, file []byte) (r *rendered, allocated, estimate int64, err error) {
	t.Helper()
	r = &rendered{}
	for _, b := range []*bytes.Buffer{&r.thumb, &r.view, &r.original} {
		b.Grow(16 << 20) // So that growing does not count.
	}
	memory := photos.NewMemory(1 << 40)
	probe := watcher(func() { estimate = memory.InUse() })
	outputs := photos.Outputs{Thumb: &r.thumb, View: &r.view, Original: io.MultiWriter(probe, &r.original)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r.Picture, err = photos.Render(t.Context(), bytes.NewReader(file), memory, photos.DefaultLimits(), outputs)
	runtime.ReadMemStats(&after)
	return r, int64(after.TotalAlloc - before.TotalAlloc), estimate, err
}
