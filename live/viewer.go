// SPDX-License-Identifier: Apache-2.0

package live

import (
	"math/rand/v2"
	"sync"

	"hientruong/models"
)

// ending is why a stream ends.
type ending uint8

const (
	endNot     ending = iota
	endSlow           // they did not read what waited for them
	endRevoked        // their session is no more
	endClosing        // the process stops
)

// Viewer is somebody who watches. What waits for them is bounded: the frames themselves are
// shared by all who are told the same.
type Viewer struct {
	feed  *feed
	ask   Ask
	view  models.View
	keys  []key
	round uint64 // the feed's, of when they were last visited; under its lock
	start string // the event that the stream begins with: ready or reset
	why   string // a reset's reason

	mu      sync.Mutex
	wake    chan struct{}
	waiting []frame
	bytes   int
	from    string // the epoch
	pos     int64  // all up to here was put
	reset   bool   // the log has begun anew
	ended   ending
}

func newViewer(f *feed, ask Ask, view models.View) *Viewer {
	return &Viewer{
		feed: f, ask: ask, view: view, keys: keysOf(ask.Filter, view, ask.Actor.Unit), wake: make(chan struct{}, 1), start: "ready",
	}
}

// concerns says whether an event could concern the viewer, whose report stands as was seen.
func (v *Viewer) concerns(t *touch, s *sight) bool {
	if !t.tells.in(v.view, v.ask.Filter.Overdue != nil) {
		return false
	}
	if v.view == models.ViewUnit {
		_, ever := s.row.Part(v.ask.Actor.Unit)
		return ever
	}
	return v.may(t.before) || v.may(t.after) || t.before == nil && t.after == nil && v.may(&s.keys)
}

// may says whether a report with such keys can be one of the viewer's.
func (v *Viewer) may(k *models.Keys) bool {
	if k == nil || !v.ask.Filter.MayMeet(k, v.view) {
		return false
	}
	if v.keys[0].by != byCell {
		return true
	}
	for _, cell := range v.keys {
		if k.Tile16 != 0 && k.Tile16>>(2*(finest-cell.level)) == cell.cell {
			return true
		}
	}
	return false
}

// told is what the viewer is told of a report: how it stands, or that it left if they could
// have had it, or nothing.
func (v *Viewer) told(s span, seen *sight) frame {
	concerned, had := false, false
	for i := range s.touches {
		t := &s.touches[i]
		if v.concerns(t, seen) {
			concerned = true
			had = had || v.may(t.before) || t.before == nil && t.after == nil
		}
	}
	if !concerned {
		return nil
	}
	unit := v.ask.Actor.Unit
	if v.ask.Filter.Meets(seen.row, v.view, unit) {
		made, err := seen.told(form{v.view, v.ask.Language}, unit)
		if err != nil {
			// The same report was put into words for others: this is a programmer's error.
			v.feed.hub.config.Logger.Error("a report could not be told", "view", v.view, "error", err)
			return nil
		}
		v.feed.hub.metrics.upserts.Inc()
		return made
	}
	if v.view == models.ViewUnit {
		// Of a report that is no longer theirs a unit hears once, by what took it away.
		part, _ := seen.row.Part(unit)
		had = had && part.Active || !part.Active && !part.At.Before(s.touches[0].at)
	}
	if !had {
		return nil
	}
	v.feed.hub.metrics.leaves.Inc()
	return seen.leave
}

// put adds a frame to what waits, and says whether it is the first since the last send. Who
// has too much waiting is cut off.
func (v *Viewer) put(f frame) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended != endNot {
		return false
	}
	if v.bytes+len(f) > v.feed.hub.config.Pending {
		v.ended, v.waiting = endSlow, nil
		v.nudge()
		return false
	}
	v.waiting = append(v.waiting, f)
	v.bytes += len(f)
	return true
}

// replay adds frames of what the feed remembers. They do not count as waiting: everybody
// shares them, and the feed keeps them anyway.
func (v *Viewer) replay(f frame) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended == endNot {
		v.waiting = append(v.waiting, f)
	}
}

// send lets what waits go: all up to a position was put.
func (v *Viewer) send(to int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.pos = to
	v.nudge()
}

// renew tells the viewer that positions have begun anew.
func (v *Viewer) renew(epoch string, pos int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.from, v.pos, v.reset, v.waiting, v.bytes = epoch, pos, true, nil, 0
	v.nudge()
}

// end ends the stream.
func (v *Viewer) end(why ending) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended == endNot {
		v.ended, v.waiting = why, nil
	}
	v.nudge()
}

// nudge wakes who writes; mu is held.
func (v *Viewer) nudge() {
	select {
	case v.wake <- struct{}{}:
	default:
	}
}

func (v *Viewer) epoch() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.from
}

func (v *Viewer) position() int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.pos
}

// parcel is what goes out at once.
type parcel struct {
	frames []frame
	epoch  string
	pos    int64
	reset  bool
	ended  ending
}

// take takes what waits.
func (v *Viewer) take() parcel {
	v.mu.Lock()
	defer v.mu.Unlock()
	p := parcel{v.waiting, v.from, v.pos, v.reset, v.ended}
	v.waiting, v.bytes, v.reset = nil, 0, false
	return p
}

// beat moves the viewer on to where the log was read, if nothing waits for them.
func (v *Viewer) beat() {
	f := v.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.waiting) == 0 && v.from == f.epoch {
		v.pos = max(v.pos, f.pos)
	}
}

// Leave lets the viewer go; Stream does it by itself.
func (v *Viewer) Leave() { v.feed.leave(v) }

// comeBack is after how many milliseconds a browser comes back: not all at once.
func comeBack() int64 { return 500 + rand.Int64N(2500) } //nolint:gosec // spreads them, keeps no secret
