// SPDX-License-Identifier: Apache-2.0

package models

// State is a state of a pack's workflow; its set belongs to the pack.
type State string

// Phase is what every state of every pack is one of, so that phones understand packs
// they have never seen.
type Phase string

// The phases.
const (
	PhaseReceived Phase = "received" // sent in, not yet taken on
	PhaseWorking  Phase = "working"  // taken on
	PhaseAnswered Phase = "answered" // answered in public; can be rated and reopened
	PhaseEnded    Phase = "ended"    // over
)

// Status is Open311's two-valued status.
type Status string

// The Open311 statuses.
const (
	StatusOpen   Status = "open"
	StatusClosed Status = "closed"
)

// Visibility is what people decided about a report, apart from its state.
type Visibility string

// The visibilities.
const (
	VisibilityPrivate    Visibility = "private"    // its reporter and staff
	VisibilityPublic     Visibility = "public"     // everybody, as far as the state shows it
	VisibilityRestricted Visibility = "restricted" // staff and its reporter, by the category's nature
	VisibilityHidden     Visibility = "hidden"     // taken down, with a reason, reversibly
)

// Shown is the stricter of state and visibility: what the public sees of a report.
type Shown string

// What the public sees.
const (
	ShownNone   Shown = "none"
	ShownStatus Shown = "status" // that it exists, its code and state
	ShownLink   Shown = "link"   // status and the report it is a duplicate of
	ShownFull   Shown = "full"
)

// Urgency is how urgent a report is.
type Urgency string

// The urgencies.
const (
	UrgencyNormal Urgency = "normal"
	UrgencyUrgent Urgency = "urgent"
	UrgencySOS    Urgency = "sos"
)

// Channel is how a report came in.
type Channel string

// The channels.
const (
	ChannelApp     Channel = "app"
	ChannelWeb     Channel = "web"
	ChannelHotline Channel = "hotline"
	ChannelAgent   Channel = "agent"
	ChannelMachine Channel = "machine"
	ChannelOpen311 Channel = "open311"
	ChannelSMS     Channel = "sms"
	ChannelImport  Channel = "import"
)

// Origin is whether something is real. Only live and, to demo devices, demo push.
type Origin string

// The origins.
const (
	OriginLive   Origin = "live"
	OriginImport Origin = "import"
	OriginDemo   Origin = "demo"
	OriginDrill  Origin = "drill"
)

// Source is where a place was known from.
type Source string

// The sources of a place.
const (
	SourceGPS     Source = "gps"
	SourcePhoto   Source = "photo"
	SourcePin     Source = "pin"
	SourceAddress Source = "address"
	SourceWords   Source = "words"
)

// Precision is how exactly the public may know the place.
type Precision string

// The precisions.
const (
	PrecisionExact   Precision = "exact"
	PrecisionSnapped Precision = "snapped" // to the middle of a tile at zoom 16, about 600 m
	PrecisionWard    Precision = "ward"    // the area only
)

// Outcome is what came of a report.
type Outcome string

// The outcomes.
const (
	OutcomeFixed        Outcome = "fixed"
	OutcomePlanned      Outcome = "planned"
	OutcomeNothingFound Outcome = "nothing_found"
	OutcomeNotPossible  Outcome = "not_possible"
)

// Level is a citizen's rating.
type Level string

// The levels: hài lòng, chấp nhận, không hài lòng.
const (
	LevelSatisfied   Level = "satisfied"
	LevelAcceptable  Level = "acceptable"
	LevelUnsatisfied Level = "unsatisfied"
)

// PhotoKind is what a photo shows.
type PhotoKind string

// The kinds of photos.
const (
	PhotoBefore   PhotoKind = "before"
	PhotoAfter    PhotoKind = "after"
	PhotoDocument PhotoKind = "document"
)

// PhotoStatus is how far a photo has come.
type PhotoStatus string

// The statuses of a photo.
const (
	PhotoPending PhotoStatus = "pending" // staged, its renditions not made yet
	PhotoReady   PhotoStatus = "ready"
	PhotoRefused PhotoStatus = "refused" // with a reason; nothing of it is kept
)

// TaskState is how far a unit's part in a report has come.
type TaskState string

// The states of a task.
const (
	TaskOpen      TaskState = "open"
	TaskWorking   TaskState = "working"
	TaskDone      TaskState = "done"
	TaskReturned  TaskState = "returned"  // "not ours"
	TaskCancelled TaskState = "cancelled" // the report ended otherwise
)

// Counts is what a deadline counts.
type Counts string

// What a deadline can count.
const (
	CountsWorking Counts = "working"
	CountsWall    Counts = "wall"
)

// Language of a person. Vietnamese is the default, and the complete one.
type Language string

// The languages.
const (
	Vietnamese Language = "vi"
	English    Language = "en"
)

// oneOf says whether v is one of a closed set.
func oneOf[T comparable](v T, set ...T) bool {
	for _, s := range set {
		if v == s {
			return true
		}
	}
	return false
}

// Valid says whether the channel is one of the closed set.
func (c Channel) Valid() bool {
	return oneOf(c, ChannelApp, ChannelWeb, ChannelHotline, ChannelAgent, ChannelMachine, ChannelOpen311, ChannelSMS, ChannelImport)
}

// Valid says whether the source is one of the closed set.
func (s Source) Valid() bool {
	return oneOf(s, SourceGPS, SourcePhoto, SourcePin, SourceAddress, SourceWords)
}

// Valid says whether the outcome is one of the closed set.
func (o Outcome) Valid() bool {
	return oneOf(o, OutcomeFixed, OutcomePlanned, OutcomeNothingFound, OutcomeNotPossible)
}

// Valid says whether the level is one of the closed set.
func (l Level) Valid() bool { return oneOf(l, LevelSatisfied, LevelAcceptable, LevelUnsatisfied) }

// Valid says whether the kind is one of the closed set.
func (k PhotoKind) Valid() bool { return oneOf(k, PhotoBefore, PhotoAfter, PhotoDocument) }

// Valid says whether the phase is one of the closed set.
func (p Phase) Valid() bool {
	return oneOf(p, PhaseReceived, PhaseWorking, PhaseAnswered, PhaseEnded)
}

// Valid says whether the visibility is one of the closed set.
func (v Visibility) Valid() bool {
	return oneOf(v, VisibilityPrivate, VisibilityPublic, VisibilityRestricted, VisibilityHidden)
}

// Status returns Open311's word for a phase: a report is open until it is answered.
func (p Phase) Status() Status {
	if p == PhaseReceived || p == PhaseWorking {
		return StatusOpen
	}
	return StatusClosed
}
