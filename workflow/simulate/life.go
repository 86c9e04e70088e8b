// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// here is the number of the one jurisdiction of a simulation, version that of its pack.
const (
	here    = 1
	version = 1
)

// patience is how long before a step a clock must have run out to be before it: the job
// that looks for such clocks comes round only so often.
const patience = 2 * time.Minute

// life is a report's under the candidate.
type life struct {
	*Simulation
	of    *Report
	facts models.ReportFacts
	shown models.Facts
	now   time.Time
	spent map[uuid.UUID]time.Time // clocks that asked at a time and were heard

	lead     string // the first
	ruled    bool   // a rule named it
	support  []string
	worked   bool // it was taken on
	answered []time.Time
	refused  []Refusal
	steps    int
}

// live decides a report's whole life. The refusals of its steps are among what it tells.
func (s *Simulation) live(r *Report) (*life, error) {
	l := &life{Simulation: s, of: r, spent: map[uuid.UUID]time.Time{}}
	l.shown.Reports = map[uuid.UUID]*models.ReportFacts{}
	reporter := r.Reporter
	reporter.Jurisdiction = here
	submit := workflow.Submit{
		Packs: s.packs, Actor: reporter, Origin: models.OriginLive, Form: r.Form, ID: r.ID, Code: "-",
		Text: models.Draft{ID: uuid.NewSHA1(r.ID, []byte("text")), Body: r.Form.Description},
	}
	submit.Form.PhotoIDs = nil
	if err := l.do(submit, r.At); err != nil {
		return l, err
	}
	l.shown.Reports[r.ID] = &l.facts
	if r.Brief {
		l.course()
	}
	for i := range r.Steps {
		if !r.Steps[i].At.Before(s.until) {
			break
		}
		l.fire(r.Steps[i].At.Add(-patience))
		l.take(&r.Steps[i])
	}
	l.fire(s.until)
	return l, nil
}

// do decides an intent and takes the change in.
func (l *life) do(intent models.Intent, at time.Time) error {
	if at.Before(l.now) {
		at = l.now
	}
	l.now = at
	change, err := intent.Decide(l.shown, at)
	if err != nil {
		return err
	}
	for _, row := range change.Insert {
		l.put(row)
	}
	for _, row := range change.Update {
		l.put(row)
	}
	l.look()
	return nil
}

// put keeps a row, where it is of this report.
func (l *life) put(row models.Row) {
	switch r := row.(type) {
	case models.Report:
		if r.ID == l.of.ID {
			l.facts.Report = r
		}
	case models.Task:
		if r.ReportID == l.of.ID {
			put(&l.facts.Tasks, r, func(t models.Task) bool { return t.ID == r.ID })
		}
	case models.Deadline:
		if r.ReportID == l.of.ID {
			put(&l.facts.Deadlines, r, func(d models.Deadline) bool { return d.ID == r.ID })
		}
	case models.Rating:
		if r.ReportID == l.of.ID {
			put(&l.facts.Ratings, r, func(o models.Rating) bool { return o.Round == r.Round })
		}
	}
}

func put[T any](list *[]T, item T, same func(T) bool) {
	if i := slices.IndexFunc(*list, same); i >= 0 {
		(*list)[i] = item
		return
	}
	*list = append(*list, item)
}

// look notes who the report was given to first.
func (l *life) look() {
	l.worked = l.worked || l.facts.Report.Phase == models.PhaseWorking
	if l.lead != "" {
		return
	}
	lead := l.facts.Lead()
	if lead == nil {
		return
	}
	l.lead, l.ruled = lead.Unit, lead.Route != nil
	for _, t := range l.facts.Tasks {
		if !t.Lead && t.Active() {
			l.support = append(l.support, t.Unit)
		}
	}
}

// mostAsked is how often the clocks of a report speak between two steps, at most.
const mostAsked = 1000

// fire has the clocks of the report speak that want to by a moment, each at its time.
func (l *life) fire(by time.Time) {
	for range mostAsked {
		d, at := l.asking(by)
		if d == nil {
			return
		}
		l.spent[d.ID] = at
		expire := workflow.Expire{Packs: l.packs, Jurisdiction: here, ReportID: l.of.ID, DeadlineID: d.ID}
		if err := l.do(expire, at); err != nil {
			l.refuse("clock "+d.Kind, err)
			return
		}
	}
}

// asking is the clock that speaks first, nil where none does by then.
func (l *life) asking(by time.Time) (first *models.Deadline, at time.Time) {
	for i := range l.facts.Deadlines {
		d := &l.facts.Deadlines[i]
		if d.NextAt == nil || d.NextAt.After(by) || d.NextAt.Equal(l.spent[d.ID]) {
			continue
		}
		if first == nil || d.NextAt.Before(at) {
			first, at = d, *d.NextAt
		}
	}
	return first, at
}

