// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"slices"
	"time"

	"hientruong/models"
)

// aside is a step beside a report's way: taken once, when the report first stands in one
// of some states, and passed over where it cannot be.
type aside struct {
	in   []models.State
	step step
}

// The names of what is done with a report that is no step of a workflow.
const (
	stepMeToo   = "me_too"
	stepFollow  = "follow"
	stepMessage = "message"
	stepNote    = "note"
)

// later puts a step among those that are taken beside the way.
func (l *Life) later(s step, in ...models.State) {
	s.aside = true
	l.asides = append(l.asides, aside{in, s})
}

// beside is the first step beside the way that is to be taken where the report stands.
func (l *Life) beside() (step, bool) {
	i := slices.IndexFunc(l.asides, func(a aside) bool { return slices.Contains(a.in, l.state) })
	if i < 0 {
		return step{}, false
	}
	s := l.asides[i].step
	l.asides = slices.Delete(l.asides, i, i+1)
	return s, true
}

// drawAsides draws what happens beside the way of a life whose words are found.
func (l *Life) drawAsides(c *City) {
	d := l.dice
	if !l.fate.normal() {
		return
	}
	if l.fate.second != nil {
		l.splitsOff()
	}
	if chance(d, 0.05) {
		l.noted(models.RoleOperator, c.words, "verifying")
	}
	l.heardOf(c)
	if l.fate.repeats != nil && l.fate.lateMerge {
		l.mergesLate()
	}
	if chance(d, 0.3) {
		l.handed(c.words)
	}
	if chance(d, 0.08) {
		l.noted(models.RoleCoordinator, c.words, "in_progress")
	}
	l.drawHaste(c.words)
	if l.kind.SOS {
		return
	}
	if chance(d, 0.03) {
		l.movedOn(c.words)
	}
	if !l.who.guest && chance(d, 0.08) {
		l.talked(c.words)
	}
	if !l.who.guest && chance(d, 0.03) {
		l.askedAgain(c.words)
	}
	if chance(d, 0.04) {
		l.extended(c.words)
	}
	if chance(d, 0.015) {
		l.hidden(c.words)
	}
}

// splitsOff has the operator make a report of its own of the second matter.
func (l *Life) splitsOff() {
	shown := l.second.redacted
	if shown == "" {
		shown = l.second.text
	}
	l.later(step{
		by: models.RoleOperator, name: "split", wait: l.about(4 * time.Minute), category: l.fate.second.Code, redacted: shown, shares: l.pictures > 1,
	}, "verifying")
}

func (l *Life) noted(by models.Role, words *vocabulary, in models.State) {
	l.later(step{by: by, name: stepNote, alongside: true, wait: l.about(15 * time.Minute), text: l.say(words.Notes)}, in)
}

// heardOf has neighbours say that they are affected as well, or follow the report. Of what
// is reported twice they do so more often.
func (l *Life) heardOf(c *City) {
	share := 0.18
	if l.fate.lateMerge {
		share = 0.8
	}
	if l.kind.Visibility != models.VisibilityPublic || !chance(l.dice, share) {
		return
	}
	names := make([]string, 1+l.dice.IntN(3))
	for i := range names {
		if names[i] = stepMeToo; chance(l.dice, 0.3) {
			names[i] = stepFollow
		}
	}
	l.joined(c, names...)
}

// joined has a neighbour each do what is named.
func (l *Life) joined(c *City, names ...string) {
	for _, name := range names {
		neighbour := c.somebody(l.dice)
		if neighbour == l.who {
			continue
		}
		l.later(step{by: models.RoleCitizen, name: name, alongside: !l.fate.lateMerge, wait: l.about(30 * time.Minute), neighbour: neighbour}, "assigned")
	}
}

// mergesLate has the operator see only now that somebody else said the same.
func (l *Life) mergesLate() {
	l.later(step{by: models.RoleOperator, name: "merge", wait: l.about(2 * time.Hour), original: &l.fate.repeats.id}, "assigned")
}

// handed has the coordinator name who is to do it.
func (l *Life) handed(words *vocabulary) {
	l.later(step{by: models.RoleCoordinator, name: "hand", wait: l.about(20 * time.Minute), hand: true, text: l.say(words.Handings)}, "assigned")
}

