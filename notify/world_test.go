// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"go.uber.org/goleak"

	"hientruong/database/dbtest"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/notify"
	"hientruong/words"
)

func TestMain(m *testing.M) {
	code, err := dbtest.WithServer(context.Background(), func() int {
		ours := goleak.IgnoreCurrent()
		if code := m.Run(); code != 0 {
			return code
		}
		// GORM keeps the opener of its face on the pool until the process ends.
		opener := goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener")
		if err := goleak.Find(ours, opener); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// labels names two categories, one of them sensitive, and a unit.
type labels struct{}

func (labels) Category(_, _ int32, code string, lang models.Language) string {
	return map[string]string{"den-duong/vi": "Đèn đường", "den-duong/en": "Street light"}[code+"/"+string(lang)]
}

func (labels) Unit(_, _ int32, code string, _ models.Language) string {
	return map[string]string{"chieu-sang": "Công ty Chiếu sáng", "tre-em": "Bảo vệ trẻ em", "moi-truong": "Công ty Môi trường", "ioc": "Trung tâm"}[code]
}

func (labels) Reason(_, _ int32, code string, _ models.Language) string {
	return map[string]string{"da-xu-ly": "Sự việc đã được xử lý trước đó."}[code]
}

func (labels) Clock(_, _ int32, _, name string, _ models.Language) notify.Clock {
	return map[string]notify.Clock{
		"tiep-nhan": {Label: "Hạn tiếp nhận"}, "xu-ly": {Label: "Hạn xử lý", Public: true}, "phoi-hop": {Label: "Hạn phối hợp"},
		"cho-dan": {Label: "Hạn bổ sung", Public: true, Waits: true, Steps: true}, "dong": {Label: "Tự đóng", Steps: true},
	}[name]
}

func (labels) Operations(int32, int32) string { return "ioc" }

// world is a jurisdiction with its log, and a reader of it.
type world struct {
	t      *testing.T
	db     *dbtest.Database
	river  *river.Client[pgx.Tx]
	reader *notify.Reader
	j      int32
	pos    int64
	log    []models.Event
}

func newWorld(t *testing.T, channel string) *world {
	t.Helper()
	db := dbtest.New(t)
	jobs, err := river.NewClient(riverpgxv5.New(db.DB.Pool), &river.Config{})
	check(t, err)
	catalogue, err := words.Load()
	check(t, err)
	hue, err := models.EnsureJurisdiction(t.Context(), db.DB.Gorm, "hue")
	check(t, err)
	reader := notify.NewReader(notify.ReaderConfig{Labels: labels{}, Words: catalogue, Jobs: jobs, Channel: channel})
	return &world{t: t, db: db, river: jobs, reader: reader, j: hue.ID}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ptr[T any](v T) *T { return &v }

func (w *world) create(row any) {
	w.t.Helper()
	check(w.t, w.db.DB.Gorm.WithContext(w.t.Context()).Create(row).Error)
}

func (w *world) citizen(lang models.Language) *uuid.UUID {
	id := uuid.New()
	w.create(&models.Citizen{JurisdictionID: w.j, ID: id, PhoneIndex: append(id[:], id[:]...), KeyID: "k", PhoneSealed: []byte{1}, Language: lang, CreatedAt: time.Now()})
	return &id
}

// device makes a phone; without a token where that is "".
func (w *world) device(owner *uuid.UUID, token string, demo bool) *uuid.UUID {
	d := models.Device{JurisdictionID: w.j, ID: uuid.New(), SecretHash: make([]byte, 32), CitizenID: owner, Platform: "android", Language: models.Vietnamese, Demo: demo, CreatedAt: time.Now(), UpdatedAt: time.Now()}
	if token != "" {
		d.FCMToken = &token
	}
	w.create(&d)
	return &d.ID
}

func (w *world) report(citizen, device *uuid.UUID) uuid.UUID {
	return w.reportLike(func(r *models.Report) { r.CitizenID, r.DeviceID = citizen, device })
}

// reportLike makes a report that is as told.
func (w *world) reportLike(is func(*models.Report)) uuid.UUID {
	id := uuid.New()
	r := models.Report{
		JurisdictionID: w.j, ID: id, Code: "HUE-" + id.String()[:8], PackVersion: 1, Workflow: "thuong", State: "submitted", Phase: models.PhaseReceived,
		Visibility: models.VisibilityPrivate, Shown: models.ShownNone, Category: "den-duong", Urgency: models.UrgencyNormal, Channel: models.ChannelApp,
		Language: models.Vietnamese, Origin: models.OriginLive, LocationSource: models.SourcePin, LocationPrecision: models.PrecisionExact,
		Attributes: json.RawMessage("{}"), DescriptionID: uuid.New(), Version: 1, EventSeq: 1, CreatedAt: time.Now(), UpdatedAt: time.Now(),
	}
	is(&r)
	w.create(&r)
	return id
}

// reports makes n reports of n phones, each phone's token being "phone-N".
func (w *world) reports(n int) []uuid.UUID {
	w.t.Helper()
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = w.report(nil, w.device(nil, fmt.Sprintf("phone-%d", i), false))
	}
	return ids
}

// event adds to the log, as the ledger would.
func (w *world) event(report uuid.UUID, kind models.EventKind, origin models.Origin, body models.Body) models.Event {
	w.t.Helper()
	return w.eventBy("system", report, kind, origin, body)
}

// eventBy is an event of an actor's.
func (w *world) eventBy(actor string, report uuid.UUID, kind models.EventKind, origin models.Origin, body models.Body) models.Event {
	w.t.Helper()
	w.pos++
	e := models.Event{
		JurisdictionID: w.j, Pos: w.pos, SubjectKind: models.SubjectReport, SubjectID: report, SubjectSeq: w.pos, Kind: kind,
		Origin: origin, Actor: actor, At: time.Now().UTC().Truncate(time.Microsecond), Body: body.Canonical(), Hash: make([]byte, 32),
	}
	w.create(&e)
	w.log = append(w.log, e)
	return e
}

func (w *world) submitted(report uuid.UUID) models.Event {
	return w.event(report, models.EventReportSubmitted, models.OriginLive, models.Body{After: &models.Keys{State: "submitted", Phase: models.PhaseReceived, Category: "den-duong"}})
}

func (w *world) moved(report uuid.UUID, from, to models.Keys) models.Event {
	return w.event(report, models.EventReportMoved, models.OriginLive, models.Body{Before: &from, After: &to})
}

// read hands the reader events in one transaction, the whole log where there are none.
func (w *world) read(events ...models.Event) {
	w.t.Helper()
	if len(events) == 0 {
		events = w.log
	}
	check(w.t, ledger.InTx(w.t.Context(), w.db.DB.Gorm, func(tx ledger.Tx) error { return w.reader.Read(w.t.Context(), tx, events) }))
}

func (w *world) notifications() []models.Notification {
	w.t.Helper()
	var all []models.Notification
	check(w.t, w.db.DB.Gorm.WithContext(w.t.Context()).Order("pos, recipient").Find(&all).Error)
	return all
}

func (w *world) deliveries() []models.Delivery {
	w.t.Helper()
	var all []models.Delivery
	check(w.t, w.db.DB.Gorm.WithContext(w.t.Context()).Order("id").Find(&all).Error)
	return all
}

// jobs returns the arguments of every push job, in order.
func (w *world) jobs() []notify.PushArgs {
	w.t.Helper()
	found, err := w.river.JobList(w.t.Context(), river.NewJobListParams().Kinds(notify.PushArgs{}.Kind()).First(1000))
	check(w.t, err)
	all := make([]notify.PushArgs, len(found.Jobs))
	for i, job := range found.Jobs {
		check(w.t, json.Unmarshal(job.EncodedArgs, &all[i]))
	}
	return all
}

// results are the codes in a delivery's history.
func results(t *testing.T, d models.Delivery) []string {
	t.Helper()
	var tries []models.DeliveryTry
	check(t, json.Unmarshal(d.History, &tries))
	codes := make([]string, len(tries))
	for i, try := range tries {
		codes[i] = try.Result
		if try.At.IsZero() {
			t.Errorf("a try without a time: %s", d.History)
		}
	}
	return codes
}
