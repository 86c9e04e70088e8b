// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hientruong/cmd/hientruong/safekeeping"
	"hientruong/database"
	"hientruong/ledger"
)

// auditCommand proves the log.
type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Recompute every hash of the log. Exit code 3 names the first position that is wrong."`
}

type auditVerifyCommand struct{}

// Run implements the command.
func (c auditVerifyCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stderr, os.Stdout)
}

func (auditVerifyCommand) run(ctx context.Context, s *Settings, tell, out io.Writer) (err error) {
	stop, err := s.reach(ctx, tell)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := s.needDatabase(); err != nil {
		return err
	}
	// A long log takes longer than any statement of the program's own may.
	db, err := database.Open(ctx, database.Config{URL: s.DatabaseURL, MaxConns: 2, ApplicationName: "hientruong audit", StatementTimeout: -1})
	if err != nil {
		return fmt.Errorf("HIENTRUONG_DATABASE_URL: %w", err)
	}
	defer db.Close()
	next := time.Now().Add(2 * time.Second)
	logs, err := safekeeping.Audit(ctx, db, func(pos, of int64) {
		if now := time.Now(); now.After(next) {
			next = now.Add(2 * time.Second)
			fmt.Fprintf(tell, "%d of %d\n", pos, of)
		}
	})
	var fault *ledger.Fault
	if errors.As(err, &fault) {
		return exitCode{3, err}
	}
	if err != nil {
		return err
	}
	for _, l := range logs {
		fmt.Fprintf(out, "%s: %d events are as they were written; head %s\n", l.Code, l.Pos, l.Hash)
	}
	return nil
}
