// SPDX-License-Identifier: Apache-2.0

// Package photos makes pictures that are safe to show out of bytes that a
// stranger sent: it inspects them before anything is decoded, keeps what their
// EXIF tells, and renders them anew, upright and stripped.
package photos

import "fmt"

// Reason says why a picture was refused. The set is closed.
type Reason string

const (
	// TooLarge is more bytes or pixels than allowed.
	TooLarge Reason = "too_large"
	// Unsupported is not a JPEG, PNG or WebP, or a kind of them that is not taken,
	// such as an animation.
	Unsupported Reason = "unsupported"
	// Unsafe is made to exhaust whoever decodes it.
	Unsafe Reason = "unsafe"
	// Broken is truncated, or damaged, or empty.
	Broken Reason = "broken"
)

// Refusal is the error for a picture which will not be taken, however often it
// is sent. Any other error says nothing about the picture.
type Refusal struct {
	Reason Reason
	Detail string // for the log, in English; holds nothing that the stranger wrote
}

// Error implements error.
func (r *Refusal) Error() string { return fmt.Sprintf("photos: %s: %s", r.Reason, r.Detail) }

func refuse(reason Reason, format string, args ...any) *Refusal {
	return &Refusal{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}
