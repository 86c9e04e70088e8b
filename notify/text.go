// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/words"
)

// Labels names what packs hold, in a language. What it returns can stand on a lock
// screen: "" stands for whatever must not, such as a sensitive category, and for what
// it does not know.
type Labels interface {
	Category(jurisdiction, version int32, code string, lang models.Language) string
	Unit(jurisdiction, version int32, code string, lang models.Language) string
	// Reason is what citizens are told of a reason for not taking a report on.
	Reason(jurisdiction, version int32, code string, lang models.Language) string
	// Clock is a clock of a workflow, the zero Clock where there is none.
	Clock(jurisdiction, version int32, workflow, name string, lang models.Language) Clock
	// Operations is the code of the unit that is the operations centre.
	Operations(jurisdiction, version int32) string
}

// Clock is what a pack says of a clock.
type Clock struct {
	Label  string // what people call it
	Public bool   // citizens see it
	Waits  bool   // for the reporter, who was asked something
	Steps  bool   // a step is taken when it ends, so that its end is nobody's failure
}

// The longest title and body, in characters: a push holds 4,096 bytes in all.
const (
	longestTitle = 120
	longestBody  = 400
)

// vietnamTime is a fixed offset, which Vietnam has had since 1975, so that no time
// zone data is needed.
var vietnamTime = time.FixedZone("+07", 7*60*60)

// voice is to whom a notification speaks.
type voice uint8

const (
	toReporter voice = iota
	toFollower
	toStaff
)

// said is what is said of a step, and to whom. Task is the part that it is about, nil for
// the report.
type said struct {
	step
	kind  Kind
	voice voice
	task  *uuid.UUID
}

// write composes title and body in a language.
func (r *Reader) write(sc *scene, s said, lang models.Language) (title, body string) {
	kind := string(s.kind)
	if s.voice == toFollower {
		kind = "follow." + kind
	}
	title, body, _ = r.cfg.Words.Push(words.Language(lang), kind, r.params(sc, s, lang))
	return shorten(title, longestTitle), shorten(body, longestBody)
}

// params fills every placeholder that a notification's words can have.
func (r *Reader) params(sc *scene, s said, lang models.Language) map[string]string {
	report := sc.reports[s.report]
	labels, version := r.cfg.Labels, report.PackVersion
	params := map[string]string{
		"code": report.Code,
		"date": s.at.In(vietnamTime).Format("02/01/2006"),
	}
	if s.voice != toFollower || s.shown(sc) == models.ShownFull {
		params["category"] = labels.Category(s.jurisdiction, version, s.category(report), lang)
	}
	// A unit gives a sensitive category away, so it is named only beside a category that may be.
	if params["category"] != "" {
		params["unit"] = labels.Unit(s.jurisdiction, version, s.unit(sc, s.kind), lang)
	}
	if s.body.Until != nil {
		params["date"] = s.body.Until.In(vietnamTime).Format("02/01/2006")
	}
	if due := s.due(sc); due != nil {
		params["due"] = due.In(vietnamTime).Format("15:04 02/01/2006")
	}
	if s.kind == KindRejected {
		params["reason"] = labels.Reason(s.jurisdiction, version, s.body.Reason, lang)
	}
	if s.voice == toStaff {
		params["clock"], params["who"] = sc.clock(s.step, lang).Label, sc.nameOf(s.actor)
	}
	for name, key := range map[string]string{
		"category": s.voice.unnamed(), "unit": "push.any.unit", "due": "push.any.due", "reason": "push.any.reason",
		"clock": "push.any.clock", "who": "push.any.who",
	} {
		if params[name] == "" {
			params[name] = r.cfg.Words.Text(words.Language(lang), key, nil)
		}
	}
	return params
}

// unnamed is the key of what stands for a category that must not be named.
func (v voice) unnamed() string {
	switch v {
	case toFollower:
		return "push.any.followed"
	case toStaff:
		return "push.any.report"
	default:
		return "category_hidden"
	}
}

// due is when what is spoken of has to be done: by the clock that a reminder is of, else
// for citizens by the next public one of the report, for staff by that of their own part.
// Nil where none runs.
func (s said) due(sc *scene) *time.Time {
	if s.kind == KindDue || s.kind == KindInfoWaits {
		if c, ok := sc.running(s.step); ok {
			return &c.DueAt
		}
	}
	report := sc.reports[s.report]
	for _, c := range sc.clocks[s.report] {
		ours := c.TaskID == nil && sc.labels.Clock(s.jurisdiction, report.PackVersion, report.Workflow, c.Kind, models.Vietnamese).Public
		if s.voice == toStaff {
			ours = s.ofPart(sc, c)
		}
		if ours {
			return &c.DueAt
		}
	}
	return nil
}

// ofPart says whether a clock is that of the part that staff are spoken to about: its
// own, else the report's in which the unit's time is counted.
func (s said) ofPart(sc *scene, c models.HeardClock) bool {
	if c.TaskID != nil {
		return s.task != nil && *s.task == *c.TaskID
	}
	part := s.step
	if s.task != nil {
		part.body.Task = s.task
	}
	t, ok := sc.task(part)
	return ok && t.Lead && c.Unit != nil && *c.Unit == t.Unit
}

// nameOf is the name of a staff member who did something, for colleagues; "" for anybody
// else.
func (sc *scene) nameOf(actor string) string {
	if id, err := uuid.Parse(strings.TrimPrefix(actor, string(models.ActorStaff)+":")); err == nil {
		return sc.byID[id].Name
	}
	return ""
}

// shorten cuts a text to so many characters, the last of them an ellipsis.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
