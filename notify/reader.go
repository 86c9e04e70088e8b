// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/words"
)

// pushWithin is how old an event may be for a push: a later one surprises more than it
// helps, and a demo that fills in past days would ring phones. The inbox has it anyway.
const pushWithin = 24 * time.Hour

// namespace makes the ids of notifications ours.
var namespace = uuid.MustParse("7f0c1f5e-2a55-5d0c-9d62-7a1f6f1f4d10")

// Jobs enqueues within a transaction; *river.Client[pgx.Tx] does.
type Jobs interface {
	InsertManyTx(ctx context.Context, tx pgx.Tx, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
}

// ReaderConfig is what a Reader works with. All but Queue and Log are needed, Jobs
// only with models.DeliveryFCM.
type ReaderConfig struct {
	Labels Labels
	Words  *words.Catalogue
	Jobs   Jobs
	// Channel is models.DeliveryFCM, or models.DeliveryInApp where there is no Firebase:
	// then a delivery counts as sent when it is written, and the log names it.
	Channel string
	// Queue is the River queue of the pushes, "" for the default one.
	Queue string
	// Log is told of in-app deliveries, by ids alone. Nil: nothing is logged.
	Log *slog.Logger
}

// Reader makes notifications of events. It is a ledger.Reader.
type Reader struct{ cfg ReaderConfig }

var _ ledger.Reader = (*Reader)(nil)

// NewReader makes a Reader.
func NewReader(cfg ReaderConfig) *Reader {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Reader{cfg: cfg}
}

// Name is the reader's cursor.
func (*Reader) Name() string { return "notify" }

// NotificationID is the id of what a recipient hears of an event. It is always the
// same, so that an event read again makes nothing new.
func NotificationID(jurisdiction int32, recipient string, pos int64) uuid.UUID {
	return uuid.NewSHA1(namespace, fmt.Appendf(nil, "%d/%s/%d", jurisdiction, recipient, pos))
}

// step is an event that somebody hears of.
type step struct {
	jurisdiction int32
	report       uuid.UUID
	pos          int64
	kind         Kind
	state        models.State
	unit         string
	until        *time.Time
	origin       models.Origin
	at           time.Time
	after        *models.Keys
}

// category is the one the event names, else the report's.
func (s step) category(who models.Addressee) string {
	if s.after != nil && s.after.Category != "" {
		return s.after.Category
	}
	return who.Category
}

// Read writes notifications, deliveries and jobs for the events, in a handful of
// statements a jurisdiction whatever their number. Events of an import or a drill tell
// nobody.
func (r *Reader) Read(ctx context.Context, tx ledger.Tx, events []models.Event) error {
	steps, err := stepsOf(events)
	if err != nil {
		return err
	}
	byJurisdiction := map[int32][]step{}
	for _, s := range steps {
		byJurisdiction[s.jurisdiction] = append(byJurisdiction[s.jurisdiction], s)
	}
	for _, jurisdiction := range slices.Sorted(maps.Keys(byJurisdiction)) {
		if err := r.tell(ctx, tx, jurisdiction, byJurisdiction[jurisdiction]); err != nil {
			return err
		}
	}
	return nil
}

// tell tells of the steps of one jurisdiction.
func (r *Reader) tell(ctx context.Context, tx ledger.Tx, jurisdiction int32, steps []step) error {
	steps, err := assignedOnce(ctx, tx, jurisdiction, steps)
	if err != nil {
		return err
	}
	heard, err := r.addressees(ctx, tx, jurisdiction, steps)
	if err != nil {
		return err
	}
	notifications, deliveries := r.compose(tx.Now, steps, heard)
	if len(notifications) == 0 {
		return nil
	}
	fresh, err := models.InsertNotifications(ctx, tx, notifications)
	if err != nil {
		return err
	}
	return r.deliver(ctx, tx, jurisdiction, onlyOf(fresh, deliveries))
}

func stepsOf(events []models.Event) ([]step, error) {
	var steps []step
	for _, event := range events {
		if event.SubjectKind != models.SubjectReport || event.Origin == models.OriginImport || event.Origin == models.OriginDrill {
			continue
		}
		body, err := event.ParseBody()
		if err != nil {
			return nil, fmt.Errorf("notify: event %d/%d: %w", event.JurisdictionID, event.Pos, err)
		}
		kind, tells := kindOf(event, body)
		if !tells {
			continue
		}
		s := step{
			jurisdiction: event.JurisdictionID, report: event.SubjectID, pos: event.Pos, kind: kind,
			unit: body.Unit, until: body.Until, origin: event.Origin, at: event.At, after: body.After,
		}
		if s.after != nil {
			s.state = s.after.State
			// A report that went elsewhere is no longer its lead unit's.
			if s.unit == "" && kind != KindTransferred {
				s.unit = s.after.Unit
			}
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// assignedOnce leaves out every assignment of a report but its first: between units a
// report can go to and fro, and the reporter need not hear of each.
func assignedOnce(ctx context.Context, tx ledger.Tx, jurisdiction int32, steps []step) ([]step, error) {
	var reports []uuid.UUID
	for _, s := range steps {
		if s.kind == KindAssigned {
			reports = append(reports, s.report)
		}
	}
	if len(reports) == 0 {
		return steps, nil
	}
	first, err := models.FirstMoves(ctx, tx, jurisdiction, models.State(KindAssigned), reports)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(steps, func(s step) bool { return s.kind == KindAssigned && s.pos != first[s.report] }), nil
}

// addressees returns who hears of each of the steps' reports.
func (r *Reader) addressees(ctx context.Context, tx ledger.Tx, jurisdiction int32, steps []step) (map[uuid.UUID][]models.Addressee, error) {
	heard := map[uuid.UUID][]models.Addressee{}
	for _, s := range steps {
		heard[s.report] = nil
	}
	all, err := models.Addressees(ctx, tx, jurisdiction, slices.Collect(maps.Keys(heard)), r.cfg.Channel == models.DeliveryInApp)
	for _, who := range all {
		heard[who.ReportID] = append(heard[who.ReportID], who)
	}
	return heard, err
}

// compose makes the rows of the steps as they would be if none were there yet.
func (r *Reader) compose(now time.Time, steps []step, heard map[uuid.UUID][]models.Addressee) ([]models.Notification, []models.Delivery) {
	var notifications []models.Notification
	var deliveries []models.Delivery
	for _, s := range steps {
		for _, who := range heard[s.report] {
			title, body := r.write(s, who)
			n := models.Notification{
				JurisdictionID: s.jurisdiction, ID: NotificationID(s.jurisdiction, who.Recipient, s.pos),
				Recipient: who.Recipient, ReportID: s.report, Pos: s.pos, Kind: string(s.kind), State: s.state,
				Language: who.Language, Title: title, Body: body, Link: "/r/" + who.Code, CreatedAt: s.at,
			}
			notifications = append(notifications, n)
			for _, device := range devicesOf(s, who, now) {
				deliveries = append(deliveries, r.delivery(n, device, now))
			}
		}
	}
	return notifications, deliveries
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
	if r.cfg.Channel == models.DeliveryInApp {
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
	if r.cfg.Channel == models.DeliveryInApp {
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
