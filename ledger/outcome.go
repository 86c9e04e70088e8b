// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"github.com/google/uuid"

	"hientruong/models"
)

// Outcome is what became of an intent that was carried out.
type Outcome struct {
	Subject  uuid.UUID     // what the intent was about
	Change   models.Change // what was written; empty when Replayed
	Replayed bool          // an earlier request with the same idempotency key did it
	Pos      int64         // of the last event written; 0 when Replayed or none was
}
