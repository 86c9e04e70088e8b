// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"hientruong/ledger"
	"hientruong/models"
)

// batch is how many events are read at a time.
const batch = 1000

// feed follows the log of one jurisdiction.
type feed struct {
	hub          *Hub
	jurisdiction int32
	ready        chan struct{} // closed once it has come up to the log

	mu      sync.Mutex
	epoch   string
	pos     int64 // all viewers in the index were given what happened up to here
	recent  []touch
	since   int64 // recent has every touch behind it
	sights  map[uuid.UUID]*sight
	viewers map[*Viewer]struct{}
	index   *index
	round   uint64 // of give, so that nobody is given a report twice
	due     []*Viewer
}

func newFeed(h *Hub, jurisdiction int32) *feed {
	return &feed{
		hub: h, jurisdiction: jurisdiction, ready: make(chan struct{}), sights: map[uuid.UUID]*sight{},
		viewers: map[*Viewer]struct{}{}, index: newIndex(),
	}
}

// run follows the log until ctx ends. An error is logged and the same events are tried
// again: nothing is left out.
func (f *feed) run(ctx context.Context) {
	c := f.hub.config
	checked, begun := time.Now(), false
	for ctx.Err() == nil {
		rung, started := c.Bell.Wait(), time.Now()
		more, err := f.step(ctx)
		if err == nil && time.Since(checked) >= c.Recheck {
			checked = time.Now()
			err = f.recheck(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			c.Logger.Error("the live stream could not read on; it tries again", "jurisdiction", f.jurisdiction, "error", err)
			rest(ctx, nil, c.Poll)
			continue
		case more:
			continue
		case !begun:
			begun = true
			close(f.ready)
		}
		rest(ctx, nil, c.Coalesce-time.Since(started))
		rest(ctx, rung, c.Poll)
	}
}

// rest returns at a ring, after a while, or when ctx ends.
func rest(ctx context.Context, rung <-chan struct{}, long time.Duration) {
	if long <= 0 {
		return
	}
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-rung:
	case <-timer.C:
	}
}

// step reads one batch and says whether there is more.
func (f *feed) step(ctx context.Context) (more bool, err error) {
	head, epoch, err := ledger.Head(ctx, f.hub.config.Pool, f.jurisdiction)
	if err != nil {
		return false, err
	}
	f.mu.Lock()
	if epoch != f.epoch || head < f.pos {
		f.begin(head, epoch)
	}
	from := f.pos
	f.mu.Unlock()
	if head == from {
		return false, nil
	}
	events, err := ledger.Events(ctx, f.hub.config.Pool, f.jurisdiction, from, batch)
	if err != nil || len(events) == 0 {
		return false, err
	}
	touches, err := touchesOf(events)
	if err != nil {
		return false, err
	}
	spans := spansOf(touches)
	sights, err := f.hub.see(ctx, f.jurisdiction, spans)
	if err != nil {
		return false, err
	}
	f.give(touches, spans, sights, events[len(events)-1].Pos)
	f.endRevoked(events)
	select {
	case <-f.ready:
		f.hub.metrics.lag.Observe(max(0, time.Since(events[0].At).Seconds()))
	default: // what happened before anybody watched is late for nobody
	}
	return len(events) == batch, nil
}

// begin starts anew at the end of a log: at first, and when its positions began anew. What
// happened lately is read as if it happened now, for those who come back; on a renewed log
// everybody is told to begin anew.
func (f *feed) begin(head int64, epoch string) {
	for v := range f.viewers {
		v.renew(epoch, head)
	}
	f.epoch, f.pos = epoch, max(0, head-int64(f.hub.config.Recent))
	f.recent, f.since = nil, f.pos
	clear(f.sights)
}

// see reads the reports that spans are about.
func (h *Hub) see(ctx context.Context, jurisdiction int32, spans []span) (map[uuid.UUID]*sight, error) {
	ids := make([]uuid.UUID, len(spans))
	for i, s := range spans {
		ids[i] = s.id
	}
	rows, err := models.ReadTouched(ctx, h.config.DB, jurisdiction, ids)
	if err != nil {
		return nil, err
	}
	sights := make(map[uuid.UUID]*sight, len(rows))
	for _, s := range spans {
		row, ok := rows[s.id]
		if !ok {
			continue
		}
		if sights[s.id], err = newSight(s.last(), row, h.config.Assembler); err != nil {
			return nil, err
		}
	}
	return sights, nil
}

