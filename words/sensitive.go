// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MarkKind is what kind of personal data a Mark is on. The set is closed.
type MarkKind string

const (
	// MarkPhone is a Vietnamese phone number.
	MarkPhone MarkKind = "phone"
	// MarkID is an identity card's number: CCCD of 12 digits, CMND of 9.
	MarkID MarkKind = "id_number"
	// MarkPlate is a licence plate.
	MarkPlate MarkKind = "plate"
	// MarkEmail is an e-mail address.
	MarkEmail MarkKind = "email"
)

// Mark is a piece of a text, by byte offsets: text[Start:End].
type Mark struct {
	Start int      `json:"start"`
	End   int      `json:"end"`
	Kind  MarkKind `json:"kind"`
}

// finder is one written form. Regular expressions cannot look around a match
// here, so what may not stand beside it is checked in plain code.
type finder struct {
	kind    MarkKind
	pattern *regexp.Regexp
	fits    func(match, before, after string) bool
}

// sep is what people put between the digits of a phone number.
const sep = "[ \u00A0.\u2013()\\-]{0,2}"

var (
	emailPattern = regexp.MustCompile(`[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)*\.\p{L}{2,}`)
	idPattern    = regexp.MustCompile(`0\d{11}|0\d{2} \d{3} \d{3} \d{3}|0\d{2}\.\d{3}\.\d{3}\.\d{3}|0\d{3} \d{4} \d{4}`)
	phonePattern = regexp.MustCompile(`(?:\(?\+?84\)?|\(?0)(?:` + sep + `\(?0\)?)?` + sep +
		`(?:[35789](?:` + sep + `\d){8}|2(?:` + sep + `\d){9})`)
	platePattern = regexp.MustCompile(`\d{2}[ \-.]?[A-Za-zĐđ][A-Za-zĐđ0-9]?\d?[ \-.]?(?:\d{3}\.\d{2}|\d{5}|\d{4})`)
	oldIDPattern = regexp.MustCompile(`\d{9}|\d{3} \d{3} \d{3}`)
)

// finders are in order of precedence among matches of the same length.
func finders() []finder {
	return []finder{
		{MarkEmail, emailPattern, always},
		{MarkID, idPattern, isCitizenID},
		{MarkPhone, phonePattern, isPhone},
		{MarkPlate, platePattern, isPlate},
		{MarkID, oldIDPattern, isOldID},
	}
}

