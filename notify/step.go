// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// step is an event that somebody may hear of.
type step struct {
	jurisdiction int32
	report       uuid.UUID
	pos          int64
	event        models.EventKind
	actor        string
	origin       models.Origin
	at           time.Time
	body         models.Body
}

// stepsOf are the events that somebody may hear of. Those of an import or a drill tell
// nobody.
func stepsOf(events []models.Event) ([]step, error) {
	var steps []step
	for _, e := range events {
		if !concerns(e) {
			continue
		}
		body, err := e.ParseBody()
		if err != nil {
			return nil, fmt.Errorf("notify: event %d/%d: %w", e.JurisdictionID, e.Pos, err)
		}
		steps = append(steps, step{
			jurisdiction: e.JurisdictionID, report: e.SubjectID, pos: e.Pos, event: e.Kind, actor: e.Actor, origin: e.Origin, at: e.At, body: body,
		})
	}
	return steps, nil
}

func concerns(e models.Event) bool {
	if e.SubjectKind != models.SubjectReport || e.Origin == models.OriginImport || e.Origin == models.OriginDrill {
		return false
	}
	return slices.Contains([]models.EventKind{
		models.EventReportSubmitted, models.EventReportMoved, models.EventReportRouted, models.EventReportMessage, models.EventReportUrged,
		models.EventReportDirected, models.EventTaskMoved, models.EventTaskHanded, models.EventDeadlineReminded, models.EventDeadlineMissed,
		models.EventDeadlineEscalated, models.EventDeadlineExtended,
	}, e.Kind)
}

// byStaff says whether a staff member did it, other than for the reporter.
func (s step) byStaff(report models.Heard) bool {
	id, is := strings.CutPrefix(s.actor, string(models.ActorStaff)+":")
	return is && (report.AgentID == nil || report.AgentID.String() != id)
}

// bySystem says whether a clock or a route did it.
func (s step) bySystem() bool { return s.actor == string(models.ActorSystem) }

// forReporter is what the reporter hears of the step.
func (s step) forReporter(sc *scene) (Kind, bool) {
	switch s.event {
	case models.EventReportSubmitted:
		if s.body.Ref != nil {
			return KindPart, true
		}
		return KindReceived, true
	case models.EventReportMoved:
		return s.moved(sc)
	case models.EventReportMessage:
		return KindMessage, s.byStaff(sc.reports[s.report])
	case models.EventDeadlineReminded:
		return KindInfoWaits, s.body.Task == nil && sc.clock(s, models.Vietnamese).Waits
	case models.EventDeadlineExtended:
		return KindExtended, s.body.Task == nil && sc.clock(s, models.Vietnamese).Public
	default:
		return "", false
	}
}

// moved leaves out every assignment but a report's first: between units a report can go
// to and fro, and people need not hear of each.
func (s step) moved(sc *scene) (Kind, bool) {
	if s.body.After == nil {
		return "", false
	}
	kind, tells := kindOfMove(s.body.Before, *s.body.After)
	if kind == KindAssigned && s.pos != sc.assigned[s.report] {
		return "", false
	}
	return kind, tells
}

// forFollowers is what those who follow the report hear: as much of what its reporter
// hears as the public may know, both then and now.
func (s step) forFollowers(sc *scene) (Kind, bool) {
	kind, tells := s.forReporter(sc)
	if !tells || !slices.Contains(FollowKinds(), kind) {
		return "", false
	}
	shown := s.shown(sc)
	return kind, shown == models.ShownFull || shown != models.ShownNone && s.event == models.EventReportMoved
}

// shown is what the public may know of the report: the less of what it might when the
// step was taken and of what it may now.
func (s step) shown(sc *scene) models.Shown {
	now := sc.reports[s.report].Shown
	if s.body.After != nil && now != models.ShownNone && s.body.After.Shown != models.ShownFull {
		return s.body.After.Shown
	}
	return now
}

// category is the one the event names, else the report's.
func (s step) category(report models.Heard) string {
	if s.body.After != nil && s.body.After.Category != "" {
		return s.body.After.Category
	}
	return report.Category
}

// unit is the one that a reader's words name: who has the report or, where that is told,
// who is late with it or gave it back.
func (s step) unit(sc *scene, kind Kind) string {
	switch kind {
	case KindMissed, KindEscalated, KindDue:
		return sc.late(s)
	case KindTaskReturned:
		return s.body.Before.Unit
	case KindTransferred:
		return s.body.Unit // it is no longer its lead unit's
	default:
		if s.body.Unit == "" && s.body.After != nil {
			return s.body.After.Unit
		}
		return s.body.Unit
	}
}

// state is the report's after the step.
func (s step) state(report models.Heard) models.State {
	if s.body.After == nil {
		return report.State
	}
	return s.body.After.State
}
