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

// The lanes, and what they are keyed by. Never by an address alone: a carrier puts
// thousands of phones behind one.
const (
	LaneRequest Lane = "request" // any call, by device
	LaneSubmit  Lane = "submit"  // reports, by device or phone index
	LaneSOS     Lane = "sos"     // calls for rescue, by device; LaneSubmit does not hold them up
	LanePhoto   Lane = "photo"   // uploads, by device
	LaneSignIn  Lane = "sign_in" // a device's sign-ins, by device
	LaneOTPSend Lane = "otp"     // codes sent, by phone index
	LaneLogin   Lane = "login"   // passwords, by login
	LaneTrack   Lane = "track"   // the last four digits, by report code
)

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
	used  list.List // of *tries, the latest first
}

type tries struct {
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
// CodeRateLimited, CodeTooManyTries in LaneLogin and LaneTrack, with the time after
// which the next try passes.
func (l *Limiter) Take(name Lane, key string) error {
	lane, ok := l.lanes[name]
	if !ok {
		return nil
	}
	wait := lane.take(maphash.String(l.seed, key), l.now(), l.keys)
	switch {
	case wait <= 0:
		return nil
	case name == LaneLogin || name == LaneTrack:
		return models.E(models.CodeTooManyTries).Retry(wait)
	default:
		return models.E(models.CodeRateLimited).Retry(wait)
	}
}

// Forget gives a key all its tries back.
func (l *Limiter) Forget(name Lane, key string) {
	lane, ok := l.lanes[name]
	if !ok {
		return
	}
	lane.mu.Lock()
	defer lane.mu.Unlock()
	if e, ok := lane.byKey[maphash.String(l.seed, key)]; ok {
		lane.drop(e)
	}
}

// take is the generic cell rate algorithm: one time a key says all.
func (l *lane) take(key uint64, now time.Time, most int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[key]
	if !ok {
		if len(l.byKey) >= most {
			l.drop(l.used.Back())
		}
		e = l.used.PushFront(&tries{key: key, full: now})
		l.byKey[key] = e
	}
	t := e.Value.(*tries)
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

func (l *lane) drop(e *list.Element) {
	l.used.Remove(e)
	delete(l.byKey, e.Value.(*tries).key)
}
