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

// How often deadlines are looked at, how many are read at once, and how long one run may
// take before the next begins from the start.
const (
	clocksEvery  = 10 * time.Second
	clocksAtOnce = 200
	clocksLast   = 10 * time.Minute
)

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

// Timeout implements river.Worker.
func (*clockWorker) Timeout(*river.Job[clockArgs]) time.Duration { return clocksLast }

// Work implements river.Worker. Deadlines that ran out while no process was there are
// found late, not never; those that fail hold up none behind them.
func (w *clockWorker) Work(ctx context.Context, _ *river.Job[clockArgs]) error {
	var failed failedDeadlines
	defer func() { failed.tell(w.relay.config.Logger) }()
	var last models.Deadline
	for {
		due, err := models.DueDeadlinesAfter(ctx, w.relay.config.Gorm, last, clocksAtOnce)
		if err != nil {
			return err
		}
		for _, d := range due {
			err := w.fire(ctx, d)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			failed.add(d, err)
		}
		if len(due) < clocksAtOnce {
			return nil
		}
		last = due[len(due)-1]
	}
}

// fire lets the workflow know of one deadline.
func (w *clockWorker) fire(ctx context.Context, d models.Deadline) error {
	intent := workflow.Expire{Packs: w.relay.config.Packs.Load(), Jurisdiction: d.JurisdictionID, ReportID: d.ReportID, DeadlineID: d.ID}
	if _, err := w.relay.config.Ledger.Do(ctx, intent); err != nil {
		w.relay.deadlines.WithLabelValues("failed").Inc()
		return err
	}
	w.relay.deadlines.WithLabelValues("fired").Inc()
	return nil
}

// failedDeadlines are those that one run could not fire. The next one tries them again, so
// that a line for each would fill the log.
type failedDeadlines struct {
	count int
	first models.Deadline
	err   error
}

func (f *failedDeadlines) add(d models.Deadline, err error) {
	if err == nil {
		return
	}
	if f.count++; f.count == 1 {
		f.first, f.err = d, err
	}
}

func (f *failedDeadlines) tell(logger *slog.Logger) {
	if f.count > 0 {
		logger.Error("deadlines could not be fired", "failed", f.count, "report", f.first.ReportID, "deadline", f.first.ID, "error", f.err)
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
