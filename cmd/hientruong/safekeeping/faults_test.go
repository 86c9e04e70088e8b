// SPDX-License-Identifier: Apache-2.0

package safekeeping_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hientruong/cmd/hientruong/safekeeping"
	"hientruong/database"
	"hientruong/database/dbtest"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/photos"
)

// ownerExec changes what the application could not.
func ownerExec(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedSetIsRefusedWithNothingWritten(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(newTown(t).backup(t))
	if err != nil {
		t.Fatal(err)
	}
	empty := dbtest.Empty(t)
	flip := func(part string, by int) []byte {
		at := bytes.Index(whole, []byte(part))
		if at < 0 {
			t.Fatalf("no %s in the set", part)
		}
		damaged := bytes.Clone(whole)
		// The name stands at the beginning of its 512 byte header; the content follows.
		damaged[at+512+by] ^= 1
		return damaged
	}
	cases := map[string][]byte{
		"nothing": {}, "no tar": []byte("not a backup"), "cut": whole[:len(whole)*2/3], "end cut": whole[:len(whole)-4096],
		"object": flip("objects/photos/", 40), "staged": flip("objects/staged/", 20), "dump": flip("database.dump", 3000),
		"keys": flip("keys.json", 30), "sums": flip("SHA256SUMS", 3), "manifest": flip("manifest.json", 50), "header": flip("keys.json", -400),
	}
	for name, damaged := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "set.tar")
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			to := place(t, empty.OwnerURL, empty.AppURL)
			set, err := safekeeping.Open(path)
			if err == nil {
				err = safekeeping.Restore(t.Context(), set, to)
			}
			if !errors.Is(err, safekeeping.ErrDamaged) {
				t.Errorf("error %v, want ErrDamaged", err)
			}
			untouched(t, to)
		})
	}
}

// untouched fails when anything was written to a place.
func untouched(t *testing.T, at safekeeping.Place) {
	t.Helper()
	if err := database.RequireEmpty(t.Context(), at.OwnerURL); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(at.KeyFile); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the key file: %v, want none", err)
	}
	for object, err := range at.Store.List(t.Context(), "") {
		t.Errorf("the store holds %s (%v)", object.Key, err)
	}
}

func TestRestoreRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	path := newTown(t).backup(t)
	empty := dbtest.Empty(t)
	to := place(t, empty.OwnerURL, empty.AppURL)
	if err := os.WriteFile(to.KeyFile, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := safekeeping.Restore(t.Context(), openSet(t, path), to)
	if err == nil || !strings.Contains(err.Error(), "HIENTRUONG_KEY_FILE") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want one line that names HIENTRUONG_KEY_FILE", err)
	}
	if err := database.RequireEmpty(t.Context(), to.OwnerURL); err != nil {
		t.Error(err)
	}
}

func TestBackupRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	folder := t.TempDir()
	other := place(t, w.OwnerURL, w.AppURL)
	open(t, other)
	for name, file := range map[string]string{"none": filepath.Join(folder, "none.json"), "another's": other.KeyFile} {
		from := w.Place
		from.KeyFile = file
		if _, err := safekeeping.Backup(t.Context(), from, folder, time.Now()); err == nil || !strings.Contains(err.Error(), "HIENTRUONG_KEY_FILE") {
			t.Errorf("%s: error %v, want one that names HIENTRUONG_KEY_FILE", name, err)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("a backup that failed left %v (%v)", left, err)
	}
}

func TestBackupReplacesNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	path := filepath.Join(t.TempDir(), "set.tar")
	if err := os.WriteFile(path, []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := safekeeping.Backup(t.Context(), w.Place, path, time.Now()); err == nil {
		t.Error("it replaced an older backup")
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "older" {
		t.Errorf("the older backup is %q now (%v)", got, err)
	}
}

// A photo may be rendered between the snapshot and the copying of its bytes.
func TestPictureStandsInForStagedBytes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	// As the worker leaves it before the outcome is in the ledger: rendered, nothing staged.
	staged := photos.Objects(w.id, w.waits.ID, models.PhotoPending)[0]
	if _, err := w.studio.Darkroom.Develop(t.Context(), staged, strings.TrimSuffix(photos.Objects(w.id, w.waits.ID, models.PhotoReady)[0], "/thumb.jpg")); err != nil {
		t.Fatal(err)
	}
	if err := w.studio.Drop(t.Context(), w.waits); err != nil {
		t.Fatal(err)
	}
	set := openSet(t, w.backup(t))
	if len(set.Manifest.Absent) > 0 {
		t.Errorf("absent: %v", set.Manifest.Absent)
	}
	empty := dbtest.Empty(t)
	to := place(t, empty.OwnerURL, empty.AppURL)
	if err := safekeeping.Restore(t.Context(), set, to); err != nil {
		t.Fatal(err)
	}
	again := open(t, to)
	again.render(t, w.waits)
	if got := again.photo(t, w.waits.ID).Status; got != models.PhotoReady {
		t.Errorf("the photo is %s, want ready", got)
	}
}

