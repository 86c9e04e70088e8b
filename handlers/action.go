// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/views"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

func (s *Server) actionRoutes() {
	register(s, described(get("/api/v1/reports/{id}/actions", "action-list", "What the caller may do with a report now"),
		"And what each step demands. Somebody who may do nothing with a report that they see gets an empty list."), s.listActions)
	register(s, described(answers(also(post("/api/v1/reports/{id}/actions/{name}", "action-take", "Take a step"),
		http.StatusNoContent, "Done; the report is no longer the caller's to see."),
		http.StatusForbidden, http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired),
		"Staff need If-Match: the version that the step was offered with, which is the task's where one was named. "+
			"The answer is the report in the caller's view, or 204 where the step took it out of their sight. "+
			"What a step does not demand is passed over."), s.takeAction)
}

// ReportRef names a report.
type ReportRef struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The report's id."`
}

type offersOutput struct {
	Body struct {
		Items []views.Action `json:"items"`
	}
}

func (s *Server) listActions(ctx context.Context, in *ReportRef) (*offersOutput, error) {
	c := callOf(ctx)
	store, _, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	facts, err := models.FindFacts(ctx, s.config.DB, c.actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &offersOutput{}
	out.Body.Items, err = s.offered(ctx, c, store, c.actor, facts)
	return out, err
}

// offered are the steps that an actor may take on a report now.
func (s *Server) offered(ctx context.Context, c *call, store *pack.Store, a models.Actor, facts *models.ReportFacts) ([]views.Action, error) {
	if !workflow.Sees(a, facts) {
		return []views.Action{}, nil
	}
	offers, err := workflow.Offers(store, a, facts, s.config.Now())
	if err != nil {
		return nil, err
	}
	p, ok := store.Version(c.jurisdiction, facts.Report.PackVersion)
	if !ok {
		return nil, models.E(models.CodeUnavailable)
	}
	steps, known := make([]views.Offer, len(offers)), map[string][]models.Staff{}
	for i, o := range offers {
		steps[i] = views.Offer{Transition: o.Transition, TaskID: o.TaskID, Version: o.Version}
		if _, asked := o.Transition.Demands.Get(pack.DemandHandler); !asked {
			continue
		}
		unit := unitOfOffer(o, facts)
		if _, ok := known[unit]; !ok {
			if known[unit], err = models.Colleagues(ctx, s.config.DB, c.jurisdiction, unit); err != nil {
				return nil, err
			}
		}
		steps[i].Handlers = known[unit]
	}
	return s.assembler(c).Actions(p, steps), nil
}

// unitOfOffer is the unit whose task a step is about: the lead's where it names none.
func unitOfOffer(o workflow.Offer, facts *models.ReportFacts) string {
	for _, t := range facts.Tasks {
		if o.TaskID != nil && t.ID == *o.TaskID {
			return t.Unit
		}
	}
	if facts.Report.LeadUnit != nil {
		return *facts.Report.LeadUnit
	}
	return ""
}

// stepInput is a step that somebody takes.
type stepInput struct {
	ReportRef
	WithKey
	WithVersion
	Name string `path:"name" maxLength:"100" example:"resolve" doc:"One of those that were offered."`
	Body StepBody
}

// StepBody is what comes with a step; which of it counts, the step says.
type StepBody struct {
	TaskID       *uuid.UUID  `json:"task_id,omitempty" format:"uuid" doc:"The task that If-Match speaks of."`
	ReasonCode   string      `json:"reason_code,omitempty" example:"ngoai-tham-quyen"`
	Text         string      `json:"text,omitempty" example:"Đã thay bóng đèn và kiểm tra cả tuyến." doc:"An answer, a note, a question, a reply, a result or a directive, as the step demands."`
	RedactedText string      `json:"redacted_text,omitempty" doc:"The description without personal data: what units and public read. Of a split: what the second part says."`
	Outcome      string      `json:"outcome,omitempty" example:"fixed" doc:"fixed, planned, nothing_found or not_possible."`
	PhotoIDs     []uuid.UUID `json:"photo_ids,omitempty" format:"uuid" maxItems:"20" doc:"Photos that the caller has uploaded; of a split, those of the report that go with the second part."`
	Document     string      `json:"document,omitempty" example:"125/BC-CSĐT" doc:"The number of a document: one that proves the answer, or a directive's."`
	Unit         string      `json:"unit,omitempty" example:"chieu-sang"`
	SupportUnits []string    `json:"support_units,omitempty" maxItems:"50"`
	Category     string      `json:"category,omitempty" example:"den-duong"`
	Until        *time.Time  `json:"until,omitempty" doc:"What it is planned for, or when it is due from now on."`
	DuplicateOf  *uuid.UUID  `json:"duplicate_of,omitempty" format:"uuid"`
	Rating       *ratingBody `json:"rating,omitempty"`
	Handler      *uuid.UUID  `json:"handler,omitempty" format:"uuid" doc:"The staff member of the unit who is to do it."`
	Urgency      string      `json:"urgency,omitempty" example:"urgent" doc:"normal, urgent or sos."`
}

type ratingBody struct {
	Level   string `json:"level" example:"satisfied" doc:"satisfied, acceptable or unsatisfied."`
	Comment string `json:"comment,omitempty"`
}

// action is the step as the workflow takes it.
func (b *StepBody) action() workflow.Action {
	a := workflow.Action{
		ReasonCode: b.ReasonCode, Text: draft(b.Text), Redacted: draft(b.RedactedText), Outcome: models.Outcome(b.Outcome), PhotoIDs: b.PhotoIDs,
		Document: draft(b.Document), Unit: b.Unit, SupportUnits: b.SupportUnits, Category: b.Category, Until: b.Until, DuplicateOf: b.DuplicateOf,
	}
	a.Urgency = models.Urgency(b.Urgency)
	if b.Handler != nil {
		a.Handler = *b.Handler
	}
	if b.Rating != nil {
		a.Level, a.Comment = models.Level(b.Rating.Level), draft(b.Rating.Comment)
	}
	return a
}

// reportOutput is a report in the caller's view.
type reportOutput struct {
	Status int
	ETag   string `header:"ETag" doc:"Staff: the report's version, for If-Match."`
	Repeated
	Body shownReport
}

func (s *Server) takeAction(ctx context.Context, in *stepInput) (*reportOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpReportAct); err != nil {
		return nil, err
	}
	tidy(&in.Body)
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	key, err := in.key(s.mark("action/"+in.Name, in.ID, in.Body))
	if err != nil {
		return nil, err
	}
	done, err := s.act(ctx, c, &in.Body, workflow.Act{Actor: c.actor, ReportID: in.ID, Name: in.Name, Version: version, Key: key})
	if err != nil {
		return nil, err
	}
	return s.afterwards(ctx, c, in.ID, done.Replayed)
}

