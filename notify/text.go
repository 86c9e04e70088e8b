// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"time"
	"unicode/utf8"

	"hientruong/models"
	"hientruong/words"
)

// Labels names what packs hold, in a language. What it returns can stand on a lock
// screen: "" stands for whatever must not, such as a sensitive category, and for what
// it does not know.
type Labels interface {
	Category(jurisdiction, version int32, code string, lang models.Language) string
	Unit(jurisdiction, version int32, code string, lang models.Language) string
}

// The longest title and body, in characters: a push holds 4,096 bytes in all.
const (
	longestTitle = 120
	longestBody  = 400
)

// vietnamTime is a fixed offset, which Vietnam has had since 1975, so that no time
// zone data is needed.
var vietnamTime = time.FixedZone("+07", 7*60*60)

// write composes title and body of a step for somebody.
func (r *Reader) write(s step, who models.Addressee) (title, body string) {
	lang := words.Language(who.Language)
	title, body, _ = r.cfg.Words.Push(lang, string(s.kind), r.params(lang, s, who))
	return shorten(title, longestTitle), shorten(body, longestBody)
}

// params fills every placeholder that a notification's words can have.
func (r *Reader) params(lang words.Language, s step, who models.Addressee) map[string]string {
	labels, version := r.cfg.Labels, who.PackVersion
	params := map[string]string{
		"code":     who.Code,
		"category": labels.Category(s.jurisdiction, version, s.category(who), who.Language),
		"date":     s.at.In(vietnamTime).Format("02/01/2006"),
	}
	// A unit gives a sensitive category away, so it is named only beside a category that may be.
	if params["category"] != "" {
		params["unit"] = labels.Unit(s.jurisdiction, version, s.unit, who.Language)
	}
	if s.until != nil {
		params["date"] = s.until.In(vietnamTime).Format("02/01/2006")
	}
	if who.DueAt != nil {
		params["due"] = who.DueAt.In(vietnamTime).Format("15:04 02/01/2006")
	}
	for name, key := range map[string]string{"category": "category_hidden", "unit": "push.any.unit", "due": "push.any.due"} {
		if params[name] == "" {
			params[name] = r.cfg.Words.Text(lang, key, nil)
		}
	}
	return params
}

// shorten cuts a text to so many characters, the last of them an ellipsis.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
