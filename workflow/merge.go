// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"

	"github.com/google/uuid"

	"hientruong/models"
)

// merge ends a duplicate in favour of the report that says the same: its public pictures of the
// matter go there, and so do its reporter and those who follow it, to hear on.
func (m *move) merge(a Action, facts models.Facts) {
	if a.DuplicateOf == nil {
		return
	}
	m.report.DuplicateOf = a.DuplicateOf
	f := facts.Reports[*a.DuplicateOf]
	into := &move{pack: m.pack, actor: m.actor, origin: f.Report.Origin, now: m.now, report: f.Report}
	photos := m.give(into, m.goesAlong)
	into.follow(f, m.followers(), reporters(&into.report, &m.report))
	stands := into.report.Keys() // what others see of it changed, and nothing that it is found by
	into.event(models.EventReportMerged, models.Body{Before: stands, After: stands, Ref: &m.report.ID, Photos: photos})
	m.also = append(m.also, into)
}

// goesAlong says whether a photo of a duplicate goes along: a picture of the matter. What
// is kept from the public stays where it is: with a public report it would be for
// everybody, and with any for its reporter.
func (m *move) goesAlong(p models.Photo) bool {
	return p.Kind == models.PhotoBefore && m.report.Visibility != models.VisibilityHidden && m.category.Visibility == models.VisibilityPublic
}

// give moves the report's photos that are to go to another report, and names them.
func (m *move) give(to *move, goes func(models.Photo) bool) []uuid.UUID {
	var ids []uuid.UUID
	for _, p := range m.photos {
		if p.Status == models.PhotoRefused || !goes(p) {
			continue
		}
		p.ReportID = &to.report.ID
		m.adopted = slices.DeleteFunc(m.adopted, func(row models.Row) bool {
			a, ok := row.(models.Photo)
			return ok && a.ID == p.ID
		})
		to.adopted = append(to.adopted, p)
		ids = append(ids, p.ID)
	}
	m.photos = slices.DeleteFunc(slices.Clone(m.photos), func(p models.Photo) bool { return slices.Contains(ids, p.ID) })
	return ids
}

// followers are those who want to hear of the report: who sent it in, which says that they
// are affected, and who follows it.
func (m *move) followers() []models.Follow {
	var out []models.Follow
	if who, ok := reporterOf(&m.report); ok {
		out = append(out, models.Follow{Follower: who, MeToo: true})
	}
	for _, f := range m.follows {
		if f.Active() {
			out = append(out, f)
		}
	}
	return out
}

// reporterOf names who sent a report in as the log names an actor; false where it was
// nobody who can be told.
func reporterOf(r *models.Report) (string, bool) {
	switch {
	case r.CitizenID != nil:
		return models.Actor{Kind: models.ActorCitizen, ID: *r.CitizenID}.String(), true
	case r.DeviceID != nil:
		return models.Actor{Kind: models.ActorDevice, ID: *r.DeviceID}.String(), true
	}
	return "", false
}

// reporters are all names that somebody bears who sent a report in: the person's, and that
// of the phone in their hand. other is one that was sent in as well: whoever did so from the
// same phone is the same while the report knows nobody but the phone.
func reporters(r, other *models.Report) []string {
	var names []string
	if r.CitizenID != nil {
		names = append(names, models.Actor{Kind: models.ActorCitizen, ID: *r.CitizenID}.String())
	}
	if r.DeviceID == nil {
		return names
	}
	names = append(names, models.Actor{Kind: models.ActorDevice, ID: *r.DeviceID}.String())
	if r.CitizenID == nil && other.CitizenID != nil && deref(other.DeviceID) == *r.DeviceID {
		names = append(names, models.Actor{Kind: models.ActorCitizen, ID: *other.CitizenID}.String())
	}
	return names
}

// follow lets people hear of the report who do not hear of it yet; those who own it do. Who
// once stopped following it is left in peace.
func (m *move) follow(f *models.ReportFacts, people []models.Follow, own []string) {
	there := slices.Clone(f.Follows)
	for _, p := range people {
		i := slices.IndexFunc(there, func(o models.Follow) bool { return o.Follower == p.Follower })
		switch {
		case slices.Contains(own, p.Follower), i >= 0 && (!there[i].Active() || there[i].MeToo || !p.MeToo):
		case i >= 0:
			there[i].MeToo = true
			m.report.MeToo++
			m.adopted = append(m.adopted, there[i])
		default:
			p.JurisdictionID, p.ReportID, p.CreatedAt, p.EndedAt = m.report.JurisdictionID, m.report.ID, m.now, nil
			m.report.Followers++
			if p.MeToo {
				m.report.MeToo++
			}
			there = append(there, p)
			m.insert = append(m.insert, p)
		}
	}
}
