// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"hientruong/ledger"
	"hientruong/models"
)

// fault verifies the town's log as it is inside a transaction.
func (w *town) fault(rt *rapid.T, tx pgx.Tx) *ledger.Fault {
	var f *ledger.Fault
	_, err := ledger.Verify(rt.Context(), tx, w.id, nil)
	if err != nil && !errors.As(err, &f) {
		rt.Fatalf("verify: %v", err)
	}
	return f
}

func TestWhateverIsAlteredIsFound(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	const events = 30
	for range events {
		l.must(t, w.submit(newID()))
	}
	w.whole(t, events)
	const this = " WHERE pos = $1"
	// $1 is the position, $2 a small number. Each names the position found, from $1.
	changes := []struct {
		sql   string
		found func(pos int64) int64
	}{
		{"UPDATE events SET jurisdiction_id = 1000 + $2" + this, same},
		{"UPDATE events SET pos = 100 + $2" + this, same},
		{"UPDATE events SET subject_kind = overlay(subject_kind placing '#' from 1 + $2 % length(subject_kind) for 1)" + this, same},
		{"UPDATE events SET subject_id = encode(set_byte(uuid_send(subject_id), $2 % 16, get_byte(uuid_send(subject_id), $2 % 16) # 1), 'hex')::uuid" + this, same},
		{"UPDATE events SET subject_seq = subject_seq + 1 + $2" + this, same},
		{"UPDATE events SET kind = overlay(kind placing '#' from 1 + $2 % length(kind) for 1)" + this, same},
		{"UPDATE events SET origin = CASE WHEN $2 % 2 = 0 THEN 'demo' ELSE 'drill' END" + this, same},
		{"UPDATE events SET actor = overlay(actor placing '#' from 1 + $2 % length(actor) for 1)" + this, same},
		{"UPDATE events SET at = at + (1 + $2) * interval '1 microsecond'" + this, same},
		{"UPDATE events SET body = overlay(body placing '#' from 1 + $2 % length(body) for 1)" + this, same},
		{"UPDATE events SET body = body || repeat(' ', 1 + $2)" + this, same},
		{"UPDATE events SET hash = set_byte(hash, $2 % 32, get_byte(hash, $2 % 32) # 1)" + this, same},
		{"UPDATE events SET subject_kind = subject_kind || left(kind, 1), kind = substr(kind, 2) WHERE pos = $1 AND $2 >= 0", same},
		{"UPDATE events SET pos = pos + 1000 + $2 WHERE pos >= $1", same},
		{"DELETE FROM events WHERE pos = $1 AND $2 >= 0", same},
		{"DELETE FROM events WHERE pos >= $1 AND $2 >= 0", same},
		{"DELETE FROM events WHERE pos BETWEEN $1 AND $1 + $2", same},
		{"UPDATE log_head SET pos = $1 - 1 WHERE $2 >= 0", same},
		{"UPDATE log_head SET pos = pos + 1 + $2 WHERE $1 > 0", func(int64) int64 { return events + 1 }},
		{"UPDATE log_head SET hash = set_byte(hash, $2 % 32, get_byte(hash, $2 % 32) # 1) WHERE $1 > 0", func(int64) int64 { return events }},
	}
	owner := w.owner(t)
	rapid.Check(t, func(rt *rapid.T) {
		change := rapid.SampledFrom(changes).Draw(rt, "change")
		pos, n := rapid.Int64Range(1, events).Draw(rt, "pos"), rapid.IntRange(0, 500).Draw(rt, "n")
		tx, err := owner.Begin(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = tx.Rollback(t.Context()) }()
		tag, err := tx.Exec(t.Context(), change.sql, pos, n)
		if err != nil || tag.RowsAffected() == 0 {
			rt.Fatalf("%d rows, %v", tag.RowsAffected(), err)
		}
		f := w.fault(rt, tx)
		if f == nil || f.Pos != change.found(pos) || f.Jurisdiction != w.id || f.Error() == "" {
			rt.Fatalf("found %v, want position %d", f, change.found(pos))
		}
	})
	w.whole(t, events)
}

func same(pos int64) int64 { return pos }

func TestATimeNoTimeCanHoldIsFound(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	l.must(t, w.submit(newID()))
	owner := w.owner(t)
	if _, err := owner.Exec(t.Context(), "UPDATE events SET at = 'infinity'"); err != nil {
		t.Fatal(err)
	}
	if n, err := ledger.VerifyAll(t.Context(), owner, []models.Jurisdiction{{ID: w.id}}, nil); err == nil || n != 0 {
		t.Errorf("%d events verified, error %v", n, err)
	}
}

func TestProgressIsTold(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.start(t, ledger.Config{}).must(t, w.submit(newID()))
	var told []int64
	_, err := ledger.VerifyAll(t.Context(), w.DB.Pool, []models.Jurisdiction{{ID: w.id}}, func(pos, of int64) { told = append(told, pos, of) })
	if err != nil || len(told) != 2 || told[0] != 1 || told[1] != 1 {
		t.Errorf("told %v, error %v", told, err)
	}
}

func TestTheApplicationOnlyAddsEvents(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.start(t, ledger.Config{}).must(t, w.submit(newID()))
	for _, sql := range []string{
		"UPDATE events SET body = ''", "DELETE FROM events", "TRUNCATE events", "UPDATE events_0 SET body = ''", "DELETE FROM events_0", "TRUNCATE events_0",
		"DROP TABLE events", "ALTER TABLE events DETACH PARTITION events_0",
	} {
		_, err := w.DB.Pool.Exec(t.Context(), sql)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
	w.whole(t, 1)
}

func TestNoByteMovesBetweenColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		both := rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(rt, "bytes")
		cut := rapid.IntRange(0, len(both)-1).Draw(rt, "cut")
		at := time.Unix(0, 0)
		a := models.Event{Kind: models.EventKind(both[:cut]), Origin: models.Origin(both[cut:]), At: at}
		b := models.Event{Kind: models.EventKind(both[:cut+1]), Origin: models.Origin(both[cut+1:]), At: at}
		if string(ledger.Link(nil, a)) == string(ledger.Link(nil, b)) {
			rt.Fatalf("%v and %v have one hash", a, b)
		}
	})
}
