// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/views"
)

func (s *Server) templateRoutes() {
	register(s, staffOnly(get("/api/v1/templates", "template-list", "Texts to begin from"),
		"Of the pack in force, in its order; for a report those of its own version and category, its placeholders filled. A placeholder that nothing is known for "+
			"stays as it is written."), s.listTemplates)
}

type templatesInput struct {
	Category string              `query:"category" maxLength:"100" doc:"The code of a category; what fits all of them is told too."`
	Kind     string              `query:"kind" enum:"answer,reject,transfer,question,return"`
	ReportID optional[uuid.UUID] `query:"report_id" format:"uuid" doc:"The report that the text is for."`
}

type templatesOutput struct{ Body page[views.Template] }

func (s *Server) listTemplates(ctx context.Context, in *templatesInput) (*templatesOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpTemplatesRead); err != nil {
		return nil, err
	}
	tidy(&in.Category)
	_, p, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	if _, known := p.Category(in.Category); in.Category != "" && !known {
		return nil, models.Invalid(models.Field("query.category", models.CodeUnknownCategory, nil))
	}
	if !in.ReportID.set {
		return &templatesOutput{Body: listOf(s.assembler(c).Templates(p, in.Kind, in.Category))}, nil
	}
	seen, bundle, err := s.hung(ctx, c, in.ReportID.value, models.ViewUnit, models.ViewOperations)
	if err != nil {
		return nil, err
	}
	items, err := s.assembler(c).TemplatesFor(seen.View, &seen.Report, bundle, in.Kind, in.Category)
	return &templatesOutput{Body: listOf(items)}, err
}
