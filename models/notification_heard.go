// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Heard is what notices about a report need of it, as it stands when they are written.
type Heard struct {
	ID           uuid.UUID
	Code         string
	PackVersion  int32
	Workflow     string
	State        State
	Category     string
	Shown        Shown
	LeadUnit     *string
	CitizenID    *uuid.UUID
	DeviceID     *uuid.UUID
	AgentID      *uuid.UUID
	ClaimedBy    *uuid.UUID
	ClaimedUntil *time.Time
}

// Reporter returns the recipient who sent the report in: the citizen, else the device;
// "" where nobody known did.
func (h Heard) Reporter() string {
	switch {
	case h.CitizenID != nil:
		return ActorCitizen.named(*h.CitizenID)
	case h.DeviceID != nil:
		return ActorDevice.named(*h.DeviceID)
	default:
		return ""
	}
}

// HeardReports returns the reports by id; those that are not there are absent.
func HeardReports(ctx context.Context, q PGX, jurisdiction int32, ids []uuid.UUID) (map[uuid.UUID]Heard, error) {
	rows, err := collect[Heard](ctx, q, `
		SELECT id, code, pack_version, workflow, state, category, shown, lead_unit, citizen_id, device_id, agent_id, claimed_by, claimed_until
		FROM reports WHERE jurisdiction_id = $1 AND id = ANY($2::uuid[])`, jurisdiction, ids)
	heard := make(map[uuid.UUID]Heard, len(rows))
	for _, r := range rows {
		heard[r.ID] = r
	}
	return heard, err
}

// HeardClock is a clock of a report that is running.
type HeardClock struct {
	ReportID uuid.UUID
	TaskID   *uuid.UUID
	Kind     string
	Unit     *string
	DueAt    time.Time
}

// HeardClocks returns the running clocks of each of the reports, the one that is due next
// first.
func HeardClocks(ctx context.Context, q PGX, jurisdiction int32, reports []uuid.UUID) (map[uuid.UUID][]HeardClock, error) {
	rows, err := collect[HeardClock](ctx, q, `
		SELECT report_id, task_id, kind, unit, due_at FROM deadlines
		WHERE jurisdiction_id = $1 AND report_id = ANY($2::uuid[]) AND stopped_at IS NULL AND paused_at IS NULL
		ORDER BY due_at, id`, jurisdiction, reports)
	return byReport(rows, func(c HeardClock) uuid.UUID { return c.ReportID }), err
}

// HeardTask is a unit's part in a report.
type HeardTask struct {
	ID        uuid.UUID
	ReportID  uuid.UUID
	Unit      string
	Lead      bool
	State     TaskState
	HandlerID *uuid.UUID
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Active says whether the unit still has the report.
func (t HeardTask) Active() bool { return Task{State: t.State}.Active() }

// HeardTasks returns the tasks of each of the reports, oldest first.
func HeardTasks(ctx context.Context, q PGX, jurisdiction int32, reports []uuid.UUID) (map[uuid.UUID][]HeardTask, error) {
	rows, err := collect[HeardTask](ctx, q, `
		SELECT id, report_id, unit, lead, state, handler_id, created_at, updated_at FROM tasks
		WHERE jurisdiction_id = $1 AND report_id = ANY($2::uuid[]) ORDER BY created_at, id`, jurisdiction, reports)
	return byReport(rows, func(t HeardTask) uuid.UUID { return t.ReportID }), err
}

func byReport[T any](rows []T, of func(T) uuid.UUID) map[uuid.UUID][]T {
	out := map[uuid.UUID][]T{}
	for _, r := range rows {
		out[of(r)] = append(out[of(r)], r)
	}
	return out
}

// HeardStaff is a staff member who may hear of a report, or is named to another.
type HeardStaff struct {
	ID     uuid.UUID
	Name   string
	Roles  []Role
	Unit   string // "" without one
	Active bool
}

// Has says whether the staff member holds a role.
func (s HeardStaff) Has(r Role) bool { return slices.Contains(s.Roles, r) }

// StaffHeard returns, by id, who works in one of the units or holds one of the roles, and
// those with one of the ids, active or not.
func StaffHeard(ctx context.Context, q PGX, jurisdiction int32, units []string, roles []Role, ids []uuid.UUID) ([]HeardStaff, error) {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return collect[HeardStaff](ctx, q, `
		SELECT id, name, roles, coalesce(unit, ''), active FROM staff
		WHERE jurisdiction_id = $1 AND (active AND (unit = ANY($2::text[]) OR roles ?| $3::text[]) OR id = ANY($4::uuid[]))
		ORDER BY id`, jurisdiction, units, names, ids)
}
