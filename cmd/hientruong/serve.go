// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
)

// serveCommand answers HTTP.
type serveCommand struct{}

// Run implements the command.
func (serveCommand) Run(ctx context.Context, s *Settings) error {
	return runMain(ctx, &Main{Settings: *s, Serve: true})
}

// workerCommand runs readers, jobs and clocks. It serves its health and figures only.
type workerCommand struct{}

// Run implements the command.
func (workerCommand) Run(ctx context.Context, s *Settings) error {
	return runMain(ctx, &Main{Settings: *s, Work: true})
}

// runMain opens, runs and closes.
func runMain(ctx context.Context, m *Main) error {
	err := m.Open(ctx)
	if err == nil {
		err = m.Run(ctx)
	}
	return errors.Join(err, m.Close())
}
