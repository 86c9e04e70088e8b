// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"hientruong/models"
	"hientruong/workflow"
)

// clocksEvery is how often deadlines are looked at.
const clocksEvery = 10 * time.Second

// clockArgs asks for the deadlines that have run out.
type clockArgs struct{}

// Kind implements river.JobArgs.
func (clockArgs) Kind() string { return "clocks" }

// choreArgs asks for one chore.
type choreArgs struct {
	Name string `json:"name"`
}

// Kind implements river.JobArgs.
func (choreArgs) Kind() string { return "chore" }

// once lets one job of its kind and arguments wait or run at a time, however many
// processes there are.
func once() *river.InsertOpts {
	return &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{
		ByArgs: true,
		ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		},
	}}
}

// periodic are the jobs that come again and again: the clocks and every chore.
func (r *Relay) periodic() []*river.PeriodicJob {
	jobs := []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(clocksEvery),
		func() (river.JobArgs, *river.InsertOpts) { return clockArgs{}, once() }, &river.PeriodicJobOpts{RunOnStart: true})}
	for _, chore := range r.config.Chores {
		jobs = append(jobs, river.NewPeriodicJob(river.PeriodicInterval(chore.Every),
			func() (river.JobArgs, *river.InsertOpts) { return choreArgs{Name: chore.Name}, once() }, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return jobs
}

// clockWorker lets the workflow know of deadlines that have run out.
type clockWorker struct {
	river.WorkerDefaults[clockArgs]
	relay *Relay
}

// Work implements river.Worker. Deadlines that ran out while no process was there are
// found late, not never.
func (w *clockWorker) Work(ctx context.Context, _ *river.Job[clockArgs]) error {
	for {
		due, err := models.DueDeadlines(ctx, w.relay.config.Gorm, 200)
		if err != nil {
			return err
		}
		fired := 0
		for _, d := range due {
			intent := workflow.Expire{Packs: w.relay.config.Packs.Load(), Jurisdiction: d.JurisdictionID, ReportID: d.ReportID, DeadlineID: d.ID}
			out, err := w.relay.config.Ledger.Do(ctx, intent)
			if err != nil {
				w.relay.config.Logger.Error("deadline could not be fired", "report", d.ReportID, "deadline", d.ID, "error", err)
				continue
			}
			fired += len(out.Change.Events)
		}
		// What could not be fired would be found again at once.
		if len(due) < 200 || fired == 0 {
			return nil
		}
	}
}

// choreWorker does the housekeeping.
type choreWorker struct {
	river.WorkerDefaults[choreArgs]
	chores []Chore
	logger *slog.Logger
}

// Timeout implements river.Worker.
func (*choreWorker) Timeout(*river.Job[choreArgs]) time.Duration { return 10 * time.Minute }

// Work implements river.Worker.
func (w *choreWorker) Work(ctx context.Context, job *river.Job[choreArgs]) error {
	for _, chore := range w.chores {
		if chore.Name == job.Args.Name {
			if err := chore.Do(ctx); err != nil {
				return fmt.Errorf("chore %s: %w", chore.Name, err)
			}
			return nil
		}
	}
	// A process of another version may know a chore that this one does not.
	return river.JobCancel(errors.New("relay: no such chore here"))
}

// jobErrors logs what jobs fail with, by their kind and id.
type jobErrors struct{ logger *slog.Logger }

// HandleError implements river.ErrorHandler.
func (h jobErrors) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	h.logger.ErrorContext(ctx, "job failed", "kind", job.Kind, "job", job.ID, "attempt", job.Attempt, "error", err)
	return nil
}

// HandlePanic implements river.ErrorHandler.
func (h jobErrors) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	h.logger.ErrorContext(ctx, "job panicked", "kind", job.Kind, "job", job.ID, "attempt", job.Attempt, "panic", fmt.Sprint(value), "trace", trace)
	return nil
}
