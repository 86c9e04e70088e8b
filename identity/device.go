// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
)

// DeviceSignIn is what a phone or browser says to sign in.
type DeviceSignIn struct {
	DeviceID   uuid.UUID // made by the device, once
	Secret     string    // too: 16 random bytes or more, in hex or base64
	Platform   string    // android, ios or web
	AppVersion string
	Language   models.Language
	Demo       bool // set by the demo, never from a request
}

// Bounds of what a device says of itself.
const (
	minSecret     = 16  // bytes
	maxSecret     = 256 // characters
	minDistinct   = 8   // different bytes; 16 random ones have fewer once in a billion
	maxAppVersion = 64  // characters
)

// SignInDevice signs a device in: the first call keeps what its secret must be, every
// later one must bring the same. Errors: field errors, CodeInvalidCredentials,
// CodeRateLimited.
func (s *Service) SignInDevice(ctx context.Context, jurisdiction int32, in DeviceSignIn) (Grant, error) {
	if err := in.check(); err != nil {
		return Grant{}, err
	}
	if err := s.limiter.Take(LaneSignIn, in.DeviceID.String()); err != nil {
		return Grant{}, err
	}
	secret := sha256.Sum256([]byte(in.Secret))
	now := s.now()
	said := models.Device{
		JurisdictionID: jurisdiction, ID: in.DeviceID, SecretHash: secret[:], Platform: in.Platform, AppVersion: in.AppVersion,
		Language: in.Language, Demo: in.Demo, CreatedAt: now, UpdatedAt: now,
	}
	kept, err := models.RegisterDevice(ctx, s.db, said)
	if err != nil {
		return Grant{}, err
	}
	if subtle.ConstantTimeCompare(kept.SecretHash, secret[:]) != 1 {
		return Grant{}, models.E(models.CodeInvalidCredentials)
	}
	if kept.Platform != said.Platform || kept.AppVersion != said.AppVersion || kept.Language != said.Language {
		if err := models.DeviceSeen(ctx, s.db, said); err != nil {
			return Grant{}, err
		}
	}
	return s.grant(ctx, s.db, holder{jurisdiction, models.ActorDevice, in.DeviceID, newID()})
}

// Push is where and how a device gets pushes.
type Push struct {
	Token    string          // the address that Firebase gave the app
	Platform string          // android, ios or web
	Language models.Language // "" leaves it as it is
}

// SetPush keeps where the actor's device gets pushes, once for an idempotency key, and
// says whether an earlier request had: a late repeat brings no address back that was
// replaced or taken away since. Errors: CodeNotFound, CodeIdempotencyConflict.
func (s *Service) SetPush(ctx context.Context, by models.Actor, in Push, key models.IdempotencyKey) (replayed bool, err error) {
	now := s.now()
	_, replayed, err = models.Once(ctx, s.db, by.Jurisdiction, key, by.DeviceID, now, func(tx *gorm.DB) error {
		device, err := models.DeviceByID(ctx, tx, by.Jurisdiction, by.DeviceID)
		if err != nil {
			return err
		}
		device.Platform, device.UpdatedAt = in.Platform, now
		if in.Language != "" {
			device.Language = in.Language
		}
		if err := models.DeviceSeen(ctx, tx, device); err != nil {
			return err
		}
		return models.SetPushToken(ctx, tx, by.Jurisdiction, device.ID, &in.Token, now)
	})
	return replayed, err
}

// newID returns a UUIDv7; crypto/rand, its only source of errors, never fails.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func (in DeviceSignIn) check() error {
	var wrong []models.FieldError
	if in.DeviceID == uuid.Nil {
		wrong = append(wrong, models.Field("body.device_id", models.CodeRequired, nil))
	}
	if code := secretFault(in.Secret); code != "" {
		wrong = append(wrong, models.Field("body.secret", code, models.Params{"min": minSecret, "max": maxSecret}))
	}
	if platforms := []string{"android", "ios", "web"}; !slices.Contains(platforms, in.Platform) {
		wrong = append(wrong, models.Field("body.platform", models.CodeInvalidValue, models.Params{"allowed": strings.Join(platforms, ", ")}))
	}
	switch {
	case len(in.AppVersion) > maxAppVersion:
		wrong = append(wrong, models.Field("body.app_version", models.CodeTooLong, models.Params{"max": maxAppVersion}))
	case strings.IndexFunc(in.AppVersion, notPlain) >= 0:
		wrong = append(wrong, models.Field("body.app_version", models.CodeInvalidValue, nil))
	}
	if !spoken(in.Language) {
		wrong = append(wrong, models.Field("body.language", models.CodeInvalidValue, models.Params{"allowed": "vi, en"}))
	}
	if len(wrong) > 0 {
		return models.Invalid(wrong...)
	}
	return nil
}

// notPlain says whether a rune is outside printable ASCII.
func notPlain(r rune) bool { return r < ' ' || r > '~' }

// spoken says whether the language is one the program speaks.
func spoken(l models.Language) bool { return l == models.Vietnamese || l == models.English }

// secretFault says what is wrong with a secret, "" for nothing: it must be hex or base64
// of enough bytes that do not look as if somebody had typed them.
func secretFault(secret string) models.Code {
	if len(secret) > maxSecret {
		return models.CodeTooLong
	}
	raw, ok := decodeSecret(secret)
	switch {
	case !ok:
		return models.CodeInvalidValue
	case len(raw) < minSecret:
		return models.CodeTooShort
	}
	slices.Sort(raw)
	if len(slices.Compact(raw)) < minDistinct {
		return models.CodeInvalidValue
	}
	return ""
}

// decodeSecret tries hex first: read as base64, the same digits would count for more.
func decodeSecret(secret string) ([]byte, bool) {
	if raw, err := hex.DecodeString(secret); err == nil {
		return raw, true
	}
	trimmed := strings.TrimRight(secret, "=")
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if raw, err := encoding.DecodeString(trimmed); err == nil {
			return raw, true
		}
	}
	return nil, false
}
