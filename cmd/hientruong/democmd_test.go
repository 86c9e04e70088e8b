// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
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

func TestDemoPlaysOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSettings(t)
	s.MaxConns = 16
	c := demoCommand{URL: runCity(t, s), Rate: 600, For: 14 * time.Second, Seed: 3}
	summary, err := c.play(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", summary)
	if problems, n := summary.Problems(); n > 0 {
		t.Errorf("%d problems:\n%s", n, strings.Join(problems, "\n"))
	}
	for _, state := range []models.State{
		"submitted", "verifying", "needs_info", "accepted", "assigned", "in_progress", "scheduled", "resolved", "published",
		"rejected", "duplicate", "transferred", "withdrawn",
	} {
		if summary.Seen()[state] == 0 {
			t.Errorf("no report was ever %s", state)
		}
	}
	for _, step := range []string{"rate", "rework", "return"} {
		if summary.Steps()[step] == 0 {
			t.Errorf("nobody ever took the step %s", step)
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
