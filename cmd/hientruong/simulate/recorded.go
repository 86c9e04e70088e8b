// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/simulate"
)

// build makes reports of a page's rows.
func (p *page) build() ([]simulate.Report, error) {
	out := make([]simulate.Report, 0, len(p.reports))
	for i := range p.reports {
		r, err := p.report(&p.reports[i])
		if err != nil {
			return nil, fmt.Errorf("simulate: report %s: %w", p.reports[i].ID, err)
		}
		out = append(out, r)
	}
	return out, nil
}

func (p *page) report(row *models.Report) (simulate.Report, error) {
	out := simulate.Report{ID: row.ID, At: row.CreatedAt, Form: p.form(row), Reporter: p.reporter(row), Photos: p.photos[row.ID]}
	if row.LeadUnit != nil {
		out.Settled = *row.LeadUnit
	}
	if row.ResolvedAt != nil {
		out.Answered = *row.ResolvedAt
	}
	var answered []time.Time
	for _, e := range p.events[row.ID] {
		body, err := e.ParseBody()
		if err != nil {
			return out, err
		}
		switch {
		case e.Kind == models.EventReportSubmitted:
			if body.After != nil {
				out.Form.Urgent = body.After.Urgency == models.UrgencyUrgent
			}
			continue
		case e.Kind == models.EventReportRouted && out.Lead == "":
			out.Lead = body.Unit
		}
		if _, ok := body.Texts[string(models.TextAnswer)]; ok {
			answered = append(answered, e.At)
		}
		p.step(&out, e, body)
	}
	p.lateness(row, answered, &out.Was)
	return out, nil
}

// form is what was sent in. Of a description only the length is kept where its words do not matter.
func (p *page) form(row *models.Report) workflow.Form {
	text := p.texts[row.DescriptionID]
	f := workflow.Form{
		Category: row.FirstCategory, Description: text.body, Lat: row.Lat, Lon: row.Lon, AccuracyM: row.AccuracyM, Source: row.LocationSource,
		ObservedAt: row.ObservedAt, Language: row.Language, Channel: row.Channel, HideName: row.HideName, Attributes: map[string]string{},
	}
	if f.Category == "" {
		f.Category = row.Category
	}
	if f.Description == "" {
		f.Description = strings.Repeat("-", max(text.length, 1))
	}
	if row.ExternalRef != nil {
		f.ExternalRef = *row.ExternalRef
	}
	switch {
	case row.Lat != nil:
	case row.Area != nil:
		f.AreaID = *row.Area
	default:
		f.Words = "-"
	}
	// Both are what the ledger made.
	_ = json.Unmarshal(row.Attributes, &f.Attributes)
	if len(row.SOS) > 0 {
		f.SOS = &models.SOS{}
		_ = json.Unmarshal(row.SOS, f.SOS)
	}
	return f
}

// reporter is who sent a report in.
func (p *page) reporter(row *models.Report) models.Actor {
	a := models.Actor{Language: row.Language, Roles: []models.Role{models.RoleCitizen}}
	if row.DeviceID != nil {
		a.Kind, a.ID, a.DeviceID = models.ActorDevice, *row.DeviceID, *row.DeviceID
	}
	switch {
	case row.AgentID != nil:
		return p.from.member(*row.AgentID)
	case row.CitizenID != nil:
		a.Kind, a.ID = models.ActorCitizen, *row.CitizenID
	case row.DeviceID == nil:
		return models.Guest(0)
	}
	return a
}

// member is one of the staff; who is not there any more has no role.
func (r *reader) member(id uuid.UUID) models.Actor {
	if a, ok := r.staff[id]; ok {
		return a
	}
	return models.Actor{Kind: models.ActorStaff, ID: id, Language: models.Vietnamese}
}

// actor is who did something, as an event names them.
func (p *page) actor(name string, reporter models.Actor) models.Actor {
	kind, text, _ := strings.Cut(name, ":")
	id, err := uuid.Parse(text)
	switch {
	case err != nil:
		return reporter
	case models.ActorKind(kind) == models.ActorStaff:
		return p.from.member(id)
	case models.ActorKind(kind) == models.ActorDevice:
		return models.Actor{Kind: models.ActorDevice, ID: id, DeviceID: id, Language: reporter.Language, Roles: []models.Role{models.RoleCitizen}}
	default:
		return models.Actor{Kind: models.ActorKind(kind), ID: id, Language: reporter.Language, Roles: []models.Role{models.RoleCitizen}}
	}
}

