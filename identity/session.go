// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
)

// grant keeps a new pair of tokens and says who holds them. Error: CodeUnauthorized when
// that is nobody any more.
func (s *Service) grant(ctx context.Context, db *gorm.DB, h holder) (Grant, error) {
	g, rows := mint(h, s.now())
	if err := models.InsertTokens(ctx, db, rows); err != nil {
		return Grant{}, err
	}
	bearer, err := models.BearerOf(ctx, db, h.jurisdiction, rows[0].Hash)
	if err != nil {
		return Grant{}, err
	}
	actor, ok := bearer.Actor()
	if !ok {
		return Grant{}, models.E(models.CodeUnauthorized)
	}
	g.Actor = actor
	return g, nil
}

// Refresh gives a new pair of tokens for a refresh token and uses it up. One that comes
// a second time was copied: nobody can tell the thief from the owner, so the whole
// session is revoked. Errors: CodeTokenExpired, CodeUnauthorized.
func (s *Service) Refresh(ctx context.Context, jurisdiction int32, refreshToken string) (Grant, error) {
	if !wellFormed(refreshToken, refreshPrefix) {
		return Grant{}, models.E(models.CodeUnauthorized)
	}
	var g Grant
	var copied *models.Token
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		old, err := models.LockRefreshToken(ctx, tx, jurisdiction, tokenHash(refreshToken))
		now := s.now()
		switch {
		case errors.Is(err, models.E(models.CodeNotFound)):
			return models.E(models.CodeUnauthorized)
		case err != nil:
			return err
		case old.RevokedAt != nil:
			copied = &old
			return models.E(models.CodeUnauthorized)
		case !now.Before(old.ExpiresAt):
			return models.E(models.CodeTokenExpired)
		}
		if err := models.UseUpToken(ctx, tx, old.Hash, now); err != nil {
			return err
		}
		g, err = s.grant(ctx, tx, holder{jurisdiction, old.ActorKind, old.ActorID, old.SessionID})
		return err
	})
	if copied != nil {
		by := models.System(jurisdiction)
		if err := s.revoke(ctx, RevokeSession{By: by, Session: copied.SessionID, Reason: "token_reused"}); err != nil {
			return Grant{}, err
		}
	}
	if err != nil {
		return Grant{}, models.FromDatabase(err)
	}
	return g, nil
}

// RevokeSession is the intent of noting that a session was revoked. It only writes the
// event: tokens are many and short-lived, nobody decides on them, and they are revoked
// first, by the caller, so that a full queue or a crash can never leave a stolen token
// good. What is lost then is at most the event, and Sweep writes that later: the tokens
// themselves say which sessions are revoked. The idempotency key makes any number of
// tries one event.
type RevokeSession struct {
	By      models.Actor
	Session uuid.UUID
	Reason  string // a code: logout, token_reused, revoked, staff_changed, swept
}

// Needs names nothing but the key that makes it one event a session.
func (r RevokeSession) Needs() models.Needs {
	// An installation that no client is: a key of its own keeps sessions apart from requests.
	own := uuid.NewSHA1(uuid.NameSpaceOID, []byte("hientruong session.revoked"))
	key := models.IdempotencyKey{Installation: own, Key: r.Session, Fingerprint: sha256.Sum256(r.Session[:])}
	return models.Needs{Jurisdiction: r.By.Jurisdiction, Idempotency: &key}
}

// Decide writes the event. Whether By may revoke the session is settled before: by then
// it is revoked.
func (r RevokeSession) Decide(_ models.Facts, now time.Time) (models.Change, error) {
	event := models.Event{
		JurisdictionID: r.By.Jurisdiction, SubjectKind: models.SubjectSession, SubjectID: r.Session, SubjectSeq: 1,
		Kind: models.EventSessionRevoked, Origin: originOf(r.By), Actor: r.By.String(), At: now, Body: models.Body{Reason: r.Reason}.Canonical(),
	}
	return models.Change{Events: []models.Event{event}, Subject: r.Session}, nil
}

