// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hientruong/storage"
)

// Darkroom takes pictures from strangers into a store and develops them there.
// All of its fields must be set, Scratch excepted.
type Darkroom struct {
	Store   storage.Store
	Memory  *Memory
	Limits  Limits
	Zone    *time.Location // of a camera that does not tell
	Scratch string         // folder on disk for temporary files; "" means that of the system
}

// Staged is a picture which was found fit, as it lies in the store.
type Staged struct {
	Info
	Evidence
	Size   int64 // bytes
	SHA256 [sha256.Size]byte
}

// Stage reads r to its end, or to the limit, and stores it under key as it came,
// if it is fit: the key is for Develop alone, and must not end in the extension
// of a picture. The bytes wait on disk until they are found fit, so a refusal
// leaves nothing behind. The error is a *Refusal, storage.ErrUnavailable or
// another of the store, or that of r.
func (d *Darkroom) Stage(ctx context.Context, key string, r io.Reader) (Staged, error) {
	file, err := d.scratch()
	if err != nil {
		return Staged{}, err
	}
	defer func() { _ = file.Close() }()
	digest := sha256.New()
	var staged Staged
	staged.Size, err = io.Copy(io.MultiWriter(file, digest), io.LimitReader(r, d.Limits.Bytes+1))
	if err != nil {
		return Staged{}, err
	}
	if staged.Size > d.Limits.Bytes {
		return Staged{}, refuse(TooLarge, "more than %d bytes", d.Limits.Bytes)
	}
	digest.Sum(staged.SHA256[:0])
	if staged.Info, err = inspectAgain(file, d.Limits); err != nil {
		return Staged{}, err
	}
	staged.Evidence = ReadEvidence(file, staged.Kind, d.Zone).AsOf(time.Now())
	if err := d.store(ctx, key, file, staged.Size); err != nil {
		return Staged{}, err
	}
	return staged, nil
}

// Keys returns the keys of the three renditions that Develop writes for prefix,
// which names a picture, like "photos/0192".
func Keys(prefix string) (thumb, view, original string) {
	return prefix + "/thumb.jpg", prefix + "/view.jpg", prefix + "/original.jpg"
}

// Develop renders the picture staged under key and stores the renditions under
// Keys(prefix). What was staged stays: delete it when the outcome is recorded.
// Doing it twice does no harm. The error is a *Refusal when the picture is at
// fault; storage.ErrNotFound when nothing is staged; any other may pass.
func (d *Darkroom) Develop(ctx context.Context, key, prefix string) (Picture, error) {
	var files [4]*os.File
	for i := range files {
		file, err := d.scratch()
		if err != nil {
			return Picture{}, err
		}
		defer func() { _ = file.Close() }()
		files[i] = file
	}
	staged, thumb, view, original := files[0], files[1], files[2], files[3]
	if err := d.fetch(ctx, key, staged); err != nil {
		return Picture{}, err
	}
	picture, err := Render(ctx, staged, d.Memory, d.Limits, Outputs{Thumb: thumb, View: view, Original: original})
	if err != nil {
		return Picture{}, err
	}
	thumbKey, viewKey, originalKey := Keys(prefix)
	for _, rendition := range []struct {
		key  string
		file *os.File
	}{{originalKey, original}, {viewKey, view}, {thumbKey, thumb}} {
		size, err := rendition.file.Seek(0, io.SeekCurrent)
		if err != nil {
			return Picture{}, err
		}
		if err := d.store(ctx, rendition.key, rendition.file, size); err != nil {
			return Picture{}, err
		}
	}
	return picture, nil
}

func (d *Darkroom) fetch(ctx context.Context, key string, to io.Writer) error {
	object, err := d.Store.Open(ctx, key)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, object)
	return errors.Join(err, object.Close())
}

func (d *Darkroom) store(ctx context.Context, key string, file *os.File, size int64) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return d.Store.Put(ctx, key, file, size)
}

// scratch opens a temporary file without a name, so that it is gone when it is
// closed, or when the process dies.
func (d *Darkroom) scratch() (*os.File, error) {
	file, err := os.CreateTemp(d.Scratch, "hientruong-photo-*")
	if err != nil {
		return nil, fmt.Errorf("photos: scratch file: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("photos: scratch file: %w", err), file.Close())
	}
	return file, nil
}
