// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// The channels of a delivery.
const (
	DeliveryFCM   = "fcm"
	DeliveryInApp = "inapp"
)

// InsertDeliveries writes those that are not there yet, in one statement. A History of
// no bytes is an empty one.
func InsertDeliveries(ctx context.Context, q PGX, all []Delivery) error {
	n := len(all)
	jurisdictions, ids, notifications, devices := make([]int32, n), make([]uuid.UUID, n), make([]uuid.UUID, n), make([]uuid.UUID, n)
	channels, statuses, tries, histories, created := make([]string, n), make([]string, n), make([]int16, n), make([]string, n), make([]time.Time, n)
	for i, row := range all {
		jurisdictions[i], ids[i], notifications[i], devices[i] = row.JurisdictionID, row.ID, row.NotificationID, row.DeviceID
		channels[i], statuses[i], tries[i], created[i] = row.Channel, string(row.Status), row.Tries, row.CreatedAt
		histories[i] = string(row.History)
		if len(row.History) == 0 {
			histories[i] = "[]"
		}
	}
	_, err := q.Exec(ctx, `
		INSERT INTO deliveries (jurisdiction_id, id, notification_id, device_id, channel, status, tries, history, created_at, updated_at)
		SELECT j, id, n, d, c, s, t, h::jsonb, at, at
		FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::smallint[], $8::text[], $9::timestamptz[])
		     AS new (j, id, n, d, c, s, t, h, at)
		ON CONFLICT DO NOTHING`,
		jurisdictions, ids, notifications, devices, channels, statuses, tries, histories, created)
	return FromDatabase(err)
}

// PendingDelivery is a delivery that is still to be made, with its message. Token is ""
// where the device has none any more, or is no longer the recipient's.
type PendingDelivery struct {
	ID           uuid.UUID
	Tries        int16
	DeviceID     uuid.UUID
	Token        string
	Notification Notification
}

// PendingDeliveries returns those of the deliveries that are pending, by id.
func PendingDeliveries(ctx context.Context, q PGX, jurisdiction int32, ids []uuid.UUID) ([]PendingDelivery, error) {
	rows, err := q.Query(ctx, `
		SELECT d.id, d.tries, d.device_id,
		       CASE WHEN n.recipient IN ('device:' || v.id, 'citizen:' || v.citizen_id) THEN coalesce(v.fcm_token, '') ELSE '' END,
		       n.id, n.report_id, n.pos, n.kind, n.state, n.title, n.body, n.link, n.created_at
		FROM deliveries d
		JOIN notifications n ON n.jurisdiction_id = d.jurisdiction_id AND n.id = d.notification_id
		LEFT JOIN devices v ON v.jurisdiction_id = d.jurisdiction_id AND v.id = d.device_id
		WHERE d.jurisdiction_id = $1 AND d.id = ANY($2::uuid[]) AND d.status = 'pending'
		ORDER BY d.id`, plannedAnew, jurisdiction, ids)
	if err != nil {
		return nil, FromDatabase(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (PendingDelivery, error) {
		p := PendingDelivery{Notification: Notification{JurisdictionID: jurisdiction}}
		n := &p.Notification
		err := row.Scan(&p.ID, &p.Tries, &p.DeviceID, &p.Token, &n.ID, &n.ReportID, &n.Pos, &n.Kind, &n.State, &n.Title, &n.Body, &n.Link, &n.CreatedAt)
		return p, err
	})
	return all, FromDatabase(err)
}

// DeliveryResult is what became of one try. GoneToken is the token that turned out to
// be dead, "" where none did.
type DeliveryResult struct {
	ID        uuid.UUID
	DeviceID  uuid.UUID
	Status    DeliveryStatus
	Result    string // for the history: a code, never a text
	GoneToken string
}

// Beginner begins a transaction: a pool or a connection.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// RecordDeliveries writes the results of one round of tries and takes dead tokens from
// their devices, where a device has not got a new one meanwhile. Both or neither.
func RecordDeliveries(ctx context.Context, q Beginner, jurisdiction int32, results []DeliveryResult, at time.Time) error {
	n := len(results)
	ids, statuses, codes := make([]uuid.UUID, n), make([]string, n), make([]string, n)
	var devices []uuid.UUID
	var tokens []string
	for i, r := range results {
		ids[i], statuses[i], codes[i] = r.ID, string(r.Status), r.Result
		if r.GoneToken != "" {
			devices, tokens = append(devices, r.DeviceID), append(tokens, r.GoneToken)
		}
	}
	err := pgx.BeginFunc(ctx, q, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE deliveries d SET status = r.status, tries = least(d.tries + 1, 1000), updated_at = $5,
			       history = d.history || jsonb_build_object('at', $5::timestamptz, 'result', r.code)
			FROM unnest($2::uuid[], $3::text[], $4::text[]) AS r (id, status, code)
			WHERE d.jurisdiction_id = $1 AND d.id = r.id AND d.status = 'pending'`,
			plannedAnew, jurisdiction, ids, statuses, codes, at)
		if err != nil || len(devices) == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE devices d SET fcm_token = NULL, updated_at = $4
			FROM unnest($2::uuid[], $3::text[]) AS gone (id, token)
			WHERE d.jurisdiction_id = $1 AND d.id = gone.id AND d.fcm_token = gone.token`, plannedAnew, jurisdiction, devices, tokens, at)
		return err
	})
	return FromDatabase(err)
}

// Deliveries returns how the notifications about a report travelled, oldest first.
func Deliveries(ctx context.Context, db *gorm.DB, jurisdiction int32, report uuid.UUID) ([]Delivery, error) {
	var all []Delivery
	err := db.WithContext(ctx).
		Joins("JOIN notifications n ON n.jurisdiction_id = deliveries.jurisdiction_id AND n.id = deliveries.notification_id").
		Where("deliveries.jurisdiction_id = ? AND n.report_id = ?", jurisdiction, report).
		Order("n.pos, deliveries.id").Find(&all).Error
	return all, FromDatabase(err)
}
