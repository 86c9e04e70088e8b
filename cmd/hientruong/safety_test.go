// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"hientruong/database"
	"hientruong/database/dbtest"
	"hientruong/packs"
	"hientruong/workflow"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// newSettings are those of an installation with the demo's pack.
func newSettings(t *testing.T) *Settings {
	t.Helper()
	made := dbtest.New(t)
	s := &Settings{Listen: "127.0.0.1:0", Data: t.TempDir(), DatabaseURL: made.AppURL, DatabaseOwnerURL: made.OwnerURL, MaxConns: 4, LogLevel: "error"}
	if err := withMain(t.Context(), s, func(m *Main) error {
		_, _, err := m.applyPack(t.Context(), packs.Demo(), workflow.ApplyPack{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

func exitsWith(err error) int {
	var exit exitCode
	if errors.As(err, &exit) {
		return exit.code
	}
	return 0
}

// program parses a command line for the model alone.
func program(t *testing.T) *kong.Node {
	t.Helper()
	parser, err := kong.New(&commands{}, kong.DefaultEnvars("HIENTRUONG"))
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model.Node
}

func TestSettingsHaveTheirNames(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, setting := range settingsOf(program(t)) {
		names[setting.Name] = setting.Secret
	}
	for name, hidden := range map[string]bool{
		"HIENTRUONG_LISTEN": false, "HIENTRUONG_DATABASE_URL": true, "HIENTRUONG_DATABASE_OWNER_URL": true, "HIENTRUONG_S3_ENDPOINT": false,
		"HIENTRUONG_S3_PUBLIC_ENDPOINT": false, "HIENTRUONG_S3_REGION": false, "HIENTRUONG_S3_TLS": false, "HIENTRUONG_S3_BUCKET": false,
		"HIENTRUONG_S3_ACCESS_KEY": true, "HIENTRUONG_S3_SECRET_KEY": true, "HIENTRUONG_FIREBASE_PROJECT": false,
		"HIENTRUONG_FIREBASE_CREDENTIALS": false, "HIENTRUONG_KEY_FILE": false, "HIENTRUONG_METRICS_TOKEN": true,
	} {
		got, ok := names[name]
		if !ok || got != hidden {
			t.Errorf("%s: there %v, secret %v, want secret %v", name, ok, got, hidden)
		}
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var out bytes.Buffer
	add := userAddCommand{Login: "Lan.Anh", Name: "Lê Lan Anh", Role: []string{"operator", "verifier"}}
	if err := add.run(ctx, s, nil, &out); err != nil {
		t.Fatal(err)
	}
	_, password, _ := strings.Cut(out.String(), "shown this once: ")
	signsIn(t, s, "lan.anh", strings.TrimSpace(password), true)

	given := userPasswordCommand{newPassword: newPassword{PasswordStdin: true}, Login: "lan.anh"}
	if err := given.run(ctx, s, strings.NewReader("một mật khẩu dài\n"), &out); err != nil {
		t.Fatal(err)
	}
	signsIn(t, s, "lan.anh", "một mật khẩu dài", true)
	if strings.Contains(out.String(), "một mật khẩu") {
		t.Error("a password that was given is printed")
	}
	if err := (userDisableCommand{Login: "lan.anh"}).run(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	signsIn(t, s, "lan.anh", "một mật khẩu dài", false)
	out.Reset()
	if err := (userListCommand{}).run(ctx, s, &out); err != nil || !strings.Contains(out.String(), "disabled operator,verifier ") || !strings.Contains(out.String(), "Lê Lan Anh") {
		t.Errorf("list: %v\n%s", err, &out)
	}

	for says, wrong := range map[string]userAddCommand{
		"--role":         {Login: "b.b", Name: "B", Role: []string{"king"}},
		"--unit":         {Login: "b.b", Name: "B", Role: []string{"handler"}, Unit: "nowhere"},
		"login":          {Login: "lan.anh", Name: "B", Role: []string{"handler"}},
		"password":       {Login: "b.b", Name: "B", Role: []string{"handler"}, newPassword: newPassword{PasswordStdin: true}},
		"--jurisdiction": {Login: "b.b", Name: "B", Role: []string{"handler"}, userOf: userOf{"nowhere"}},
	} {
		err := wrong.run(ctx, s, strings.NewReader("short"), &out)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one line that names it", says, err)
		}
	}
}

func signsIn(t *testing.T, s *Settings, login, password string, want bool) {
	t.Helper()
	err := withMain(t.Context(), s, func(m *Main) error {
		_, err := m.identity.Login(t.Context(), 1, login, password, uuid.Nil)
		return err
	})
	if (err == nil) != want {
		t.Errorf("log-in of %s: %v, want %v", login, err, want)
	}
}

func TestBackupRestoreAuditAndDoctor(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var tell, out bytes.Buffer
	err := backupCommand{To: t.TempDir()}.run(ctx, s, &tell, &out)
	if errors.Is(err, database.ErrNoTools) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimSpace(out.String())

	empty := dbtest.Empty(t)
	again := *s
	again.Data, again.DatabaseURL, again.DatabaseOwnerURL = t.TempDir(), empty.AppURL, empty.OwnerURL
	if err := (restoreCommand{From: path, Verify: true}).run(ctx, &again, &tell); err != nil {
		t.Fatalf("%v\n%s", err, &tell)
	}
	out.Reset()
	if err := (auditVerifyCommand{}).run(ctx, &again, &tell, &out); err != nil || !strings.Contains(out.String(), "events are as they were written") {
		t.Errorf("audit: %v\n%s", err, &out)
	}
	out.Reset()
	if err := (doctorCommand{}).run(ctx, &again, program(t), &out); err != nil {
		t.Errorf("doctor: %v\n%s", err, &out)
	}
	if strings.Contains(out.String(), empty.AppURL) {
		t.Error("the doctor shows an address with its password")
	}

	if err := withOwnerExec(ctx, &again, "UPDATE events SET body = body || ' ' WHERE pos = 1"); err != nil {
		t.Fatal(err)
	}
	if err := (auditVerifyCommand{}).run(ctx, &again, &tell, &out); exitsWith(err) != 3 || !strings.Contains(err.Error(), "position 1:") {
		t.Errorf("audit of an altered log: %v, want exit code 3 and position 1", err)
	}
	if err := (restoreCommand{From: path, VerifyOnly: true}).run(ctx, &again, &tell); exitsWith(err) != 3 {
		t.Errorf("verify of an altered log: %v, want exit code 3", err)
	}
	if err := (restoreCommand{From: path}).run(ctx, &again, &tell); !errors.Is(err, database.ErrNotEmpty) {
		t.Errorf("restore over it: %v, want ErrNotEmpty", err)
	}
	again.DatabaseOwnerURL = ""
	if err := (backupCommand{To: t.TempDir()}).run(ctx, &again, &tell, &out); err == nil || !strings.Contains(err.Error(), "HIENTRUONG_DATABASE_OWNER_URL") {
		t.Errorf("backup without the owner: %v", err)
	}
}

func withOwnerExec(ctx context.Context, s *Settings, sql string) error {
	db, err := database.Open(ctx, database.Config{URL: s.DatabaseOwnerURL, MaxConns: 1})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Pool.Exec(ctx, sql)
	return err
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	made := dbtest.Empty(t)
	s, ctx := &Settings{DatabaseURL: made.AppURL, DatabaseOwnerURL: made.OwnerURL}, t.Context()
	var out bytes.Buffer
	if err := (migrateUpCommand{}).run(ctx, s, &out); err != nil || !strings.Contains(out.String(), "applied: 00001_") {
		t.Fatalf("up: %v\n%s", err, &out)
	}
	if err := (migrateDownCommand{To: 0}).run(ctx, s, &out); exitsWith(err) != 2 || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("down without --yes: %v", err)
	}
	if err := (migrateDownCommand{To: 0, Yes: true}).run(ctx, s, &out); err != nil {
		t.Errorf("down: %v", err)
	}
	out.Reset()
	if err := (migrateStatusCommand{}).run(ctx, s, &out); err != nil || strings.Count(out.String(), "to come") != strings.Count(out.String(), "\n") {
		t.Errorf("status of nothing: %v\n%s", err, &out)
	}
	if err := (migrateUpCommand{}).run(ctx, &Settings{Data: t.TempDir()}, &out); err == nil || !strings.Contains(err.Error(), "HIENTRUONG_DATABASE_OWNER_URL") {
		t.Errorf("without an address: %v", err)
	}
}

func TestHealthOfNobody(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := (healthCommand{}).Run(t.Context(), &Settings{Listen: address}); err == nil {
		t.Error("nobody answers, and that passes for ready")
	}
}

func TestAddressesThatMakeRunLeft(t *testing.T) {
	t.Parallel()
	made := dbtest.Empty(t)
	s := &Settings{Data: t.TempDir()}
	left := "HIENTRUONG_DATABASE_URL=" + made.AppURL + "\nHIENTRUONG_DATABASE_OWNER_URL=" + made.OwnerURL + "\n"
	if err := os.WriteFile(filepath.Join(s.Data, "database.env"), []byte(left), 0o600); err != nil {
		t.Fatal(err)
	}
	stop, err := s.reach(t.Context(), &bytes.Buffer{})
	if err != nil || s.DatabaseURL != made.AppURL || s.DatabaseOwnerURL != made.OwnerURL {
		t.Fatalf("reached %q and %q: %v", s.DatabaseURL, s.DatabaseOwnerURL, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	nowhere := &Settings{Data: t.TempDir()}
	if _, err := nowhere.reach(t.Context(), &bytes.Buffer{}); err != nil || nowhere.DatabaseURL != "" {
		t.Errorf("found a database where there is none: %v", err)
	}
}
