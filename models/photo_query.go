// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// shownPhoto are the columns of a photo without its evidence and its owner.
const shownPhoto = "photos.jurisdiction_id, photos.id, photos.report_id, photos.kind, photos.status, photos.reason, photos.bytes, photos.format, " +
	"photos.width, photos.height, photos.blurhash, photos.alt, photos.origin, photos.created_at, photos.rendered_at"

// photosIn is which photos of a report a view shows. The public sees what is rendered:
// pictures of the matter, and of the result once the answer is out. A reporter sees their
// own in any status and the answer's; documents are not for the public.
func photosIn(v View) condition {
	switch v {
	case ViewPublic:
		return condition{sql: "photos.status = 'ready' AND EXISTS (SELECT FROM reports r WHERE r.jurisdiction_id = photos.jurisdiction_id AND r.id = photos.report_id AND r.shown = 'full'" +
			" AND (photos.kind = 'before' OR photos.kind = 'after' AND r.published_at IS NOT NULL AND r.phase IN ('answered', 'ended')))"}
	case ViewOwn:
		return condition{sql: "(photos.kind = 'before' OR photos.owner NOT LIKE 'staff:%' OR photos.status = 'ready' AND EXISTS (SELECT FROM reports r WHERE r.jurisdiction_id = photos.jurisdiction_id" +
			" AND r.id = photos.report_id AND r.published_at IS NOT NULL AND r.phase IN ('answered', 'ended')))"}
	case ViewUnit, ViewOperations:
		return condition{sql: "true"}
	}
	return condition{sql: isNobodys}
}

func (l *loader) photos([]Report) error {
	c := photosIn(l.view)
	query := l.of().Where(c.sql, c.args...)
	if l.view != ViewOperations {
		query = query.Select(shownPhoto)
	}
	var all []Photo
	err := query.Order("created_at, id").Find(&all).Error
	for _, p := range all {
		b := l.bundles[*p.ReportID]
		b.Photos = append(b.Photos, p)
	}
	return err
}

// FindPhoto returns a photo that the actor may see, in the view they see its report in.
// One that belongs to no report yet is its owner's alone. What is not theirs is
// CodeNotFound.
func FindPhoto(ctx context.Context, db *gorm.DB, a Actor, id uuid.UUID) (Photo, View, error) {
	var p Photo
	found := db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", a.Jurisdiction, id)
	if err := found.Session(&gorm.Session{}).Take(&p).Error; err != nil {
		return Photo{}, "", FromDatabase(err)
	}
	if p.ReportID == nil {
		if a.ID == uuid.Nil || p.Owner != a.String() {
			return Photo{}, "", E(CodeNotFound)
		}
		return p, ViewOwn, nil
	}
	seen, err := FindReport(ctx, db, a, *p.ReportID)
	if err != nil {
		return Photo{}, "", err
	}
	c := photosIn(seen.View)
	query := found.Where(c.sql, c.args...)
	if seen.View != ViewOperations {
		query = query.Select(shownPhoto)
	}
	var shown Photo
	if err := query.Take(&shown).Error; err != nil {
		return Photo{}, "", FromDatabase(err)
	}
	return shown, seen.View, nil
}
