// SPDX-License-Identifier: Apache-2.0

package doctor_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hientruong/cmd/hientruong/doctor"
	"hientruong/database"
	"hientruong/database/dbtest"
	"hientruong/identity"
	"hientruong/models"
	"hientruong/notify/fcmtest"
	"hientruong/storage"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// patient is an installation in which nothing is wrong.
type patient struct {
	doctor.Installation
	db *dbtest.Database
}

func healthy(t *testing.T) *patient {
	t.Helper()
	made, dir := dbtest.New(t), t.TempDir()
	j, err := models.EnsureJurisdiction(t.Context(), made.DB.Gorm, "hue")
	if err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(dir, "keys.json")
	if _, err := identity.OpenKeyFile(keys); err != nil {
		t.Fatal(err)
	}
	p := &patient{db: made, Installation: doctor.Installation{
		Settings: []doctor.Setting{
			{Name: "HIENTRUONG_DATA", Value: dir}, {Name: "HIENTRUONG_PUBLIC_URL"},
			{Name: "HIENTRUONG_DATABASE_URL", Value: made.AppURL, Secret: true},
		},
		Listen: "127.0.0.1:0", Data: dir, DatabaseURL: made.AppURL, OwnerURL: made.OwnerURL, KeyFile: keys,
		ReadPack: func([]byte) error { return nil },
		OpenStore: func() (storage.Store, func() error, error) {
			folder, err := storage.OpenFolder(filepath.Join(dir, "objects"))
			if err != nil {
				return nil, nil, err
			}
			return folder, folder.Close, nil
		},
	}}
	version := models.PackVersion{JurisdictionID: j.ID, Number: 1, ID: uuid.New(), Digest: make([]byte, 32), Files: []byte{}, EffectiveAt: time.Now(), AppliedAt: time.Now(), AppliedBy: "system"}
	if err := made.DB.Gorm.Create(&version).Error; err != nil {
		t.Fatal(err)
	}
	return p
}

// exec changes the database as its owner.
func (p *patient) exec(t *testing.T, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), p.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// examine returns the whole diagnosis, and the lines of what is wrong.
func examine(t *testing.T, p *patient, quick bool) (well bool, said string, wrong []string) {
	t.Helper()
	var out strings.Builder
	well = doctor.Examine(t.Context(), p.Installation, quick, func(f doctor.Finding) {
		f.Write(&out)
		if f.Verdict == doctor.Bad {
			wrong = append(wrong, f.About)
			if f.Do == "" || f.Says == "" {
				t.Errorf("%s: says %q and to do %q", f.About, f.Says, f.Do)
			}
		}
	})
	for line := range strings.SplitSeq(strings.TrimSuffix(out.String(), "\n"), "\n") {
		if !strings.HasPrefix(line, "✓ ") && !strings.HasPrefix(line, "✗ ") && !strings.HasPrefix(line, "– ") {
			t.Errorf("a finding of more than a line: %q", line)
		}
	}
	return well, out.String(), wrong
}

func noTools(t *testing.T) bool {
	t.Helper()
	_, err := database.DumpVersion(t.Context())
	return errors.Is(err, database.ErrNoTools)
}

func TestHealthy(t *testing.T) {
	t.Parallel()
	p := healthy(t)
	well, said, wrong := examine(t, p, false)
	if !well && !noTools(t) {
		t.Errorf("wrong with a healthy installation: %v\n%s", wrong, said)
	}
	for _, about := range []string{"settings", "data folder", "key file", "database", "schema", "keys", "object store", "rights", "clock", "log", "pack", "backup tools", "port", "jobs"} {
		if !strings.Contains(said, " "+about+": ") {
			t.Errorf("nothing is said about: %s", about)
		}
	}
	if strings.Contains(said, p.DatabaseURL) || !strings.Contains(said, "HIENTRUONG_DATABASE_URL (secret)") {
		t.Error("a secret is shown, or not even that it is set")
	}
	if _, quick, _ := examine(t, p, true); strings.Count(quick, "\n") >= strings.Count(said, "\n") || !strings.Contains(quick, "✓ database") {
		t.Errorf("quick says\n%s", quick)
	}
	for object := range list(t, p) {
		t.Errorf("the doctor left %s in the store", object)
	}
}

