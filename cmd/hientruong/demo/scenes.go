// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"image/color"
	"math/rand/v2"
)

// scenes are what can be photographed, before and after somebody put it right. The dice
// fall alike for both, so that the place is the same.
var scenes = map[string]func(c *canvas, dice *rand.Rand, repaired bool){
	"streetlight": drawStreetlight,
	"pothole":     drawPothole,
	"pavement":    drawPavement,
	"sign":        drawSign,
	"traffic":     drawTraffic,
	"building":    drawBuilding,
	"cables":      drawCables,
	"rubbish":     drawRubbish,
	"water":       drawWater,
	"flood":       drawFlood,
	"smoke":       drawSmoke,
	"tree":        drawTree,
	"desk":        drawDesk,
}

// sizes are those of the pictures, in pixels: phones are held either way.
var sizes = [][2]int{{1200, 900}, {900, 1200}, {1280, 960}, {1024, 768}, {1200, 675}}

// Picture draws a scene as a JPEG. The same seed makes the same place, repaired or not.
func Picture(scene string, seed uint64, repaired bool) ([]byte, error) {
	dice := newDice(seed, 3)
	size := pick(dice, sizes)
	c := newCanvas(size[0], size[1])
	draw, ok := scenes[scene]
	if !ok {
		draw = drawBuilding
	}
	draw(c, dice, repaired)
	return c.jpeg()
}

var (
	houses = []uint32{0xd9b48f, 0xc7d3c0, 0xe3c9a8, 0xb9c6d2, 0xd8d0b2, 0xcfa79b}
	skies  = [][2]uint32{{0x8fc1e8, 0xe6f1f7}, {0xaebfcb, 0xdfe4e6}, {0xf2c38b, 0xf8e6c9}}
)

// drawStreet paints sky, houses, a pavement and a road, and returns where the road
// begins. light is 1 by day.
func drawStreet(c *canvas, dice *rand.Rand, light float64) (road float64) {
	sky := pick(dice, skies)
	c.wash(dark(rgb(sky[0]), light), dark(rgb(sky[1]), light), 0, 0.55)
	for x := 0.0; x < 1; {
		wide := 0.1 + dice.Float64()*0.12
		top := 0.2 + dice.Float64()*0.18
		wall := dark(rgb(pick(dice, houses)), light)
		c.rect(wall, x, top, x+wide, 0.56)
		c.rect(dark(wall, 0.75), x, top-0.015, x+wide, top+0.01)
		for y := top + 0.05; y < 0.46; y += 0.09 {
			c.rect(dark(wall, 0.55), x+wide*0.18, y, x+wide*0.4, y+0.05)
			c.rect(dark(wall, 0.55), x+wide*0.6, y, x+wide*0.82, y+0.05)
		}
		x += wide
	}
	c.rect(dark(rgb(0xb9b4aa), light), 0, 0.56, 1, 0.63)
	c.wash(dark(rgb(0x77797c), light), dark(rgb(0x55575a), light), 0.63, 1)
	for x := 0.02; x < 1; x += 0.16 {
		c.fill(dark(rgb(0xe8e4d8), light), xy{x, 0.8}, xy{x + 0.08, 0.8}, xy{x + 0.075, 0.815}, xy{x - 0.005, 0.815})
	}
	return 0.63
}

func drawStreetlight(c *canvas, dice *rand.Rand, repaired bool) {
	light := 0.3
	drawStreet(c, dice, light)
	x := 0.3 + dice.Float64()*0.3
	pole := rgb(0x6b7076)
	c.line(pole, 0.016, x, 0.66, x, 0.14)
	c.line(pole, 0.012, x, 0.15, x+0.14, 0.12)
	c.rect(rgb(0x40454a), x+0.1, 0.105, x+0.19, 0.13)
	if !repaired {
		c.blob(rgb(0x222528), x+0.15, 0.133, 0.03, 0.012)
		return
	}
	glow := rgb(0xffe7a0)
	c.fill(faint(glow, 0.3), xy{x + 0.11, 0.13}, xy{x + 0.19, 0.13}, xy{x + 0.4, 0.9}, xy{x - 0.1, 0.9})
	c.blob(faint(glow, 0.35), x+0.15, 0.14, 0.13, 0.13)
	c.blob(glow, x+0.15, 0.135, 0.035, 0.016)
}

