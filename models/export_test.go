// SPDX-License-Identifier: Apache-2.0

package models

import "github.com/google/uuid"

// TSQuery is tsquery, for its fuzz target.
func TSQuery(typed string) string { return tsquery(typed) }

// Cursor and ParseCursor are the two ways of a cursor, for its fuzz target.
func Cursor(at int64, id uuid.UUID, list string) string { return place{at, id}.cursor(listID(list)) }

// ParseCursor reads what Cursor made; ok is false for "".
func ParseCursor(s, list string) (at int64, id uuid.UUID, ok bool, err error) {
	p, err := parseCursor(s, listID(list))
	if p == nil {
		return 0, uuid.Nil, false, err
	}
	return p.at, p.id, true, err
}
