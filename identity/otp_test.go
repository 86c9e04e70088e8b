// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hientruong/identity"
	"hientruong/models"
)

// code asks for a code and reads it off the demo's phone.
func (h *house) code(phone string) string {
	h.tb.Helper()
	if err := h.RequestOTP(h.tb.Context(), h.j, phone, models.Vietnamese); err != nil {
		h.tb.Fatal(err)
	}
	return h.phone.Codes()[0].Code
}

// citizen signs a citizen in, on a device or, for a guest, without one.
func (h *house) citizen(phone string, caller models.Actor) identity.Grant {
	h.tb.Helper()
	answer := identity.OTPAnswer{Phone: phone, Code: h.code(phone), Language: models.Vietnamese, Caller: caller}
	g, err := h.VerifyOTP(h.tb.Context(), h.j, answer)
	if err != nil {
		h.tb.Fatal(err)
	}
	return g
}

func TestCitizenSignsInOnAPhone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	device := h.device()
	g := h.citizen("091 234 5678", device.Actor)
	if g.Actor.Kind != models.ActorCitizen || g.Actor.DeviceID != device.Actor.ID || g.Actor.ID == device.Actor.ID {
		t.Fatalf("actor %+v", g.Actor)
	}
	before, err := h.Authenticate(t.Context(), h.j, device.Token)
	wantCode(t, "the device's token from before", err, "")
	if before.ID != g.Actor.ID {
		t.Errorf("the device's token from before is %s, want the citizen", before)
	}
	citizen, err := models.CitizenByID(t.Context(), h.db.Gorm, h.j, g.Actor.ID)
	wantCode(t, "kept citizen", err, "")
	if bytes.Contains(citizen.PhoneSealed, []byte("912345678")) || bytes.Contains(citizen.PhoneIndex, []byte("912345678")) {
		t.Error("the number is kept in the clear")
	}
	if phone, err := h.keys.OpenPhone(citizen); err != nil || phone != "+84912345678" {
		t.Errorf("opened %q, %v", phone, err)
	}

	h.clock.pass(time.Hour)
	alone := h.citizen("+84 912345678", models.Guest(h.j))
	if alone.Actor.ID != g.Actor.ID || alone.Actor.Kind != models.ActorCitizen || alone.Actor.SessionID == g.Actor.SessionID {
		t.Errorf("the same number another time: %+v", alone.Actor)
	}

	wantCode(t, "logout", h.Logout(t.Context(), g.Actor), "")
	again, err := h.SignInDevice(t.Context(), h.j, signIn(device.Actor.ID))
	wantCode(t, "device after logout", err, "")
	if again.Actor.Kind != models.ActorDevice {
		t.Errorf("after logout the phone is still %s", again.Actor)
	}
}

func TestOTPRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	verify := func(phone, code string) error {
		_, err := h.VerifyOTP(t.Context(), h.j, identity.OTPAnswer{Phone: phone, Code: code, Language: models.English})
		return err
	}
	wrong := func(code string) string {
		if code == "000000" {
			return "000001"
		}
		return "000000"
	}
	wantCode(t, "no number", h.RequestOTP(t.Context(), h.j, "113", models.Vietnamese), models.CodePhoneInvalid)
	wantCode(t, "no number to verify", verify("xin chào", "123456"), models.CodePhoneInvalid)
	wantCode(t, "never sent", verify("0912345671", "123456"), models.CodeOTPInvalid)

	late := h.code("0912345672")
	h.clock.pass(5 * time.Minute)
	wantCode(t, "five minutes later", verify("0912345672", late), models.CodeOTPExpired)

	guessed := h.code("0912345673")
	for i := range 5 {
		wantCode(t, fmt.Sprintf("guess %d", i), verify("0912345673", wrong(guessed)), models.CodeOTPInvalid)
	}
	wantCode(t, "right, after five guesses", verify("0912345673", guessed), models.CodeTooManyTries)

	once := h.code("0912345674")
	if !regexp.MustCompile(`^\d{6}$`).MatchString(once) {
		t.Errorf("code %q", once)
	}
	wantCode(t, "of another number", verify("0912345673", once), models.CodeTooManyTries)
	wantCode(t, "right", verify("0912345674", once), "")
	wantCode(t, "right, again", verify("0912345674", once), models.CodeOTPInvalid)
}

