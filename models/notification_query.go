// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// PGX is what statements over arrays run on: a pool, a pgx.Tx or a ledger.Tx.
type PGX interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// ReportKey names a report of any jurisdiction.
type ReportKey struct {
	JurisdictionID int32
	ID             uuid.UUID
}

// Addressee is somebody who hears of a report, with what the words about it need.
// Devices are the phones that a push can reach, DemoDevices those of them that belong
// to the demo. DueAt is when the next of the report's running clocks runs out, nil
// where none runs.
type Addressee struct {
	ReportKey
	Code        string
	PackVersion int32
	Category    string
	Recipient   string // as in Notification
	Language    Language
	Devices     []uuid.UUID
	DemoDevices []uuid.UUID
	DueAt       *time.Time
}

// Addressees returns who hears of the reports: the citizen, else the device that sent
// one in. A report that nobody known sent has none. Devices without a push token count
// only where tokenless is set.
func Addressees(ctx context.Context, q PGX, reports []ReportKey, tokenless bool) ([]Addressee, error) {
	jurisdictions, ids := make([]int32, len(reports)), make([]uuid.UUID, len(reports))
	for i, r := range reports {
		jurisdictions[i], ids[i] = r.JurisdictionID, r.ID
	}
	rows, err := q.Query(ctx, `
		SELECT r.jurisdiction_id, r.id, r.code, r.pack_version, r.category, who.recipient, who.language,
		       ARRAY(SELECT d.id FROM devices d WHERE d.jurisdiction_id = r.jurisdiction_id AND d.id = ANY(who.devices)
		             AND (d.fcm_token IS NOT NULL OR $3) ORDER BY d.id),
		       ARRAY(SELECT d.id FROM devices d WHERE d.jurisdiction_id = r.jurisdiction_id AND d.id = ANY(who.devices)
		             AND (d.fcm_token IS NOT NULL OR $3) AND d.demo ORDER BY d.id),
		       (SELECT min(c.due_at) FROM deadlines c WHERE c.jurisdiction_id = r.jurisdiction_id AND c.report_id = r.id
		        AND c.stopped_at IS NULL AND c.paused_at IS NULL)
		FROM unnest($1::int[], $2::uuid[]) AS want (jurisdiction_id, id)
		JOIN reports r USING (jurisdiction_id, id)
		CROSS JOIN LATERAL (
			SELECT 'citizen:' || c.id AS recipient, c.language,
			       ARRAY(SELECT d.id FROM devices d WHERE d.jurisdiction_id = c.jurisdiction_id AND d.citizen_id = c.id) AS devices
			FROM citizens c WHERE c.jurisdiction_id = r.jurisdiction_id AND c.id = r.citizen_id
			UNION ALL
			SELECT 'device:' || d.id, d.language, ARRAY[d.id]
			FROM devices d WHERE r.citizen_id IS NULL AND d.jurisdiction_id = r.jurisdiction_id AND d.id = r.device_id
		) who
		ORDER BY r.jurisdiction_id, r.id, who.recipient`, jurisdictions, ids, tokenless)
	if err != nil {
		return nil, FromDatabase(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Addressee, error) {
		var a Addressee
		err := row.Scan(&a.JurisdictionID, &a.ID, &a.Code, &a.PackVersion, &a.Category, &a.Recipient, &a.Language,
			&a.Devices, &a.DemoDevices, &a.DueAt)
		return a, err
	})
	return all, FromDatabase(err)
}

// EventKey names an event and the report it is about.
type EventKey struct {
	ReportKey
	Pos int64
}

