// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// move gathers what one decision changes about a report.
type move struct {
	packs    *pack.Store // whose calendars and decisions are in force
	pack     *pack.Pack
	flow     *pack.Workflow
	category *pack.Category
	actor    models.Actor
	origin   models.Origin
	now      time.Time

	report    models.Report // as it will be
	tasks     []models.Task
	deadlines []models.Deadline
	ratings   []models.Rating
	follows   []models.Follow
	photos    []models.Photo // of the report, as they are
	most      int            // photos that the report may have

	insert   []models.Row
	changed  map[uuid.UUID]bool // tasks and deadlines that differ from what was loaded
	fresh    map[uuid.UUID]bool // and those that were not there
	events   []models.Event
	marks    map[string]models.TextMark
	photoIDs []uuid.UUID
	adopted  []models.Row
	also     []*move // what the decision changes about other reports

	// Of the step that is being taken.
	routed  *models.Body // who has the report from now on, where it says so
	notes   []note
	stood   *stood     // where it leads on
	former  string     // the category, where it changes
	task    *uuid.UUID // the supporting task that it is about
	planned *pack.RouteResult
}

func newMove(p *pack.Pack, flow *pack.Workflow, category *pack.Category, actor models.Actor, origin models.Origin, now time.Time) *move {
	return &move{
		packs: pack.NewStore(), pack: p, flow: flow, category: category, actor: actor, origin: origin, now: now,
		changed: map[uuid.UUID]bool{}, fresh: map[uuid.UUID]bool{}, most: p.Settings().Limits.Photos,
	}
}

// clone is a decision that goes on from here and leaves this one as it is.
func (m *move) clone() *move {
	c := *m
	c.tasks, c.deadlines, c.ratings = slices.Clone(m.tasks), slices.Clone(m.deadlines), slices.Clone(m.ratings)
	c.follows, c.photos, c.adopted = slices.Clone(m.follows), slices.Clone(m.photos), slices.Clone(m.adopted)
	c.insert, c.events, c.also = slices.Clone(m.insert), slices.Clone(m.events), slices.Clone(m.also)
	c.changed, c.fresh, c.marks = maps.Clone(m.changed), maps.Clone(m.fresh), maps.Clone(m.marks)
	c.notes, c.photoIDs = slices.Clone(m.notes), slices.Clone(m.photoIDs)
	return &c
}

// perStaff is how many photos staff may add to a report beyond its reporter's.
const perStaff = 24

// moveOf begins a decision about a report that is there.
func moveOf(packs *pack.Store, f *models.ReportFacts, actor models.Actor, now time.Time) (*move, error) {
	p, ok := packs.Version(f.Report.JurisdictionID, f.Report.PackVersion)
	if !ok {
		return nil, models.E(models.CodeUnavailable)
	}
	category, known := p.Category(f.Report.Category)
	flow, ok := p.WorkflowNamed(f.Report.Workflow)
	if !known || !ok {
		return nil, models.E(models.CodeInternal)
	}
	m := newMove(p, flow, category, actor, f.Report.Origin, now)
	m.packs, m.report = packs, f.Report
	m.tasks, m.deadlines, m.ratings, m.follows = slices.Clone(f.Tasks), slices.Clone(f.Deadlines), f.Ratings, f.Follows
	m.photos = slices.Clip(f.Photos)
	if actor.IsStaff() {
		m.most += perStaff
	}
	return m, nil
}

// derived names a row that belongs to the report, the same whenever the decision is
// taken again.
func (m *move) derived(what string) uuid.UUID {
	return uuid.NewSHA1(m.report.ID, []byte(what))
}

// event appends an event about the report.
func (m *move) event(kind models.EventKind, body models.Body) {
	m.report.EventSeq++
	body.Version = m.report.Version
	m.events = append(m.events, models.Event{
		SubjectKind: models.SubjectReport, SubjectID: m.report.ID, SubjectSeq: m.report.EventSeq, Kind: kind,
		Origin: m.origin, Actor: m.actor.String(), At: m.now, Body: body.Canonical(),
	})
}

// stage inserts a photo that came with the report.
func (m *move) stage(photo models.Photo) {
	photo.ReportID, photo.EventSeq, photo.CreatedAt, photo.Origin = &m.report.ID, 1, m.now, m.origin
	m.insert = append(m.insert, photo)
	m.photos = append(m.photos, photo)
	m.photoIDs = append(m.photoIDs, photo.ID)
	m.events = append(m.events, models.PhotoStaged(photo, m.actor))
}