func originOf(a models.Actor) models.Origin {
	if a.Demo {
		return models.OriginDemo
	}
	return models.OriginLive
}

// Logout revokes the actor's session. A citizen's phone is then nobody's, and goes on as
// a device. An actor without a session has nothing to revoke.
func (s *Service) Logout(ctx context.Context, actor models.Actor) error {
	if actor.SessionID == uuid.Nil {
		return nil
	}
	if actor.Kind == models.ActorCitizen && actor.DeviceID != uuid.Nil {
		if err := models.LinkDevice(ctx, s.db, actor.Jurisdiction, actor.DeviceID, nil, s.now()); err != nil {
			return err
		}
	}
	return s.revoke(ctx, RevokeSession{By: actor, Session: actor.SessionID, Reason: "logout"})
}

// RevokeAll revokes every session of a device, citizen or staff member, a citizen's
// phones included, which are then nobody's. by may do it to itself and, with
// models.OpStaffManage, to others; the system may always. Errors: CodeForbidden,
// CodeUnauthorized.
func (s *Service) RevokeAll(ctx context.Context, by models.Actor, kind models.ActorKind, id uuid.UUID) error {
	if by.Kind != kind || by.ID != id {
		if err := mayManage(by); err != nil {
			return err
		}
	}
	return s.revokeAll(ctx, by, kind, id, "revoked")
}

func (s *Service) revokeAll(ctx context.Context, by models.Actor, kind models.ActorKind, id uuid.UUID, reason string) error {
	holders := []uuid.UUID{id}
	if kind == models.ActorCitizen {
		devices, err := models.DevicesOf(ctx, s.db, by.Jurisdiction, id)
		if err != nil {
			return err
		}
		for _, device := range devices {
			if err := models.LinkDevice(ctx, s.db, by.Jurisdiction, device, nil, s.now()); err != nil {
				return err
			}
		}
		holders = append(holders, devices...)
	}
	sessions, err := models.LiveSessions(ctx, s.db, by.Jurisdiction, holders, s.now())
	if err != nil {
		return err
	}
	for _, session := range sessions {
		err = errors.Join(err, s.revoke(ctx, RevokeSession{By: by, Session: session, Reason: reason}))
	}
	return err
}

// patience bounds what is done for a caller who may have left.
const patience = 10 * time.Second

// revoke ends a session at once on this node, within Staleness on the others, and then
// notes it. A caller who leaves does not stop it half-way.
func (s *Service) revoke(ctx context.Context, r RevokeSession) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	had, err := models.RevokeTokens(ctx, s.db, r.By.Jurisdiction, r.Session, s.now())
	s.cache.clear()
	if err != nil || !had {
		return err
	}
	if _, err := s.ledger.Do(ctx, r); err != nil {
		// The session is revoked, which is what was asked; Sweep writes the event.
		s.logger.Warn("a revoked session is not in the log yet", "session", r.Session, "error", err)
	}
	return nil
}

// keepExpired is how long a token that ran out is kept: until then its holder hears
// CodeTokenExpired, and a copied refresh token is noticed.
const keepExpired = 7 * 24 * time.Hour

// sweepBatch bounds what one Sweep writes to the log.
const sweepBatch = 500

// Sweep writes the events of revoked sessions that a crash or a full queue kept from the
// log, and drops tokens and codes that ran out long ago. For a periodic job, hourly; it
// may run on several nodes at once.
func (s *Service) Sweep(ctx context.Context) error {
	keys, err := models.UnloggedRevocations(ctx, s.db, sweepBatch)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := s.ledger.Do(ctx, RevokeSession{By: models.System(k.JurisdictionID), Session: k.SessionID, Reason: "swept"}); err != nil {
			return err
		}
	}
	if len(keys) == sweepBatch {
		return nil // the next run goes on; dropping tokens now would drop what says so
	}
	if _, err := models.DropTokensBefore(ctx, s.db, s.now().Add(-keepExpired)); err != nil {
		return err
	}
	_, err = models.DropOTPsBefore(ctx, s.db, s.now().Add(-keepExpired))
	return err
}
