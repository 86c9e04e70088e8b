// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/photos"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// History lives through days gone by: the same lives, written by the same ledger, at the
// times at which they would have happened. Its origin is demo, and its phones are nobody's,
// so that nothing is pushed. All but Out must be set.
type History struct {
	Pool         *pgxpool.Pool
	Packs        *pack.Store
	Jurisdiction int32
	Keys         *identity.KeyRing
	Studio       *photos.Studio
	Staff        []models.Actor // who works in the city, with units and roles
	Seed         uint64
	Until        time.Time // the end of the last day; nothing happens after it
	Days         int
	PerDay       float64 // reports
	Photos       float64 // the share of reports that come with pictures
	Out          io.Writer
}

// dossier is a life with what the ledger says of its report.
type dossier struct {
	*Life
	actor     models.Actor // of its reporter
	report    models.Report
	deadlines map[uuid.UUID]models.Deadline
	tasks     map[string]models.Task // by unit
	photos    []uuid.UUID            // that came with it
	turn      int
}

func newDossier(l *Life, of models.Actor) *dossier {
	return &dossier{Life: l, actor: of, deadlines: map[uuid.UUID]models.Deadline{}, tasks: map[string]models.Task{}}
}

// past is a history under way.
type past struct {
	History
	pack    *pack.Pack
	city    *City
	rhythm  rhythm
	dice    *rand.Rand
	ledger  *ledger.Ledger
	clock   atomic.Pointer[time.Time]
	agenda  agenda
	open    map[uuid.UUID]*dossier // of reports that can still move
	summary *Summary
}

// Run writes the history, from the beginning to Until. The same seed, days and Until make
// the same history, but for the salt of texts and the ids of photos.
func (h History) Run(ctx context.Context) (*Summary, error) {
	p, _ := h.Packs.Current(h.Jurisdiction, h.Until)
	if p == nil {
		return nil, errors.New("demo: the jurisdiction has no pack")
	}
	city, err := NewCity(p, h.Seed)
	if err != nil {
		return nil, err
	}
	pool, err := quickPool(ctx, h.Pool)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	free, err := holdClocks(ctx, pool)
	if err != nil {
		return nil, err
	}
	defer free()
	w := &past{History: h, pack: p, city: city, rhythm: newRhythm(p, h.PerDay), dice: newDice(h.Seed, 5), summary: newSummary()}
	w.open = map[uuid.UUID]*dossier{}
	w.ledger = ledger.New(ledger.Config{Pool: pool, Clock: func(time.Time) time.Time { return *w.clock.Load() }})
	err = w.live(ctx)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return w.summary, errors.Join(err, w.ledger.Close(closing))
}

// quickPool commits without waiting for the disk: a history that a power cut shortened is
// made again.
func quickPool(ctx context.Context, of *pgxpool.Pool) (*pgxpool.Pool, error) {
	config := of.Config()
	config.MinConns, config.MaxConns = 0, 4
	config.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	return pool, nil
}

// holdClocks keeps a server that runs beside from firing the history's clocks: for it they
// ran out long ago.
func holdClocks(ctx context.Context, pool *pgxpool.Pool) (free func(), err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	if _, err := conn.Exec(ctx, models.HoldDeadlines); err != nil {
		conn.Release()
		return nil, fmt.Errorf("demo: clocks: %w", err)
	}
	return func() {
		freeing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		// Where this fails the connection is broken, and with it the hold is gone.
		_, _ = conn.Exec(freeing, models.FreeDeadlines)
		conn.Release()
	}, nil
}

