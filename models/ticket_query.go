// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// UseUpTicket takes a ticket away and says whether it was good: of any number who try at
// once, on any node, one hears true.
func UseUpTicket(ctx context.Context, db *gorm.DB, jurisdiction int32, hash []byte, now time.Time) (bool, error) {
	done := db.WithContext(ctx).
		Where("hash = ? AND jurisdiction_id = ? AND kind = ? AND revoked_at IS NULL AND expires_at > ?", hash, jurisdiction, TokenTicket, now).Delete(&Token{})
	return done.RowsAffected == 1, FromDatabase(done.Error)
}

// SessionsAlive returns those of the sessions that have a token which neither ran out nor
// was revoked. A ticket keeps no session alive.
func SessionsAlive(ctx context.Context, db *gorm.DB, jurisdiction int32, sessions []uuid.UUID, now time.Time) (map[uuid.UUID]bool, error) {
	alive := make(map[uuid.UUID]bool, len(sessions))
	for some := range slices.Chunk(sessions, 5000) {
		var ids []uuid.UUID
		err := db.WithContext(ctx).Model(&Token{}).Distinct("session_id").
			Where("jurisdiction_id = ? AND session_id IN ? AND kind <> ? AND revoked_at IS NULL AND expires_at > ?", jurisdiction, some, TokenTicket, now).
			Pluck("session_id", &ids).Error
		if err != nil {
			return nil, FromDatabase(err)
		}
		for _, id := range ids {
			alive[id] = true
		}
	}
	return alive, nil
}
