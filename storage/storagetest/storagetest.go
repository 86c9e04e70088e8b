// SPDX-License-Identifier: Apache-2.0

// Package storagetest holds what every storage.Store must do, and starts real
// S3 servers to hold them to it.
package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"hientruong/storage"
)

// Run holds store to the contract of storage.Store. The store must be empty and
// is left empty.
func Run(t *testing.T, store storage.Store) {
	t.Helper()
	for _, check := range []struct {
		name string
		run  func(*testing.T, storage.Store)
	}{
		{"ping", testPing},
		{"sizes", testSizes},
		{"replace", testReplace},
		{"missing", testMissing},
		{"short", testShort},
		{"long", testLong},
		{"failing reader", testFailingReader},
		{"bad keys", testBadKeys},
		{"list", testList},
		{"cancelled", testCancelled},
		{"concurrent", testConcurrent},
	} {
		t.Run(check.name, func(t *testing.T) {
			check.run(t, store)
			empty(t, store)
		})
	}
}

// Bytes returns n bytes that are always the same, and do not compress.
func Bytes(n int) []byte {
	random := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	_, _ = random.Read(b) // It never fails.
	return b
}

func testPing(t *testing.T, store storage.Store) {
	for range 2 {
		if err := store.Ping(t.Context()); err != nil {
			t.Fatalf("Ping: %v", err)
		}
	}
}

func testSizes(t *testing.T, store storage.Store) {
	for _, size := range []int{0, 1, 4096, 5 << 20, 11<<20 + 7} {
		want := Bytes(size)
		// A reader that can start anew, one that cannot, and one of unknown end.
		for name, put := range map[string]func(string) error{
			"file":    func(key string) error { return store.Put(t.Context(), key, bytes.NewReader(want), int64(size)) },
			"stream":  func(key string) error { return store.Put(t.Context(), key, stream(want), int64(size)) },
			"endless": func(key string) error { return store.Put(t.Context(), key, stream(want), storage.UnknownSize) },
		} {
			key := fmt.Sprintf("sizes/%s/%d.raw", name, size)
			if err := put(key); err != nil {
				t.Fatalf("Put %s: %v", key, err)
			}
			info, got := read(t, store, key)
			if !bytes.Equal(got, want) {
				t.Errorf("%s: read %d bytes which are not those that were put", key, len(got))
			}
			if info.Key != key || info.Size != int64(size) || time.Since(info.ModTime).Abs() > time.Hour {
				t.Errorf("%s: Info %+v", key, info)
			}
		}
	}
}

func testReplace(t *testing.T, store storage.Store) {
	for _, text := range []string{"first, and longer", "second"} {
		put(t, store, "a/replaced.txt", text)
		if _, got := read(t, store, "a/replaced.txt"); string(got) != text {
			t.Errorf("read %q, want %q", got, text)
		}
	}
}

func testMissing(t *testing.T, store storage.Store) {
	for _, key := range []string{"missing.jpg", "no/such/missing.jpg"} {
		if _, err := store.Open(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("Open(%q): %v, want ErrNotFound", key, err)
		}
		if err := store.Delete(t.Context(), key); err != nil {
			t.Errorf("Delete(%q): %v, want nil", key, err)
		}
	}
	put(t, store, "there.jpg", "x")
	for range 2 {
		if err := store.Delete(t.Context(), "there.jpg"); err != nil {
			t.Errorf("Delete: %v", err)
		}
	}
	absent(t, store, "there.jpg")
}

func testShort(t *testing.T, store storage.Store) {
	for name, r := range map[string]io.Reader{"file": strings.NewReader("four"), "stream": stream([]byte("four"))} {
		if err := store.Put(t.Context(), "short.raw", r, 5); !errors.Is(err, storage.ErrShort) {
			t.Errorf("%s: Put of 4 bytes as 5: %v, want ErrShort", name, err)
		}
		absent(t, store, "short.raw")
	}
}

func testLong(t *testing.T, store storage.Store) {
	for name, r := range map[string]io.Reader{"file": strings.NewReader("01234567"), "stream": stream([]byte("01234567"))} {
		for _, want := range []string{"012", "345"} {
			if err := store.Put(t.Context(), "long.raw", r, 3); err != nil {
				t.Fatalf("%s: Put: %v", name, err)
			}
			if _, got := read(t, store, "long.raw"); string(got) != want {
				t.Errorf("%s: stored %q, want %q: exactly size bytes are taken", name, got, want)
			}
		}
	}
}

func testFailingReader(t *testing.T, store storage.Store) {
	broken := errors.New("the phone lost its network")
	for _, size := range []int64{100_000, storage.UnknownSize} {
		r := io.MultiReader(stream(Bytes(70_000)), iotest.ErrReader(broken))
		err := store.Put(t.Context(), "half.raw", r, size)
		if !errors.Is(err, broken) || errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("Put: %v, want the reader's own error", err)
		}
		absent(t, store, "half.raw")
	}
}

