// SPDX-License-Identifier: Apache-2.0

package calendar

import "time"

// Counter is a way to count time: a *Calendar counts working time, Wall all of it.
type Counter interface {
	Add(from time.Time, d time.Duration) time.Time
	Between(a, b time.Time) time.Duration
}

// Wall counts every second.
type Wall struct{}

// Add is from plus d.
func (Wall) Add(from time.Time, d time.Duration) time.Time { return from.Add(d) }

// Between is the time from a to b.
func (Wall) Between(a, b time.Time) time.Duration { return b.Sub(a) }

// Clock is a deadline that can wait. It is a value: each operation answers with the clock that follows and leaves its
// receiver as it was; one that does not fit (pausing a clock that stands) answers with the same clock. Use one Counter
// through a clock's whole life.
type Clock struct {
	Started time.Time
	// Due is when the time is up; while the clock stands, when it would have been.
	Due time.Time
	// Paused is when the clock was paused, zero otherwise.
	Paused time.Time
	// Stopped is when the thing asked for was done, zero otherwise.
	Stopped time.Time
	// Remaining is the time that was left when the clock was paused or stopped, as its Counter counts; negative if late.
	// It means nothing while the clock runs: ask Left.
	Remaining time.Duration
}

// Start runs a clock with an allowance from the given moment.
func Start(c Counter, at time.Time, allowance time.Duration) Clock {
	return Clock{Started: at, Due: c.Add(at, allowance)}
}

// StartUntil runs a clock towards a moment known beforehand, such as Calendar.AddDays gives.
func StartUntil(at, due time.Time) Clock { return Clock{Started: at, Due: due} }

// Running tells whether time is being counted.
func (k Clock) Running() bool {
	return !k.Started.IsZero() && k.Paused.IsZero() && k.Stopped.IsZero()
}

// Left is the time left at a moment, negative if late; while the clock stands, what was left then.
func (k Clock) Left(c Counter, at time.Time) time.Duration {
	if k.Running() {
		return c.Between(at, k.Due)
	}
	return k.Remaining
}

// Late tells whether the time was up at a moment, or before the clock came to stand.
func (k Clock) Late(at time.Time) bool {
	switch {
	case k.Started.IsZero():
		return false
	case !k.Paused.IsZero():
		at = k.Paused
	case !k.Stopped.IsZero():
		at = k.Stopped
	}
	return at.After(k.Due)
}

// Pause keeps what is left until Resume: somebody else has to act first.
func (k Clock) Pause(c Counter, at time.Time) Clock {
	if !k.Running() {
		return k
	}
	k.Remaining, k.Paused = c.Between(at, k.Due), at
	return k
}

// Stop ends the counting: the thing is done. A paused clock keeps what was left when it was paused.
func (k Clock) Stop(c Counter, at time.Time) Clock {
	if k.Started.IsZero() || !k.Stopped.IsZero() {
		return k
	}
	if k.Paused.IsZero() {
		k.Remaining = c.Between(at, k.Due)
	}
	k.Stopped = at
	return k
}

// Resume lets a paused or stopped clock go on with what was left; a late one goes on being late by as much.
func (k Clock) Resume(c Counter, at time.Time) Clock {
	if k.Started.IsZero() || k.Running() {
		return k
	}
	return Clock{Started: k.Started, Due: c.Add(at, k.Remaining)}
}

// Extend grants more time, or takes some away where d is negative; the time a clock stands with grows likewise.
func (k Clock) Extend(c Counter, d time.Duration) Clock {
	if k.Started.IsZero() || !k.Stopped.IsZero() {
		return k
	}
	k.Due = c.Add(k.Due, d)
	if !k.Paused.IsZero() {
		k.Remaining += d
	}
	return k
}
