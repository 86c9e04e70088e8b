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
	Pos        int64            `json:"pos" doc:"Its position in the log"`
	At         time.Time        `json:"at"`
	Kind       models.EventKind `json:"kind" doc:"Such as report.moved"`
	State      models.State     `json:"state,omitempty" doc:"Where the report stood afterwards"`
	StateLabel string           `json:"state_label,omitempty"`
	Unit       *UnitRef         `json:"unit,omitempty"`
	Text       string           `json:"text,omitempty" doc:"What was written with it, as far as the view reads it"`
	Photos     []Photo          `json:"photos,omitempty"`
	Actor      string           `json:"actor,omitempty" doc:"Who did it, by kind and id; for the operations centre"`
	Reason     string           `json:"reason,omitempty" doc:"A reason's code; for those who work on it"`
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
		if body.After != nil && v == models.ViewOwn && e.Kind == models.EventReportMoved && body.After.State == last {
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
	if s.view == models.ViewUnit || s.view == models.ViewOperations {
		item.Reason = body.Reason
	}
	if s.view == models.ViewOperations {
		item.Actor = e.Actor
	}
	return item
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
