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
