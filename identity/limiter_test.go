// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hientruong/identity"
	"hientruong/models"
)

func TestLimiterCountsAndWaits(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Unix(0, 0)}
	l := identity.NewLimiter(map[identity.Lane]identity.Rate{identity.LaneSubmit: {Burst: 3, Per: time.Minute}, identity.LaneLogin: {Burst: 1, Per: time.Minute}}, c.Now)
	for i := range 3 {
		wantCode(t, fmt.Sprintf("try %d", i), l.Take(identity.LaneSubmit, "phone"), "")
	}
	err := l.Take(identity.LaneSubmit, "phone")
	var e *models.Error
	if !errors.As(err, &e) || e.Code != models.CodeRateLimited || e.RetryAfter != time.Minute {
		t.Fatalf("fourth try: %v", err)
	}
	wantCode(t, "another phone", l.Take(identity.LaneSubmit, "other"), "")
	c.pass(e.RetryAfter - 1)
	wantCode(t, "a moment too soon", l.Take(identity.LaneSubmit, "phone"), models.CodeRateLimited)
	c.pass(1)
	wantCode(t, "after Retry-After", l.Take(identity.LaneSubmit, "phone"), "")
	wantCode(t, "and once only", l.Take(identity.LaneSubmit, "phone"), models.CodeRateLimited)
	l.Forget(identity.LaneSubmit, "phone")
	wantCode(t, "forgotten", l.Take(identity.LaneSubmit, "phone"), "")
	wantCode(t, "login", l.Take(identity.LaneLogin, "hoa"), "")
	wantCode(t, "login again", l.Take(identity.LaneLogin, "hoa"), models.CodeTooManyTries)
	wantCode(t, "a lane without a rate", l.Take(identity.LanePhoto, "phone"), "")
}

// A try that is counted in several lanes is counted in all of them or, where one is used
// up, in none; given back, it was never made.
func TestLimiterTakesAllOrNone(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Unix(0, 0)}
	l := identity.NewLimiter(map[identity.Lane]identity.Rate{
		identity.LaneTrack: {Burst: 2, Per: time.Minute}, identity.LaneTrackCaller: {Burst: 3, Per: time.Hour},
	}, c.Now)
	code := func(key string) identity.Try { return identity.Try{Lane: identity.LaneTrack, Key: key} }
	caller := identity.Try{Lane: identity.LaneTrackCaller, Key: "caller"}
	wantCode(t, "one", l.TakeAll(code("a"), caller), "")
	wantCode(t, "two", l.TakeAll(code("a"), caller), "")
	err := l.TakeAll(caller, code("a"))
	var e *models.Error
	if !errors.As(err, &e) || e.Code != models.CodeTooManyTries || e.RetryAfter != time.Minute {
		t.Fatalf("a third: %v", err)
	}
	wantCode(t, "the caller's third", l.TakeAll(caller, code("b")), "")
	wantCode(t, "the caller's fourth", l.TakeAll(code("b"), caller), models.CodeTooManyTries)
	wantCode(t, "what was left of it", l.TakeAll(code("b")), "")
	wantCode(t, "and no more", l.TakeAll(code("b")), models.CodeTooManyTries)
	l.GiveBack(code("b"), caller, code("unknown"))
	wantCode(t, "what was given back", l.TakeAll(code("b"), caller), "")
	wantCode(t, "once", l.TakeAll(code("b")), models.CodeTooManyTries)
	c.pass(24 * time.Hour)
	l.GiveBack(code("b"), code("b"))
	for range 2 {
		wantCode(t, "after a day", l.TakeAll(code("b")), "")
	}
	wantCode(t, "no more than there ever were", l.TakeAll(code("b")), models.CodeTooManyTries)
}

func TestLimiterTrusts(t *testing.T) {
	t.Parallel()
	l := identity.NewLimiter(map[identity.Lane]identity.Rate{identity.LaneLoginKnown: {Burst: 1, Per: time.Minute}}, (&clock{}).Now)
	hoa := identity.Try{Lane: identity.LaneLoginKnown, Key: "hoa"}
	if l.Trusted(hoa) {
		t.Error("trusted before")
	}
	l.Trust(hoa)
	wantCode(t, "first", l.TakeAll(hoa), "")
	wantCode(t, "second", l.TakeAll(hoa), models.CodeTooManyTries)
	if !l.Trusted(hoa) || l.Trusted(identity.Try{Lane: identity.LaneLoginKnown, Key: "lan"}) || l.Trusted(identity.Try{Lane: identity.LaneLogin, Key: "hoa"}) {
		t.Error("not exactly who was right is trusted")
	}
	l.Trust(hoa)
	wantCode(t, "right again", l.TakeAll(hoa), "")
}

func TestLimiterNeverGivesMoreThanItsRate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rate := identity.Rate{Burst: rapid.IntRange(1, 9).Draw(t, "burst"), Per: time.Duration(rapid.IntRange(1, 90).Draw(t, "per")) * time.Second}
		c := &clock{now: time.Unix(0, 0)}
		l := identity.NewLimiter(map[identity.Lane]identity.Rate{identity.LaneSOS: rate}, c.Now)
		passed := 0
		var spent time.Duration
		for _, wait := range rapid.SliceOfN(rapid.IntRange(0, 100), 1, 60).Draw(t, "waits") {
			c.pass(time.Duration(wait) * time.Second)
			spent += time.Duration(wait) * time.Second
			if l.Take(identity.LaneSOS, "k") == nil {
				passed++
			}
		}
		if most := rate.Burst + int(spent/rate.Per); passed > most {
			t.Fatalf("%d passed in %v, at most %d should", passed, spent, most)
		}
	})
}

func TestManyDevicesBehindOneAddress(t *testing.T) {
	t.Parallel()
	l := identity.NewLimiter(identity.Rates(), nil)
	for range 5000 {
		device := uuid.NewString()
		for _, lane := range []identity.Lane{identity.LaneRequest, identity.LaneSignIn, identity.LaneSubmit, identity.LaneSOS} {
			wantCode(t, string(lane), l.Take(lane, device), "")
		}
	}
}

func TestSOSHasItsOwnLane(t *testing.T) {
	t.Parallel()
	l := identity.NewLimiter(identity.Rates(), (&clock{}).Now)
	var limited error
	for range 100 {
		limited = l.Take(identity.LaneSubmit, "phone")
	}
	wantCode(t, "reports", limited, models.CodeRateLimited)
	for range 100 {
		wantCode(t, "rescue", l.Take(identity.LaneSOS, "phone"), "")
	}
}

func TestLimiterForgetsTheLongestUnused(t *testing.T) {
	t.Parallel()
	l := identity.NewLimiter(map[identity.Lane]identity.Rate{identity.LaneTrack: {Burst: 1, Per: time.Hour}}, (&clock{}).Now)
	wantCode(t, "first", l.Take(identity.LaneTrack, "busy"), "")
	for i := range 99_999 {
		wantCode(t, "flood", l.Take(identity.LaneTrack, fmt.Sprint(i)), "")
	}
	wantCode(t, "still known", l.Take(identity.LaneTrack, "busy"), models.CodeTooManyTries)
	wantCode(t, "one more", l.Take(identity.LaneTrack, "more"), "")
	wantCode(t, "used just before", l.Take(identity.LaneTrack, "busy"), models.CodeTooManyTries)
	wantCode(t, "longest unused", l.Take(identity.LaneTrack, "0"), "")
}
