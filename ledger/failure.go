// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"hientruong/models"
)

// errHead is a log whose head somebody holds on to: no intent can be written, so that
// halves of a batch would fare no better.
var errHead = errors.New("ledger: the head of the log is held")

// away says whether the database could not be talked to, or takes no writes, so that
// halves would fare no better. What pgx could not encode, or PostgreSQL would not take,
// is somebody's poison.
func away(err error) bool {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.Is(err, errHead):
		return true
	case errors.As(err, &pg):
		return pg.Code == "25006" || slices.Contains([]string{"08", "53", "57"}, pg.Code[:min(2, len(pg.Code))])
	case errors.As(err, &connect), errors.As(err, &network), pgconn.SafeToRetry(err):
		return true
	default:
		return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
			errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	}
}

// heldHead marks the failure to lock the head.
func heldHead(err error) error {
	if waited(err) {
		return fmt.Errorf("%w: %w", errHead, err)
	}
	return err
}

// clashes says whether a row was there already: another node was quicker, and what it
// wrote can be seen by now.
func clashes(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

// waited says whether the transaction lost a lock or a race that a new one may win.
func waited(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40P01" || pg.Code == "40001" || pg.Code == "55P03")
}

// refusal is what a caller hears of a database that failed.
func refusal(err error) error {
	if away(err) || waited(err) {
		return models.Wrap(models.CodeUnavailable, err).Retry(time.Second)
	}
	return models.FromDatabase(err)
}
