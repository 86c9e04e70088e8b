// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"

	"golang.org/x/image/vector"
)

// canvas is a picture in the making. Places on it go from 0,0 at the upper left to 1,1 at
// the lower right; lengths are shares of its shorter side.
type canvas struct {
	img  *image.RGBA
	w, h float64
	unit float64
}

func newCanvas(width, height int) *canvas {
	return &canvas{
		img: image.NewRGBA(image.Rect(0, 0, width, height)), w: float64(width), h: float64(height), unit: float64(min(width, height)),
	}
}

// rgb is a colour as in style sheets, 0xRRGGBB.
func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16 & 0xff), G: uint8(hex >> 8 & 0xff), B: uint8(hex & 0xff), A: 255}
}

// faint is a colour that what lies under it shines through; share 1 hides it.
func faint(c color.RGBA, share float64) color.RGBA {
	part := func(v uint8) uint8 { return uint8(float64(v) * share) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), part(c.A)}
}

// dark is a colour with a share of its light.
func dark(c color.RGBA, share float64) color.RGBA {
	d := faint(c, share)
	d.A = c.A
	return d
}

type xy struct{ x, y float64 }

// fill paints a polygon.
func (c *canvas) fill(paint color.Color, corners ...xy) {
	low, high := xy{math.Inf(1), math.Inf(1)}, xy{math.Inf(-1), math.Inf(-1)}
	for _, p := range corners {
		low = xy{min(low.x, p.x*c.w), min(low.y, p.y*c.h)}
		high = xy{max(high.x, p.x*c.w), max(high.y, p.y*c.h)}
	}
	box := image.Rect(int(low.x)-1, int(low.y)-1, int(high.x)+2, int(high.y)+2).Intersect(c.img.Bounds())
	if box.Empty() {
		return
	}
	// The rasterizer costs as much as its area, so it gets the polygon's alone.
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for i, p := range corners {
		x, y := float32(p.x*c.w-float64(box.Min.X)), float32(p.y*c.h-float64(box.Min.Y))
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(c.img, box, image.NewUniform(paint), image.Point{})
}

func (c *canvas) rect(paint color.Color, x0, y0, x1, y1 float64) {
	c.fill(paint, xy{x0, y0}, xy{x1, y0}, xy{x1, y1}, xy{x0, y1})
}

// blob paints an ellipse around a place, its half axes in shares of the shorter side.
func (c *canvas) blob(paint color.Color, x, y, rx, ry float64) {
	const corners = 40
	points := make([]xy, corners)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		points[i] = xy{x + rx*c.unit/c.w*cos, y + ry*c.unit/c.h*sin}
	}
	c.fill(paint, points...)
}

// line paints a straight stroke, its thickness a share of the shorter side.
func (c *canvas) line(paint color.Color, thick, x0, y0, x1, y1 float64) {
	dx, dy := (x1-x0)*c.w, (y1-y0)*c.h
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	nx, ny := -dy/length*thick*c.unit/2/c.w, dx/length*thick*c.unit/2/c.h
	c.fill(paint, xy{x0 + nx, y0 + ny}, xy{x1 + nx, y1 + ny}, xy{x1 - nx, y1 - ny}, xy{x0 - nx, y0 - ny})
}

// sag paints a wire that hangs between two places, by so much of the height.
func (c *canvas) sag(paint color.Color, thick, x0, y0, x1, y1, by float64) {
	const steps = 12
	at := func(i int) xy {
		t := float64(i) / steps
		return xy{x0 + (x1-x0)*t, y0 + (y1-y0)*t + by*4*t*(1-t)}
	}
	for i := range steps {
		c.line(paint, thick, at(i).x, at(i).y, at(i+1).x, at(i+1).y)
	}
}

// wash paints a band from one colour above to another below.
func (c *canvas) wash(from, to color.RGBA, y0, y1 float64) {
	top, bottom := int(y0*c.h), int(y1*c.h)
	mix := func(a, b uint8, t float64) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*t) }
	for y := top; y < bottom; y++ {
		t := float64(y-top) / float64(bottom-top)
		paint := color.RGBA{mix(from.R, to.R, t), mix(from.G, to.G, t), mix(from.B, to.B, t), 255}
		draw.Draw(c.img, image.Rect(0, y, int(c.w), y+1), image.NewUniform(paint), image.Point{}, draw.Src)
	}
}

// jpeg is the finished picture, without anything a camera would write into it.
func (c *canvas) jpeg() ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, c.img, &jpeg.Options{Quality: 82}); err != nil {
		return nil, fmt.Errorf("demo: picture: %w", err)
	}
	return out.Bytes(), nil
}
