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

// plannedAnew goes before the arguments of a statement over an array: a plan that was
// kept from when the tables were small would read them whole as they grow.
const plannedAnew = pgx.QueryExecModeCacheDescribe

// FirstMoves returns the position at which each of the reports first moved to the
// state; those that never did are absent.
func FirstMoves(ctx context.Context, q PGX, jurisdiction int32, state State, reports []uuid.UUID) (map[uuid.UUID]int64, error) {
	type row struct {
		ID  uuid.UUID
		Pos int64
	}
	rows, err := collect[row](ctx, q, `
		SELECT subject_id, min(pos) FROM events
		WHERE jurisdiction_id = $1 AND subject_id = ANY($2::uuid[]) AND kind = $3 AND body::jsonb #>> '{after,state}' = $4
		GROUP BY subject_id`, jurisdiction, reports, string(EventReportMoved), string(state))
	first := make(map[uuid.UUID]int64, len(rows))
	for _, r := range rows {
		first[r.ID] = r.Pos
	}
	return first, err
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

// NotificationPage is a piece of an inbox. NextCursor is "" at its end.
type NotificationPage struct {
	Notifications []Notification
	NextCursor    string
}

// Notifications returns a page of the inbox of the recipients (see Notification.Recipient),
// the newest first, at most limit of them; it begins behind a cursor, "" is the newest.
// Positions grow with time and ids do not; of one position each recipient has one. What is
// no cursor of this inbox is CodeCursorInvalid.
func Notifications(ctx context.Context, db *gorm.DB, jurisdiction int32, recipients []string, cursor string, limit int) (NotificationPage, error) {
	list := listID("notifications", jurisdiction, recipients)
	behind, err := parseCursor(cursor, list)
	if err != nil || len(recipients) == 0 {
		return NotificationPage{}, err
	}
	find := db.WithContext(ctx).Where("jurisdiction_id = ? AND recipient IN ?", jurisdiction, recipients)
	if behind != nil {
		find = find.Where("(pos, id) < (?, ?)", behind.at, behind.id)
	}
	var page NotificationPage
	if err := find.Order("pos DESC, id DESC").Limit(limit + 1).Find(&page.Notifications).Error; err != nil {
		return NotificationPage{}, FromDatabase(err)
	}
	if len(page.Notifications) > limit {
		page.Notifications = page.Notifications[:limit]
		last := page.Notifications[limit-1]
		page.NextCursor = place{last.Pos, last.ID}.cursor(list)
	}
	return page, nil
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

// ReadNotificationsOnce is ReadNotifications for the actor's inbox, once for an idempotency
// key. It says whether an earlier request had done it, and then counts what that one has
// marked: what bears its time. CodeIdempotencyConflict.
func ReadNotificationsOnce(ctx context.Context, db *gorm.DB, by Actor, ids []uuid.UUID, key IdempotencyKey, at time.Time) (n int64, replayed bool, err error) {
	at = at.Truncate(time.Microsecond) // as PostgreSQL keeps it
	kept, replayed, err := Once(ctx, db, by.Jurisdiction, key, by.ID, at, func(tx *gorm.DB) (err error) {
		n, err = ReadNotifications(ctx, tx, by.Jurisdiction, by.Inbox(), ids, at)
		return err
	})
	if err != nil || !replayed {
		return n, replayed, err
	}
	marked := db.WithContext(ctx).Model(&Notification{}).
		Where("jurisdiction_id = ? AND recipient IN ? AND read_at = ?", by.Jurisdiction, by.Inbox(), kept.CreatedAt)
	if len(ids) > 0 {
		marked = marked.Where("id IN ?", ids)
	}
	err = marked.Count(&n).Error
	return n, replayed, FromDatabase(err)
}

// Inbox returns the recipients whose notifications the actor reads: the person's and,
// of a citizen, those of the phone in use.
func (a Actor) Inbox() []string {
	var recipients []string
	if (a.Kind == ActorCitizen || a.Kind == ActorStaff) && a.ID != uuid.Nil {
		recipients = append(recipients, a.String())
	}
	if (a.Kind == ActorCitizen || a.Kind == ActorDevice) && a.DeviceID != uuid.Nil {
		recipients = append(recipients, string(ActorDevice)+":"+a.DeviceID.String())
	}
	return recipients
}
