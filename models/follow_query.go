// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"gorm.io/gorm"
)

// ListFollowed returns a page of the reports that the actor follows and may still see, the
// newest first, in the public's view. Errors: those of OpReportFollow, CodeUnauthorized for
// who is nobody known, CodeCursorInvalid.
func ListFollowed(ctx context.Context, db *gorm.DB, a Actor, cursor string, limit int) (ReportPage, error) {
	if err := a.Require(OpReportFollow); err != nil {
		return ReportPage{}, err
	}
	if a.Kind == ActorGuest {
		return ReportPage{}, E(CodeUnauthorized)
	}
	list := listID("followed", a.Jurisdiction, a.String())
	after, err := parseCursor(cursor, list)
	if err != nil {
		return ReportPage{}, err
	}
	size := pageSize(limit)
	query := db.WithContext(ctx).Scopes(ReportScope(a, ViewPublic)).
		Where("reports.id IN (SELECT f.report_id FROM follows f WHERE f.jurisdiction_id = ? AND f.follower = ? AND f.ended_at IS NULL)", a.Jurisdiction, a.String())
	if after != nil {
		query = query.Where("reports.id < ?", after.id)
	}
	page := ReportPage{View: ViewPublic}
	if err := query.Order("reports.id DESC").Limit(size + 1).Find(&page.Reports).Error; err != nil {
		return ReportPage{}, FromDatabase(err)
	}
	if len(page.Reports) > size {
		page.Reports = page.Reports[:size]
		page.NextCursor = place{id: page.Reports[size-1].ID}.cursor(list)
	}
	for i := range page.Reports {
		page.Reports[i] = page.Reports[i].For(ViewPublic)
	}
	return page, nil
}
