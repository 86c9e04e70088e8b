// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/riverqueue/river"

	"hientruong/database"
	"hientruong/handlers"
	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/live"
	"hientruong/models"
	"hientruong/notify"
	"hientruong/photos"
	"hientruong/relay"
	"hientruong/storage"
	"hientruong/views"
	"hientruong/web"
	"hientruong/words"
	"hientruong/workflow/pack"
)

// Main joins the parts into one process. Serve and Work say what it does; with both it is
// a whole server.
type Main struct {
	Settings Settings
	Serve    bool
	Work     bool
	Demo     bool         // show phone codes and log-ins, as a made-up city may
	Listener net.Listener // to serve on; nil: Settings.Listen is opened
	Logger   *slog.Logger
	Accounts func() ([]handlers.DemoAccount, error) // the demo's log-ins, nil outside it

	db       *database.DB
	registry *prometheus.Registry
	bell     *ledger.Bell
	ledger   *ledger.Ledger
	packs    *pack.Holder
	store    storage.Store
	identity *identity.Service
	words    *words.Catalogue
	studio   *photos.Studio
	live     *live.Hub
	codes    *identity.DemoSender
	closers  []func() error
}

// softMemory is what the collector aims to stay under; rendering has a budget of its own
// within it.
const softMemory = 600 << 20

// Open connects and makes ready everything but what Run starts.
func (m *Main) Open(ctx context.Context) error {
	if err := m.Settings.needDatabase(); err != nil {
		return err
	}
	if m.Logger == nil {
		m.Logger = m.Settings.logger()
	}
	debug.SetMemoryLimit(softMemory)
	db, err := database.Open(ctx, database.Config{URL: m.Settings.DatabaseURL, MaxConns: m.Settings.MaxConns, ApplicationName: "hientruong", Log: m.Logger})
	if err != nil {
		return fmt.Errorf("HIENTRUONG_DATABASE_URL: %w", err)
	}
	m.db = db
	m.closers = append(m.closers, func() error { db.Close(); return nil })
	if err := db.CheckSchema(ctx); err != nil {
		return err
	}
	m.registry = prometheus.NewRegistry()
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.bell = ledger.NewBell()
	m.ledger = ledger.New(ledger.Config{Pool: db.Pool, Logger: m.Logger, Metrics: m.registry, Bell: m.bell})
	m.packs = &pack.Holder{}
	if err := loadPacks(ctx, db.Gorm, m.packs); err != nil {
		return err
	}
	return m.openRooms()
}

// openRooms makes what stands on the database and the ledger.
func (m *Main) openRooms() error {
	if err := os.MkdirAll(m.Settings.Data, 0o750); err != nil {
		return fmt.Errorf("HIENTRUONG_DATA: %w", err)
	}
	keys, err := identity.OpenKeyFile(m.Settings.keyFile())
	if err != nil {
		return fmt.Errorf("HIENTRUONG_KEY_FILE: %w", err)
	}
	var sender identity.Sender
	if m.Demo {
		m.codes = identity.NewDemoSender(nil)
		sender = m.codes
	}
	m.identity, err = identity.New(identity.Config{Gorm: m.db.Gorm, Ledger: m.ledger, Keys: keys, Sender: sender, Logger: m.Logger})
	if err != nil {
		return err
	}
	if m.words, err = words.Load(); err != nil {
		return err
	}
	store, closeStore, err := m.Settings.store()
	if err != nil {
		return err
	}
	m.store = store
	m.closers = append(m.closers, closeStore)
	scratch := filepath.Join(m.Settings.Data, "scratch")
	if err := os.MkdirAll(scratch, 0o750); err != nil {
		return fmt.Errorf("HIENTRUONG_DATA: %w", err)
	}
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		return err
	}
	m.live = live.New(live.Config{
		DB: m.db.Gorm, Pool: m.db.Pool, Bell: m.bell, Logger: m.Logger, Metrics: m.registry,
		Assembler: func(language models.Language) views.Assembler {
			return views.Assembler{Packs: m.packs.Load(), Language: language, Now: time.Now()}
		},
	})
	m.studio = &photos.Studio{
		Darkroom: &photos.Darkroom{Store: store, Memory: photos.NewMemory(photos.DefaultMemory), Limits: photos.DefaultLimits(), Zone: zone, Scratch: scratch},
		Ledger:   m.ledger,
	}
	return nil
}

// Run does what Serve and Work say until ctx ends, and stops in order: no more streams and
// requests, then the readers and jobs, then the ledger.
func (m *Main) Run(ctx context.Context) error {
	// What can fail at once fails before anything goes on in the background.
	server, err := m.server(ctx)
	if err != nil {
		return err
	}
	var working *relay.Relay
	if m.Work {
		if working, err = m.relay(); err != nil { //nolint:contextcheck // pushes under way outlive the signal to stop
			return errors.Join(err, m.Listener.Close())
		}
	}
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	failed := make(chan error, 3)
	var parts sync.WaitGroup
	start := func(run func() error) {
		parts.Go(func() {
			if err := run(); err != nil {
				failed <- err
			}
		})
	}
	start(func() error { m.bell.Listen(background, m.db.Pool, m.Logger); return nil })
	start(func() error { m.followPacks(background); return nil })
	if working != nil {
		start(func() error { return working.Run(background) })
	}
	start(func() error { return server.Serve(m.Listener) })
	var cause error
	select {
	case <-ctx.Done():
	case cause = <-failed:
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 25*time.Second)
	defer cancel()
	err = errors.Join(m.live.Close(stopping), server.Shutdown(stopping))
	stopBackground()
	parts.Wait()
	return errors.Join(cause, err, m.ledger.Close(stopping))
}