// live goes through the agenda to its end.
func (w *past) live(ctx context.Context) error {
	start := w.Until.AddDate(0, 0, -w.Days)
	bar := newBar(w.Out, w.Until.Sub(start))
	w.agenda.add(appointment{at: w.rhythm.nextAfter(start, w.dice)})
	for {
		one, ok := w.agenda.next()
		if !ok || !one.at.Before(w.Until) {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		at := one.at.UTC().Truncate(time.Microsecond)
		w.clock.Store(&at)
		if err := w.happen(ctx, one, at); err != nil {
			return err
		}
		bar.show(at.Sub(start), w.summary)
	}
	bar.finish(w.summary)
	return nil
}

func (w *past) happen(ctx context.Context, one appointment, at time.Time) error {
	switch {
	case one.dossier == nil:
		w.agenda.add(appointment{at: w.rhythm.nextAfter(at, w.dice)})
		return w.file(ctx, at)
	case one.deadline != uuid.Nil:
		return w.expire(ctx, one.dossier, one.deadline, at)
	case one.turn != one.dossier.turn && !one.step.alongside:
		return nil
	default:
		return w.take(ctx, one.dossier, one.step, at)
	}
}

// file has a citizen report something.
func (w *past) file(ctx context.Context, at time.Time) error {
	l := w.city.birth(w.rhythm.at(at))
	f := newDossier(l, w.reporter(l.who))
	if l.pictures == 0 || !chance(l.dice, w.Photos/withPictures) {
		l.pictures, l.fate.document = 0, true
	}
	l.id, l.code = idAt(at, l.dice), randomCode(w.pack, l.dice)
	form := l.form()
	if err := form.Validate(w.pack, at, true); err != nil {
		return fmt.Errorf("demo: a report of %s would be refused: %w", l.filedAs, err)
	}
	submit := workflow.Submit{
		Packs: w.Packs, Actor: f.actor, Origin: models.OriginDemo, Form: form, ID: l.id, Code: l.code,
		Text: draft(l.text, l.dice), Address: draft(form.Address, l.dice),
	}
	if l.contact {
		contact, err := w.Keys.SealContact(l.id, w.Jurisdiction, l.contactName(), l.contactPhone(), "")
		if err != nil {
			return fmt.Errorf("demo: contact: %w", err)
		}
		submit.Contact = &contact
	}
	for n := range l.pictures {
		photo, err := w.photograph(ctx, f.actor, l, uint64(n), false)
		if err != nil {
			return err
		}
		submit.Staged = append(submit.Staged, photo)
		f.photos = append(f.photos, photo.ID)
	}
	out, err := w.ledger.Do(ctx, submit)
	if err != nil {
		return fmt.Errorf("demo: report %s could not be filed; was the history of this seed written before? %w", l.id, err)
	}
	w.summary.filed()
	if l.kind.SOS && l.fate.repeats == nil {
		w.summary.saw(episodeSOS, l.id, l.code)
	}
	w.open[l.id] = f
	w.learn(out.Change)
	if l.fate.repeats == nil {
		w.city.remember(l)
	}
	w.plan(f, at)
	return nil
}

// reporter is a citizen as the ledger knows them. The phone is not registered: nothing is
// to ring for what was long ago.
func (w *past) reporter(who *citizen) models.Actor {
	if who.guest {
		a := models.Guest(w.Jurisdiction)
		a.Language = who.language
		return a
	}
	return models.Actor{
		Kind: models.ActorDevice, ID: who.device, DeviceID: who.device, Jurisdiction: w.Jurisdiction,
		Roles: []models.Role{models.RoleCitizen}, Language: who.language, Demo: true,
	}
}

// photograph draws a picture of the life's scene and stages it.
func (w *past) photograph(ctx context.Context, by models.Actor, l *Life, n uint64, after bool) (models.Photo, error) {
	picture, err := l.draw(n, after)
	if err != nil {
		return models.Photo{}, err
	}
	kind := models.PhotoBefore
	if after {
		kind = models.PhotoAfter
	}
	photo, err := w.Studio.Take(ctx, by, kind, picture)
	if err != nil {
		return models.Photo{}, fmt.Errorf("demo: picture of %s: %w", l.kind.Code, err)
	}
	w.summary.photographed()
	return photo, nil
}

// learn takes in what the ledger wrote of reports that can still move, and notes when
// clocks that run will next ask for something.
func (w *past) learn(change models.Change) {
	for _, rows := range [][]models.Row{change.Insert, change.Update} {
		for _, row := range rows {
			switch r := row.(type) {
			case models.Report:
				w.learnReport(r)
			case models.Task:
				w.learnTask(r)
			case models.Deadline:
				if f := w.open[r.ReportID]; f != nil {
					f.deadlines[r.ID] = r
					if r.NextAt != nil {
						w.agenda.add(appointment{at: *r.NextAt, dossier: f, deadline: r.ID})
					}
				}
			}
		}
	}
}

func (w *past) learnReport(r models.Report) {
	f := w.open[r.ID]
	if f == nil {
		return
	}
	f.report, f.state = r, r.State
	w.summary.reached(r.ID, r.State)
	if r.Phase == models.PhaseEnded && (!f.fate.appeals || r.Appeals > 0) {
		delete(w.open, r.ID)
	}
}

func (w *past) learnTask(t models.Task) {
	f := w.open[t.ReportID]
	if f == nil {
		return
	}
	f.tasks[t.Unit] = t
	if !t.Lead && t.Active() {
		f.supported([]string{t.Unit}, w.city.words)
	}
}

// plan puts a dossier's next step on the agenda.
func (w *past) plan(f *dossier, now time.Time) {
	f.turn++
	w.planAlongside(f, now)
	s, ok := f.next(w.city.words)
	if !ok {
		return
	}
	w.agenda.add(appointment{at: w.when(f, s, now), dossier: f, turn: f.turn, step: s})
}

// planAlongside puts on the agenda what others do meanwhile, each at their own pace.
func (w *past) planAlongside(f *dossier, now time.Time) {
	last := map[string]time.Time{} // by whose it is: of the two of a kind the second waits for the first
	for _, s := range f.alongside() {
		who := cmp.Or(s.unit, s.name)
		at := w.when(f, s, latest(last[who], now))
		last[who] = at
		w.agenda.add(appointment{at: at, dossier: f, step: s})
	}
}

// expire lets a clock remind, run out or be taken up the tree, where it still asks for it.
func (w *past) expire(ctx context.Context, f *dossier, id uuid.UUID, at time.Time) error {
	d := f.deadlines[id]
	if d.NextAt == nil || d.NextAt.After(at) {
		return nil
	}
	out, err := w.ledger.Do(ctx, workflow.Expire{Packs: w.Packs, Jurisdiction: w.Jurisdiction, ReportID: f.id, DeadlineID: id})
	if err != nil {
		return fmt.Errorf("demo: deadline %s of report %s: %w", d.Kind, f.id, err)
	}
	before := f.state
	w.learn(out.Change)
	if d.OverdueAt == nil && f.deadlines[id].OverdueAt != nil {
		w.summary.missed(d.Kind)
		w.summary.saw(episodeMissed, f.id, f.code)
	}
	w.heard(f, out.Change.Events, at)
	if f.state != before {
		w.plan(f, at)
	}
	return nil
}

// heard notes what a clock did, and what is said to the unit once it is late.
func (w *past) heard(f *dossier, events []models.Event, at time.Time) {
	for _, e := range events {
		if e.Kind == models.EventDeadlineReminded {
			w.summary.saw(episodeReminded, f.id, f.code)
		}
		if e.Kind == models.EventDeadlineEscalated {
			w.summary.saw(episodeEscalated, f.id, f.code)
			if s, ok := f.nextHaste(); ok {
				w.agenda.add(appointment{at: w.when(f, s, at), dossier: f, step: s})
			}
		}
		if body, err := e.ParseBody(); err == nil && body.Transition == "expire" {
			w.summary.saw("expire", f.id, f.code)
		}
	}
}
