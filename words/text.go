// SPDX-License-Identifier: Apache-2.0

// Package words knows the texts of people: cleaning what they write, folding it
// for search, finding phone and ID numbers in it, public codes that survive
// being read out, and the catalogue of what the program says to them.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC composes s, as all stored text is: "Huế" has one spelling in bytes.
func NFC(s string) string { return norm.NFC.String(s) }

// Fold is s for searching: lower case, without diacritics (đ is d), punctuation
// as spaces, single spaces, none at the ends. However it was typed (composed or
// not, Hoá or Hóa, full-width), the same word folds to the same letters. Folding
// twice changes nothing.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	// Broken bytes go first: beside one, norm leaves letters composed.
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, " ")) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r):
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(foldRune(r))
	}
	return b.String()
}

func foldRune(r rune) rune {
	if r = unicode.ToLower(r); r == 'đ' {
		return 'd'
	}
	return r
}

// Clean is text that somebody sent, made fit to store and to show: valid UTF-8
// in NFC, with \n for every line break, without NUL and other control
// characters (tabs stay), bidirectional overrides, invisible fillers and
// outer space. What cannot be decoded, lone surrogates too, becomes U+FFFD.
func Clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n").
		Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimSpace(NFC(strings.Map(keep, s)))
}

// keep drops a rune by giving -1. The joiners U+200C and U+200D stay: emoji and
// several scripts are written with them.
func keep(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
		return -1
	case r == '\u200B' || r == '\u2060' || r == '\uFEFF' || r == '\u00AD':
		return -1
	case unicode.Is(unicode.Noncharacter_Code_Point, r):
		return -1
	}
	return r
}

// Len is the length that limits count: characters after composition, so that
// "Huế" is 3 however it was typed.
func Len(s string) int { return utf8.RuneCountInString(NFC(s)) }
