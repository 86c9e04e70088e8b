// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// ticketLife is how long a ticket waits to be used.
const ticketLife = 30 * time.Second

const ticketPrefix = "htt_"

// Ticket makes a ticket: it says who the actor is once, within 30 s, on any node, where a
// browser cannot send a token. It ends with the session. Error: CodeUnauthorized for an
// actor without a session.
func (s *Service) Ticket(ctx context.Context, actor models.Actor) (string, time.Time, error) {
	if actor.SessionID == uuid.Nil {
		return "", time.Time{}, models.E(models.CodeUnauthorized)
	}
	ticket, now := newToken(ticketPrefix), s.now()
	holder, id := actor.Kind, actor.ID
	if actor.Kind == models.ActorCitizen && actor.DeviceID != uuid.Nil {
		holder, id = models.ActorDevice, actor.DeviceID // a citizen's phone: who has it signed in then is who calls
	}
	row := models.Token{
		Hash: tokenHash(ticket), JurisdictionID: actor.Jurisdiction, SessionID: actor.SessionID, Kind: models.TokenTicket,
		ActorKind: holder, ActorID: id, IssuedAt: now, ExpiresAt: now.Add(ticketLife),
	}
	return ticket, row.ExpiresAt, models.InsertTokens(ctx, s.db, []models.Token{row})
}

// Redeem uses a ticket up and says whose it was. Error: CodeUnauthorized for one that is
// no good, or no longer.
func (s *Service) Redeem(ctx context.Context, jurisdiction int32, ticket string) (models.Actor, error) {
	refused := models.E(models.CodeUnauthorized)
	if !wellFormed(ticket, ticketPrefix) {
		return models.Actor{}, refused
	}
	bearer, err := models.BearerOf(ctx, s.db, jurisdiction, tokenHash(ticket))
	if errors.Is(err, models.E(models.CodeNotFound)) {
		return models.Actor{}, refused
	}
	if err != nil {
		return models.Actor{}, err
	}
	actor, known := bearer.Actor()
	good, err := models.UseUpTicket(ctx, s.db, jurisdiction, bearer.Hash, s.now())
	if err != nil {
		return models.Actor{}, err
	}
	if !known || !good {
		return models.Actor{}, refused
	}
	return actor, nil
}
