// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/models"
)

func TestStaffSignsIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	made, err := h.CreateStaff(t.Context(), models.System(h.j), identity.NewStaff{
		Login: " Hoa.NT ", Name: "Nguyễn Thị Hoa", Password: password, Unit: "p-thuan-hoa",
		Roles: []models.Role{models.RoleHandler, models.RoleUnitHead},
	})
	wantCode(t, "create", err, "")
	g, err := h.Login(t.Context(), h.j, "HOA.nt", password, uuid.Nil)
	wantCode(t, "login", err, "")
	want := models.Actor{
		Kind: models.ActorStaff, ID: made.ID, Jurisdiction: h.j, Roles: []models.Role{models.RoleHandler, models.RoleUnitHead},
		Unit: "p-thuan-hoa", SessionID: g.Actor.SessionID, Language: models.Vietnamese,
	}
	if diff := cmp.Diff(want, g.Actor); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(made.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %.40s", made.PasswordHash)
	}
	events := h.events(made.ID)
	if len(events) != 1 || events[0].Kind != models.EventStaffCreated || events[0].SubjectKind != models.SubjectStaff || events[0].Actor != "system" {
		t.Fatalf("events %+v", events)
	}
	if text := events[0].Body; strings.Contains(text, "hoa.nt") || strings.Contains(text, "Nguyễn") || strings.Contains(text, "argon") {
		t.Errorf("the event shows who it is: %s", text)
	}
}

func TestLoginThrottle(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.staff("hoa", models.RoleOperator)
	h.staff("lan", models.RoleOperator)
	try := func(login, password string) error {
		_, err := h.Login(t.Context(), h.j, login, password, uuid.Nil)
		return err
	}
	for range 4 {
		wantCode(t, "wrong", try("hoa", "sai mật khẩu"), models.CodeInvalidCredentials)
		wantCode(t, "unknown", try("nobody", "sai mật khẩu"), models.CodeInvalidCredentials)
	}
	wantCode(t, "right in time", try("hoa", password), "")
	for range 5 {
		wantCode(t, "wrong", try("hoa", "sai mật khẩu"), models.CodeInvalidCredentials)
	}
	err := try("hoa", password)
	var e *models.Error
	if !errors.As(err, &e) || e.Code != models.CodeTooManyTries || e.RetryAfter != time.Minute {
		t.Fatalf("right after five wrong: %v", err)
	}
	wantCode(t, "somebody else", try("lan", password), "")
	h.clock.pass(time.Minute)
	wantCode(t, "a minute later", try("hoa", password), "")
	wantCode(t, "not a login", try("Hoa'; --", password), models.CodeInvalidCredentials)
	wantCode(t, "endless password", try("lan", strings.Repeat("x", 1<<20)), models.CodeInvalidCredentials)
}

// Whoever fails with somebody's login from elsewhere does not lock out the desk at which
// that person has signed in before, nor does the desk get those tries.
func TestLoginThrottleLeavesAKnownDesk(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.staff("hoa", models.RoleOperator)
	h.staff("lan", models.RoleOperator)
	desk, stranger := uuid.New(), uuid.New()
	try := func(login, password string, at uuid.UUID) error {
		_, err := h.Login(t.Context(), h.j, login, password, at)
		return err
	}
	lockOut := func() {
		for range 6 {
			_ = try("hoa", "sai mật khẩu", stranger)
		}
		wantCode(t, "the stranger", try("hoa", password, stranger), models.CodeTooManyTries)
		wantCode(t, "another stranger", try("hoa", password, uuid.New()), models.CodeTooManyTries)
		wantCode(t, "nobody in particular", try("hoa", password, uuid.Nil), models.CodeTooManyTries)
	}
	wantCode(t, "lan's first time at the desk", try("lan", password, desk), "")
	lockOut()
	wantCode(t, "known for another login", try("hoa", password, desk), models.CodeTooManyTries)
	h.clock.pass(time.Hour)
	wantCode(t, "hoa's first time at the desk", try("hoa", password, desk), "")
	lockOut()
	for range 4 {
		wantCode(t, "mistyped at the desk", try("hoa", "sai mật khẩu", desk), models.CodeInvalidCredentials)
	}
	wantCode(t, "at the desk", try("hoa", password, desk), "")
	wantCode(t, "the strangers are as they were", try("hoa", password, stranger), models.CodeTooManyTries)
	for range 5 {
		wantCode(t, "guessed at the desk", try("hoa", "sai mật khẩu", desk), models.CodeInvalidCredentials)
	}
	wantCode(t, "even the desk has an end", try("hoa", password, desk), models.CodeTooManyTries)
}

func TestUnknownLoginTakesAsLong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.staff("hoa", models.RoleOperator)
	best := map[string]time.Duration{"hoa": time.Hour, "nobody": time.Hour}
	for range 4 { // in turn, so that a busy machine slows both
		for login := range best {
			start := time.Now()
			_, err := h.Login(t.Context(), h.j, login, "sai mật khẩu", uuid.Nil)
			wantCode(t, login, err, models.CodeInvalidCredentials)
			best[login] = min(best[login], time.Since(start))
		}
	}
	// Without a hash to compare with, an unknown login would take a twentieth.
	if best["nobody"] < best["hoa"]/4 {
		t.Errorf("at best a known login takes %v, an unknown one %v", best["hoa"], best["nobody"])
	}
}

func TestCreateStaffRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.staff("hoa", models.RoleOperator)
	operator := h.login("hoa").Actor
	good := identity.NewStaff{Login: "lan", Name: "Lan", Password: password, Roles: []models.Role{models.RoleHandler}}
	for name, c := range map[string]struct {
		by     models.Actor
		change func(*identity.NewStaff)
		want   models.Code
	}{
		"by an operator":    {operator, func(*identity.NewStaff) {}, models.CodeForbidden},
		"by a guest":        {models.Guest(h.j), func(*identity.NewStaff) {}, models.CodeUnauthorized},
		"login taken":       {models.System(h.j), func(s *identity.NewStaff) { s.Login = "Hoa" }, models.CodeInvalidValue},
		"login of one":      {models.System(h.j), func(s *identity.NewStaff) { s.Login = "l" }, models.CodeInvalidValue},
		"no name":           {models.System(h.j), func(s *identity.NewStaff) { s.Name = " " }, models.CodeRequired},
		"short password":    {models.System(h.j), func(s *identity.NewStaff) { s.Password = "mậtkhẩuab"[:9] }, models.CodeTooShort},
		"no role":           {models.System(h.j), func(s *identity.NewStaff) { s.Roles = nil }, models.CodeInvalidValue},
		"a made-up role":    {models.System(h.j), func(s *identity.NewStaff) { s.Roles = []models.Role{"root"} }, models.CodeInvalidValue},
		"unit and center":   {models.System(h.j), func(s *identity.NewStaff) { s.Roles = []models.Role{models.RoleHandler, models.RoleOperator} }, models.CodeRolesApart},
		"unit and accounts": {models.System(h.j), func(s *identity.NewStaff) { s.Roles = []models.Role{models.RoleAdministrator, models.RoleUnitHead} }, models.CodeRolesApart},
		"the system's role": {models.System(h.j), func(s *identity.NewStaff) { s.Roles = []models.Role{models.RoleSystem} }, models.CodeInvalidValue},
	} {
		in := good
		c.change(&in)
		_, err := h.CreateStaff(t.Context(), c.by, in)
		wantCode(t, name, err, c.want)
	}
}

func TestRolesThatGoTogether(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for login, roles := range map[string][]models.Role{
		"truc-ban":  {models.RoleOperator, models.RoleVerifier},
		"to-truong": {models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead},
		"lanh-dao":  {models.RoleLeader, models.RoleUnitHead},
		"quan-tri":  {models.RoleAdministrator, models.RoleOperator, models.RoleAuditor},
	} {
		h.staff(login, roles...)
	}
}

func TestSetPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	hoa, lan := h.staff("hoa", models.RoleOperator), h.staff("lan", models.RoleHandler)
	before := h.login("hoa")
	const next = "mật khẩu thứ hai"
	wantCode(t, "another's", h.SetPassword(t.Context(), before.Actor, lan.ID, next), models.CodeForbidden)
	wantCode(t, "too short", h.SetPassword(t.Context(), before.Actor, hoa.ID, "ngắn"), models.CodeTooShort)
	wantCode(t, "one's own", h.SetPassword(t.Context(), before.Actor, hoa.ID, next), "")
	_, err := h.Authenticate(t.Context(), h.j, before.Token)
	wantCode(t, "session from before", err, models.CodeUnauthorized)
	_, err = h.Login(t.Context(), h.j, "hoa", password, uuid.Nil)
	wantCode(t, "old password", err, models.CodeInvalidCredentials)
	_, err = h.Login(t.Context(), h.j, "hoa", next, uuid.Nil)
	wantCode(t, "new password", err, "")
	if events := h.events(hoa.ID); len(events) != 2 || events[1].Kind != models.EventStaffChanged || events[1].Actor != before.Actor.String() {
		t.Errorf("events %+v", events)
	}
	wantCode(t, "nobody's", h.SetPassword(t.Context(), models.System(h.j), uuid.New(), next), models.CodeNotFound)
}

func TestLoginWhileThePasswordChanges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	hoa := h.staff("hoa", models.RoleOperator)
	var all sync.WaitGroup
	grants := make(chan identity.Grant, 4)
	for range cap(grants) {
		all.Go(func() {
			if g, err := h.Login(t.Context(), h.j, "hoa", password, uuid.Nil); err == nil {
				grants <- g
			} else if models.CodeOf(err) != models.CodeInvalidCredentials {
				t.Errorf("login: %v", err)
			}
		})
	}
	wantCode(t, "change", h.SetPassword(t.Context(), models.System(h.j), hoa.ID, "mật khẩu thứ hai"), "")
	all.Wait()
	close(grants)
	for g := range grants {
		_, err := h.Authenticate(t.Context(), h.j, g.Token)
		wantCode(t, "a session by the old password", err, models.CodeUnauthorized)
	}
}

func TestDeactivate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	hoa := h.staff("hoa", models.RoleOperator)
	h.staff("quan-tri", models.RoleAdministrator)
	g, admin := h.login("hoa"), h.login("quan-tri")
	wantCode(t, "oneself", h.Deactivate(t.Context(), g.Actor, hoa.ID), models.CodeForbidden)
	wantCode(t, "administrator", h.Deactivate(t.Context(), admin.Actor, hoa.ID), "")
	_, err := h.Authenticate(t.Context(), h.j, g.Token)
	wantCode(t, "token", err, models.CodeUnauthorized)
	_, err = h.Refresh(t.Context(), h.j, g.RefreshToken)
	wantCode(t, "refresh", err, models.CodeUnauthorized)
	_, err = h.Login(t.Context(), h.j, "hoa", password, uuid.Nil)
	wantCode(t, "login", err, models.CodeInvalidCredentials)
}
