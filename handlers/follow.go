// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net/http"

	"hientruong/models"
	"hientruong/workflow"
)

func (s *Server) followRoutes() {
	register(s, answers(silent(signedIn(described(operation(http.MethodPut, "/api/v1/reports/{id}/follow", "follow-begin", "Hear what becomes of a report"),
		"Of one that is public and another's: the caller's own are told of anyway (409). Following twice is following once."))), http.StatusConflict), s.follow)
	register(s, answers(signedIn(described(remove("/api/v1/reports/{id}/follow", "follow-end", "Hear no more of a report"),
		"Leaving what one does not follow changes nothing.")), http.StatusConflict), s.unfollow)
	register(s, answers(signedIn(described(post("/api/v1/reports/{id}/me-too", "follow-me-too", "Say that one is affected as well"),
		"Counted once a person or phone, who follows the report from then on. The answer is the report, as the public sees it.")), http.StatusConflict), s.meToo)
	register(s, described(signedIn(get("/api/v1/me/follows", "me-follows", "Reports that the caller follows, newest first")),
		"As the public sees them; one that is public no longer is left out."), s.listFollowed)
}

func (s *Server) follow(ctx context.Context, in *ReportRef) (*struct{}, error) {
	_, err := s.following(ctx, workflow.Follow{ReportID: in.ID})
	return nil, err
}

func (s *Server) unfollow(ctx context.Context, in *ReportRef) (*struct{}, error) {
	_, err := s.following(ctx, workflow.Follow{ReportID: in.ID, End: true})
	return nil, err
}

// following writes a wish of the caller's down. It says whether an earlier request did.
func (s *Server) following(ctx context.Context, wish workflow.Follow) (replayed bool, err error) {
	c := callOf(ctx)
	if c.actor.Kind == models.ActorGuest {
		return false, models.E(models.CodeUnauthorized)
	}
	if err := c.require(models.OpReportFollow); err != nil {
		return false, err
	}
	wish.Actor = c.actor
	done, err := s.config.Ledger.Do(ctx, wish)
	return done.Replayed, err
}

type meTooInput struct {
	ReportRef
	WithKey
}

func (s *Server) meToo(ctx context.Context, in *meTooInput) (*reportOutput, error) {
	c := callOf(ctx)
	// The caller is part of it: two on one phone are two who are affected.
	key, err := in.key(s.mark("me-too/"+c.actor.String(), in.ID, nil))
	if err != nil {
		return nil, err
	}
	replayed, err := s.following(ctx, workflow.Follow{ReportID: in.ID, MeToo: true, Key: key})
	if err != nil {
		return nil, err
	}
	return s.afterwards(ctx, c, in.ID, replayed)
}

func (s *Server) listFollowed(ctx context.Context, in *ownInput) (*reportListOutput, error) {
	c := callOf(ctx)
	found, err := models.ListFollowed(ctx, s.config.DB, c.actor, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return s.reportList(ctx, c, found)
}