// Sensitive finds phone numbers, identity numbers, licence plates and e-mail
// addresses in text, ascending and without overlap. It would rather mark too
// much than too little, but not prices, dates, house numbers or short codes.
func Sensitive(text string) []Mark {
	var found []Mark
	for _, f := range finders() {
		found = append(found, f.find(text)...)
	}
	slices.SortStableFunc(found, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	marks := found[:0]
	end := 0
	for _, m := range found {
		if m.Start >= end {
			marks = append(marks, m)
			end = m.End
		}
	}
	return marks
}

func (f finder) find(text string) []Mark {
	var marks []Mark
	for from := 0; from < len(text); {
		at := f.pattern.FindStringIndex(text[from:])
		if at == nil {
			return marks
		}
		start, end := from+at[0], from+at[1]
		// An e-mail address takes all it can: what stands beside it cannot be part of it.
		if (f.kind == MarkEmail || standsAlone(text, start, end)) && f.fits(text[start:end], text[:start], text[end:]) {
			marks = append(marks, Mark{Start: start, End: end, Kind: f.kind})
			from = end
			continue
		}
		// The next match may begin inside this one.
		_, size := utf8.DecodeRuneInString(text[start:])
		from = start + size
	}
	return marks
}

// standsAlone refuses a piece of a longer number or word, such as the decimals
// of a coordinate. Numbers of a list ("0912345678,0987654321") stand alone.
func standsAlone(text string, start, end int) bool {
	before, size := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	if isWordRune(before) || isWordRune(after) {
		return false
	}
	if strings.ContainsRune(".,", before) && partOfNumber(digitsBefore(text[:start-size])) {
		return false
	}
	// A number that begins like a phone's has no decimals behind it.
	if strings.IndexByte("0+(", text[start]) >= 0 || !strings.ContainsRune(".,", after) {
		return true
	}
	return !partOfNumber(digitsAfter(text[end+1:]))
}

// partOfNumber tells from how many digits stand beyond a point or comma whether
// they belong to the same number.
func partOfNumber(digits int) bool { return digits > 0 && digits < 8 }

func digitsBefore(s string) int { return len(s) - len(strings.TrimRight(s, "0123456789")) }

func digitsAfter(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func always(_, _, _ string) bool { return true }

// money is what stands behind a price.
var money = regexp.MustCompile(`^\s{0,2}(?:đ|₫|vnd|vnđ|dong|đồng|nghìn|ngàn|triệu|tỷ|tỉ|usd|\$)(?:[^\p{L}]|$)`)

func isMoney(after string) bool {
	head := after[:min(len(after), 24)]
	return money.MatchString(strings.ToLower(head))
}

// isPhone takes a bare "84 912 345 678" for a price where money stands behind it.
func isPhone(match, _, after string) bool {
	return match[0] != '8' || !isMoney(after)
}

// isCitizenID checks the province of birth, 001 to 096.
func isCitizenID(match, _, _ string) bool {
	province, err := strconv.Atoi(match[:3])
	return err == nil && province >= 1 && province <= 96
}

var cardWord = regexp.MustCompile(`(?:cmnd|cmtnd|cmt|chung minh|cccd|can cuoc|giay to)[^\d]{0,30}$`)

// isOldID takes nine digits in one; spaced out only behind the card's name.
func isOldID(match, before, after string) bool {
	if isMoney(after) {
		return false
	}
	if !strings.Contains(match, " ") {
		return true
	}
	tail := before[max(0, len(before)-80):]
	return cardWord.MatchString(Fold(tail) + " ")
}

// isPlate tells plates from house numbers and measures ("12m 1234"): a plate is
// written with its dot, or in capitals with a dash or with five digits or more.
func isPlate(match, _, after string) bool {
	if province, err := strconv.Atoi(match[:2]); err != nil || province < 11 || isMoney(after) {
		return false
	}
	series := strings.TrimLeft(match[2:], " -.")
	if dot := strings.LastIndexByte(match, '.'); dot == len(match)-3 {
		return true
	}
	first, size := utf8.DecodeRuneInString(series)
	digits := 0
	for _, r := range series[size:] {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return unicode.IsUpper(first) && (digits >= 5 || strings.Contains(match, "-"))
}

// placeholder is what the reader sees instead.
func placeholder(kind MarkKind) string {
	switch kind {
	case MarkPhone:
		return "[đã ẩn số điện thoại]"
	case MarkID:
		return "[đã ẩn số giấy tờ]"
	case MarkPlate:
		return "[đã ẩn biển số xe]"
	case MarkEmail:
		return "[đã ẩn địa chỉ e-mail]"
	}
	return "[đã ẩn]"
}

// Redact is text with each mark replaced by words that say, in Vietnamese, what
// was hidden. Marks may come in any order and overlap (then the first one names
// the whole); one that cuts a character hides all of it; what lies outside the
// text is ignored.
func Redact(text string, marks []Mark) string {
	marks = slices.Clone(marks)
	slices.SortStableFunc(marks, func(a, b Mark) int { return cmp.Compare(a.Start, b.Start) })
	var b strings.Builder
	done := 0
	for _, m := range marks {
		start, end := max(0, m.Start), min(len(text), m.End)
		if start >= end {
			continue
		}
		for start > 0 && !utf8.RuneStart(text[start]) {
			start--
		}
		for end < len(text) && !utf8.RuneStart(text[end]) {
			end++
		}
		if start >= done {
			b.WriteString(text[done:start])
			b.WriteString(placeholder(m.Kind))
		}
		done = max(done, end)
	}
	b.WriteString(text[done:])
	return b.String()
}
