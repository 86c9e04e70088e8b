// SPDX-License-Identifier: Apache-2.0

package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hientruong/storage"
)

// Server is a real S3 server on a free loopback port, which lives as long as the
// test. Config reaches it; the bucket is made by the first Ping.
type Server struct {
	Config storage.S3Config

	stop func()
}

// Stop ends the server now. Calling it again does nothing.
func (s *Server) Stop() { s.stop() }

const (
	accessKey = "storagetest"
	secretKey = "storagetest-secret"
)

// StartMinIO starts the MinIO binary that HIENTRUONG_MINIO_BIN names, else
// .cache/bin/minio of the repository. The test is skipped where there is none.
func StartMinIO(tb testing.TB) *Server {
	tb.Helper()
	binary := find(tb, "minio", "HIENTRUONG_MINIO_BIN", "scripts/minio.sh")
	return start(tb, func(address string) *exec.Cmd {
		dir := tb.TempDir()
		cmd := exec.Command(binary, "server", "--quiet", "--address", address, "--certs-dir", filepath.Join(dir, "certs"), filepath.Join(dir, "data"))
		cmd.Env = append(os.Environ(), "MINIO_ROOT_USER="+accessKey, "MINIO_ROOT_PASSWORD="+secretKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off")
		return cmd
	})
}

// StartVersityGW starts the versitygw binary that HIENTRUONG_VERSITYGW_BIN names,
// else .cache/bin/versitygw of the repository. The test is skipped where there is
// none.
func StartVersityGW(tb testing.TB) *Server {
	tb.Helper()
	binary := find(tb, "versitygw", "HIENTRUONG_VERSITYGW_BIN", "scripts/minio.sh --versitygw")
	return start(tb, func(address string) *exec.Cmd {
		cmd := exec.Command(binary, "--access", accessKey, "--secret", secretKey, "--port", address, "--quiet", "posix", tb.TempDir())
		cmd.Env = os.Environ()
		return cmd
	})
}

// find returns the absolute path of a server's binary.
func find(tb testing.TB, name, variable, script string) string {
	tb.Helper()
	path := os.Getenv(variable)
	if path == "" {
		path = filepath.Join(root(tb), ".cache", "bin", name)
	}
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("no %s: run %s, or set %s (%v)", name, script, variable, err)
	}
	return path
}

// root returns the folder of go.mod.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod above the test")
		}
	}
}

// start runs a server on a free port. Another process may take the port between
// asking for it and using it: then another port is tried.
func start(tb testing.TB, command func(address string) *exec.Cmd) *Server {
	tb.Helper()
	var last error
	for range 3 {
		address, err := freeAddress()
		if err != nil {
			tb.Fatal(err)
		}
		server, err := launch(command(address), address)
		if err == nil {
			tb.Cleanup(server.Stop)
			return server
		}
		last = err
	}
	tb.Fatalf("S3 server did not start: %v", last)
	return nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func launch(cmd *exec.Cmd, address string) (*Server, error) {
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	server := &Server{
		Config: storage.S3Config{
			Endpoint: address, AccessKey: accessKey, SecretKey: secretKey,
			Bucket: "photos", CreateBucket: true, Timeout: 5 * time.Second,
		},
		stop: sync.OnceFunc(func() {
			_ = cmd.Process.Kill() // It may have ended by itself.
			<-ended                //nolint:errcheck // it was killed
		}),
	}
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return nil, fmt.Errorf("ended at once: %w\n%s", errors.Join(err, errors.New("exit")), output.String())
		case <-deadline:
			server.Stop()
			return nil, fmt.Errorf("does not serve after 30 s\n%s", output.String())
		case <-tick.C:
			if serves(server.Config) {
				return server, nil
			}
		}
	}
}

func serves(config storage.S3Config) bool {
	store, err := storage.NewS3(config)
	if err != nil {
		return false
	}
	defer func() { _ = store.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return store.Ping(ctx) == nil
}
