// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net/http"

	"hientruong/models"
	"hientruong/workflow"
)

func (s *Server) claimRoutes() {
	register(s, answers(staffOnly(post("/api/v1/reports/{id}/claim", "claim-take", "Take a report into hand, or go on holding it"),
		"For operators and verifiers, for ten minutes: nobody else of the operations centre can act on it meanwhile."), http.StatusConflict), s.claim)
	register(s, answers(staffOnly(remove("/api/v1/reports/{id}/claim", "claim-release", "Put a report back"),
		"Putting back what nobody holds changes nothing."), http.StatusConflict), s.release)
}

type claimInput struct {
	ReportRef
	WithKey
}

func (s *Server) claim(ctx context.Context, in *claimInput) (*reportOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpReportClaim); err != nil {
		return nil, err
	}
	key, err := in.key(s.mark("claim", in.ID, nil))
	if err != nil {
		return nil, err
	}
	done, err := s.config.Ledger.Do(ctx, workflow.Claim{Actor: c.actor, ReportID: in.ID, Key: key})
	if err != nil {
		return nil, err
	}
	return s.afterwards(ctx, c, in.ID, done.Replayed)
}

func (s *Server) release(ctx context.Context, in *ReportRef) (*struct{}, error) {
	c := callOf(ctx)
	if err := c.require(models.OpReportClaim); err != nil {
		return nil, err
	}
	_, err := s.config.Ledger.Do(ctx, workflow.Claim{Actor: c.actor, ReportID: in.ID, Release: true})
	return nil, err
}
