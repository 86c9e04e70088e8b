// SPDX-License-Identifier: Apache-2.0

package models

import (
	"github.com/google/uuid"
	"gorm.io/gorm"
)

// standing is what is read of a report that another one is tied to: how it stands.
var standing = []string{"jurisdiction_id", "id", "code", "pack_version", "workflow", "state", "phase", "previous_state", "shown"}

// related finds the reports that others duplicate, and those that others were a part of,
// where the view may know of them.
func (l *loader) related(reports []Report) error {
	var wanted []uuid.UUID
	for i := range reports {
		for _, id := range []*uuid.UUID{reports[i].DuplicateOf, reports[i].SplitFrom} {
			if id != nil {
				wanted = append(wanted, *id)
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	var found []Report
	err := l.db.Select(standing).Where("jurisdiction_id = ? AND id IN ?", l.jurisdiction, wanted).Find(&found).Error
	known := make(map[uuid.UUID]*Report, len(found))
	for i := range found {
		known[found[i].ID] = &found[i]
	}
	for i := range reports {
		b := l.bundles[reports[i].ID]
		if id := reports[i].DuplicateOf; id != nil {
			b.Original, b.Survivor = l.told(known[*id])
		}
		if id := reports[i].SplitFrom; id != nil {
			b.SplitFrom, _ = l.told(known[*id])
			if l.view == ViewOwn {
				b.SplitFrom = id // whoever sent the whole in has sent in the part
			}
		}
	}
	return err
}

// told is what the view may know of a report that one of its own is tied to. The reporter
// is told how the report stands that theirs was merged into, whoever may read it.
func (l *loader) told(r *Report) (*uuid.UUID, *Report) {
	switch {
	case r == nil:
		return nil, nil
	case l.view == ViewOperations || r.Shown != ShownNone:
		return &r.ID, r
	case l.view == ViewOwn:
		bare := *r
		bare.ID, bare.Code = uuid.Nil, ""
		return nil, &bare
	default:
		return nil, nil
	}
}

// addresses finds where parts are in words: what was said of the whole that they were split
// off from.
func (l *loader) addresses(reports []Report) error {
	ids := idsOf(reports, func(r *Report) bool { return r.SplitFrom != nil })
	if l.view == ViewPublic || len(ids) == 0 {
		return nil
	}
	var found []struct {
		Part uuid.UUID
		Text
	}
	err := l.db.Raw(`WITH RECURSIVE up AS (
	SELECT id AS part, split_from, 0 AS n FROM reports WHERE jurisdiction_id = @j AND id IN @ids
	UNION ALL SELECT up.part, r.split_from, n + 1 FROM up JOIN reports r ON r.jurisdiction_id = @j AND r.id = up.split_from WHERE n < @most
) SELECT up.part, t.* FROM up JOIN texts t ON t.jurisdiction_id = @j AND t.report_id = up.split_from AND t.kind = @kind`,
		map[string]any{"j": l.jurisdiction, "ids": ids, "most": maxSplits, "kind": TextAddress}).Scan(&found).Error
	for _, f := range found {
		l.keep(f.Text, f.Part, false)
	}
	return err
}

// parts finds the reports that were a part of others.
func (l *loader) parts(reports []Report) error {
	wanted := l.ids
	if l.view == ViewPublic {
		wanted = idsOf(reports, func(r *Report) bool { return r.Shown == ShownFull })
	}
	if len(wanted) == 0 {
		return nil
	}
	var found []struct{ ID, SplitFrom uuid.UUID }
	query := l.db.Model(&Report{}).Select("id, split_from").Where("jurisdiction_id = ? AND split_from IN ?", l.jurisdiction, wanted)
	err := query.Scopes(l.visible).Order("id").Scan(&found).Error
	for _, part := range found {
		b := l.bundles[part.SplitFrom]
		b.Parts = append(b.Parts, part.ID)
	}
	return err
}

// visible narrows to reports that the view may know of. To a reporter all parts of theirs
// are their own.
func (l *loader) visible(db *gorm.DB) *gorm.DB {
	if l.view == ViewOperations || l.view == ViewOwn {
		return db
	}
	return db.Where(isShown)
}
