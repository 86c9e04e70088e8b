// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// step is what somebody does next with a report: a transition of the pack, and what it
// demands. Wait is how long that takes them, of the time in which they work; where OfDue
// is above 0, they take that share of the time until the work is due instead.
type step struct {
	by    models.Role
	name  string
	wait  time.Duration
	ofDue float64

	reason   string
	text     string
	redacted string
	outcome  models.Outcome
	document string
	after    bool // with a picture of the place repaired
	reassign bool // to another unit than had it
	category string
	until    time.Duration // from then; 0 without a day
	original *uuid.UUID
	level    models.Level
	comment  string

	aside     bool          // beside the way: passed over where it cannot be taken
	alongside bool          // holds nothing up: what comes next does not wait for it
	unit      string        // that takes it; "" is the lead
	neighbour *citizen      // who takes it, where it is not the reporter
	hand      bool          // to a handler of the unit
	more      time.Duration // of the unit's hours, after it was due
	shares    bool          // a picture with the report that is split off
	template  bool          // the text is begun from one
	onTheDay  bool          // not before the day that it is scheduled for
}

// next says what comes next where the report stands now; false where nothing does, or
// only a clock.
func (l *Life) next(words *vocabulary) (step, bool) {
	if s, ok := l.beside(); ok {
		return s, true
	}
	switch l.state {
	case "submitted":
		return l.whenSubmitted()
	case "verifying":
		return l.whenVerifying(words)
	case "needs_info":
		if !l.fate.answers {
			return step{}, false
		}
		return step{by: models.RoleCitizen, name: "provide_info", wait: l.about(3 * time.Hour), text: l.say(words.Replies)}, true
	case "accepted": // by hand only once a unit has given it back
		return step{by: models.RoleOperator, name: "assign", wait: l.about(30 * time.Minute), reassign: true}, true
	case "assigned":
		return l.whenAssigned(words)
	case "in_progress":
		return l.whenWorkedOn(words)
	case "scheduled":
		return step{by: models.RoleHandler, name: "take_up", wait: l.about(time.Hour), onTheDay: true}, true
	case "resolved":
		return l.whenResolved(words)
	case "published":
		return l.whenPublished(words)
	case "rejected":
		if l.fate.appeals && !l.done.appealed {
			l.done.appealed = true
			return step{by: models.RoleCitizen, name: "appeal", wait: l.about(8 * time.Hour), text: l.say(words.Appeals)}, true
		}
	}
	return step{}, false
}

func (l *Life) whenSubmitted() (step, bool) {
	if l.fate.withdrawn {
		return step{by: models.RoleCitizen, name: "withdraw", wait: l.about(20 * time.Minute)}, true
	}
	wait := l.about(25 * time.Minute)
	switch {
	case l.sos != nil:
		wait = l.about(2 * time.Minute)
	case l.kind.Workflow == instantWorkflow:
		wait = l.about(4 * time.Minute)
	}
	return step{by: models.RoleOperator, name: "claim", wait: wait}, true
}

func (l *Life) whenVerifying(words *vocabulary) (step, bool) {
	s := step{by: models.RoleOperator, wait: l.about(6 * time.Minute)}
	switch f := l.fate; {
	case f.asked && !l.done.asked:
		l.done.asked = true
		s.name, s.text = "ask", l.say(words.Questions)
	case f.refused != nil && !l.done.appealed:
		s.name, s.reason, s.text = "reject", f.refused.Reason, f.refused.Note
	case f.sentOn != nil:
		s.name, s.reason, s.text = "transfer", f.sentOn.Reason, f.sentOn.Note
	case f.repeats != nil && !f.lateMerge:
		s.name, s.original = "merge", &f.repeats.id
	default:
		s.name, s.redacted = "accept", l.redacted
		if l.filedAs != l.kind.Code {
			s.category = l.kind.Code
		}
	}
	return s, true
}

func (l *Life) whenAssigned(words *vocabulary) (step, bool) {
	if l.fate.returned && !l.done.returned {
		l.done.returned = true
		why := pick(l.dice, words.Returned)
		return step{by: models.RoleCoordinator, name: "return", wait: l.about(90 * time.Minute), reason: why.Reason, text: why.Note}, true
	}
	return step{by: models.RoleHandler, name: "start", ofDue: l.fate.share * 0.3}, true
}

func (l *Life) whenWorkedOn(words *vocabulary) (step, bool) {
	if l.fate.scheduled && !l.done.scheduled {
		l.done.scheduled = true
		return step{by: models.RoleHandler, name: "schedule", wait: l.about(time.Hour), until: l.ahead(), text: l.say(words.Schedules)}, true
	}
	s := step{by: models.RoleHandler, name: l.ending(), ofDue: l.fate.share, outcome: l.fate.outcome}
	s.template = l.fate.template && s.name == "resolve" && !l.kind.SOS
	if s.text = words.Outcomes[string(s.outcome)]; s.text == "" {
		s.text = pick(l.dice, l.kind.words.Answers)
	}
	s.text, _ = tell(s.text, l.spot, l.dice)
	if l.fate.document {
		s.document = l.say(words.Documents)
	} else {
		s.after = true
	}
	l.done.approved = false
	return s, true
}

// ending is how a work ends: with an answer, or a rescue as its outcome has it.
func (l *Life) ending() string {
	switch {
	case !l.kind.SOS || l.fate.outcome == models.OutcomeFixed:
		return "resolve"
	case l.fate.outcome == models.OutcomePlanned:
		return "hand_over"
	default:
		return "give_up"
	}
}

func (l *Life) whenResolved(words *vocabulary) (step, bool) {
	switch {
	case l.fate.reworked && !l.done.reworked:
		l.done.reworked = true
		return step{by: models.RoleVerifier, name: "rework", wait: l.about(time.Hour), text: l.say(words.Reworks)}, true
	case l.kind.Approval && !l.done.approved:
		l.done.approved = true
		return step{by: models.RoleUnitHead, name: "approve", wait: l.about(2 * time.Hour)}, true
	default:
		return step{by: models.RoleVerifier, name: "publish", wait: l.about(40 * time.Minute)}, true
	}
}

func (l *Life) whenPublished(words *vocabulary) (step, bool) {
	switch {
	case l.fate.level != "" && !l.done.rated:
		l.done.rated = true
		level := l.fate.level
		if l.done.reopened {
			level = models.LevelAcceptable
		}
		s := step{by: models.RoleCitizen, name: "rate", wait: l.about(10 * time.Hour), level: level}
		if chance(l.dice, 0.4) {
			s.comment = pick(l.dice, words.Comments[string(level)])
		}
		return s, true
	case l.fate.reopens && !l.done.reopened:
		l.done.reopened, l.done.rated, l.done.approved = true, false, false
		return step{by: models.RoleCitizen, name: "reopen", wait: l.about(30 * time.Minute), text: l.say(words.Reopens)}, true
	}
	return step{}, false
}

// about is a time around the given one: mostly shorter, now and then much longer.
func (l *Life) about(mean time.Duration) time.Duration {
	return time.Duration((0.15 + 0.85*l.dice.ExpFloat64()) * float64(mean))
}

// say picks a template and fills it in.
func (l *Life) say(templates []string) string {
	text, _ := tell(pick(l.dice, templates), l.spot, l.dice)
	return text
}
