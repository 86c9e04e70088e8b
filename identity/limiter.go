// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"container/list"
	"hash/maphash"
	"sync"
	"time"

	"hientruong/models"
)

// Lane is a kind of try that is counted by itself.
type Lane string

// The lanes, and what they are keyed by. Hardly ever by an address: a carrier puts
// thousands of phones behind one. The one that is counts failures, is wide, and is not
// asked about anybody who proved more than an address.
const (
	LaneRequest Lane = "request" // any call, by device
	LaneSubmit  Lane = "submit"  // reports, by device or phone index
	LaneSOS     Lane = "sos"     // calls for rescue, by device; LaneSubmit does not hold them up
	LanePhoto   Lane = "photo"   // uploads, by device
	LaneSignIn  Lane = "sign_in" // a device's sign-ins, by device
	LaneOTPSend Lane = "otp"     // codes sent, by phone index
	LaneLogin   Lane = "login"   // passwords, by login
	LaneTrack   Lane = "track"   // wrong digits of a phone, by report code

	// Those who were right before: what strangers try does not hold them up.
	LaneLoginKnown Lane = "login_known" // passwords, by login and installation
	LaneTrackKnown Lane = "track_known" // wrong digits, by report code and caller

	LaneTrackCaller  Lane = "track_caller"  // wrong digits, by device, person or installation
	LaneTrackAddress Lane = "track_address" // wrong digits of strangers, by network
)

// guesses are the lanes in which somebody tries to find a secret.
func (n Lane) guesses() bool {
	switch n {
	case LaneLogin, LaneLoginKnown, LaneTrack, LaneTrackKnown, LaneTrackCaller, LaneTrackAddress:
		return true
	default:
		return false
	}
}

// Rate allows Burst tries at once and gives one back every Per.
type Rate struct {
	Burst int
	Per   time.Duration
}

// Rates returns the rates that hold where nothing else is set.
func Rates() map[Lane]Rate {
	return map[Lane]Rate{
		LaneRequest: {Burst: 120, Per: 250 * time.Millisecond},
		LaneSubmit:  {Burst: 10, Per: time.Minute},
		LaneSOS:     {Burst: 120, Per: time.Second},
		LanePhoto:   {Burst: 60, Per: 10 * time.Second},
		LaneSignIn:  {Burst: 20, Per: 10 * time.Second},
		LaneOTPSend: {Burst: 8, Per: 3 * time.Hour},
		LaneLogin:   {Burst: 5, Per: time.Minute},
		LaneTrack:   {Burst: 5, Per: 12 * time.Minute},

		LaneLoginKnown:   {Burst: 5, Per: time.Minute},
		LaneTrackKnown:   {Burst: 5, Per: 12 * time.Minute},
		LaneTrackCaller:  {Burst: 20, Per: 3 * time.Minute},
		LaneTrackAddress: {Burst: 100, Per: 6 * time.Second},
	}
}

// maxKeys bounds what a lane remembers: about 10 MB. The key that was used longest ago
// is forgotten first, so a flood of new keys can only free those who wait.
const maxKeys = 100_000

// Limiter bounds how often something may be tried, in this process's memory: behind N
// nodes somebody gets up to N times as many tries. What must hold across nodes, as the
// tries at one phone code, is counted in the database. It is safe for concurrent use.
type Limiter struct {
	lanes map[Lane]*lane
	seed  maphash.Seed
	now   func() time.Time
	keys  int
}

// lane keeps for each key the time at which it has all its tries back.
type lane struct {
	mu    sync.Mutex
	rate  Rate
	byKey map[uint64]*list.Element
	used  list.List // of *entry, the latest first
}

type entry struct {
	key  uint64
	full time.Time
}

// NewLimiter makes a limiter with a rate for each lane; a lane without one lets
// everything pass. now is time.Now where nil.
func NewLimiter(rates map[Lane]Rate, now func() time.Time) *Limiter {
	if now == nil {
		now = time.Now
	}
	l := &Limiter{lanes: make(map[Lane]*lane, len(rates)), seed: maphash.MakeSeed(), now: now, keys: maxKeys}
	for name, rate := range rates {
		l.lanes[name] = &lane{rate: rate, byKey: map[uint64]*list.Element{}}
	}
	return l
}

