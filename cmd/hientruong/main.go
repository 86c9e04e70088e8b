// SPDX-License-Identifier: Apache-2.0

// Command hientruong is the whole program: it serves, works, migrates, and looks after
// its data. "hientruong --help" lists what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata"

	"github.com/alecthomas/kong"

	"hientruong/workflow/pack"
)

// commands is the command line. Every flag is a variable HIENTRUONG_… too.
type commands struct {
	Settings `embed:"" group:"settings"`

	Run      runCommand      `cmd:"" help:"Everything in one process, with a PostgreSQL of its own: to try it, or for one small server."`
	Serve    serveCommand    `cmd:"" help:"Answer HTTP."`
	Worker   workerCommand   `cmd:"" help:"Run the readers of the ledger, their jobs and the clocks."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database up to date."`
	Pack     packCommand     `cmd:"" help:"Check, compare and apply a jurisdiction's pack."`
	Unit     unitCommand     `cmd:"" help:"What units have to do."`
	Decision decisionCommand `cmd:"" help:"Authorities' orders about deadlines."`
	User     userCommand     `cmd:"" help:"Staff accounts."`
	Audit    auditCommand    `cmd:"" help:"Prove the log."`
	Backup   backupCommand   `cmd:"" help:"Put database, photos and keys into one file, of one moment, while everything goes on."`
	Restore  restoreCommand  `cmd:"" help:"Put a backup back where there is nothing yet, and prove that it is whole."`
	Demo     demoCommand     `cmd:"" help:"Make the demo city live: for a while over HTTP, or through days gone by."`
	Doctor   doctorCommand   `cmd:"" help:"Tell what is wrong with an installation."`
	Health   healthCommand   `cmd:"" help:"Ask a running process whether it is ready; for container health checks."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, told(err))
		var exit exitCode
		if errors.As(err, &exit) {
			os.Exit(exit.code)
		}
		os.Exit(1)
	}
}

// told is an error as it is shown: faults of a pack begin with their file and line, as
// editors follow them.
func told(err error) string {
	var faults pack.Faults
	if errors.As(err, &faults) {
		return faults.Error()
	}
	return "hientruong: " + err.Error()
}

// endings are the signals that end the program in good order: a closed window's too,
// unless nohup has it ignored.
func endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// exitCode is an error that ends the program with a code of its own.
type exitCode struct {
	code int
	err  error
}

func (e exitCode) Error() string { return e.err.Error() }
func (e exitCode) Unwrap() error { return e.err }

// parser is what parses the command line and helps with it: a command's own flags come
// before the settings.
func (c *commands) parser(more ...kong.Option) (*kong.Kong, error) {
	return kong.New(c, append(more, kong.Name("hientruong"), kong.DefaultEnvars("HIENTRUONG"),
		kong.Description("Backend of phản ánh hiện trường: citizens report, units answer."),
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: "Settings of the installation, for every command:"}}))...)
}

// run parses the command line and carries it out.
func run(ctx context.Context, args []string) error {
	var c commands
	parser, err := c.parser(kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return exitCode{2, err}
	}
	if err := c.check(); err != nil {
		return exitCode{2, err}
	}
	return parsed.Run(&c.Settings)
}
