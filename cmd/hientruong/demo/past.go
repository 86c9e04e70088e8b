// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"cmp"
	cryptorand "crypto/rand"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
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
	office := w.pack.Calendar(cmp.Or(s.unit, deref(f.report.LeadUnit)))
	if s.ofDue == 0 {
		if day := f.report.ScheduledFor; s.onTheDay && day != nil && day.After(now) {
			now = *day
		}
		return office.Add(now, s.wait)
	}
	at := now.Add(time.Duration(float64(4*time.Hour) * s.ofDue))
	if due, ok := f.due(); ok && due.After(now) {
		at = now.Add(time.Duration(float64(due.Sub(now)) * s.ofDue))
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
