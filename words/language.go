// SPDX-License-Identifier: Apache-2.0

package words

import "golang.org/x/text/language"

// Language is a language that the program speaks. The set is closed.
type Language string

const (
	// Vietnamese is the default, and the complete one.
	Vietnamese Language = "vi"
	// English stands beside it.
	English Language = "en"
)

// Languages is all of them, the default first.
func Languages() []Language { return []Language{Vietnamese, English} }

// ParseLanguage reads "vi" or "en", as settings hold it.
func ParseLanguage(s string) (Language, bool) {
	for _, l := range Languages() {
		if s == string(l) {
			return l, true
		}
	}
	return "", false
}

// Match is the language to answer an Accept-Language header in: the first of
// the caller's that the program speaks, else Vietnamese.
func Match(acceptLanguage string) Language {
	const longest = 500
	if len(acceptLanguage) > longest {
		return Vietnamese
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Vietnamese
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		if l, ok := ParseLanguage(base.String()); ok {
			return l
		}
	}
	return Vietnamese
}
