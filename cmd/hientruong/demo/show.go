// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"hientruong/models"
)

// showBeat is the time between two steps of a show.
const showBeat = 400 * time.Millisecond

// show plays a life for each thing worth seeing that does not take days, all at once.
func (g *game) show(ctx context.Context) error {
	lives, err := g.city.staged()
	if err != nil {
		return err
	}
	for i, l := range lives {
		if l.fate.repeats != nil {
			l.fate.repeats.id = lives[i-1].id
		}
		f := &life{Life: l, phone: g.cast.phone(l.who)}
		if err := g.file(ctx, f); err != nil { // one after another: one may repeat another
			return fmt.Errorf("demo: report of %s: %w", l.filedAs, err)
		}
		g.lives.Go(func() { g.goThrough(ctx, f) })
	}
	ended := make(chan struct{})
	go func() {
		g.lives.Wait()
		close(ended)
	}()
	timer := time.NewTimer(g.For)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		g.summary.problem("the show was not over after %s", g.For)
	case <-ctx.Done():
	}
	close(g.over)
	<-ended
	return nil
}

// acts are the lives of a show: of which category each is, and what becomes of it.
var acts = []struct {
	category string
	direct   func(c *City, l *Life)
}{
	{"o-ga", func(c *City, l *Life) {
		l.fate.second, l.pictures = c.kindOf("den-duong"), 2
		l.write(c)
		l.splitsOff()
		l.noted(models.RoleOperator, c.words, "verifying")
	}},
	{"via-he-hong", func(c *City, l *Life) {
		l.fate.returned = true
		l.movedOn(c.words)
		l.handed(c.words)
	}},
	{"bien-bao", func(c *City, l *Life) {
		l.fate.asked, l.fate.answers = true, true
		l.talked(c.words)
	}},
	{"cau-hong", func(c *City, l *Life) {
		l.fate.scheduled, l.fate.reworked, l.fate.template = true, true, true
		l.handed(c.words)
		l.extended(c.words)
		l.noted(models.RoleCoordinator, c.words, "in_progress")
	}},
	{"xe-buyt", func(c *City, l *Life) {
		l.urged(models.RoleLeader, c.words)
		l.directed(c.words)
		l.hasten()
	}},
	{"thung-rac-hong", func(_ *City, l *Life) { l.fate.level, l.fate.reopens = models.LevelUnsatisfied, true }},
	{"do-xe-sai", func(c *City, l *Life) {
		i := slices.IndexFunc(c.words.Rejected, func(r refusal) bool { return r.Reason == "khong-du-thong-tin" })
		l.fate.refused, l.fate.appeals = &c.words.Rejected[max(i, 0)], true
		l.write(c)
	}},
	{"sat-lo", func(_ *City, l *Life) { l.parts = []float64{doesPart / 2, refusesPart / 2} }},
	{"khoi-bui", func(c *City, l *Life) { l.hidden(c.words) }},
	{"sos", func(_ *City, l *Life) { l.parts = []float64{doesPart / 2, doesPart / 2} }},
	{"tieng-on", func(_ *City, l *Life) { l.fate.level = models.LevelSatisfied }},
}

// staged are the lives of a show, in the order in which they are filed: what repeats
// another comes right after it.
func (c *City) staged() ([]*Life, error) {
	var lives []*Life
	for _, a := range acts {
		l, err := c.stage(a.category)
		if err != nil {
			return nil, err
		}
		a.direct(c, l)
		lives = append(lives, l)
	}
	last, err := c.stage("rac-ton-dong")
	if err != nil {
		return nil, err
	}
	again, err := c.stage("rac-ton-dong")
	if err != nil {
		return nil, err
	}
	again.repeat(original{category: last.kind.Category, spot: last.spot})
	again.fate.lateMerge = true
	again.write(c)
	again.joined(c, stepMeToo, stepFollow, stepMeToo)
	again.mergesLate()
	return append(lives, last, again), nil
}

// stage is a life whose fate is a plain one.
func (c *City) stage(category string) (*Life, error) {
	k := c.kindOf(category)
	if k == nil {
		return nil, fmt.Errorf("demo: nobody here speaks of %s", category)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &Life{dice: newDice(c.dice.Uint64(), 4), kind: *k, filedAs: category, contact: true, pictures: 1}
	l.who, l.spot, l.picture = c.somebody(l.dice), c.somewhere(l.dice), l.dice.Uint64()
	l.fate = fate{outcome: models.OutcomeFixed, share: 0.5}
	l.values = fillIn(k.Attributes, l.dice)
	l.write(c)
	return l, nil
}

// kindOf is what people here call a category; nil where they have no words for it.
func (c *City) kindOf(category string) *kind {
	i := slices.IndexFunc(c.kinds, func(k kind) bool { return k.Code == category })
	if i < 0 {
		return nil
	}
	return &c.kinds[i]
}

// somebody draws one of those who have signed their phone in.
func (c *City) somebody(dice *rand.Rand) *citizen {
	for {
		if who := &c.people[dice.IntN(len(c.people))]; !who.guest {
			return who
		}
	}
}