func drawPothole(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 1)
	x, y, r := 0.35+dice.Float64()*0.3, 0.8, 0.13+dice.Float64()*0.06
	if repaired {
		c.blob(rgb(0x3f4144), x, y, r*1.25, r*0.6)
		c.blob(rgb(0x47494d), x, y, r*1.1, r*0.5)
		return
	}
	c.blob(rgb(0x8d8a85), x, y, r*1.2, r*0.6)
	c.blob(rgb(0x3a3632), x, y, r, r*0.48)
	c.blob(rgb(0x6d604f), x+0.01, y+0.015, r*0.75, r*0.32)
	c.blob(rgb(0x8fa3ad), x-0.02, y+0.02, r*0.4, r*0.14)
	for range 14 {
		c.blob(rgb(0x55504a), x+(dice.Float64()-0.5)*0.5, y+(dice.Float64()-0.5)*0.16, 0.008, 0.006)
	}
}

func drawPavement(c *canvas, dice *rand.Rand, repaired bool) {
	road := drawStreet(c, dice, 1)
	c.rect(rgb(0xc8bfae), 0, road, 1, 0.92)
	for y := road; y < 0.92; y += 0.058 {
		c.line(rgb(0x9c9484), 0.003, 0, y, 1, y)
	}
	for x := 0.0; x < 1; x += 0.08 {
		c.line(rgb(0x9c9484), 0.003, x, road, x-0.06, 0.92)
	}
	if repaired {
		return
	}
	for range 16 {
		x, y := 0.25+dice.Float64()*0.5, 0.69+dice.Float64()*0.18
		c.fill(rgb(0x6b5b47), xy{x, y}, xy{x + 0.07, y + 0.01}, xy{x + 0.055, y + 0.05}, xy{x - 0.015, y + 0.04})
		c.fill(rgb(0xd7cdb9), xy{x + 0.02, y - 0.02}, xy{x + 0.08, y + 0.005}, xy{x + 0.06, y + 0.035}, xy{x, y + 0.012})
	}
}

func drawSign(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 1)
	x, lean := 0.5, 0.0
	if !repaired {
		lean = 0.16 + dice.Float64()*0.1
	}
	c.line(rgb(0xd5d8da), 0.016, x, 0.75, x+lean, 0.25)
	c.blob(rgb(0xc4242b), x+lean, 0.24, 0.1, 0.1)
	c.blob(rgb(0xf7f7f5), x+lean, 0.24, 0.075, 0.075)
	c.line(rgb(0xc4242b), 0.02, x+lean-0.045, 0.19, x+lean+0.045, 0.29)
	if !repaired {
		for range 7 {
			px, py := x+lean+(dice.Float64()-0.5)*0.14, 0.2+dice.Float64()*0.12
			c.rect(rgb(pick(dice, []uint32{0xf2e46b, 0xe9edf0, 0xf0a8a0})), px, py, px+0.03, py+0.04)
		}
	}
}

func drawTraffic(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 1)
	cars := 9
	if repaired {
		cars = 2
	}
	paints := []uint32{0xb3202a, 0x2d4f7c, 0xe6e6e3, 0x2b2d30, 0x8a9199, 0xc9a23a}
	for i := range cars {
		x, y := float64(i%4)*0.26-0.04+dice.Float64()*0.05, 0.66+float64(i/4)*0.11
		paint := rgb(pick(dice, paints))
		c.rect(paint, x, y, x+0.2, y+0.055)
		c.fill(dark(paint, 0.8), xy{x + 0.04, y}, xy{x + 0.07, y - 0.04}, xy{x + 0.15, y - 0.04}, xy{x + 0.18, y})
		c.fill(rgb(0xbcd4e0), xy{x + 0.06, y - 0.004}, xy{x + 0.08, y - 0.034}, xy{x + 0.14, y - 0.034}, xy{x + 0.16, y - 0.004})
		c.blob(rgb(0x1c1d1f), x+0.045, y+0.058, 0.026, 0.026)
		c.blob(rgb(0x1c1d1f), x+0.155, y+0.058, 0.026, 0.026)
	}
}

