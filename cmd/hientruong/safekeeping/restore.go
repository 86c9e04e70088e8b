// SPDX-License-Identifier: Apache-2.0

package safekeeping

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"hientruong/database"
	"hientruong/identity"
)

// Restore puts a backup where there is nothing yet: everything is checked first, then
// keys and objects are written, the database last and in one transaction. So a restore
// that was cut short can be run again. Errors: ErrDamaged, ErrNewer and
// database.ErrNotEmpty, with nothing written.
func Restore(ctx context.Context, set *Set, to Place) error {
	if err := checkFirst(ctx, set, to); err != nil {
		return err
	}
	if err := writeKeys(set, to.KeyFile); err != nil {
		return fmt.Errorf("HIENTRUONG_KEY_FILE: %w", err)
	}
	if err := restoreObjects(ctx, set, to); err != nil {
		return err
	}
	fmt.Fprintf(to.Tell, "objects: %d restored\n", set.Manifest.Objects.Count)
	tick := newTicker(to.Tell)
	err := database.Restore(ctx, set.part(partDump), database.RestoreOptions{
		OwnerURL: to.OwnerURL, AppURL: to.AppURL,
		Progress: func(_ string, bytes int64) { tick.tell("database: %s", size(bytes)) },
	})
	if err != nil {
		return err
	}
	if err := beginAgain(ctx, to.OwnerURL); err != nil {
		return fmt.Errorf("the database is restored, but not ready: empty it and restore again: %w", err)
	}
	steps, err := database.Migrate(ctx, to.OwnerURL, database.MigrateOptions{AppURL: to.AppURL})
	if err != nil {
		return fmt.Errorf("the database is restored, but not up to date: run hientruong migrate up: %w", err)
	}
	fmt.Fprintf(to.Tell, "database: restored, %d migrations applied\n", len(steps))
	return nil
}

// checkFirst is all that can stand against a restore.
func checkFirst(ctx context.Context, set *Set, to Place) error {
	tick := newTicker(to.Tell)
	err := set.Check(ctx, func(bytes int64) { tick.tell("checksums: %s of objects", size(bytes)) })
	if err != nil {
		return err
	}
	fmt.Fprintf(to.Tell, "checksums: every part is as it was written on %s\n", set.Manifest.MadeAt.Format("2006-01-02 15:04:05 MST"))
	keys, err := set.keys()
	if err != nil {
		return err
	}
	if _, err := identity.ParseKeys(keys); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, partKeys, err)
	}
	present, err := os.ReadFile(to.KeyFile)
	switch {
	case err == nil && !bytes.Equal(present, keys):
		return fmt.Errorf("HIENTRUONG_KEY_FILE: %s holds other keys than the backup: move it away first", to.KeyFile)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("HIENTRUONG_KEY_FILE: %w", err)
	}
	if _, err := database.DumpVersion(ctx); err != nil {
		return err
	}
	if err := to.Store.Ping(ctx); err != nil {
		return err
	}
	return database.RequireEmpty(ctx, to.OwnerURL)
}

func (s *Set) keys() ([]byte, error) { return io.ReadAll(s.part(partKeys)) }

// writeKeys puts the key file in its place, whole or not at all.
func writeKeys(set *Set, path string) error {
	keys, err := set.keys()
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// os.CreateTemp makes files of mode 0600.
	temp, err := os.CreateTemp(dir, ".keys-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.Write(keys)
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	// The one that is there holds the same, or the restore would not have begun.
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(dir)
}

func restoreObjects(ctx context.Context, set *Set, to Place) error {
	tick, done := newTicker(to.Tell), int64(0)
	return set.walk(func(header *tar.Header, r io.Reader) error {
		key, isObject := strings.CutPrefix(header.Name, partObjects)
		if !isObject {
			return nil
		}
		if err := to.Store.Put(ctx, key, r, header.Size); err != nil {
			return fmt.Errorf("object %s: %w", key, err)
		}
		done++
		tick.tell("objects: %d of %d", done, set.Manifest.Objects.Count)
		return nil
	})
}

// beginAgain gives every log a new epoch, since positions beyond the backup that clients
// have seen will come again with other events, and frees the jobs whose workers are gone.
func beginAgain(ctx context.Context, ownerURL string) error {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE log_head SET epoch = gen_random_uuid()"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'")
		return err
	})
}
