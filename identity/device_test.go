// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/models"
)

func TestDeviceSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	in := signIn(uuid.New())
	first, err := h.SignInDevice(t.Context(), h.j, in)
	wantCode(t, "first", err, "")
	in.AppVersion, in.Language = "1.1", models.English
	second, err := h.SignInDevice(t.Context(), h.j, in)
	wantCode(t, "again", err, "")
	if first.Actor.ID != second.Actor.ID || first.Actor.SessionID == second.Actor.SessionID {
		t.Errorf("%v, then %v", first.Actor, second.Actor)
	}
	if second.Actor.Language != models.English {
		t.Errorf("language %s", second.Actor.Language)
	}
	in.Secret = strings.ToUpper(secret)
	_, err = h.SignInDevice(t.Context(), h.j, in)
	wantCode(t, "another secret", err, models.CodeInvalidCredentials)
	kept, err := models.DeviceByID(t.Context(), h.db.Gorm, h.j, in.DeviceID)
	if err != nil || kept.AppVersion != "1.1" || bytes.Contains(kept.SecretHash, []byte(secret)) {
		t.Errorf("kept %+v, %v", kept, err)
	}
}

func TestDeviceSignInLimit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	in := signIn(uuid.New())
	var last error
	for range 21 {
		in.Secret = secret
		_, last = h.SignInDevice(t.Context(), h.j, in)
	}
	wantCode(t, "the 21st at once", last, models.CodeRateLimited)
	_, err := h.SignInDevice(t.Context(), h.j, signIn(uuid.New()))
	wantCode(t, "another device", err, "")
}

func TestDeviceFirstCallsAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := uuid.New()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := h.SignInDevice(t.Context(), h.j, signIn(id))
			wantCode(t, "sign-in", err, "")
		})
	}
	all.Wait()
}

func TestDeviceFields(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, c := range map[string]struct {
		change func(*identity.DeviceSignIn)
		want   models.Code
	}{
		"hex":                 {func(d *identity.DeviceSignIn) {}, ""},
		"base64":              {func(d *identity.DeviceSignIn) { d.Secret = "n4bQgYhMfWWaL+qgxVrQFQ==" }, ""},
		"base64url, unpadded": {func(d *identity.DeviceSignIn) { d.Secret = "n4bQgYhMfWWaL-qgxVrQFQ" }, ""},
		"no secret":           {func(d *identity.DeviceSignIn) { d.Secret = "" }, models.CodeTooShort},
		"15 bytes in hex":     {func(d *identity.DeviceSignIn) { d.Secret = secret[:30] }, models.CodeTooShort},
		"15 bytes in base64":  {func(d *identity.DeviceSignIn) { d.Secret = "n4bQgYhMfWWaL+qgxVrQ" }, models.CodeTooShort},
		"typed":               {func(d *identity.DeviceSignIn) { d.Secret = strings.Repeat("00", 16) }, models.CodeInvalidValue},
		"no encoding":         {func(d *identity.DeviceSignIn) { d.Secret = "mật khẩu của tôi rất dài" }, models.CodeInvalidValue},
		"endless":             {func(d *identity.DeviceSignIn) { d.Secret = strings.Repeat(secret, 99) }, models.CodeTooLong},
		"no id":               {func(d *identity.DeviceSignIn) { d.DeviceID = uuid.Nil }, models.CodeRequired},
		"platform":            {func(d *identity.DeviceSignIn) { d.Platform = "symbian" }, models.CodeInvalidValue},
		"version":             {func(d *identity.DeviceSignIn) { d.AppVersion = strings.Repeat("9", 65) }, models.CodeTooLong},
		"version not text":    {func(d *identity.DeviceSignIn) { d.AppVersion = "1\x00\xff" }, models.CodeInvalidValue},
		"language":            {func(d *identity.DeviceSignIn) { d.Language = "fr" }, models.CodeInvalidValue},
		"two at once":         {func(d *identity.DeviceSignIn) { d.Language, d.Platform = "", "" }, models.CodeValidation},
	} {
		in := signIn(uuid.New())
		c.change(&in)
		_, err := h.SignInDevice(t.Context(), h.j, in)
		wantCode(t, name, err, c.want)
	}
}

func TestPushTokenMovesWithThePhone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	old, anew := h.device().Actor.ID, h.device().Actor.ID
	token := "fcm-token"
	set := func(id uuid.UUID, token *string) error {
		return models.SetPushToken(t.Context(), h.db.Gorm, h.j, id, token, h.clock.Now())
	}
	at := func(id uuid.UUID) string {
		d, err := models.DeviceByID(t.Context(), h.db.Gorm, h.j, id)
		if err != nil || d.FCMToken == nil {
			return ""
		}
		return *d.FCMToken
	}
	wantCode(t, "old", set(old, &token), "")
	wantCode(t, "old again", set(old, &token), "")
	wantCode(t, "new", set(anew, &token), "")
	if at(old) != "" || at(anew) != token {
		t.Errorf("old has %q, new has %q", at(old), at(anew))
	}
	wantCode(t, "away", set(anew, nil), "")
	if at(anew) != "" {
		t.Errorf("new still has %q", at(anew))
	}
	wantCode(t, "no such device", set(uuid.New(), nil), models.CodeNotFound)
}
