// SPDX-License-Identifier: Apache-2.0

package safekeeping

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hientruong/database"
	"hientruong/identity"
	"hientruong/models"
	"hientruong/photos"
	"hientruong/storage"
)

// Place is an installation: where its rows, pictures and keys are.
type Place struct {
	OwnerURL string // the database's, of its owner
	AppURL   string // and of the application
	Store    storage.Store
	KeyFile  string
	Tell     io.Writer // what is being done, a line a step; never nil
}

// Backup writes a backup to a path: into it where that is a folder, under a name made of
// the time, else as that file, which must not be there yet. It returns the file. The set
// is of one moment: rows, heads and the list of objects are read in one snapshot, while
// everything goes on working. Nothing is left behind when it fails.
func Backup(ctx context.Context, from Place, to string, now time.Time) (path string, err error) {
	path, err = nameIt(to, now)
	if err != nil {
		return "", err
	}
	keys, err := readKeys(ctx, from)
	if err != nil {
		return "", err
	}
	if _, err := database.DumpVersion(ctx); err != nil {
		return "", err
	}
	w, err := newWriter(filepath.Dir(path), now)
	if err != nil {
		return "", err
	}
	defer w.close()
	b := &backup{Place: from, w: w, m: Manifest{Format: format, Program: program(), MadeAt: now.UTC().Truncate(time.Second), Parts: map[string]Part{}, Absent: []Absent{}}}
	if err := b.copyAll(ctx); err != nil {
		return "", err
	}
	if b.m.Parts[partKeys], err = w.add(partKeys, bytes.NewReader(keys), int64(len(keys))); err != nil {
		return "", err
	}
	if err := w.finish(&b.m, path); err != nil {
		return "", err
	}
	b.report(path)
	return path, nil
}

// nameIt decides on the file.
func nameIt(to string, now time.Time) (string, error) {
	info, err := os.Stat(to)
	switch {
	case err == nil && info.IsDir():
		return filepath.Join(to, "hientruong-"+now.UTC().Format("20060102T150405Z")+".tar"), nil
	case err == nil:
		return "", fmt.Errorf("%s is there already", to)
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	if info, err := os.Stat(filepath.Dir(to)); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s is no folder", filepath.Dir(to))
	}
	return to, nil
}

// readKeys reads the key file and makes sure that it is the installation's: a backup
// without the right keys would keep nobody's contact.
func readKeys(ctx context.Context, from Place) ([]byte, error) {
	content, err := os.ReadFile(from.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("HIENTRUONG_KEY_FILE: %w", err)
	}
	ring, err := identity.ParseKeys(content)
	if err != nil {
		return nil, fmt.Errorf("HIENTRUONG_KEY_FILE: %s: %w", from.KeyFile, err)
	}
	db, err := database.Open(ctx, database.Config{URL: from.OwnerURL, MaxConns: 2, ApplicationName: "hientruong backup"})
	if err != nil {
		return nil, fmt.Errorf("HIENTRUONG_DATABASE_OWNER_URL: %w", err)
	}
	defer db.Close()
	if err := db.CheckSchema(ctx); err != nil {
		return nil, err
	}
	return content, checkKeys(ctx, db, ring)
}

// checkKeys says whether the ring opens what every jurisdiction has sealed.
func checkKeys(ctx context.Context, db *database.DB, ring *identity.KeyRing) error {
	all, err := models.Jurisdictions(ctx, db.Gorm)
	if err != nil {
		return err
	}
	for _, j := range all {
		if err := ring.Check(ctx, db.Gorm, j.ID); err != nil {
			return fmt.Errorf("HIENTRUONG_KEY_FILE: not the key file of %s: %w", j.Code, err)
		}
	}
	return nil
}

// backup is one that is being made.
type backup struct {
	Place
	w    *writer
	m    Manifest
	conn *pgx.Conn // holds the snapshot, then the list of photos
	side *pgx.Conn // sees what is there now
}

// copyAll copies rows and objects. Staged bytes come first, for they are what goes away
// soonest; the list of rendered photos is kept by the server when the snapshot ends, so
// that copying them for hours holds up no vacuum.
func (b *backup) copyAll(ctx context.Context) error {
	for _, conn := range []**pgx.Conn{&b.conn, &b.side} {
		made, err := pgx.Connect(ctx, b.OwnerURL)
		if err != nil {
			return fmt.Errorf("HIENTRUONG_DATABASE_OWNER_URL: %w", err)
		}
		defer func() { _ = made.Close(context.WithoutCancel(ctx)) }()
		*conn = made
	}
	err := pgx.BeginTxFunc(ctx, b.conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		if err := b.m.summarise(ctx, tx); err != nil {
			return err
		}
		if err := b.list(ctx, tx, models.PhotoPending); err != nil {
			return err
		}
		if err := b.objects(ctx, tx, models.PhotoPending); err != nil {
			return err
		}
		if err := b.list(ctx, tx, models.PhotoReady); err != nil {
			return err
		}
		return b.dump(ctx, tx)
	})
	if err != nil {
		return err
	}
	return b.objects(ctx, b.conn, models.PhotoReady)
}

