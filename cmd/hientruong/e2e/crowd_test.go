// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// crowd is how many phones a carrier may put behind one address, and who calls at once.
const (
	crowd      = 5000
	crowdShort = 500
	callers    = 32
)

// Thousands of phones behind one address are thousands of phones: none pays for another,
// and who sends too much is held up alone, but never when calling for rescue.
func TestCrowdBehindOneAddress(t *testing.T) {
	timed(t)
	c := fresh(t)
	edge := freeAddress(t)
	c.start(edge, "serve")
	phones := newPhones(t, edge)
	n := crowd
	if testing.Short() {
		n = crowdShort
	}
	began := time.Now()
	wrong := everybody(t.Context(), n, func(ctx context.Context) answer {
		p, a := phones.signIn(ctx)
		if a.status != http.StatusOK {
			return a
		}
		key := uuid.New()
		return p.report(ctx, key, describe(key))
	})
	for status, count := range wrong {
		t.Errorf("%d of %d phones were answered %d", count, n, status)
	}
	t.Logf("%d phones signed in and reported in %v", n, time.Since(began).Round(time.Millisecond))
	if reports := one[int](t, c.open(), "SELECT count(*)::int FROM reports"); reports != n {
		t.Errorf("%d reports, want %d", reports, n)
	}
	eager := phones.mustSignIn(t)
	limit(t, eager)
	calm := phones.mustSignIn(t)
	key := uuid.New()
	if a := calm.report(t.Context(), key, describe(key)); a.status != http.StatusCreated {
		t.Errorf("another phone was answered %v", a)
	}
	rescue := map[string]any{"sos": map[string]any{"people": 3, "water_level": "mái nhà", "callback": "0912 345 678"}, "location": somewhere()}
	if a := eager.report(t.Context(), uuid.New(), rescue); a.status != http.StatusCreated {
		t.Errorf("a call for rescue from the phone that was held up was answered %v", a)
	}
}

// limit sends until the phone is told to wait, and how long.
func limit(t *testing.T, p *phone) {
	t.Helper()
	for sent := range 50 {
		key := uuid.New()
		a := p.report(t.Context(), key, describe(key))
		if a.status == http.StatusCreated {
			continue
		}
		seconds, err := strconv.Atoi(a.after)
		if a.status != http.StatusTooManyRequests || err != nil || seconds < 1 || seconds > 60 || sent < 5 {
			t.Errorf("after %d reports the phone was answered %v, Retry-After %q", sent, a, a.after)
		}
		return
	}
	t.Error("one phone sent 50 reports in a moment, and was never told to wait")
}

// everybody lets n phones do something, some at once, and counts what was not a 201.
func everybody(ctx context.Context, n int, do func(context.Context) answer) map[int]int {
	var next atomic.Int64
	var mu sync.Mutex
	var all sync.WaitGroup
	wrong := map[int]int{}
	for range callers {
		all.Go(func() {
			for next.Add(1) <= int64(n) {
				if a := do(ctx); a.status != http.StatusCreated {
					mu.Lock()
					wrong[a.status]++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	return wrong
}
