// SPDX-License-Identifier: Apache-2.0

// Command runtiles measures the tiles of a program that was built beside PostGIS on the
// same data, and writes docs/benchmarks-tiles.md. "make bench-tiles" calls it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"hientruong/bench"
)

func main() {
	program := flag.String("program", "bin/hientruong", "the program to measure")
	dir := flag.String("dir", "var/bench-tiles", "folder for the PostgreSQL of the measurement; emptied first")
	to := flag.String("to", "docs/benchmarks-tiles.md", "page to write")
	quick := flag.Bool("quick", false, "a rehearsal on less, too little to be believed; writes to standard output")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *program, *dir, *to, *quick)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program, dir, to string, quick bool) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	config := bench.FullTiles(program, dir)
	if quick {
		config = bench.QuickTiles(program, dir)
	}
	result, err := bench.RunTiles(ctx, config)
	if err != nil {
		return err
	}
	if quick {
		return bench.WriteTiles(os.Stdout, result)
	}
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join(bench.WriteTiles(file, result), file.Close())
}
