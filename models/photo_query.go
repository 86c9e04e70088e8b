// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// shownPhoto are the columns of a photo without its evidence and its owner.
const shownPhoto = "photos.jurisdiction_id, photos.id, photos.report_id, photos.kind, photos.status, photos.reason, photos.bytes, photos.format, " +
	"photos.width, photos.height, photos.blurhash, photos.alt, photos.origin, photos.created_at, photos.rendered_at"

// photosIn is which photos of a report a view shows. The public sees what is rendered:
// pictures of the matter, and of the result once the answer is out. A reporter sees their
// own in any status, the answer's, and of what came with somebody else's report what the
// public sees; documents are not for the public.
func photosIn(v View) condition {
	switch v {
	case ViewPublic:
		return condition{sql: photosOf + "photos.status = 'ready' AND r.shown = 'full' AND (photos.kind = 'before' OR photos.kind = 'after' AND " + answerIsOut + "))"}
	case ViewOwn:
		return condition{sql: photosOf + "(" + isReporters + " OR photos.status = 'ready' AND CASE photos.kind WHEN 'before' THEN r.shown = 'full' ELSE " + answerIsOut + " END))"}
	case ViewUnit, ViewOperations:
		return condition{sql: "true"}
	}
	return condition{sql: isNobodys}
}

const (
	photosOf    = "EXISTS (SELECT FROM reports r WHERE r.jurisdiction_id = photos.jurisdiction_id AND r.id = photos.report_id AND "
	answerIsOut = "r.published_at IS NOT NULL AND r.phase IN ('answered', 'ended')"
	// isReporters says whether who sent the report in sent the photo: the person, from the
	// phone before they signed in or on it since, or somebody who cannot be told apart.
	isReporters = "(photos.owner IN ('citizen:' || r.citizen_id, 'device:' || r.device_id, 'staff:' || r.agent_id)" +
		" OR r.citizen_id IS NULL AND (r.device_id IS NULL AND photos.owner = 'guest' OR EXISTS (SELECT FROM devices d" +
		" WHERE d.jurisdiction_id = r.jurisdiction_id AND d.id = r.device_id AND photos.owner = 'citizen:' || d.citizen_id)))"
)

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
	if err != nil || l.view != ViewOwn {
		return err
	}
	return l.photosAlong()
}

// photosAlong finds the photos of duplicates that went along to where those were merged:
// to whoever took them they are still their own.
func (l *loader) photosAlong() error {
	var all []struct {
		Duplicate uuid.UUID
		Photo
	}
	err := l.db.Table("photos").Select("r.id AS duplicate, "+shownPhoto).
		Joins("JOIN reports r ON r.jurisdiction_id = photos.jurisdiction_id AND r.duplicate_of = photos.report_id").
		Where("photos.jurisdiction_id = ? AND r.id IN ? AND photos.kind = 'before' AND "+isReporters, l.jurisdiction, l.ids).
		Order("photos.created_at, photos.id").Scan(&all).Error
	for _, p := range all {
		b := l.bundles[p.Duplicate]
		b.Photos = append(b.Photos, p.Photo)
	}
	return err
}

// FindPhoto returns a photo that the actor may see, in the view they see its report in.
// Whoever sent it may see it wherever it went; one that belongs to no report yet is theirs
// alone. What is not for the actor is CodeNotFound.
func FindPhoto(ctx context.Context, db *gorm.DB, a Actor, id uuid.UUID) (Photo, View, error) {
	var p Photo
	if err := db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", a.Jurisdiction, id).Take(&p).Error; err != nil {
		return Photo{}, "", FromDatabase(err)
	}
	if p.ReportID != nil {
		shown, view, err := findShown(ctx, db, a, &p)
		if CodeOf(err) != CodeNotFound {
			return shown, view, err
		}
	}
	if !a.sent(&p) {
		return Photo{}, "", E(CodeNotFound)
	}
	return p.bare(), ViewOwn, nil
}

// findShown reads a photo as the actor sees its report.
func findShown(ctx context.Context, db *gorm.DB, a Actor, p *Photo) (Photo, View, error) {
	seen, err := FindReport(ctx, db, a, *p.ReportID)
	if err != nil {
		return Photo{}, "", err
	}
	c := photosIn(seen.View)
	query := db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", a.Jurisdiction, p.ID).Where(c.sql, c.args...)
	if seen.View != ViewOperations {
		query = query.Select(shownPhoto)
	}
	var shown Photo
	if err := query.Take(&shown).Error; err != nil {
		return Photo{}, "", FromDatabase(err)
	}
	return shown, seen.View, nil
}

// sent says whether the actor sent a photo, as who they are or from the phone in use.
func (a Actor) sent(p *Photo) bool {
	return a.ID != uuid.Nil && (p.Owner == a.String() || slices.Contains(a.Inbox(), p.Owner))
}

// bare is a photo without its evidence and its owner.
func (p Photo) bare() Photo {
	p.Owner, p.SHA256, p.Dhash, p.TakenAt, p.Lat, p.Lon, p.EventSeq = "", nil, nil, nil, nil, nil, 0
	return p
}
