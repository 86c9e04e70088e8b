// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"hientruong/cmd/hientruong/safekeeping"
)

// restoreCommand puts a backup back, or proves that it was.
type restoreCommand struct {
	From       string `arg:"" help:"The backup's file."`
	Verify     bool   `env:"-" help:"Prove afterwards that everything is back."`
	VerifyOnly bool   `env:"-" help:"Restore nothing: compare this installation with the backup."`
}

// Run implements the command.
func (c restoreCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stderr)
}

func (c restoreCommand) run(ctx context.Context, s *Settings, tell io.Writer) (err error) {
	set, err := safekeeping.Open(c.From)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	if !c.VerifyOnly {
		stop, err := s.reachOrMake(ctx, tell)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	return withPlace(ctx, s, tell, func(to safekeeping.Place) error {
		if !c.VerifyOnly {
			if err := safekeeping.Restore(ctx, set, to); err != nil {
				return err
			}
		}
		if !c.Verify && !c.VerifyOnly {
			return nil
		}
		return verify(ctx, set, to, c.Verify)
	})
}

// reachOrMake is reach, and where there is no database at all the private one is made.
func (s *Settings) reachOrMake(ctx context.Context, tell io.Writer) (stop func() error, err error) {
	stop, err = s.reach(ctx, tell)
	if err != nil || s.DatabaseURL != "" || s.DatabaseOwnerURL != "" {
		return stop, err
	}
	return s.startBeside(ctx, tell)
}

// verify prints every fault; exit code 3 when there is one.
func verify(ctx context.Context, set *safekeeping.Set, at safekeeping.Place, fresh bool) error {
	faults, err := safekeeping.Verify(ctx, set, at, fresh)
	for _, fault := range faults {
		fmt.Fprintln(at.Tell, "✗", fault)
	}
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return exitCode{3, fmt.Errorf("%d faults found: this is not what was backed up", len(faults))}
	}
	fmt.Fprintln(at.Tell, "✓ log, rows, readers, keys and photos are what was backed up")
	return nil
}
