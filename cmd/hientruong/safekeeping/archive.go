// SPDX-License-Identifier: Apache-2.0

package safekeeping

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// writer writes a backup under a temporary name. Nothing but finish gives it its own.
type writer struct {
	file *os.File
	tar  *tar.Writer
	sums *os.File // the lines of SHA256SUMS so far, in a file without a name
	at   time.Time
}

// newWriter begins a backup in a folder, readable by its owner alone.
func newWriter(folder string, at time.Time) (*writer, error) {
	// os.CreateTemp makes files of mode 0600.
	file, err := os.CreateTemp(folder, ".hientruong-backup-*")
	if err != nil {
		return nil, err
	}
	sums, err := scratch(folder)
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	return &writer{file: file, tar: tar.NewWriter(file), sums: sums, at: at}, nil
}

// scratch opens a file without a name, which is gone when it is closed.
func scratch(folder string) (*os.File, error) {
	file, err := os.CreateTemp(folder, ".hientruong-scratch-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// add copies exactly size bytes as one part.
func (w *writer) add(name string, r io.Reader, size int64) (Part, error) {
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.at}
	if err := w.tar.WriteHeader(header); err != nil {
		return Part{}, err
	}
	digest := sha256.New()
	n, err := io.Copy(io.MultiWriter(w.tar, digest), r)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return Part{}, fmt.Errorf("%s: %w", name, err)
	}
	return Part{Bytes: size, SHA256: hex.EncodeToString(digest.Sum(nil))}, nil
}

// addObject is add for an object, and notes its hash.
func (w *writer) addObject(key string, r io.Reader, size int64) error {
	part, err := w.add(partObjects+key, r, size)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.sums, "%s  %s\n", part.SHA256, partObjects+key)
	return err
}

// addFile is add for a file that has just been written.
func (w *writer) addFile(name string, file *os.File) (Part, error) {
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return Part{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return Part{}, err
	}
	return w.add(name, file, size)
}

// finish writes sums and manifest and gives the backup its name; no file that is there
// is ever replaced.
func (w *writer) finish(m *Manifest, path string) error {
	part, err := w.addFile(partSums, w.sums)
	if err != nil {
		return err
	}
	m.Parts[partSums] = part
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	content = append(content, '\n')
	if _, err := w.add(partManifest, bytes.NewReader(content), int64(len(content))); err != nil {
		return err
	}
	seal := sealOf(content)
	if _, err := w.add(partSeal, strings.NewReader(seal), int64(len(seal))); err != nil {
		return err
	}
	if err := errors.Join(w.tar.Close(), w.file.Sync()); err != nil {
		return err
	}
	// A link, unlike a rename, fails where there is a file already.
	if err := os.Link(w.file.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// close removes what has no name of its own.
func (w *writer) close() {
	_ = w.sums.Close()
	_ = w.file.Close()
	_ = os.Remove(w.file.Name())
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Set is a backup open for reading, whose manifest has been read and nothing else. The
// caller closes it.
type Set struct {
	Manifest Manifest
	file     *os.File
	parts    map[string]*io.SectionReader // all but the objects
}

// Open opens a backup. ErrDamaged when it is none, or cut short; ErrNewer.
func Open(path string) (*Set, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s := &Set{file: file, parts: map[string]*io.SectionReader{}}
	if err := s.index(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

// Close closes the file.
func (s *Set) Close() error { return s.file.Close() }

// index finds the parts, without reading through the objects, and reads the manifest.
func (s *Set) index() error {
	err := s.walk(func(header *tar.Header, _ io.Reader) error {
		if strings.HasPrefix(header.Name, partObjects) {
			return nil
		}
		offset, err := s.file.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		if s.parts[header.Name] != nil {
			return fmt.Errorf("%w: %s is there twice", ErrDamaged, header.Name)
		}
		s.parts[header.Name] = io.NewSectionReader(s.file, offset, header.Size)
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range files() {
		if s.parts[name] == nil {
			return fmt.Errorf("%w: %s is missing", ErrDamaged, name)
		}
	}
	content, err := io.ReadAll(io.LimitReader(s.part(partManifest), maxManifest))
	if err != nil {
		return err
	}
	seal, err := io.ReadAll(io.LimitReader(s.part(partSeal), maxManifest))
	if err != nil {
		return err
	}
	if string(seal) != sealOf(content) {
		return fmt.Errorf("%w: %s is not what was written", ErrDamaged, partManifest)
	}
	s.Manifest, err = parseManifest(content)
	return err
}

// part returns a reader from the beginning of a part.
func (s *Set) part(name string) io.Reader {
	return io.NewSectionReader(s.parts[name], 0, s.parts[name].Size())
}

// walk calls visit for every file in the set, in order. What is no plain file of a known
// name is damage: nothing else is ever written into a set.
func (s *Set) walk(visit func(*tar.Header, io.Reader) error) error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	for r := tar.NewReader(s.file); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w, or no backup: %w", ErrDamaged, err)
		}
		known := strings.HasPrefix(header.Name, partObjects) || slices.Contains(files(), header.Name)
		if header.Typeflag != tar.TypeReg || !known {
			return fmt.Errorf("%w: %q does not belong there", ErrDamaged, header.Name)
		}
		if err := visit(header, r); err != nil {
			return err
		}
	}
}

// Check reads everything and compares it with its checksums, so that a damaged set is
// refused before anything is written. Errors: ErrDamaged with the name of the part.
func (s *Set) Check(ctx context.Context, progress func(bytes int64)) error {
	for _, name := range []string{partSums, partKeys, partDump} {
		sum, size, err := digestOf(ctx, s.part(name))
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
		}
		if want := s.Manifest.Parts[name]; sum != want.SHA256 || size != want.Bytes {
			return fmt.Errorf("%w: %s is not what was written", ErrDamaged, name)
		}
	}
	return s.checkObjects(ctx, progress)
}

func (s *Set) checkObjects(ctx context.Context, progress func(bytes int64)) error {
	sums := bufio.NewScanner(s.part(partSums))
	var seen Tally
	err := s.walk(func(header *tar.Header, r io.Reader) error {
		if !strings.HasPrefix(header.Name, partObjects) {
			return nil
		}
		sum, size, err := digestOf(ctx, r)
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDamaged, header.Name, err)
		}
		if !sums.Scan() || sums.Text() != sum+"  "+header.Name {
			return fmt.Errorf("%w: %s is not what was written", ErrDamaged, header.Name)
		}
		seen.Count, seen.Bytes = seen.Count+1, seen.Bytes+size
		progress(seen.Bytes)
		return nil
	})
	if err == nil && seen != s.Manifest.Objects {
		err = fmt.Errorf("%w: %d objects of %d bytes, not %d of %d", ErrDamaged, seen.Count, seen.Bytes, s.Manifest.Objects.Count, s.Manifest.Objects.Bytes)
	}
	return err
}

// digestOf hashes all of r, until ctx ends.
func digestOf(ctx context.Context, r io.Reader) (sum string, size int64, err error) {
	digest := sha256.New()
	size, err = io.Copy(digest, untilDone{ctx, r})
	return hex.EncodeToString(digest.Sum(nil)), size, err
}

// untilDone reads until its context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