// CameToBefore returns those of the events whose report had moved to the state before
// them already.
func CameToBefore(ctx context.Context, q PGX, state State, events []EventKey) ([]EventKey, error) {
	jurisdictions, ids, positions := make([]int32, len(events)), make([]uuid.UUID, len(events)), make([]int64, len(events))
	for i, e := range events {
		jurisdictions[i], ids[i], positions[i] = e.JurisdictionID, e.ID, e.Pos
	}
	rows, err := q.Query(ctx, `
		SELECT want.jurisdiction_id, want.id, want.pos
		FROM unnest($1::int[], $2::uuid[], $3::bigint[]) AS want (jurisdiction_id, id, pos)
		WHERE EXISTS (
			SELECT FROM events e
			WHERE e.jurisdiction_id = want.jurisdiction_id AND e.subject_id = want.id AND e.pos < want.pos
			  AND e.kind = $4 AND e.body::jsonb #>> '{after,state}' = $5)`,
		jurisdictions, ids, positions, string(EventReportMoved), string(state))
	if err != nil {
		return nil, FromDatabase(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (EventKey, error) {
		var e EventKey
		err := row.Scan(&e.JurisdictionID, &e.ID, &e.Pos)
		return e, err
	})
	return found, FromDatabase(err)
}

// InsertNotifications writes those that are not there yet, in one statement, and
// returns their ids.
func InsertNotifications(ctx context.Context, q PGX, all []Notification) ([]uuid.UUID, error) {
	n := len(all)
	jurisdictions, ids, reports, positions := make([]int32, n), make([]uuid.UUID, n), make([]uuid.UUID, n), make([]int64, n)
	recipients, kinds, states, languages := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	titles, bodies, links, created := make([]string, n), make([]string, n), make([]string, n), make([]time.Time, n)
	for i, row := range all {
		jurisdictions[i], ids[i], reports[i], positions[i] = row.JurisdictionID, row.ID, row.ReportID, row.Pos
		recipients[i], kinds[i], states[i], languages[i] = row.Recipient, row.Kind, string(row.State), string(row.Language)
		titles[i], bodies[i], links[i], created[i] = row.Title, row.Body, row.Link, row.CreatedAt
	}
	rows, err := q.Query(ctx, `
		INSERT INTO notifications (jurisdiction_id, id, report_id, pos, recipient, kind, state, language, title, body, link, created_at)
		SELECT * FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[],
		                     $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[])
		ON CONFLICT DO NOTHING RETURNING id`,
		jurisdictions, ids, reports, positions, recipients, kinds, states, languages, titles, bodies, links, created)
	if err != nil {
		return nil, FromDatabase(err)
	}
	fresh, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return fresh, FromDatabase(err)
}

// Notifications returns the inbox of the recipients (see Notification.Recipient), the
// newest first, from before a position; before 0 starts at the newest. Positions grow
// with time and ids do not, so the position is the cursor.
func Notifications(ctx context.Context, db *gorm.DB, jurisdiction int32, recipients []string, before int64, limit int) ([]Notification, error) {
	var all []Notification
	if len(recipients) == 0 {
		return all, nil
	}
	find := db.WithContext(ctx).Where("jurisdiction_id = ? AND recipient IN ?", jurisdiction, recipients)
	if before > 0 {
		find = find.Where("pos < ?", before)
	}
	err := find.Order("pos DESC, id DESC").Limit(limit).Find(&all).Error
	return all, FromDatabase(err)
}

// ReadNotifications marks those of the recipients' notifications as read that are not,
// all of them where ids is empty, and returns how many it marked. Ids of somebody
// else's are passed over.
func ReadNotifications(ctx context.Context, db *gorm.DB, jurisdiction int32, recipients []string, ids []uuid.UUID, at time.Time) (int64, error) {
	if len(recipients) == 0 {
		return 0, nil
	}
	mark := db.WithContext(ctx).Model(&Notification{}).
		Where("jurisdiction_id = ? AND recipient IN ? AND read_at IS NULL", jurisdiction, recipients)
	if len(ids) > 0 {
		mark = mark.Where("id IN ?", ids)
	}
	done := mark.UpdateColumn("read_at", at)
	return done.RowsAffected, FromDatabase(done.Error)
}

// Inbox returns the recipients whose notifications the actor reads: the person's and
// those of the phone in use.
func (a Actor) Inbox() []string {
	var recipients []string
	if a.Kind == ActorCitizen && a.ID != uuid.Nil {
		recipients = append(recipients, a.String())
	}
	if (a.Kind == ActorCitizen || a.Kind == ActorDevice) && a.DeviceID != uuid.Nil {
		recipients = append(recipients, string(ActorDevice)+":"+a.DeviceID.String())
	}
	return recipients
}