func list(t *testing.T, p *patient) map[string]bool {
	t.Helper()
	store, closeStore, err := p.OpenStore()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = closeStore() }()
	left := map[string]bool{}
	for object, err := range store.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		left[object.Key] = true
	}
	return left
}

// illness is one thing that is wrong, and what the doctor must complain of.
type illness struct {
	spoil func(t *testing.T, p *patient)
	about string
}

func illnesses() map[string]illness {
	return map[string]illness{
		"no address of a database": {func(_ *testing.T, p *patient) { p.DatabaseURL = "" }, "database"},
		"a wrong password":         {func(_ *testing.T, p *patient) { p.DatabaseURL = strings.Replace(p.DatabaseURL, "@", "x@", 1) }, "database"},
		"an empty database":        {func(t *testing.T, p *patient) { p.DatabaseURL = dbtest.Empty(t).OwnerURL }, "schema"},
		"the owner as application": {func(_ *testing.T, p *patient) { p.DatabaseURL = p.OwnerURL }, "rights"},
		"rights on a partition":    {func(t *testing.T, p *patient) { p.exec(t, "GRANT DELETE ON events_0 TO hientruong_app") }, "rights"},
		"no data folder":           {func(_ *testing.T, p *patient) { p.Data += "/none" }, "data folder"},
		"keys that all can read":   {func(t *testing.T, p *patient) { must(t, os.Chmod(p.KeyFile, 0o644)) }, "key file"},
		"no keys":                  {func(t *testing.T, p *patient) { must(t, os.Remove(p.KeyFile)) }, "key file"},
		"damaged keys":             {func(t *testing.T, p *patient) { must(t, os.WriteFile(p.KeyFile, []byte("{"), 0o600)) }, "key file"},
		"other keys": {func(t *testing.T, p *patient) {
			p.exec(t, "INSERT INTO citizens VALUES (1, gen_random_uuid(), decode(repeat('00', 32), 'hex'), 'lost', 'x', NULL, 'vi', now())")
		}, "keys"},
		"a store that is down": {func(_ *testing.T, p *patient) { p.OpenStore = deadStore }, "object store"},
		"a store that is not set right": {func(_ *testing.T, p *patient) {
			p.OpenStore = func() (storage.Store, func() error, error) {
				return nil, nil, errors.New("HIENTRUONG_S3_ENDPOINT: wrong")
			}
		}, "object store"},
		"a lost event":     {func(t *testing.T, p *patient) { p.exec(t, "UPDATE log_head SET pos = 5") }, "log"},
		"a reader too far": {func(t *testing.T, p *patient) { p.exec(t, "INSERT INTO cursors VALUES (1, 'search', 9)") }, "readers"},
		"a reader asleep": {func(t *testing.T, p *patient) {
			p.exec(t, "INSERT INTO cursors VALUES (1, 'search', 0)")
			oldEvent(t, p)
		}, "readers"},
		"no worker ever": {oldEvent, "readers"},
		"a late job": {func(t *testing.T, p *patient) {
			p.exec(t, "INSERT INTO river_job (kind, max_attempts, args, scheduled_at, state) VALUES ('x', 5, '{}', now() - interval '1 hour', 'available')")
		}, "jobs"},
		"an endless job": {func(t *testing.T, p *patient) {
			p.exec(t, "INSERT INTO river_job (kind, max_attempts, args, attempted_at, state) VALUES ('x', 5, '{}', now() - interval '1 hour', 'running')")
		}, "jobs"},
		"a job given up": {func(t *testing.T, p *patient) {
			p.exec(t, "INSERT INTO river_job (kind, max_attempts, args, finalized_at, state) VALUES ('x', 5, '{}', now(), 'discarded')")
		}, "jobs"},
		"no pack":            {func(t *testing.T, p *patient) { p.exec(t, "DELETE FROM pack_versions") }, "pack"},
		"an unreadable pack": {func(_ *testing.T, p *patient) { p.ReadPack = func([]byte) error { return errors.New("no") } }, "pack"},
		"a taken port":       {takenPort, "port"},
		"no such address":    {func(_ *testing.T, p *patient) { p.Listen = "192.0.2.1:80" }, "port"},
		"no credentials":     {func(_ *testing.T, p *patient) { p.FirebaseProject, p.FirebaseCredentials = "p", "/none" }, "Firebase"},
		"wrong credentials": {func(t *testing.T, p *patient) {
			p.FirebaseProject, p.FirebaseCredentials = "p", filepath.Join(p.Data, "account.json")
			must(t, os.WriteFile(p.FirebaseCredentials, []byte(`{"type":"authorized_user"}`), 0o600))
		}, "Firebase"},
		"a push to nowhere": {func(_ *testing.T, p *patient) { p.PushTo = "device" }, "push"},
	}
}

func TestWhatIsWrongIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range illnesses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := healthy(t)
			c.spoil(t, p)
			well, said, wrong := examine(t, p, false)
			if well || len(wrong) == 0 || !strings.Contains(strings.Join(wrong, " "), c.about) {
				t.Errorf("well %v, wrong with %v; want %s\n%s", well, wrong, c.about, said)
			}
			// One cause, one complaint, so that nobody mends what is whole.
			if len(wrong) > 1 && !noTools(t) && c.about != "log" && c.about != "rights" {
				t.Errorf("more is wrong than was broken: %v\n%s", wrong, said)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func oldEvent(t *testing.T, p *patient) {
	t.Helper()
	p.exec(t, `INSERT INTO events VALUES (1, 1, 'report', gen_random_uuid(), 1, 'submitted', 'live', 'citizen', now() - interval '1 hour', '{}', decode(repeat('01', 32), 'hex'))`)
	p.exec(t, "UPDATE log_head SET pos = 1, hash = decode(repeat('01', 32), 'hex')")
}

// deadStore is an S3 that nobody serves.
func deadStore() (storage.Store, func() error, error) {
	s3, err := storage.NewS3(storage.S3Config{Endpoint: "127.0.0.1:1", Region: "us-east-1", AccessKey: "a", SecretKey: "hidden-secret", Bucket: "hientruong"})
	if err != nil {
		return nil, nil, err
	}
	return s3, s3.Close, nil
}

func takenPort(t *testing.T, p *patient) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	done := make(chan struct{})
	go func() { _ = server.Serve(listener); close(done) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	p.Listen = listener.Addr().String()
}

func TestURL(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080", "0.0.0.0:80": "http://localhost:80", ":80": "http://localhost:80",
		"[::]:80": "http://localhost:80", "[::1]:80": "http://[::1]:80", "city.example.vn:80": "http://city.example.vn:80", "80": "",
	} {
		if got, err := doctor.URL(listen); got != want || (err == nil) != (want != "") {
			t.Errorf("URL(%q) = %q, %v, want %q", listen, got, err, want)
		}
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	ready := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" || !ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	address := server.Listener.Addr().String()
	_, port, err := net.SplitHostPort(address)
	must(t, err)
	for _, listen := range []string{address, "0.0.0.0:" + port, ":" + port} {
		if err := doctor.Ask(t.Context(), listen, "/readyz"); err != nil {
			t.Errorf("%s: %v", listen, err)
		}
	}
	ready = false
	if err := doctor.Ask(t.Context(), address, "/readyz"); err == nil {
		t.Error("503 passes for ready")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := doctor.Ask(ctx, address, "/readyz"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestPushIsTried(t *testing.T) {
	t.Parallel()
	p := healthy(t)
	fcm := fcmtest.Start(t)
	p.FirebaseProject, p.FirebaseEndpoint, p.PushTo = fcmtest.Project, fcm.Endpoint(), "device-one"
	p.FirebaseCredentials = filepath.Join(p.Data, "account.json")
	must(t, os.WriteFile(p.FirebaseCredentials, fcm.Credentials(), 0o600))
	if _, said, _ := examine(t, p, false); !strings.Contains(said, "✓ Firebase") || !strings.Contains(said, "✓ push") {
		t.Errorf("said\n%s", said)
	}
	fcm.Play("device-one", fcmtest.Unregistered())
	if well, said, _ := examine(t, p, false); well || !strings.Contains(said, "✗ push: Firebase does not know this device") {
		t.Errorf("said of a device that is gone\n%s", said)
	}
}
