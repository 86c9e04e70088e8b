// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/models"
)

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.device()
	if !strings.HasPrefix(g.Token, "hta_") || !strings.HasPrefix(g.RefreshToken, "htr_") {
		t.Fatalf("prefixes of %.4s and %.4s", g.Token, g.RefreshToken)
	}
	for name, c := range map[string]struct {
		token string
		j     int32
		want  models.Code
	}{
		"good":                      {g.Token, h.j, ""},
		"empty":                     {"", h.j, models.CodeUnauthorized},
		"refresh token":             {g.RefreshToken, h.j, models.CodeUnauthorized},
		"refresh token in disguise": {"hta_" + g.RefreshToken[4:], h.j, models.CodeUnauthorized},
		"one byte off":              {g.Token[:len(g.Token)-2] + "__", h.j, models.CodeUnauthorized},
		"long":                      {"hta_" + strings.Repeat("A", 1<<16), h.j, models.CodeUnauthorized},
		"not base64":                {"hta_" + strings.Repeat("\x00", 43), h.j, models.CodeUnauthorized},
		"another jurisdiction":      {g.Token, h.j + 1, models.CodeUnauthorized},
	} {
		for range 2 { // the second may come from the cache
			actor, err := h.Authenticate(t.Context(), c.j, c.token)
			wantCode(t, name, err, c.want)
			if err == nil {
				if diff := cmp.Diff(g.Actor, actor); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		}
	}
	want := models.Actor{
		Kind: models.ActorDevice, ID: g.Actor.ID, DeviceID: g.Actor.ID, Jurisdiction: h.j, Roles: []models.Role{models.RoleCitizen},
		SessionID: g.Actor.SessionID, Language: models.Vietnamese,
	}
	if diff := cmp.Diff(want, g.Actor); diff != "" {
		t.Errorf("a device's actor: %s", diff)
	}
}

func TestTokensRunOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.staff("hoa", models.RoleOperator)
	device, staff := h.device(), h.login("hoa")
	h.clock.pass(time.Hour - 1)
	_, err := h.Authenticate(t.Context(), h.j, device.Token)
	wantCode(t, "device within the hour", err, "")
	h.clock.pass(1)
	_, err = h.Authenticate(t.Context(), h.j, device.Token)
	wantCode(t, "device after the hour", err, models.CodeTokenExpired)
	_, err = h.Authenticate(t.Context(), h.j, staff.Token)
	wantCode(t, "staff after an hour", err, "")
	h.clock.pass(11 * time.Hour)
	_, err = h.Authenticate(t.Context(), h.j, staff.Token)
	wantCode(t, "staff after 12 hours", err, models.CodeTokenExpired)
	_, err = h.Refresh(t.Context(), h.j, staff.RefreshToken)
	wantCode(t, "staff idle for 12 hours", err, models.CodeTokenExpired)
	_, err = h.Refresh(t.Context(), h.j, device.RefreshToken)
	wantCode(t, "device idle for 12 hours", err, "")
}

func TestRefreshRotatesAndNoticesCopies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.device()
	second, err := h.Refresh(t.Context(), h.j, first.RefreshToken)
	wantCode(t, "refresh", err, "")
	if diff := cmp.Diff(first.Actor, second.Actor); diff != "" {
		t.Errorf("another actor after refresh: %s", diff)
	}
	_, err = h.Authenticate(t.Context(), h.j, second.Token)
	wantCode(t, "new token", err, "")
	_, err = h.Refresh(t.Context(), h.j, second.Token)
	wantCode(t, "refresh with an access token", err, models.CodeUnauthorized)

	for range 2 {
		_, err = h.Refresh(t.Context(), h.j, first.RefreshToken)
		wantCode(t, "old refresh token again", err, models.CodeUnauthorized)
	}
	for name, token := range map[string]string{"first": first.Token, "second": second.Token} {
		_, err = h.Authenticate(t.Context(), h.j, token)
		wantCode(t, name+" after the copy showed", err, models.CodeUnauthorized)
	}
	_, err = h.Refresh(t.Context(), h.j, second.RefreshToken)
	wantCode(t, "the session's newest refresh token", err, models.CodeUnauthorized)
	h.wantRevoked(first.Actor.SessionID, "system", "token_reused")
}

