// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"hientruong/ledger"
	"hientruong/models"
)

// mostRows is how many notifications are written at once, and how many followers are
// read at once: however many hear of a step, no more than these are held in memory.
const mostRows = 5000

// batch writes notifications as they are composed.
type batch struct {
	*Reader
	tx            ledger.Tx
	jurisdiction  int32
	scene         *scene
	notifications []models.Notification
	deliveries    []models.Delivery
}

// tell adds what somebody hears, in words that are written already.
func (b *batch) tell(ctx context.Context, s said, who models.Addressee, title, body string) error {
	report := b.scene.reports[s.report]
	n := models.Notification{
		JurisdictionID: s.jurisdiction, ID: NotificationID(s.jurisdiction, who.Recipient, s.pos),
		Recipient: who.Recipient, ReportID: s.report, Pos: s.pos, Kind: string(s.kind), State: s.state(report),
		Language: who.Language, Title: title, Body: body, Link: "/r/" + report.Code, CreatedAt: s.at,
	}
	b.notifications = append(b.notifications, n)
	for _, device := range devicesOf(s.step, who, b.tx.Now) {
		b.deliveries = append(b.deliveries, b.delivery(n, device, b.tx.Now))
	}
	if len(b.notifications) < mostRows {
		return nil
	}
	return b.flush(ctx)
}

// flush writes what was added.
func (b *batch) flush(ctx context.Context) error {
	if len(b.notifications) == 0 {
		return nil
	}
	fresh, err := models.InsertNotifications(ctx, b.tx, b.notifications)
	if err != nil {
		return err
	}
	err = b.deliver(ctx, b.tx, b.jurisdiction, onlyOf(fresh, b.deliveries))
	b.notifications, b.deliveries = b.notifications[:0], b.deliveries[:0]
	return err
}

// devicesOf returns the devices that a step may ring.
func devicesOf(s step, who models.Addressee, now time.Time) []uuid.UUID {
	switch {
	case now.Sub(s.at) > pushWithin:
		return nil
	case s.origin == models.OriginDemo:
		return who.DemoDevices
	default:
		return who.Devices
	}
}

func (r *Reader) delivery(n models.Notification, device uuid.UUID, now time.Time) models.Delivery {
	d := models.Delivery{
		JurisdictionID: n.JurisdictionID, ID: uuid.NewSHA1(n.ID, device[:]), NotificationID: n.ID, DeviceID: device,
		Channel: r.cfg.Channel, Status: models.DeliveryPending, CreatedAt: now,
	}
	if r.tokenless() {
		d.Status, d.Tries = models.DeliverySent, 1
		// A DeliveryTry always marshals.
		d.History, _ = json.Marshal([]models.DeliveryTry{{At: now, Result: string(models.DeliverySent)}})
	}
	return d
}

// onlyOf keeps the deliveries of notifications that are new: one that was there has its
// own already, and a phone that came since is not told of the past.
func onlyOf(fresh []uuid.UUID, deliveries []models.Delivery) []models.Delivery {
	is := make(map[uuid.UUID]bool, len(fresh))
	for _, id := range fresh {
		is[id] = true
	}
	return slices.DeleteFunc(deliveries, func(d models.Delivery) bool { return !is[d.NotificationID] })
}

func (r *Reader) deliver(ctx context.Context, tx ledger.Tx, jurisdiction int32, deliveries []models.Delivery) error {
	if len(deliveries) == 0 {
		return nil
	}
	if err := models.InsertDeliveries(ctx, tx, deliveries); err != nil {
		return err
	}
	if r.tokenless() {
		for _, d := range deliveries {
			r.cfg.Log.InfoContext(ctx, "push", "channel", d.Channel, "notification_id", d.NotificationID, "device_id", d.DeviceID)
		}
		return nil
	}
	var jobs []river.InsertManyParams
	for part := range slices.Chunk(deliveries, MostInJob) {
		args := PushArgs{Jurisdiction: jurisdiction, Deliveries: make([]uuid.UUID, len(part))}
		for i, d := range part {
			args.Deliveries[i] = d.ID
		}
		jobs = append(jobs, river.InsertManyParams{Args: args, InsertOpts: &river.InsertOpts{Queue: r.cfg.Queue}})
	}
	_, err := r.cfg.Jobs.InsertManyTx(ctx, tx.Tx, jobs)
	return models.FromDatabase(err)
}
