// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"bytes"
	"io/fs"
	"time"
)

// WithAreas is a pack's file system with other polygons in the place of its own.
func WithAreas(fsys fs.FS, geojson []byte) fs.FS { return overlay{fsys, geojson} }

type overlay struct {
	fs.FS
	areas []byte
}

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if name != AreasFile {
		return o.FS.Open(name)
	}
	return &memory{bytes.NewReader(o.areas)}, nil
}

// memory is the replaced file; it is its own fs.FileInfo, whose Size is the Reader's.
type memory struct{ *bytes.Reader }

func (m *memory) Stat() (fs.FileInfo, error) { return m, nil }
func (m *memory) Close() error               { return nil }
func (m *memory) Name() string               { return AreasFile }
func (m *memory) Mode() fs.FileMode          { return 0o444 }
func (m *memory) ModTime() time.Time         { return time.Time{} }
func (m *memory) IsDir() bool                { return false }
func (m *memory) Sys() any                   { return nil }
