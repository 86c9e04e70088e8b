// SPDX-License-Identifier: Apache-2.0

// Package notify tells people what became of reports: who hears what, in which words, by
// which channel. Reader turns the ledger's events into notifications, which are the
// in-app inbox, and into deliveries to phones; PushWorker makes the deliveries.
package notify

import "hientruong/models"

// Kind is what a notification says, and the kind of a push in the catalogue of words.
type Kind string

// What the reporter hears, and of most of it whoever follows the report.
const (
	KindReceived    Kind = "received"
	KindPart        Kind = "part" // a second matter got a code of its own
	KindAccepted    Kind = "accepted"
	KindAssigned    Kind = "assigned" // once a report
	KindInProgress  Kind = "in_progress"
	KindScheduled   Kind = "scheduled"
	KindNeedsInfo   Kind = "needs_info"
	KindInfoWaits   Kind = "info_waits" // the answer to a question is still to come
	KindMessage     Kind = "message"    // the operations centre wrote
	KindExtended    Kind = "extended"
	KindPublished   Kind = "published" // answered
	KindRejected    Kind = "rejected"
	KindAppealed    Kind = "appealed" // a refusal is looked at again
	KindDuplicate   Kind = "duplicate"
	KindTransferred Kind = "transferred"
	KindReopened    Kind = "reopened"
	KindClosed      Kind = "closed"
	KindMoved       Kind = "moved" // a step that only the pack knows
)

// What staff hear.
const (
	KindTask            Kind = "task"             // the unit has the lead
	KindTaskSupport     Kind = "task_support"     // the unit is to support
	KindTaskHanded      Kind = "task_handed"      // to one person
	KindTaskInherited   Kind = "task_inherited"   // from another unit
	KindTaskAgain       Kind = "task_again"       // what was answered is to be worked on once more
	KindTaskReturned    Kind = "task_returned"    // not theirs
	KindSupportReturned Kind = "support_returned" // nor is the supporting part
	KindDue             Kind = "due"              // a reminder of a clock
	KindMissed          Kind = "missed"
	KindEscalated       Kind = "escalated"
	KindUrged           Kind = "urged"
	KindDirected        Kind = "directed"
	KindWritten         Kind = "written"  // the reporter wrote, or answered
	KindObjected        Kind = "objected" // the reporter appealed
)

// Kinds returns every kind of what reporters hear.
func Kinds() []Kind {
	return []Kind{
		KindReceived, KindPart, KindAccepted, KindAssigned, KindInProgress, KindScheduled, KindNeedsInfo, KindInfoWaits, KindMessage,
		KindExtended, KindPublished, KindRejected, KindAppealed, KindDuplicate, KindTransferred, KindReopened, KindClosed, KindMoved,
	}
}

// FollowKinds returns every kind of what followers hear.
func FollowKinds() []Kind {
	return []Kind{
		KindAccepted, KindAssigned, KindInProgress, KindScheduled, KindNeedsInfo, KindExtended, KindPublished, KindRejected,
		KindDuplicate, KindTransferred, KindReopened, KindClosed, KindMoved,
	}
}

// StaffKinds returns every kind of what staff hear.
func StaffKinds() []Kind {
	return []Kind{
		KindTask, KindTaskSupport, KindTaskHanded, KindTaskInherited, KindTaskAgain, KindTaskReturned, KindSupportReturned,
		KindDue, KindMissed, KindEscalated, KindUrged, KindDirected, KindWritten, KindObjected,
	}
}

// states are the states of which the workflows of all packs speak by the same names.
const (
	stateNeedsInfo = models.State(KindNeedsInfo)
	stateRejected  = models.State(KindRejected)
	stateResolved  = models.State("resolved")
)

// kindOfMove looks at the state first. A state that only some pack knows is told of
// when the phase moves with it, or when the public sees it.
func kindOfMove(before *models.Keys, after models.Keys) (Kind, bool) {
	switch {
	case before != nil && (before.State == after.State || goesOn(*before, after)):
		return "", false
	case before != nil && isOver(before.Phase) && !isOver(after.Phase):
		if before.State == stateRejected {
			return KindAppealed, true
		}
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

// goesOn says whether a report is only back where people know it to be: the question is
// answered, the work has to be done better, a unit has given it back.
func goesOn(before, after models.Keys) bool {
	return before.Phase == after.Phase && !isOver(after.Phase) &&
		(before.State == stateNeedsInfo || before.State == stateResolved || after.State == models.State(KindAccepted))
}

func isOver(p models.Phase) bool { return p == models.PhaseAnswered || p == models.PhaseEnded }