// wantRevoked fails unless the log says exactly once that the session was revoked.
func (h *house) wantRevoked(session uuid.UUID, by, reason string) {
	h.tb.Helper()
	events := h.events(session)
	if len(events) != 1 {
		h.tb.Fatalf("%d events of the session, want 1", len(events))
	}
	e := events[0]
	body, err := e.ParseBody()
	if err != nil || e.Kind != models.EventSessionRevoked || e.SubjectKind != models.SubjectSession || e.Actor != by || body.Reason != reason {
		h.tb.Errorf("event %s by %s, %s, %v", e.Kind, e.Actor, e.Body, err)
	}
}

func TestRefreshByManyAtOnceGivesOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.device()
	var mu sync.Mutex
	var won int
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			_, err := h.Refresh(t.Context(), h.j, g.RefreshToken)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if models.CodeOf(err) != models.CodeUnauthorized {
				t.Errorf("refresh: %v", err)
			}
		})
	}
	all.Wait()
	if won != 1 {
		t.Errorf("%d refreshes of one token won, want 1", won)
	}
	var good int64
	h.db.Gorm.Model(&models.Token{}).Where("session_id = ? AND revoked_at IS NULL", g.Actor.SessionID).Count(&good)
	if good != 0 {
		t.Errorf("%d tokens of the session are good after it was copied", good)
	}
	h.wantRevoked(g.Actor.SessionID, "system", "token_reused")
}

func TestLogout(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g, other := h.device(), h.device()
	for range 2 {
		wantCode(t, "logout", h.Logout(t.Context(), g.Actor), "")
	}
	_, err := h.Authenticate(t.Context(), h.j, g.Token)
	wantCode(t, "after logout", err, models.CodeUnauthorized)
	_, err = h.Refresh(t.Context(), h.j, g.RefreshToken)
	wantCode(t, "refresh after logout", err, models.CodeUnauthorized)
	_, err = h.Authenticate(t.Context(), h.j, other.Token)
	wantCode(t, "somebody else", err, "")
	h.wantRevoked(g.Actor.SessionID, g.Actor.String(), "logout")
	wantCode(t, "a guest", h.Logout(t.Context(), models.Guest(h.j)), "")
}

func TestRevocationReachesOtherNodes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := h.service(h.ledger, h.phone)
	g := h.device()
	_, err := other.Authenticate(t.Context(), h.j, g.Token)
	wantCode(t, "other node, cached", err, "")
	wantCode(t, "logout", h.Logout(t.Context(), g.Actor), "")
	h.clock.pass(identity.Staleness)
	_, err = other.Authenticate(t.Context(), h.j, g.Token)
	wantCode(t, "other node, after Staleness", err, models.CodeUnauthorized)
}

// broken is a ledger whose queue is full.
type broken struct{}

func (broken) Do(context.Context, models.Intent) (ledger.Outcome, error) {
	return ledger.Outcome{}, models.E(models.CodeQueueFull)
}

func TestRevocationHoldsWithoutTheLedgerAndIsLoggedLater(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	cut := h.service(broken{}, h.phone)
	g, live := h.device(), h.device()
	wantCode(t, "logout", cut.Logout(t.Context(), g.Actor), "")
	_, err := cut.Authenticate(t.Context(), h.j, g.Token)
	wantCode(t, "after logout", err, models.CodeUnauthorized)
	if n := len(h.events(g.Actor.SessionID)); n != 0 {
		t.Fatalf("%d events without a ledger", n)
	}
	if _, err := h.Refresh(t.Context(), h.j, live.RefreshToken); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		wantCode(t, "sweep", h.Sweep(t.Context()), "")
	}
	h.wantRevoked(g.Actor.SessionID, "system", "swept")
	if n := len(h.events(live.Actor.SessionID)); n != 0 {
		t.Errorf("a session that was only refreshed has %d events", n)
	}
}