// give hands what happened to those whom it concerns, and moves on.
func (f *feed) give(touches []touch, spans []span, sights map[uuid.UUID]*sight, to int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range spans {
		seen, ok := sights[s.id]
		if !ok {
			continue
		}
		f.sights[s.id] = seen
		f.round++
		f.index.concerned(seen, s.touches, func(v *Viewer) {
			if v.round == f.round {
				return
			}
			v.round = f.round
			if told := v.told(s, seen); told != nil {
				if v.put(told) {
					f.due = append(f.due, v)
				}
			}
		})
	}
	f.recent = append(f.recent, touches...)
	f.pos = to
	f.forget()
	for _, v := range f.due {
		v.send(to)
	}
	clear(f.due)
	f.due = f.due[:0]
}

// forget lets go of the older half of what is kept, when that is more than it should be.
func (f *feed) forget() {
	most := f.hub.config.Recent
	if len(f.recent) <= most {
		return
	}
	drop := len(f.recent) - most/2
	f.since = f.recent[drop-1].pos
	f.recent = append(make([]touch, 0, most), f.recent[drop:]...)
	for id, s := range f.sights {
		if s.pos <= f.since {
			delete(f.sights, id)
		}
	}
}

// enter takes in a viewer who is not told anything yet, but can be told to go.
func (f *feed) enter(v *Viewer) {
	f.mu.Lock()
	f.viewers[v] = struct{}{}
	f.mu.Unlock()
	if f.hub.isClosed() {
		v.end(endClosing)
	}
}

// attach gives a viewer what happened after their position, and all that happens from then
// on. It returns false where the feed does not go back so far.
func (f *feed) attach(v *Viewer) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v.epoch() != f.epoch {
		v.renew(f.epoch, f.pos)
	}
	from := v.position()
	if from < f.since {
		return false
	}
	if from < f.pos {
		for _, s := range spansOf(f.concerning(v, from)) {
			if told := v.told(s, f.sights[s.id]); told != nil {
				v.replay(told)
			}
		}
		v.send(f.pos)
	}
	f.index.add(v)
	return true
}

// concerning are the recent touches behind a position that could concern a viewer.
func (f *feed) concerning(v *Viewer, from int64) []touch {
	var some []touch
	for i := range f.recent {
		t := &f.recent[i]
		if s := f.sights[t.id]; t.pos > from && s != nil && v.concerns(t, s) {
			some = append(some, *t)
		}
	}
	return some
}

// leave lets a viewer go.
func (f *feed) leave(v *Viewer) {
	f.mu.Lock()
	_, here := f.viewers[v]
	delete(f.viewers, v)
	f.index.remove(v)
	f.mu.Unlock()
	if here {
		f.hub.left()
	}
}

// reached is how far the log was read.
func (f *feed) reached() (epoch string, pos int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.epoch, f.pos
}

// endAll ends every viewer's stream.
func (f *feed) endAll(why ending) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for v := range f.viewers {
		v.end(why)
	}
}

// endRevoked ends the streams of sessions that events say were revoked.
func (f *feed) endRevoked(events []models.Event) {
	revoked := map[uuid.UUID]bool{}
	for i := range events {
		if events[i].Kind == models.EventSessionRevoked {
			revoked[events[i].SubjectID] = true
		}
	}
	if len(revoked) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for v := range f.viewers {
		if revoked[v.ask.Actor.SessionID] {
			v.end(endRevoked)
		}
	}
}

// recheck ends the streams of those whose session was revoked or ran out.
func (f *feed) recheck(ctx context.Context) error {
	of := map[uuid.UUID][]*Viewer{}
	f.mu.Lock()
	for v := range f.viewers {
		if session := v.ask.Actor.SessionID; session != uuid.Nil {
			of[session] = append(of[session], v)
		}
	}
	f.mu.Unlock()
	if len(of) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	alive, err := models.SessionsAlive(ctx, f.hub.config.DB, f.jurisdiction, ids, time.Now())
	if err != nil {
		return err
	}
	for id, viewers := range of {
		if alive[id] {
			continue
		}
		for _, v := range viewers {
			v.end(endRevoked)
		}
	}
	return nil
}
