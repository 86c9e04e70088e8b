// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"hientruong/database"
	"hientruong/models"
)

// oldestServer is the first PostgreSQL that the SQL is written for, as server_version_num.
const oldestServer = 150000

// database connects.
func (e *exam) database(ctx context.Context) {
	const about = "database"
	if e.DatabaseURL == "" {
		e.bad(about, "set HIENTRUONG_DATABASE_URL, or use make run, which brings a PostgreSQL of its own", "no address is set")
		return
	}
	db, err := database.Open(ctx, database.Config{URL: e.DatabaseURL, MaxConns: 2, ApplicationName: "hientruong doctor"})
	if err != nil {
		e.bad(about, "look whether it runs, and at HIENTRUONG_DATABASE_URL", "%s", plain(err))
		return
	}
	e.db = db
	version, err := e.serverVersion(ctx)
	switch {
	case err != nil:
		e.bad(about, "look at its log", "%s", plain(err))
	case version < oldestServer:
		e.bad(about, "bring PostgreSQL to 15 or newer", "PostgreSQL %d is too old", version/10000)
	default:
		e.good(about, "PostgreSQL %d.%d answers", version/10000, version%10000)
	}
}

func (e *exam) serverVersion(ctx context.Context) (int, error) {
	var version int
	err := e.db.Pool.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version)
	return version, err
}

// schema compares the migrations. Without the tables nothing else can be looked at.
func (e *exam) schema(ctx context.Context) {
	const about = "schema"
	if !e.reached(about) {
		return
	}
	err := e.db.CheckSchema(ctx)
	if err == nil {
		e.good(about, "every migration of this program is applied")
		return
	}
	e.bad(about, "hientruong migrate up", "%s", plain(err))
	if errors.Is(err, database.ErrSchemaOld) {
		e.db.Close()
		e.db = nil
	}
}

// keys asks whether the key file is the one that sealed what is there.
func (e *exam) keys(ctx context.Context) {
	const about = "keys"
	if !e.reached(about) {
		return
	}
	if e.ring == nil {
		e.skip(about, "not looked at without the key file")
		return
	}
	e.perJurisdiction(ctx, about, func(j models.Jurisdiction) {
		if err := e.ring.Check(ctx, e.db.Gorm, j.ID); err != nil {
			e.bad(about, "put the old key file back before anything more is sealed", "%s: %s", j.Code, plain(err))
			return
		}
		e.good(about, "%s: the key file opens what is sealed", j.Code)
	})
}

func (e *exam) perJurisdiction(ctx context.Context, about string, look func(models.Jurisdiction)) {
	all, err := models.Jurisdictions(ctx, e.db.Gorm)
	if err != nil {
		e.bad(about, "look at the database's log", "%s", plain(err))
		return
	}
	if len(all) == 0 {
		e.skip(about, "no jurisdiction is there yet")
	}
	for _, j := range all {
		look(j)
	}
}

// rights: what the log holds must be safe from the application itself.
func (e *exam) rights(ctx context.Context) {
	const about = "rights"
	if !e.reached(about) {
		return
	}
	var role string
	var may bool
	err := e.db.Pool.QueryRow(ctx, `SELECT current_user, bool_or(has_table_privilege(relid, 'UPDATE') OR has_table_privilege(relid, 'DELETE') OR has_table_privilege(relid, 'TRUNCATE'))
FROM pg_partition_tree('events')`).Scan(&role, &may)
	switch {
	case err != nil:
		e.bad(about, "look at the database's log", "%s", plain(err))
	case may:
		e.bad(about, "let HIENTRUONG_DATABASE_URL name a role of its own and run hientruong migrate up", "the role %s can change or delete events", role)
	default:
		e.good(about, "the role %s can add events and change none", role)
	}
}

// mostSkew is how far the clocks of machine and database may differ.
const mostSkew = 2 * time.Second

func (e *exam) clock(ctx context.Context) {
	const about = "clock"
	if !e.reached(about) {
		return
	}
	before := time.Now()
	var there time.Time
	if err := e.db.Pool.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&there); err != nil {
		e.bad(about, "look at the database's log", "%s", plain(err))
		return
	}
	after := time.Now()
	e.judgeClock(before, there, after)
}

// judgeClock: the database's time should lie between the asking and the answer.
func (e *exam) judgeClock(before, there, after time.Time) {
	skew := max(before.Sub(there), there.Sub(after), 0)
	if skew > mostSkew {
		e.bad("clock", "let both machines follow a time server (NTP)", "machine and database differ by %s", skew.Round(time.Millisecond))
		return
	}
	e.good("clock", "machine and database agree within %s", mostSkew)
}

