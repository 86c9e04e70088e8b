// SPDX-License-Identifier: Apache-2.0

package words_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hientruong/words"
)

func ExampleCode() {
	code := words.Code("HUE", [7]byte{0x39, 0xc6, 0xf4, 0xdf, 0xac, 0x2d, 0x38})
	fmt.Println(code)
	again, err := words.ParseCode(" hue " + strings.ToLower(code[4:]))
	fmt.Println(again, err)
	// Output:
	// HUE-773F-9QXC-5MWT
	// HUE-773F-9QXC-5MWT <nil>
}

var codeForm = regexp.MustCompile(`^[A-Z]{2,6}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)

func drawCode(t *rapid.T) string {
	var random [7]byte
	copy(random[:], rapid.SliceOfN(rapid.Byte(), 7, 7).Draw(t, "random"))
	return words.Code(rapid.SampledFrom([]string{"HUE", "DEMO", "DN", "LOUISI"}).Draw(t, "prefix"), random)
}

func TestCodeForgives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := drawCode(t)
		if !codeForm.MatchString(code) {
			t.Fatalf("%q", code)
		}
		prefix, body, _ := strings.Cut(code, "-")
		misread := strings.NewReplacer("0", "o", "1", rapid.SampledFrom([]string{"I", "l"}).Draw(t, "one"))
		for _, typed := range []string{
			code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", " – "),
			prefix + "-" + misread.Replace(body), strings.ReplaceAll(strings.ReplaceAll(prefix, "O", "0"), "I", "1") + "." + body,
			" " + code + "\n",
		} {
			if got, err := words.ParseCode(typed); err != nil || got != code {
				t.Fatalf("%q: %q, %v, want %q", typed, got, err, code)
			}
		}
	})
}

// Any one wrong character and any two neighbours exchanged are noticed.
func TestCodeNoticesErrors(t *testing.T) {
	t.Parallel()
	const all = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		code := strings.ReplaceAll(drawCode(t), "-", "")
		start := len(code) - 12
		for i := range code {
			letters := all
			if i < start {
				letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			}
			for _, wrong := range letters {
				if typed := code[:i] + string(wrong) + code[i+1:]; typed != code {
					if got, err := words.ParseCode(typed); err == nil {
						t.Fatalf("%q for %q passes as %q", typed, code, got)
					}
				}
			}
			if i > 0 && i != start && code[i] != code[i-1] {
				typed := code[:i-1] + string(code[i]) + string(code[i-1]) + code[i+1:]
				if got, err := words.ParseCode(typed); err == nil {
					t.Fatalf("%q for %q passes as %q", typed, code, got)
				}
			}
		}
	})
}

func TestCodesSpread(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range uint64(4096) {
		var raw [8]byte
		binary.BigEndian.PutUint64(raw[:], i<<1<<8)
		seen[words.Code("HUE", [7]byte(raw[:7]))] = true
	}
	if len(seen) != 4096 {
		t.Errorf("4096 random values made %d codes", len(seen))
	}
}

func TestParseCodeRefuses(t *testing.T) {
	t.Parallel()
	good := words.Code("HUE", [7]byte{1, 2, 3, 4, 5, 6, 7})
	for _, bad := range []string{
		"", "HUE", good[:len(good)-1], good + "0", "X" + strings.TrimPrefix(good, "HUE"), strings.Replace(good, "-", "/", 1),
		"H9E" + good[3:], strings.Repeat("A", 64), strings.Repeat(good, 9), good + "\x00", "HUEHUEHUE" + good[3:], "HÜE" + good[3:],
	} {
		if got, err := words.ParseCode(bad); !errors.Is(err, words.ErrCode) || got != "" {
			t.Errorf("%q: %q, %v", bad, got, err)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	seed(f, "HUE-773F-9QXC-5MWT", "hue773f9qxc5mwt", "DEM0 OOOO IIII LLLL")
	f.Fuzz(func(t *testing.T, s string) {
		code, err := words.ParseCode(s)
		if err != nil {
			return
		}
		if again, err := words.ParseCode(code); !codeForm.MatchString(code) || err != nil || again != code {
			t.Fatalf("ParseCode(%q) = %q, which is %q, %v", s, code, again, err)
		}
	})
}
