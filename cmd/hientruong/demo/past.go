// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"context"
	cryptorand "crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/photos"
	"hientruong/words"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// when is the time at which a step is taken: in the hours in which those work who take it.
func (w *past) when(f *dossier, s step, now time.Time) time.Time {
	switch s.by {
	case models.RoleCitizen:
		return w.rhythm.awake(now.Add(s.wait), f.dice)
	case models.RoleOperator, models.RoleVerifier, models.RoleLeader:
		wait := s.wait
		if w.rhythm.at(now).night() && f.sos == nil {
			wait *= 4 // few are on duty at night
		}
		return w.pack.Calendar(w.pack.Settings().Operations).Add(now, wait)
	default:
		return w.atUnit(f, s, now)
	}
}

// atUnit is when a unit takes a step: in its office hours, and in time or late as the
// report's fate is.
func (w *past) atUnit(f *dossier, s step, now time.Time) time.Time {
	office := w.pack.Calendar(deref(f.report.LeadUnit))
	if s.ofDue == 0 {
		return office.Add(now, s.wait)
	}
	at := now.Add(time.Duration(float64(4*time.Hour) * s.ofDue))
	if due, ok := f.due(); ok && due.After(now) {
		at = now.Add(time.Duration(float64(due.Sub(now)) * s.ofDue))
	}
	if day := f.report.ScheduledFor; day != nil && at.Before(*day) {
		at = day.Add(f.about(2 * time.Hour))
	}
	if open := office.Next(at); open.After(at) {
		return office.Add(open, time.Duration(f.dice.IntN(90))*time.Minute)
	}
	return at
}

// due is when the work on a report is due.
func (f *dossier) due() (time.Time, bool) {
	for _, d := range f.deadlines {
		if d.Kind == "xu-ly" && d.Running() {
			return d.DueAt, true
		}
	}
	return time.Time{}, false
}

// take carries a step out.
func (w *past) take(ctx context.Context, f *dossier, s step, at time.Time) error {
	by, ok := w.actor(f, s.by)
	if !ok {
		return nil // nobody has that job here: the report waits
	}
	action := workflow.Action{
		ReasonCode: s.reason, Text: draft(s.text, f.dice), Redacted: draft(s.redacted, f.dice), Outcome: s.outcome, Document: draft(s.document, f.dice),
		Category: s.category, DuplicateOf: s.original, Level: s.level, Comment: draft(s.comment, f.dice),
	}
	if s.reassign {
		action.Unit = w.otherUnit(f)
	}
	if s.until > 0 {
		day := at.Add(s.until)
		action.Until = &day
	}
	if s.after {
		photo, err := w.photograph(ctx, by, f.Life, 0, true)
		if err != nil {
			return err
		}
		// Whose picture it is must be of the demo too, though the staff are not.
		owner := by
		owner.Demo = true
		if _, err := w.ledger.Do(ctx, photos.Upload{Photo: photo, Actor: owner}); err != nil {
			return fmt.Errorf("demo: picture: %w", err)
		}
		action.PhotoIDs = []uuid.UUID{photo.ID}
	}
	act := workflow.Act{Packs: w.Packs, Actor: by, ReportID: f.id, Name: s.name, Action: action}
	if by.IsStaff() {
		act.Version = &f.report.Version
	}
	out, err := w.ledger.Do(ctx, act)
	if err != nil {
		return fmt.Errorf("demo: %s of report %s (%s) by %s: %w", s.name, f.id, f.state, s.by, err)
	}
	w.summary.took(s.name)
	w.learn(f, out.Change)
	w.plan(f, at)
	return nil
}

// actor is who takes a step: the reporter, somebody of the centre, or of the unit that has
// the report.
func (w *past) actor(f *dossier, role models.Role) (models.Actor, bool) {
	if role == models.RoleCitizen {
		return f.actor, true
	}
	unit := deref(f.report.LeadUnit)
	if role == models.RoleOperator || role == models.RoleVerifier || role == models.RoleLeader {
		unit = w.pack.Settings().Operations
	}
	i := slices.IndexFunc(w.Staff, func(a models.Actor) bool { return a.Unit == unit && a.Has(role) })
	if i < 0 {
		return models.Actor{}, false
	}
	return w.Staff[i], true
}

// otherUnit is who gets a report that a unit has given back.
func (w *past) otherUnit(f *dossier) string {
	had := ""
	if f.report.LeadUnit != nil {
		had = *f.report.LeadUnit
	}
	return pick(f.dice, departments(w.pack, had))
}

// departments are the units that anything can be given to, but one.
func departments(p *pack.Pack, but string) []string {
	var codes []string
	for _, u := range p.Units() {
		if u.Kind == pack.UnitDepartment && u.Successor == "" && u.Code != but {
			codes = append(codes, u.Code)
		}
	}
	return codes
}

// form is what the citizen sends in.
func (l *Life) form() workflow.Form {
	lat, lon := l.spot.point.Lat(), l.spot.point.Lon()
	accuracy := 4 + float64(l.dice.IntN(30))
	form := workflow.Form{
		Category: l.filedAs, Description: l.text, Lat: &lat, Lon: &lon, AccuracyM: &accuracy, Source: models.SourceGPS, Address: l.spot.address(),
		Attributes: l.values, Language: l.who.language, Urgent: l.urgent, HideName: l.hideName, Channel: models.ChannelApp, SOS: l.sos,
	}
	if l.who.guest {
		form.Channel, form.Source = models.ChannelWeb, models.SourcePin
	}
	return form
}

// draw is the n-th picture of the life's scene.
func (l *Life) draw(n uint64, repaired bool) (io.Reader, error) {
	picture, err := Picture(l.kind.words.Scene, l.picture+n, repaired)
	if err != nil {
		return nil, err
	}
	return bytes.NewReader(picture), nil
}

// draft is a text with a salt that nobody can guess.
func draft(body string, dice *rand.Rand) models.Draft {
	d := models.Draft{Body: body}
	if body == "" {
		return d
	}
	d.ID = randomID(dice)
	_, _ = cryptorand.Read(d.Salt[:]) // never fails: the program would have ended
	return d
}

// idAt is a version 7 UUID of a time, so that the newest comes first.
func idAt(at time.Time, dice *rand.Rand) uuid.UUID {
	id := randomID(dice)
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	id[6] = id[6]&0x0f | 0x70
	return id
}

func randomCode(p *pack.Pack, dice *rand.Rand) string {
	var random [7]byte
	fill(dice, random[:])
	return words.Code(p.Settings().Prefix, random)
}

// deref is what p points to, or the zero value.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
