// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Addressee is somebody who hears of reports. Devices are the phones that a push can
// reach, DemoDevices those of them that belong to the demo.
type Addressee struct {
	Recipient   string // as in Notification
	Language    Language
	Devices     []uuid.UUID
	DemoDevices []uuid.UUID
}

type heardDevice struct {
	ID        uuid.UUID
	CitizenID *uuid.UUID
	Language  Language
	Demo      bool
	Reachable bool
}

// Addressees returns those of the recipients that are citizens or devices, by their name;
// whom nobody knows any more is absent. Devices without a push token count only where
// tokenless is set. The tables are asked one by one and joined here: joined by
// PostgreSQL, a thousand reports took seconds while the tables had no statistics.
func Addressees(ctx context.Context, q PGX, jurisdiction int32, recipients []string, tokenless bool) (map[string]Addressee, error) {
	heard := make(map[string]Addressee, len(recipients))
	citizens, devices := recipientIDs(recipients, ActorCitizen), recipientIDs(recipients, ActorDevice)
	if len(citizens) > 0 {
		if err := hearCitizens(ctx, q, jurisdiction, citizens, heard); err != nil {
			return nil, err
		}
	}
	if len(citizens)+len(devices) == 0 {
		return heard, nil
	}
	phones, err := collect[heardDevice](ctx, q, `
		SELECT id, citizen_id, language, demo, fcm_token IS NOT NULL OR $4 FROM devices
		WHERE jurisdiction_id = $1 AND (citizen_id = ANY($2::uuid[]) OR id = ANY($3::uuid[])) ORDER BY id`,
		jurisdiction, citizens, devices, tokenless)
	if err != nil {
		return nil, err
	}
	asked := make(map[uuid.UUID]bool, len(devices))
	for _, id := range devices {
		asked[id] = true
	}
	for _, d := range phones {
		if d.CitizenID != nil {
			if who, is := heard[ActorCitizen.named(*d.CitizenID)]; is {
				heard[who.Recipient] = who.on(d)
			}
		}
		if asked[d.ID] {
			who := Addressee{Recipient: ActorDevice.named(d.ID), Language: d.Language}
			heard[who.Recipient] = who.on(d)
		}
	}
	return heard, nil
}

// named is the String of an actor of the kind.
func (k ActorKind) named(id uuid.UUID) string { return string(k) + ":" + id.String() }

// recipientIDs returns the ids of those recipients that are of a kind.
func recipientIDs(recipients []string, kind ActorKind) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, r := range recipients {
		if name, ok := strings.CutPrefix(r, string(kind)+":"); ok {
			if id, err := uuid.Parse(name); err == nil {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func hearCitizens(ctx context.Context, q PGX, jurisdiction int32, ids []uuid.UUID, heard map[string]Addressee) error {
	type row struct {
		ID       uuid.UUID
		Language Language
	}
	people, err := collect[row](ctx, q, `
		SELECT id, language FROM citizens WHERE jurisdiction_id = $1 AND id = ANY($2::uuid[])`, jurisdiction, ids)
	for _, p := range people {
		heard[ActorCitizen.named(p.ID)] = Addressee{Recipient: ActorCitizen.named(p.ID), Language: p.Language}
	}
	return err
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

// FollowersAfter returns at most limit of those who follow one of the reports, ordered by
// report and follower, from after a place in that order: the last of the page before, nil
// for the first page.
func FollowersAfter(ctx context.Context, q PGX, jurisdiction int32, reports []uuid.UUID, last *Follow, limit int) ([]Follow, error) {
	report, follower := uuid.Nil, ""
	if last != nil {
		report, follower = last.ReportID, last.Follower
	}
	rows, err := q.Query(ctx, `
		SELECT report_id, follower, created_at FROM follows
		WHERE jurisdiction_id = $1 AND report_id = ANY($2::uuid[]) AND ended_at IS NULL AND (report_id, follower) > ($3, $4)
		ORDER BY report_id, follower LIMIT $5`, plannedAnew, jurisdiction, reports, report, follower, limit)
	if err != nil {
		return nil, FromDatabase(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Follow, error) {
		f := Follow{JurisdictionID: jurisdiction}
		err := row.Scan(&f.ReportID, &f.Follower, &f.CreatedAt)
		return f, err
	})
	return all, FromDatabase(err)
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
