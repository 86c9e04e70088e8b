// SPDX-License-Identifier: Apache-2.0

package safekeeping_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"hientruong/cmd/hientruong/safekeeping"
	"hientruong/database"
	"hientruong/database/dbtest"
	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/photos"
	"hientruong/storage"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// town is an installation with a report, a contact, and three photos: one rendered, one
// refused, one that waits.
type town struct {
	safekeeping.Place
	db     *database.DB
	ledger *ledger.Ledger
	studio *photos.Studio
	keys   *identity.KeyRing
	id     int32
	ready  models.Photo
	waits  models.Photo
	said   *bytes.Buffer
}

func newTown(t *testing.T) *town {
	t.Helper()
	made := dbtest.New(t)
	j, err := models.EnsureJurisdiction(t.Context(), made.DB.Gorm, "hue")
	if err != nil {
		t.Fatal(err)
	}
	w := open(t, place(t, made.OwnerURL, made.AppURL))
	w.id = j.ID
	w.fill(t)
	return w
}

// place is one with a new folder for objects and keys.
func place(t *testing.T, owner, app string) safekeeping.Place {
	t.Helper()
	dir := t.TempDir()
	store, err := storage.OpenFolder(filepath.Join(dir, "objects"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return safekeeping.Place{OwnerURL: owner, AppURL: app, Store: store, KeyFile: filepath.Join(dir, "keys.json"), Tell: &bytes.Buffer{}}
}

// open starts what an installation runs.
func open(t *testing.T, at safekeeping.Place) *town {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{URL: at.AppURL, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	keys, err := identity.OpenKeyFile(at.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(ledger.Config{Pool: db.Pool})
	t.Cleanup(func() { _ = l.Close(context.Background()) })
	studio := &photos.Studio{Ledger: l, Darkroom: &photos.Darkroom{
		Store: at.Store, Memory: photos.NewMemory(photos.DefaultMemory), Limits: photos.DefaultLimits(), Zone: time.UTC, Scratch: t.TempDir(),
	}}
	return &town{Place: at, db: db, ledger: l, studio: studio, keys: keys, id: 1, said: at.Tell.(*bytes.Buffer)}
}

func (w *town) fill(t *testing.T) {
	t.Helper()
	w.file(t)
	w.ready, w.waits = w.upload(t), w.upload(t)
	w.render(t, w.ready)
	refused := w.upload(t)
	if err := w.studio.Drop(t.Context(), refused); err != nil {
		t.Fatal(err)
	}
	w.render(t, refused)
}

type act struct {
	needs  models.Needs
	change func(now time.Time) models.Change
}

func (a act) Needs() models.Needs { return a.needs }

func (a act) Decide(_ models.Facts, now time.Time) (models.Change, error) { return a.change(now), nil }

// file files a report with a contact and returns the position of its event.
func (w *town) file(t *testing.T) int64 {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	contact, err := w.keys.SealContact(id, w.id, "Trần Thị B", "0912345678", "")
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.ledger.Do(t.Context(), act{models.Needs{Jurisdiction: w.id}, func(now time.Time) models.Change {
		r := models.Report{
			JurisdictionID: w.id, ID: id, Code: "T-" + id.String(), PackVersion: 1, Workflow: "thuong",
			State: "submitted", Phase: models.PhaseReceived, Visibility: models.VisibilityPrivate, Shown: models.ShownNone,
			Category: "den-duong", Urgency: models.UrgencyNormal, Channel: models.ChannelApp, Language: models.Vietnamese,
			Origin: models.OriginLive, LocationSource: models.SourceGPS, LocationPrecision: models.PrecisionExact,
			Attributes: []byte(`{}`), DescriptionID: uuid.Must(uuid.NewV7()), Version: 1, EventSeq: 1, CreatedAt: now, UpdatedAt: now,
		}
		contact.CreatedAt = now
		text := models.Draft{ID: r.DescriptionID, Body: "Đèn đường hỏng"}.Text(&r, models.TextDescription, r.Language, "system", now)
		return models.Change{Subject: id, Insert: []models.Row{text, r, contact}, Events: []models.Event{{
			SubjectKind: models.SubjectReport, SubjectID: id, SubjectSeq: 1, Kind: models.EventReportSubmitted, Origin: r.Origin,
			Actor: "system", At: now, Body: models.Body{Version: 1, After: r.Keys()}.Canonical(),
		}}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Pos
}

func (w *town) upload(t *testing.T) models.Photo {
	t.Helper()
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	actor := models.Actor{Kind: models.ActorCitizen, ID: uuid.New(), Jurisdiction: w.id, Roles: []models.Role{models.RoleCitizen}}
	photo, err := w.studio.Take(t.Context(), actor, models.PhotoBefore, &picture)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.ledger.Do(t.Context(), photos.Upload{Photo: photo, Actor: actor}); err != nil {
		t.Fatal(err)
	}
	return photo
}

func (w *town) render(t *testing.T, photo models.Photo) {
	t.Helper()
	worker := photos.Worker{Studio: w.studio, Logger: slog.New(slog.DiscardHandler)}
	if err := worker.Work(t.Context(), &river.Job[photos.RenderArgs]{Args: photos.RenderArgs{Jurisdiction: w.id, ID: photo.ID}}); err != nil {
		t.Fatal(err)
	}
}

// photo reads the row anew.
func (w *town) photo(t *testing.T, id uuid.UUID) models.Photo {
	t.Helper()
	var p models.Photo
	if err := w.db.Gorm.Where("id = ?", id).Take(&p).Error; err != nil {
		t.Fatal(err)
	}
	return p
}

// backup makes one, or skips the test where PostgreSQL is npm's, which brings no tools.
func (w *town) backup(t *testing.T) string {
	t.Helper()
	before := w.said.String()
	path, err := safekeeping.Backup(t.Context(), w.Place, t.TempDir(), time.Now())
	if errors.Is(err, database.ErrNoTools) {
		if after := w.said.String(); after != before {
			t.Errorf("work was done before the tools were looked for: %s", after)
		}
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *town) head(t *testing.T) (pos int64, epoch string) {
	t.Helper()
	pos, epoch, err := ledger.Head(t.Context(), w.db.Pool, w.id)
	if err != nil {
		t.Fatal(err)
	}
	return pos, epoch
}

// memory is a reader that remembers the positions it read.
type memory struct{ read []int64 }

func (*memory) Name() string { return "memory" }

func (m *memory) Read(_ context.Context, _ ledger.Tx, events []models.Event) error {
	for _, e := range events {
		m.read = append(m.read, e.Pos)
	}
	return nil
}

func (w *town) read(t *testing.T, m *memory) {
	t.Helper()
	if _, err := ledger.NewTail(ledger.TailConfig{DB: w.db.Gorm, Reader: m}).Step(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// freshCluster is another PostgreSQL with an empty database.
func freshCluster(t *testing.T) safekeeping.Place {
	t.Helper()
	dir, err := os.MkdirTemp("", "hientruong-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	// The server's user is not root and has to get through.
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	server, err := database.StartPrivate(t.Context(), database.PrivateOptions{Dir: filepath.Join(dir, "postgresql"), Tied: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(server.Stop(context.Background()), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	if err := server.CreateDatabase(t.Context(), "again"); err != nil {
		t.Fatal(err)
	}
	return place(t, server.URL(database.OwnerRole, "again"), server.URL(database.AppRole, "again"))
}

func openSet(t *testing.T, path string) *safekeeping.Set {
	t.Helper()
	set, err := safekeeping.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = set.Close() })
	return set
}

func content(t *testing.T, w *town, photo models.Photo) []byte {
	t.Helper()
	r, _, err := w.studio.Open(t.Context(), photo, photos.SizeOriginal)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRestoredTownGoesOn(t *testing.T) {
	t.Parallel()
	old := newTown(t)
	reader := &memory{}
	old.read(t, reader)
	late := old.file(t)
	path := old.backup(t)
	wantPos, oldEpoch := old.head(t)
	old.file(t)

	to := freshCluster(t)
	set := openSet(t, path)
	if err := safekeeping.Restore(t.Context(), set, to); err != nil {
		t.Fatal(err)
	}
	if faults, err := safekeeping.Verify(t.Context(), set, to, true); err != nil || len(faults) > 0 {
		t.Fatalf("verify: %v %v", faults, err)
	}
	again := open(t, to)
	pos, epoch := again.head(t)
	if pos != wantPos || epoch == oldEpoch {
		t.Errorf("head %d of epoch %s, want %d of another epoch than %s", pos, epoch, wantPos, oldEpoch)
	}
	if next := again.file(t); next != wantPos+1 {
		t.Errorf("the next event got position %d, want %d", next, wantPos+1)
	}
	after := &memory{}
	again.read(t, after)
	if len(after.read) != 2 || after.read[0] != late || after.read[1] != wantPos+1 {
		t.Errorf("the reader read %v, want what it had not read before: %d and %d", after.read, late, wantPos+1)
	}
	if !bytes.Equal(content(t, again, again.photo(t, old.ready.ID)), content(t, old, old.photo(t, old.ready.ID))) {
		t.Error("the photo is not the same")
	}
	again.render(t, old.waits)
	if got := again.photo(t, old.waits.ID).Status; got != models.PhotoReady {
		t.Errorf("the photo that waited is %s once rendered, want ready", got)
	}
	if faults, err := safekeeping.Verify(t.Context(), set, to, false); err != nil || len(faults) > 0 {
		t.Errorf("verify after going on: %v %v", faults, err)
	}
	if err := safekeeping.Restore(t.Context(), set, to); !errors.Is(err, database.ErrNotEmpty) {
		t.Errorf("restoring over it: %v, want ErrNotEmpty", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup has mode %v (%v), want 0600", info.Mode().Perm(), err)
	}
	if !strings.Contains(old.said.String(), "keys") {
		t.Errorf("nothing says that the backup holds the keys: %q", old.said)
	}
}

// Whoever goes on writing meanwhile must not be able to tear a backup apart.
func TestBackupIsOfOneMoment(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	var path string
	backedUp := make(chan struct{})
	go func() {
		defer close(backedUp)
		path = w.backup(t)
	}()
	for going := true; going; {
		select {
		case <-backedUp:
			going = false
		default:
			w.file(t)
		}
	}
	if path == "" {
		return // skipped or failed, and has said so
	}
	set, empty := openSet(t, path), dbtest.Empty(t)
	if head, _ := w.head(t); head == set.Manifest.Logs[0].Pos {
		t.Error("nothing was written meanwhile: this test shows nothing")
	}
	to := place(t, empty.OwnerURL, empty.AppURL)
	if err := safekeeping.Restore(t.Context(), set, to); err != nil {
		t.Fatal(err)
	}
	if faults, err := safekeeping.Verify(t.Context(), set, to, true); err != nil || len(faults) > 0 {
		t.Errorf("verify: %v %v", faults, err)
	}
}
