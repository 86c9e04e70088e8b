// SPDX-License-Identifier: Apache-2.0

package words

import (
	"errors"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ErrCode is returned for what cannot be a report's public code: mistyped, cut
// short, or invented.
var ErrCode = errors.New("words: not a report code")

const (
	// codeAlphabet has no I, L, O and U, which are misread or spell words.
	codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	// codeRandom is how many characters are random; one more checks them.
	codeRandom = 11
	codeGroup  = 4

	minPrefix, maxPrefix = 2, 6
	maxCodeText          = 64
)

// Code makes a public code such as "HUE-7K3F-9QXD-2MWT" from the upper 55 bits
// of random. The last character checks all others and the prefix: any one wrong
// character and any two neighbours exchanged are found. prefix is 2 to 6 letters
// A to Z; another one makes a code that ParseCode refuses.
func Code(prefix string, random [7]byte) string {
	var bits uint64
	for _, b := range random {
		bits = bits<<8 | uint64(b)
	}
	body := make([]byte, codeRandom, codeRandom+1)
	for i := range body {
		body[i] = codeAlphabet[bits>>(56-5*(i+1))&31]
	}
	body = append(body, codeAlphabet[checkSum(prefix, string(body))])
	return written(prefix, string(body))
}

// ParseCode gives the code as Code writes it. It forgives lower case, missing or
// other separators, O for 0, I and L for 1, and in the prefix 0 for O and 1 for I.
// It fails with ErrCode when a character is impossible or the check fails.
func ParseCode(s string) (string, error) {
	if len(s) > maxCodeText {
		return "", ErrCode
	}
	text := strings.Map(codeRune, norm.NFKC.String(s))
	cut := len(text) - codeRandom - 1
	if cut < minPrefix || cut > maxPrefix {
		return "", ErrCode
	}
	prefix := strings.NewReplacer("0", "O", "1", "I").Replace(text[:cut])
	body := strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(text[cut:])
	if strings.Trim(prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || strings.Trim(body, codeAlphabet) != "" {
		return "", ErrCode
	}
	if checkSum(prefix, body) != 0 {
		return "", ErrCode
	}
	return written(prefix, body), nil
}

// codeRune drops what people put between groups, and keeps the unknown as it is
// so that it is refused later.
func codeRune(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	case strings.ContainsRune(" \t\n-\u2010\u2011\u2012\u2013\u2014_.", r):
		return -1
	}
	return r
}

// checkSum runs over prefix and body as numbers of GF(32): sum = 2·(sum + next).
// Multiplying by 2 and by 2+1 both lose nothing there, which is why every single
// error and every exchange of neighbours changes the sum. It is 0 for a body
// that ends in its own check character.
func checkSum(prefix, body string) byte {
	var sum byte
	for _, c := range []byte(prefix) {
		sum = doubled(sum ^ (c-'A')&31)
	}
	for _, c := range []byte(body) {
		sum = doubled(sum ^ byte(strings.IndexByte(codeAlphabet, c))) //nolint:gosec // below 32
	}
	return sum
}

// doubled multiplies by x in GF(2)[x] modulo x^5 + x^2 + 1.
func doubled(v byte) byte {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v
}

func written(prefix, body string) string {
	out := prefix
	for i := 0; i < len(body); i += codeGroup {
		out += "-" + body[i:min(len(body), i+codeGroup)]
	}
	return out
}
