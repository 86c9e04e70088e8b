// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"bytes"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"hientruong/models"
)

// Fault is where a log is not what was written. Pos is the first position that is wrong.
type Fault struct {
	Jurisdiction int32
	Pos          int64
	What         string
}

// Error describes the fault.
func (f *Fault) Error() string {
	return fmt.Sprintf("ledger: jurisdiction %d, position %d: %s", f.Jurisdiction, f.Pos, f.What)
}

// Verify walks a jurisdiction's whole log and recomputes every hash. It returns how many
// events it read and a *Fault where a position is missing, a byte has changed or the
// head does not match. progress, if not nil, is told the position now and then.
func Verify(ctx context.Context, tx pgx.Tx, jurisdiction int32, progress func(pos, of int64)) (int64, error) {
	var end int64
	var tip []byte
	if err := tx.QueryRow(ctx, "SELECT pos, hash FROM log_head WHERE jurisdiction_id = $1", jurisdiction).Scan(&end, &tip); err != nil {
		return 0, fmt.Errorf("ledger: head: %w", err)
	}
	var pos int64
	previous := make([]byte, 32)
	for {
		events, err := Events(ctx, tx, jurisdiction, pos, 5000)
		if err != nil {
			return pos, fmt.Errorf("ledger: jurisdiction %d, after position %d: %w", jurisdiction, pos, err)
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			if e.Pos != pos+1 {
				return pos, &Fault{jurisdiction, pos + 1, "is missing"}
			}
			if !bytes.Equal(Link(previous, e), e.Hash) {
				return pos, &Fault{jurisdiction, e.Pos, "was altered"}
			}
			pos, previous = e.Pos, e.Hash
		}
		if progress != nil {
			progress(pos, end)
		}
	}
	return pos, atEnd(jurisdiction, pos, end, previous, tip)
}

func atEnd(jurisdiction int32, pos, end int64, last, tip []byte) error {
	switch {
	case pos < end:
		return &Fault{jurisdiction, pos + 1, "is missing"}
	case pos > end:
		return &Fault{jurisdiction, end + 1, "is beyond the head"}
	case !bytes.Equal(last, tip):
		return &Fault{jurisdiction, end, "does not match the head"}
	default:
		return nil
	}
}

// VerifyAll verifies every jurisdiction in one snapshot, so that it can run beside
// writers. It returns the number of events read.
func VerifyAll(ctx context.Context, conn interface {
	BeginTx(context.Context, pgx.TxOptions) (pgx.Tx, error)
}, jurisdictions []models.Jurisdiction, progress func(pos, of int64)) (int64, error) {
	var total int64
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, conn, options, func(tx pgx.Tx) error {
		for _, j := range jurisdictions {
			n, err := Verify(ctx, tx, j.ID, progress)
			total += n
			if err != nil {
				return err
			}
		}
		return nil
	})
	return total, err
}
