// SPDX-License-Identifier: Apache-2.0

package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"time"
)

// partial is where objects are written until they are whole. No key has a part
// that begins with a dot.
const partial = ".partial"

// abandoned is the age at which an unfinished object will not be finished.
const abandoned = 24 * time.Hour

// Folder is a Store in a folder of this machine: one file an object, at the
// path which its key says. Several processes may use the same folder.
type Folder struct {
	root *os.Root
}

// OpenFolder opens the folder dir, making it if it lacks. The caller closes it.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("storage: make folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("storage: open folder: %w", err)
	}
	if err := root.MkdirAll(partial, 0o750); err != nil {
		return nil, errors.Join(fmt.Errorf("storage: make folder: %w", err), root.Close())
	}
	folder := &Folder{root: root}
	if err := folder.sweep(); err != nil {
		return nil, errors.Join(fmt.Errorf("storage: sweep folder: %w", err), root.Close())
	}
	return folder, nil
}

// sweep removes what a process that died left unfinished. Nothing young is
// touched: another process may be writing it.
func (f *Folder) sweep() error {
	entries, err := fs.ReadDir(f.root.FS(), partial)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		stat, err := entry.Info()
		if err == nil && time.Since(stat.ModTime()) > abandoned {
			err = f.root.Remove(path.Join(partial, entry.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Close releases the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Put implements Store: the bytes go to a file aside, reach the disk, and only
// then take their name.
func (f *Folder) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	aside := path.Join(partial, rand.Text())
	src := newSource(ctx, r, size)
	if err := f.write(aside, src); err != nil {
		_ = f.root.Remove(aside) // It may never have been made.
		if src.err != nil {
			return src.err
		}
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if err := f.publish(aside, key); err != nil {
		_ = f.root.Remove(aside)
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return nil
}

func (f *Folder) write(name string, r io.Reader) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, r); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Sync(); err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}

func (f *Folder) publish(aside, key string) error {
	dir := path.Dir(key)
	if err := f.root.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	if err := f.root.Rename(aside, key); err != nil {
		return err
	}
	// Without this the new name may be lost with the power.
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open implements Store.
func (f *Folder) Open(ctx context.Context, key string) (*Object, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, folderError(err)
	}
	stat, err := file.Stat()
	if err != nil {
		return nil, errors.Join(folderError(err), file.Close())
	}
	return &Object{Info: Info{Key: key, Size: stat.Size(), ModTime: stat.ModTime()}, ReadCloser: file}, nil
}

// Delete implements Store.
func (f *Folder) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err := f.root.Remove(key)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return folderError(err)
}

// List implements Store.
func (f *Folder) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkPrefix(prefix); err != nil {
			yield(Info{}, err)
			return
		}
		start := path.Dir(prefix + "x")
		err := fs.WalkDir(f.root.FS(), start, func(name string, entry fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case name == partial:
				return fs.SkipDir
			case entry.IsDir() || !strings.HasPrefix(name, prefix) || CheckKey(name) != nil:
				return nil //nolint:nilerr // what has no key's name is not listed
			}
			stat, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil // Deleted while we listed.
			}
			if err != nil {
				return err
			}
			if !yield(Info{Key: name, Size: stat.Size(), ModTime: stat.ModTime()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Info{}, folderError(err))
		}
	}
}

// Ping implements Store: it writes a file and removes it.
func (f *Folder) Ping(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name := path.Join(partial, rand.Text())
	if err := f.root.WriteFile(name, []byte{1}, 0o640); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if err := f.root.Remove(name); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return nil
}

// SignedURL implements Store: a folder has no URLs.
func (f *Folder) SignedURL(_ context.Context, key string, _ time.Duration) (string, error) {
	if err := CheckKey(key); err != nil {
		return "", err
	}
	return "", ErrNoURL
}

func folderError(err error) error {
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	default:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
}
