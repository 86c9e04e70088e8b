// SPDX-License-Identifier: Apache-2.0

package storage

import (
	"context"
	"errors"
	"io"
)

// source reads what Put was given and remembers how that went, so that a fault
// of the giver is not taken for a fault of the store.
type source struct {
	ctx  context.Context
	r    io.Reader
	size int64 // bytes, or UnknownSize
	n    int64 // bytes read so far
	err  error // what the giver did wrong
}

func newSource(ctx context.Context, r io.Reader, size int64) *source {
	if size >= 0 {
		r = io.LimitReader(r, size)
	}
	return &source{ctx: ctx, r: r, size: size}
}

// Read reads on; it stops when ctx ends.
func (s *source) Read(p []byte) (int, error) {
	if err := context.Cause(s.ctx); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	if errors.Is(err, io.EOF) && s.size >= 0 && s.n < s.size {
		err = ErrShort
	}
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
