// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hientruong/models"
)

// head is the end of a jurisdiction's log, locked by the transaction that appends to it.
type head struct {
	jurisdiction int32
	pos          int64
	hash         []byte
}

// eventColumns are those of models.Event.
const eventColumns = "jurisdiction_id, pos, subject_kind, subject_id, subject_seq, kind, origin, actor, at, body, hash"

const insertEvents = `INSERT INTO events (` + eventColumns + `)
SELECT * FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[], $11::bytea[])`

// append gives the events their positions and hashes, writes them and moves the head.
func (h *head) append(ctx context.Context, tx pgx.Tx, events []models.Event) error {
	n := len(events)
	jurisdictions, positions, seqs := make([]int32, n), make([]int64, n), make([]int64, n)
	subjects, kinds, origins, actors, bodies := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	ids, hashes, times := make([]uuid.UUID, n), make([][]byte, n), make([]time.Time, n)
	for i := range events {
		e := &events[i]
		if err := inRange(e.At); err != nil {
			return fmt.Errorf("ledger: events: %w", err)
		}
		h.pos++
		e.JurisdictionID, e.Pos = h.jurisdiction, h.pos
		e.Hash = Link(h.hash, *e)
		h.hash = e.Hash
		jurisdictions[i], positions[i], seqs[i] = e.JurisdictionID, e.Pos, e.SubjectSeq
		subjects[i], kinds[i], origins[i], actors[i], bodies[i] = string(e.SubjectKind), string(e.Kind), string(e.Origin), e.Actor, e.Body
		ids[i], hashes[i], times[i] = e.SubjectID, e.Hash, e.At
	}
	var b pgx.Batch
	b.Queue(insertEvents, jurisdictions, positions, subjects, uuidArray(ids), seqs, kinds, origins, actors, times, bodies, hashes)
	b.Queue("UPDATE log_head SET pos = $2, hash = $3 WHERE jurisdiction_id = $1", h.jurisdiction, h.pos, h.hash)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("ledger: events: %w", err)
	}
	return nil
}
