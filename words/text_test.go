// SPDX-License-Identifier: Apache-2.0

package words_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hientruong/words"
)

const shared = "../../shared/data"

func readShared(tb testing.TB, name string, into any) {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join(shared, name))
	if os.IsNotExist(err) {
		tb.Skipf("%s/%s is not here", shared, name)
	}
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		tb.Fatal(err)
	}
}

func naughty(tb testing.TB) []string {
	tb.Helper()
	var list []string
	readShared(tb, "hostile/blns.json", &list)
	if len(list) < 500 {
		tb.Fatalf("only %d naughty strings", len(list))
	}
	return list
}

// seed gives a fuzz target what is there without the shared folder, and more with it.
func seed(f *testing.F, own ...string) {
	for _, s := range own {
		f.Add(s)
	}
	raw, err := os.ReadFile(filepath.Join(shared, "hostile/blns.json"))
	var list []string
	if err == nil && json.Unmarshal(raw, &list) == nil {
		for _, s := range list {
			f.Add(s)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Ngập nước":                      "ngap nuoc",
		norm.NFD.String("Ngập nước"):     "ngap nuoc",
		"Hoá Châu":                       "hoa chau",
		"Hóa Châu":                       "hoa chau",
		"Thuỷ Xuân, Thủy Xuân":           "thuy xuan thuy xuan",
		"ĐƯỜNG Đặng Văn Ngữ":             "duong dang van ngu",
		"  số 12/3,\n\tkiệt 7 – (hẻm)! ": "so 12 3 kiet 7 hem",
		"Ｈｕế":                            "hue",
		"quý ủy ưỡn ợ ẵ ỹ":               "quy uy uon o a y",
		"":                               "",
		"…!?":                            "",
		"0\xf6Ď":                         "0 d",
		"a\x00b\xffc":                    "a b c",
		"Straße № 5":                     "straße no 5",
		"Пожар":                          "пожар",
	} {
		if got := words.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// Every name of Vietnam's wards folds to plain letters, and the same from NFD.
func TestFoldNamesOfVietnam(t *testing.T) {
	t.Parallel()
	var provinces []struct {
		FullName string
		Wards    []struct{ FullName string }
	}
	readShared(t, "vietnamese/vn_units_simplified_2026-07-25.json", &provinces)
	n := 0
	for _, p := range provinces {
		for _, w := range p.Wards {
			n++
			folded := words.Fold(w.FullName)
			if folded == "" || strings.ContainsFunc(folded, func(r rune) bool { return r != ' ' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
				t.Errorf("Fold(%q) = %q", w.FullName, folded)
			}
			if again := words.Fold(norm.NFD.String(strings.ToUpper(w.FullName))); again != folded {
				t.Errorf("%q in capitals and NFD: %q, want %q", w.FullName, again, folded)
			}
			if clean := words.Clean(norm.NFD.String(w.FullName)); clean != words.NFC(w.FullName) {
				t.Errorf("Clean(%q) = %q", w.FullName, clean)
			}
		}
	}
	t.Logf("%d names", n)
	if n < 3000 {
		t.Errorf("only %d names", n)
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  Ổ gà trước số 5\r\n\r\n\tsâu 20 cm \n": "Ổ gà trước số 5\n\n\tsâu 20 cm",
		"a\x00b\x07c\x1b[31md\u0085e":             "abc[31md\ne",
		"evil\u202Egnp.exe\u2066x\u2069\u200F":    "evilgnp.exex",
		"bad \xff\xfe utf":                        "bad \uFFFD utf",
		"surrogate \xed\xa0\x80!":                 "surrogate \uFFFD!",
		norm.NFD.String("Huế"):                    "Huế",
		"👨‍👩‍👧 cứu":                               "👨‍👩‍👧 cứu",
		"zero\u200Bwidth\uFEFF":                   "zerowidth",
		"old\rmac\u2028line":                      "old\nmac\nline",
		"\uFFFEx\U0001FFFF":                       "x",
	} {
		if got := words.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func checkClean(t *testing.T, in string) {
	t.Helper()
	out := words.Clean(in)
	if !utf8.ValidString(out) || !norm.NFC.IsNormalString(out) || strings.TrimSpace(out) != out {
		t.Errorf("Clean(%q) = %q", in, out)
	}
	for _, r := range out {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			t.Errorf("Clean(%q) keeps %U", in, r)
		}
	}
	if again := words.Clean(out); again != out {
		t.Errorf("Clean(%q) is %q, cleaned again %q", in, out, again)
	}
}

func TestNaughtyStrings(t *testing.T) {
	t.Parallel()
	list := naughty(t)
	for _, s := range list {
		checkClean(t, s)
		if folded := words.Fold(s); words.Fold(folded) != folded {
			t.Errorf("Fold(%q) = %q, folded again %q", s, folded, words.Fold(folded))
		}
		checkMarks(t, s)
		if e164, err := words.Phone(s); err == nil {
			t.Logf("a phone number: %q is %s", s, e164)
		}
		if code, err := words.ParseCode(s); err == nil {
			t.Errorf("%q is the code %s", s, code)
		}
	}
	t.Logf("%d strings", len(list))
}

func TestLen(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"Huế": 3, norm.NFD.String("Huế"): 3, "": 0, "a\nb": 3, "🌧": 1} {
		if got := words.Len(in); got != want {
			t.Errorf("Len(%q) = %d, want %d", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	seed(f, "Ngập nước", "İstanbul", "ẞ", "\u0344\u0f73", "ﬀ½", "Ω\u212a")
	f.Fuzz(func(t *testing.T, s string) {
		folded := words.Fold(s)
		if again := words.Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, folded again %q", s, folded, again)
		}
		if nfd := words.Fold(norm.NFD.String(s)); utf8.ValidString(s) && nfd != folded {
			t.Errorf("Fold(%q) = %q, from NFD %q", s, folded, nfd)
		}
	})
}

func FuzzClean(f *testing.F) {
	seed(f, "a\x00b", "\xed\xa0\x80", "e\u200B\u0301", "\u0085", " \u2028x")
	f.Fuzz(checkClean)
}
