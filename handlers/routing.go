// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"hientruong/models"
	"hientruong/views"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

func (s *Server) routingRoutes() {
	register(s, staffOnly(post("/api/v1/admin/routing/try", "admin-routing-try", "Ask where a report would go, and why"),
		"For the operations centre and administrators. Any version of the pack answers, for any moment: every rule that was tried, with the values that it "+
			"looked at, and the deadlines that would run. Nothing is filed, so that it needs no Idempotency-Key."), s.tryRouting)
}

type tryInput struct {
	Body tryBody
}

type tryBody struct {
	Category    string            `json:"category" maxLength:"100" example:"den-duong"`
	Description string            `json:"description,omitempty" maxLength:"20000" doc:"For rules that look for words."`
	Location    *SubmittedPlace   `json:"location,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"`
	Urgent      bool              `json:"urgent,omitempty"`
	Channel     models.Channel    `json:"channel,omitempty" enum:"app,web,hotline,agent,machine,open311,sms,import" default:"web"`
	At          *time.Time        `json:"at,omitempty" doc:"When it would come in; now without it."`
	Pack        int32             `json:"pack,omitempty" minimum:"1" doc:"The number of a version of the pack; the one in force without it."`
}

type tryOutput struct{ Body views.Trial }

func (s *Server) tryRouting(ctx context.Context, in *tryInput) (*tryOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpRoutingTry); err != nil {
		return nil, err
	}
	tidy(&in.Body)
	at, err := in.Body.at(s.config.Now())
	if err != nil {
		return nil, err
	}
	store, p, err := s.versionAt(c, in.Body.Pack, at)
	if err != nil {
		return nil, err
	}
	form := in.Body.form(c)
	if err := passable(form, p, at); err != nil {
		return nil, err
	}
	trial, err := workflow.Submit{
		Packs: store, Actor: c.actor, Origin: models.OriginDrill, Form: form, ID: newID(), Text: draft(form.Description),
	}.Try(at)
	if err != nil {
		return nil, err
	}
	shown, err := s.assembler(c).Trial(&trial.Report, trial.Route, trial.Deadlines)
	return &tryOutput{Body: shown}, err
}

// at is the moment that is asked about, within what calendars and PostgreSQL know.
func (b *tryBody) at(now time.Time) (time.Time, error) {
	if b.At == nil {
		return now, nil
	}
	at := b.At.UTC().Truncate(time.Microsecond)
	if at.Year() < 1970 || at.Year() > 2200 {
		return at, models.Invalid(models.Field("body.at", models.CodeOutOfRange, models.Params{"min": 1970, "max": 2200}))
	}
	return at, nil
}

// versionAt is a store that knows one version of the pack, in force at a moment or with a number.
func (s *Server) versionAt(c *call, number int32, at time.Time) (*pack.Store, *pack.Pack, error) {
	store, _, err := s.packs(c)
	if err != nil {
		return nil, nil, err
	}
	p, current := store.Current(c.jurisdiction, at)
	if number != 0 {
		current = number
		if p, _ = store.Version(c.jurisdiction, number); p == nil {
			return nil, nil, models.Invalid(models.Field("body.pack", models.CodeInvalidValue, nil))
		}
	}
	if p == nil {
		return nil, nil, models.Invalid(models.Field("body.at", models.CodeOutOfRange, nil))
	}
	one := pack.NewStore().With(c.jurisdiction, current, p, time.Time{}).WithDecisions(c.jurisdiction, store.Decisions(c.jurisdiction))
	return one, p, nil
}

func (b *tryBody) form(c *call) workflow.Form {
	form := workflow.Form{
		Category: b.Category, Description: b.Description, Attributes: b.Attributes, Urgent: b.Urgent, Channel: b.Channel, Language: models.Language(c.language),
	}
	if l := b.Location; l != nil {
		form.Lat, form.Lon, form.AccuracyM = l.Lat, l.Lon, l.AccuracyM
		form.Source, form.AreaID, form.Words = models.Source(l.Source), l.AreaID, l.Words
	}
	return form
}

// passable says what is wrong with an input. What is only missing is nothing wrong: rules
// are tried on what is known.
func passable(form workflow.Form, p *pack.Pack, at time.Time) error {
	if c, ok := p.Category(form.Category); ok && c.SOS {
		form.SOS = &models.SOS{}
	}
	err := form.Validate(p, at, true)
	if err == nil {
		return nil
	}
	missing := []models.Code{models.CodeAttributeMissing, models.CodePlaceMissing, models.CodeRequired}
	faults := slices.DeleteFunc(slices.Clone(domainError(err).Fields), func(f models.FieldError) bool {
		return f.Location != "body.category" && slices.Contains(missing, f.Code) && !strings.HasPrefix(f.Location, "body.location.")
	})
	if len(faults) == 0 {
		return nil
	}
	return models.Invalid(faults...)
}
