// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"hientruong/database"
	"hientruong/database/dbtest"
	"hientruong/handlers"
	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/photos"
	"hientruong/storage"
	"hientruong/words"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// world is a server on a port of its own, with a real database, ledger and store.
type world struct {
	tb       testing.TB
	db       *database.DB
	ledger   *ledger.Ledger
	identity *identity.Service
	packs    *pack.Holder
	store    *brittleStore
	studio   *photos.Studio
	log      *logs
	j        int32
	url      string
	client   *http.Client
	codes    *identity.DemoSender
}

// demoPack is parsed once: it does not change.
var demoPack = sync.OnceValues(func() (*pack.Pack, error) {
	p, faults := pack.Parse(os.DirFS("../packs/demo"))
	return p, faults.Err()
})

func newWorld(tb testing.TB, change ...func(*handlers.Config)) *world {
	tb.Helper()
	w := &world{tb: tb, db: dbtest.New(tb).DB, packs: &pack.Holder{}, log: &logs{}, codes: identity.NewDemoSender(nil)}
	w.ledger = ledger.New(ledger.Config{Pool: w.db.Pool})
	tb.Cleanup(func() { within(tb, w.ledger.Close) })
	w.applyPack()
	keys := must(identity.OpenKeyFile(filepath.Join(tb.TempDir(), "keys.json")))(tb)
	w.identity = must(identity.New(identity.Config{
		Gorm: w.db.Gorm, Ledger: w.ledger, Keys: keys, Sender: w.codes, Limiter: identity.NewLimiter(nil, nil),
	}))(tb)
	w.store = &brittleStore{Store: must(storage.OpenFolder(tb.TempDir()))(tb)}
	w.studio = &photos.Studio{Ledger: w.ledger, Darkroom: &photos.Darkroom{
		Store: w.store, Memory: photos.NewMemory(photos.DefaultMemory), Limits: photos.DefaultLimits(), Zone: time.UTC, Scratch: tb.TempDir(),
	}}
	config := handlers.Config{
		DB: w.db.Gorm, Ledger: w.ledger, Packs: w.packs, Identity: w.identity, Studio: w.studio, Words: must(words.Load())(tb),
		Logger: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Metrics: prometheus.NewRegistry(),
	}
	for _, c := range change {
		c(&config)
	}
	w.serve(config)
	return w
}

func (w *world) applyPack() {
	p := must(demoPack())(w.tb)
	w.j = must(models.EnsureJurisdiction(w.tb.Context(), w.db.Gorm, p.ID()))(w.tb).ID
	_, err := w.ledger.Do(w.tb.Context(), workflow.ApplyPack{Actor: models.System(w.j), Files: []byte("a zip"), Digest: p.Digest()})
	if err != nil {
		w.tb.Fatal(err)
	}
	w.packs.Add(w.j, 1, p, time.Time{})
}

func (w *world) serve(config handlers.Config) {
	server := must(handlers.New(config))(w.tb)
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(w.tb)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	w.url = "http://" + listener.Addr().String()
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	w.client = &http.Client{Transport: transport, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w.tb.Cleanup(func() {
		transport.CloseIdleConnections()
		within(w.tb, server.Shutdown)
		if err := <-ended; err != nil {
			w.tb.Errorf("serve: %v", err)
		}
	})
}

// device signs a phone in and returns its token and id.
func (w *world) device() (string, uuid.UUID) {
	w.tb.Helper()
	id := uuid.New()
	grant, err := w.identity.SignInDevice(w.tb.Context(), w.j, identity.DeviceSignIn{
		DeviceID: id, Secret: "000102030405060708090a0b0c0d0e0f", Platform: "android", Language: models.Vietnamese,
	})
	if err != nil {
		w.tb.Fatal(err)
	}
	return grant.Token, id
}

// staff makes somebody with roles and returns their token.
func (w *world) staff(unit string, roles ...models.Role) string {
	w.tb.Helper()
	login := "u" + uuid.NewString()[:8]
	const password = "một mật khẩu đủ dài 42"
	admin := models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: w.j, Roles: []models.Role{models.RoleAdministrator}}
	if _, err := w.identity.CreateStaff(w.tb.Context(), admin, identity.NewStaff{Login: login, Name: "Tên", Password: password, Roles: roles, Unit: unit}); err != nil {
		w.tb.Fatal(err)
	}
	return must(w.identity.Login(w.tb.Context(), w.j, login, password, uuid.Nil))(w.tb).Token
}

// count counts the rows of a table.
func (w *world) count(table string) int64 {
	w.tb.Helper()
	var n int64
	if err := w.db.Gorm.Table(table).Count(&n).Error; err != nil {
		w.tb.Fatal(err)
	}
	return n
}

// events counts the events of the log by kind.
func (w *world) events() map[models.EventKind]int {
	w.tb.Helper()
	var all []models.Event
	if err := w.db.Gorm.Find(&all).Error; err != nil {
		w.tb.Fatal(err)
	}
	out := map[models.EventKind]int{}
	for _, e := range all {
		out[e.Kind]++
	}
	return out
}

// staged counts the objects that wait to be rendered.
func (w *world) staged() int {
	w.tb.Helper()
	n := 0
	for _, err := range w.store.List(w.tb.Context(), "staged/") {
		if err != nil {
			w.tb.Fatal(err)
		}
		n++
	}
	return n
}

// brittleStore can be taken away.
type brittleStore struct {
	storage.Store
	mu   sync.Mutex
	away bool
}

func (b *brittleStore) set(away bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = away
}

func (b *brittleStore) gone() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return storage.ErrUnavailable
	}
	return nil
}

func (b *brittleStore) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := b.gone(); err != nil {
		return err
	}
	return b.Store.Put(ctx, key, r, size)
}

func (b *brittleStore) Open(ctx context.Context, key string) (*storage.Object, error) {
	if err := b.gone(); err != nil {
		return nil, err
	}
	return b.Store.Open(ctx, key)
}

// logs keeps what was logged.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// within calls something that must be done in ten seconds.
func within(tb testing.TB, f func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := f(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
		tb.Errorf("closing: %v", err)
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// picture is a small JPEG.
func picture(tb testing.TB, shade uint8) []byte {
	tb.Helper()
	m := image.NewGray(image.Rect(0, 0, 64, 48))
	for i := range m.Pix {
		m.Pix[i] = shade + uint8(i%7)
	}
	m.Set(3, 3, color.White)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// withoutGuests is the demo's pack, but for those who signed in.
func withoutGuests(tb testing.TB) *pack.Holder {
	tb.Helper()
	files := fstest.MapFS{}
	dir := os.DirFS("../packs/demo")
	for _, name := range must(pack.Files(dir))(tb) {
		content := must(fs.ReadFile(dir, name))(tb)
		files[name] = &fstest.MapFile{Data: bytes.Replace(content, []byte("guest_reports: true"), []byte("guest_reports: false"), 1)}
	}
	p, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		tb.Fatal(err)
	}
	h := &pack.Holder{}
	h.Add(1, 1, p, time.Time{})
	return h
}

var discard = slog.New(slog.DiscardHandler)
