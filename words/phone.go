// SPDX-License-Identifier: Apache-2.0

package words

import (
	"errors"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// ErrPhone is returned for what is not a subscriber's phone number.
var ErrPhone = errors.New("words: not a phone number that can be called back")

// maxPhone is more than any way of writing a phone number needs, in bytes.
const maxPhone = 40

// Phone reads a phone number as people write it and gives it in E.164
// ("+84912345678"). Without a country code it is Vietnamese. Short codes (1022,
// 113), service numbers (1900…, 1800…), extensions and letters fail with ErrPhone.
func Phone(s string) (string, error) {
	if len(s) > maxPhone || strings.IndexFunc(s, notInPhone) >= 0 {
		return "", ErrPhone
	}
	number, err := phonenumbers.Parse(s, "VN")
	if err != nil || !phonenumbers.IsValidNumber(number) || number.GetExtension() != "" {
		return "", ErrPhone
	}
	switch phonenumbers.GetNumberType(number) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE, phonenumbers.FIXED_LINE_OR_MOBILE, phonenumbers.VOIP:
		return phonenumbers.Format(number, phonenumbers.E164), nil
	default:
		return "", ErrPhone
	}
}

func notInPhone(r rune) bool {
	return !unicode.IsDigit(r) && !strings.ContainsRune("+-.()/ \u00A0\u2013", r)
}

// Mask is an E.164 number with all but the country code of Vietnam and the last
// two digits hidden: enough for its owner to know it, too little to guess the
// last four by which a report can be tracked.
func Mask(e164 string) string {
	digits := strings.TrimPrefix(e164, "+")
	if len(digits) < 6 {
		return "***"
	}
	country := ""
	if strings.HasPrefix(digits, "84") {
		country = "+84 "
	}
	return country + "*** *** *" + digits[len(digits)-2:]
}
