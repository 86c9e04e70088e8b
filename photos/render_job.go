// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/storage"
)

// Queue is where photos wait to be rendered.
const Queue = "photos"

// RenderArgs names a photo to render.
type RenderArgs struct {
	Jurisdiction int32     `json:"jurisdiction"`
	ID           uuid.UUID `json:"id"`
}

// Kind implements river.JobArgs.
func (RenderArgs) Kind() string { return "photo_render" }

// Jobs takes jobs in a transaction; a River client is one.
type Jobs interface {
	InsertManyTx(ctx context.Context, tx pgx.Tx, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
}

// Reader makes a job of every photo that was staged.
type Reader struct{ Jobs Jobs }

// Name implements ledger.Reader.
func (Reader) Name() string { return "photos" }

// Read implements ledger.Reader.
func (r Reader) Read(ctx context.Context, tx ledger.Tx, events []models.Event) error {
	var jobs []river.InsertManyParams
	for _, e := range events {
		if e.Kind == models.EventPhotoStaged {
			jobs = append(jobs, river.InsertManyParams{
				Args: RenderArgs{Jurisdiction: e.JurisdictionID, ID: e.SubjectID}, InsertOpts: &river.InsertOpts{Queue: Queue},
			})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	_, err := r.Jobs.InsertManyTx(ctx, tx.Tx, jobs)
	return err
}

// Worker renders photos. What was staged is deleted once the outcome is in the ledger.
type Worker struct {
	river.WorkerDefaults[RenderArgs]
	Studio *Studio
	Logger *slog.Logger
}

// renderTimeout is for the largest picture on a busy machine.
const renderTimeout = 5 * time.Minute

// Timeout implements river.Worker.
func (*Worker) Timeout(*river.Job[RenderArgs]) time.Duration { return renderTimeout }

// Work implements river.Worker. What is the store's fault is tried again.
func (w *Worker) Work(ctx context.Context, job *river.Job[RenderArgs]) error {
	j, id := job.Args.Jurisdiction, job.Args.ID
	done := finish{jurisdiction: j, id: id}
	picture, err := w.Studio.Darkroom.Develop(ctx, stagedKey(j, id), prefixOf(j, id))
	var refusal *Refusal
	switch {
	case err == nil:
		done.picture = picture
	case errors.As(err, &refusal):
		w.Logger.Info("photo refused", "photo", id, "reason", refusal.Reason, "detail", refusal.Detail)
		done.refused = string(refusal.Reason)
	case errors.Is(err, storage.ErrNotFound):
		// An earlier try has finished it, and then this changes nothing; or the bytes are gone for good.
		done.refused = ReasonLost
	default:
		return fmt.Errorf("photos: render %s: %w", id, err)
	}
	if _, err := w.Studio.Ledger.Do(ctx, done); err != nil {
		return fmt.Errorf("photos: finish %s: %w", id, err)
	}
	return w.Studio.Darkroom.Store.Delete(ctx, stagedKey(j, id))
}
