// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"hientruong/bench"
)

// benchCommand measures the program beside its rivals.
type benchCommand struct {
	Quick bool   `help:"A rehearsal, too short to be believed; writes to standard output."`
	To    string `default:"docs/benchmarks.md" help:"Page to write."`
}

// Run implements the command.
func (c benchCommand) Run(ctx context.Context, s *Settings) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(filepath.Join(s.Data, "bench"))
	if err != nil {
		return err
	}
	config := bench.Full(program, dir)
	if c.Quick {
		config = bench.Quick(program, dir)
	}
	result, err := bench.Run(ctx, config)
	if err != nil {
		return err
	}
	if c.Quick {
		return bench.Write(os.Stdout, result)
	}
	page, err := os.Create(c.To)
	if err != nil {
		return err
	}
	defer page.Close()
	if err := bench.Write(page, result); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "written:", c.To)
	return page.Sync()
}
