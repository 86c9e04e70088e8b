// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/models"
	"hientruong/words"
)

func (s *Server) trackRoutes() {
	register(s, described(get("/api/v1/track/{code}", "track-get", "A report by its public code, in the public's view"),
		"The code forgives lower case, missing dashes, and O for 0."), s.track)
	register(s, described(post("/api/v1/track/{code}", "track-own", "A report by its public code, in the reporter's view"),
		"With the last four digits of the phone number that was given. A wrong code and wrong digits are answered alike, and counted: "+
			"five an hour a code, twenty an hour a caller, and a wide limit for strangers from one network. What finds the report is not counted, "+
			"and who found it has five tries of their own. Changes nothing, so that it needs no Idempotency-Key."), s.trackOwn)
}

// TrackedCode names a report by its public code.
type TrackedCode struct {
	Code string `path:"code" maxLength:"64" example:"DEMO-7K3F-9QXD-2MWT"`
}

// track shows a report to whoever has its code, as the public sees it.
func (s *Server) track(ctx context.Context, in *TrackedCode) (*reportOutput, error) {
	c := callOf(ctx)
	code, err := words.ParseCode(in.Code)
	if err != nil {
		return nil, models.E(models.CodeNotFound)
	}
	seen, err := models.FindReportByCode(ctx, s.config.DB, models.Guest(c.jurisdiction), code)
	if err != nil {
		return nil, err
	}
	out := &reportOutput{}
	out.Body, err = s.shown(ctx, c, seen)
	return out, err
}

type trackOwnInput struct {
	TrackedCode
	InstallationID string `header:"Installation-Id" doc:"A UUID that the client makes once and keeps to itself."`
	Body           struct {
		PhoneLast4 string `json:"phone_last4" maxLength:"20" example:"5678"`
	}
}

func (s *Server) trackOwn(ctx context.Context, in *trackOwnInput) (*reportOutput, error) {
	c := callOf(ctx)
	tidy(&in.Body)
	seen, err := s.prove(ctx, c, in.TrackedCode, in.InstallationID, in.Body.PhoneLast4)
	if err != nil {
		return nil, err
	}
	out := &reportOutput{}
	out.Body, err = s.shown(ctx, c, seen)
	return out, err
}

// prove finds a report for somebody who knows its code and the last four digits of its
// reporter's phone, and counts the try where they do not.
func (s *Server) prove(ctx context.Context, c *call, tracked TrackedCode, installation, last4 string) (models.Seen, error) {
	code, err := words.ParseCode(tracked.Code)
	if err != nil {
		return models.Seen{}, models.E(models.CodeNotFound)
	}
	limiter, guess := s.config.Identity.Limiter(), s.guessOf(c, code, installation)
	if err := limiter.TakeAll(guess.tries...); err != nil {
		return models.Seen{}, err
	}
	seen, err := models.TrackReport(ctx, s.config.DB, c.jurisdiction, code, s.last4Of(last4))
	if !errors.Is(err, models.E(models.CodeNotFound)) {
		limiter.GiveBack(guess.tries...) // nothing wrong was found to be wrong
	}
	if err == nil && guess.known.Key != "" {
		limiter.Trust(guess.known)
	}
	return seen, err
}

// guess is how a try at four digits is counted.
type guess struct {
	tries []identity.Try
	known identity.Try // by whom it is remembered that they were right; no key for nobody
}

// guessOf says where a try counts. Nothing of it depends on whether there is such a report
// or on what others found, so that being refused tells nothing. The code bounds what is
// found out about one report, the caller and the network what is tried at many. A caller
// costs nothing to make up, so strangers have the network's limit in common; that one must
// not hold up people behind the same carrier who proved a phone, or know the digits.
func (s *Server) guessOf(c *call, code, installation string) guess {
	counted := fmt.Sprintf("%d|%s", c.jurisdiction, code)
	g := guess{tries: []identity.Try{{Lane: identity.LaneTrack, Key: counted}}}
	if _, err := parseUUID(installation); err != nil {
		installation = ""
	}
	if caller := callerKey(c.actor, installation); caller != "" {
		g.known = identity.Try{Lane: identity.LaneTrackKnown, Key: counted + "|" + caller}
		if s.config.Identity.Limiter().Trusted(g.known) {
			g.tries = []identity.Try{g.known}
			return g
		}
		g.tries = append(g.tries, identity.Try{Lane: identity.LaneTrackCaller, Key: caller})
	}
	if c.actor.Kind != models.ActorCitizen && !c.actor.IsStaff() {
		g.tries = append(g.tries, identity.Try{Lane: identity.LaneTrackAddress, Key: networkOf(c.from)})
	}
	return g
}

// last4Of makes what the digits would be kept as. Whatever is no four digits is nobody's.
func (s *Server) last4Of(digits string) func(uuid.UUID) []byte {
	return func(report uuid.UUID) []byte { return s.config.Identity.Keys().Last4Index(report, digits) }
}
