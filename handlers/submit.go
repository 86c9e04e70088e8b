// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"crypto/rand"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/words"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

const submitPath = "/api/v1/reports"

// submitRoutes are plain Fiber: photos stream through, and this is the call that must hold
// when a storm has a whole province reporting.
func (s *Server) submitRoutes() {
	s.app.Post(submitPath, s.submitReport)
	op := post(submitPath, "report-submit", "Send a report in")
	op.Description = "A multipart form with a part report (JSON) and up to as many parts photos as /api/v1/config says, in any order; or plain JSON. " +
		"Names that are not listed here are refused: a name that was mistyped would else be lost without a word. " +
		"A place outside every area gets a warning beside the report."
	op.Parameters = keyParameters()
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: schemaOf[Submission](s), Example: submissionExample()},
		"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"report"}, Properties: map[string]*huma.Schema{
				"report": schemaOf[Submission](s),
				"photos": {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString, Format: "binary", ContentEncoding: "binary"}},
			},
		}},
	}}
	op.Responses = s.responses("201", "The report in its reporter's view. Location says where it is read; Idempotency-Replayed: true that it was there already.", schemaOf[SubmittedReport](s))
	s.document(op)
}

// submitReport reads, decides through the ledger, and answers from what was written.
func (s *Server) submitReport(f *fiber.Ctx) error {
	c := callOf(f.UserContext())
	store, p, err := s.maySubmit(c)
	if err != nil {
		return err
	}
	key, installation := f.Get("Idempotency-Key"), f.Get("Installation-Id")
	if _, err := idempotencyKey(key, installation, [32]byte{}); err != nil {
		return err
	}
	limits := p.Settings().Limits
	in := &intake{server: s, call: c, limits: limits, json: "report", photo: "photos", most: limits.Photos}
	defer in.drop()
	if err := in.read(f); err != nil {
		return err
	}
	var said Submission
	if in.content == nil {
		return models.Invalid(models.Field("body.report", models.CodeRequired, nil))
	}
	if err := decodeJSON(in.content, &said); err != nil {
		return err
	}
	tidy(&said)
	what, err := said.understand(c, p, s.config.Now())
	if err != nil {
		return err
	}
	if err := s.spend(c, installation, what); err != nil && !s.tried(f.UserContext(), c, key, installation) {
		return err
	}
	intent, err := s.submission(c, p, what, in.photos())
	if err != nil {
		return err
	}
	intent.Packs = store
	if intent.Key, err = idempotencyKey(key, installation, s.mark(submitPath, uuid.Nil, said, in.staged...)); err != nil {
		return err
	}
	out, err := s.config.Ledger.Do(f.UserContext(), intent)
	if err != nil {
		s.keepIfUnsure(in, err)
		return err
	}
	if !out.Replayed {
		in.staged = nil // the ledger's now
	}
	return s.submitted(f, c, p, what.form, out)
}

// tried says whether the caller has used the key before: who tries the same report again
// is to have its answer, whatever the limit.
func (s *Server) tried(ctx context.Context, c *call, key, installation string) bool {
	used, err := idempotencyKey(key, installation, [32]byte{})
	if err != nil {
		return false
	}
	_, err = models.FindKeptKey(ctx, s.config.DB, c.jurisdiction, used.Installation, used.Key)
	return err == nil
}

// maySubmit says whether the caller may report at all, before anything is read.
func (s *Server) maySubmit(c *call) (*pack.Store, *pack.Pack, error) {
	if err := c.require(models.OpReportSubmit); err != nil {
		return nil, nil, err
	}
	store, p, err := s.packs(c)
	if err == nil && c.actor.Kind == models.ActorGuest && !p.Settings().GuestReports {
		err = models.E(models.CodeUnauthorized)
	}
	return store, p, err
}

// submission makes the intent: it draws what deciding must not draw.
func (s *Server) submission(c *call, p *pack.Pack, what parsed, staged []models.Photo) (workflow.Submit, error) {
	intent := workflow.Submit{
		Actor: c.actor, Origin: originOf(c.actor), Form: what.form, ID: newID(), Code: newCode(p),
		Text: draft(what.form.Description), Address: draft(placeInWords(what.form)), Consent: draft(what.consent), OnBehalf: what.behalf,
		Staged: staged,
	}
	if who := what.contact; who.Name != "" || who.Phone != "" || who.Email != "" {
		sealed, err := s.config.Identity.Keys().SealContact(intent.ID, c.jurisdiction, who.Name, who.Phone, who.Email)
		if err != nil {
			return workflow.Submit{}, err
		}
		intent.Contact = &sealed
	}
	return intent, nil
}

// newCode draws the public code of a report.
func newCode(p *pack.Pack) string {
	var random [7]byte
	_, _ = rand.Read(random[:]) // never fails: the program would have ended
	return words.Code(p.Settings().Prefix, random)
}

// placeInWords is what is kept of a place that was told: the address, and the words.
func placeInWords(form workflow.Form) string {
	switch {
	case form.Address == "" || form.Words == "":
		return form.Address + form.Words
	default:
		return form.Address + "\n" + form.Words
	}
}

// keepIfUnsure leaves staged photos alone when nobody knows yet whether the ledger has
// them: the intent goes on after its caller has left. What it does not take is swept.
func (s *Server) keepIfUnsure(in *intake, err error) {
	switch models.CodeOf(err) {
	case models.CodeTimeout, models.CodeUnavailable, models.CodeInternal:
		in.staged = nil
	default: // the ledger does not have them
	}
}

func originOf(a models.Actor) models.Origin {
	if a.Demo {
		return models.OriginDemo
	}
	return models.OriginLive
}

// keyParameters document the headers of a call against doing things twice.
func keyParameters() []*huma.Param {
	schema := &huma.Schema{Type: huma.TypeString, Format: "uuid"}
	return []*huma.Param{
		{Name: "Idempotency-Key", In: "header", Required: true, Schema: schema, Description: "A UUID of the caller's own. A second try with the same key and body is answered alike and done once."},
		{Name: "Installation-Id", In: "header", Schema: schema, Description: "A UUID that the client makes once and keeps; keys are its own."},
	}
}

// responses document what a plain route answers.
func (s *Server) responses(status, description string, schema *huma.Schema) map[string]*huma.Response {
	return map[string]*huma.Response{
		status:    {Description: description, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		"default": {Description: "A problem.", Content: map[string]*huma.MediaType{problemType: {Schema: schemaOf[Problem](s)}}},
	}
}