// step takes what an event says as a step, or as more about the step before, for one step
// can have several events. What the system did the candidate does by itself; that another
// report was merged into it was a step of the other.
func (p *page) step(out *simulate.Report, e models.Event, body models.Body) {
	if e.Actor == string(models.ActorSystem) || e.Kind == models.EventReportMerged {
		return
	}
	claims := e.Kind == models.EventReportClaimed || e.Kind == models.EventReportReleased
	if n := len(out.Steps); n > 0 && !claims {
		if last := &out.Steps[n-1]; last.At.Equal(e.At) && last.Transition != "" && (body.Transition == "" || body.Transition == last.Transition) {
			p.more(out.ID, last, e.Kind, body)
			return
		}
	}
	if body.Transition == "" && !claims {
		return
	}
	s := simulate.Step{Kind: e.Kind, Transition: body.Transition, At: e.At, Actor: p.actor(e.Actor, out.Reporter)}
	if e.Kind == models.EventTaskMoved {
		s.Support = body.Unit
	}
	lead := body.Unit
	if body.Before != nil {
		lead = body.Before.Unit
	}
	s.Led = s.Actor.IsStaff() && s.Actor.Unit != "" && s.Actor.Unit == lead && s.Support == ""
	p.more(out.ID, &s, e.Kind, body)
	out.Steps = append(out.Steps, s)
}

// more adds what one event says of a step to its action. Of texts only their length counts.
func (p *page) more(report uuid.UUID, s *simulate.Step, kind models.EventKind, b models.Body) {
	a := &s.Action
	for text, mark := range b.Texts {
		length := p.texts[mark.ID].length
		if s.Erased = s.Erased || length == 0; length == 0 {
			continue
		}
		d := simulate.Draft(report, text+s.At.String(), length)
		switch models.TextKind(text) {
		case models.TextShared:
			a.Redacted = d
		case models.TextDocument:
			a.Document = d
		case models.TextComment:
			a.Comment = d
		default:
			a.Text = d
		}
	}
	set(&a.ReasonCode, b.Reason)
	set(&a.Outcome, b.Outcome)
	set(&a.Level, b.Level)
	set(&a.Unit, b.Unit)
	if b.Until != nil {
		a.Until = b.Until
	}
	if len(b.Support) > 0 {
		a.SupportUnits = b.Support
	}
	if b.Document != "" && a.Document.Body == "" {
		a.Document = simulate.Draft(report, "document"+s.At.String(), len(b.Document))
	}
	if b.Ref != nil { // which of these it is depends on the transition, which takes what it demands
		a.DuplicateOf, a.Handler, a.Part = b.Ref, *b.Ref, workflow.Part{ID: *b.Ref, Code: "-"}
	}
	for _, id := range b.Photos {
		if !slices.Contains(a.PhotoIDs, id) && slices.ContainsFunc(p.photos[report], func(o models.Photo) bool { return o.ID == id }) {
			a.PhotoIDs = append(a.PhotoIDs, id)
		}
	}
	if kind == models.EventReportSplit {
		set(&a.Category, b.Category)
		s.Erased = true // what the part says is a text of the part
	}
	if b.Before != nil && b.After != nil {
		if b.After.Category != b.Before.Category {
			a.Category = b.After.Category
		}
		a.Urgency = b.After.Urgency
	}
}

func set[T ~string](to *T, value T) {
	if value != "" {
		*to = value
	}
}

// lateness is how the recorded clocks of the work ran.
func (p *page) lateness(row *models.Report, answered []time.Time, into *simulate.Lateness) {
	recorded, ok := p.from.Packs.Version(p.from.Jurisdiction, row.PackVersion)
	if !ok {
		return
	}
	flow, ok := recorded.WorkflowNamed(row.Workflow)
	if !ok {
		return
	}
	for _, d := range p.clocks[row.ID] {
		clock, ok := flow.Clock(d.Kind)
		switch {
		case !ok || !clock.Due.ByCategory:
		case d.StoppedAt != nil && slices.ContainsFunc(answered, d.StoppedAt.Equal):
			into.Note(d.DueAt, *d.StoppedAt, p.from.Until)
		case d.StoppedAt == nil && d.PausedAt == nil:
			into.Note(d.DueAt, time.Time{}, p.from.Until)
		}
	}
}