// act takes a step with what came with it. What deciding must not draw is drawn here: also
// the id and code of the report that the step may split off.
func (s *Server) act(ctx context.Context, c *call, body *StepBody, step workflow.Act) (ledger.Outcome, error) {
	store, p, err := s.packs(c)
	if err != nil {
		return ledger.Outcome{}, err
	}
	body.PhotoIDs = slices.Compact(body.PhotoIDs)
	step.Packs, step.TaskID, step.Action = store, body.TaskID, body.action()
	step.Action.Part = workflow.Part{ID: newID(), Code: newCode(p)}
	return s.config.Ledger.Do(ctx, step)
}

// afterwards is the report as the caller sees it once something was done to it. Who gave
// it away may see it no longer, which takes nothing from its having been done.
func (s *Server) afterwards(ctx context.Context, c *call, id uuid.UUID, replayed bool) (*reportOutput, error) {
	seen, err := models.FindReport(ctx, s.config.DB, c.actor, id)
	out := &reportOutput{Status: http.StatusOK, Repeated: repeated(replayed)}
	switch {
	case err == nil:
		out.Body, err = s.shown(ctx, c, seen)
	case models.CodeOf(err) == models.CodeNotFound:
		out.Status, err = http.StatusNoContent, nil
	}
	if c.actor.IsStaff() && out.Status == http.StatusOK {
		out.ETag = etagOf(seen.Report.Version)
	}
	return out, err
}
