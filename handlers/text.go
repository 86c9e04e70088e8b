// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/views"
	"hientruong/workflow"
)

func (s *Server) textRoutes() {
	register(s, staffOnly(get("/api/v1/reports/{id}/texts", "text-list", "Every version of everything that was written about a report"),
		"For the operations centre, oldest first. Of what was erased the digest is left, by which the log still proves that it was there."), s.listTexts)
	register(s, staffOnly(remove("/api/v1/reports/{id}/texts/{text_id}", "text-erase", "Erase what a text says, for good"),
		"For verifiers and administrators, of any kind of text, for one of the pack's reasons to hide. What was erased before stays as it is."), s.eraseText)
	register(s, answers(staffOnly(post("/api/v1/reports/{id}/texts/{text_id}/corrections", "text-correct", "Put a new version in the place of what others read"),
		"For operators and verifiers: of the shared text, which may still be the original, or of the answer. The version before is kept. "+
			"If-Match is the report's version."), http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired), s.correctText)
}

// TextRef names a text of a report.
type TextRef struct {
	ReportRef
	TextID uuid.UUID `path:"text_id" format:"uuid" doc:"As the list of texts has it."`
}

type textsOutput struct{ Body page[views.TextVersion] }

func (s *Server) listTexts(ctx context.Context, in *ReportRef) (*textsOutput, error) {
	c := callOf(ctx)
	if err := c.colleague(); err != nil {
		return nil, err
	}
	if models.WidestView(c.actor) != models.ViewOperations {
		return nil, models.E(models.CodeForbidden)
	}
	all, roles, err := models.TextVersions(ctx, s.config.DB, c.actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &textsOutput{Body: listOf(views.TextVersions(all, roles))}, nil
}

type eraseInput struct {
	TextRef
	Reason string `query:"reason_code" maxLength:"100" example:"thong-tin-ca-nhan" doc:"One of the pack's reasons to hide."`
}

func (s *Server) eraseText(ctx context.Context, in *eraseInput) (*struct{}, error) {
	c := callOf(ctx)
	if err := c.require(models.OpTextErase); err != nil {
		return nil, err
	}
	store, _, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	_, err = s.config.Ledger.Do(ctx, workflow.EraseText{Packs: store, Actor: c.actor, ReportID: in.ID, TextID: in.TextID, Reason: clean(in.Reason)})
	return nil, elsewhere(err, "body.", "query.")
}

// elsewhere moves the fields that an error names to the part of the request that they came in.
func elsewhere(err error, from, to string) error {
	var known *models.Error
	if !errors.As(err, &known) || len(known.Fields) == 0 {
		return err
	}
	moved := *known
	moved.Fields = nil
	for _, f := range known.Fields {
		if rest, ok := strings.CutPrefix(f.Location, from); ok {
			f.Location = to + rest
		}
		moved.Fields = append(moved.Fields, f)
	}
	return &moved
}

type correctInput struct {
	TextRef
	WithKey
	WithVersion
	Body textBody
}

func (s *Server) correctText(ctx context.Context, in *correctInput) (*reportOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpTextCorrect); err != nil {
		return nil, err
	}
	store, _, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	tidy(&in.Body)
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	key, err := in.key(s.mark("texts/"+in.TextID.String(), in.ID, in.Body))
	if err != nil {
		return nil, err
	}
	done, err := s.config.Ledger.Do(ctx, workflow.Correct{
		Packs: store, Actor: c.actor, ReportID: in.ID, TextID: in.TextID, Text: draft(in.Body.Text), Version: version, Key: key,
	})
	if err != nil {
		return nil, elsewhere(err, "body.text_id", "path.text_id")
	}
	return s.afterwards(ctx, c, in.ID, done.Replayed)
}
