// SPDX-License-Identifier: Apache-2.0

package views

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// Short is a report in a row of a list, an inbox or a stream, as far as the view it was
// made for may know it.
type Short struct {
	ID         uuid.UUID    `json:"id" format:"uuid"`
	Code       string       `json:"code"`
	State      models.State `json:"state"`
	Phase      models.Phase `json:"phase" enum:"received,working,answered,ended"`
	StateLabel string       `json:"state_label"`
	Category   *CategoryRef `json:"category,omitempty"`
	Location   *Location    `json:"location,omitempty"`
	Area       *AreaRef     `json:"area,omitempty"`
	Unit       *UnitRef     `json:"unit,omitempty"`
	Urgent     bool         `json:"urgent"`
	SOS        bool         `json:"sos"`
	CreatedAt  time.Time    `json:"created_at"`
	UpdatedAt  time.Time    `json:"updated_at"`
	Version    int64        `json:"version"`
}

// Short assembles the short form; it needs no bundle. It fails as Render does.
func (a Assembler) Short(v models.View, r *models.Report) (Short, error) {
	s, err := a.sight(v, r, nil)
	if err != nil {
		return Short{}, err
	}
	out := Short{
		ID: r.ID, Code: r.Code, State: r.State, Phase: r.Phase, StateLabel: s.label(r.State),
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Version: r.Version,
	}
	if s.full() {
		out.Category, out.Location, out.Area, out.Unit = s.categoryRef(), s.location(), s.areaRef(), s.lead()
		out.Urgent, out.SOS = r.Urgency != models.UrgencyNormal, r.Urgency == models.UrgencySOS
	}
	return out, nil
}

// InboxItem is a piece of work that waits. Without a running clock it has no due_at.
type InboxItem struct {
	Report           Short      `json:"report"`
	TaskID           *uuid.UUID `json:"task_id,omitempty" format:"uuid" doc:"Absent where no unit has the report yet"`
	Task             *Task      `json:"task,omitempty"`
	DueAt            *time.Time `json:"due_at,omitempty"`
	RemainingWorking *int64     `json:"remaining_working_s,omitempty" doc:"Seconds, as the clock counts; negative once late"`
	Overdue          bool       `json:"overdue"`
}

// Inbox assembles an item of an inbox in the view of the page it is on.
func (a Assembler) Inbox(v models.View, item models.InboxItem) (InboxItem, error) {
	s, err := a.sight(v, &item.Report, nil)
	if err != nil {
		return InboxItem{}, err
	}
	short, err := a.Short(v, &item.Report)
	out := InboxItem{Report: short}
	if item.Task != nil {
		task := s.task(*item.Task)
		out.TaskID, out.Task = &task.ID, &task
	}
	if item.Deadline != nil {
		d := s.deadline(*item.Deadline, nil)
		out.DueAt, out.RemainingWorking, out.Overdue = &d.DueAt, &d.RemainingWorking, a.Now.After(d.DueAt)
	}
	return out, err
}
