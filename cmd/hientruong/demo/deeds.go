// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/photos"
	"hientruong/workflow"
)

// take carries a step out, and plans the next. One beside the way is passed over where
// things have gone another way.
func (w *past) take(ctx context.Context, f *dossier, s step, at time.Time) error {
	by, ok := w.actor(f, s)
	switch {
	case s.aside && (!ok || !f.supports(s.unit)):
		w.goOn(f, s, at)
		return nil
	case !ok:
		return nil // nobody has that job here: the report waits
	}
	intent, part, err := w.intent(ctx, f, s, by, at)
	if err != nil {
		return err
	}
	if part != nil {
		w.open[part.id] = part
	}
	out, err := w.ledger.Do(ctx, intent)
	if err != nil && part != nil {
		delete(w.open, part.id)
	}
	switch code := models.CodeOf(err); {
	case err == nil:
		w.took(f, s)
		w.learn(out.Change)
	case s.aside && (code == models.CodeTransitionRefused || code == models.CodeForbidden || code == models.CodeNotFound):
		part = nil
	default:
		return fmt.Errorf("demo: %s of report %s (%s) by %s: %w", s.name, f.id, f.state, s.by, err)
	}
	if part != nil {
		w.plan(part, at)
	}
	w.goOn(f, s, at)
	return nil
}

// supports says whether a unit still has a part beside the lead; "" is the lead, who needs
// none.
func (f *dossier) supports(unit string) bool {
	task, ok := f.tasks[unit]
	return unit == "" || ok && !task.Lead && task.Active()
}

// goOn plans what comes after a step; after haste, that is planned already.
func (w *past) goOn(f *dossier, s step, at time.Time) {
	if !s.alongside {
		w.plan(f, at)
	}
}

// took counts a step that was taken from where the dossier still stands.
func (w *past) took(f *dossier, s step) {
	w.summary.took(s.name)
	w.summary.saw(s.name, f.id, f.code)
	if s.template {
		w.summary.saw(episodeTemplate, f.id, f.code)
	}
	if s.name == "resolve" && f.report.Workflow == instantWorkflow {
		w.summary.saw(episodeInstant, f.id, f.code)
	}
}

// instantWorkflow is the pack's for what is done on the spot.
const instantWorkflow = "tuc-thoi"

// intent is what a step asks of the ledger. A split comes with the dossier of its part.
func (w *past) intent(ctx context.Context, f *dossier, s step, by models.Actor, at time.Time) (models.Intent, *dossier, error) {
	switch s.name {
	case stepMeToo, stepFollow:
		return workflow.Follow{Actor: by, ReportID: f.id, MeToo: s.name == stepMeToo}, nil, nil
	case stepMessage:
		return workflow.Message{Packs: w.Packs, Actor: by, ReportID: f.id, Text: draft(s.text, f.dice)}, nil, nil
	case stepNote:
		return workflow.Note{Packs: w.Packs, Actor: by, ReportID: f.id, Text: draft(s.text, f.dice)}, nil, nil
	}
	action, err := w.action(ctx, f, s, by, at)
	if err != nil {
		return nil, nil, err
	}
	act := workflow.Act{Packs: w.Packs, Actor: by, ReportID: f.id, Name: s.name, Action: action}
	if by.IsStaff() {
		act.Version = &f.report.Version
	}
	if s.unit != "" {
		task := f.tasks[s.unit]
		act.TaskID, act.Version = &task.ID, &task.Version
	}
	if s.name != "split" {
		return act, nil, nil
	}
	part := newDossier(w.city.splitOff(f.Life), f.actor)
	part.id, part.code = idAt(at, part.dice), randomCode(w.pack, part.dice)
	act.Action.Part = workflow.Part{ID: part.id, Code: part.code}
	return act, part, nil
}

// action is what comes with a step.
func (w *past) action(ctx context.Context, f *dossier, s step, by models.Actor, at time.Time) (workflow.Action, error) {
	if s.template {
		s.text = w.answer(f, s, at)
	}
	a := workflow.Action{
		ReasonCode: s.reason, Text: draft(s.text, f.dice), Redacted: draft(s.redacted, f.dice), Outcome: s.outcome, Document: draft(s.document, f.dice),
		Category: s.category, DuplicateOf: s.original, Level: s.level, Comment: draft(s.comment, f.dice),
	}
	if s.reassign {
		a.Unit = w.otherUnit(f)
	}
	switch {
	case s.until > 0:
		a.Until = new(at.Add(s.until))
	case s.more > 0:
		due, _ := f.due()
		a.Until = new(w.pack.Calendar(deref(f.report.LeadUnit)).Add(latest(due, at), s.more))
	}
	if s.hand {
		if i := w.staff(deref(f.report.LeadUnit), models.RoleHandler); i >= 0 {
			a.Handler = w.Staff[i].ID
		}
	}
	if s.shares && len(f.photos) > 1 {
		a.PhotoIDs = f.photos[len(f.photos)-1:]
	}
	if !s.after {
		return a, nil
	}
	photo, err := w.prove(ctx, by, f.Life)
	a.PhotoIDs = []uuid.UUID{photo}
	return a, err
}

// prove uploads a picture of the place repaired.
func (w *past) prove(ctx context.Context, by models.Actor, l *Life) (uuid.UUID, error) {
	photo, err := w.photograph(ctx, by, l, 0, true)
	if err != nil {
		return uuid.Nil, err
	}
	// Whose picture it is must be of the demo too, though the staff are not.
	by.Demo = true
	if _, err := w.ledger.Do(ctx, photos.Upload{Photo: photo, Actor: by}); err != nil {
		return uuid.Nil, fmt.Errorf("demo: picture: %w", err)
	}
	return photo.ID, nil
}

// answer is one that is begun from a template of the pack; what the step says anyway where
// none fits.
func (w *past) answer(f *dossier, s step, at time.Time) string {
	templates := w.pack.Templates("answer", f.report.Category)
	codes := make([]string, len(templates))
	for i, t := range templates {
		codes[i] = t.Code
	}
	i := w.city.words.begin(codes, s.outcome, f.dice)
	if i < 0 {
		return s.text
	}
	values := map[string]string{"code": f.code, "area": f.spot.ward, "date": at.In(w.pack.Zone()).Format("02/01/2006")}
	if c, ok := w.pack.Category(f.report.Category); ok {
		values["category"] = c.Name.In("vi")
	}
	if u, ok := w.pack.Unit(deref(f.report.LeadUnit)); ok {
		values["unit"] = u.Name.In("vi")
	}
	if text, known := w.city.words.complete(templates[i].Fill("vi", values)); known {
		return text
	}
	return s.text
}

// actor is who takes a step: the reporter or a neighbour, somebody of the centre, of the
// unit that has the report, or of one that supports it.
func (w *past) actor(f *dossier, s step) (models.Actor, bool) {
	if s.neighbour != nil {
		return w.reporter(s.neighbour), true
	}
	if s.by == models.RoleCitizen {
		return f.actor, true
	}
	unit := cmp.Or(s.unit, deref(f.report.LeadUnit))
	if s.by == models.RoleOperator || s.by == models.RoleVerifier || s.by == models.RoleLeader {
		unit = w.pack.Settings().Operations
	}
	i := w.staff(unit, s.by)
	if i < 0 {
		return models.Actor{}, false
	}
	return w.Staff[i], true
}

func (w *past) staff(unit string, role models.Role) int {
	return slices.IndexFunc(w.Staff, func(a models.Actor) bool { return a.Unit == unit && a.Has(role) })
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
