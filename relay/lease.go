// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

// leaseClass is the first half of the advisory locks of this package.
const leaseClass = 0x68746c73

// How often a process looks for jobs of those that died, and how long after PostgreSQL
// has started it waits with that: the others have lost their locks too, and come back.
const (
	orphansEvery = 5 * time.Second
	leaseGrace   = 15 * time.Second
)

// freeOrphans gives jobs back that are called running by a process which no longer holds
// its lease. Their tries count: a job that kills its process does so no more often than
// it may be tried.
const freeOrphans = `
UPDATE river_job SET scheduled_at = now(),
       state = (CASE WHEN attempt < max_attempts THEN 'available' ELSE 'discarded' END)::river_job_state,
       finalized_at = CASE WHEN attempt < max_attempts THEN NULL ELSE now() END
WHERE state = 'running' AND pg_postmaster_start_time() < now() - make_interval(secs => $2)
  AND right(attempted_by[cardinality(attempted_by)], 8) NOT IN (
      SELECT lpad(to_hex(objid::bigint), 8, '0') FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND classid = $1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`

// lease says that this process lives, by a lock that PostgreSQL lets go of when the
// process dies. Without it the jobs of a killed process would wait until River calls them
// stuck, which is an hour, and the clocks with them.
type lease struct {
	relay  *Relay
	number uint32
	conn   *pgx.Conn
}

func newLease(r *Relay) *lease {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails: the program would have ended
	return &lease{relay: r, number: binary.BigEndian.Uint32(random[:])}
}

// clientID names the process in the rows of its jobs; its last eight letters are the lock.
func (l *lease) clientID() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return fmt.Sprintf("%.60s-%08x", host, l.number)
}

// take locks, on a connection of its own.
func (l *lease) take(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, l.relay.config.Pool.Config().ConnConfig.Copy())
	if err != nil {
		return fmt.Errorf("relay: lease: %w", err)
	}
	//nolint:gosec // PostgreSQL takes the same 32 bits as a signed number
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1, $2)", int32(leaseClass), int32(l.number)); err != nil {
		_ = conn.Close(ctx)
		return fmt.Errorf("relay: lease: %w", err)
	}
	l.conn = conn
	return nil
}

// hold keeps what take took, takes it again when the connection breaks, and frees the
// jobs of those who lost theirs, until ctx ends.
func (l *lease) hold(ctx context.Context) {
	defer l.drop(ctx)
	for ctx.Err() == nil {
		err := l.look(ctx)
		if err == nil || ctx.Err() != nil {
			continue
		}
		l.relay.config.Logger.WarnContext(ctx, "the lease on jobs was lost; it is taken again", "error", err)
		l.drop(ctx)
		for ctx.Err() == nil && l.take(ctx) != nil {
			wait(ctx, 500*time.Millisecond)
		}
	}
}

// look frees orphans and then waits; a connection that breaks ends the wait.
func (l *lease) look(ctx context.Context) error {
	freed, err := l.conn.Exec(ctx, freeOrphans, uint32(leaseClass), l.relay.config.Grace.Seconds())
	if err != nil {
		return err
	}
	if n := freed.RowsAffected(); n > 0 {
		l.relay.config.Logger.WarnContext(ctx, "jobs of a process that died are freed", "jobs", n)
	}
	pause, cancel := context.WithTimeout(ctx, orphansEvery)
	defer cancel()
	if _, err := l.conn.WaitForNotification(pause); err != nil && pause.Err() == nil {
		return err
	}
	return nil
}

func (l *lease) drop(ctx context.Context) {
	if l.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = l.conn.Close(ctx) // PostgreSQL lets go of the lock either way
	l.conn = nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
