// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"math"
	"strings"

	"hientruong/words"
)

// wordList is a list of words of the settings, folded, each with a space around it.
type wordList struct {
	name    string
	phrases []string
}

// Match names the pack's lists of words that a text hits, sorted. A list is hit by any of its words or phrases, wherever it stands
// whole in the text, however it is written: with or without diacritics, in capitals, with punctuation between.
func (p *Pack) Match(text string) []string {
	if len(p.lists) == 0 {
		return nil
	}
	folded := " " + words.Fold(text) + " "
	var hit []string
	for _, l := range p.lists {
		for _, phrase := range l.phrases {
			if strings.Contains(folded, phrase) {
				hit = append(hit, l.name)
				break
			}
		}
	}
	return hit
}

// lists folds the lists of words, and refuses what no text can hit.
func (l *loader) lists(src *source, all map[string]list) {
	for _, name := range names(all) {
		l.code(src, at("words", name), name, false)
		if len(all[name]) == 0 {
			l.fault(src, at("words", name), "the list of words %s is empty; write %s: [chập điện, tóe lửa]", name, name)
		}
		folded := wordList{name: name}
		for i, word := range all[name] {
			f := words.Fold(word)
			if f == "" {
				l.fault(src, at("words", name, i), "%q holds no letter or digit; no text can be searched for it", word)
				continue
			}
			folded.phrases = append(folded.phrases, " "+f+" ")
		}
		l.pack.lists = append(l.pack.lists, folded)
	}
}

// remote refuses a factor that would shorten a time, or that people could not reckon with.
func (l *loader) remote(src *source, r Remote) {
	tenths := r.Factor * 10
	switch {
	case len(r.Areas) == 0 && r.Factor == 0:
	case len(r.Areas) == 0:
		l.fault(src, at("remote"), "no area is remote; write remote: {areas: [\"90010\"], factor: 1.5}, or leave it out")
	case math.IsNaN(tenths) || tenths < 10 || tenths > 100 || math.Abs(tenths-math.Round(tenths)) > 1e-6:
		l.fault(src, at("remote", "factor"), "%v is no factor of a time; write 1.0 to 10.0 in steps of a tenth, as in 1.5", r.Factor)
	}
}
