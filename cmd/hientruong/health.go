// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"hientruong/cmd/hientruong/doctor"
)

// healthCommand asks the process of this machine whether it is ready, within 3 seconds.
type healthCommand struct{}

// Run implements the command.
func (healthCommand) Run(ctx context.Context, s *Settings) error {
	return doctor.Ask(ctx, s.Listen, "/readyz")
}
