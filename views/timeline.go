// SPDX-License-Identifier: Apache-2.0

package views

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// TimelineItem is one thing that happened to a report.
type TimelineItem struct {
	Pos           int64             `json:"pos" doc:"Its position in the log"`
	At            time.Time         `json:"at"`
	Kind          models.EventKind  `json:"kind" doc:"Such as report.moved"`
	State         models.State      `json:"state,omitempty" doc:"Where the report stood afterwards"`
	StateLabel    string            `json:"state_label,omitempty"`
	Unit          *UnitRef          `json:"unit,omitempty"`
	Text          string            `json:"text,omitempty" doc:"What was written with it, as far as the view reads it"`
	Photos        []Photo           `json:"photos,omitempty"`
	Actor         string            `json:"actor,omitempty" doc:"Who did it, by kind and id; for the operations centre"`
	Reason        string            `json:"reason,omitempty" doc:"A reason's code; for those who work on it"`
	Step          string            `json:"step,omitempty" doc:"The workflow's name of what was done; for those who work on it"`
	Report        *uuid.UUID        `json:"report,omitempty" format:"uuid" doc:"Another report that it is about: a part, or one that was merged"`
	TaskID        *uuid.UUID        `json:"task_id,omitempty" format:"uuid" doc:"The unit's part that it is about; for those who work on it"`
	Clock         string            `json:"clock,omitempty" doc:"The clock that it is about"`
	Until         *time.Time        `json:"until,omitempty" doc:"When it is due from now on, or planned for"`
	Degree        int16             `json:"degree,omitempty" doc:"Percent of a reminder, or the step of an escalation; for those who work on it"`
	Document      string            `json:"document,omitempty" doc:"The number of a decision"`
	Visibility    models.Visibility `json:"visibility,omitempty" doc:"Of one that was hidden or shown again; for those who work on it"`
	StoodS        *int64            `json:"stood_s,omitempty" doc:"Seconds that it stood in the state that it left; for those who work on it"`
	StoodWorkingS *int64            `json:"stood_working_s,omitempty" doc:"The same in working time"`
}

// Timeline assembles what models.TimelineEvents returned for the same view as the bundle.
// A text or photo appears only where the bundle holds it, that is, where the view may
// read it.
func (a Assembler) Timeline(v models.View, r *models.Report, b *models.Bundle, events []models.Event) ([]TimelineItem, error) {
	s, err := a.sight(v, r, b)
	if err != nil {
		return nil, err
	}
	items := make([]TimelineItem, 0, len(events))
	last := models.State("")
	for _, e := range events {
		body, err := e.ParseBody()
		if err != nil {
			return nil, err
		}
		if !s.tells(e.Kind, body, last) {
			continue
		}
		if body.After != nil {
			last = body.After.State
		}
		items = append(items, s.item(e, body))
	}
	return items, nil
}

func (s *sight) item(e models.Event, body models.Body) TimelineItem {
	item := TimelineItem{Pos: e.Pos, At: e.At.UTC(), Kind: e.Kind, Text: s.written(body), Photos: s.came(body.Photos)}
	if body.After != nil {
		item.State, item.StateLabel = body.After.State, s.label(body.After.State)
	}
	if unit := unitIn(body); unit != "" && s.full() {
		ref := s.unitRef(unit)
		item.Unit = &ref
	}
	if concernsClock(e.Kind) {
		item.Clock, item.Until, item.Document = body.Rule, body.Until, body.Document
	}
	item.Report = s.other(e.Kind, body.Ref)
	if s.staff() {
		item.Reason, item.Step, item.TaskID, item.Degree, item.Visibility = body.Reason, body.Transition, body.Task, body.Degree, body.Visibility
		item.StoodS, item.StoodWorkingS = body.WallS, body.WorkingS
		if item.Until == nil && e.Kind != models.EventReportClaimed {
			item.Until = body.Until
		}
	}
	if s.view == models.ViewOperations {
		item.Actor = e.Actor
	}
	return item
}

// tells leaves out what a citizen learns nothing from: a step that moved nothing, and a
// clock that they are not shown.
func (s *sight) tells(kind models.EventKind, body models.Body, last models.State) bool {
	if s.staff() {
		return true
	}
	if concernsClock(kind) {
		clock := s.clock(body.Rule)
		return clock != nil && clock.Public
	}
	return kind != models.EventReportMoved || s.view != models.ViewOwn || body.After == nil || body.After.State != last
}

func concernsClock(kind models.EventKind) bool {
	switch kind {
	case models.EventDeadlineMissed, models.EventDeadlineReminded, models.EventDeadlineEscalated, models.EventDeadlineExtended, models.EventDeadlineRetimed:
		return true
	default:
		return false
	}
}

// other is another report that an event is about, where the view may know it.
func (s *sight) other(kind models.EventKind, ref *uuid.UUID) *uuid.UUID {
	switch {
	case ref == nil:
		return nil
	case s.view == models.ViewOperations && (kind == models.EventReportSplit || kind == models.EventReportMerged):
		return ref
	case slices.Contains(s.bundle.Parts, *ref), s.bundle.Original != nil && *s.bundle.Original == *ref, s.bundle.SplitFrom != nil && *s.bundle.SplitFrom == *ref:
		return ref
	default:
		return nil
	}
}

func unitIn(body models.Body) string {
	if body.After != nil && body.After.Unit != "" {
		return body.After.Unit
	}
	return body.Unit
}

// written is what the view reads of the texts that came with a step.
func (s *sight) written(body models.Body) string {
	var texts []string
	for _, kind := range []models.TextKind{
		models.TextDescription, models.TextAnswer, models.TextQuestion, models.TextReply, models.TextReason, models.TextNote, models.TextComment,
		models.TextMessage, models.TextDirective, models.TextResult,
	} {
		mark, ok := body.Texts[string(kind)]
		if !ok || kind == models.TextAnswer && !s.answers() {
			continue
		}
		if text := s.bundle.Body(&mark.ID); text != "" {
			texts = append(texts, text)
		}
	}
	return paragraphs(texts)
}

// came are the photos of a step that the view shows.
func (s *sight) came(ids []uuid.UUID) []Photo {
	if len(ids) == 0 || !s.full() {
		return nil
	}
	return slices.DeleteFunc(s.photos(), func(p Photo) bool { return !slices.Contains(ids, p.ID) })
}
