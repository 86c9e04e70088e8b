// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hientruong/identity"
)

func TestKeyFileIsMadeOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "keys.json")
	rings := make([]*identity.KeyRing, 8)
	var all sync.WaitGroup
	for i := range rings {
		all.Go(func() {
			ring, err := identity.OpenKeyFile(path)
			if err != nil {
				t.Errorf("start %d: %v", i, err)
			}
			rings[i] = ring
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	for i, ring := range rings {
		if ring.Current() != rings[0].Current() || !bytes.Equal(ring.PhoneIndex("+84912345678"), rings[0].PhoneIndex("+84912345678")) {
			t.Errorf("start %d has other keys than start 0", i)
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o, want 600", mode)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left beside the key file: %v, %v", entries, err)
	}
}

func TestKeyFileErrors(t *testing.T) {
	t.Parallel()
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	for name, content := range map[string]string{
		"empty":          ``,
		"not JSON":       `keys: {}`,
		"short key":      `{"current":"a","keys":{"a":"AAAA"},"index":"` + key + `"}`,
		"short index":    `{"current":"a","keys":{"a":"` + key + `"},"index":"AAAA"}`,
		"no index":       `{"current":"a","keys":{"a":"` + key + `"}}`,
		"no current":     `{"keys":{"a":"` + key + `"},"index":"` + key + `"}`,
		"other current":  `{"current":"b","keys":{"a":"` + key + `"},"index":"` + key + `"}`,
		"unknown field":  `{"current":"a","keys":{"a":"` + key + `"},"index":"` + key + `","x":1}`,
		"something more": `{"current":"a","keys":{"a":"` + key + `"},"index":"` + key + `"}{}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "keys.json")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := identity.OpenKeyFile(path)
			if !errors.Is(err, identity.ErrKeyFile) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want ErrKeyFile that names the path", err)
			}
			if err != nil && strings.Contains(err.Error(), key) {
				t.Errorf("the error shows a key")
			}
			if after, _ := os.ReadFile(path); string(after) != content {
				t.Errorf("the file was overwritten")
			}
		})
	}
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	key := func(b byte) string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32)) }
	ring := func(current string, keys map[string]string) *identity.KeyRing {
		content, err := json.Marshal(map[string]any{"current": current, "keys": keys, "index": key(9)})
		if err != nil {
			t.Fatal(err)
		}
		r, err := identity.ParseKeys(content)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := ring("old", map[string]string{"old": key(1)})
	after := ring("new", map[string]string{"old": key(1), "new": key(2)})
	without := ring("new", map[string]string{"new": key(2)})

	id, sealed := before.Seal([]byte("Lê Văn An"), []byte("row"))
	if got, err := after.Open(id, sealed, []byte("row")); err != nil || string(got) != "Lê Văn An" {
		t.Errorf("with the old key kept: %q, %v", got, err)
	}
	if _, err := without.Open(id, sealed, []byte("row")); !errors.Is(err, identity.ErrUnknownKey) {
		t.Errorf("with the old key gone: %v, want ErrUnknownKey", err)
	}
	if _, err := after.Open(after.Current(), sealed, []byte("row")); !errors.Is(err, identity.ErrSealed) {
		t.Errorf("with another key's id: %v, want ErrSealed", err)
	}
	if !bytes.Equal(before.PhoneIndex("+84912345678"), after.PhoneIndex("+84912345678")) {
		t.Error("the phone index moved with the key")
	}
}

func TestSealedOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		here, there := rapid.String().Draw(t, "here"), rapid.String().Draw(t, "there")
		id, sealed := keys.Seal(plain, []byte(here))
		got, err := keys.Open(id, sealed, []byte(here))
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %x, %v", got, err)
		}
		if _, err := keys.Open(id, sealed, []byte(there)); (err == nil) != (here == there) {
			t.Fatalf("opened in %q what was sealed for %q", there, here)
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "at")] ^= 1
		if _, err := keys.Open(id, sealed, []byte(here)); !errors.Is(err, identity.ErrSealed) {
			t.Fatalf("a changed byte opened: %v", err)
		}
	})
}

func TestLast4IndexIsOfOneReport(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	a, b := uuid.New(), uuid.New()
	if bytes.Equal(keys.Last4Index(a, "5678"), keys.Last4Index(b, "5678")) {
		t.Error("the same digits of two reports look alike")
	}
	if !bytes.Equal(keys.Last4Index(a, "5678"), keys.Last4Index(a, "5678")) {
		t.Error("the same digits of one report look unlike")
	}
}

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(`{"current":"a","keys":{"a":"AAAA"},"index":""}`))
	f.Add([]byte(`{"current":"a","keys":{"a":"` + strings.Repeat("A", 43) + `="},"index":"` + strings.Repeat("A", 43) + `="}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		ring, err := identity.ParseKeys(content)
		if err != nil {
			if !errors.Is(err, identity.ErrKeyFile) {
				t.Fatalf("not ErrKeyFile: %v", err)
			}
			return
		}
		id, sealed := ring.Seal([]byte("x"), nil)
		if got, err := ring.Open(id, sealed, nil); err != nil || string(got) != "x" {
			t.Fatalf("a ring that parsed does not work: %q, %v", got, err)
		}
	})
}