// logs compares each head with the end of its log. That every event is untouched takes
// longer to say: audit verify does.
func (e *exam) logs(ctx context.Context) {
	const about = "log"
	if !e.reached(about) {
		return
	}
	e.perJurisdiction(ctx, about, func(j models.Jurisdiction) {
		var head, last int64
		var tip, hash []byte
		err := e.db.Pool.QueryRow(ctx, `SELECT h.pos, h.hash, coalesce(l.pos, 0), coalesce(l.hash, decode(repeat('00', 32), 'hex')) FROM log_head h
LEFT JOIN LATERAL (SELECT pos, hash FROM events WHERE jurisdiction_id = h.jurisdiction_id ORDER BY pos DESC LIMIT 1) l ON true
WHERE h.jurisdiction_id = $1`, j.ID).Scan(&head, &tip, &last, &hash)
		switch {
		case err != nil:
			e.bad(about, "look at the database's log", "%s: %s", j.Code, plain(err))
		case head != last || !bytes.Equal(tip, hash):
			e.bad(about, "stop writing, run hientruong audit verify and compare with the newest backup", "%s: the head is %d, the last event %d, or their hashes differ", j.Code, head, last)
		default:
			e.good(about, "%s: head and last event agree at %d (audit verify proves the rest)", j.Code, head)
		}
	})
}

// mostLag is how long an event may wait for a reader.
const mostLag = time.Minute

// readers looks at how far each has come, and since when the next event waits.
func (e *exam) readers(ctx context.Context) {
	const about = "readers"
	if !e.reached(about) {
		return
	}
	rows, err := e.db.Pool.Query(ctx, `SELECT j.code, coalesce(c.reader, ''), h.pos, coalesce(c.pos, 0),
	coalesce(extract(epoch FROM now() - (SELECT at FROM events WHERE jurisdiction_id = j.id AND pos > coalesce(c.pos, 0) ORDER BY pos LIMIT 1)), 0)::float8
FROM jurisdictions j JOIN log_head h ON h.jurisdiction_id = j.id LEFT JOIN cursors c ON c.jurisdiction_id = j.id ORDER BY 1, 2`)
	if err != nil {
		e.bad(about, "look at the database's log", "%s", plain(err))
		return
	}
	var code, reader string
	var head, pos int64
	var waits float64
	_, err = pgx.ForEachRow(rows, []any{&code, &reader, &head, &pos, &waits}, func() error {
		lag := time.Duration(waits * float64(time.Second)).Round(time.Second)
		e.judgeReader(code, reader, head, pos, lag)
		return nil
	})
	if err != nil {
		e.bad(about, "look at the database's log", "%s", plain(err))
	}
}

func (e *exam) judgeReader(code, reader string, head, pos int64, lag time.Duration) {
	const about, start = "readers", "start hientruong worker, or look at its log"
	switch {
	case reader == "" && head == 0:
		e.skip(about, "%s: nothing has happened yet", code)
	case reader == "" && lag <= mostLag:
		e.skip(about, "%s: none has read yet", code)
	case reader == "":
		e.bad(about, start, "%s: none has ever read, events wait for %s", code, lag)
	case pos > head:
		e.bad(about, "set its cursor back to the head: it would miss events", "%s: %s stands at %d, beyond the head %d", code, reader, pos, head)
	case lag > mostLag:
		e.bad(about, start, "%s: %s is %d events behind, the oldest waits for %s", code, reader, head-pos, lag)
	default:
		e.good(about, "%s: %s is %d events behind", code, reader, head-pos)
	}
}

// jobs looks for those that wait though they are due, run without an end or were given up.
func (e *exam) jobs(ctx context.Context) {
	const about = "jobs"
	if !e.reached(about) {
		return
	}
	var late, long, lost int
	err := e.db.Pool.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state IN ('available', 'scheduled', 'retryable') AND scheduled_at < now() - interval '5 minutes'),
	count(*) FILTER (WHERE state = 'running' AND attempted_at < now() - interval '15 minutes'),
	count(*) FILTER (WHERE state = 'discarded' AND max_attempts > 1 AND finalized_at > now() - interval '1 day') FROM river_job`).Scan(&late, &long, &lost)
	switch {
	case err != nil:
		e.bad(about, "look at the database's log", "%s", plain(err))
	case late > 0:
		e.bad(about, "start hientruong worker, or more of them", "%d are due for more than 5 minutes", late)
	case long > 0:
		e.bad(about, "look at the worker's log; they are taken up again after an hour", "%d run for more than 15 minutes", long)
	case lost > 0:
		e.bad(about, "look at the worker's log", "%d were given up within a day", lost)
	default:
		e.good(about, "none is late, stuck or given up")
	}
}

// packs: without one no report can be routed.
func (e *exam) packs(ctx context.Context) {
	const about, apply = "pack", "hientruong pack apply FOLDER"
	if !e.reached(about) {
		return
	}
	versions, err := models.PackVersions(ctx, e.db.Gorm)
	if err != nil {
		e.bad(about, "look at the database's log", "%s", plain(err))
		return
	}
	newest := map[int32]models.PackVersion{}
	for _, v := range versions {
		if v.Number > newest[v.JurisdictionID].Number {
			newest[v.JurisdictionID] = v
		}
	}
	if len(newest) == 0 {
		e.bad(about, apply, "none is applied")
		return
	}
	e.perJurisdiction(ctx, about, func(j models.Jurisdiction) {
		v, ok := newest[j.ID]
		if !ok {
			e.bad(about, apply, "%s: none is applied", j.Code)
			return
		}
		if err := e.ReadPack(v.Files); err != nil {
			e.bad(about, "apply a corrected one: "+apply, "%s: version %d cannot be read: %s", j.Code, v.Number, plain(err))
			return
		}
		e.good(about, "%s: version %d is in force", j.Code, v.Number)
	})
}
