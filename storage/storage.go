// SPDX-License-Identifier: Apache-2.0

// Package storage keeps objects (pictures, attachments, backups) in MinIO, in
// any other S3, or in a folder. All of them behave as package storagetest
// demands. Objects are streamed: no store holds one whole in memory.
package storage

import (
	"context"
	"errors"
	"io"
	"iter"
	"path"
	"strings"
	"time"
)

var (
	// ErrNotFound says that no object has this key.
	ErrNotFound = errors.New("storage: no such object")
	// ErrUnavailable says that the store did not answer, or answered that it
	// cannot serve now. Trying again later may help.
	ErrUnavailable = errors.New("storage: store unavailable")
	// ErrBadKey says that the key is not of the form that Store describes.
	ErrBadKey = errors.New("storage: bad key")
	// ErrShort says that the reader given to Put ended before the size given.
	ErrShort = errors.New("storage: fewer bytes than announced")
	// ErrNoURL says that this store cannot sign URLs: serve the bytes instead.
	ErrNoURL = errors.New("storage: store has no URLs")
)

// UnknownSize tells Put to read until the end of the reader.
const UnknownSize int64 = -1

// Info describes a stored object.
type Info struct {
	Key     string
	Size    int64 // bytes
	ModTime time.Time
}

// Object is an object open for reading. The caller closes it. Reading may
// return ErrUnavailable in the middle.
type Object struct {
	Info
	io.ReadCloser
}

// Store keeps objects by key.
//
// A key is a path like "photos/0192/view.jpg": parts of A-Z a-z 0-9 _ - joined
// by "/", of which the last, and only the last, has an extension. So no key is
// a folder of another, and the extension alone gives the content type (see
// ContentType). The limits are 512 bytes in all and 128 in one part.
//
// Every method returns ErrBadKey for other keys, and ErrUnavailable when the
// store cannot be reached. When ctx was cancelled the error is its error too.
type Store interface {
	// Put stores the bytes of r under key, replacing what was there. The object
	// appears whole or not at all. size is in bytes; exactly so many are taken
	// from r (ErrShort if it ends before), or all of them for UnknownSize, which
	// costs an S3 store a buffer of 5 MiB. An error of r is returned as it is.
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	// Open opens an object. ErrNotFound when there is none. ctx must stay alive
	// until the object is closed.
	Open(ctx context.Context, key string) (*Object, error)
	// Delete removes an object. It is no error when there is none.
	Delete(ctx context.Context, key string) error
	// List yields the objects whose keys begin with prefix ("" for all), in no
	// promised order. It ends after the first error.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// Ping says whether the store can serve now.
	Ping(ctx context.Context) error
	// SignedURL returns a URL by which anyone may read the object until ttl has
	// passed; ErrNoURL where the store has none. Whether the object is there is
	// not asked.
	SignedURL(ctx context.Context, key string, ttl time.Duration) (string, error)
}

const (
	maxKey  = 512
	maxPart = 128
)

// CheckKey returns ErrBadKey unless key has the form that Store describes.
func CheckKey(key string) error {
	if len(key) > maxKey {
		return ErrBadKey
	}
	folders, name := path.Split(key)
	if folders != "" {
		for part := range strings.SplitSeq(strings.TrimSuffix(folders, "/"), "/") {
			if !plain(part) || len(part) > maxPart {
				return ErrBadKey
			}
		}
	}
	if len(name) > maxPart || !strings.Contains(name, ".") {
		return ErrBadKey
	}
	for part := range strings.SplitSeq(name, ".") {
		if !plain(part) {
			return ErrBadKey
		}
	}
	return nil
}

func checkPrefix(prefix string) error {
	if len(prefix) > maxKey || strings.HasPrefix(prefix, "/") || strings.Contains(prefix, "//") {
		return ErrBadKey
	}
	for part := range strings.SplitSeq(prefix, "/") {
		if bare := strings.ReplaceAll(part, ".", ""); (part != "" && bare == "") || (bare != "" && !plain(bare)) {
			return ErrBadKey
		}
	}
	return nil
}

func plain(part string) bool {
	for i := range len(part) {
		c := part[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && c != '_' && c != '-' {
			return false
		}
	}
	return part != ""
}

// ContentType returns the media type of an object by the extension of its key.
// What has no known extension is application/octet-stream, which no browser
// shows: bytes that a stranger sent are stored under such a key.
func ContentType(key string) string {
	switch path.Ext(key) {
	case ".jpg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".pdf":
		return "application/pdf"
	case ".json":
		return "application/json"
	case ".csv":
		return "text/csv; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}
