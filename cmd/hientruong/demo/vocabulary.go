// SPDX-License-Identifier: Apache-2.0

package demo

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"hientruong/models"
)

//go:embed words.yaml
var wordsFile []byte

// vocabulary is words.yaml.
type vocabulary struct {
	Categories  map[string]*categoryWords `yaml:"categories"`
	Personal    []string                  `yaml:"personal"`
	Hidden      string                    `yaml:"hidden"`
	Rejected    []refusal                 `yaml:"rejected"`
	Transferred []refusal                 `yaml:"transferred"`
	Returned    []refusal                 `yaml:"returned"`
	Duplicates  []string                  `yaml:"duplicates"`
	Questions   []string                  `yaml:"questions"`
	Replies     []string                  `yaml:"replies"`
	Schedules   []string                  `yaml:"schedules"`
	Reworks     []string                  `yaml:"reworks"`
	Documents   []string                  `yaml:"documents"`
	Outcomes    map[string]string         `yaml:"outcomes"`
	Comments    map[string][]string       `yaml:"comments"`
	Reopens     []string                  `yaml:"reopens"`
	Appeals     []string                  `yaml:"appeals"`
	Markets     []string                  `yaml:"markets"`
	Besides     map[string]string         `yaml:"besides"`
	Notes       []string                  `yaml:"notes"`
	Asides      []string                  `yaml:"asides"`
	Answers     []string                  `yaml:"replies_of_centre"`
	Urges       []string                  `yaml:"urges"`
	Directives  []string                  `yaml:"directives"`
	Orders      []string                  `yaml:"orders"`
	Extensions  []string                  `yaml:"extensions"`
	Hides       []string                  `yaml:"hides"`
	Shows       []string                  `yaml:"shows"`
	Handings    []string                  `yaml:"handings"`
	Moves       []string                  `yaml:"moves"`
	Results     []string                  `yaml:"results"`
	Templates   map[string]string         `yaml:"templates"`
	Blanks      map[string]string         `yaml:"blanks"`
	People      struct {
		Family   []string `yaml:"family"`
		Middle   []string `yaml:"middle"`
		Given    []string `yaml:"given"`
		Visitors []string `yaml:"visitors"`
	} `yaml:"people"`
	Streets struct {
		First  []string `yaml:"first"`
		Second []string `yaml:"second"`
	} `yaml:"streets"`
}

// categoryWords are how people report one kind of thing and how it is answered. Night is
// how many times more often it comes at night.
type categoryWords struct {
	Weight  float64  `yaml:"weight"`
	Night   float64  `yaml:"night"`
	Scene   string   `yaml:"scene"`
	Vi      []string `yaml:"vi"`
	En      []string `yaml:"en"`
	Answers []string `yaml:"answers"`
}

// refusal is a text and how an officer turns it away.
type refusal struct {
	Text   string `yaml:"text"`
	Reason string `yaml:"reason"`
	Note   string `yaml:"note"`
}

func readVocabulary() (*vocabulary, error) {
	v := &vocabulary{}
	if err := yaml.UnmarshalWithOptions(wordsFile, v, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("demo: words: %w", err)
	}
	return v, nil
}

// tell fills a template in for a place. What is personal in it is returned too, to be
// taken out before anybody else reads it.
func tell(template string, at spot, dice *rand.Rand) (text string, personal []string) {
	phone, plate := spacedPhone(dice), madeUpPlate(dice)
	text = strings.NewReplacer(
		"{street}", at.street, "{house}", strconv.Itoa(at.house), "{market}", at.market, "{ward}", at.ward,
		"{days}", strconv.Itoa(2+dice.IntN(8)), "{hour}", strconv.Itoa(5+dice.IntN(18)), "{number}", strconv.Itoa(100+dice.IntN(900)),
		"{phone}", phone, "{plate}", plate,
	).Replace(template)
	for placeholder, value := range map[string]string{"{phone}": phone, "{plate}": plate} {
		if strings.Contains(template, placeholder) {
			personal = append(personal, value)
		}
	}
	return text, personal
}

func spacedPhone(dice *rand.Rand) string {
	digits := madeUpPhone(dice.IntN(1000))
	return digits[:4] + " " + digits[4:7] + " " + digits[7:]
}

// redact hides what is personal; "" where nothing is.
func (v *vocabulary) redact(text string, personal []string) string {
	if len(personal) == 0 {
		return ""
	}
	for _, p := range personal {
		text = strings.ReplaceAll(text, p, v.Hidden)
	}
	return text
}

// describe is what a citizen writes about a kind of thing at a place.
func (v *vocabulary) describe(w *categoryWords, language models.Language, at spot, dice *rand.Rand) (text string, personal []string) {
	templates := w.Vi
	if language == models.English && len(w.En) > 0 {
		templates = w.En
	}
	text, personal = tell(pick(dice, templates), at, dice)
	if language == models.Vietnamese && chance(dice, 0.12) {
		more, also := tell(pick(dice, v.Personal), at, dice)
		return text + more, append(personal, also...)
	}
	return text, personal
}
