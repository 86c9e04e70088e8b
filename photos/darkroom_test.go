// SPDX-License-Identifier: Apache-2.0

package photos_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"slices"
	"testing"
	"testing/iotest"

	"go.uber.org/goleak"

	"hientruong/photos"
	"hientruong/storage"
	"hientruong/storage/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func darkroom(t *testing.T) *photos.Darkroom {
	t.Helper()
	store, err := storage.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	room := &photos.Darkroom{
		Store: store, Memory: photos.NewMemory(photos.DefaultMemory), Limits: photos.DefaultLimits(), Zone: zone, Scratch: t.TempDir(),
	}
	t.Cleanup(func() {
		if left, err := os.ReadDir(room.Scratch); err != nil || len(left) != 0 {
			t.Errorf("scratch folder holds %v, %v", left, err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return room
}

func keys(t *testing.T, store storage.Store) []string {
	t.Helper()
	var found []string
	for info, err := range store.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, info.Key)
	}
	slices.Sort(found)
	return found
}

func fetch(t *testing.T, store storage.Store, key string) []byte {
	t.Helper()
	object, err := store.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(object)
	if err = errors.Join(err, object.Close()); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestStageAndDevelop(t *testing.T) {
	t.Parallel()
	onMinIO := darkroom(t)
	store, err := storage.NewS3(storagetest.StartMinIO(t).Config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	onMinIO.Store = store
	for name, room := range map[string]*photos.Darkroom{"folder": darkroom(t), "minio": onMinIO} {
		t.Run(name, func(t *testing.T) {
			times, gps := hue()
			file := inJPEG(asJPEG(t, stored(6, 640, 480)), exifSegment(exif(6, times, gps)))
			staged, err := room.Stage(t.Context(), "raw/1.raw", iotest.OneByteReader(bytes.NewReader(file)))
			if err != nil {
				t.Fatal(err)
			}
			if staged.Kind != photos.JPEG || staged.Width != 480 || staged.Orientation != 6 || !staged.HasPlace ||
				staged.Size != int64(len(file)) || staged.SHA256 != sha256.Sum256(file) {
				t.Errorf("staged %+v", staged)
			}
			if !bytes.Equal(fetch(t, room.Store, "raw/1.raw"), file) {
				t.Error("what is staged is not what was sent")
			}
			for range 2 {
				picture, err := room.Develop(t.Context(), "raw/1.raw", "photos/1")
				if err != nil {
					t.Fatal(err)
				}
				if picture.Width != 640 || picture.Height != 480 || picture.Blurhash == "" {
					t.Errorf("picture %+v", picture)
				}
			}
			if got, want := keys(t, room.Store), []string{"photos/1/original.jpg", "photos/1/thumb.jpg", "photos/1/view.jpg", "raw/1.raw"}; !slices.Equal(got, want) {
				t.Errorf("store holds %q, want %q", got, want)
			}
			thumb, view, original := photos.Keys("photos/1")
			for _, key := range []string{thumb, view, original} {
				b := fetch(t, room.Store, key)
				checkStripped(t, key, b)
				checkCorners(t, key, decoded(t, b))
			}
		})
	}
}

func TestStageLeavesNothingOfARefusal(t *testing.T) {
	t.Parallel()
	room := darkroom(t)
	picture := asJPEG(t, stored(1, 64, 48))
	room.Limits.Bytes = int64(len(picture))
	lost := errors.New("lost")
	for name, c := range map[string]struct {
		r    io.Reader
		want photos.Reason
	}{
		"one byte too many": {io.MultiReader(bytes.NewReader(picture), bytes.NewReader([]byte{0})), photos.TooLarge},
		"endless":           {io.MultiReader(bytes.NewReader(picture), zeros{}), photos.TooLarge},
		"too many pixels":   {bytes.NewReader(resized(t, picture, 0xc0, 64250, 64250)), photos.TooLarge},
		"text":              {bytes.NewReader([]byte("hello")), photos.Unsupported},
		"cut off":           {bytes.NewReader(picture[:len(picture)-1]), photos.Broken},
		"lost":              {io.MultiReader(bytes.NewReader(picture[:100]), iotest.ErrReader(lost)), ""},
	} {
		_, err := room.Stage(t.Context(), "raw/1.raw", c.r)
		var refusal *photos.Refusal
		switch {
		case c.want == "" && !errors.Is(err, lost):
			t.Errorf("%s: %v, want the reader's error", name, err)
		case c.want != "" && (!errors.As(err, &refusal) || refusal.Reason != c.want):
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if left := keys(t, room.Store); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
	if _, err := room.Stage(t.Context(), "raw/1.raw", bytes.NewReader(picture)); err != nil {
		t.Errorf("just as large as allowed: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestStoreDown(t *testing.T) {
	t.Parallel()
	room := darkroom(t)
	server := storagetest.StartMinIO(t)
	store, err := storage.NewS3(server.Config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	room.Store = store
	if _, err := room.Develop(t.Context(), "raw/none.raw", "photos/1"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("Develop of nothing: %v, want ErrNotFound", err)
	}
	server.Stop()
	if _, err := room.Stage(t.Context(), "raw/1.raw", bytes.NewReader(asJPEG(t, stored(1, 64, 48)))); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("Stage: %v, want ErrUnavailable", err)
	}
	if _, err := room.Develop(t.Context(), "raw/1.raw", "photos/1"); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("Develop: %v, want ErrUnavailable", err)
	}
}
