// SPDX-License-Identifier: Apache-2.0

package models

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Notification is one message of the in-app inbox, which is the truth; a push only
// points to it. Title and body are safe on a lock screen.
type Notification struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	Recipient      string    // an Actor's String: citizen:ID, device:ID or staff:ID
	ReportID       uuid.UUID
	Pos            int64 // of the event it tells of
	Kind           string
	State          State
	Language       Language
	Title          string
	Body           string
	Link           string
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	ReadAt         *time.Time
}

// TableName is the table's name.
func (Notification) TableName() string { return "notifications" }

// DeliveryStatus is how far a delivery has come.
type DeliveryStatus string

// The statuses of a delivery.
const (
	DeliveryPending DeliveryStatus = "pending"
	DeliverySent    DeliveryStatus = "sent"
	DeliveryFailed  DeliveryStatus = "failed"  // for good
	DeliveryDropped DeliveryStatus = "dropped" // the device is gone
)

// Delivery is one notification on its way to one device. History is an array of
// DeliveryTry.
type Delivery struct {
	JurisdictionID int32     `gorm:"primaryKey"`
	ID             uuid.UUID `gorm:"primaryKey"`
	NotificationID uuid.UUID
	DeviceID       uuid.UUID
	Channel        string // fcm or inapp
	Status         DeliveryStatus
	Tries          int16
	History        json.RawMessage
	CreatedAt      time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
}

// TableName is the table's name.
func (Delivery) TableName() string { return "deliveries" }

// DeliveryTry is one try of a delivery.
type DeliveryTry struct {
	At     time.Time `json:"at"`
	Result string    `json:"result"`
}
