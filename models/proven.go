// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// ProvenReport returns a report in its reporter's view to somebody who has proven to be
// the reporter by other means than who they are: by the idempotency key and the very
// words it was sent in with.
func ProvenReport(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID) (Seen, error) {
	var r Report
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", jurisdiction, id).Take(&r).Error
	return Seen{Report: r.For(ViewOwn), View: ViewOwn}, FromDatabase(err)
}

// ProvenPhoto returns a photo without its evidence to somebody who brings what proves
// that they were shown it: a signed address. What was refused is CodeNotFound.
func ProvenPhoto(ctx context.Context, db *gorm.DB, jurisdiction int32, id uuid.UUID) (Photo, error) {
	var p Photo
	err := db.WithContext(ctx).Select(shownPhoto).Where("jurisdiction_id = ? AND id = ? AND status <> ?", jurisdiction, id, PhotoRefused).Take(&p).Error
	return p, FromDatabase(err)
}
