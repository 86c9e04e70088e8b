// SPDX-License-Identifier: Apache-2.0

// Package notify tells people what became of their reports: who hears what, in which
// words, by which channel. Reader turns the ledger's events into notifications, which
// are the in-app inbox, and into deliveries to phones; PushWorker makes the deliveries.
package notify

import "hientruong/models"

// Kind is what a notification says, and the kind of a push in the catalogue of words.
type Kind string

// The kinds of notifications.
const (
	KindReceived    Kind = "received"
	KindAccepted    Kind = "accepted"
	KindAssigned    Kind = "assigned" // once a report
	KindInProgress  Kind = "in_progress"
	KindScheduled   Kind = "scheduled"
	KindNeedsInfo   Kind = "needs_info"
	KindPublished   Kind = "published" // answered
	KindRejected    Kind = "rejected"
	KindDuplicate   Kind = "duplicate"
	KindTransferred Kind = "transferred"
	KindReopened    Kind = "reopened"
	KindClosed      Kind = "closed"
	KindMoved       Kind = "moved" // a step that only the pack knows
)

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{
		KindReceived, KindAccepted, KindAssigned, KindInProgress, KindScheduled, KindNeedsInfo, KindPublished,
		KindRejected, KindDuplicate, KindTransferred, KindReopened, KindClosed, KindMoved,
	}
}

// kindOf returns what an event tells the reporter; false where it tells nothing.
func kindOf(event models.Event, body models.Body) (Kind, bool) {
	switch {
	case event.SubjectKind != models.SubjectReport:
		return "", false
	case event.Kind == models.EventReportSubmitted:
		return KindReceived, true
	case event.Kind == models.EventReportMoved && body.After != nil:
		return kindOfMove(body.Before, *body.After)
	default:
		return "", false
	}
}

// kindOfMove looks at the state first. A state that only some pack knows is told of
// when the phase moves with it, or when the public sees it.
func kindOfMove(before *models.Keys, after models.Keys) (Kind, bool) {
	switch {
	case before != nil && before.State == after.State:
		return "", false
	case before != nil && isOver(before.Phase) && !isOver(after.Phase):
		return KindReopened, true
	}
	switch after.State {
	case "accepted", "assigned", "in_progress", "scheduled", "needs_info", "published", "rejected", "duplicate", "transferred", "closed":
		return Kind(after.State), true
	case "submitted", "verifying", "resolved", "withdrawn":
		return "", false // the work of the house, or the reporter's own doing
	}
	return KindMoved, after.Shown != models.ShownNone || before != nil && before.Phase != after.Phase
}

func isOver(p models.Phase) bool { return p == models.PhaseAnswered || p == models.PhaseEnded }
