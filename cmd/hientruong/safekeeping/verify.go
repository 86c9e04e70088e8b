// SPDX-License-Identifier: Apache-2.0

package safekeeping

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hientruong/database"
	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/photos"
	"hientruong/storage"
)

// open connects to a place's database for long reading.
func (p Place) open(ctx context.Context) (*database.DB, error) {
	return database.Open(ctx, database.Config{
		URL: cmp.Or(p.OwnerURL, p.AppURL), MaxConns: 2, ApplicationName: "hientruong verify", StatementTimeout: -1,
	})
}

// Audit recomputes the log of every jurisdiction, beside writers, and returns the heads.
// A *ledger.Fault says where a log is not what was written.
func Audit(ctx context.Context, db *database.DB, progress func(pos, of int64)) ([]Log, error) {
	all, err := models.Jurisdictions(ctx, db.Gorm)
	if err != nil {
		return nil, err
	}
	logs := make([]Log, 0, len(all))
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, db.Pool, options, func(tx pgx.Tx) error {
		if logs, err = readLogs(ctx, tx); err != nil {
			return err
		}
		for _, l := range logs {
			if _, err := ledger.Verify(ctx, tx, l.ID, progress); err != nil {
				return fmt.Errorf("%s: %w", l.Code, err)
			}
		}
		return nil
	})
	return logs, err
}

// Verify compares a place with the backup it was restored from and returns every fault
// it finds, none when all is well. The place may have gone on working since; fresh says
// that it has not, and then rows are counted too. The error is that of not being able to
// look.
func Verify(ctx context.Context, set *Set, at Place, fresh bool) (faults []string, err error) {
	db, err := at.open(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	v := &verification{Place: at, db: db, was: set.Manifest, fresh: fresh}
	for _, look := range []func(context.Context) error{v.chain, v.heads, v.rows, v.cursors, v.keys, v.pictures} {
		if err := look(ctx); err != nil {
			return v.faults, err
		}
	}
	return v.faults, nil
}

type verification struct {
	Place
	db     *database.DB
	was    Manifest
	fresh  bool
	faults []string
}

func (v *verification) fault(text string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(text, args...))
}

// chain recomputes every hash.
func (v *verification) chain(ctx context.Context) error {
	tick := newTicker(v.Tell)
	logs, err := Audit(ctx, v.db, func(pos, of int64) { tick.tell("log: %d of %d", pos, of) })
	var fault *ledger.Fault
	if errors.As(err, &fault) {
		v.fault("%v", err)
		return nil
	}
	for _, l := range logs {
		fmt.Fprintf(v.Tell, "%s: the log is whole up to %d, %s\n", l.Code, l.Pos, l.Hash)
	}
	return err
}

// heads compares each log with its head at the time of the backup: the same event must
// stand there, and the epoch must not.
func (v *verification) heads(ctx context.Context) error {
	logs, err := readLogs(ctx, v.db.Pool)
	if err != nil {
		return err
	}
	now := map[string]Log{}
	for _, l := range logs {
		now[l.Code] = l
	}
	for _, was := range v.was.Logs {
		is, ok := now[was.Code]
		switch {
		case !ok:
			v.fault("%s: the jurisdiction is missing", was.Code)
			continue
		case is.Pos < was.Pos || v.fresh && is.Pos != was.Pos:
			v.fault("%s: the log's head is %d, the backup's is %d", was.Code, is.Pos, was.Pos)
			continue
		case is.Epoch == was.Epoch:
			v.fault("%s: the log has the epoch of the backup still: phones would take new events for ones they know", was.Code)
		}
		if was.Pos == 0 {
			continue
		}
		var hash []byte
		err := v.db.Pool.QueryRow(ctx, "SELECT hash FROM events WHERE jurisdiction_id = $1 AND pos = $2", was.ID, was.Pos).Scan(&hash)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if hex.EncodeToString(hash) != was.Hash {
			v.fault("%s: position %d is not the backup's", was.Code, was.Pos)
		}
	}
	return nil
}

