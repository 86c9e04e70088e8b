// SPDX-License-Identifier: Apache-2.0

package pack

import "fmt"

// instead is what to write for a word that is not among those known: the one it was probably meant to be, or what is said otherwise.
func instead(word string, known []string, otherwise string) string {
	best, least := "", 3
	for _, k := range known {
		if d := distance([]rune(word), []rune(k)); d < least && d > 0 && d*2 < len([]rune(word)) {
			best, least = k, d
		}
	}
	if best == "" {
		return otherwise
	}
	return fmt.Sprintf("did you mean %s?", best)
}

// distance is how many letters must be put in, taken out or changed to make one word of another.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		corner := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			corner, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, corner+cost)
		}
	}
	return row[len(b)]
}
