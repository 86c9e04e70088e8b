// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Addressee is somebody who hears of a report, with what the words about it need.
// Devices are the phones that a push can reach, DemoDevices those of them that belong
// to the demo. DueAt is when the next of the report's running clocks runs out, nil
// where none runs.
type Addressee struct {
	ReportID    uuid.UUID
	Code        string
	PackVersion int32
	Category    string
	Recipient   string // as in Notification
	Language    Language
	DueAt       *time.Time
	Devices     []uuid.UUID
	DemoDevices []uuid.UUID
}

type heardReport struct {
	ID          uuid.UUID
	Code        string
	PackVersion int32
	Category    string
	CitizenID   *uuid.UUID
	DeviceID    *uuid.UUID
}

type heardDevice struct {
	ID        uuid.UUID
	CitizenID *uuid.UUID
	Language  Language
	Demo      bool
	Reachable bool
}

// Addressees returns who hears of the reports: the citizen, else the device that sent
// one in. A report that nobody known sent has none. Devices without a push token count
// only where tokenless is set. The tables are asked one by one and joined here: joined
// by PostgreSQL, a thousand reports took seconds while the tables had no statistics.
func Addressees(ctx context.Context, q PGX, jurisdiction int32, ids []uuid.UUID, tokenless bool) ([]Addressee, error) {
	reports, err := collect[heardReport](ctx, q, `
		SELECT id, code, pack_version, category, citizen_id, device_id FROM reports
		WHERE jurisdiction_id = $1 AND id = ANY($2::uuid[]) ORDER BY id`, jurisdiction, ids)
	if err != nil {
		return nil, err
	}
	var citizens, devices []uuid.UUID
	for _, r := range reports {
		switch {
		case r.CitizenID != nil:
			citizens = append(citizens, *r.CitizenID)
		case r.DeviceID != nil:
			devices = append(devices, *r.DeviceID)
		}
	}
	due, err := dueTimes(ctx, q, jurisdiction, ids)
	if err != nil {
		return nil, err
	}
	people, err := citizensHeard(ctx, q, jurisdiction, citizens, tokenless)
	if err != nil {
		return nil, err
	}
	phones, err := devicesHeard(ctx, q, jurisdiction, devices, tokenless)
	if err != nil {
		return nil, err
	}
	var all []Addressee
	for _, r := range reports {
		var who Addressee
		var known bool
		switch {
		case r.CitizenID != nil:
			who, known = people[*r.CitizenID]
		case r.DeviceID != nil:
			who, known = phones[*r.DeviceID]
		}
		if known {
			who.ReportID, who.Code, who.PackVersion, who.Category, who.DueAt = r.ID, r.Code, r.PackVersion, r.Category, due[r.ID]
			all = append(all, who)
		}
	}
	return all, nil
}

// dueTimes returns when the next running clock of each report runs out.
func dueTimes(ctx context.Context, q PGX, jurisdiction int32, reports []uuid.UUID) (map[uuid.UUID]*time.Time, error) {
	type row struct {
		ID uuid.UUID
		At time.Time
	}
	rows, err := collect[row](ctx, q, `
		SELECT report_id, min(due_at) FROM deadlines
		WHERE jurisdiction_id = $1 AND report_id = ANY($2::uuid[]) AND stopped_at IS NULL AND paused_at IS NULL
		GROUP BY report_id`, jurisdiction, reports)
	due := make(map[uuid.UUID]*time.Time, len(rows))
	for _, r := range rows {
		due[r.ID] = &r.At
	}
	return due, err
}

// citizensHeard returns the citizens with their devices.
func citizensHeard(ctx context.Context, q PGX, jurisdiction int32, ids []uuid.UUID, tokenless bool) (map[uuid.UUID]Addressee, error) {
	type row struct {
		ID       uuid.UUID
		Language Language
	}
	heard := make(map[uuid.UUID]Addressee, len(ids))
	if len(ids) == 0 {
		return heard, nil
	}
	people, err := collect[row](ctx, q, `
		SELECT id, language FROM citizens WHERE jurisdiction_id = $1 AND id = ANY($2::uuid[])`, jurisdiction, ids)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		heard[p.ID] = Addressee{Recipient: string(ActorCitizen) + ":" + p.ID.String(), Language: p.Language}
	}
	devices, err := collect[heardDevice](ctx, q, `
		SELECT id, citizen_id, language, demo, fcm_token IS NOT NULL OR $3 FROM devices
		WHERE jurisdiction_id = $1 AND citizen_id = ANY($2::uuid[]) ORDER BY id`, jurisdiction, ids, tokenless)
	for _, d := range devices {
		heard[*d.CitizenID] = heard[*d.CitizenID].on(d)
	}
	return heard, err
}

// devicesHeard returns the devices that are recipients themselves.
func devicesHeard(ctx context.Context, q PGX, jurisdiction int32, ids []uuid.UUID, tokenless bool) (map[uuid.UUID]Addressee, error) {
	heard := make(map[uuid.UUID]Addressee, len(ids))
	if len(ids) == 0 {
		return heard, nil
	}
	devices, err := collect[heardDevice](ctx, q, `
		SELECT id, citizen_id, language, demo, fcm_token IS NOT NULL OR $3 FROM devices
		WHERE jurisdiction_id = $1 AND id = ANY($2::uuid[])`, jurisdiction, ids, tokenless)
	for _, d := range devices {
		heard[d.ID] = Addressee{Recipient: string(ActorDevice) + ":" + d.ID.String(), Language: d.Language}.on(d)
	}
	return heard, err
}

// on adds a device, where a push can reach it.
func (a Addressee) on(d heardDevice) Addressee {
	if !d.Reachable {
		return a
	}
	a.Devices = append(a.Devices, d.ID)
	if d.Demo {
		a.DemoDevices = append(a.DemoDevices, d.ID)
	}
	return a
}

// collect reads rows into structs by the order of their columns.
func collect[T any](ctx context.Context, q PGX, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, append([]any{plannedAnew}, args...)...)
	if err != nil {
		return nil, FromDatabase(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	return all, FromDatabase(err)
}
