// SPDX-License-Identifier: Apache-2.0

package words_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hientruong/words"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]words.Language{
		"":                         words.Vietnamese,
		"vi":                       words.Vietnamese,
		"en":                       words.English,
		"en-US,en;q=0.9":           words.English,
		"vi-VN,vi;q=0.9,en;q=0.8":  words.Vietnamese,
		"en;q=0.3, vi;q=0.7":       words.Vietnamese,
		"fr-FR, en;q=0.5":          words.English,
		"fr, de":                   words.Vietnamese,
		"*":                        words.Vietnamese,
		"en;q=x":                   words.Vietnamese,
		"\x00":                     words.Vietnamese,
		strings.Repeat("en-", 999): words.Vietnamese,
	} {
		if got := words.Match(header); got != want {
			t.Errorf("Match(%q) = %q, want %q", header, got, want)
		}
	}
	if _, ok := words.ParseLanguage("fr"); ok {
		t.Error("fr is not spoken here")
	}
}

func load(t *testing.T) *words.Catalogue {
	t.Helper()
	c, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The codes that the interface answers with; each must have words.
var problemCodes = strings.Fields(`validation coordinates_swapped coordinates_zero crs_suspected outside_area outside_area_nearest
	unknown_category attribute_missing attribute_invalid too_long too_short required phone_invalid email_invalid photo_too_large
	photo_unsupported photo_unsafe photo_broken photo_not_found photo_not_ready photo_limit rate_limited idempotency_key_missing
	idempotency_key_invalid idempotency_conflict transition_refused demand_missing version_missing version_stale conflict not_found
	forbidden unauthorized invalid_credentials totp_required token_expired csrf_invalid otp_invalid otp_expired too_many_tries
	queue_full storage_down unavailable internal timeout method_not_allowed malformed_body body_too_large unsupported_media_type
	invalid_value out_of_range cursor_invalid unknown_unit unknown_reason unknown_area unknown_jurisdiction unknown_action sos_incomplete
	place_missing claim_held already_rated appeal_used reopen_limit code_invalid consent_missing roles_apart`)

var pushKinds = strings.Fields(`received part accepted assigned in_progress scheduled needs_info info_waits message extended published rejected
	appealed duplicate transferred reopened closed moved follow.accepted follow.assigned follow.in_progress follow.scheduled follow.needs_info
	follow.extended follow.published follow.rejected follow.duplicate follow.transferred follow.reopened follow.closed follow.moved task
	task_support task_handed task_inherited task_again task_returned support_returned due missed escalated urged directed written objected`)

func TestEveryProblemAndPushHasWords(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, code := range problemCodes {
		for _, l := range words.Languages() {
			title, detail := c.Problem(l, code, nil)
			if !c.Has("problem."+code+".title") || !c.Has("problem."+code+".detail") || title == "" || len(detail) < len(title) {
				t.Errorf("%s, %s: %q, %q", l, code, title, detail)
			}
		}
	}
	for _, kind := range pushKinds {
		for _, l := range words.Languages() {
			title, body, ok := c.Push(l, kind, map[string]string{
				"code": "HUE-1", "category": "Đèn đường", "unit": "U", "due": "D", "date": "T", "reason": "R.", "clock": "C", "who": "W",
			})
			if !ok || !strings.Contains(title, "HUE-1") || !strings.Contains(body, "Đèn đường") || strings.Contains(title+body, "…") {
				t.Errorf("%s, %s: %q, %q", l, kind, title, body)
			}
			// A lock screen shows about this much.
			if words.Len(title) > 50 || words.Len(body) > 110 {
				t.Errorf("%s, %s is too long for a lock screen: %d, %d", l, kind, words.Len(title), words.Len(body))
			}
		}
	}
	allowed := []string{"category", "clock", "code", "date", "due", "reason", "unit", "who"}
	for _, key := range c.Keys() {
		for _, name := range c.Placeholders(key) {
			if strings.HasPrefix(key, "push.") && !slices.Contains(allowed, name) {
				t.Errorf("%s needs {%s}, which a push does not have", key, name)
			}
		}
		for _, l := range words.Languages() {
			if text := c.Text(l, key, nil); !norm.NFC.IsNormalString(text) || strings.ContainsAny(text, "{}\n") {
				t.Errorf("%s, %s: %q", l, key, text)
			}
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	c := load(t)
	for _, x := range []struct {
		l      words.Language
		key    string
		params map[string]string
		want   string
	}{
		{words.Vietnamese, "problem.photo_limit.detail", map[string]string{"max": "6"}, "Mỗi phản ánh có tối đa 6 ảnh. Hãy bỏ bớt rồi gửi lại."},
		{words.English, "problem.photo_limit.detail", map[string]string{"max": "6"}, "A report can have 6 photos. Please remove some and send again."},
		{"fr", "problem.photo_limit.title", nil, "Quá nhiều ảnh"},
		{words.English, "problem.photo_limit.detail", nil, "A report can have … photos. Please remove some and send again."},
		{words.English, "problem.photo_limit.detail", map[string]string{"max": "{max}{code}"}, "A report can have {max}{code} photos. Please remove some and send again."},
		{words.English, "no.such.key", nil, "no.such.key"},
	} {
		if got := c.Text(x.l, x.key, x.params); got != x.want {
			t.Errorf("%s %s: %q, want %q", x.l, x.key, got, x.want)
		}
	}
	if title, _ := c.Problem(words.English, "no_such_code", nil); title != "Something went wrong on our side" {
		t.Errorf("unknown problem: %q", title)
	}
	if _, _, ok := c.Push(words.English, "no_such_step", nil); ok {
		t.Error("an unknown step has a push")
	}
	if c.Field(words.English, "lat") != "the latitude" || c.Field(words.English, "zip") != "zip" {
		t.Errorf("fields: %q, %q", c.Field(words.English, "lat"), c.Field(words.English, "zip"))
	}
}

func TestCatalogueRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for want, c := range map[string][2]string{
		"en lacks b":                 {"a: x\nb: y", "a: x"},
		"only en has c.d":            {"a: x", "a: x\nc: {d: z}"},
		"en: a has the placeholders": {"a: x {n}", "a: x {m}"},
		"vi lacks a":                 {`a: ""`, "a: x"},
		"neither a text":             {"a: [x]", "a: x"},
		"words: message catalogue":   {"a: : :", "a: x"},
	} {
		_, err := words.ParseCatalogue(map[words.Language][]byte{words.Vietnamese: []byte(c[0]), words.English: []byte(c[1])})
		if !errors.Is(err, words.ErrCatalogue) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
