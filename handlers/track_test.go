// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hientruong/handlers"
	"hientruong/identity"
	"hientruong/models"
	"hientruong/words"
)

func TestTrack(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator}, withLimits(t))
	r := c.file(reporter, `,"reporter":{"phone":"0912 345 678"}`)
	public := c.accepted("")
	c.get(guest, "/track/"+strings.ToLower(strings.ReplaceAll(public.code, "-", ""))).want(200, public.id, "!Đèn tắt trước nhà")
	c.get(operator, "/track/"+r.code).want(404)
	c.get(guest, "/track/nonsense").want(404, "!nonsense")
	try := func(code, digits string) answer {
		return c.post(guest, "/track/"+code, `{"phone_last4":"`+digits+`"}`, "Idempotency-Key", "")
	}
	for range 6 { // what is right is no try
		try(r.code, "5678").want(200, "Đèn tắt trước nhà", "!912345678", "!has_contact")
	}
	wrong := try(r.code, "1234").want(404)
	// No such report: the same answer, and after as many tries the same end of patience.
	nobody := "DEMO-7K3F-9QXD-2MW"
	for _, last := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		if a := try(nobody+string(last), "1234"); a.status == http.StatusNotFound && a.field("code") != wrong.field("code") {
			t.Errorf("a wrong code is told from wrong digits: %s", a.body)
		}
	}
	for range 4 {
		try(r.code, "").want(404)
	}
	late := try(r.code, "5678").want(429, `"code":"too_many_tries"`)
	if late.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	try(public.code, "5678").want(404)
}

// tracker tries digits as a guest's browser behind a proxy.
type tracker struct {
	*cast
	who, installation, forwarded string
}

func (t tracker) try(code, digits string) answer {
	t.tb.Helper()
	return t.post(t.who, "/track/"+code, `{"phone_last4":"`+digits+`"}`, "Idempotency-Key", "", "Installation-Id", t.installation, "X-Forwarded-For", t.forwarded)
}

// nobodys is the code of a report that is not there.
func nobodys(i int) string { return words.Code("DEMO", [7]byte{byte(i), byte(i >> 8), 1}) }

func behindProxy(c *handlers.Config) { c.TrustedProxies = []string{"127.0.0.0/8", "::1", "10.0.0.0/8"} }

// Who found their report is not kept from it by others who guess at it.
func TestTrackKnowsWhoWasRight(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter}, withLimits(t))
	r := c.file(reporter, `,"reporter":{"phone":"0912 345 678"}`)
	mine, thief := tracker{c, guest, uuid.NewString(), ""}, tracker{c, guest, uuid.NewString(), ""}
	mine.try(r.code, "5678").want(200)
	for range 5 {
		thief.try(r.code, "1234").want(404)
	}
	thief.try(r.code, "5678").want(429)
	tracker{c, guest, "", ""}.try(r.code, "5678").want(429)
	tracker{c, guest, "no UUID", ""}.try(r.code, "5678").want(429)
	for range 6 {
		mine.try(r.code, "5678").want(200)
	}
	for range 5 {
		mine.try(r.code, "1234").want(404)
	}
	mine.try(r.code, "5678").want(429, `"code":"too_many_tries"`)
}

// One caller cannot try many codes, whether a phone or a browser.
func TestTrackBoundsACaller(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{citizen}, withLimits(t))
	for _, caller := range []tracker{{c, guest, uuid.NewString(), ""}, {c, citizen, "", ""}} {
		for i := range 20 {
			caller.try(nobodys(i), "1234").want(404)
		}
		caller.try(nobodys(99), "1234").want(429, `"code":"too_many_tries"`)
		caller.installation = uuid.NewString()
		if want := map[string]int{guest: 404, citizen: 429}[caller.who]; caller.try(nobodys(99), "1234").status != want {
			t.Errorf("%s under another name: want %d", caller.who, want)
		}
	}
}

// Strangers who are somebody new at every try have the limit of their network in common;
// it holds up nobody else, and nobody for long.
func TestTrackBoundsANetwork(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator}, withLimits(t), behindProxy)
	r := c.file(reporter, `,"reporter":{"phone":"0912 345 678"}`)
	if err := c.identity.RequestOTP(t.Context(), c.j, "0987 654 321", models.Vietnamese); err != nil {
		t.Fatal(err)
	}
	answered := identity.OTPAnswer{Phone: "0987654321", Code: c.codes.Codes()[0].Code, Language: models.Vietnamese, Caller: models.Guest(c.j)}
	c.tokens["person"] = must(c.identity.VerifyOTP(t.Context(), c.j, answered))(t).Token
	const carrier = "203.0.113.7"
	mine := tracker{c, guest, uuid.NewString(), carrier}
	mine.try(r.code, "5678").want(200)
	for i := range 101 {
		late := tracker{c, guest, uuid.NewString(), "198.51.100." + strconv.Itoa(i) + ", " + carrier + ", 10.1.2.3"}.try(nobodys(i), "1234")
		if late.status == http.StatusTooManyRequests && i < 100 {
			t.Fatalf("refused after %d tries", i)
		}
	}
	late := tracker{c, guest, uuid.NewString(), carrier}.try(nobodys(999), "1234").want(429, `"code":"too_many_tries"`)
	if wait, err := strconv.Atoi(late.header.Get("Retry-After")); err != nil || wait < 1 || wait > 6 {
		t.Errorf("Retry-After %q", late.header.Get("Retry-After"))
	}
	tracker{c, reporter, "", carrier}.try(nobodys(999), "1234").want(429) // a phone is made up as quickly
	mine.try(r.code, "5678").want(200)
	tracker{c, "person", "", carrier}.try(nobodys(999), "1234").want(404)
	tracker{c, operator, "", carrier}.try(nobodys(999), "1234").want(404)
	tracker{c, guest, uuid.NewString(), "203.0.113.8"}.try(nobodys(999), "1234").want(404)
	for name, forwarded := range map[string]string{"no proxy said so": "", "another network": "2001:db8:1::7"} {
		if got := (tracker{c, guest, uuid.NewString(), forwarded}).try(nobodys(998), "1234").status; got != 404 {
			t.Errorf("%s: %d", name, got)
		}
	}
}
