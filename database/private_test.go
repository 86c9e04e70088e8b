// SPDX-License-Identifier: Apache-2.0

package database_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hientruong/database"
)

func TestPrivateStartAdoptStop(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "var", "postgresql")
	first := start(t, dir)
	if err := first.CreateDatabase(t.Context(), "hientruong"); err != nil {
		t.Fatal(err)
	}
	if err := first.CreateDatabase(t.Context(), "hientruong"); err != nil {
		t.Errorf("a database that is there: %v", err)
	}
	write(t, first)
	second := start(t, dir)
	if !second.Adopted() || second.Pid() != first.Pid() {
		t.Errorf("second start: adopted %v, pid %d, want that of the first, %d", second.Adopted(), second.Pid(), first.Pid())
	}
	for range 2 {
		if err := second.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.Stop(t.Context()); err != nil {
		t.Errorf("stopping what another one stopped: %v", err)
	}
	began := time.Now()
	third := start(t, dir)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("starting on data that is there took %v", took)
	}
	if third.Adopted() || third.URL("a", "b") != first.URL("a", "b") {
		t.Error("the third start must be a new server on the port of the first")
	}
	read(t, third)
}

func TestPrivateRecoversFromKill(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "postgresql")
	durable := database.PrivateOptions{Dir: dir, Durable: true, Tied: true}
	for range 3 {
		server := startWith(t, durable)
		if server.Adopted() {
			t.Fatal("a killed server was adopted")
		}
		write(t, server)
		if err := syscall.Kill(server.Pid(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	read(t, startWith(t, durable))
}

// The pid that a killed server left behind may belong to any process by now.
func TestPrivateDoesNotAdoptAStranger(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "postgresql")
	server := start(t, dir)
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	stale := fmt.Sprintf("%d\n%s/data\n1764000000\n5432\n\n127.0.0.1\n\nready   \n", os.Getpid(), dir)
	if err := os.WriteFile(filepath.Join(dir, "data", "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	if again.Adopted() || again.Pid() == os.Getpid() {
		t.Fatal("this very process was taken for a PostgreSQL")
	}
	read0(t, again)
}

func TestPrivateTakesAnotherPort(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "postgresql")
	server := start(t, dir)
	before := server.URL("a", "b")
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	port, err := os.ReadFile(filepath.Join(dir, "port"))
	if err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp4", "127.0.0.1:"+strings.TrimSpace(string(port)))
	if err != nil {
		t.Skipf("somebody else was quicker to take the port: %v", err)
	}
	defer func() { _ = taken.Close() }()
	again := start(t, dir)
	if again.URL("a", "b") == before {
		t.Errorf("the server claims the port that is taken: %s", before)
	}
	read0(t, again)
}

func TestPrivateSecretIsNobodyElses(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "postgresql")
	server := start(t, dir)
	for _, name := range []string{"secret", "port", "server.log"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", name, info.Mode().Perm())
		}
	}
	wrong := strings.Replace(server.URL(database.OwnerRole, "postgres"), database.OwnerRole+":", database.OwnerRole+":x", 1)
	if conn, err := pgx.Connect(t.Context(), wrong); err == nil {
		_ = conn.Close(t.Context())
		t.Error("a wrong password opened the server")
	}
}

// As /root is: an ancestor that the server's user may not enter.
func TestPrivateWhereAnAncestorIsClosed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as another user")
	}
	closed := filepath.Join(openFolder(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "var", "postgresql")
	server := start(t, dir)
	t.Cleanup(func() { _ = os.RemoveAll(server.Home()) })
	target, err := os.Readlink(dir)
	if err != nil || target != server.Home() || strings.HasPrefix(target, closed) {
		t.Fatalf("%s links to %q, the data is in %q: %v", dir, target, server.Home(), err)
	}
	write(t, server)
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	if again.Home() != server.Home() {
		t.Errorf("the second start went to %s, the first to %s", again.Home(), server.Home())
	}
	read(t, again)
}

// childFolder tells the copy of this test that runs as another user where to work.
const childFolder = "HIENTRUONG_TEST_PRIVATE_FOLDER"

func TestPrivateWithoutRoot(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(childFolder); dir != "" {
		write(t, start(t, filepath.Join(dir, "var", "postgresql")))
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("every other test runs without root already")
	}
	dir := openFolder(t)
	const nobody = 65534
	program := filepath.Join(dir, "database.test")
	copyProgram(t, program)
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestPrivateWithoutRoot$", "-test.v")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), childFolder+"="+dir, "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestPrivateWithoutRoot") {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

// tiedFolder tells the copy of this test that gets killed where to work.
const tiedFolder = "HIENTRUONG_TEST_TIED_FOLDER"

func TestPrivateTiedEndsWithItsParent(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(tiedFolder); dir != "" {
		server, err := database.StartPrivate(t.Context(), database.PrivateOptions{Dir: dir, Tied: true})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("pid=%d\n", server.Pid())
		<-t.Context().Done()
		return
	}
	if _, err := os.Stat("/proc/self"); err != nil {
		t.Skip("only Linux ties a child to its parent")
	}
	dir := filepath.Join(openFolder(t), "postgresql")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestPrivateTiedEndsWithItsParent$")
	cmd.Env = append(os.Environ(), tiedFolder+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscanf(out, "pid=%d\n", &pid); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	waitUntil(t, "the server has ended", func() bool {
		_, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
		return err != nil
	})
}

func TestPrivateErrors(t *testing.T) {
	t.Parallel()
	dir := openFolder(t)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, opts := range map[string]database.PrivateOptions{
		"no folder":       {},
		"a file":          {Dir: file},
		"under a file":    {Dir: filepath.Join(file, "x")},
		"no binaries":     {Dir: filepath.Join(dir, "x"), BinDir: dir},
		"a wrong setting": {Dir: filepath.Join(dir, "y"), Settings: map[string]string{"shared_buffers": "many"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := database.StartPrivate(t.Context(), opts)
			if err == nil {
				_ = server.Stop(context.WithoutCancel(t.Context()))
				t.Fatal("it started")
			}
			if name == "a wrong setting" && !strings.Contains(err.Error(), "shared_buffers") {
				t.Errorf("the error does not name the setting: %v", err)
			}
		})
	}
}

func start(t *testing.T, dir string) *database.Private {
	t.Helper()
	return startWith(t, database.PrivateOptions{Dir: dir, Tied: true})
}

func startWith(t *testing.T, opts database.PrivateOptions) *database.Private {
	t.Helper()
	server, err := database.StartPrivate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return server
}

// openFolder is a temporary folder that the server's user may enter: t.TempDir's is
// closed to others.
func openFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hientruong-private-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, server *database.Private) {
	t.Helper()
	query(t, server, "CREATE TABLE IF NOT EXISTS kept (id int); INSERT INTO kept VALUES (1)")
}

func read(t *testing.T, server *database.Private) {
	t.Helper()
	query(t, server, "SELECT 1 / (SELECT least(count(*), 1) FROM kept)")
}

func read0(t *testing.T, server *database.Private) {
	t.Helper()
	query(t, server, "SELECT 1")
}

func query(t *testing.T, server *database.Private, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.URL(database.OwnerRole, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.PgConn().Exec(t.Context(), sql).ReadAll(); err != nil {
		t.Fatal(err)
	}
}

func copyProgram(t *testing.T, to string) {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, from); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("in 20 s it did not happen that %s", what)
		}
	}
}