// adopt ties photos that the same caller sent before to the report, beside those that
// were staged, and refuses more than there may be.
func (m *move) adopt(ids []uuid.UUID, facts models.Facts) error {
	for _, id := range ids {
		photo, ok := facts.Photos[id]
		mine := ok && photo.Owner == m.actor.String()
		free := ok && (photo.ReportID == nil || *photo.ReportID == m.report.ID)
		if !mine || !free || photo.Status == models.PhotoRefused {
			return models.Invalid(models.Field("body.photo_ids", models.CodePhotoNotFound, nil))
		}
		if slices.Contains(m.photoIDs, id) {
			continue
		}
		m.photoIDs = append(m.photoIDs, id)
		if photo.ReportID == nil {
			photo.ReportID = &m.report.ID
			m.adopted = append(m.adopted, photo)
			m.photos = append(m.photos, photo)
		}
	}
	kept := 0
	for _, photo := range m.photos {
		if photo.Status != models.PhotoRefused {
			kept++
		}
	}
	if len(m.photoIDs) > 0 && kept > m.most {
		return models.Invalid(models.Field("body.photo_ids", models.CodePhotoLimit, models.Params{"max": m.most}))
	}
	return nil
}

// show sets what the public sees: the stricter of state and visibility.
func (m *move) show() {
	r := &m.report
	r.Shown, r.PublicTile = models.ShownNone, nil
	if state, ok := m.flow.State(r.State); ok && r.Visibility == models.VisibilityPublic {
		r.Shown = state.Public
	}
	if r.Shown != models.ShownFull || r.Tile == nil {
		return
	}
	tile := geo.Tile(*r.Tile)
	switch r.LocationPrecision {
	case models.PrecisionExact:
	case models.PrecisionWard:
		return
	case models.PrecisionSnapped:
		tile = tile.Snap(geo.SnapZoom)
	}
	public := int64(tile)
	r.PublicTile = &public
}

// input is what guards and routing rules may ask.
func (m *move) input() pack.Input {
	r := &m.report
	in := pack.Input{Category: r.Category, Now: m.now}
	if r.Area != nil {
		if a, ok := m.pack.Area(*r.Area); ok {
			in.Area = pack.AreaInput{Code: a.Code, Kind: a.Kind}
		}
	}
	if r.LeadUnit != nil {
		if u, ok := m.pack.Unit(*r.LeadUnit); ok {
			in.Unit = pack.UnitInput{Code: u.Code, Kind: string(u.Kind)}
		}
	}
	for _, rating := range m.ratings {
		if rating.Round == r.Reopens {
			in.Rating.Level = string(rating.Level)
		}
	}
	in.Report = pack.ReportInput{
		Attributes: attributesIn(r), State: string(r.State), Channel: string(r.Channel), Language: string(r.Language), Outcome: string(deref(r.Outcome)),
		Words: wordsOf(r), Extended: m.extended(), Escalated: int(r.Escalated), Hidden: r.Visibility == models.VisibilityHidden,
		Split: r.SplitFrom != nil, Reopens: int(r.Reopens), Appeals: int(r.Appeals), Approved: r.ApprovedAt != nil, CreatedAt: r.CreatedAt,
		AcceptedAt: deref(r.AcceptedAt), ResolvedAt: deref(r.ResolvedAt), PublishedAt: deref(r.PublishedAt), EndedAt: deref(r.EndedAt),
	}
	for _, t := range m.tasks {
		if t.Lead && t.State == models.TaskReturned {
			in.Report.Returns++
		}
		if t.Active() {
			in.Report.Units++
		}
	}
	in.Report.Set(r.Urgency)
	return in
}

// wordsOf are the lists of words that the description hit.
func wordsOf(r *models.Report) []string {
	var words []string
	if len(r.Words) > 0 {
		// What the ledger keeps is what file made.
		_ = json.Unmarshal(r.Words, &words)
	}
	return words
}

// deref is what p points to, or the zero value.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// change closes the decision: every row that differs, and the events in their order.
func (m *move) change(newReport bool) models.Change {
	m.report.UpdatedAt = m.now
	c := models.Change{Subject: m.report.ID, Events: m.events}
	if newReport {
		c.Insert = append(c.Insert, m.report)
	} else {
		c.Update = append(c.Update, m.report)
	}
	for _, t := range m.tasks {
		place(&c, t, t.ID, m)
	}
	for _, d := range m.deadlines {
		place(&c, d, d.ID, m)
	}
	c.Insert = append(c.Insert, m.insert...)
	c.Update = append(c.Update, m.adopted...)
	for _, other := range m.also {
		o := other.change(other.fresh[other.report.ID])
		c.Insert, c.Update, c.Events = append(c.Insert, o.Insert...), append(c.Update, o.Update...), append(c.Events, o.Events...)
	}
	return c
}

func place(c *models.Change, row models.Row, id uuid.UUID, m *move) {
	switch {
	case m.fresh[id]:
		c.Insert = append(c.Insert, row)
	case m.changed[id]:
		c.Update = append(c.Update, row)
	}
}
