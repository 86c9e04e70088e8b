// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/views"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// SubmittedReport is what a submission is answered with: the report as its reporter sees it.
type SubmittedReport struct {
	views.Own
	Warnings []Warning `json:"warnings,omitempty"`
}

// Warning says that a report was taken, and what its sender may want to look at again.
type Warning struct {
	Code    string `json:"code" example:"outside_area"`
	Message string `json:"message" doc:"In the caller's language."`
}

// submitted answers a submission from what was written, without another look at the
// database; only a second try is read, for the report may have moved on.
func (s *Server) submitted(f *fiber.Ctx, c *call, p *pack.Pack, form workflow.Form, out ledger.Outcome) (err error) {
	report, bundle := written(out.Change)
	if out.Replayed {
		f.Set("Idempotency-Replayed", "true")
		if report, bundle, err = s.proven(f.UserContext(), c, out); err != nil {
			return err
		}
	}
	own, err := s.assembler(c).Own(&report, bundle)
	if err != nil {
		return err
	}
	f.Set(fiber.HeaderLocation, submitPath+"/"+report.ID.String())
	f.Set(fiber.HeaderETag, etagOf(report.Version))
	return f.Status(fiber.StatusCreated).JSON(SubmittedReport{Own: own, Warnings: s.warnings(c, p, form)})
}

// proven reads a report for somebody who sent its very words with its very key.
func (s *Server) proven(ctx context.Context, c *call, out ledger.Outcome) (models.Report, *models.Bundle, error) {
	seen, err := models.ProvenReport(ctx, s.config.DB, c.jurisdiction, out.Subject)
	if err != nil {
		return models.Report{}, nil, err
	}
	bundles, err := models.LoadBundle(ctx, s.config.DB, []models.Report{seen.Report}, seen.View)
	if err != nil {
		return models.Report{}, nil, err
	}
	return seen.Report, bundles[seen.Report.ID], nil
}

// written picks a new report and what hangs on it out of a change.
func written(change models.Change) (models.Report, *models.Bundle) {
	var report models.Report
	bundle := &models.Bundle{Texts: map[uuid.UUID]models.Text{}}
	for _, rows := range [][]models.Row{change.Insert, change.Update} {
		for _, row := range rows {
			switch r := row.(type) {
			case models.Report:
				report = r.For(models.ViewOwn)
			case models.Text:
				if r.Kind != models.TextConsent {
					bundle.Texts[r.ID] = r
				}
			case models.Photo:
				bundle.Photos = append(bundle.Photos, r)
			case models.Deadline:
				bundle.Deadlines = append(bundle.Deadlines, r)
			}
		}
	}
	return report, bundle
}

// nearestWithin is how far outside every area the nearest is still taken, in metres.
const nearestWithin = 2000

// warnings say that a point lies in no area, and where the report went instead.
func (s *Server) warnings(c *call, p *pack.Pack, form workflow.Form) []Warning {
	place := form.Locate(p)
	switch {
	case place.Beside:
		_, metres, _ := p.Areas().Nearest(*place.Point, nearestWithin)
		params := map[string]string{"area": place.Area.Name, "metres": strconv.Itoa(int(metres))}
		return []Warning{{Code: string(models.CodeOutsideArea), Message: s.config.Words.Text(c.language, "problem.outside_area_nearest.detail", params)}}
	case place.Outside():
		_, detail := s.config.Words.Problem(c.language, string(models.CodeOutsideArea), nil)
		return []Warning{{Code: string(models.CodeOutsideArea), Message: detail}}
	}
	return nil
}
