// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"

	"hientruong/ledger"
	"hientruong/models"
)

// Counters is the reader that keeps how many reports lie in each cell of the map and in
// each area, by what they can be filtered by. The counts are exact as far as it has read.
type Counters struct{}

// Name implements ledger.Reader.
func (Counters) Name() string { return models.CellReader }

// Read implements ledger.Reader.
func (Counters) Read(ctx context.Context, tx ledger.Tx, events []models.Event) error {
	changes := models.NewCellChanges()
	for _, e := range events {
		if err := changes.Add(e); err != nil {
			return err
		}
	}
	return changes.Write(ctx, tx)
}
