// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"

	"hientruong/models"
)

// population is how many phones report in the city.
const population = 400

// citizen is somebody with a phone. Guest is true for who never signs it in.
type citizen struct {
	device   uuid.UUID
	name     string
	phone    string
	language models.Language
	guest    bool
}

// populate makes people up. Their numbers are of one block that reads as made up.
func populate(words *vocabulary, dice *rand.Rand, n int) []citizen {
	people := make([]citizen, n)
	for i := range people {
		c := citizen{device: randomID(dice), phone: madeUpPhone(i), language: models.Vietnamese, guest: i%12 == 11}
		c.name = pick(dice, words.People.Family) + " " + pick(dice, words.People.Middle) + " " + pick(dice, words.People.Given)
		if i%16 == 5 {
			c.name, c.language = pick(dice, words.People.Visitors), models.English
		}
		people[i] = c
	}
	return people
}

// madeUpPhone is a number of the block 0900 000 …
func madeUpPhone(n int) string { return fmt.Sprintf("0900000%03d", n%1000) }

// randomID is a version 4 UUID of dice that can be thrown again.
func randomID(dice *rand.Rand) uuid.UUID {
	var id uuid.UUID
	fill(dice, id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

func fill(dice *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(dice.Uint32() & 0xff)
	}
}

// madeUpPlate is a number plate of a province that does not exist.
func madeUpPlate(dice *rand.Rand) string {
	return fmt.Sprintf("00%c-%03d.%02d", "ABCDEFGH"[dice.IntN(8)], dice.IntN(1000), dice.IntN(100))
}
