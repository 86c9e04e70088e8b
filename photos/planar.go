// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"image"
	"image/color"
)

// planarMemory is what an upright 4:2:0 picture takes, in bytes, with the
// smaller ones made of it and the buffers of the encoder.
func planarMemory(pixels int64) int64 { return pixels + pixels/2 + 6<<20 }

// turn maps a place of the upright picture to the stored one.
type turn struct {
	width, height  int // of the upright picture, pixels
	x0, y0         int // where the upright origin is stored
	xx, xy, yx, yy int // stored x = x0 + xx·x + xy·y, stored y = y0 + yx·x + yy·y
}

// turnFor returns the turn for an orientation as EXIF counts them, 1 to 8, of a
// picture stored with w × h pixels.
func turnFor(orientation, w, h int) turn {
	switch orientation {
	case 2:
		return turn{w, h, w - 1, 0, -1, 0, 0, 1}
	case 3:
		return turn{w, h, w - 1, h - 1, -1, 0, 0, -1}
	case 4:
		return turn{w, h, 0, h - 1, 1, 0, 0, -1}
	case 5:
		return turn{h, w, 0, 0, 0, 1, 1, 0}
	case 6:
		return turn{h, w, 0, h - 1, 0, 1, -1, 0}
	case 7:
		return turn{h, w, w - 1, h - 1, 0, -1, -1, 0}
	case 8:
		return turn{h, w, w - 1, 0, 0, -1, 1, 0}
	default:
		return turn{w, h, 0, 0, 1, 0, 0, 1}
	}
}

func (t turn) at(x, y int) (int, int) {
	return t.x0 + t.xx*x + t.xy*y, t.y0 + t.yx*x + t.yy*y
}

// upright returns the picture as the camera was held, in 4:2:0 planes, which is
// what the encoder writes anyway. What is transparent shows white.
func upright(m image.Image, orientation int) *image.YCbCr {
	bounds := m.Bounds()
	t := turnFor(orientation, bounds.Dx(), bounds.Dy())
	source, planar := m.(*image.YCbCr)
	if planar && orientation == 1 && source.SubsampleRatio == image.YCbCrSubsampleRatio420 && bounds.Min == (image.Point{}) {
		return source
	}
	target := image.NewYCbCr(image.Rect(0, 0, t.width, t.height), image.YCbCrSubsampleRatio420)
	if planar {
		turnPlanes(target, source, t)
	} else {
		paint(target, pixels(m), t)
	}
	return target
}

// tile keeps both pictures in the cache while one is read across.
const tile = 32

// tiles calls do for each tile of a plane.
func tiles(width, height int, do func(x0, y0, x1, y1 int)) {
	for y := 0; y < height; y += tile {
		for x := 0; x < width; x += tile {
			do(x, y, min(x+tile, width), min(y+tile, height))
		}
	}
}

// turnPlanes turns a planar picture without leaving YCbCr.
func turnPlanes(target, source *image.YCbCr, t turn) {
	origin := source.Rect.Min
	tiles(t.width, t.height, func(x0, y0, x1, y1 int) {
		for y := y0; y < y1; y++ {
			row := target.Y[y*target.YStride:]
			sx, sy := t.at(x0, y)
			at := source.YOffset(sx+origin.X, sy+origin.Y)
			step := t.xx + t.yx*source.YStride
			for x := x0; x < x1; x++ {
				row[x] = source.Y[at]
				at += step
			}
		}
	})
	tiles((t.width+1)/2, (t.height+1)/2, func(x0, y0, x1, y1 int) {
		for cy := y0; cy < y1; cy++ {
			for cx := x0; cx < x1; cx++ {
				var cb, cr int
				for i := range 4 {
					x, y := min(2*cx+i&1, t.width-1), min(2*cy+i>>1, t.height-1)
					sx, sy := t.at(x, y)
					at := source.COffset(sx+origin.X, sy+origin.Y)
					cb += int(source.Cb[at])
					cr += int(source.Cr[at])
				}
				at := cy*target.CStride + cx
				target.Cb[at], target.Cr[at] = uint8((cb+2)/4), uint8((cr+2)/4)
			}
		}
	})
}

