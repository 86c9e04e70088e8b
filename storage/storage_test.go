// SPDX-License-Identifier: Apache-2.0

package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hientruong/storage"
	"hientruong/storage/storagetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFolder(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, folder(t, filepath.Join(t.TempDir(), "made", "for", "us")))
}

func TestMinIO(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, s3(t, storagetest.StartMinIO(t).Config))
}

func TestVersityGW(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, s3(t, storagetest.StartVersityGW(t).Config))
}

func folder(t *testing.T, dir string) *storage.Folder {
	t.Helper()
	store, err := storage.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func s3(t *testing.T, config storage.S3Config) *storage.S3 {
	t.Helper()
	store, err := storage.NewS3(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// unavailable demands ErrUnavailable of every call, soon.
func unavailable(t *testing.T, store storage.Store, within time.Duration) {
	t.Helper()
	for name, call := range map[string]func() error{
		"Ping":   func() error { return store.Ping(t.Context()) },
		"Put":    func() error { return store.Put(t.Context(), "a.raw", strings.NewReader("x"), 1) },
		"Open":   func() error { _, err := store.Open(t.Context(), "a.raw"); return err },
		"Delete": func() error { return store.Delete(t.Context(), "a.raw") },
		"List": func() (err error) {
			for _, err = range store.List(t.Context(), "") {
			}
			return err
		},
		"Put of a stream": func() error {
			return store.Put(t.Context(), "a.raw", io.MultiReader(strings.NewReader("x")), storage.UnknownSize)
		},
	} {
		begin := time.Now()
		if err := call(); !errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", name, err)
		}
		if took := time.Since(begin); took > within {
			t.Errorf("%s took %v, want at most %v", name, took, within)
		}
	}
}

func TestMinIOGoesDown(t *testing.T) {
	t.Parallel()
	server := storagetest.StartMinIO(t)
	store := s3(t, server.Config)
	if err := store.Put(t.Context(), "a.raw", bytes.NewReader(storagetest.Bytes(8<<20)), 8<<20); err != nil {
		t.Fatal(err)
	}
	object, err := store.Open(t.Context(), "a.raw")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = object.Close() }()
	server.Stop()
	if _, err := io.Copy(io.Discard, object); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("reading on: %v, want ErrUnavailable", err)
	}
	unavailable(t, store, 3*time.Second)
}

// TestS3Faults has servers that answer badly, or not at all.
func TestS3Faults(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"500":           func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"503 with HTML": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusServiceUnavailable) },
		"507":           func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInsufficientStorage) },
		"hangs up":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(handler)
			t.Cleanup(server.Close)
			unavailable(t, s3(t, config(server.URL)), 5*time.Second)
		})
	}
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		c := config(listener.Addr().String())
		c.Timeout = 100 * time.Millisecond
		unavailable(t, s3(t, c), 5*time.Second)
	})
	t.Run("deadline of the caller", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		defer cancel()
		if err := s3(t, config("127.0.0.1:1")).Ping(ctx); !errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("Ping: %v, want ErrUnavailable", err)
		}
	})
	t.Run("forbidden", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
		t.Cleanup(server.Close)
		_, err := s3(t, config(server.URL)).Open(t.Context(), "a.raw")
		if err == nil || errors.Is(err, storage.ErrUnavailable) || errors.Is(err, storage.ErrNotFound) {
			t.Errorf("Open: %v, want an error of its own kind: waiting does not mend it", err)
		}
	})
}

func config(endpoint string) storage.S3Config {
	return storage.S3Config{Endpoint: endpoint, AccessKey: "someone", SecretKey: "something", Bucket: "photos"}
}

func TestMissingBucket(t *testing.T) {
	t.Parallel()
	server := storagetest.StartMinIO(t)
	server.Config.Bucket, server.Config.CreateBucket = "elsewhere", false
	unavailable(t, s3(t, server.Config), 3*time.Second)
}

func TestNewS3RefusesBadConfig(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"", "ftp://host", "https://host/path", "http://", "host name"} {
		if _, err := storage.NewS3(config(endpoint)); err == nil {
			t.Errorf("endpoint %q was taken", endpoint)
		}
	}
	c := config("127.0.0.1:9000")
	c.Bucket = ""
	if _, err := storage.NewS3(c); err == nil {
		t.Error("an empty bucket name was taken")
	}
}

func TestSignedURL(t *testing.T) {
	t.Parallel()
	server := storagetest.StartMinIO(t)
	store := s3(t, server.Config)
	if err := store.Put(t.Context(), "a/view.jpg", strings.NewReader("picture"), 7); err != nil {
		t.Fatal(err)
	}
	link, err := store.SignedURL(t.Context(), "a/view.jpg", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for url, want := range map[string]int{link: http.StatusOK, strings.Split(link, "?")[0]: http.StatusForbidden} {
		response, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("GET: %d, want %d", response.StatusCode, want)
		}
		if got := response.Header.Get("Content-Type"); want == http.StatusOK && got != "image/jpeg" {
			t.Errorf("content type %q", got)
		}
	}
	server.Config.PublicEndpoint = "https://photos.example.vn"
	link, err = s3(t, server.Config).SignedURL(t.Context(), "a/view.jpg", time.Minute)
	if err != nil || !strings.HasPrefix(link, "https://photos.example.vn/photos/a/view.jpg?") {
		t.Errorf("public link %q, %v", link, err)
	}
	if _, err := folder(t, t.TempDir()).SignedURL(t.Context(), "a/view.jpg", time.Minute); !errors.Is(err, storage.ErrNoURL) {
		t.Errorf("Folder: %v, want ErrNoURL", err)
	}
}

func TestFolderGone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "gone")
	store := folder(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"Ping": store.Ping(t.Context()),
		"Put":  store.Put(t.Context(), "a.raw", strings.NewReader("x"), 1),
	} {
		if !errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", name, err)
		}
	}
}

func TestFolderStaysInside(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	store := folder(t, dir)
	if _, err := store.Open(t.Context(), "link/secret.txt"); err == nil {
		t.Error("a link led out of the folder")
	}
	if err := store.Put(t.Context(), "link/new.txt", strings.NewReader("x"), 1); err == nil {
		t.Error("Put followed a link out of the folder")
	}
}

func TestFolderSweepsWhatWasAbandoned(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder(t, dir)
	old, young := filepath.Join(dir, ".partial", "old"), filepath.Join(dir, ".partial", "young")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	folder(t, dir)
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("old file is still there: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("young file is gone: %v", err)
	}
}

// TestPutIsBounded streams 64 MiB and looks at what was allocated meanwhile.
func TestPutIsBounded(t *testing.T) {
	const size, limit = 64 << 20, 24 << 20
	server := storagetest.StartMinIO(t)
	for name, store := range map[string]storage.Store{"minio": s3(t, server.Config), "folder": folder(t, t.TempDir())} {
		for _, announced := range []int64{size, storage.UnknownSize} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := store.Put(t.Context(), "big.raw", io.LimitReader(zeros{}, size), announced); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > limit {
				t.Errorf("%s, announced %d: %d bytes allocated for an object of %d, want at most %d", name, announced, used, size, limit)
			}
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func FuzzCheckKey(f *testing.F) {
	for _, seed := range []string{"a.jpg", "a/b/c.raw", "../a.jpg", "a/./b.jpg", "a\\b.c", ".partial/x.y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if storage.CheckKey(key) != nil {
			return
		}
		if !filepath.IsLocal(key) || filepath.Clean(key) != key || strings.HasPrefix(key, ".") {
			t.Errorf("key %q was taken", key)
		}
	})
}
