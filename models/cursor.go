// SPDX-License-Identifier: Apache-2.0

package models

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// A cursor says behind which row a page begins: bytes of a version, of the list it
// belongs to, of the row's sort time and of its id. A list that is asked for otherwise
// does not know it.
const (
	cursorVersion = 1
	cursorLength  = 1 + 8 + 8 + 16
)

// maxCursorTime is beyond every time that a row can have, in microseconds: the year 9999.
const maxCursorTime = 253402300799_000000

// noTime sorts behind every time.
const noTime = maxCursorTime

// place is where in a list a row stands. At is in microseconds since 1970; it is zero in
// lists that are ordered by id alone.
type place struct {
	at int64
	id uuid.UUID
}

func placeAt(at *time.Time, id uuid.UUID) place {
	if at == nil {
		return place{noTime, id}
	}
	return place{max(0, min(at.UnixMicro(), maxCursorTime)), id}
}

// time is the sort time; for rows without one a time behind all others.
func (p place) time() time.Time { return time.UnixMicro(p.at).UTC() }

// listID names a list by all that it depends on.
func listID(parts ...any) [8]byte {
	b, err := json.Marshal(parts)
	if err != nil {
		panic("models: a list's parts do not marshal: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return [8]byte(sum[:8])
}

// cursor makes the opaque text of a place in a list.
func (p place) cursor(list [8]byte) string {
	b := make([]byte, 0, cursorLength)
	b = append(b, cursorVersion)
	b = append(b, list[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(p.at)) //nolint:gosec // never negative
	b = append(b, p.id[:]...)
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads what cursor made for the same list; "" is the beginning, nil. All
// else is CodeCursorInvalid.
func parseCursor(s string, list [8]byte) (*place, error) {
	if s == "" {
		return nil, nil
	}
	invalid := Invalid(Field("query.cursor", CodeCursorInvalid, nil))
	if len(s) != base64.RawURLEncoding.EncodedLen(cursorLength) {
		return nil, invalid
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != cursorLength || b[0] != cursorVersion || [8]byte(b[1:9]) != list {
		return nil, invalid
	}
	at := binary.BigEndian.Uint64(b[9:17])
	if at > maxCursorTime {
		return nil, invalid
	}
	return &place{at: int64(at), id: uuid.UUID(b[17:])}, nil
}

// The sizes of a page.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// pageSize is how many rows a page holds for what was asked; 0 asks for nothing special.
func pageSize(limit int) int {
	if limit <= 0 {
		return DefaultLimit
	}
	return min(limit, MaxLimit)
}