// Take counts a try. When there are too many it counts nothing and returns
// CodeRateLimited, CodeTooManyTries where secrets are guessed, with the time after which
// the next try passes.
func (l *Limiter) Take(name Lane, key string) error {
	lane, ok := l.lanes[name]
	if !ok {
		return nil
	}
	wait := lane.take(maphash.String(l.seed, key), l.now(), l.keys)
	switch {
	case wait <= 0:
		return nil
	case name.guesses():
		return models.E(models.CodeTooManyTries).Retry(wait)
	default:
		return models.E(models.CodeRateLimited).Retry(wait)
	}
}

// Try is a key in the lane in which its tries are counted.
type Try struct {
	Lane Lane
	Key  string
}

// TakeAll counts a try in several lanes or, where there are too many in one of them, in
// none. Errors: those of Take.
func (l *Limiter) TakeAll(tries ...Try) error {
	for i, t := range tries {
		if err := l.Take(t.Lane, t.Key); err != nil {
			l.GiveBack(tries[:i]...)
			return err
		}
	}
	return nil
}

// GiveBack takes back that tries were counted, because they were none. What counts
// failures takes before it looks and gives back after it: were failures counted when they
// are known, any number of them could be made at once.
func (l *Limiter) GiveBack(tries ...Try) {
	for _, t := range tries {
		l.change(t.Lane, t.Key, func(lane *lane, e *list.Element) {
			if e != nil {
				entry := e.Value.(*entry)
				entry.full = entry.full.Add(-lane.rate.Per)
			}
		})
	}
}

// Forget gives a key all its tries back.
func (l *Limiter) Forget(name Lane, key string) {
	l.change(name, key, func(lane *lane, e *list.Element) {
		if e != nil {
			lane.drop(e)
		}
	})
}

// Trust notes that whoever the key stands for was right, and gives it all its tries.
func (l *Limiter) Trust(t Try) {
	now := l.now()
	l.change(t.Lane, t.Key, func(lane *lane, e *list.Element) {
		if e == nil {
			e = lane.add(maphash.String(l.seed, t.Key), now, l.keys)
		}
		e.Value.(*entry).full = now
		lane.used.MoveToFront(e)
	})
}

// Trusted says whether whoever the key stands for was right before, as far as that is
// remembered.
func (l *Limiter) Trusted(t Try) bool {
	known := false
	l.change(t.Lane, t.Key, func(_ *lane, e *list.Element) { known = e != nil })
	return known
}

// change calls do with the lane, locked, and its element of the key, nil without one. It
// does nothing for a lane without a rate.
func (l *Limiter) change(name Lane, key string, do func(lane *lane, e *list.Element)) {
	lane, ok := l.lanes[name]
	if !ok {
		return
	}
	lane.mu.Lock()
	defer lane.mu.Unlock()
	do(lane, lane.byKey[maphash.String(l.seed, key)])
}

// take is the generic cell rate algorithm: one time a key says all.
func (l *lane) take(key uint64, now time.Time, most int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[key]
	if !ok {
		e = l.add(key, now, most)
	}
	t := e.Value.(*entry)
	full := t.full
	if full.Before(now) {
		full = now
	}
	full = full.Add(l.rate.Per)
	l.used.MoveToFront(e)
	if wait := full.Sub(now) - time.Duration(l.rate.Burst)*l.rate.Per; wait > 0 {
		return wait
	}
	t.full = full
	return 0
}

// add makes a key known, with all its tries.
func (l *lane) add(key uint64, now time.Time, most int) *list.Element {
	if len(l.byKey) >= most {
		l.drop(l.used.Back())
	}
	e := l.used.PushFront(&entry{key: key, full: now})
	l.byKey[key] = e
	return e
}

func (l *lane) drop(e *list.Element) {
	l.used.Remove(e)
	delete(l.byKey, e.Value.(*entry).key)
}
