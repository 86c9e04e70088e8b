// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"hientruong/ledger"
)

// Writer is where a stream goes: a bufio.Writer over a connection.
type Writer interface {
	io.Writer
	Flush() error
}

// Stream tells the viewer what concerns them until they leave, are cut off, or the hub
// closes. Before is called before each write, to bound how long it may take; it can be nil.
// The error is that of writing, nil where the stream was ended here.
func (v *Viewer) Stream(w Writer, before func()) error {
	defer v.Leave()
	s := &stream{Viewer: v, out: w, before: before}
	if err := s.begin(); err != nil {
		return err
	}
	if more, err := s.catchUp(v.feed.hub.ctx); err != nil || !more {
		return err
	}
	beat := time.NewTimer(v.feed.hub.config.Heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-v.wake:
		case <-beat.C:
			v.beat()
			beat.Reset(v.feed.hub.config.Heartbeat)
		}
		more, err := s.write(v.take())
		if err != nil || !more {
			return err
		}
	}
}

// stream is a viewer's connection.
type stream struct {
	*Viewer
	out    Writer
	before func()
	err    error
}

// begin says where the stream stands.
func (s *stream) begin() error {
	p := s.take()
	s.state(s.start, s.why, p)
	return s.flush()
}

// write sends a parcel and says whether the stream goes on. The position goes with the last
// frame: whoever is cut off before it is told all of them again. Without any frame it is a
// sign of life.
func (s *stream) write(p parcel) (more bool, err error) {
	switch {
	case p.ended != endNot:
		s.end(p)
		return false, s.flush()
	case p.reset:
		s.feed.hub.metrics.resets.WithLabelValues("epoch").Inc()
		s.state("reset", "epoch", p)
	case len(p.frames) == 0:
		s.printf("id: %s.%d\n: still here\n\n", p.epoch, p.pos)
	}
	for i, f := range p.frames {
		if i == len(p.frames)-1 {
			s.printf("id: %s.%d\n", p.epoch, p.pos)
		}
		s.bytes(f)
	}
	return true, s.flush()
}

// end says how to go on from an end. Who was too slow begins anew from where the log stands.
func (s *stream) end(p parcel) {
	switch p.ended {
	case endSlow:
		s.feed.hub.metrics.resets.WithLabelValues("slow").Inc()
		p.epoch, p.pos = s.feed.reached()
		s.state("reset", "slow", p)
	case endRevoked:
		s.printf("event: end\ndata: {\"reason\":\"session\"}\n\n")
	case endClosing:
		s.printf("retry: %d\n\n", comeBack())
	case endNot:
	}
}

// state is an event about the stream itself.
func (s *stream) state(event, why string, p parcel) {
	s.printf("id: %s.%d\nevent: %s\ndata: {\"pos\":%d", p.epoch, p.pos, event, p.pos)
	if why != "" {
		s.printf(",\"reason\":%q", why)
	}
	s.printf("}\n\n")
}

func (s *stream) printf(format string, args ...any) { s.bytes(fmt.Appendf(nil, format, args...)) }

func (s *stream) bytes(b []byte) {
	if s.err != nil {
		return
	}
	if s.before != nil {
		s.before()
	}
	_, s.err = s.out.Write(b)
}

func (s *stream) flush() error {
	if s.err == nil {
		s.err = s.out.Flush()
	}
	return s.err
}

// catchUp reads the log for the viewer until the feed can take them on, and says whether the
// stream goes on. What is read is written before more is read, so that nothing piles up.
func (s *stream) catchUp(ctx context.Context) (more bool, err error) {
	for !s.feed.attach(s.Viewer) {
		select {
		case s.feed.hub.reading <- struct{}{}:
		case <-ctx.Done():
			return false, nil
		}
		p, err := s.readOn(ctx)
		<-s.feed.hub.reading
		if err != nil {
			s.feed.hub.config.Logger.Warn("the log could not be read for a viewer", "error", err)
			s.printf("retry: %d\n\n", comeBack())
			return false, s.flush()
		}
		if more, err := s.write(p); err != nil || !more {
			return more, err
		}
	}
	return true, nil
}

// readOn reads a piece of the log and what of it concerns the viewer.
func (s *stream) readOn(ctx context.Context) (parcel, error) {
	hub := s.feed.hub
	p := s.take()
	events, err := ledger.Events(ctx, hub.config.Pool, s.feed.jurisdiction, p.pos, batch)
	if err != nil {
		return p, err
	}
	touches, err := touchesOf(events)
	if err != nil {
		return p, err
	}
	spans := spansOf(touches)
	sights, err := hub.see(ctx, s.feed.jurisdiction, spans)
	if err != nil {
		return p, err
	}
	for _, one := range spans {
		if seen, ok := sights[one.id]; ok {
			if told := s.told(one, seen); told != nil {
				p.frames = append(p.frames, told)
			}
		}
	}
	if len(events) > 0 {
		p.pos = events[len(events)-1].Pos
	}
	s.mu.Lock()
	s.pos = p.pos
	s.mu.Unlock()
	return p, nil
}

// place sets where the stream begins: after the last event that the viewer had, where that
// is in reach, else where the log stands.
func (v *Viewer) place(ctx context.Context, lastEventID string) error {
	epoch, reached := v.feed.reached()
	v.from, v.pos = epoch, reached
	if lastEventID == "" {
		return nil
	}
	why, pos, err := v.feed.resumable(ctx, lastEventID, epoch, reached)
	if err != nil {
		return err
	}
	if why == "" {
		v.pos = pos
		return nil
	}
	v.start, v.why = "reset", why
	v.feed.hub.metrics.resets.WithLabelValues(why).Inc()
	return nil
}

// resumable reads the id of an event and says why nobody can go on from it, "" where they can.
func (f *feed) resumable(ctx context.Context, id, epoch string, reached int64) (why string, pos int64, err error) {
	of, pos, ok := parseID(id)
	switch {
	case !ok:
		return "unknown", 0, nil
	case of != epoch:
		return "epoch", 0, nil
	case pos < reached-f.hub.config.Behind:
		return "too_far", 0, nil
	case pos > reached:
		// Another node may be ahead of this one; nobody is ahead of the log.
		head, _, err := ledger.Head(ctx, f.hub.config.Pool, f.jurisdiction)
		if err != nil || pos > head {
			return "unknown", 0, err
		}
		return "", reached, nil
	}
	next, err := ledger.Events(ctx, f.hub.config.Pool, f.jurisdiction, pos, 1)
	if err != nil {
		return "", 0, err
	}
	if len(next) > 0 && time.Since(next[0].At) > f.hub.config.Age {
		return "too_old", 0, nil
	}
	return "", pos, nil
}

// parseID reads "epoch.pos".
func parseID(id string) (epoch string, pos int64, ok bool) {
	const length = 36
	if len(id) < length+2 || len(id) > length+20 || id[length] != '.' {
		return "", 0, false
	}
	if _, err := uuid.Parse(id[:length]); err != nil {
		return "", 0, false
	}
	for _, c := range id[length+1:] {
		if c < '0' || c > '9' || pos > (1<<62)/10 {
			return "", 0, false
		}
		pos = pos*10 + int64(c-'0')
	}
	return id[:length], pos, true
}
