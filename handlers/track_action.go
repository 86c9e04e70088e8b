// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net/http"

	"hientruong/models"
	"hientruong/views"
	"hientruong/workflow"
)

func (s *Server) trackActionRoutes() {
	const tries = "Wrong digits are counted as at /track/{code}."
	register(s, described(post("/api/v1/track/{code}/actions", "track-action-list", "What the reporter of a report may do with it now"),
		"For who has no account: with the public code and the last four digits of the phone number that was given. "+tries+" Changes nothing, so that it needs no Idempotency-Key."), s.trackOffers)
	register(s, described(answers(post("/api/v1/track/{code}/actions/{name}", "track-action-take", "Take a step as the reporter, by code"),
		http.StatusForbidden, http.StatusConflict),
		"For who has no account: rating, appealing, adding information, asking for it again, withdrawing. "+tries+" The answer is the report in its reporter's view."), s.trackAct)
}

func (s *Server) trackOffers(ctx context.Context, in *trackOwnInput) (*offersOutput, error) {
	c := callOf(ctx)
	tidy(&in.Body)
	seen, err := s.prove(ctx, c, in.TrackedCode, in.InstallationID, in.Body.PhoneLast4)
	if err != nil {
		return nil, err
	}
	store, _, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	reporter := models.ProvenGuest(c.jurisdiction, seen.Report.ID)
	facts, err := models.FindFacts(ctx, s.config.DB, reporter, seen.Report.ID)
	if err != nil {
		return nil, err
	}
	out := &offersOutput{}
	out.Body.Items = []views.Action{}
	out.Body.Items, err = s.offered(ctx, c, store, reporter, facts)
	return out, err
}

type trackActInput struct {
	TrackedCode
	WithKey
	Name string `path:"name" maxLength:"100" example:"rate" doc:"One of those that were offered."`
	Body struct {
		PhoneLast4 string `json:"phone_last4" maxLength:"20" example:"5678"`
		StepBody
	}
}

func (s *Server) trackAct(ctx context.Context, in *trackActInput) (*reportOutput, error) {
	c := callOf(ctx)
	tidy(&in.Body)
	seen, err := s.prove(ctx, c, in.TrackedCode, in.InstallationID, in.Body.PhoneLast4)
	if err != nil {
		return nil, err
	}
	key, err := in.key(s.mark("track/"+in.Name, seen.Report.ID, in.Body))
	if err != nil {
		return nil, err
	}
	reporter := models.ProvenGuest(c.jurisdiction, seen.Report.ID)
	done, err := s.act(ctx, c, &in.Body.StepBody, workflow.Act{Actor: reporter, ReportID: seen.Report.ID, Name: in.Name, Key: key})
	if err != nil {
		return nil, err
	}
	if seen, err = models.ProvenReport(ctx, s.config.DB, c.jurisdiction, seen.Report.ID); err != nil {
		return nil, err
	}
	out := &reportOutput{Repeated: repeated(done.Replayed)}
	out.Body, err = s.shown(ctx, c, seen)
	return out, err
}