func TestOTPSpacing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const phone = "0912345678"
	first := h.code(phone)
	h.clock.pass(20 * time.Second)
	err := h.RequestOTP(t.Context(), h.j, phone, models.Vietnamese)
	var e *models.Error
	if !errors.As(err, &e) || e.Code != models.CodeRateLimited || e.RetryAfter != 40*time.Second {
		t.Fatalf("after 20 s: %v", err)
	}
	wantCode(t, "on another node", h.service(h.ledger, h.phone).RequestOTP(t.Context(), h.j, phone, models.Vietnamese), models.CodeRateLimited)
	h.clock.pass(40 * time.Second)
	second := h.code(phone)
	if first != second {
		_, err = h.VerifyOTP(t.Context(), h.j, identity.OTPAnswer{Phone: phone, Code: first, Language: models.Vietnamese})
		wantCode(t, "the code before", err, models.CodeOTPInvalid)
	}
	sent := 2
	for range 30 {
		h.clock.pass(time.Minute)
		if h.RequestOTP(t.Context(), h.j, phone, models.Vietnamese) == nil {
			sent++
		}
	}
	if sent != 8 {
		t.Errorf("%d codes within the hour, want 8", sent)
	}
	wantCode(t, "another number", h.RequestOTP(t.Context(), h.j, "0912345679", models.Vietnamese), "")
}

func TestOTPTriesAtOnceAreCounted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.code("0912345678")
	var mu sync.Mutex
	codes := map[models.Code]int{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := h.VerifyOTP(t.Context(), h.j, identity.OTPAnswer{Phone: "0912345678", Code: "x", Language: models.Vietnamese})
			mu.Lock()
			defer mu.Unlock()
			codes[models.CodeOf(err)]++
		})
	}
	all.Wait()
	want := map[models.Code]int{models.CodeOTPInvalid: 5, models.CodeTooManyTries: 15}
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Error(diff)
	}
}

func TestOTPOfKnownAndUnknownNumbersAnswersAlike(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.citizen("0912345678", models.Guest(h.j))
	h.clock.pass(time.Hour)
	for _, phone := range []string{"0912345678", "0912345679"} {
		wantCode(t, "request", h.RequestOTP(t.Context(), h.j, phone, models.Vietnamese), "")
		wantCode(t, "again", h.RequestOTP(t.Context(), h.j, phone, models.Vietnamese), models.CodeRateLimited)
		_, err := h.VerifyOTP(t.Context(), h.j, identity.OTPAnswer{Phone: phone, Code: "wrong", Language: models.Vietnamese})
		wantCode(t, "wrong code", err, models.CodeOTPInvalid)
	}
}

// deaf is a sender that fails.
type deaf struct{}

func (deaf) SendCode(context.Context, string, string, models.Language) error {
	return errors.New("no carrier")
}

func TestOTPThatCouldNotBeSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.service(h.ledger, deaf{})
	for range 2 {
		wantCode(t, "request", s.RequestOTP(t.Context(), h.j, "0912345678", models.Vietnamese), models.CodeUnavailable)
	}
	wantCode(t, "no sender", h.service(h.ledger, nil).RequestOTP(t.Context(), h.j, "0912345678", models.Vietnamese), models.CodeUnavailable)
	wantCode(t, "a sender that works", h.RequestOTP(t.Context(), h.j, "0912345678", models.Vietnamese), "")
}

func TestDemoSenderIsBounded(t *testing.T) {
	t.Parallel()
	d := identity.NewDemoSender(nil)
	for i := range 60 {
		wantCode(t, "send", d.SendCode(t.Context(), "+84912345678", fmt.Sprintf("%06d", i), models.Vietnamese), "")
	}
	codes := d.Codes()
	if len(codes) != 50 || codes[0].Code != "000059" || codes[49].Code != "000010" {
		t.Errorf("%d codes, from %s", len(codes), codes[0].Code)
	}
}