// dump dumps what the transaction sees.
func (b *backup) dump(ctx context.Context, tx pgx.Tx) error {
	var snapshot string
	if err := tx.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
		return err
	}
	// The tar needs the size first, so the dump goes by way of a file without a name.
	file, err := scratch(filepath.Dir(b.w.file.Name()))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	tick := newTicker(b.Tell)
	err = database.DumpSnapshot(ctx, b.OwnerURL, snapshot, file, func(_ string, bytes int64) { tick.tell("database: %s", size(bytes)) })
	if err != nil {
		return err
	}
	part, err := b.w.addFile(partDump, file)
	b.m.Parts[partDump] = part
	fmt.Fprintf(b.Tell, "database: dumped, %s\n", size(part.Bytes))
	return err
}

// list makes a list of the photos of a status, which outlives the snapshot.
func (b *backup) list(ctx context.Context, tx pgx.Tx, status models.PhotoStatus) error {
	// DECLARE takes no parameters; the statuses are constants of ours.
	_, err := tx.Exec(ctx, fmt.Sprintf("DECLARE photos_%s CURSOR WITH HOLD FOR SELECT jurisdiction_id, id FROM photos WHERE status = '%s' ORDER BY jurisdiction_id, id", status, status))
	return err
}

type photoKey struct {
	Jurisdiction int32
	ID           uuid.UUID
}

// objects copies the objects of the listed photos.
func (b *backup) objects(ctx context.Context, db querier, status models.PhotoStatus) error {
	tick := newTicker(b.Tell)
	for {
		rows, err := db.Query(ctx, fmt.Sprintf("FETCH FORWARD 1000 FROM photos_%s", status))
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[photoKey])
		if err != nil || len(found) == 0 {
			return err
		}
		for _, p := range found {
			for _, key := range photos.Objects(p.Jurisdiction, p.ID, status) {
				if err := b.object(ctx, p, key, status); err != nil {
					return err
				}
			}
			tick.tell("objects: %d, %s", b.m.Objects.Count, size(b.m.Objects.Bytes))
		}
	}
}

// object copies one object. Where staged bytes have been rendered meanwhile, the picture
// made of them stands in: restored, it is rendered once more, and nothing is lost.
func (b *backup) object(ctx context.Context, p photoKey, key string, status models.PhotoStatus) error {
	source := key
	copied, err := b.copyObject(ctx, key, source)
	if err == nil && !copied && status == models.PhotoPending {
		renditions := photos.Objects(p.Jurisdiction, p.ID, models.PhotoReady)
		source = renditions[len(renditions)-1]
		copied, err = b.copyObject(ctx, key, source)
	}
	if err != nil || copied {
		return err
	}
	var now models.PhotoStatus
	if err := b.side.QueryRow(ctx, "SELECT status FROM photos WHERE jurisdiction_id = $1 AND id = $2", p.Jurisdiction, p.ID).Scan(&now); err != nil {
		return err
	}
	why := whyLost
	if now != status {
		why = whyFinished
	}
	b.m.Absent = append(b.m.Absent, Absent{Key: key, Why: why})
	return nil
}

// copyObject copies one object from the store, and says whether it was there.
func (b *backup) copyObject(ctx context.Context, key, source string) (bool, error) {
	object, err := b.Store.Open(ctx, source)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("object %s: %w", source, err)
	}
	err = errors.Join(b.w.addObject(key, untilDone{ctx, object}, object.Size), object.Close())
	if err != nil {
		return false, err
	}
	b.m.Objects.Count++
	b.m.Objects.Bytes += object.Size
	return true, nil
}

// report says what the set holds.
func (b *backup) report(path string) {
	for _, l := range b.m.Logs {
		fmt.Fprintf(b.Tell, "%s: head %d, %s\n", l.Code, l.Pos, l.Hash)
	}
	fmt.Fprintf(b.Tell, "objects: %d, %s\n", b.m.Objects.Count, size(b.m.Objects.Bytes))
	for _, a := range b.m.Absent {
		fmt.Fprintf(b.Tell, "absent: %s: %s\n", a.Key, a.Why)
	}
	fmt.Fprintf(b.Tell, "%s holds the keys too: keep it as secret as they are\n", path)
}
