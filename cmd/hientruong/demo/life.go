// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Life is one report's, from what somebody saw to its end.
type Life struct {
	id       uuid.UUID // of the report, once it is filed
	dice     *rand.Rand
	who      *citizen
	kind     kind
	filedAs  string // the category that the citizen took it for
	spot     spot
	text     string
	redacted string // what others may read of it; "" where that is all
	second   matter // that it speaks of too
	values   map[string]string
	urgent   bool
	hideName bool
	contact  bool
	sos      *models.SOS
	picture  uint64 // seed of its pictures
	pictures int    // that come with it

	fate   fate
	code   string // of the report, once it is filed
	state  models.State
	done   progress
	asides []aside
	haste  []step    // what is said once it is late
	drawn  []string  // units that were drawn for to support the lead
	parts  []float64 // how the dice fall for the next of them; none is chance
}

// matter is what a part of a text says, and what others may read of that, "" where it is
// all of it.
type matter struct{ text, redacted string }

// fate is what will become of a report; it is drawn when it is born.
type fate struct {
	refused   *refusal // turned away by the operator, as the text deserves
	sentOn    *refusal // for another channel
	repeats   *original
	lateMerge bool  // that is seen only once a unit has it
	second    *kind // of thing that it speaks of too
	withdrawn bool
	asked     bool
	answers   bool // the question
	returned  bool
	scheduled bool
	reworked  bool
	outcome   models.Outcome
	document  bool // proves the answer instead of a photo
	template  bool // the answer is begun from one
	share     float64
	level     models.Level // "" is no rating
	reopens   bool
	appeals   bool
}

// progress is what has happened of it.
type progress struct {
	asked, returned, scheduled, reworked, approved, rated, reopened, appealed bool
}

// moment is what a birth depends on.
type moment struct {
	hour    int
	holiday bool
}

func (m moment) night() bool { return m.hour >= 22 || m.hour < 5 }

// withPictures is the share of reports that people send pictures with.
const withPictures = 0.62

// birth makes somebody see something.
func (c *City) birth(when moment) *Life {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &Life{dice: newDice(c.dice.Uint64(), 4), hideName: chance(c.dice, 0.2)}
	d := l.dice
	l.who = &c.people[d.IntN(len(c.people))]
	l.kind = c.kinds[weighted(d, len(c.kinds), func(i int) float64 { return c.kinds[i].likely(when) })]
	l.spot = c.somewhere(d)
	l.picture, l.urgent, l.contact = d.Uint64(), chance(d, 0.06), chance(d, 0.7)
	if chance(d, withPictures) {
		l.pictures = 1 + weighted(d, 3, func(i int) float64 { return []float64{7, 2, 1}[i] })
	}
	l.drawFate(c.words)
	if len(c.recent) > 0 && !l.kind.SOS && l.fate.normal() && chance(d, 0.09) {
		l.repeat(pick(d, c.recent))
		l.fate.lateMerge = chance(d, 0.35)
	}
	if l.single() && chance(d, 0.04) {
		l.fate.second = c.another(l.kind, d)
	}
	l.filedAs = l.kind.Code
	l.write(c)
	if l.single() && l.fate.second == nil && chance(d, 0.05) {
		if other := pick(d, c.kinds); !other.SOS && !other.demanding() {
			l.filedAs = other.Code
		}
	}
	if l.filedAs == l.kind.Code {
		l.values = fillIn(l.kind.Attributes, d)
	}
	l.drawAsides(c)
	return l
}

// single says whether a life is that of a report of one thing that goes its way.
func (l *Life) single() bool { return l.fate.repeats == nil && l.fate.normal() && !l.kind.SOS }

// another draws another kind of thing, which asks for nothing.
func (c *City) another(than kind, dice *rand.Rand) *kind {
	for range 20 {
		if other := pick(dice, c.kinds); !other.SOS && !other.demanding() && other.Code != than.Code {
			return &other
		}
	}
	return nil
}

// splitOff is the life of the report that is made of the second matter: the same person's,
// at the same place, with a fate of its own.
func (c *City) splitOff(whole *Life) *Life {
	l := &Life{
		dice: newDice(whole.dice.Uint64(), 4), who: whole.who, kind: *whole.fate.second, filedAs: whole.fate.second.Code, spot: whole.spot,
		text: whole.second.text, redacted: whole.second.redacted, hideName: whole.hideName, contact: whole.contact, picture: whole.picture,
	}
	l.drawFate(c.words)
	f := &l.fate
	f.refused, f.sentOn, f.withdrawn, f.appeals, f.asked = nil, nil, false, false, false
	f.document = f.document || whole.pictures == 0
	l.drawAsides(c)
	return l
}

// likely weighs a kind by hour and day: music is loud at night, rubbish piles up at Tết.
func (k kind) likely(when moment) float64 {
	w := k.words.Weight
	if when.night() {
		w *= max(k.words.Night, 0.4)
	}
	if when.holiday && (k.Group == "rac" || k.Code == "tieng-on") {
		w *= 1.8
	}
	return w
}

// demanding says whether a kind cannot be filed without an attribute.
func (k kind) demanding() bool {
	for _, a := range k.Attributes {
		if a.Required {
			return true
		}
	}
	return false
}

func (f fate) normal() bool { return f.refused == nil && f.sentOn == nil && !f.withdrawn }

