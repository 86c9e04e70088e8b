// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// How often is killed, how many people report meanwhile, and how often each of them.
const (
	kills      = 5
	killsShort = 2
	people     = 32
	breath     = 60 * time.Millisecond
)

func rounds() int {
	if testing.Short() {
		return killsShort
	}
	return kills
}

// moment is some time within a second in which anything may be under way.
func moment() time.Duration { return 300*time.Millisecond + rand.N(900*time.Millisecond) }

// The servers of a city are killed with reports, readers and pushes under way, and come
// back at once. What was answered 201 is there, once.
func TestServerKilledUnderLoad(t *testing.T) {
	timed(t)
	pg := newPostgres(t)
	owner, app := pg.urls()
	c := newCity(t, owner, app)
	db := c.open()
	edge, back := freeAddress(t), freeAddress(t)
	serve, worker := c.start(edge, "serve"), c.start(back, "worker")
	l := newLoad(t, newPhones(t, edge), people, breath)
	var outages []outage
	for range rounds() {
		l.grow(t, 50)
		pass(moment())
		serve.kill()
		serve = c.start(edge, "serve")
		pass(moment())
		c.pushing(t, db)
		began := time.Now()
		worker.kill()
		outages = append(outages, c.afterKill(t, db, began))
		worker = c.start(back, "worker")
	}
	l.grow(t, 50)
	l.end()
	c.judge(t, db, l, outages)
}

// The same with PostgreSQL: the postmaster is killed, its children end as the system
// leaves them, and a new one recovers, while serve and worker go on.
func TestPostgreSQLKilledUnderLoad(t *testing.T) {
	timed(t)
	pg := newPostgres(t)
	owner, app := pg.urls()
	c := newCity(t, owner, app)
	edge, back := freeAddress(t), freeAddress(t)
	c.start(edge, "serve")
	c.start(back, "worker")
	l := newLoad(t, newPhones(t, edge), people, breath)
	var outages []outage
	for range rounds() {
		l.grow(t, 50)
		pass(moment())
		began := time.Now()
		pg.kill()
		pg.start()
		outages = append(outages, c.afterRecovery(t, began))
	}
	l.grow(t, 50)
	l.end()
	c.judge(t, c.open(), l, outages)
}

// pushing waits until Firebase has taken something that the database does not know of
// yet, so that a kill right then leaves it so; it does not wait for long.
func (c *city) pushing(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	poll(ctx, 2*time.Millisecond, func() bool {
		pending := c.look(t, db, time.Now()).pending
		accepted := c.fcm.Accepted()
		for _, a := range accepted[max(0, len(accepted)-200):] {
			if pending[uuid.MustParse(a.NotificationID())] {
				return true
			}
		}
		return false
	})
}

// afterKill looks at what a killed worker leaves: it sends nothing any more once what
// lies in its sockets has arrived.
func (c *city) afterKill(t *testing.T, db *pgxpool.Pool, began time.Time) outage {
	t.Helper()
	before := -1
	eventually(t, "the dead worker's pushes end", 5*time.Second, func() bool {
		now := len(c.fcm.Accepted())
		same := now == before
		before = now
		return same
	})
	return c.look(t, db, began)
}

// afterRecovery looks at what is pending right after PostgreSQL has come back, and gives
// the worker's rounds of that time until their connections have turned out to be dead.
func (c *city) afterRecovery(t *testing.T, began time.Time) outage {
	t.Helper()
	db, err := pgxpool.New(t.Context(), c.owner)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	o := c.look(t, db, began)
	o.until = o.until.Add(staleFor)
	return o
}

// staleFor is how long after PostgreSQL's return a round of pushes may still fail on a
// connection of before.
const staleFor = 2 * time.Second
