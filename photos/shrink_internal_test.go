// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestAverage compares with the mean by plain arithmetic, enlarging too.
func TestAverage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := func(name string) int { return rapid.IntRange(1, 24).Draw(t, name) }
		source := plane{width: size("width"), height: size("height")}
		source.stride = source.width + rapid.IntRange(0, 3).Draw(t, "padding")
		source.pix = rapid.SliceOfN(rapid.Byte(), source.stride*source.height, source.stride*source.height).Draw(t, "pixels")
		target := plane{width: size("target width"), height: size("target height")}
		target.stride = target.width
		target.pix = make([]uint8, target.stride*target.height)
		average(target, source)
		for y := range target.height {
			for x := range target.width {
				if got, want := float64(target.pix[y*target.stride+x]), mean(target, source, x, y); math.Abs(got-want) > 0.5001 {
					t.Fatalf("at %d, %d: %v, want %v", x, y, got, want)
				}
			}
		}
	})
}

func mean(target, source plane, x, y int) float64 {
	overlap := func(i, n, j, m int) float64 { // of target pixel i of n with source pixel j of m
		return max(0, min(float64(i+1)/float64(n), float64(j+1)/float64(m))-max(float64(i)/float64(n), float64(j)/float64(m)))
	}
	var sum, area float64
	for j := range source.height {
		for i := range source.width {
			weight := overlap(x, target.width, i, source.width) * overlap(y, target.height, j, source.height)
			sum += weight * float64(source.pix[j*source.stride+i])
			area += weight
		}
	}
	return sum / area
}