// rows counts, where nothing was added since.
func (v *verification) rows(ctx context.Context) error {
	if !v.fresh {
		return nil
	}
	counts, err := countRows(ctx, v.db.Pool)
	if err != nil {
		return err
	}
	for table, want := range v.was.Counts {
		if got := counts[table]; got != want {
			v.fault("%s: %d rows, the backup has %d", table, got, want)
		}
	}
	return nil
}

// cursors: a reader beyond the head would miss what comes.
func (v *verification) cursors(ctx context.Context) error {
	rows, err := v.db.Pool.Query(ctx, `SELECT j.code, c.reader, c.pos, h.pos FROM cursors c JOIN log_head h USING (jurisdiction_id)
JOIN jurisdictions j ON j.id = c.jurisdiction_id WHERE c.pos > h.pos`)
	if err != nil {
		return err
	}
	var code, reader string
	var pos, head int64
	_, err = pgx.ForEachRow(rows, []any{&code, &reader, &pos, &head}, func() error {
		v.fault("%s: the reader %s stands at %d, beyond the head %d", code, reader, pos, head)
		return nil
	})
	return err
}

// keys opens one contact sealed with each key.
func (v *verification) keys(ctx context.Context) error {
	content, err := os.ReadFile(v.KeyFile)
	if err != nil {
		v.fault("HIENTRUONG_KEY_FILE: %v", err)
		return nil
	}
	ring, err := identity.ParseKeys(content)
	if err != nil {
		v.fault("HIENTRUONG_KEY_FILE: %s: %v", v.KeyFile, err)
		return nil
	}
	if err := checkKeys(ctx, v.db, ring); err != nil {
		v.fault("%v", err)
		return nil
	}
	var samples []models.Contact
	err = v.db.Gorm.WithContext(ctx).Raw("SELECT DISTINCT ON (jurisdiction_id, key_id) * FROM contacts WHERE erased_at IS NULL ORDER BY jurisdiction_id, key_id, report_id DESC").
		Scan(&samples).Error
	if err != nil {
		return err
	}
	for _, c := range samples {
		if _, err := ring.OpenContact(c); err != nil {
			v.fault("HIENTRUONG_KEY_FILE: not the keys of what is sealed: %v", err)
		}
	}
	return nil
}

// pictures looks for every object that a photo needs, but for those that the backup says
// were absent.
func (v *verification) pictures(ctx context.Context) error {
	absent := map[string]bool{}
	for _, a := range v.was.Absent {
		absent[a.Key] = true
	}
	tick := newTicker(v.Tell)
	var last photoKey
	var looked int64
	for {
		rows, err := v.db.Pool.Query(ctx, `SELECT jurisdiction_id, id, status FROM photos WHERE (jurisdiction_id, id) > ($1, $2)
AND status <> 'refused' ORDER BY jurisdiction_id, id LIMIT 1000`, last.Jurisdiction, last.ID)
		if err != nil {
			return err
		}
		page, err := pgx.CollectRows(rows, pgx.RowToStructByPos[listedPhoto])
		if err != nil || len(page) == 0 {
			return err
		}
		for _, p := range page {
			for _, key := range photos.Objects(p.Jurisdiction, p.ID, p.Status) {
				if err := v.object(ctx, p, key, absent[key]); err != nil {
					return err
				}
			}
			last = photoKey{p.Jurisdiction, p.ID}
			looked++
		}
		tick.tell("photos: %d looked for", looked)
	}
}

type listedPhoto struct {
	Jurisdiction int32
	ID           uuid.UUID
	Status       models.PhotoStatus
}

// object looks for one object. What is rendered while this looks is no fault.
func (v *verification) object(ctx context.Context, p listedPhoto, key string, known bool) error {
	object, err := v.Store.Open(ctx, key)
	if err == nil {
		return object.Close()
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("object %s: %w", key, err)
	}
	if known {
		return nil
	}
	var now models.PhotoStatus
	if err := v.db.Pool.QueryRow(ctx, "SELECT status FROM photos WHERE jurisdiction_id = $1 AND id = $2", p.Jurisdiction, p.ID).Scan(&now); err != nil {
		return err
	}
	if now == p.Status {
		v.fault("photo %s: the object %s is missing", p.ID, key)
	}
	return nil
}
