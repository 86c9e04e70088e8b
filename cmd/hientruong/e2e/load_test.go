// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// load is people who report without pause, and do not give up: whatever goes wrong, the
// same report is sent again with the same key.
type load struct {
	phones *phones
	pause  time.Duration // between two reports of one person
	people sync.WaitGroup
	stop   context.CancelFunc

	mu       sync.Mutex
	answered map[uuid.UUID]uuid.UUID // key → report, of each 201
	tried    map[uuid.UUID]bool      // every key that was ever sent
	again    int                     // tries after the first
	replayed int
	odd      []string // answers that nobody should get
}

// reportsOfPhone is well under what the limiter lets one send, tries included.
const reportsOfPhone = 4

// newLoad starts so many people.
func newLoad(tb testing.TB, phones *phones, people int, pause time.Duration) *load {
	ctx, stop := context.WithCancel(context.Background())
	l := &load{phones: phones, pause: pause, stop: stop, answered: map[uuid.UUID]uuid.UUID{}, tried: map[uuid.UUID]bool{}}
	for range people {
		l.people.Go(func() { l.live(ctx) })
	}
	tb.Cleanup(l.end)
	return l
}

// end lets everybody finish the report that is under way.
func (l *load) end() {
	l.stop()
	l.people.Wait()
}

// live is one person's day, each few reports with another phone. Where the limiter holds
// a phone up, for every try counts, the next one takes over.
func (l *load) live(ctx context.Context) {
	for ctx.Err() == nil {
		p := l.getPhone(ctx)
		for range reportsOfPhone {
			if p == nil || ctx.Err() != nil || !l.file(p) {
				break
			}
			wait(ctx, l.pause)
		}
	}
}

// getPhone signs in until it works; nil when the day is over.
func (l *load) getPhone(ctx context.Context) *phone {
	for ctx.Err() == nil {
		p, a := l.phones.signIn(ctx)
		if a.status == http.StatusOK {
			for range 50 {
				if a = p.register(ctx); a.status == http.StatusNoContent {
					return p
				}
				l.judge(ctx, "registering", a)
				wait(ctx, 100*time.Millisecond)
			}
		}
		l.judge(ctx, "signing in", a)
		wait(ctx, 100*time.Millisecond)
	}
	return nil
}

// judge remembers answers that no outage explains.
func (l *load) judge(ctx context.Context, doing string, a answer) {
	switch {
	case ctx.Err() != nil, a.status == 0, a.status == http.StatusServiceUnavailable, a.status == http.StatusGatewayTimeout:
	default:
		l.mu.Lock()
		defer l.mu.Unlock()
		l.odd = append(l.odd, doing+": "+a.String())
	}
}

// file sends one report until it is answered, and one in eight once more. It does not end
// with the day: a report that was begun is brought to its end, within half a minute.
func (l *load) file(p *phone) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	key := uuid.New()
	what := describe(key)
	l.remember(key, 0, answer{})
	for try := 0; ctx.Err() == nil; try++ {
		a := p.report(ctx, key, what)
		l.remember(key, try, a)
		switch a.status {
		case http.StatusCreated:
			if key[0]%8 == 0 {
				l.remember(key, try+1, p.report(ctx, key, what))
			}
			return true
		case http.StatusTooManyRequests:
			return false
		}
		l.judge(ctx, "reporting", a)
		wait(ctx, min(800*time.Millisecond, 50*time.Millisecond<<min(try, 4)))
	}
	return false
}

func (l *load) remember(key uuid.UUID, try int, a answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tried[key] = true
	if try > 0 {
		l.again++
	}
	if a.status != http.StatusCreated {
		return
	}
	if a.replayed {
		l.replayed++
	}
	id := a.reportID()
	if before, ok := l.answered[key]; id == uuid.Nil || ok && before != id {
		l.odd = append(l.odd, "key "+key.String()+" was answered with "+before.String()+" and then with "+a.String())
		return
	}
	l.answered[key] = id
}

// count is how many reports were answered 201 so far.
func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.answered)
}

// result is what the people know when they have ended.
func (l *load) result() (answered map[uuid.UUID]uuid.UUID, tried map[uuid.UUID]bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.answered), maps.Clone(l.tried)
}

// grow waits until some more reports were answered.
func (l *load) grow(tb testing.TB, by int) {
	tb.Helper()
	from := l.count()
	eventually(tb, "reports go on", 30*time.Second, func() bool { return l.count() >= from+by })
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
