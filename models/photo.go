// SPDX-License-Identifier: Apache-2.0

package models

import (
	"time"

	"github.com/google/uuid"
)

// Photo is a picture somebody sent. Its objects lie in the store: the staged bytes until
// it is rendered, then its renditions. Lat, Lon and TakenAt are evidence for staff.
type Photo struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	ReportID       *uuid.UUID
	Owner          string // an Actor's String, of who uploaded it
	Kind           PhotoKind
	Status         PhotoStatus
	Reason         *string
	SHA256         []byte `gorm:"column:sha256"`
	Bytes          int64
	Format         string
	Width          int32
	Height         int32
	Blurhash       *string
	Dhash          *int64
	TakenAt        *time.Time
	Lat            *float64
	Lon            *float64
	Alt            *string
	Origin         Origin
	EventSeq       int64
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	RenderedAt     *time.Time
}

// TableName is the table's name.
func (Photo) TableName() string { return "photos" }

// PhotoStaged is the event of a photo that lies in the store and waits to be rendered.
func PhotoStaged(photo Photo, actor Actor) Event {
	return photo.event(EventPhotoStaged, actor.String(), photo.CreatedAt, "")
}

// PhotoFinished is the event of a photo whose renditions were made, or that was refused.
func PhotoFinished(photo Photo, at time.Time) Event {
	if photo.Status == PhotoRefused {
		return photo.event(EventPhotoRefused, string(ActorSystem), at, *photo.Reason)
	}
	return photo.event(EventPhotoReady, string(ActorSystem), at, "")
}

func (p Photo) event(kind EventKind, actor string, at time.Time, reason string) Event {
	return Event{
		SubjectKind: SubjectPhoto, SubjectID: p.ID, SubjectSeq: p.EventSeq, Kind: kind, Origin: p.Origin, Actor: actor, At: at,
		Body: Body{Ref: p.ReportID, Reason: reason}.Canonical(),
	}
}
