// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

func (s *Server) decisionRoutes() {
	register(s, staffOnly(get("/api/v1/admin/decisions", "admin-decision-list", "Decisions about deadlines, newest first"),
		"For leaders and administrators. Revoked ones are among them."), s.listDecisions)
	create := staffOnly(post("/api/v1/admin/decisions", "admin-decision-make", "Suspend or extend deadlines by a decision"),
		"For leaders and administrators. suspend: what lies within the interval is not counted. extend: what runs within it gets so many days more, once. "+
			"Every open deadline that it covers is counted anew, with a trace.")
	create.DefaultStatus = http.StatusCreated
	register(s, create, s.makeDecision)
	register(s, staffOnly(remove("/api/v1/admin/decisions/{id}", "admin-decision-revoke", "Take a decision back"),
		"For leaders and administrators. The deadlines are counted anew without it; one that is revoked stays so."), s.revokeDecision)
}

// decisionBody is an authority's order about deadlines.
type decisionBody struct {
	ID         uuid.UUID           `json:"id" format:"uuid"`
	Document   string              `json:"document" example:"1245/QĐ-UBND"`
	Kind       models.DecisionKind `json:"kind" enum:"suspend,extend"`
	Areas      []string            `json:"areas"`
	Categories []string            `json:"categories"`
	StartsAt   time.Time           `json:"starts_at"`
	EndsAt     time.Time           `json:"ends_at"`
	Days       int16               `json:"days"`
	MadeBy     string              `json:"made_by" doc:"By kind and id."`
	MadeAt     time.Time           `json:"made_at"`
	RevokedAt  *time.Time          `json:"revoked_at"`
}

func decisionOf(d models.Decision) decisionBody {
	return decisionBody{
		d.ID, d.Document, d.Kind, append([]string{}, d.Areas...), append([]string{}, d.Categories...), d.StartsAt.UTC(), d.EndsAt.UTC(), d.Days, d.MadeBy,
		d.MadeAt.UTC(), d.RevokedAt,
	}
}

type decisionsOutput struct{ Body page[decisionBody] }

func (s *Server) listDecisions(ctx context.Context, _ *struct{}) (*decisionsOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpDecisionMake); err != nil {
		return nil, err
	}
	all, err := models.DecisionsOf(ctx, s.config.DB, c.jurisdiction)
	items := make([]decisionBody, len(all))
	for i, d := range all {
		items[i] = decisionOf(d)
	}
	return &decisionsOutput{Body: listOf(items)}, err
}

type decisionInput struct {
	WithKey
	Body struct {
		Document   string              `json:"document" maxLength:"400" example:"1245/QĐ-UBND" doc:"Its number."`
		Kind       models.DecisionKind `json:"kind" enum:"suspend,extend"`
		Areas      []string            `json:"areas,omitempty" maxItems:"1000" doc:"Codes of areas; none means all."`
		Categories []string            `json:"categories,omitempty" maxItems:"1000" doc:"Codes of categories; none means all."`
		StartsAt   time.Time           `json:"starts_at"`
		EndsAt     time.Time           `json:"ends_at"`
		Days       int                 `json:"days,omitempty" minimum:"0" maximum:"365" doc:"Of an extension, counted as each deadline counts them."`
	}
}

type decisionOutput struct {
	Repeated
	Body decisionBody
}

func (s *Server) makeDecision(ctx context.Context, in *decisionInput) (*decisionOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpDecisionMake); err != nil {
		return nil, err
	}
	store, _, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	b := &in.Body
	tidy(b)
	if err := inCalendar(b.StartsAt, "body.starts_at"); err != nil {
		return nil, err
	}
	if err := inCalendar(b.EndsAt, "body.ends_at"); err != nil {
		return nil, err
	}
	key, err := in.key(s.mark("decisions", uuid.Nil, b))
	if err != nil {
		return nil, err
	}
	done, err := s.config.Ledger.Do(ctx, workflow.MakeDecision{
		Packs: store, Actor: c.actor, ID: newID(), Document: b.Document, Kind: b.Kind, Areas: b.Areas, Categories: b.Categories,
		StartsAt: b.StartsAt, EndsAt: b.EndsAt, Days: b.Days, Key: key,
	})
	if err != nil {
		return nil, err
	}
	made, err := models.DecisionByID(ctx, s.config.DB, c.jurisdiction, done.Subject)
	return &decisionOutput{Repeated: repeated(done.Replayed), Body: decisionOf(made)}, err
}

// inCalendar refuses moments that neither a calendar nor PostgreSQL knows.
func inCalendar(at time.Time, location string) error {
	if y := at.UTC().Year(); !at.IsZero() && (y < 1970 || y > 2200) {
		return models.Invalid(models.Field(location, models.CodeOutOfRange, models.Params{"min": 1970, "max": 2200}))
	}
	return nil
}

// DecisionRef names a decision.
type DecisionRef struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

func (s *Server) revokeDecision(ctx context.Context, in *DecisionRef) (*struct{}, error) {
	c := callOf(ctx)
	if err := c.require(models.OpDecisionMake); err != nil {
		return nil, err
	}
	_, err := s.config.Ledger.Do(ctx, workflow.RevokeDecision{Actor: c.actor, ID: in.ID})
	return nil, err
}