func testBadKeys(t *testing.T, store storage.Store) {
	for _, key := range []string{
		"", "/a.jpg", "../a.jpg", "a/../b.jpg", "a/..", "a//b.jpg", "a", "a/b", "a.jpg/b.jpg", "a.jpg/", ".jpg", "a.", "a..b",
		"a b.jpg", "a\\b.jpg", "a\x00.jpg", "ảnh.jpg", ".partial/a.jpg", strings.Repeat("a", 126) + ".jpg",
		strings.Repeat("a", 129) + "/a.jpg", strings.Repeat("a/", 255) + "a.jpg",
	} {
		_, openErr := store.Open(t.Context(), key)
		_, urlErr := store.SignedURL(t.Context(), key, time.Minute)
		for op, err := range map[string]error{
			"Put":       store.Put(t.Context(), key, strings.NewReader("x"), 1),
			"Open":      openErr,
			"SignedURL": urlErr,
			"Delete":    store.Delete(t.Context(), key),
		} {
			if !errors.Is(err, storage.ErrBadKey) {
				t.Errorf("%s(%q): %v, want ErrBadKey", op, key, err)
			}
		}
	}
	for _, prefix := range []string{"/", "..", "../", "a/../", "a//", "./", "%"} {
		for _, err := range store.List(t.Context(), prefix) {
			if !errors.Is(err, storage.ErrBadKey) {
				t.Errorf("List(%q): %v, want ErrBadKey", prefix, err)
			}
		}
	}
}

func testList(t *testing.T, store storage.Store) {
	keys := []string{"a-b/x.jpg", "a/x.jpg", "a/x.y.jpg", "a/xy/z.jpg", "b.raw", "b/c/d/e.raw"}
	for _, key := range keys {
		put(t, store, key, key)
	}
	for _, c := range []struct {
		prefix string
		want   []string
	}{
		{"", keys},
		{"a", keys[:4]},
		{"a/", keys[1:4]},
		{"a/x", keys[1:4]},
		{"a/x.", keys[1:3]},
		{"b/c/", keys[5:]},
		{"b.raw", keys[4:5]},
		{"none", nil},
		{"none/at/all", nil},
	} {
		if got := list(t, store, c.prefix); !slices.Equal(got, c.want) {
			t.Errorf("List(%q) = %q, want %q", c.prefix, got, c.want)
		}
	}
	for info, err := range store.List(t.Context(), "") {
		if err != nil || info.Size != int64(len(info.Key)) {
			t.Errorf("List: %+v, %v", info, err)
		}
		break // Stopping early must be harmless.
	}
}

func testCancelled(t *testing.T, store storage.Store) {
	put(t, store, "there.raw", "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, openErr := store.Open(ctx, "there.raw")
	var listErr error
	for _, err := range store.List(ctx, "") {
		listErr = err
	}
	for op, err := range map[string]error{
		"Put":        store.Put(ctx, "there.raw", stream([]byte("changed")), 7),
		"Put (file)": store.Put(ctx, "there.raw", strings.NewReader("changed"), 7),
		"Open":       openErr,
		"Delete":     store.Delete(ctx, "there.raw"),
		"List":       listErr,
		"Ping":       store.Ping(ctx),
	} {
		if !errors.Is(err, context.Canceled) || errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("%s: %v, want context.Canceled alone", op, err)
		}
	}
	if _, got := read(t, store, "there.raw"); string(got) != "x" {
		t.Errorf("a cancelled call left %q", got)
	}
}

// testConcurrent has many writers of one key: readers see one of them whole.
func testConcurrent(t *testing.T, store storage.Store) {
	const writers, size = 8, 200_000
	version := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, size) }
	put(t, store, "one.raw", string(version(0)))
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			if err := store.Put(t.Context(), "one.raw", bytes.NewReader(version(i)), size); err != nil {
				t.Errorf("Put: %v", err)
			}
			object, err := store.Open(t.Context(), "one.raw")
			if err != nil {
				t.Errorf("Open: %v", err)
				return
			}
			got, err := io.ReadAll(object)
			if err = errors.Join(err, object.Close()); err != nil || len(got) != size || bytes.Count(got, got[:1]) != size {
				t.Errorf("read %d bytes of several writers, %v", len(got), err)
			}
		})
	}
	wg.Wait()
}

// stream hides that a reader could start anew.
func stream(b []byte) io.Reader { return io.MultiReader(bytes.NewReader(b)) }

func put(t *testing.T, store storage.Store, key, text string) {
	t.Helper()
	if err := store.Put(t.Context(), key, strings.NewReader(text), int64(len(text))); err != nil {
		t.Fatalf("Put(%q): %v", key, err)
	}
}

func read(t *testing.T, store storage.Store, key string) (storage.Info, []byte) {
	t.Helper()
	object, err := store.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("Open(%q): %v", key, err)
	}
	got, err := io.ReadAll(object)
	if err = errors.Join(err, object.Close()); err != nil {
		t.Fatalf("read %q: %v", key, err)
	}
	return object.Info, got
}

func absent(t *testing.T, store storage.Store, key string) {
	t.Helper()
	if object, err := store.Open(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("%q: %v, want ErrNotFound", key, err)
		if err == nil {
			_ = object.Close()
		}
	}
}

func list(t *testing.T, store storage.Store, prefix string) []string {
	t.Helper()
	var keys []string
	for info, err := range store.List(t.Context(), prefix) {
		if err != nil {
			t.Fatalf("List(%q): %v", prefix, err)
		}
		keys = append(keys, info.Key)
	}
	slices.Sort(keys)
	return keys
}

func empty(t *testing.T, store storage.Store) {
	t.Helper()
	for _, key := range list(t, store, "") {
		if err := store.Delete(t.Context(), key); err != nil {
			t.Fatalf("Delete(%q): %v", key, err)
		}
	}
	if left := list(t, store, ""); len(left) != 0 {
		t.Fatalf("left after deleting all: %q", left)
	}
}
