// SPDX-License-Identifier: Apache-2.0

package views

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// Task is a unit's part in a report. The handler's name is for the operations centre and
// the handler's own unit.
type Task struct {
	ID        uuid.UUID        `json:"id" format:"uuid"`
	Unit      UnitRef          `json:"unit"`
	Lead      bool             `json:"lead" doc:"Chủ trì; the others support"`
	State     models.TaskState `json:"state" enum:"open,working,done,returned,cancelled"`
	Handler   *Handler         `json:"handler,omitempty"`
	Deadlines []Deadline       `json:"deadlines" doc:"That the unit works against"`
	Notes     []Note           `json:"notes" doc:"About this part alone"`
	Result    string           `json:"result,omitempty" doc:"What a supporting unit did"`
	DoneAt    *time.Time       `json:"done_at,omitempty"`
	Version   int64            `json:"version" doc:"For If-Match, where a step names the task"`
}

// Handler is who of the unit has the task in hand.
type Handler struct {
	ID   uuid.UUID `json:"id" format:"uuid"`
	Name string    `json:"name,omitempty"`
}

// Tasks assembles the parts that units have in a report, the oldest first. The bundle was
// loaded for a unit's view or the operations centre's.
func (a Assembler) Tasks(v models.View, r *models.Report, b *models.Bundle) ([]Task, error) {
	s, err := a.sight(v, r, b)
	if err != nil {
		return nil, err
	}
	return s.tasks(), nil
}

func (s *sight) tasks() []Task {
	out := []Task{}
	for _, t := range s.bundle.Tasks {
		out = append(out, s.task(t))
	}
	return out
}

func (s *sight) task(t models.Task) Task {
	out := Task{
		ID: t.ID, Unit: s.unitRef(t.Unit), Lead: t.Lead, State: t.State, Version: t.Version, Result: s.bundle.Body(t.ResultID), DoneAt: t.DoneAt,
		Deadlines: []Deadline{}, Notes: []Note{},
	}
	if t.HandlerID != nil {
		out.Handler = &Handler{ID: *t.HandlerID, Name: s.bundle.Staff[*t.HandlerID]}
	}
	for _, d := range s.bundle.Deadlines {
		own := d.TaskID != nil && *d.TaskID == t.ID
		leads := t.Lead && d.TaskID == nil && d.Unit != nil && *d.Unit == t.Unit
		if own || leads {
			out.Deadlines = append(out.Deadlines, s.deadline(d, s.clock(d.Kind)))
		}
	}
	for _, text := range s.bundle.TextsOf(models.TextNote, models.TextReason) {
		if text.TaskID != nil && *text.TaskID == t.ID && text.Body != nil {
			out.Notes = append(out.Notes, s.note(text))
		}
	}
	return out
}
