// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
	"hientruong/words"
)

// The life of a phone code.
const (
	otpLife   = 5 * time.Minute
	otpResend = time.Minute
	otpTries  = 5
	otpDigits = 6
)

// RequestOTP sends a code to a phone number, written in any way that words.Phone reads,
// and takes the place of an earlier one. It never looks whether the number is known, so
// its answer cannot tell. Errors: CodePhoneInvalid; CodeRateLimited within a minute of
// the last one or after too many in a day; CodeUnavailable when it could not be sent.
func (s *Service) RequestOTP(ctx context.Context, jurisdiction int32, phone string, language models.Language) error {
	e164, err := words.Phone(phone)
	if err != nil {
		return phoneInvalid()
	}
	code, err := newCode()
	if err != nil {
		return models.Wrap(models.CodeInternal, err)
	}
	now := s.now()
	index := s.keys.PhoneIndex(e164)
	otp := models.OTP{JurisdictionID: jurisdiction, PhoneIndex: index, CodeHash: s.keys.otpHash(index, code), SentAt: now, ExpiresAt: now.Add(otpLife)}
	if err := s.spaced(ctx, otp); err != nil {
		return err
	}
	if err := s.sender.SendCode(ctx, e164, code, language); err != nil {
		// The code is taken back, so that the next try need not wait; its owner may have left.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if _, dropped := models.DropOTP(ctx, s.db, otp); dropped != nil {
			err = errors.Join(err, dropped)
		}
		return models.Wrap(models.CodeUnavailable, fmt.Errorf("identity: a code could not be sent: %w", err))
	}
	return nil
}

// spaced keeps the code unless the phone has had one a moment ago, or too many. The
// database is asked first: it knows of the other nodes.
func (s *Service) spaced(ctx context.Context, otp models.OTP) error {
	last, err := models.OTPOf(ctx, s.db, otp.JurisdictionID, otp.PhoneIndex)
	if err == nil && last.SentAt.Add(otpResend).After(otp.SentAt) {
		return models.E(models.CodeRateLimited).Retry(last.SentAt.Add(otpResend).Sub(otp.SentAt))
	}
	if err != nil && !errors.Is(err, models.E(models.CodeNotFound)) {
		return err
	}
	if err := s.limiter.Take(LaneOTPSend, hex.EncodeToString(otp.PhoneIndex)); err != nil {
		return err
	}
	kept, err := models.KeepOTP(ctx, s.db, otp, otp.SentAt.Add(-otpResend))
	if err == nil && !kept {
		return models.E(models.CodeRateLimited).Retry(otpResend)
	}
	return err
}

// OTPAnswer is a code that somebody brings back.
type OTPAnswer struct {
	Phone    string
	Code     string
	Language models.Language // of a new citizen; Vietnamese where it is none the program speaks
	Caller   models.Actor    // by whose device token it came, a guest without one
}

// VerifyOTP signs in the citizen with the phone number, who is new the first time. Came
// it from a device, the device becomes the citizen's and the tokens are the device's;
// otherwise they are the citizen's own. Errors: CodePhoneInvalid; CodeOTPInvalid;
// CodeOTPExpired; CodeTooManyTries, after which only a new code helps.
func (s *Service) VerifyOTP(ctx context.Context, jurisdiction int32, in OTPAnswer) (Grant, error) {
	e164, err := words.Phone(in.Phone)
	if err != nil {
		return Grant{}, phoneInvalid()
	}
	index := s.keys.PhoneIndex(e164)
	if err := s.checkCode(ctx, jurisdiction, index, in.Code); err != nil {
		return Grant{}, err
	}
	if !spoken(in.Language) {
		in.Language = models.Vietnamese
	}
	now := s.now()
	fresh := models.Citizen{JurisdictionID: jurisdiction, ID: newID(), PhoneIndex: index, Language: in.Language, CreatedAt: now}
	fresh.KeyID, fresh.PhoneSealed = s.keys.Seal([]byte(e164), rowPart("citizen", jurisdiction, fresh.ID, "phone"))
	var g Grant
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		citizen, err := models.EnsureCitizen(ctx, tx, fresh)
		if err != nil {
			return err
		}
		h := holder{jurisdiction, models.ActorCitizen, citizen.ID, newID()}
		if device := in.Caller.DeviceID; device != uuid.Nil && in.Caller.Jurisdiction == jurisdiction {
			if err := models.LinkDevice(ctx, tx, jurisdiction, device, &citizen.ID, now); err != nil {
				return err
			}
			h.kind, h.id = models.ActorDevice, device
		}
		g, err = s.grant(ctx, tx, h)
		return err
	})
	if err != nil {
		return Grant{}, models.FromDatabase(err)
	}
	// The device's other tokens now mean the citizen.
	s.cache.clear()
	return g, nil
}

// OpenPhone opens a citizen's own number, E.164. Errors: ErrUnknownKey, ErrSealed.
func (k *KeyRing) OpenPhone(c models.Citizen) (string, error) {
	plain, err := k.Open(c.KeyID, c.PhoneSealed, rowPart("citizen", c.JurisdictionID, c.ID, "phone"))
	return string(plain), err
}

// checkCode compares a code with the one that was sent, and takes it away when it is
// right, so that it is good once.
func (s *Service) checkCode(ctx context.Context, jurisdiction int32, index []byte, code string) error {
	otp, err := models.OTPOf(ctx, s.db, jurisdiction, index)
	if errors.Is(err, models.E(models.CodeNotFound)) {
		return models.E(models.CodeOTPInvalid)
	}
	if err != nil {
		return err
	}
	now := s.now()
	if !now.Before(otp.ExpiresAt) {
		return models.E(models.CodeOTPExpired)
	}
	counted, err := models.CountTry(ctx, s.db, otp, otpTries, now)
	switch {
	case err != nil:
		return err
	case !counted:
		return models.E(models.CodeTooManyTries).Retry(max(otp.SentAt.Add(otpResend).Sub(now), time.Second))
	case !hmac.Equal(otp.CodeHash, s.keys.otpHash(index, code)):
		return models.E(models.CodeOTPInvalid)
	}
	mine, err := models.DropOTP(ctx, s.db, otp)
	if err == nil && !mine {
		return models.E(models.CodeOTPInvalid)
	}
	return err
}

func phoneInvalid() error {
	return models.Invalid(models.Field("body.phone", models.CodePhoneInvalid, nil))
}

// newCode draws a code, every one as likely as the next.
func newCode() (string, error) {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(otpDigits), nil)
	n, err := rand.Int(rand.Reader, most)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%0*d", otpDigits, n), nil
}
