// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/storage"
)

// Studio takes photos from callers, has them rendered and gives them out.
type Studio struct {
	Darkroom *Darkroom
	Ledger   Doer
}

// Doer is the ledger's way in.
type Doer interface {
	Do(ctx context.Context, intent models.Intent) (ledger.Outcome, error)
}

// stagedKey is where the bytes lie as they came, for the renderer alone.
func stagedKey(jurisdiction int32, id uuid.UUID) string {
	return fmt.Sprintf("staged/%d/%s.raw", jurisdiction, id)
}

func prefixOf(jurisdiction int32, id uuid.UUID) string {
	return fmt.Sprintf("photos/%d/%s", jurisdiction, id)
}

// Take reads an upload to its end, checks it and puts it into the store. It returns the
// row that the ledger is to write; the photo is nobody's until that is done, and Drop
// takes it back. The codes of its errors are the photo_… ones and CodeStorageDown.
func (s *Studio) Take(ctx context.Context, actor models.Actor, kind models.PhotoKind, r io.Reader) (models.Photo, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return models.Photo{}, models.Wrap(models.CodeInternal, err)
	}
	staged, err := s.Darkroom.Stage(ctx, stagedKey(actor.Jurisdiction, id), r)
	if err != nil {
		return models.Photo{}, problem(err)
	}
	//nolint:gosec // what was staged has at most the pixels of the limits
	photo := models.Photo{
		JurisdictionID: actor.Jurisdiction, ID: id, Owner: actor.String(), Kind: kind, Status: models.PhotoPending,
		SHA256: staged.SHA256[:], Bytes: staged.Size, Format: string(staged.Kind), Width: int32(staged.Width), Height: int32(staged.Height),
	}
	if !staged.TakenAt.IsZero() {
		at := staged.TakenAt.UTC()
		photo.TakenAt = &at
	}
	if staged.HasPlace {
		photo.Lat, photo.Lon = &staged.Lat, &staged.Lon
	}
	return photo, nil
}

// Drop takes a photo back that never came into the ledger.
func (s *Studio) Drop(ctx context.Context, photo models.Photo) error {
	return s.Darkroom.Store.Delete(ctx, stagedKey(photo.JurisdictionID, photo.ID))
}

// problem turns an error of the darkroom into a domain error.
func problem(err error) error {
	var refusal *Refusal
	var known *models.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &refusal):
		return models.Invalid(models.Field("body.photos", codeOf(refusal.Reason), nil))
	case errors.Is(err, storage.ErrUnavailable):
		return models.Wrap(models.CodeStorageDown, err).Retry(5 * time.Second)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return models.Wrap(models.CodeTimeout, err)
	default:
		return models.Wrap(models.CodeInternal, err)
	}
}

func codeOf(r Reason) models.Code {
	switch r {
	case TooLarge:
		return models.CodePhotoTooLarge
	case Unsupported:
		return models.CodePhotoUnsupported
	case Unsafe:
		return models.CodePhotoUnsafe
	default:
		return models.CodePhotoBroken
	}
}

// Size names a rendition.
type Size string

// The renditions.
const (
	SizeThumb    Size = "thumb"
	SizeView     Size = "view"
	SizeOriginal Size = "original"
)

// Open returns a rendition of a photo, a JPEG, and its length in bytes. Whoever calls has
// checked that the photo may be seen. CodeNotFound while there is none, CodeStorageDown.
func (s *Studio) Open(ctx context.Context, photo models.Photo, size Size) (io.ReadCloser, int64, error) {
	if photo.Status != models.PhotoReady {
		return nil, 0, models.E(models.CodeNotFound)
	}
	thumb, view, original := Keys(prefixOf(photo.JurisdictionID, photo.ID))
	key := map[Size]string{SizeThumb: thumb, SizeView: view, SizeOriginal: original}[size]
	if key == "" {
		return nil, 0, models.Invalid(models.Field("query.size", models.CodeInvalidValue, nil))
	}
	object, err := s.Darkroom.Store.Open(ctx, key)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return nil, 0, models.Wrap(models.CodeNotFound, err)
	case err != nil:
		return nil, 0, problem(err)
	}
	return object, object.Size, nil
}
