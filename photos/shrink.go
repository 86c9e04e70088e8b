// SPDX-License-Identifier: Apache-2.0

package photos

import "image"

// fit returns the size of a w × h picture made to fit into a square of edge
// pixels. Nothing is enlarged.
func fit(w, h, edge int) (int, int) {
	long := max(w, h)
	if long <= edge {
		return w, h
	}
	return max(1, (w*edge+long/2)/long), max(1, (h*edge+long/2)/long)
}

// shrink returns a 4:2:0 picture made to fit into a square of edge pixels: m
// itself when it does already.
func shrink(m *image.YCbCr, edge int) *image.YCbCr {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	tw, th := fit(w, h, edge)
	if tw == w && th == h {
		return m
	}
	target := image.NewYCbCr(image.Rect(0, 0, tw, th), image.YCbCrSubsampleRatio420)
	average(plane{target.Y, target.YStride, tw, th}, plane{m.Y, m.YStride, w, h})
	half := func(n int) int { return (n + 1) / 2 }
	average(plane{target.Cb, target.CStride, half(tw), half(th)}, plane{m.Cb, m.CStride, half(w), half(h)})
	average(plane{target.Cr, target.CStride, half(tw), half(th)}, plane{m.Cr, m.CStride, half(w), half(h)})
	return target
}

// plane is one channel of a picture.
type plane struct {
	pix           []uint8
	stride        int
	width, height int
}

// average fills target with the mean of what each of its pixels covers in
// source, which is exact in whole numbers: lengths are counted in parts, of which
// a source pixel has as many as target has pixels, and the other way round.
func average(target, source plane) {
	sums := make([]uint64, target.width)
	row := make([]uint32, target.width)
	summed := -1 // the source row that row holds
	area := uint64(source.width) * uint64(source.height)
	for ty := range target.height {
		clear(sums)
		from, to := ty*source.height, (ty+1)*source.height
		for sy := from / target.height; sy*target.height < to; sy++ {
			if sy != summed {
				sumRow(row, source.pix[sy*source.stride:][:source.width])
				summed = sy
			}
			weight := uint64(min(to, (sy+1)*target.height) - max(from, sy*target.height))
			for x, sum := range row {
				sums[x] += weight * uint64(sum)
			}
		}
		out := target.pix[ty*target.stride:][:target.width]
		for x, sum := range sums {
			out[x] = uint8((sum + area/2) / area)
		}
	}
}

// sumRow fills row with the weighted sums of what each of its pixels covers.
func sumRow(row []uint32, source []uint8) {
	n, size := len(row), len(source)
	for x := range row {
		from, to := x*size, (x+1)*size
		first, last := from/n, (to-1)/n
		if first == last {
			row[x] = uint32(to-from) * uint32(source[first])
			continue
		}
		var whole uint32
		for _, v := range source[first+1 : last] {
			whole += uint32(v)
		}
		row[x] = uint32(n)*whole +
			uint32((first+1)*n-from)*uint32(source[first]) +
			uint32(to-last*n)*uint32(source[last])
	}
}

// differenceHash returns a hash of the brightness of neighbours. Pictures of the
// same thing differ in few bits of it, whatever their size and compression.
func differenceHash(m *image.YCbCr) uint64 {
	const w, h = 9, 8
	var small [w * h]uint8
	average(plane{small[:], w, w, h}, plane{m.Y, m.YStride, m.Rect.Dx(), m.Rect.Dy()})
	var hash uint64
	for y := range h {
		for x := range w - 1 {
			hash <<= 1
			if small[y*w+x] < small[y*w+x+1] {
				hash |= 1
			}
		}
	}
	return hash
}
