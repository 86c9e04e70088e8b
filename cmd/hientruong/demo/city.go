// SPDX-License-Identifier: Apache-2.0

// Package demo makes a made-up city live: its citizens see things and report them, its
// officers work on what they see. Player plays it over HTTP for a while; History writes
// what happened in days gone by into the ledger. Both draw the same lives from a City,
// the same for the same seed.
package demo

import (
	"errors"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"

	"hientruong/workflow/pack"
)

// City is who lives where, what goes wrong there and what people say about it. Its
// methods are safe for concurrent use.
type City struct {
	pack   *pack.Pack
	words  *vocabulary
	wards  []ward
	people []citizen
	kinds  []kind

	mu     sync.Mutex
	dice   *rand.Rand
	recent []original
}

// kind is a category of the pack that people here have words for.
type kind struct {
	*pack.Category
	words *categoryWords
}

// original is a report that others may report again.
type original struct {
	id       uuid.UUID
	category *pack.Category
	spot     spot
}

// keptOriginals is how many of the newest reports may be reported again.
const keptOriginals = 60

// NewCity settles a pack's areas: the same seed makes the same streets and people. It
// fails where the pack has no area, or no category that there are words for.
func NewCity(p *pack.Pack, seed uint64) (*City, error) {
	words, err := readVocabulary()
	if err != nil {
		return nil, err
	}
	c := &City{pack: p, words: words, dice: newDice(seed, 1)}
	for _, category := range p.Categories() {
		if w, ok := words.Categories[category.Code]; ok {
			c.kinds = append(c.kinds, kind{category, w})
		}
	}
	if len(c.kinds) == 0 {
		return nil, errors.New("demo: the pack has no category of the demo city")
	}
	settling := newDice(seed, 2)
	if c.wards = settle(p, words, settling); len(c.wards) == 0 {
		return nil, errors.New("demo: the pack has no areas")
	}
	c.people = populate(words, settling, population)
	return c, nil
}

// newDice are dice that fall alike for the same seed and stream.
func newDice(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream))
}

// pick draws one of a list that is not empty.
func pick[T any](dice *rand.Rand, list []T) T { return list[dice.IntN(len(list))] }

// chance is true in a share of all cases.
func chance(dice *rand.Rand, share float64) bool { return dice.Float64() < share }

// weighted draws an index by weights, of which one at least is above 0.
func weighted(dice *rand.Rand, n int, weight func(i int) float64) int {
	sum := 0.0
	for i := range n {
		sum += weight(i)
	}
	left := dice.Float64() * sum
	for i := range n {
		if left -= weight(i); left < 0 {
			return i
		}
	}
	return n - 1
}

// remember keeps a report that others may report again. A call for rescue is for who calls,
// and with what ends without an answer nobody's report can be merged.
func (c *City) remember(l *Life) {
	if l.kind.SOS || !l.fate.normal() || l.fate.asked && !l.fate.answers {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.recent = append(c.recent, original{l.id, l.kind.Category, l.spot}); len(c.recent) > keptOriginals {
		c.recent = c.recent[1:]
	}
}
