// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
)

// looseFor is how long a photo may wait for a report to name it.
const looseFor = 24 * time.Hour

// Sweep removes what nobody will ask for: photos that no report named within a day, and
// staged bytes that no photo is waiting for.
func (s *Studio) Sweep(ctx context.Context, db *gorm.DB, now time.Time) error {
	loose, err := models.LoosePhotos(ctx, db, now.Add(-looseFor), 500)
	if err != nil {
		return err
	}
	var errs []error
	for _, photo := range loose {
		errs = append(errs, s.abandon(ctx, photo))
	}
	return errors.Join(append(errs, s.sweepStaged(ctx, db, now))...)
}

func (s *Studio) abandon(ctx context.Context, photo models.Photo) error {
	out, err := s.Ledger.Do(ctx, finish{jurisdiction: photo.JurisdictionID, id: photo.ID, refused: ReasonAbandoned})
	if err != nil || len(out.Change.Events) == 0 {
		return err
	}
	thumb, view, original := Keys(prefixOf(photo.JurisdictionID, photo.ID))
	var errs []error
	for _, key := range []string{stagedKey(photo.JurisdictionID, photo.ID), thumb, view, original} {
		errs = append(errs, s.Darkroom.Store.Delete(ctx, key))
	}
	return errors.Join(errs...)
}

// sweepStaged deletes staged bytes older than a day whose photo was finished, or never
// came into the ledger.
func (s *Studio) sweepStaged(ctx context.Context, db *gorm.DB, now time.Time) error {
	for object, err := range s.Darkroom.Store.List(ctx, "staged/") {
		if err != nil {
			return problem(err)
		}
		if now.Sub(object.ModTime) < looseFor {
			continue
		}
		id, err := uuid.Parse(strings.TrimSuffix(path.Base(object.Key), ".raw"))
		if err != nil {
			return fmt.Errorf("photos: staged object with a name of no photo: %w", err)
		}
		waiting, err := models.PhotoWaits(ctx, db, id)
		if err != nil {
			return err
		}
		if waiting {
			continue
		}
		if err := s.Darkroom.Store.Delete(ctx, object.Key); err != nil {
			return problem(err)
		}
	}
	return nil
}