// Close lets go of what Open took hold of.
func (m *Main) Close() error {
	var errs []error
	if m.ledger != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		errs = append(errs, m.ledger.Close(ctx))
	}
	for i := len(m.closers) - 1; i >= 0; i-- {
		errs = append(errs, m.closers[i]())
	}
	return errors.Join(errs...)
}

// followPacks takes over the versions that any node applies and the decisions it makes.
func (m *Main) followPacks(ctx context.Context) {
	ledger.Follow(ctx, ledger.FollowConfig{
		DB: m.db.Gorm, Pool: m.db.Pool, Bell: m.bell, Logger: m.Logger,
		Kinds: []models.EventKind{models.EventPackApplied, models.EventDecisionMade, models.EventDecisionRevoked},
	}, func(ctx context.Context) error { return loadPacks(ctx, m.db.Gorm, m.packs) })
}

// server makes the HTTP edge. A process that only works serves its health and figures.
func (m *Main) server(ctx context.Context) (*handlers.Server, error) {
	if m.Listener == nil {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", m.Settings.Listen)
		if err != nil {
			return nil, fmt.Errorf("HIENTRUONG_LISTEN: %s is taken or cannot be opened: %w", m.Settings.Listen, err)
		}
		m.Listener = listener
	}
	config := handlers.Config{
		DB: m.db.Gorm, Ledger: m.ledger, Packs: m.packs, Identity: m.identity, Studio: m.studio, Words: m.words, Logger: m.Logger,
		Metrics: m.registry, Web: web.FS(), PublicURL: m.Settings.PublicURL, TrustedProxies: m.Settings.TrustedProxies,
		MetricsToken: m.Settings.MetricsToken, Ready: m.ready, HealthOnly: !m.Serve, Live: m.live,
	}
	if m.Demo {
		config.Demo = &handlers.Demo{Codes: m.codes.Codes, Accounts: m.Accounts}
	}
	return handlers.New(config) //nolint:contextcheck // a request brings its context in Fiber's own type
}

// ready says whether this process can do its work now.
func (m *Main) ready(ctx context.Context) error {
	return errors.Join(m.db.Health(ctx), m.db.CheckSchema(ctx), m.store.Ping(ctx))
}

// relay makes the readers and their jobs.
func (m *Main) relay() (*relay.Relay, error) {
	jobs, err := relay.Jobs(m.db.Pool)
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &photos.Worker{Studio: m.studio, Logger: m.Logger}); err != nil {
		return nil, err
	}
	figures, err := notify.NewMetrics(m.registry)
	if err != nil {
		return nil, err
	}
	sender, channel, err := m.pushes()
	if err != nil {
		return nil, err
	}
	push := notify.NewPushWorker(notify.PushConfig{Pool: m.db.Pool, Sender: sender, Metrics: figures, PublicURL: m.Settings.PublicURL})
	if err := river.AddWorkerSafely(workers, push); err != nil {
		return nil, err
	}
	return relay.New(relay.Config{
		Pool: m.db.Pool, Gorm: m.db.Gorm, Ledger: m.ledger, Packs: m.packs, Bell: m.bell, Workers: workers, Logger: m.Logger, Metrics: m.registry,
		Queues: map[string]int{photos.Queue: 2, pushQueue: 8},
		Readers: []ledger.Reader{
			photos.Reader{Jobs: jobs}, relay.Search{Packs: m.packs}, relay.Counters{},
			notify.NewReader(notify.ReaderConfig{Labels: labels{m.packs}, Words: m.words, Jobs: jobs, Channel: channel, Queue: pushQueue, Log: m.Logger}),
		},
		Chores: m.chores(),
	})
}

const pushQueue = "push"

// pushes chooses where pushes go: Firebase, or the in-app inbox alone.
func (m *Main) pushes() (notify.Sender, string, error) {
	if m.Settings.FirebaseProject == "" {
		return notify.Log{Logger: m.Logger}, models.DeliveryInApp, nil
	}
	firebase, err := notify.NewFirebase(context.Background(), notify.FirebaseConfig{
		Project: m.Settings.FirebaseProject, CredentialsFile: m.Settings.FirebaseCredentials, Endpoint: m.Settings.FirebaseEndpoint,
	})
	if err != nil {
		return nil, "", fmt.Errorf("HIENTRUONG_FIREBASE_CREDENTIALS: %w", err)
	}
	m.closers = append(m.closers, func() error { firebase.Close(); return nil })
	return firebase, models.DeliveryFCM, nil
}

// chores are the housekeeping.
func (m *Main) chores() []relay.Chore {
	return []relay.Chore{
		{Name: "partitions", Every: time.Hour, Do: func(ctx context.Context) error {
			_, err := m.db.Pool.Exec(ctx, "SELECT ensure_event_partitions()")
			return err
		}},
		{Name: "photos", Every: time.Hour, Do: func(ctx context.Context) error { return m.studio.Sweep(ctx, m.db.Gorm, time.Now()) }},
		{Name: "sessions", Every: time.Hour, Do: m.identity.Sweep},
	}
}