// paint fills the planes from a picture that is read by its pixels.
func paint(target *image.YCbCr, pixel func(x, y int) (r, g, b uint8), t turn) {
	tiles((t.width+1)/2, (t.height+1)/2, func(x0, y0, x1, y1 int) {
		for cy := y0; cy < y1; cy++ {
			for cx := x0; cx < x1; cx++ {
				var cb, cr int
				for i := range 4 {
					x, y := min(2*cx+i&1, t.width-1), min(2*cy+i>>1, t.height-1)
					py, pcb, pcr := color.RGBToYCbCr(pixel(t.at(x, y)))
					target.Y[y*target.YStride+x] = py
					cb += int(pcb)
					cr += int(pcr)
				}
				at := cy*target.CStride + cx
				target.Cb[at], target.Cr[at] = uint8((cb+2)/4), uint8((cr+2)/4)
			}
		}
	})
}

// pixels returns a reader of m's pixels, counted from its corner, on white. The
// types which the decoders return have a quick way.
func pixels(m image.Image) func(x, y int) (r, g, b uint8) {
	origin := m.Bounds().Min
	switch m := m.(type) {
	case *image.Gray:
		return func(x, y int) (uint8, uint8, uint8) {
			v := m.Pix[m.PixOffset(x+origin.X, y+origin.Y)]
			return v, v, v
		}
	case *image.RGBA: // Colours are multiplied by alpha.
		return func(x, y int) (uint8, uint8, uint8) {
			p := m.Pix[m.PixOffset(x+origin.X, y+origin.Y):][:4:4]
			white := 255 - p[3]
			return p[0] + white, p[1] + white, p[2] + white
		}
	case *image.NRGBA:
		return func(x, y int) (uint8, uint8, uint8) {
			p := m.Pix[m.PixOffset(x+origin.X, y+origin.Y):][:4:4]
			return onWhite(p[0], p[3]), onWhite(p[1], p[3]), onWhite(p[2], p[3])
		}
	case *image.Paletted:
		palette := flatten(m.Palette)
		return func(x, y int) (uint8, uint8, uint8) {
			c := palette[m.Pix[m.PixOffset(x+origin.X, y+origin.Y)]]
			return c[0], c[1], c[2]
		}
	case *image.CMYK:
		return func(x, y int) (uint8, uint8, uint8) {
			p := m.Pix[m.PixOffset(x+origin.X, y+origin.Y):][:4:4]
			return color.CMYKToRGB(p[0], p[1], p[2], p[3])
		}
	case *image.NYCbCrA:
		return func(x, y int) (uint8, uint8, uint8) {
			x, y = x+origin.X, y+origin.Y
			at, alpha := m.COffset(x, y), m.A[m.AOffset(x, y)]
			r, g, b := color.YCbCrToRGB(m.Y[m.YOffset(x, y)], m.Cb[at], m.Cr[at])
			return onWhite(r, alpha), onWhite(g, alpha), onWhite(b, alpha)
		}
	case image.RGBA64Image: // 16 bits; At would allocate for each pixel.
		return func(x, y int) (uint8, uint8, uint8) {
			c := m.RGBA64At(x+origin.X, y+origin.Y)
			white := 0xffff - c.A
			return uint8((c.R + white) >> 8), uint8((c.G + white) >> 8), uint8((c.B + white) >> 8)
		}
	default:
		return func(x, y int) (uint8, uint8, uint8) {
			return flat(m.At(x+origin.X, y+origin.Y))
		}
	}
}

// onWhite mixes a channel that is not multiplied by alpha with white.
func onWhite(c, alpha uint8) uint8 {
	return uint8((uint32(c)*uint32(alpha) + 255*(255-uint32(alpha)) + 127) / 255)
}

func flat(c color.Color) (r, g, b uint8) {
	r16, g16, b16, alpha := c.RGBA()
	white := 0xffff - alpha
	return uint8((r16 + white) >> 8), uint8((g16 + white) >> 8), uint8((b16 + white) >> 8)
}

// flatten returns the colours of a palette on white; what it lacks is black.
func flatten(palette color.Palette) (colours [256][3]uint8) {
	for i, c := range palette {
		if i < len(colours) {
			colours[i][0], colours[i][1], colours[i][2] = flat(c)
		}
	}
	return colours
}
