// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"errors"
	"io"
	"net"

	"hientruong/models"
)

// body is a request's body as it comes from the network. It remembers that it ended,
// for a stream that is read past its end takes what follows on the connection for more.
type body struct {
	stream io.Reader
	ended  bool
	failed bool
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.ended {
		return 0, io.EOF
	}
	n, err := b.stream.Read(p)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		b.ended = true
	default:
		b.ended, b.failed = true, true
	}
	return n, err
}

// all reads the body to its end. CodeBodyTooLarge when it is longer than limit bytes.
func (b *body) all(limit int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(b, limit+1))
	switch {
	case err != nil:
		return nil, brokenBody(err)
	case int64(len(content)) > limit:
		return nil, models.E(models.CodeBodyTooLarge)
	}
	return content, nil
}

// maxDrain is how much of a body that nobody wanted is read away, in bytes, so that the
// sender gets to read the answer. Whoever sends more is hung up on.
const maxDrain = 32 << 20

// drain reads what is left and says whether the connection can be used again.
func (b *body) drain() bool {
	if b.ended {
		return !b.failed
	}
	_, err := io.Copy(io.Discard, io.LimitReader(b, maxDrain))
	return err == nil && b.ended
}

// brokenBody is the error of a body that could not be read to its end.
func brokenBody(err error) error {
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return models.Wrap(models.CodeTimeout, err)
	}
	return models.Wrap(models.CodeMalformedBody, err)
}

// memoryBody gives out a body that was read already.
type memoryBody struct{ left []byte }

// Read implements io.Reader.
func (m *memoryBody) Read(p []byte) (int, error) {
	if len(m.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, m.left)
	m.left = m.left[n:]
	return n, nil
}
