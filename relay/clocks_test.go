// SPDX-License-Identifier: Apache-2.0

package relay_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"

	"hientruong/database/dbtest"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/relay"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// stubborn is a ledger that fires the one deadline that it must and fails with all others.
type stubborn struct {
	db    *dbtest.Database
	fires uuid.UUID

	mu    sync.Mutex
	asked []uuid.UUID
	fired bool
}

func (s *stubborn) Do(ctx context.Context, intent models.Intent) (ledger.Outcome, error) {
	id := intent.(workflow.Expire).DeadlineID
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, id)
	if id != s.fires {
		return ledger.Outcome{}, models.E(models.CodeInternal)
	}
	err := s.db.DB.Gorm.WithContext(ctx).Model(&models.Deadline{}).Where("id = ?", id).Update("next_at", nil).Error
	s.fired = true
	return ledger.Outcome{Change: models.Change{Events: make([]models.Event, 1)}}, err
}

// result says whether the deadline was fired, and how often others were asked for before.
func (s *stubborn) result() (fired bool, before map[uuid.UUID]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before = map[uuid.UUID]int{}
	for _, id := range s.asked {
		if id == s.fires {
			break
		}
		before[id]++
	}
	return s.fired, before
}

// diary keeps a log.
type diary struct {
	mu   sync.Mutex
	text strings.Builder
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

func (d *diary) lines(about string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Count(d.text.String(), about)
}

// Deadlines that can never be fired do not keep those behind them from it, though they
// fill more than a page and some ran out in the same moment.
func TestFailingDeadlinesHoldNobodyUp(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	if _, err := models.EnsureJurisdiction(t.Context(), db.DB.Gorm, "j1"); err != nil {
		t.Fatal(err)
	}
	const failing = 205
	sample := modelstest.Make(modelstest.Spec{})
	first := sample.Deadlines[0]
	sample.Deadlines = nil
	for i := range failing + 1 {
		d := first
		d.ID = uuid.New()
		next := first.DueAt.Add(time.Duration(i/50) * time.Microsecond)
		d.NextAt = &next
		sample.Deadlines = append(sample.Deadlines, d)
	}
	last := &sample.Deadlines[failing]
	last.NextAt = new(last.NextAt.Add(time.Hour))
	modelstest.Insert(t, db.DB.Gorm, sample)
	doer, log, registry := &stubborn{db: db, fires: last.ID}, &diary{}, prometheus.NewRegistry()
	start(t, relay.Config{
		Pool: db.DB.Pool, Gorm: db.DB.Gorm, Ledger: doer, Packs: &pack.Holder{}, Workers: river.NewWorkers(), Metrics: registry,
		Logger: slog.New(slog.NewTextHandler(log, nil)), Poll: 150 * time.Millisecond, Grace: time.Millisecond,
	})
	until(t, "the last deadline is fired", func() bool { fired, _ := doer.result(); return fired })
	_, before := doer.result()
	for _, d := range sample.Deadlines[:failing] {
		if before[d.ID] != 1 {
			t.Errorf("a failing deadline was tried %d times before", before[d.ID])
		}
	}
	until(t, "the failures are told", func() bool { return log.lines("deadlines could not be fired") > 0 })
	if n := log.lines("deadlines could not be fired"); n != 1 || log.lines("failed=205") != 1 {
		t.Errorf("%d lines about one run: %s", n, log.text.String())
	}
	if got := counted(t, registry); got["failed"] != failing || got["fired"] != 1 {
		t.Errorf("counted %v", got)
	}
}

// counted are the deadlines in the figures, by outcome.
func counted(t *testing.T, from prometheus.Gatherer) map[string]float64 {
	t.Helper()
	families, err := from.Gather()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	for _, family := range families {
		if family.GetName() == "hientruong_deadlines_total" {
			for _, m := range family.GetMetric() {
				found[m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
			}
		}
	}
	return found
}
