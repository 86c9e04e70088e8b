// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// How long tokens are good for. A refresh token that is used makes a new one, so its
// life is how long a session may lie idle.
const (
	accessLife       = time.Hour
	accessLifeStaff  = 12 * time.Hour
	refreshLife      = 60 * 24 * time.Hour
	refreshLifeStaff = 12 * time.Hour
)

// The prefixes say what a string is to who finds it in a log or a leak.
const (
	accessPrefix  = "hta_"
	refreshPrefix = "htr_"
)

// secretBytes is the length of a token before it is written down.
const secretBytes = 32

// Grant is what a sign-in gives. Its tokens are kept nowhere but with the caller.
type Grant struct {
	Token            string // for the Authorization header
	ExpiresAt        time.Time
	RefreshToken     string
	RefreshExpiresAt time.Time
	Actor            models.Actor
}

// holder is whom tokens are for.
type holder struct {
	jurisdiction int32
	kind         models.ActorKind // device, citizen or staff
	id           uuid.UUID
	session      uuid.UUID
}

// mint makes a pair of tokens and the rows that prove them.
func mint(h holder, now time.Time) (Grant, []models.Token) {
	access, refresh := accessLife, refreshLife
	if h.kind == models.ActorStaff {
		access, refresh = accessLifeStaff, refreshLifeStaff
	}
	g := Grant{
		Token: newToken(accessPrefix), ExpiresAt: now.Add(access),
		RefreshToken: newToken(refreshPrefix), RefreshExpiresAt: now.Add(refresh),
	}
	row := models.Token{
		Hash: tokenHash(g.Token), JurisdictionID: h.jurisdiction, SessionID: h.session, Kind: models.TokenAccess,
		ActorKind: h.kind, ActorID: h.id, IssuedAt: now, ExpiresAt: g.ExpiresAt,
	}
	other := row
	other.Hash, other.Kind, other.ExpiresAt = tokenHash(g.RefreshToken), models.TokenRefresh, g.RefreshExpiresAt
	return g, []models.Token{row, other}
}

func newToken(prefix string) string {
	return prefix + base64.RawURLEncoding.EncodeToString(random(secretBytes))
}

// tokenHash is what is kept of a token. It has 256 bits of chance, so a slow hash would
// add nothing but time.
func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// wellFormed spares the database strings that no token can be.
func wellFormed(token, prefix string) bool {
	rest, ok := strings.CutPrefix(token, prefix)
	if !ok || len(rest) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return false
	}
	// The decoder skips line breaks, so the length of what it gives says whether there were any.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	return err == nil && len(raw) == secretBytes
}
