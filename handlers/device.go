// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"

	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/models"
)

func (s *Server) deviceRoutes() {
	register(s, silent(described(signedIn(post("/api/v1/devices", "device-register", "Let this phone get pushes")),
		"The phone is the one whose token the call carries. An address that another phone had moves here.")), s.registerDevice)
	register(s, described(signedIn(remove("/api/v1/devices", "device-forget", "Send this phone no more pushes")),
		"The in-app inbox goes on."), s.forgetDevice)
}

type pushInput struct {
	WithKey
	Body struct {
		FCMToken string          `json:"fcm_token" minLength:"1" maxLength:"4096" doc:"The address that Firebase gave the app."`
		Platform string          `json:"platform" enum:"android,ios,web"`
		Language models.Language `json:"language,omitempty" enum:"vi,en" doc:"In which pushes come; none leaves it as it is."`
	}
}

type pushOutput struct{ Repeated }

func (s *Server) registerDevice(ctx context.Context, in *pushInput) (*pushOutput, error) {
	c := callOf(ctx)
	if err := c.requireDevice(); err != nil {
		return nil, err
	}
	tidy(&in.Body)
	if in.Body.FCMToken == "" {
		return nil, models.Invalid(models.Field("body.fcm_token", models.CodeRequired, nil))
	}
	key, err := in.key(s.mark("devices", c.actor.DeviceID, in.Body))
	if err != nil {
		return nil, err
	}
	push := identity.Push{Token: in.Body.FCMToken, Platform: in.Body.Platform, Language: in.Body.Language}
	replayed, err := s.config.Identity.SetPush(ctx, c.actor, push, *key)
	if err != nil {
		return nil, err
	}
	return &pushOutput{repeated(replayed)}, nil
}

func (s *Server) forgetDevice(ctx context.Context, _ *struct{}) (*struct{}, error) {
	c := callOf(ctx)
	if err := c.requireDevice(); err != nil {
		return nil, err
	}
	return nil, models.SetPushToken(ctx, s.config.DB, c.jurisdiction, c.actor.DeviceID, nil, s.config.Now())
}

// requireDevice refuses whoever calls from no phone that is known.
func (c *call) requireDevice() error {
	switch {
	case c.actor.Kind == models.ActorGuest:
		return models.E(models.CodeUnauthorized)
	case c.actor.DeviceID == uuid.Nil:
		return models.E(models.CodeForbidden)
	default:
		return c.require(models.OpDeviceRegister)
	}
}
