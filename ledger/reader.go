// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"

	"hientruong/models"
)

// Reader makes something of events: jobs, search rows, counters. Read gets events in
// order of their positions, none twice and none left out as far as its transaction
// commits: what it writes through tx and its cursor stand or fall together. An error
// rolls both back and the same events come again.
type Reader interface {
	Name() string
	Read(ctx context.Context, tx Tx, events []models.Event) error
}
