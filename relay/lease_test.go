// SPDX-License-Identifier: Apache-2.0

package relay_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"

	"hientruong/database/dbtest"
	"hientruong/relay"
	"hientruong/workflow/pack"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// probeArgs is a job that says that it was done.
type probeArgs struct {
	Name string `json:"name"`
}

func (probeArgs) Kind() string { return "probe" }

type probeWorker struct {
	river.WorkerDefaults[probeArgs]
	done chan string
}

func (w *probeWorker) Work(_ context.Context, job *river.Job[probeArgs]) error {
	w.done <- job.Args.Name
	return nil
}

// run runs a relay until the test ends and returns what it does.
func run(t *testing.T, db *dbtest.Database) <-chan string {
	t.Helper()
	probe := &probeWorker{done: make(chan string, 16)}
	workers := river.NewWorkers()
	river.AddWorker(workers, probe)
	start(t, relay.Config{
		Pool: db.DB.Pool, Gorm: db.DB.Gorm, Packs: &pack.Holder{}, Workers: workers, Logger: slog.New(slog.DiscardHandler),
		Metrics: prometheus.NewRegistry(), Poll: 150 * time.Millisecond, Grace: time.Millisecond,
	})
	return probe.done
}

// start runs a relay until the test ends.
func start(t *testing.T, config relay.Config) {
	t.Helper()
	r, err := relay.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// abandon writes a job that is called running by a process, as a kill -9 leaves it.
func abandon(t *testing.T, db *dbtest.Database, name, process string, tries int) {
	t.Helper()
	_, err := db.DB.Pool.Exec(t.Context(), `
		INSERT INTO river_job (state, attempt, max_attempts, attempted_at, attempted_by, args, kind)
		VALUES ('running', $3, 3, now(), ARRAY['earlier-00000000', $2], jsonb_build_object('name', $1::text), 'probe')`, name, process, tries)
	if err != nil {
		t.Fatal(err)
	}
}

func next(t *testing.T, done <-chan string) string {
	t.Helper()
	select {
	case name := <-done:
		return name
	case <-time.After(20 * time.Second):
		t.Fatal("no job was done")
		return ""
	}
}

// Jobs of a process that died are done by the next one at once, those of one that lives
// are left to it.
func TestJobsOfTheDeadAreDone(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	other, err := pgx.Connect(t.Context(), db.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close(context.Background()) })
	const living, leaseClass = uint32(0xfedcba98), 0x68746c73
	number := living
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_lock($1, $2)", int32(leaseClass), int32(number)); err != nil {
		t.Fatal(err)
	}
	abandon(t, db, "of the living", fmt.Sprintf("other-%08x", living), 1)
	abandon(t, db, "of the dead", "other-01234567", 1)
	done := run(t, db)
	if got := next(t, done); got != "of the dead" {
		t.Fatalf("the job %s was taken first", got)
	}
	if err := other.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := next(t, done); got != "of the living" {
		t.Errorf("the job %s was taken after its process had died", got)
	}
}

// A job that kills its process is not tried for ever.
func TestJobThatKillsIsGivenUp(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	abandon(t, db, "deadly", "other-01234567", 3)
	abandon(t, db, "harmless", "other-01234567", 1)
	if got := next(t, run(t, db)); got != "harmless" {
		t.Errorf("the job %s was tried once more", got)
	}
	var state string
	if err := db.DB.Pool.QueryRow(t.Context(), "SELECT state FROM river_job WHERE args ->> 'name' = 'deadly'").Scan(&state); err != nil {
		t.Fatal(err)
	}
	if state != "discarded" {
		t.Errorf("the job is %s", state)
	}
}

// A process whose connection breaks takes its lease again: its jobs stay its own.
func TestLeaseIsTakenAgain(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	run(t, db)
	const holder = "SELECT coalesce(max(pid), 0) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
	var first, now int
	held := func(pid *int) bool {
		return db.DB.Pool.QueryRow(t.Context(), holder, uint32(0x68746c73)).Scan(pid) == nil && *pid != 0
	}
	until(t, "the lease is taken", func() bool { return held(&first) })
	if _, err := db.DB.Pool.Exec(t.Context(), "SELECT pg_terminate_backend($1)", first); err != nil {
		t.Fatal(err)
	}
	until(t, "the lease is taken again", func() bool { return held(&now) && now != first })
}

func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(20 * time.Second)
	for !so() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("not in time: %s", what)
		}
	}
}
