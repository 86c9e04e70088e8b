// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Bearer is a token and what is known of who holds it.
type Bearer struct {
	Token           `gorm:"embedded"`
	LinkedCitizen   *uuid.UUID
	DeviceLanguage  *Language
	DeviceDemo      *bool
	CitizenLanguage *Language
	StaffActive     *bool
	StaffRoles      json.RawMessage
	StaffUnit       *string
}

// bearer is one round trip: authentication stands before every request.
//
//nolint:gosec // a query, no secret
const bearer = `SELECT t.hash, t.jurisdiction_id, t.session_id, t.kind, t.actor_kind, t.actor_id, t.issued_at, t.expires_at, t.revoked_at,
	d.citizen_id AS linked_citizen, d.language AS device_language, d.demo AS device_demo,
	c.language AS citizen_language, s.active AS staff_active, s.roles AS staff_roles, s.unit AS staff_unit
FROM tokens t
LEFT JOIN devices d ON t.actor_kind = 'device' AND d.jurisdiction_id = t.jurisdiction_id AND d.id = t.actor_id
LEFT JOIN citizens c ON t.actor_kind = 'citizen' AND c.jurisdiction_id = t.jurisdiction_id AND c.id = t.actor_id
LEFT JOIN staff s ON t.actor_kind = 'staff' AND s.jurisdiction_id = t.jurisdiction_id AND s.id = t.actor_id
WHERE t.hash = ? AND t.jurisdiction_id = ?`

// BearerOf returns the token with a hash and its holder, or CodeNotFound. It may have
// run out or been revoked.
func BearerOf(ctx context.Context, db *gorm.DB, jurisdiction int32, hash []byte) (Bearer, error) {
	var b Bearer
	found := db.WithContext(ctx).Raw(bearer, hash, jurisdiction).Scan(&b)
	if found.Error == nil && found.RowsAffected == 0 {
		return Bearer{}, E(CodeNotFound)
	}
	return b, FromDatabase(found.Error)
}

// Actor returns who holds the token, and false when that is nobody any more: the device
// or person is gone, or works here no longer. A device of a citizen acts as the citizen.
func (b Bearer) Actor() (Actor, bool) {
	a := Actor{Kind: b.ActorKind, ID: b.ActorID, Jurisdiction: b.JurisdictionID, SessionID: b.SessionID, Roles: []Role{RoleCitizen}}
	switch {
	case b.ActorKind == ActorDevice && b.DeviceLanguage != nil:
		a.DeviceID, a.Language, a.Demo = b.ActorID, *b.DeviceLanguage, *b.DeviceDemo
		if b.LinkedCitizen != nil {
			a.Kind, a.ID = ActorCitizen, *b.LinkedCitizen
		}
		return a, true
	case b.ActorKind == ActorCitizen && b.CitizenLanguage != nil:
		a.Language = *b.CitizenLanguage
		return a, true
	case b.ActorKind == ActorStaff && b.StaffActive != nil && *b.StaffActive:
		s := Staff{JurisdictionID: b.JurisdictionID, ID: b.ActorID, Unit: b.StaffUnit}
		if err := json.Unmarshal(b.StaffRoles, &s.Roles); err != nil {
			return Actor{}, false
		}
		a = s.Actor()
		a.SessionID = b.SessionID
		return a, true
	default:
		return Actor{}, false
	}
}

// InsertTokens keeps new tokens.
func InsertTokens(ctx context.Context, db *gorm.DB, tokens []Token) error {
	return FromDatabase(db.WithContext(ctx).Create(&tokens).Error)
}

// LockRefreshToken returns the refresh token with a hash, locked until the transaction
// ends, or CodeNotFound.
func LockRefreshToken(ctx context.Context, tx *gorm.DB, jurisdiction int32, hash []byte) (Token, error) {
	var t Token
	err := tx.WithContext(ctx).Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).
		Where("hash = ? AND jurisdiction_id = ? AND kind = ?", hash, jurisdiction, TokenRefresh).Take(&t).Error
	return t, FromDatabase(err)
}

// UseUpToken marks one token as used.
func UseUpToken(ctx context.Context, tx *gorm.DB, hash []byte, at time.Time) error {
	return FromDatabase(tx.WithContext(ctx).Model(&Token{}).Where("hash = ?", hash).Update("revoked_at", at).Error)
}

// RevokeTokens revokes every token of a session and says whether it had any. The tokens
// are locked first and revoked by a second statement, which sees what a refresh under
// way has added in the meantime.
func RevokeTokens(ctx context.Context, db *gorm.DB, jurisdiction int32, session uuid.UUID, at time.Time) (bool, error) {
	var hashes [][]byte
	err := db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		err := tx.Raw("SELECT hash FROM tokens WHERE jurisdiction_id = ? AND session_id = ? ORDER BY hash FOR UPDATE", jurisdiction, session).
			Scan(&hashes).Error
		if err != nil {
			return err
		}
		return tx.Model(&Token{}).Where("jurisdiction_id = ? AND session_id = ? AND revoked_at IS NULL", jurisdiction, session).
			Update("revoked_at", at).Error
	})
	return len(hashes) > 0, FromDatabase(err)
}

// LiveSessions returns the sessions of actors that have a token which neither ran out
// nor was revoked.
func LiveSessions(ctx context.Context, db *gorm.DB, jurisdiction int32, actors []uuid.UUID, at time.Time) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := db.WithContext(ctx).Model(&Token{}).Distinct("session_id").
		Where("jurisdiction_id = ? AND actor_id IN ? AND revoked_at IS NULL AND expires_at > ?", jurisdiction, actors, at).
		Order("session_id").Pluck("session_id", &ids).Error
	return ids, FromDatabase(err)
}

// SessionKey is a session of a jurisdiction.
type SessionKey struct {
	JurisdictionID int32
	SessionID      uuid.UUID
}

// UnloggedRevocations returns up to limit sessions of which every token is revoked and
// none says so in the log. A refresh uses its own token up only, so that a session which
// goes on always has one that is not.
func UnloggedRevocations(ctx context.Context, db *gorm.DB, limit int) ([]SessionKey, error) {
	var keys []SessionKey
	err := db.WithContext(ctx).Raw(`SELECT DISTINCT t.jurisdiction_id, t.session_id FROM tokens t
WHERE t.revoked_at IS NOT NULL
AND NOT EXISTS (SELECT FROM tokens o WHERE o.jurisdiction_id = t.jurisdiction_id AND o.session_id = t.session_id AND o.revoked_at IS NULL)
AND NOT EXISTS (SELECT FROM events e WHERE e.jurisdiction_id = t.jurisdiction_id AND e.subject_id = t.session_id AND e.kind = ?)
ORDER BY 1, 2 LIMIT ?`, EventSessionRevoked, limit).Scan(&keys).Error
	return keys, FromDatabase(err)
}

// DropTokensBefore takes away the tokens that ran out before a time, and says how many.
func DropTokensBefore(ctx context.Context, db *gorm.DB, before time.Time) (int64, error) {
	done := db.WithContext(ctx).Where("expires_at < ?", before).Delete(&Token{})
	return done.RowsAffected, FromDatabase(done.Error)
}
