// SPDX-License-Identifier: Apache-2.0

// Command run measures a program that was built beside what it is compared to, and writes
// docs/benchmarks.md. "make bench" calls it.
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
	program := flag.String("program", "bin/hientruong", "the program to measure")
	dir := flag.String("dir", "var/bench", "folder for the PostgreSQL of the measurement; emptied first")
	to := flag.String("to", "docs/benchmarks.md", "page to write")
	quick := flag.Bool("quick", false, "a rehearsal, too short to be believed; writes to standard output")
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
	config := bench.Full(program, dir)
	if quick {
		config = bench.Quick(program, dir)
	}
	result, err := bench.Run(ctx, config)
	if err != nil {
		return err
	}
	if quick {
		return bench.Write(os.Stdout, result)
	}
	return write(to, func(w io.Writer) error { return bench.Write(w, result) })
}

// write writes a file whole.
func write(name string, content func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(content(file), file.Close())
}
