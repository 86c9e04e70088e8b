// SPDX-License-Identifier: Apache-2.0

// Command withpostgres runs a command while HIENTRUONG_TEST_DATABASE_URL names a
// PostgreSQL made for it, and ends with the command's status:
//
//	go run ./database/dbtest/withpostgres go test ./...
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"hientruong/database/dbtest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres COMMAND [ARGUMENT …]")
		os.Exit(2)
	}
	// The terminal sends Ctrl-C to the command as well: this program only has to outlive it.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	code, err := dbtest.WithServer(context.Background(), func() int { return run(os.Args[1:], signals) })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = cmp.Or(code, 1)
	}
	os.Exit(code)
}

// run passes SIGTERM on, which no terminal does, and returns the command's status.
func run(command []string, signals <-chan os.Signal) int {
	//nolint:gosec,noctx // to run what it is told to, to its end, is its purpose
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 127
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case received := <-signals:
			if received == syscall.SIGTERM {
				_ = cmd.Process.Signal(received)
			}
		case err := <-ended:
			var exit *exec.ExitError
			switch {
			case errors.As(err, &exit):
				return cmp.Or(max(exit.ExitCode(), 0), 1)
			case err != nil:
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
			return 0
		}
	}
}