func drawBuilding(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 0.8)
	wall := rgb(pick(dice, houses))
	c.rect(wall, 0.28, 0.12, 0.72, 0.63)
	c.fill(rgb(0x9a4b38), xy{0.25, 0.13}, xy{0.5, 0.02}, xy{0.75, 0.13})
	c.rect(rgb(0x5a3d2b), 0.45, 0.46, 0.55, 0.63)
	for _, x := range []float64{0.33, 0.59} {
		for _, y := range []float64{0.2, 0.36} {
			pane := rgb(0xf3d67a)
			if repaired {
				pane = rgb(0x7d93a3)
			}
			c.rect(pane, x, y, x+0.08, y+0.08)
		}
	}
	if repaired {
		return
	}
	for i := range 4 { // noise comes in waves
		r := 0.06 + float64(i)*0.05
		c.sag(rgb(0xd23b2f), 0.008, 0.76, 0.3-r, 0.76, 0.3+r, 0)
		c.line(rgb(0xd23b2f), 0.008, 0.76+r, 0.3-r*0.7, 0.76+r*1.15, 0.3+r*0.7)
	}
}

func drawCables(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 1)
	lean := 0.0
	if !repaired {
		lean = 0.06
	}
	pole := rgb(0x8c8b86)
	for _, x := range []float64{0.18, 0.82} {
		c.line(pole, 0.024, x, 0.68, x+lean, 0.06)
		c.line(pole, 0.014, x+lean-0.07, 0.1, x+lean+0.07, 0.1)
	}
	wires := 4
	if !repaired {
		wires = 13
	}
	for i := range wires {
		by := 0.03
		if !repaired {
			by = 0.05 + dice.Float64()*0.3
		}
		c.sag(rgb(0x1d1e20), 0.004, 0.14+lean, 0.1+float64(i)*0.006, 0.86+lean, 0.1+float64(i)*0.006, by)
	}
	if !repaired {
		c.blob(rgb(0x232427), 0.2+lean, 0.2, 0.05, 0.06)
	}
}

func drawRubbish(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 1)
	bin := rgb(0x2f7d4a)
	c.fill(bin, xy{0.74, 0.46}, xy{0.88, 0.46}, xy{0.865, 0.68}, xy{0.755, 0.68})
	c.rect(dark(bin, 0.7), 0.73, 0.44, 0.89, 0.47)
	if repaired {
		return
	}
	bags := []uint32{0x1f2226, 0x2b4d8f, 0xe7e3da, 0x7a2f33, 0x3f6b3a, 0xd3c04a}
	for i := range 46 {
		up := float64(i) / 46
		x := 0.22 + up*0.12 + dice.Float64()*(0.5-up*0.3)
		y := 0.82 - up*0.24 + dice.Float64()*0.06
		c.blob(rgb(pick(dice, bags)), x, y, 0.03+dice.Float64()*0.035, 0.025+dice.Float64()*0.02)
	}
}

func drawWater(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 1)
	x := 0.4 + dice.Float64()*0.2
	c.line(rgb(0x4d6f8a), 0.05, 0, 0.72, 1, 0.72)
	c.rect(rgb(0x3a556b), x-0.03, 0.68, x+0.03, 0.76)
	if repaired {
		return
	}
	spray := rgb(0xcfe8f5)
	for range 26 {
		c.line(faint(spray, 0.8), 0.006, x, 0.7, x+(dice.Float64()-0.5)*0.5, 0.2+dice.Float64()*0.35)
	}
	c.blob(faint(rgb(0x9cc4da), 0.9), x, 0.86, 0.45, 0.1)
	c.blob(faint(rgb(0xe8f6fc), 0.7), x, 0.84, 0.2, 0.04)
}