// movedOn has the operator give the report to another unit, which no unit has asked for.
func (l *Life) movedOn(words *vocabulary) {
	l.later(step{by: models.RoleOperator, name: "assign", wait: l.about(time.Hour), reassign: true, text: l.say(words.Moves)}, "assigned")
}

// talked has the reporter ask how it goes, and the centre answer.
func (l *Life) talked(words *vocabulary) {
	l.later(step{by: models.RoleCitizen, name: stepMessage, alongside: true, wait: l.about(time.Hour), text: l.say(words.Asides)}, "in_progress")
	l.later(step{by: models.RoleOperator, name: stepMessage, alongside: true, wait: l.about(20 * time.Minute), text: l.say(words.Answers)}, "in_progress")
}

// askedAgain has the centre ask while the unit is at work.
func (l *Life) askedAgain(words *vocabulary) {
	l.fate.answers = true
	l.later(step{by: models.RoleOperator, name: "ask", wait: l.about(30 * time.Minute), text: l.say(words.Questions)}, "in_progress")
}

// extended gives the unit more time.
func (l *Life) extended(words *vocabulary) {
	l.later(step{
		by: models.RoleVerifier, name: "extend", wait: l.about(30 * time.Minute), more: time.Duration(1+l.dice.IntN(3)) * 8 * time.Hour,
		reason: pick(l.dice, words.Extensions),
	}, "in_progress")
}

// hidden takes the report out of the public's sight, and puts it back.
func (l *Life) hidden(words *vocabulary) {
	l.later(step{by: models.RoleOperator, name: "hide", wait: l.about(10 * time.Minute), reason: pick(l.dice, words.Hides)}, "in_progress")
	l.later(step{by: models.RoleVerifier, name: "show", wait: l.about(time.Hour), text: l.say(words.Shows)}, "in_progress")
}

// drawHaste draws what is said to a unit that is late.
func (l *Life) drawHaste(words *vocabulary) {
	by := models.RoleOperator
	if chance(l.dice, 0.4) {
		by = models.RoleLeader
	}
	if chance(l.dice, 0.6) {
		l.urged(by, words)
	}
	if chance(l.dice, 0.3) {
		l.directed(words)
	}
}

func (l *Life) urged(by models.Role, words *vocabulary) {
	l.haste = append(l.haste, step{by: by, name: "urge", wait: l.about(40 * time.Minute), text: l.say(words.Urges)})
}

func (l *Life) directed(words *vocabulary) {
	l.haste = append(l.haste, step{
		by: models.RoleLeader, name: "instruct", wait: l.about(time.Hour), text: l.say(words.Directives), document: l.say(words.Orders),
	})
}

// nextHaste is the next that is said to a unit that is late.
func (l *Life) nextHaste() (step, bool) {
	if len(l.haste) == 0 {
		return step{}, false
	}
	s := l.haste[0]
	s.aside, s.alongside, l.haste = true, true, l.haste[1:]
	return s, true
}

// The share of supporting units that refuse their part, and of those that refuse or do it.
const (
	refusesPart = 0.08
	doesPart    = 0.93
)

// supported draws what units do of their part that support the lead: most begin and hand
// it in, some say that it is not theirs, some leave it lying. Each unit is drawn for once.
func (l *Life) supported(units []string, words *vocabulary) {
	for _, unit := range units {
		if slices.Contains(l.drawn, unit) {
			continue
		}
		l.drawn = append(l.drawn, unit)
		part := func(by models.Role, name, reason, text string) {
			l.later(step{by: by, name: name, unit: unit, alongside: true, wait: l.about(50 * time.Minute), reason: reason, text: text}, "assigned", "in_progress")
		}
		roll := l.dice.Float64()
		if len(l.parts) > 0 {
			roll, l.parts = l.parts[0], l.parts[1:]
		}
		switch {
		case roll < refusesPart:
			why := pick(l.dice, words.Returned)
			part(models.RoleCoordinator, "support_return", why.Reason, why.Note)
		case roll < doesPart:
			part(models.RoleHandler, "support_start", "", "")
			part(models.RoleHandler, "support_done", "", l.say(words.Results))
		}
	}
}

// alongside are the steps beside the way that hold nothing up where the report stands.
func (l *Life) alongside() []step {
	var steps []step
	l.asides = slices.DeleteFunc(l.asides, func(a aside) bool {
		goes := a.step.alongside && slices.Contains(a.in, l.state)
		if goes {
			steps = append(steps, a.step)
		}
		return goes
	})
	return steps
}
