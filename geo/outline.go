// SPDX-License-Identifier: Apache-2.0

package geo

import "github.com/paulmach/orb"

// Outline is the border of all areas together: those edges that no two of them share. It
// takes neighbours to have the same corners along their border, as files of wards do.
func Outline(areas []Area) orb.MultiLineString {
	type segment [2]orb.Point
	seen := map[segment]int{}
	undirected := func(a, b orb.Point) segment {
		if b[0] < a[0] || b[0] == a[0] && b[1] < a[1] {
			a, b = b, a
		}
		return segment{a, b}
	}
	eachEdge(areas, func(a, b orb.Point) { seen[undirected(a, b)]++ })
	var lines orb.MultiLineString
	var line orb.LineString
	eachEdge(areas, func(a, b orb.Point) {
		if seen[undirected(a, b)] > 1 {
			return
		}
		if len(line) == 0 || line[len(line)-1] != a {
			if len(line) > 1 {
				lines = append(lines, line)
			}
			line = orb.LineString{a}
		}
		line = append(line, b)
	})
	if len(line) > 1 {
		lines = append(lines, line)
	}
	return lines
}

func eachEdge(areas []Area, do func(a, b orb.Point)) {
	for _, area := range areas {
		for _, polygon := range area.Shape {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					if ring[i-1] != ring[i] {
						do(ring[i-1], ring[i])
					}
				}
			}
		}
	}
}
