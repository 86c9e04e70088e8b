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

// FollowConfig is what Follow needs. DB, Pool and Kinds must be set.
type FollowConfig struct {
	DB     *gorm.DB
	Pool   *pgxpool.Pool
	Bell   *Bell // wakes it; nil: it only polls
	Kinds  []models.EventKind
	Poll   time.Duration // 0: 1 s
	Logger *slog.Logger
}

func (c FollowConfig) withDefaults() FollowConfig {
	if c.Poll == 0 {
		c.Poll = time.Second
	}
	if c.Bell == nil {
		c.Bell = NewBell()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// Follow calls changed whenever events of the given kinds were written, for what a
// process keeps in memory and nobody else needs to know the cursor of. It calls changed
// once at first, after it has noted where the log stands, so that nothing falls between.
// It returns when ctx ends.
func Follow(ctx context.Context, config FollowConfig, changed func(context.Context) error) {
	config = config.withDefaults()
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
		await(ctx, rung, config.Poll)
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
		last, known := seen[j.ID]
		if known && head == last {
			continue
		}
		if known {
			events, err := Events(ctx, c.Pool, j.ID, last, 1, c.Kinds...)
			if err != nil {
				return found, err
			}
			found = found || len(events) > 0 && events[0].Pos <= head
		} else {
			found = true // a log that is new to this process is read in whole by changed
		}
		seen[j.ID] = head
	}
	return found, nil
}