func TestLostObjectIsToldAndNotFatal(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	lost := photos.Objects(w.id, w.ready.ID, models.PhotoReady)[1]
	if err := w.Store.Delete(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	set := openSet(t, w.backup(t))
	if len(set.Manifest.Absent) != 1 || set.Manifest.Absent[0].Key != lost || !strings.Contains(w.said.String(), lost) {
		t.Errorf("absent %v, want %s, and said so: %q", set.Manifest.Absent, lost, w.said)
	}
}

func TestVerifyFindsEveryFault(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil func(t *testing.T, w *town)
		says  string
	}{
		"an altered event": {func(t *testing.T, w *town) {
			ownerExec(t, w.OwnerURL, "UPDATE events SET actor = 'system:x' WHERE pos = 3")
		}, "position 3: was altered"},
		"a missing event":  {func(t *testing.T, w *town) { ownerExec(t, w.OwnerURL, "DELETE FROM events WHERE pos = 2") }, "position 2: is missing"},
		"a missing row":    {func(t *testing.T, w *town) { ownerExec(t, w.OwnerURL, "DELETE FROM contacts") }, "contacts: 0 rows, the backup has 1"},
		"a reader too far": {func(t *testing.T, w *town) { ownerExec(t, w.OwnerURL, "INSERT INTO cursors VALUES (1, 'push', 999)") }, "the reader push stands at 999"},
		"an old epoch":     {func(t *testing.T, w *town) {}, "epoch of the backup"},
		"another key file": {func(t *testing.T, w *town) { otherKeys(t, w) }, "HIENTRUONG_KEY_FILE"},
		"keys of one name": {func(t *testing.T, w *town) { sameNameKeys(t, w) }, "HIENTRUONG_KEY_FILE"},
		"a missing object": {func(t *testing.T, w *town) { deleteObject(t, w) }, "view.jpg is missing"},
		"a shorter log":    {func(t *testing.T, w *town) { shorten(t, w) }, "the log's head is"},
		"another log's head": {func(t *testing.T, w *town) {
			ownerExec(t, w.OwnerURL, "UPDATE log_head SET hash = decode(repeat('11', 32), 'hex')")
		}, "does not match the head"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			set := openSet(t, w.backup(t))
			c.spoil(t, w)
			faults, err := safekeeping.Verify(t.Context(), set, w.Place, true)
			if err != nil {
				t.Fatal(err)
			}
			found := func(fault string) bool { return strings.Contains(fault, c.says) }
			if !slices.ContainsFunc(faults, found) {
				t.Errorf("found %q, want something about %q", faults, c.says)
			}
		})
	}
}

func otherKeys(t *testing.T, w *town) {
	t.Helper()
	if err := os.Remove(w.KeyFile); err != nil {
		t.Fatal(err)
	}
	open(t, w.Place)
}

// sameNameKeys writes other keys under the name of the right one.
func sameNameKeys(t *testing.T, w *town) {
	t.Helper()
	name := w.keys.Current()
	otherKeys(t, w)
	content, err := os.ReadFile(w.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	other := open(t, w.Place).keys.Current()
	if err := os.WriteFile(w.KeyFile, bytes.ReplaceAll(content, []byte(other), []byte(name)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func deleteObject(t *testing.T, w *town) {
	t.Helper()
	if err := w.Store.Delete(t.Context(), photos.Objects(w.id, w.ready.ID, models.PhotoReady)[1]); err != nil {
		t.Fatal(err)
	}
}

// shorten takes the last event away, and leaves a log that is whole in itself.
func shorten(t *testing.T, w *town) {
	t.Helper()
	ownerExec(t, w.OwnerURL, "DELETE FROM events WHERE pos = (SELECT pos FROM log_head)")
	ownerExec(t, w.OwnerURL, "UPDATE log_head SET pos = pos - 1, hash = (SELECT hash FROM events WHERE events.pos = log_head.pos - 1)")
}

func TestAuditNamesTheHead(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	logs, err := safekeeping.Audit(t.Context(), w.db, nil)
	pos, _ := w.head(t)
	if err != nil || len(logs) != 1 || logs[0].Code != "hue" || logs[0].Pos != pos || len(logs[0].Hash) != 64 {
		t.Errorf("audit: %+v %v", logs, err)
	}
	ownerExec(t, w.OwnerURL, "UPDATE events SET at = at + interval '1 microsecond' WHERE pos = 4")
	var fault *ledger.Fault
	if _, err := safekeeping.Audit(t.Context(), w.db, nil); !errors.As(err, &fault) || fault.Pos != 4 {
		t.Errorf("audit of an altered log: %v, want a fault at 4", err)
	}
}
