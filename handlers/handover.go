// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// handoverPage is how many reports one call hands over at most.
const handoverPage = 200

func (s *Server) handoverRoutes() {
	register(s, staffOnly(post("/api/v1/admin/handover", "admin-handover", "Give all that a unit has to another"),
		"For administrators. With plan nothing is done but counted. Else up to 200 reports a call, in the order of their ids: call again with next_cursor until it is null. "+
			"What was handed over is not there to be handed over again, so that it needs no Idempotency-Key."), s.handOver)
}

type handoverInput struct {
	Body struct {
		Unit   string    `json:"unit" maxLength:"100" example:"phuong-cau-may" doc:"The code of the unit that has it; it need not exist any more."`
		To     string    `json:"to" maxLength:"100" doc:"The code of the unit that takes over."`
		Plan   bool      `json:"plan,omitempty" doc:"Count, and do nothing."`
		Cursor uuid.UUID `json:"cursor,omitempty" format:"uuid" doc:"The next_cursor of the call before."`
	}
}

type handoverOutput struct {
	Body struct {
		Work       []handoverWork `json:"work" doc:"What there is to hand over: before anything was done."`
		Handed     int            `json:"handed" doc:"Reports that this call handed over."`
		Failed     []handoverFail `json:"failed" doc:"Reports that stay, and why."`
		NextCursor *uuid.UUID     `json:"next_cursor" format:"uuid"`
	}
}

// handoverWork is how many reports in a state a unit has a part in.
type handoverWork struct {
	State models.State `json:"state"`
	Lead  bool         `json:"lead"`
	Count int          `json:"count"`
}

type handoverFail struct {
	ReportID uuid.UUID   `json:"report_id" format:"uuid"`
	Code     models.Code `json:"code"`
}

func (s *Server) handOver(ctx context.Context, in *handoverInput) (*handoverOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpTasksHandOver); err != nil {
		return nil, err
	}
	tidy(&in.Body)
	store, p, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	wish := workflow.HandOver{Packs: store, Actor: c.actor, From: in.Body.Unit, To: in.Body.To}
	unit, ok := p.Unit(wish.To)
	switch {
	case wish.From == "":
		return nil, models.Invalid(models.Field("body.unit", models.CodeRequired, nil))
	case !ok, !unit.ValidAt(s.config.Now().In(p.Zone())):
		return nil, models.Invalid(models.Field("body.to", models.CodeUnknownUnit, nil))
	case wish.From == wish.To:
		return nil, models.Invalid(models.Field("body.to", models.CodeInvalidValue, nil))
	}
	out := &handoverOutput{}
	out.Body.Work, out.Body.Failed = []handoverWork{}, []handoverFail{}
	work, err := models.CountUnitWork(ctx, s.config.DB, c.jurisdiction, wish.From)
	for _, w := range work {
		out.Body.Work = append(out.Body.Work, handoverWork(w))
	}
	if err != nil || in.Body.Plan {
		return out, err
	}
	return out, s.handOverPage(ctx, c, wish, in.Body.Cursor, out)
}

// handOverPage hands a page of reports over. One that cannot be is told and passed over:
// what ends a whole call is a ledger that takes no more.
func (s *Server) handOverPage(ctx context.Context, c *call, wish workflow.HandOver, after uuid.UUID, out *handoverOutput) error {
	reports, err := models.UnitReports(ctx, s.config.DB, c.jurisdiction, wish.From, after, handoverPage)
	if err != nil {
		return err
	}
	for _, r := range reports {
		wish.ReportID = r.ID
		_, err := s.config.Ledger.Do(ctx, wish)
		switch code := models.CodeOf(err); {
		case err == nil:
			out.Body.Handed++
		case code == models.CodeQueueFull, code == models.CodeUnavailable, code == models.CodeTimeout:
			return err
		default:
			s.logger.Warn("a report was not handed over", "request_id", c.id, "report", r.ID, "error", err)
			out.Body.Failed = append(out.Body.Failed, handoverFail{r.ID, code})
		}
	}
	if len(reports) == handoverPage {
		out.Body.NextCursor = &reports[handoverPage-1].ID
	}
	return nil
}
