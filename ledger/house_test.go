// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"hientruong/database"
	"hientruong/database/dbtest"
	"hientruong/ledger"
	"hientruong/models"
)

func TestMain(m *testing.M) {
	code, err := dbtest.WithServer(context.Background(), func() int {
		before := goleak.IgnoreCurrent()
		code := m.Run()
		// database/sql's own goroutine belongs to whoever opened the pool.
		pools := goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener")
		if err := goleak.Find(before, pools); err != nil && code == 0 {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return code
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// town is a jurisdiction in a database of its own.
type town struct {
	*dbtest.Database
	id int32
}

func newTown(tb testing.TB) *town {
	tb.Helper()
	db := dbtest.New(tb)
	j, err := models.EnsureJurisdiction(tb.Context(), db.DB.Gorm, "hue")
	if err != nil {
		tb.Fatal(err)
	}
	return &town{db, j.ID}
}

// node opens a pool of its own, as another process would have.
func (w *town) node(tb testing.TB) *database.DB {
	tb.Helper()
	db, err := database.Open(tb.Context(), database.Config{URL: w.AppURL, MaxConns: 8})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(db.Close)
	return db
}

// owner connects as the role that may change everything.
func (w *town) owner(tb testing.TB) *pgx.Conn {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), w.OwnerURL)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// watched is a ledger and its figures.
type watched struct {
	*ledger.Ledger
	figures *prometheus.Registry
}

// start starts a ledger on the town's pool, or on the one that is set.
func (w *town) start(tb testing.TB, config ledger.Config) watched {
	tb.Helper()
	if config.Pool == nil {
		config.Pool = w.DB.Pool
	}
	figures := prometheus.NewRegistry()
	config.Metrics = figures
	l := ledger.New(config)
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := l.Close(ctx); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return watched{l, figures}
}

// figure reads one counter or gauge.
func (l watched) figure(tb testing.TB, name string) float64 {
	tb.Helper()
	families, err := l.figures.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "hientruong_ledger_"+name {
			m := f.GetMetric()[0]
			return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	tb.Fatalf("no figure %s", name)
	return 0
}

// eventually polls until ok holds, for 20 s at most.
func eventually(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-limit:
			tb.Fatalf("it did not happen that %s", what)
		}
	}
}

// act is an intent of the tests' own.
type act struct {
	needs  models.Needs
	decide func(models.Facts, time.Time) (models.Change, error)
}

func (a act) Needs() models.Needs { return a.needs }

func (a act) Decide(f models.Facts, now time.Time) (models.Change, error) { return a.decide(f, now) }

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// newReport is a report that the database takes.
func (w *town) newReport(id uuid.UUID, at time.Time) models.Report {
	hex := strings.ReplaceAll(id.String(), "-", "")
	return models.Report{
		JurisdictionID: w.id, ID: id, Code: "T-" + hex, PackVersion: 1, Workflow: "thuong",
		State: "submitted", Phase: models.PhaseReceived, Visibility: models.VisibilityPrivate, Shown: models.ShownNone,
		Category: "den-duong", Urgency: models.UrgencyNormal, Channel: models.ChannelApp, Language: models.Vietnamese,
		Origin: models.OriginLive, LocationSource: models.SourceGPS, LocationPrecision: models.PrecisionExact,
		Attributes: []byte(`{}`), DescriptionID: newID(), Version: 1, EventSeq: 1, CreatedAt: at, UpdatedAt: at,
	}
}

func event(r models.Report, kind models.EventKind, at time.Time) models.Event {
	return models.Event{
		SubjectKind: models.SubjectReport, SubjectID: r.ID, SubjectSeq: r.EventSeq, Kind: kind,
		Origin: r.Origin, Actor: "system", At: at, Body: models.Body{Version: r.Version, After: r.Keys()}.Canonical(),
	}
}

// submit files a report with its text and event; spoil may change all of it.
func (w *town) submit(id uuid.UUID, spoil ...func(*models.Change)) act {
	return act{models.Needs{Jurisdiction: w.id}, func(_ models.Facts, now time.Time) (models.Change, error) {
		r := w.newReport(id, now)
		text := models.Draft{ID: r.DescriptionID, Body: "Đèn đường hỏng"}.Text(&r, models.TextDescription, r.Language, "system", now)
		c := models.Change{Insert: []models.Row{text, r}, Events: []models.Event{event(r, models.EventReportSubmitted, now)}, Subject: id}
		for _, f := range spoil {
			f(&c)
		}
		return c, nil
	}}
}

// move moves a report one version on; it refuses when there is none.
func (w *town) move(id uuid.UUID) act {
	return act{models.Needs{Jurisdiction: w.id, Reports: []uuid.UUID{id}}, func(f models.Facts, now time.Time) (models.Change, error) {
		found, ok := f.Reports[id]
		if !ok {
			return models.Change{}, models.E(models.CodeNotFound)
		}
		r := found.Report
		r.Version, r.EventSeq, r.UpdatedAt = r.Version+1, r.EventSeq+1, now
		return models.Change{Update: []models.Row{r}, Events: []models.Event{event(r, models.EventReportMoved, now)}, Subject: id}, nil
	}}
}

func (a act) keyed(key models.IdempotencyKey) act {
	a.needs.Idempotency = &key
	return a
}

func newKey() models.IdempotencyKey {
	return models.IdempotencyKey{Installation: newID(), Key: newID(), Fingerprint: [32]byte{1}}
}

// answer is what Do said.
type answer struct {
	ledger.Outcome
	err error
}

// must carries an intent out that nothing is wrong with.
func (l watched) must(tb interface {
	Helper()
	Fatalf(string, ...any)
	Context() context.Context
}, intent models.Intent) ledger.Outcome {
	tb.Helper()
	out, err := l.Do(tb.Context(), intent)
	if err != nil {
		tb.Fatalf("do: %v", err)
	}
	return out
}

// gate holds the writer up until it is opened, so that a batch gathers behind it.
func (l watched) gate(tb testing.TB, jurisdiction int32) (open func()) {
	tb.Helper()
	entered, opened, left := make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		_, err := l.Do(context.Background(), act{models.Needs{Jurisdiction: jurisdiction}, func(models.Facts, time.Time) (models.Change, error) {
			entered <- struct{}{}
			<-opened
			return models.Change{}, nil
		}})
		if err != nil {
			tb.Errorf("gate: %v", err)
		}
	}()
	<-entered
	return func() {
		close(opened)
		<-left
	}
}

// together has intents carried out as one batch, in this order.
func (l watched) together(tb testing.TB, jurisdiction int32, intents ...act) []answer {
	tb.Helper()
	open := l.gate(tb, jurisdiction)
	answers := make([]answer, len(intents))
	done := make(chan struct{}, len(intents))
	for i, intent := range intents {
		go func() {
			out, err := l.Do(context.Background(), intent)
			answers[i] = answer{out, err}
			done <- struct{}{}
		}()
		eventually(tb, "the intent waits", func() bool { return int(l.figure(tb, "waiting_intents")) == i+1 })
	}
	open()
	for range intents {
		<-done
	}
	return answers
}

func wantCode(tb testing.TB, err error, code models.Code) {
	tb.Helper()
	var e *models.Error
	if !errors.As(err, &e) || e.Code != code {
		tb.Errorf("got error %v, want %s", err, code)
	}
}

// one reads a single value.
func one[T any](tb testing.TB, pool *pgxpool.Pool, query string, args ...any) T {
	tb.Helper()
	var v T
	if err := pool.QueryRow(tb.Context(), query, args...).Scan(&v); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return v
}

// whole fails unless the log is gapless, unaltered and as long as the head says.
func (w *town) whole(tb testing.TB, events int64) {
	tb.Helper()
	all, err := models.Jurisdictions(tb.Context(), w.DB.Gorm)
	if err != nil {
		tb.Fatal(err)
	}
	n, err := ledger.VerifyAll(tb.Context(), w.DB.Pool, all, nil)
	if err != nil || n != events {
		tb.Errorf("the log has %d events, want %d; error %v", n, events, err)
	}
}
