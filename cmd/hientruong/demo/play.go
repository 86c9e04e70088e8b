// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"hientruong/workflow/pack"
)

// Play is a living city, played over HTTP by its citizens and officers.
type Play struct {
	URL      string // of the server, without a slash at the end
	Accounts []Account
	Pack     *pack.Pack // of the city that the server has
	Seed     uint64
	Rate     float64       // reports a minute
	For      time.Duration // lives are as quick as fits into it
	Show     bool          // play one of each thing worth seeing, at most For, instead of chance
	Out      io.Writer     // for a line now and then; nil for none
}

// game is a play under way.
type game struct {
	Play
	city    *City
	cast    *cast
	client  *client
	summary *Summary
	dice    *rand.Rand // of the arrivals
	over    chan struct{}
	lives   sync.WaitGroup
}

// The bounds of a play.
const (
	callsAtOnce = 16
	lastArrival = 0.8 // of the time; those who come last have the rest
	longestCall = 60 * time.Second
	tellEvery   = 3 * time.Second
)

// Run plays until the time is up or ctx ends, and returns what happened. An error is one
// of beginning: no server, or one that is no demo. What went wrong later is among the
// summary's problems.
func (p Play) Run(ctx context.Context) (*Summary, error) {
	city, err := NewCity(p.Pack, p.Seed)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: callsAtOnce, IdleConnTimeout: 30 * time.Second}
	defer transport.CloseIdleConnections()
	g := &game{Play: p, city: city, summary: newSummary(), dice: newDice(p.Seed, 6), over: make(chan struct{})}
	g.client = &client{
		base: p.URL, http: &http.Client{Transport: transport, Timeout: longestCall}, slots: make(chan struct{}, callsAtOnce),
		over: g.over, summary: g.summary,
	}
	g.cast = newCast(g.client, p.Accounts)
	if err := g.fits(ctx); err != nil {
		return nil, err
	}
	if p.Show {
		if err := g.show(ctx); err != nil {
			return nil, err
		}
		return g.summary, ctx.Err()
	}
	g.open(ctx)
	return g.summary, ctx.Err()
}

// fits checks that the server has this city.
func (g *game) fits(ctx context.Context) error {
	var config struct {
		Jurisdiction struct {
			Code string `json:"code"`
		} `json:"jurisdiction"`
	}
	_, _, err := g.client.once(ctx, request{method: http.MethodGet, path: "/api/v1/config"}, "", &config)
	if err != nil {
		return fmt.Errorf("demo: %s cannot be played on: %w", g.URL, err)
	}
	if config.Jurisdiction.Code != g.Pack.ID() {
		return fmt.Errorf("demo: %s is not the demo city", g.URL)
	}
	return nil
}

// open lets citizens come until the time is up, and waits for who is still busy.
func (g *game) open(ctx context.Context) {
	started := time.Now()
	told := make(chan struct{})
	go func() {
		defer close(told)
		g.tell(ctx, started)
	}()
	last := time.Duration(float64(g.For) * lastArrival)
	for g.client.rest(ctx, g.nextArrival()) && time.Since(started) < last {
		g.lives.Go(func() { g.live(ctx) })
	}
	g.client.rest(ctx, g.For-time.Since(started))
	close(g.over)
	g.lives.Wait()
	<-told
}

func (g *game) nextArrival() time.Duration {
	return time.Duration(g.dice.ExpFloat64() / g.Rate * float64(time.Minute))
}

// tell says now and then how it goes.
func (g *game) tell(ctx context.Context, started time.Time) {
	for g.client.rest(ctx, tellEvery) {
		if g.Out == nil {
			continue
		}
		_, wrong := g.summary.Problems()
		var line string
		for _, one := range [...]struct{ name, states string }{
			{"received", "submitted verifying needs_info"}, {"working", "accepted assigned in_progress scheduled resolved"}, {"answered", "published"},
			{"ended", "closed rejected duplicate transferred withdrawn"},
		} {
			line += fmt.Sprintf(", %s %d", one.name, g.summary.count(one.states))
		}
		_, _ = fmt.Fprintf(g.Out, "%6s of %s: %d reports%s, problems %d\n", time.Since(started).Round(time.Second), g.For, g.summary.Reports(), line, wrong)
	}
}

// live is one report's life, from the phone to its end.
func (g *game) live(ctx context.Context) {
	l := g.city.birth(newRhythm(g.Pack, 0).at(time.Now()))
	if chance(l.dice, 0.05) {
		g.blunder(ctx, l)
		return
	}
	f := &life{Life: l, phone: g.cast.phone(l.who)}
	if err := g.file(ctx, f); err != nil {
		g.failed("report of "+l.filedAs, err)
		return
	}
	if l.fate.repeats == nil {
		g.city.remember(l)
	}
	if l.fate.share > 1 {
		l.hasten()
	}
	g.goThrough(ctx, f)
}

// hasten says on the way what is said to a unit that is late: nobody waits days here.
func (l *Life) hasten() {
	for s, ok := l.nextHaste(); ok; s, ok = l.nextHaste() {
		l.later(s, "in_progress")
	}
}

// goThrough takes one step after another, to the end.
func (g *game) goThrough(ctx context.Context, f *life) {
	l := f.Life
	for {
		s, ok := l.next(g.city.words)
		if !ok || !g.client.rest(ctx, g.tempo(s, l.dice)) {
			return
		}
		if err := g.take(ctx, f, s); err != nil {
			g.failed(fmt.Sprintf("%s of %s (%s) by %s", s.name, l.id, l.state, s.by), err)
			return
		}
	}
}

// failed notes what should not have been. Faults of the server have been noted already.
func (g *game) failed(what string, err error) {
	var refused *refusedError
	switch {
	case errors.Is(err, errOver), errors.Is(err, context.Canceled):
	case errors.As(err, &refused) && refused.status >= http.StatusInternalServerError:
	default:
		g.summary.problem("%s: %v", what, err)
	}
}

// tempo is how long a step takes in the play: a whole life of some ten steps is to be
// seen within its time.
func (g *game) tempo(s step, dice *rand.Rand) time.Duration {
	if g.Show {
		return showBeat
	}
	beat := min(g.For/40, 15*time.Second)
	switch {
	case s.ofDue > 0:
		beat *= 2
	case s.aside:
		beat /= 3
	}
	return time.Duration((0.3 + 0.7*dice.ExpFloat64()) * float64(beat))
}
