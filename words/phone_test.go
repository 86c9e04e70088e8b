// SPDX-License-Identifier: Apache-2.0

package words_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"hientruong/words"
)

func TestPhone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0912345678":            "+84912345678",
		"0912.345.678":          "+84912345678",
		"  +84 912 345 678 ":    "+84912345678",
		"0084 912 345 678":      "+84912345678",
		"84912345678":           "+84912345678",
		"(+84) 912-345-678":     "+84912345678",
		"0354 123 456":          "+84354123456",
		"0234 3822 173":         "+842343822173",
		"(0234) 3.822.173":      "+842343822173",
		"+1 415 555 2671":       "+14155552671",
		"+33 1 42 68 53 00":     "+33142685300",
		"1022":                  "",
		"113":                   "",
		"114":                   "",
		"115":                   "",
		"19001075":              "",
		"1900 1075":             "",
		"1800 1166":             "",
		"":                      "",
		"0":                     "",
		"091234567":             "",
		"09123456789":           "",
		"0112345678":            "",
		"0912345678 ext 12":     "",
		"0912-CALL-ME":          "",
		"tel:0912345678":        "",
		"+84":                   "",
		"0912345678\x00":        "",
		"0912345678;DROP":       "",
		strings.Repeat("9", 99): "",
	} {
		got, err := words.Phone(in)
		if got != want || (want == "") != errors.Is(err, words.ErrPhone) {
			t.Errorf("Phone(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"+84912345678": "+84 *** *** *78",
		"+14155552671": "*** *** *71",
		"+8491":        "***",
		"":             "***",
	} {
		if got := words.Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

var e164 = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

func FuzzPhone(f *testing.F) {
	seed(f, "0912.345.678", "+84 234 3822173", "1022", "٠٩١٢٣٤٥٦٧٨", "+")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := words.Phone(s)
		if err != nil {
			return
		}
		if !e164.MatchString(got) {
			t.Fatalf("Phone(%q) = %q", s, got)
		}
		if again, err := words.Phone(got); err != nil || again != got {
			t.Fatalf("Phone(%q) = %q, which is %q, %v", s, got, again, err)
		}
		if m := words.Mask(got); strings.Contains(m, got[len(got)-4:]) {
			t.Fatalf("Mask(%q) = %q", got, m)
		}
	})
}
