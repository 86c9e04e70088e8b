// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"golang.org/x/sync/errgroup"
	"gorm.io/gorm"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// How many reports one job counts anew, how many at a time, and how long it waits for a
// version of the pack that its process has not taken over yet.
const (
	retimeChunk   = 500
	retimeAtOnce  = 16
	retimePatient = time.Second
)

// retimeArgs asks for the clocks of the next reports to be counted anew, in the order of
// their ids, because of a decision or of a version of the pack.
type retimeArgs struct {
	Jurisdiction int32      `json:"jurisdiction"`
	Decision     *uuid.UUID `json:"decision,omitempty"`
	Revoked      bool       `json:"revoked,omitempty"`
	Pack         int32      `json:"pack,omitempty"`
	Document     string     `json:"document,omitempty"`
	After        uuid.UUID  `json:"after"`
	Done         int        `json:"done"`
}

// Kind implements river.JobArgs.
func (retimeArgs) Kind() string { return "retime" }

// JobInserter is what the reader needs of River's client.
type JobInserter interface {
	InsertManyTx(ctx context.Context, tx pgx.Tx, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
}

// Retiming is the reader that has clocks counted anew after decisions, and after a version
// of the pack with other working time, from the moment that it comes into force.
type Retiming struct{ Jobs JobInserter }

// Name implements ledger.Reader.
func (Retiming) Name() string { return "retime" }

// Read implements ledger.Reader.
func (r Retiming) Read(ctx context.Context, tx ledger.Tx, events []models.Event) error {
	var jobs []river.InsertManyParams
	for _, e := range events {
		args, at, err := retimingFor(ctx, tx, e)
		if err != nil {
			return err
		}
		if args != nil {
			jobs = append(jobs, river.InsertManyParams{Args: *args, InsertOpts: &river.InsertOpts{ScheduledAt: at}})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	_, err := r.Jobs.InsertManyTx(ctx, tx, jobs)
	return err
}

// retimingFor is what an event asks for, and when, zero for at once; nil for nothing.
func retimingFor(ctx context.Context, tx ledger.Tx, e models.Event) (*retimeArgs, time.Time, error) {
	if !slices.Contains([]models.EventKind{models.EventDecisionMade, models.EventDecisionRevoked, models.EventPackApplied}, e.Kind) {
		return nil, time.Time{}, nil
	}
	body, err := e.ParseBody()
	if err != nil {
		return nil, time.Time{}, err
	}
	args := &retimeArgs{Jurisdiction: e.JurisdictionID, Document: body.Document}
	if e.Kind != models.EventPackApplied {
		args.Decision, args.Revoked = &e.SubjectID, e.Kind == models.EventDecisionRevoked
		return args, time.Time{}, nil
	}
	args.Pack = body.Number
	versions, err := models.PackVersionsOf(ctx, tx.Gorm, e.JurisdictionID)
	if err != nil {
		return nil, time.Time{}, err
	}
	for _, v := range versions {
		if v.Number == args.Pack && v.EffectiveAt.After(tx.Now) {
			return args, v.EffectiveAt, nil
		}
	}
	return args, time.Time{}, nil
}

// retimeWorker counts the clocks of a chunk of reports anew and asks for the next one. A
// chunk that is done again changes nothing.
type retimeWorker struct {
	river.WorkerDefaults[retimeArgs]
	relay *Relay
}

// Timeout implements river.Worker.
func (*retimeWorker) Timeout(*river.Job[retimeArgs]) time.Duration { return clocksLast }

// Work implements river.Worker.
func (w *retimeWorker) Work(ctx context.Context, job *river.Job[retimeArgs]) error {
	args := job.Args
	db := w.relay.config.Gorm
	packs, ready, err := w.packs(ctx, db, args)
	switch {
	case err != nil:
		return err
	case !ready:
		return river.JobSnooze(retimePatient)
	case args.Pack > 0 && sameTime(packs, args):
		return nil
	}
	reports, err := models.OpenClocks(ctx, db, args.Jurisdiction, args.After, retimeChunk)
	if err != nil {
		return err
	}
	moved, err := w.retime(ctx, packs, args, reports)
	if err != nil {
		return err
	}
	args.Done += len(reports)
	w.relay.config.Logger.InfoContext(ctx, "clocks are counted anew", "jurisdiction", args.Jurisdiction, "decision", args.Decision, "pack", args.Pack,
		"reports", args.Done, "moved", moved, "ended", len(reports) < retimeChunk)
	if len(reports) < retimeChunk {
		return nil
	}
	args.After = reports[len(reports)-1]
	_, err = w.relay.client.Insert(ctx, args, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}})
	return err
}

// packs are those in use with the decisions of this moment; ready once they hold the
// version that the job is about.
func (w *retimeWorker) packs(ctx context.Context, db *gorm.DB, args retimeArgs) (packs *pack.Store, ready bool, err error) {
	packs = w.relay.config.Packs.Load()
	if _, known := packs.Version(args.Jurisdiction, args.Pack); args.Pack > 0 && !known {
		return nil, false, nil
	}
	decisions, err := models.DecisionsOf(ctx, db, args.Jurisdiction)
	if err != nil {
		return nil, false, err
	}
	slices.Reverse(decisions)
	return packs.WithDecisions(args.Jurisdiction, decisions), true, nil
}

// sameTime says whether a version counts working time as the one did that was in force
// before it.
func sameTime(packs *pack.Store, args retimeArgs) bool {
	p, _ := packs.Version(args.Jurisdiction, args.Pack)
	former := packs.Before(args.Jurisdiction, args.Pack)
	return former == nil || former.SameTime(p)
}

// retime asks the workflow about each report, and returns how many clocks came out
// otherwise. One that fails holds up none behind it, but has the chunk tried again.
func (w *retimeWorker) retime(ctx context.Context, packs *pack.Store, args retimeArgs, reports []uuid.UUID) (moved int, err error) {
	events, errs := make([]int, len(reports)), make([]error, len(reports))
	var group errgroup.Group
	group.SetLimit(retimeAtOnce)
	for i, id := range reports {
		group.Go(func() error {
			out, err := w.relay.config.Ledger.Do(ctx, workflow.Retime{
				Packs: packs, Jurisdiction: args.Jurisdiction, ReportID: id,
				Cause: workflow.Cause{Decision: args.Decision, Pack: args.Pack, Document: args.Document},
			})
			if err != nil {
				errs[i] = fmt.Errorf("report %s: %w", id, err)
			}
			events[i] = len(out.Change.Events)
			return nil
		})
	}
	_ = group.Wait() // none of them returns an error
	for _, n := range events {
		moved += n
	}
	w.relay.deadlines.WithLabelValues("retimed").Add(float64(moved))
	return moved, errors.Join(errs...)
}
