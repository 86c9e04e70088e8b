// SPDX-License-Identifier: Apache-2.0

package safekeeping

import (
	"fmt"
	"io"
	"time"
)

// ticker tells how far something is, every few seconds at most.
type ticker struct {
	to   io.Writer
	next time.Time
}

// tellEvery is how often a step that goes on says how far it is.
const tellEvery = 2 * time.Second

func newTicker(to io.Writer) *ticker { return &ticker{to, time.Now().Add(tellEvery)} }

func (t *ticker) tell(text string, args ...any) {
	if now := time.Now(); now.After(t.next) {
		t.next = now.Add(tellEvery)
		fmt.Fprintf(t.to, text+"\n", args...)
	}
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 10<<10:
		return fmt.Sprintf("%d B", n)
	case n < 10<<20:
		return fmt.Sprintf("%d KiB", n>>10)
	default:
		return fmt.Sprintf("%d MiB", n>>20)
	}
}