// take takes a recorded step, by whoever has the report now in the place of who had it then.
func (l *life) take(s *Step) {
	actor := l.cast(s)
	if s.Kind == models.EventReportClaimed || s.Kind == models.EventReportReleased {
		claim := workflow.Claim{Actor: actor, ReportID: l.of.ID, Release: s.Kind == models.EventReportReleased}
		if err := l.do(claim, s.At); err != nil {
			l.refuse("claim", err)
		}
		return
	}
	act := workflow.Act{Packs: l.packs, Actor: actor, ReportID: l.of.ID, Name: s.Transition, Action: s.Action}
	if s.Support != "" {
		i := slices.IndexFunc(l.facts.Tasks, func(t models.Task) bool { return !t.Lead && t.Active() && t.Unit == s.Support })
		if i < 0 {
			return // that unit has no part in it here
		}
		act.TaskID, act.Version = &l.facts.Tasks[i].ID, &l.facts.Tasks[i].Version
	} else if actor.IsStaff() {
		act.Version = &l.facts.Report.Version
	}
	if t := l.transition(s.Transition); t != nil && s.Erased {
		demanded := l.answerTo(t)
		act.Action.Text = cmp.Or(act.Action.Text, demanded.Text)
		act.Action.Redacted = cmp.Or(act.Action.Redacted, demanded.Redacted)
		act.Action.Document = cmp.Or(act.Action.Document, demanded.Document)
	}
	l.act(act, s.At)
}

// act takes one step, and notes it where it is refused.
func (l *life) act(act workflow.Act, at time.Time) bool {
	l.steps++
	t := l.transition(act.Name)
	l.show(&act, t, at)
	if err := l.do(act, at); err != nil {
		l.refuse(act.Name, err)
		return false
	}
	if t != nil {
		if _, answers := t.Demands.Get(pack.DemandAnswer); answers {
			l.answered = append(l.answered, l.now)
		}
	}
	return true
}

// transition is the step of a name in the report's workflow, nil where there is none.
func (l *life) transition(name string) *pack.Transition {
	flow, ok := l.pack.WorkflowNamed(l.facts.Report.Workflow)
	if !ok {
		return nil
	}
	t, ok := flow.Transition(name)
	if !ok {
		return nil
	}
	return t
}

// show lays out what else the step looks at: its photos, the report that it merges into,
// the handler that it names.
func (l *life) show(act *workflow.Act, t *pack.Transition, at time.Time) {
	clear(l.shown.Photos)
	l.facts.Photos = nil
	for _, p := range l.of.Photos {
		if p.CreatedAt.After(at) {
			continue
		}
		p.JurisdictionID, p.ReportID = here, &l.of.ID
		l.facts.Photos = append(l.facts.Photos, p)
		if slices.Contains(act.Action.PhotoIDs, p.ID) {
			if l.shown.Photos == nil {
				l.shown.Photos = map[uuid.UUID]models.Photo{}
			}
			p.Owner = act.Actor.String()
			l.shown.Photos[p.ID] = p
		}
	}
	if t == nil {
		return
	}
	if other := act.Action.DuplicateOf; t.Has(pack.EffectMerge) && other != nil && *other != l.of.ID {
		survivor := l.facts.Report
		survivor.ID, survivor.DuplicateOf, survivor.Reopens, survivor.Visibility = *other, nil, 0, models.VisibilityPrivate
		l.shown.Reports[*other] = &models.ReportFacts{Report: survivor}
	}
	if t.Has(pack.EffectHand) {
		l.shown.Staff = map[uuid.UUID]models.Staff{act.Action.Handler: {
			JurisdictionID: here, ID: act.Action.Handler, Active: true, Unit: &act.Actor.Unit, Roles: []models.Role{models.RoleHandler},
		}}
	}
	if t.Has(pack.EffectSplit) && act.Action.Category == "" {
		act.Action.Category = l.facts.Report.Category
	}
}

// cast is who takes a step: whoever stood for the lead stands for the lead there is.
func (l *life) cast(s *Step) models.Actor {
	a := s.Actor
	a.Jurisdiction = here
	if lead := l.facts.Lead(); s.Led && lead != nil {
		a.Unit = lead.Unit
	}
	return a
}

// refuse notes that a step was refused, with the first of what is wrong with it.
func (l *life) refuse(transition string, err error) {
	r := Refusal{Transition: transition, Code: models.CodeOf(err)}
	var e *models.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		r.Code, r.Field = e.Fields[0].Code, strings.TrimPrefix(e.Fields[0].Location, "body.")
	}
	l.refused = append(l.refused, r)
}