func TestSweepDropsWhatRanOutLongAgo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.device()
	wantCode(t, "code", h.RequestOTP(t.Context(), h.j, "0912345678", models.Vietnamese), "")
	count := func() (tokens, otps int64) {
		h.db.Gorm.Model(&models.Token{}).Count(&tokens)
		h.db.Gorm.Model(&models.OTP{}).Count(&otps)
		return tokens, otps
	}
	wantCode(t, "sweep", h.Sweep(t.Context()), "")
	if tokens, otps := count(); tokens != 2 || otps != 1 {
		t.Errorf("%d tokens and %d codes while they are good, want 2 and 1", tokens, otps)
	}
	h.clock.pass(68 * 24 * time.Hour)
	wantCode(t, "sweep", h.Sweep(t.Context()), "")
	if tokens, otps := count(); tokens != 0 || otps != 0 {
		t.Errorf("%d tokens and %d codes long after, want none", tokens, otps)
	}
}

func TestRevokeAll(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.staff("quan-tri", models.RoleAdministrator)
	h.staff("hoa", models.RoleOperator)
	adminActor, hoa, again := h.login("quan-tri").Actor, h.login("hoa"), h.login("hoa")
	wantCode(t, "by an operator", h.RevokeAll(t.Context(), hoa.Actor, models.ActorStaff, admin.ID), models.CodeForbidden)
	wantCode(t, "by a guest", h.RevokeAll(t.Context(), models.Guest(h.j), models.ActorStaff, admin.ID), models.CodeUnauthorized)
	wantCode(t, "by the administrator", h.RevokeAll(t.Context(), adminActor, models.ActorStaff, hoa.Actor.ID), "")
	for name, g := range map[string]identity.Grant{"one": hoa, "two": again} {
		_, err := h.Authenticate(t.Context(), h.j, g.Token)
		wantCode(t, "session "+name, err, models.CodeUnauthorized)
		h.wantRevoked(g.Actor.SessionID, adminActor.String(), "revoked")
	}

	device := h.device()
	citizen := h.citizen("0912345678", device.Actor)
	wantCode(t, "by oneself", h.RevokeAll(t.Context(), citizen.Actor, models.ActorCitizen, citizen.Actor.ID), "")
	for name, g := range map[string]identity.Grant{"phone": device, "citizen": citizen} {
		_, err := h.Authenticate(t.Context(), h.j, g.Token)
		wantCode(t, name, err, models.CodeUnauthorized)
	}
	kept, err := models.DeviceByID(t.Context(), h.db.Gorm, h.j, device.Actor.ID)
	if err != nil || kept.CitizenID != nil {
		t.Errorf("the phone is still %v's, %v", kept.CitizenID, err)
	}
}

func TestErrorsAreNotShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.device()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.Authenticate(ctx, h.j, g.Token)
	var e *models.Error
	if !errors.As(err, &e) || e.Code == models.CodeUnauthorized {
		t.Errorf("a database that does not answer: %v, want a domain error that is no sign-out", err)
	}
}

func BenchmarkAuthenticateCached(b *testing.B) {
	h := newHouse(b)
	g := h.device()
	for b.Loop() {
		if _, err := h.Authenticate(b.Context(), h.j, g.Token); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAuthenticateUncached(b *testing.B) {
	h := newHouse(b)
	g := h.device()
	for b.Loop() {
		h.clock.pass(identity.Staleness)
		if _, err := h.Authenticate(b.Context(), h.j, g.Token); err != nil && models.CodeOf(err) != models.CodeTokenExpired {
			b.Fatal(err)
		}
	}
}