func drawFlood(c *canvas, dice *rand.Rand, repaired bool) {
	light := 0.85
	drawStreet(c, dice, light)
	if repaired {
		c.blob(rgb(0x4d4f52), 0.5, 0.82, 0.3, 0.05)
		return
	}
	c.wash(rgb(0x9a8b6b), rgb(0x7a6b4e), 0.53, 1)
	for range 60 {
		x, y := dice.Float64(), 0.55+dice.Float64()*0.44
		c.line(faint(rgb(0xd9cfb6), 0.6), 0.004, x, y, x+0.04+dice.Float64()*0.06, y)
	}
	x := 0.35 + dice.Float64()*0.2 // a motorbike in water to its seat
	c.fill(rgb(0xb22d2d), xy{x, 0.66}, xy{x + 0.2, 0.63}, xy{x + 0.22, 0.7}, xy{x + 0.02, 0.71})
	c.line(rgb(0x26282b), 0.012, x+0.2, 0.65, x+0.22, 0.56)
	c.line(rgb(0x26282b), 0.01, x+0.18, 0.56, x+0.26, 0.56)
	c.rect(rgb(0x86775a), x-0.05, 0.69, x+0.3, 0.76)
}

func drawSmoke(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 0.95)
	c.blob(rgb(0x4a3f35), 0.45, 0.8, 0.16, 0.05)
	if repaired {
		return
	}
	for range 12 {
		x := 0.36 + dice.Float64()*0.18
		c.fill(rgb(pick(dice, []uint32{0xe8721c, 0xf2b233, 0xcf3a1b})), xy{x - 0.03, 0.8}, xy{x + 0.03, 0.8}, xy{x + 0.005, 0.68 - dice.Float64()*0.08})
	}
	for i := range 30 {
		up := float64(i) / 30
		c.blob(faint(color.RGBA{70, 70, 72, 255}, 0.35), 0.45+up*0.25+(dice.Float64()-0.5)*0.15, 0.66-up*0.6, 0.05+up*0.12, 0.04+up*0.08)
	}
}

func drawTree(c *canvas, dice *rand.Rand, repaired bool) {
	drawStreet(c, dice, 1)
	bark, leaf := rgb(0x6a4c33), []uint32{0x3d7a36, 0x2f6b2c, 0x568f3f, 0x4a8538}
	if repaired {
		c.line(bark, 0.04, 0.3, 0.68, 0.3, 0.3)
		for range 26 {
			c.blob(rgb(pick(dice, leaf)), 0.3+(dice.Float64()-0.5)*0.2, 0.24+(dice.Float64()-0.5)*0.2, 0.06, 0.06)
		}
		return
	}
	c.line(bark, 0.05, 0.12, 0.66, 0.8, 0.8)
	for range 48 {
		c.blob(rgb(pick(dice, leaf)), 0.55+dice.Float64()*0.38, 0.68+dice.Float64()*0.2, 0.05, 0.045)
	}
	c.fill(dark(bark, 1.0), xy{0.1, 0.7}, xy{0.14, 0.6}, xy{0.17, 0.66}, xy{0.2, 0.58}, xy{0.2, 0.7})
}

func drawDesk(c *canvas, dice *rand.Rand, repaired bool) {
	c.wash(rgb(0xe9e3d4), rgb(0xd7cfbd), 0, 0.6)
	c.wash(rgb(0x9b6b43), rgb(0x7d5433), 0.6, 1)
	sheets := 9
	if repaired {
		sheets = 1
	}
	for range sheets {
		x, y := 0.15+dice.Float64()*0.4, 0.3+dice.Float64()*0.35
		c.fill(rgb(0xfbfaf5), xy{x, y}, xy{x + 0.26, y - 0.02}, xy{x + 0.29, y + 0.25}, xy{x + 0.03, y + 0.28})
		for k := range 7 {
			at := y + 0.05 + float64(k)*0.03
			c.line(rgb(0x8d9299), 0.004, x+0.04, at, x+0.22, at-0.015)
		}
	}
	stamp := rgb(0xc4242b)
	if repaired {
		c.blob(faint(stamp, 0.75), 0.55, 0.52, 0.07, 0.07)
		c.blob(rgb(0xfbfaf5), 0.55, 0.52, 0.055, 0.055)
		c.blob(faint(stamp, 0.6), 0.55, 0.52, 0.025, 0.025)
	}
}
