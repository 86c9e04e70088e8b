// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

func newPhoto(jurisdiction int32, id uuid.UUID, report *uuid.UUID, at time.Time) models.Photo {
	return models.Photo{
		JurisdictionID: jurisdiction, ID: id, ReportID: report, Owner: "system", Kind: models.PhotoBefore, Status: models.PhotoPending,
		SHA256: make([]byte, 32), Bytes: 1, Format: "jpeg", Width: 1, Height: 1, Origin: models.OriginLive, EventSeq: 1, CreatedAt: at,
	}
}
