// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"hientruong/models"
)

// MostInJob is how many deliveries a job holds at most, which is also how many messages
// Firebase takes at once.
const MostInJob = 500

// How a delivery that did not get through is tried again.
const (
	mostTries   = 10
	firstWait   = 10 * time.Second
	longestWait = time.Hour
	// sendWithin bounds one round of a job; whatever is unanswered then is tried later.
	sendWithin = time.Minute
	// recordWithin is what the results have once the round is over, even when the
	// program is stopping: unwritten, every message of the round would be sent again.
	recordWithin = 15 * time.Second
)

// PushArgs are the deliveries of one job.
type PushArgs struct {
	Jurisdiction int32       `json:"jurisdiction"`
	Deliveries   []uuid.UUID `json:"deliveries"`
}

// Kind is the job's name.
func (PushArgs) Kind() string { return "push" }

// PushConfig is what a PushWorker works with. Pool and Sender are needed.
type PushConfig struct {
	Pool    *pgxpool.Pool
	Sender  Sender
	Metrics *Metrics // nil: nothing is counted
	// PublicURL, without a slash at its end, goes before links; "" leaves them relative.
	PublicURL string
	// Backoff is the wait after so many tries of a message, where nobody asked for one:
	// nil for 10 s, doubled each time.
	Backoff func(tries int) time.Duration
}

// PushWorker makes the deliveries of a job. Each of its rounds sends what is pending,
// writes what became of it, and sleeps until the rest can be tried again. A crash
// between sending and writing repeats that round, with the same notification ids.
type PushWorker struct {
	river.WorkerDefaults[PushArgs]
	cfg PushConfig
}

// NewPushWorker makes a PushWorker.
func NewPushWorker(cfg PushConfig) *PushWorker {
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	if cfg.Backoff == nil {
		cfg.Backoff = backoff
	}
	return &PushWorker{cfg: cfg}
}

// Timeout leaves a round room to write what became of it.
func (*PushWorker) Timeout(*river.Job[PushArgs]) time.Duration {
	return sendWithin + 2*recordWithin
}

// Work makes one round. It returns a snooze while deliveries are pending.
func (w *PushWorker) Work(ctx context.Context, job *river.Job[PushArgs]) error {
	pending, err := models.PendingDeliveries(ctx, w.cfg.Pool, job.Args.Jurisdiction, job.Args.Deliveries)
	if err != nil || len(pending) == 0 {
		return err
	}
	results, wait := w.judge(pending, w.send(ctx, pending))
	recordCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	if err := models.RecordDeliveries(recordCtx, w.cfg.Pool, job.Args.Jurisdiction, results, time.Now().UTC()); err != nil {
		return err
	}
	w.count(results)
	if wait > 0 {
		return river.JobSnooze(wait)
	}
	return nil
}

// send hands over what has a token; what has none is gone without a try.
func (w *PushWorker) send(ctx context.Context, pending []models.PendingDelivery) []Result {
	results := make([]Result, len(pending))
	var messages []Message
	var at []int
	for i, p := range pending {
		if p.Token == "" {
			results[i] = Result{Verdict: Gone, Reason: "no_token"}
			continue
		}
		messages, at = append(messages, w.message(p)), append(at, i)
	}
	if len(messages) == 0 {
		return results
	}
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	for k, result := range w.cfg.Sender.Send(ctx, messages) {
		results[at[k]] = result
	}
	return results
}

func (w *PushWorker) message(p models.PendingDelivery) Message {
	n := p.Notification
	return Message{
		Token: p.Token, NotificationID: n.ID, ReportID: n.ReportID, Pos: n.Pos, Kind: Kind(n.Kind), State: n.State,
		Title: n.Title, Body: n.Body, Link: w.cfg.PublicURL + n.Link, At: n.CreatedAt,
	}
}

// judge turns results into what is written, and says how long to wait before what is
// left can be tried again: the longest that any of it asks for, 0 where nothing is left.
func (w *PushWorker) judge(pending []models.PendingDelivery, results []Result) ([]models.DeliveryResult, time.Duration) {
	var wait time.Duration
	written := make([]models.DeliveryResult, len(pending))
	for i, result := range results {
		p, tries := pending[i], int(pending[i].Tries)+1
		out := models.DeliveryResult{ID: p.ID, DeviceID: p.DeviceID, Result: result.Reason}
		switch {
		case result.Verdict == Sent:
			out.Status = models.DeliverySent
		case result.Verdict == Gone:
			out.Status, out.GoneToken = models.DeliveryDropped, p.Token
		case result.Verdict == Refused || tries >= mostTries:
			out.Status = models.DeliveryFailed
		default:
			out.Status = models.DeliveryPending
			wait = max(wait, w.wait(result, tries))
		}
		written[i] = out
	}
	return written, wait
}

// wait is what the other side asked for, within bounds, else the backoff.
func (w *PushWorker) wait(result Result, tries int) time.Duration {
	if result.After > 0 {
		return min(max(result.After, time.Second), longestWait)
	}
	return max(w.cfg.Backoff(tries), time.Millisecond)
}

func backoff(tries int) time.Duration {
	return min(firstWait<<min(max(tries-1, 0), 20), longestWait)
}

func (w *PushWorker) count(results []models.DeliveryResult) {
	for _, r := range results {
		name := string(r.Status)
		if r.Status == models.DeliveryPending {
			name = "retry"
		}
		w.cfg.Metrics.count(name)
	}
}
