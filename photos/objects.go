// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"github.com/google/uuid"

	"hientruong/models"
)

// Objects returns the keys of the objects that a photo of this status needs in the store:
// the staged bytes until it is rendered, then thumb, view and original; none once refused.
func Objects(jurisdiction int32, id uuid.UUID, status models.PhotoStatus) []string {
	switch status {
	case models.PhotoPending:
		return []string{stagedKey(jurisdiction, id)}
	case models.PhotoReady:
		thumb, view, original := Keys(prefixOf(jurisdiction, id))
		return []string{thumb, view, original}
	default:
		return nil
	}
}
