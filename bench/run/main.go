// SPDX-License-Identifier: Apache-2.0

// Command run measures a program that was built beside what it is compared to, and writes
// docs/benchmarks.md; with -map the map beside PostGIS, and docs/benchmarks-tiles.md.
// "make bench" and "make bench-tiles" call it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"hientruong/bench"
)

func main() {
	var o options
	flag.StringVar(&o.program, "program", "bin/hientruong", "the program to measure")
	flag.StringVar(&o.dir, "dir", "var/bench", "folder for the PostgreSQL of the measurement; emptied first")
	flag.StringVar(&o.to, "to", "", "page to write (default docs/benchmarks.md, with -map docs/benchmarks-tiles.md)")
	flag.BoolVar(&o.tiles, "map", false, "measure the map beside PostGIS")
	flag.BoolVar(&o.quick, "quick", false, "a rehearsal, too short to be believed; writes to standard output")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := o.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	program, dir, to string
	tiles, quick     bool
}

func (o options) run(ctx context.Context) (err error) {
	if o.program, err = filepath.Abs(o.program); err != nil {
		return err
	}
	if o.dir, err = filepath.Abs(o.dir); err != nil {
		return err
	}
	page, measure := "docs/benchmarks.md", o.intake
	if o.tiles {
		page, measure = "docs/benchmarks-tiles.md", o.ofMap
	}
	if o.to == "" {
		o.to = page
	}
	content, err := measure(ctx)
	if err != nil {
		return err
	}
	if o.quick {
		return content(os.Stdout)
	}
	return write(o.to, content)
}

// intake measures intake, actions, pushes and rules, and returns what writes the page.
func (o options) intake(ctx context.Context) (func(io.Writer) error, error) {
	config := bench.Full(o.program, o.dir)
	if o.quick {
		config = bench.Quick(o.program, o.dir)
	}
	result, err := bench.Run(ctx, config)
	return func(w io.Writer) error { return bench.Write(w, result) }, err
}

// ofMap measures the map, and returns what writes the page.
func (o options) ofMap(ctx context.Context) (func(io.Writer) error, error) {
	config := bench.FullTiles(o.program, o.dir)
	if o.quick {
		config = bench.QuickTiles(o.program, o.dir)
	}
	result, err := bench.RunTiles(ctx, config)
	return func(w io.Writer) error { return bench.WriteTiles(w, result) }, err
}

// write writes a file whole.
func write(name string, content func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(content(file), file.Close())
}
