// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
)

func TestOnce(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	key := models.IdempotencyKey{Installation: uuid.New(), Key: uuid.New(), Fingerprint: [32]byte{1}}
	subject, at := uuid.New(), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	once := func(jurisdiction int32, key models.IdempotencyKey, do func(*gorm.DB) error) (models.KeptKey, bool, error) {
		return models.Once(t.Context(), db, jurisdiction, key, subject, at, do)
	}
	nothing := func(*gorm.DB) error { return nil }
	never := func(*gorm.DB) error { t.Error("done a second time"); return nil }

	refused := errors.New("no")
	if _, _, err := once(1, key, func(*gorm.DB) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("refusal: %v", err)
	}
	_, err := models.FindRepeated(t.Context(), db, 1, key)
	wantCode(t, err, models.CodeNotFound)

	if kept, again, err := once(1, key, nothing); err != nil || again || kept.SubjectID != subject {
		t.Errorf("first: %v %v %v", kept, again, err)
	}
	kept, again, err := once(1, key, never)
	if err != nil || !again || kept.SubjectID != subject || !kept.CreatedAt.Equal(at) {
		t.Errorf("second: %v %v %v", kept, again, err)
	}
	other := key
	other.Fingerprint[0]++
	_, again, err = once(1, other, never)
	if wantCode(t, err, models.CodeIdempotencyConflict); again {
		t.Error("a conflict is no replay")
	}
	elsewhere := key
	elsewhere.Installation = uuid.New()
	if _, again, err := once(1, elsewhere, nothing); err != nil || again {
		t.Errorf("another installation: %v %v", again, err)
	}
	if _, again, err := once(2, key, nothing); err != nil || again {
		t.Errorf("another jurisdiction: %v %v", again, err)
	}
}

func TestOnceAtOnce(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	key := models.IdempotencyKey{Key: uuid.New(), Fingerprint: [32]byte{1}}
	var done, repeated atomic.Int32
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			_, again, err := models.Once(t.Context(), db, 1, key, uuid.New(), time.Now(), func(*gorm.DB) error {
				if done.Add(1) == 1 {
					return models.E(models.CodeUnavailable) // the next one has its turn
				}
				return nil
			})
			switch {
			case models.CodeOf(err) == models.CodeUnavailable && err != nil:
			case err != nil:
				t.Error(err)
			case again:
				repeated.Add(1)
			}
		})
	}
	all.Wait()
	if done.Load() != 2 || repeated.Load() != 4 {
		t.Errorf("done %d times, repeated %d times", done.Load(), repeated.Load())
	}
}
