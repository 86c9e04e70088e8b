// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"gorm.io/gorm"
)

// ReportPage is one page of a list. NextCursor is "" on the last one.
type ReportPage struct {
	Reports    []Report
	View       View // in which all of them are shown
	NextCursor string
}

// ListReports returns a page of the reports that the actor may see and that meet the
// filter, behind a cursor of the same list ("" for its beginning). Limit is 50 where it
// is 0, and 200 at most. It fails with CodeCursorInvalid, with what is wrong with the
// filter, and with CodeUnauthorized or CodeForbidden for a view the actor has not got.
func ListReports(ctx context.Context, db *gorm.DB, a Actor, f ReportFilter, cursor string, limit int) (ReportPage, error) {
	if err := f.check(); err != nil {
		return ReportPage{}, err
	}
	v := f.View
	if v == "" {
		v = WidestView(a)
	}
	if !v.May(a) || f.Escalated != nil && (v == ViewPublic || v == ViewOwn) {
		return ReportPage{}, refusedTo(a)
	}
	list := f.list(a, v)
	after, err := parseCursor(cursor, list)
	if err != nil {
		return ReportPage{}, err
	}
	size := pageSize(limit)
	rows, err := f.rows(ctx, db, a, v, after, size+1)
	if err != nil {
		return ReportPage{}, FromDatabase(err)
	}
	page := ReportPage{View: v, Reports: rows}
	if len(rows) > size {
		page.Reports = rows[:size]
		page.NextCursor = f.placeOf(&rows[size-1]).cursor(list)
	}
	for i := range page.Reports {
		page.Reports[i] = page.Reports[i].For(v)
	}
	return page, nil
}

// refusedTo is the answer to somebody who asks for a view they have not got.
func refusedTo(a Actor) error {
	if a.Kind == ActorGuest {
		return E(CodeUnauthorized)
	}
	return E(CodeForbidden)
}

// leastByPlace is how many rows a round reads at least where the exact test of place can
// drop any of them: a thin box can lie beside all of a city's reports.
const leastByPlace = 500

// rows reads on until it has n rows that pass the exact test of place or there are no
// more. The ranges hold few others, so that one round is the rule.
func (f ReportFilter) rows(ctx context.Context, db *gorm.DB, a Actor, v View, after *place, n int) ([]Report, error) {
	var kept []Report
	size := n
	if f.Box != nil || f.Near != nil {
		size = max(n, leastByPlace)
	}
	for len(kept) < n {
		query := f.apply(db.WithContext(ctx).Scopes(ReportScope(a, v)), v)
		var batch []Report
		if err := f.order(f.behind(query, after)).Limit(size).Find(&batch).Error; err != nil {
			return nil, err
		}
		for i := range batch {
			if f.holds(&batch[i], v) && len(kept) < n {
				kept = append(kept, batch[i])
			}
		}
		if len(batch) < size {
			break
		}
		last := f.placeOf(&batch[size-1])
		after = &last
	}
	return kept, nil
}

func (f ReportFilter) placeOf(r *Report) place {
	if f.Sort == SortUpdated {
		return placeAt(&r.UpdatedAt, r.ID)
	}
	return place{id: r.ID}
}

// behind narrows to the rows that come after a place in the list.
func (f ReportFilter) behind(db *gorm.DB, p *place) *gorm.DB {
	switch {
	case p == nil:
		return db
	case f.Sort == SortOldest:
		return db.Where("reports.id > ?", p.id)
	case f.Sort == SortUpdated:
		return db.Where("(reports.updated_at, reports.id) < (?, ?)", p.time(), p.id)
	default:
		return db.Where("reports.id < ?", p.id)
	}
}

func (f ReportFilter) order(db *gorm.DB) *gorm.DB {
	switch f.Sort {
	case SortOldest:
		return db.Order("reports.jurisdiction_id, reports.id")
	case SortUpdated:
		return db.Order("reports.jurisdiction_id DESC, reports.updated_at DESC, reports.id DESC")
	default:
		return db.Order("reports.jurisdiction_id DESC, reports.id DESC")
	}
}