func (l *Life) drawFate(words *vocabulary) {
	d, f := l.dice, &l.fate
	known := !l.who.guest
	switch roll := d.Float64(); {
	case l.kind.SOS:
	case roll < 0.10:
		f.refused = &words.Rejected[d.IntN(len(words.Rejected))]
	case roll < 0.14:
		f.sentOn = &words.Transferred[d.IntN(len(words.Transferred))]
	case roll < 0.165 && known:
		f.withdrawn = true
	}
	if f.normal() && !l.kind.SOS {
		f.asked, f.answers = chance(d, 0.10), known && chance(d, 0.75)
		f.returned, f.scheduled, f.reworked = chance(d, 0.06), chance(d, 0.22) && l.kind.SLA.Days >= 3, chance(d, 0.05)
	}
	f.outcome = []models.Outcome{models.OutcomeFixed, models.OutcomePlanned, models.OutcomeNothingFound, models.OutcomeNotPossible}[weighted(d, 4,
		func(i int) float64 { return []float64{80, 9, 7, 4}[i] })]
	f.document = f.outcome != models.OutcomeFixed || chance(d, 0.15)
	f.template = chance(d, 0.45)
	if f.share = 0.15 + d.Float64()*0.75; chance(d, 0.14) {
		f.share = 1.05 + d.ExpFloat64()*0.8
	}
	if known && chance(d, 0.48) {
		f.level = []models.Level{models.LevelSatisfied, models.LevelAcceptable, models.LevelUnsatisfied}[weighted(d, 3,
			func(i int) float64 { return []float64{62, 24, 14}[i] })]
	}
	f.reopens = f.level == models.LevelUnsatisfied && chance(d, 0.5)
	f.appeals = f.refused != nil && known && slices.Contains([]string{"khong-du-thong-tin", "da-xu-ly", "ngoai-dia-ban"}, f.refused.Reason) && chance(d, 0.4)
}

// repeat makes the life that of somebody who reports what was reported before.
func (l *Life) repeat(of original) {
	l.fate.repeats = &of
	l.kind.Category, l.spot = of.category, of.spot
}

// write finds the words.
func (l *Life) write(c *City) {
	var personal []string
	switch {
	case l.fate.refused != nil:
		l.text, personal = tell(l.fate.refused.Text, l.spot, l.dice)
	case l.fate.sentOn != nil:
		l.text, personal = tell(l.fate.sentOn.Text, l.spot, l.dice)
	case l.fate.repeats != nil:
		l.kind.words = c.words.Categories[l.kind.Code]
		l.spot = c.near(l.spot, l.dice)
		l.text, personal = tell(pick(l.dice, c.words.Duplicates), l.spot, l.dice)
	default:
		l.text, personal = c.words.describe(l.kind.words, l.who.language, l.spot, l.dice)
	}
	l.redacted = c.words.redact(l.text, personal)
	if l.fate.second != nil {
		l.writeSecond(c)
	}
	if l.kind.SOS && l.fate.repeats == nil {
		battery := 3 + l.dice.IntN(60)
		l.sos = &models.SOS{People: 1 + l.dice.IntN(6), WaterLevel: strconv.Itoa(60+l.dice.IntN(120)) + " cm", Battery: &battery}
		l.contact = true
	}
}

// writeSecond adds the second matter. Others read the two apart.
func (l *Life) writeSecond(c *City) {
	text, personal := c.words.describe(l.fate.second.words, l.who.language, l.spot, l.dice)
	l.second = matter{text, c.words.redact(text, personal)}
	if l.redacted == "" {
		l.redacted = l.text
	}
	l.text += c.words.Besides[string(l.who.language)] + text
}

// fillIn answers what a category asks: what is demanded, and some of the rest.
func fillIn(attributes []pack.Attribute, dice *rand.Rand) map[string]string {
	values := map[string]string{}
	for i := range attributes {
		a := &attributes[i]
		if !a.Required && chance(dice, 0.4) {
			continue
		}
		if value := answerTo(a, dice); value != "" && a.Check(value) == "" {
			values[a.Code] = value
		}
	}
	return values
}

func answerTo(a *pack.Attribute, dice *rand.Rand) string {
	switch a.Type {
	case pack.AttributeSelect:
		return pick(dice, a.Options).Key
	case pack.AttributeNumber:
		return strconv.Itoa(a.Min + dice.IntN(max(min(a.Max-a.Min, 60), 1)))
	case pack.AttributeBool:
		return strconv.FormatBool(chance(dice, 0.4))
	case pack.AttributeFileNumber:
		return fmt.Sprintf("X90.%02d-26%02d%02d-%04d", 10+dice.IntN(40), 1+dice.IntN(12), 1+dice.IntN(28), dice.IntN(10000))
	case pack.AttributeString:
		return map[string]string{
			"pole": fmt.Sprintf("CM-%02d/%03d", 1+dice.IntN(40), 1+dice.IntN(300)), "customer": fmt.Sprintf("PB%07d", dice.IntN(1e7)),
			"route": strconv.Itoa(1 + dice.IntN(12)),
		}[a.Code]
	}
	return ""
}

// address is how the place is written down.
func (s spot) address() string {
	return strings.Join([]string{strconv.Itoa(s.house) + " " + s.street, s.ward}, ", ")
}

// contactName is what the reporter is called; "" where they do not say.
func (l *Life) contactName() string {
	if !l.contact {
		return ""
	}
	return l.who.name
}

// contactPhone is where they can be called.
func (l *Life) contactPhone() string {
	if !l.contact {
		return ""
	}
	return l.who.phone
}

// ahead is how far away the day lies that a unit names: a repair that may take weeks can
// wait for a few days.
func (l *Life) ahead() time.Duration {
	if l.kind.SLA.Days >= 10 {
		return time.Duration(2+l.dice.IntN(3)) * 24 * time.Hour
	}
	return 24 * time.Hour
}
