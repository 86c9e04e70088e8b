// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"hientruong/models"
)

// FollowConfig is what Follow needs.
type FollowConfig struct {
	DB     *gorm.DB
	Pool   *pgxpool.Pool
	Bell   *Bell
	Kinds  []models.EventKind
	Poll   time.Duration // 0: 1 s
	Logger *slog.Logger
}

// Follow calls changed whenever events of the given kinds were written, for what a
// process keeps in memory and nobody else needs to know the cursor of. It calls changed
// once at first, after it has noted where the log stands, so that nothing falls between.
// It returns when ctx ends.
func Follow(ctx context.Context, config FollowConfig, changed func(context.Context) error) {
	if config.Poll == 0 {
		config.Poll = time.Second
	}
	seen := map[int32]int64{}
	stale := true
	for ctx.Err() == nil {
		rung := config.Bell.Wait()
		grew, err := config.grown(ctx, seen)
		stale = stale || grew
		if err == nil && stale {
			if err = changed(ctx); err == nil {
				stale = false
			}
		}
		if err != nil && ctx.Err() == nil {
			config.Logger.Warn("following the log failed; it tries again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-rung:
		case <-time.After(config.Poll):
		}
	}
}

// grown moves the positions seen to the heads and says whether a wanted event lay between.
func (c FollowConfig) grown(ctx context.Context, seen map[int32]int64) (bool, error) {
	jurisdictions, err := models.Jurisdictions(ctx, c.DB)
	if err != nil {
		return false, err
	}
	found := false
	for _, j := range jurisdictions {
		head, _, err := Head(ctx, c.Pool, j.ID)
		if err != nil {
			return found, err
		}
		if head == seen[j.ID] {
			continue
		}
		events, err := Events(ctx, c.Pool, j.ID, seen[j.ID], 1, c.Kinds...)
		if err != nil {
			return found, err
		}
		found = found || len(events) > 0
		seen[j.ID] = head
	}
	return found, nil
}
