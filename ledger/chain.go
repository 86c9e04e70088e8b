// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"hientruong/models"
)

// Link returns the hash of an event that follows one with the hash previous: SHA-256
// of previous and of every other column, each with its length before it, so that no
// byte can move from one column to the next.
func Link(previous []byte, e models.Event) []byte {
	h := sha256.New()
	bytesTo(h, previous)
	numberTo(h, int64(e.JurisdictionID))
	numberTo(h, e.Pos)
	bytesTo(h, []byte(e.SubjectKind))
	bytesTo(h, e.SubjectID[:])
	numberTo(h, e.SubjectSeq)
	bytesTo(h, []byte(e.Kind))
	bytesTo(h, []byte(e.Origin))
	bytesTo(h, []byte(e.Actor))
	numberTo(h, e.At.UnixMicro())
	bytesTo(h, []byte(e.Body))
	return h.Sum(nil)
}

func numberTo(h hash.Hash, n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n)) //nolint:gosec // the bits are meant, not the number
	bytesTo(h, b[:])
}

func bytesTo(h hash.Hash, b []byte) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(b))) //nolint:gosec // a column is far below 4 GiB
	h.Write(n[:])
	h.Write(b)
}
