// SPDX-License-Identifier: Apache-2.0

package words_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"hientruong/words"
)

func ExampleRedact() {
	text := "Xe 75A-123.45 đổ rác, gọi anh Bình 0912.345.678"
	fmt.Println(words.Redact(text, words.Sensitive(text)))
	// Output: Xe [đã ẩn biển số xe] đổ rác, gọi anh Bình [đã ẩn số điện thoại]
}

func found(text string) []string {
	var out []string
	for _, m := range words.Sensitive(text) {
		out = append(out, string(m.Kind)+" "+text[m.Start:m.End])
	}
	return out
}

func TestSensitiveFinds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"gọi 0912345678 nhé":                  {"phone 0912345678"},
		"0912.345.678":                        {"phone 0912.345.678"},
		"ĐT:0912-345-678.":                    {"phone 0912-345-678"},
		"+84 912 345 678":                     {"phone +84 912 345 678"},
		"(+84)912345678":                      {"phone (+84)912345678"},
		"84912345678":                         {"phone 84912345678"},
		"+84 (0) 912 345 678":                 {"phone +84 (0) 912 345 678"},
		"0 9 1 2 3 4 5 6 7 8":                 {"phone 0 9 1 2 3 4 5 6 7 8"},
		"bàn 0234.3822.173":                   {"phone 0234.3822.173"},
		"(0234) 3822173":                      {"phone (0234) 3822173"},
		"0912 345 678/0987 654 321":           {"phone 0912 345 678", "phone 0987 654 321"},
		"0912345678,0987654321":               {"phone 0912345678", "phone 0987654321"},
		"0912345678 k nghe máy":               {"phone 0912345678"},
		"gọi 0912345678.2 người bị thương":    {"phone 0912345678"},
		"191234567,191234568":                 {"id_number 191234567", "id_number 191234568"},
		"a@b.vn1":                             {"email a@b.vn"},
		"CCCD 046099001234":                   {"id_number 046099001234"},
		"số 046 099 001 234, cấp ở Huế":       {"id_number 046 099 001 234"},
		"CMND 191234567":                      {"id_number 191234567"},
		"chứng minh nhân dân số 191 234 567":  {"id_number 191 234 567"},
		"xe 75A-123.45":                       {"plate 75A-123.45"},
		"xe 75A12345 chạy":                    {"plate 75A12345"},
		"75-B1 234.56":                        {"plate 75-B1 234.56"},
		"75B1-234.56":                         {"plate 75B1-234.56"},
		"xe máy 75F1-1234":                    {"plate 75F1-1234"},
		"75b1 234.56":                         {"plate 75b1 234.56"},
		"29MĐ1-234.56":                        {"plate 29MĐ1-234.56"},
		"29LD-123.45":                         {"plate 29LD-123.45"},
		"mail nguyen.binh+x@example.com.vn ạ": {"email nguyen.binh+x@example.com.vn"},
		"0912345678@example.com":              {"email 0912345678@example.com"},
		"Biển 75A-123.45, 0912345678, a@b.vn": {"plate 75A-123.45", "phone 0912345678", "email a@b.vn"},
		"Zalo\u00a00912\u00a0345\u00a0678":    {"phone 0912\u00a0345\u00a0678"},
	} {
		if diff := cmp.Diff(want, found(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestSensitiveLeavesTheRest(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"gọi 1022, 113, 114, 115 hoặc 19001075",
		"giá 150.000.000 đồng", "150000000đ", "912345678 VNĐ", "3.500.000đ", "84 912 345 678 đồng",
		"ngày 22/11/2026 lúc 07:30", "22-11-2026", "2026-11-22T07:30:00Z", "từ 01/07/2025",
		"số 12/34 kiệt 56 đường Lê Lợi", "nhà 15B 1234 m2", "75 A Nguyễn Huệ", "12m 1234",
		"cột đèn HU-0234-15", "mã HUE-7K3F-9QXD-2MWT", "16.463713, 107.590866", "(16.4637, 107.5909)",
		"Nghị định 356/2025/NĐ-CP", "H57.12.34-251122-0001", "dài 1500 m, rộng 20 cm", "5 giờ 30 sáng 15-8",
		"@hue", "a@b", "0", "000000000000", "097123456789012345", "QL1A 20-30 km", "10.0.0.1",
	} {
		if got := found(text); got != nil {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestRedactTakesAnyMarks(t *testing.T) {
	t.Parallel()
	text := "số 0912345678 Huế"
	for name, c := range map[string]struct {
		marks []words.Mark
		want  string
	}{
		"none":              {nil, text},
		"outside":           {[]words.Mark{{-5, 0, words.MarkPhone}, {99, 120, words.MarkPhone}, {5, 3, words.MarkID}}, text},
		"to beyond the end": {[]words.Mark{{6, 999, words.MarkPhone}}, "số 0[đã ẩn số điện thoại]"},
		"overlapping":       {[]words.Mark{{8, 15, words.MarkID}, {5, 10, words.MarkPhone}}, "số [đã ẩn số điện thoại] Huế"},
		"within a letter":   {[]words.Mark{{2, 3, words.MarkPlate}}, "s[đã ẩn biển số xe] 0912345678 Huế"},
		"side by side":      {[]words.Mark{{0, 2, words.MarkEmail}, {16, 21, "other"}}, ""},
	} {
		got := words.Redact(text, c.marks)
		if name == "side by side" {
			if !utf8.ValidString(got) || strings.Contains(got, "Huế") || !strings.Contains(got, "[đã ẩn]") {
				t.Errorf("%s: %q", name, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func checkMarks(t *testing.T, text string) {
	t.Helper()
	end := 0
	marks := words.Sensitive(text)
	for _, m := range marks {
		if m.Start < end || m.End <= m.Start || m.End > len(text) || m.Kind == "" {
			t.Fatalf("%q: mark %+v", text, m)
		}
		end = m.End
	}
	redacted := words.Redact(text, marks)
	for _, m := range marks {
		if piece := text[m.Start:m.End]; strings.Count(redacted, piece) >= strings.Count(text, piece) {
			t.Fatalf("%q still shows %q: %q", text, piece, redacted)
		}
	}
	if utf8.ValidString(text) && !utf8.ValidString(redacted) {
		t.Fatalf("%q redacted is not UTF-8: %q", text, redacted)
	}
}

func FuzzSensitive(f *testing.F) {
	seed(f, "75A-123.45 0912.345.678 a@b.vn 046099001234", "+84+84+84", "0(((((9", "1.0912345678")
	f.Fuzz(checkMarks)
}

// Whatever somebody sends, finding takes time in proportion to its length.
func TestSensitiveIsQuickOnHostileText(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"0", "09", "0 ", "a@", "a.", "75A-", "0912345678 ", "+84", "0(-", "x"} {
		text := strings.Repeat(piece, 20_000/len(piece))
		text += "@b.cc1 0(9"
		start := time.Now()
		words.Sensitive(text)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%q repeated to 20 kB took %v", piece, took)
		}
	}
}
