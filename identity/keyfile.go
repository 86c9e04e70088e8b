// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keyFile is the file as it is written: keys by id, in base64. To change keys, add one
// and name it as current; the old ones stay, to open what they sealed. Index must never
// change: every look-up by phone depends on it.
type keyFile struct {
	Current string            `json:"current"`
	Keys    map[string][]byte `json:"keys"`
	Index   []byte            `json:"index"`
}

// OpenKeyFile reads the keys at path. Where there is no file it makes one with new keys
// and mode 0600; it never overwrites one. All errors are ErrKeyFile with the path.
func OpenKeyFile(path string) (*KeyRing, error) {
	if path == "" {
		return nil, fmt.Errorf("%w: no path is set", ErrKeyFile)
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := createKeyFile(path); err != nil {
			return nil, fmt.Errorf("%w %s: %w", ErrKeyFile, path, err)
		}
		content, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("%w %s: %w", ErrKeyFile, path, err)
	}
	ring, err := ParseKeys(content)
	if err != nil {
		return nil, fmt.Errorf("%w (in %s)", err, path)
	}
	return ring, nil
}

// ParseKeys reads the content of a key file. Its errors say what is wrong, and nothing
// of the content.
func ParseKeys(content []byte) (*KeyRing, error) {
	var f keyFile
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("%w: not the JSON of keys in base64", ErrKeyFile)
	}
	if d.More() {
		return nil, fmt.Errorf("%w: something follows the JSON", ErrKeyFile)
	}
	if len(f.Index) != keyBytes {
		return nil, fmt.Errorf("%w: index has %d bytes, %d are needed", ErrKeyFile, len(f.Index), keyBytes)
	}
	return newKeyRing(f.Current, f.Keys, f.Index)
}

// createKeyFile makes new keys at path, whole or not at all. Where another process was
// quicker, its file stays.
func createKeyFile(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// os.CreateTemp makes files of mode 0600.
	temp, err := os.CreateTemp(dir, ".keys-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.Write(newKeys())
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	// A link, unlike a rename, fails where there is a file already.
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(dir)
}

// syncFolder makes a new name in a folder outlive a power cut: what these keys sealed
// would be lost with them.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func newKeys() []byte {
	id := "k" + hex.EncodeToString(random(4))
	f := keyFile{Current: id, Keys: map[string][]byte{id: random(keyBytes)}, Index: random(keyBytes)}
	content, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		panic("identity: keys do not marshal: " + err.Error()) // a programmer's error
	}
	return append(content, '\n')
}

// random returns n bytes that nobody can guess; crypto/rand never fails.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}
