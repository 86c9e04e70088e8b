// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"hientruong/database/dbtest"
	"hientruong/models"
)

// runCity starts a whole server with the demo city and returns its address.
func runCity(t *testing.T, s *Settings) string {
	t.Helper()
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		t.Fatal(err)
	}
	m := &Main{Settings: *s, Serve: true, Work: true, Demo: true, Listener: listener, Logger: slog.New(slog.DiscardHandler)}
	if err := m.prepare(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, m.Close()); err != nil {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}

// A busy machine gets less done in a play, so that there are up to four: what has to be
// seen once may be seen in any of them, and problems in none. What is rarer is in the show.
func TestDemoPlaysOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSettings(t)
	s.MaxConns = 16
	s.Listen = strings.TrimPrefix(runCity(t, s), "http://")
	missing := map[string]bool{}
	for _, what := range []string{
		"submitted", "verifying", "needs_info", "accepted", "assigned", "in_progress", "scheduled", "resolved", "published",
		"rejected", "duplicate", "transferred", "withdrawn", "step rate",
	} {
		missing[what] = true
	}
	for seed := uint64(3); seed < 7 && len(missing) > 0; seed++ {
		c := demoCommand{Rate: 600, For: 14 * time.Second, Seed: seed}
		summary, err := c.play(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("\n%s", summary)
		if problems, n := summary.Problems(); n > 0 {
			t.Fatalf("%d problems:\n%s", n, strings.Join(problems, "\n"))
		}
		for state := range summary.Seen() {
			delete(missing, string(state))
		}
		for step := range summary.Steps() {
			delete(missing, "step "+step)
		}
	}
	for what := range missing {
		t.Errorf("never seen: %s", what)
	}
}

// Over HTTP everything is shown that does not take days, with a link to each.
func TestDemoShowsOneOfEach(t *testing.T) {
	t.Parallel()
	s := newSettings(t)
	s.MaxConns = 16
	s.Listen = strings.TrimPrefix(runCity(t, s), "http://")
	var told strings.Builder
	summary, err := demoCommand{Show: true, Seed: 5}.play(t.Context(), s, &told)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s\n%s", summary, told.String())
	if problems, n := summary.Problems(); n > 0 {
		t.Fatalf("%d problems:\n%s", n, strings.Join(problems, "\n"))
	}
	for _, e := range summary.Episodes() {
		takesDays := slices.Contains([]string{"reminded", "missed", "escalated", "expire"}, e.Name)
		link := "http://" + s.Listen + "/demo#/report/" + e.First.String()
		switch {
		case takesDays && e.Count > 0:
			t.Errorf("%s cannot have been: %v", e.Name, e.Codes)
		case !takesDays && (e.Count == 0 || !strings.Contains(told.String(), link)):
			t.Errorf("%s (%s) was shown %d times", e.Name, e.Told, e.Count)
		}
	}
}

func TestDemoWritesHistoryOfTheDemoAlone(t *testing.T) {
	t.Parallel()
	s := newSettings(t)
	c := demoCommand{Days: 2, ReportsPerDay: 20, Seed: 1}
	summary, err := c.backfill(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if summary.Reports() < 10 {
		t.Errorf("%d reports in two days of 20", summary.Reports())
	}
	other := &Settings{Data: t.TempDir(), DatabaseURL: dbtest.New(t).AppURL, MaxConns: 4, LogLevel: "error"}
	if err := withMain(t.Context(), other, func(m *Main) error {
		_, err := models.EnsureJurisdiction(t.Context(), m.db.Gorm, "hue")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.backfill(t.Context(), other, nil); exitsWith(err) != 2 {
		t.Errorf("a history for a city that is no demo: %v", err)
	}
}
