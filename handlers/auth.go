// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/models"
)

func (s *Server) authRoutes() {
	register(s, described(post("/api/v1/auth/device", "auth-device", "Sign a phone or browser in"),
		"The first call keeps what the device's secret must be; every later one must bring the same."), s.signInDevice)
	register(s, silent(described(post("/api/v1/auth/otp", "auth-otp", "Send a code to a phone number"),
		"The answer is the same whether the number is known or not. The demo shows the code on its phone page.")), s.requestOTP)
	register(s, described(post("/api/v1/auth/otp/verify", "auth-otp-verify", "Sign in with the code that was sent"),
		"With a device's token the device becomes the citizen's, and so do the reports it sent."), s.verifyOTP)
	register(s, post("/api/v1/auth/login", "auth-login", "Sign a staff member in"), s.login)
	register(s, described(post("/api/v1/auth/refresh", "auth-refresh", "Get new tokens"),
		"A refresh token is good once. One that comes a second time was copied, and ends the whole session."), s.refresh)
	register(s, silent(described(signedIn(post("/api/v1/auth/logout", "auth-logout", "End the session")),
		"All tokens of the session end. A citizen's phone is then nobody's, and goes on as a device.")), s.logout)
}

// ActorBody is who acts, as the caller is told.
type ActorBody struct {
	Kind     models.ActorKind `json:"kind" enum:"device,citizen,staff" doc:"A phone, a person who proved a phone number, or staff."`
	ID       uuid.UUID        `json:"id" format:"uuid"`
	Roles    []models.Role    `json:"roles" example:"[\"citizen\"]"`
	Unit     string           `json:"unit,omitempty" example:"chieu-sang" doc:"The code of a staff member's unit."`
	Language models.Language  `json:"language" enum:"vi,en"`
}

func actorOf(a models.Actor) ActorBody {
	return ActorBody{Kind: a.Kind, ID: a.ID, Roles: a.Roles, Unit: a.Unit, Language: a.Language}
}

// grantOutput is what a sign-in gives.
type grantOutput struct {
	Body struct {
		Token        string    `json:"token" example:"hta_…" doc:"For the Authorization header."`
		ExpiresAt    time.Time `json:"expires_at"`
		RefreshToken string    `json:"refresh_token" example:"htr_…" doc:"For /auth/refresh; good once."`
		Actor        ActorBody `json:"actor"`
	}
}

func granted(g identity.Grant, err error) (*grantOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &grantOutput{}
	out.Body.Token, out.Body.ExpiresAt, out.Body.RefreshToken, out.Body.Actor = g.Token, g.ExpiresAt, g.RefreshToken, actorOf(g.Actor)
	return out, nil
}

type deviceInput struct {
	Body struct {
		DeviceID   uuid.UUID `json:"device_id" format:"uuid" doc:"A UUID that the device makes once."`
		Secret     string    `json:"secret" maxLength:"256" example:"5f0c3d9a1b7e42868d0f9b1c7a63e254" doc:"16 random bytes or more, in hex or base64; made once too."`
		Platform   string    `json:"platform" example:"android" doc:"android, ios or web."`
		AppVersion string    `json:"app_version,omitempty" example:"1.4.0"`
		Language   string    `json:"language,omitempty" example:"vi" doc:"vi or en; none is that of the request."`
	}
}

func (s *Server) signInDevice(ctx context.Context, in *deviceInput) (*grantOutput, error) {
	c, b := callOf(ctx), &in.Body
	language := models.Language(b.Language)
	if language == "" {
		language = models.Language(c.language)
	}
	return granted(s.config.Identity.SignInDevice(ctx, c.jurisdiction, identity.DeviceSignIn{
		DeviceID: b.DeviceID, Secret: b.Secret, Platform: b.Platform, AppVersion: b.AppVersion, Language: language, Demo: s.config.Demo != nil,
	}))
}

type otpInput struct {
	Body struct {
		Phone string `json:"phone" maxLength:"40" example:"0912 345 678"`
	}
}

func (s *Server) requestOTP(ctx context.Context, in *otpInput) (*struct{}, error) {
	c := callOf(ctx)
	return nil, s.config.Identity.RequestOTP(ctx, c.jurisdiction, in.Body.Phone, models.Language(c.language))
}

type otpVerifyInput struct {
	Body struct {
		Phone string `json:"phone" maxLength:"40" example:"0912 345 678"`
		Code  string `json:"code" maxLength:"12" example:"493027"`
	}
}

func (s *Server) verifyOTP(ctx context.Context, in *otpVerifyInput) (*grantOutput, error) {
	c := callOf(ctx)
	return granted(s.config.Identity.VerifyOTP(ctx, c.jurisdiction, identity.OTPAnswer{
		Phone: in.Body.Phone, Code: in.Body.Code, Language: models.Language(c.language), Caller: c.actor,
	}))
}

type loginInput struct {
	InstallationID string `header:"Installation-Id" doc:"A UUID that the client makes once and keeps to itself. Tries with a log-in that it was right about before are its own."`
	Body           struct {
		Login    string `json:"login" maxLength:"200" example:"truc-ban"`
		Password string `json:"password" maxLength:"2000"`
	}
}

func (s *Server) login(ctx context.Context, in *loginInput) (*grantOutput, error) {
	installation, err := parseUUID(in.InstallationID)
	if err != nil {
		installation = uuid.Nil // as good as none: nobody is refused for it
	}
	return granted(s.config.Identity.Login(ctx, callOf(ctx).jurisdiction, in.Body.Login, in.Body.Password, installation))
}

type refreshInput struct {
	Body struct {
		RefreshToken string `json:"refresh_token" maxLength:"200" example:"htr_…"`
	}
}

func (s *Server) refresh(ctx context.Context, in *refreshInput) (*grantOutput, error) {
	return granted(s.config.Identity.Refresh(ctx, callOf(ctx).jurisdiction, in.Body.RefreshToken))
}

func (s *Server) logout(ctx context.Context, _ *struct{}) (*struct{}, error) {
	c := callOf(ctx)
	if c.actor.Kind == models.ActorGuest {
		return nil, models.E(models.CodeUnauthorized)
	}
	return nil, s.config.Identity.Logout(ctx, c.actor)
}
