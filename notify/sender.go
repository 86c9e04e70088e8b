// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// Message is one push to one phone. Title and Body are safe on a lock screen; Link is
// absolute where the public address is known. At is when the step was taken.
type Message struct {
	Token          string
	NotificationID uuid.UUID
	ReportID       uuid.UUID
	Pos            int64
	Kind           Kind
	State          models.State
	Title          string
	Body           string
	Link           string
	At             time.Time
}

// Verdict is what became of a message.
type Verdict string

// The verdicts.
const (
	Sent    Verdict = "sent"
	Gone    Verdict = "gone"    // the token is dead: its device is to lose it
	Refused Verdict = "refused" // no later try would be taken either
	Later   Verdict = "later"   // a later try may be
)

// Result is what became of a message. Reason is a short code for the history. After is
// the wait that the other side asked for, 0 where it asked for none.
type Result struct {
	Verdict Verdict
	Reason  string
	After   time.Duration
}

// Sender sends up to MostInJob messages and returns a result for each, in their order.
type Sender interface {
	Send(ctx context.Context, messages []Message) []Result
}

// Log is the Sender where Firebase is not set: the inbox has the message, the log names
// its ids.
type Log struct{ Logger *slog.Logger }

// Send logs ids and counts every message as sent.
func (l Log) Send(ctx context.Context, messages []Message) []Result {
	results := make([]Result, len(messages))
	for i, m := range messages {
		l.Logger.InfoContext(ctx, "push", "channel", models.DeliveryInApp, "notification_id", m.NotificationID, "report_id", m.ReportID, "kind", string(m.Kind))
		results[i] = Result{Verdict: Sent, Reason: models.DeliveryInApp}
	}
	return results
}
