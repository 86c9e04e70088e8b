// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hientruong/views"
	"hientruong/workflow/pack"
)

func (s *Server) configRoutes() {
	register(s, get("/api/v1/config", "config-get", "What a client needs to know before it begins"), s.getConfig)
	register(s, cacheable(get("/api/v1/categories", "category-list", "What can be reported, by group")), s.listCategories)
	register(s, cacheable(get("/api/v1/areas", "area-list", "Wards and communes")), s.listAreas)
	register(s, cacheable(get("/api/v1/units", "unit-list", "The bodies that work on reports")), s.listUnits)
}

// cacheable describes a list that changes with the pack alone.
func cacheable(op huma.Operation) huma.Operation {
	op = also(op, http.StatusNotModified, "What the caller has is still so.")
	return described(op, "In the caller's language. The ETag changes with the pack: send it back as If-None-Match.")
}

type configOutput struct{ Body views.Config }

func (s *Server) getConfig(ctx context.Context, _ *struct{}) (*configOutput, error) {
	c := callOf(ctx)
	store, p, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	_, number := store.Current(c.jurisdiction, s.config.Now())
	return &configOutput{Body: s.assembler(c).Config(c.jurisdiction, p, number)}, nil
}

// packInput asks for a list that changes with the pack alone, and comes on one page.
type packInput struct {
	IfNoneMatch string `header:"If-None-Match" maxLength:"200"`
}

// packOutput is a list that changes with the pack alone.
type packOutput[T any] struct {
	Status       int
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         page[T]
}

// ofPack makes a list out of the pack in force, unless the caller has it already.
func ofPack[T any](ctx context.Context, s *Server, in *packInput, list func(views.Assembler, *pack.Pack) []T) (*packOutput[T], error) {
	c := callOf(ctx)
	_, p, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	out := &packOutput[T]{Status: http.StatusOK, ETag: fmt.Sprintf(`"%.16s-%s"`, p.DigestHex(), c.language), CacheControl: "private, max-age=60"}
	if in.IfNoneMatch == out.ETag {
		out.Status = http.StatusNotModified
		return out, nil
	}
	out.Body = listOf(list(s.assembler(c), p))
	return out, nil
}

func (s *Server) listCategories(ctx context.Context, in *packInput) (*packOutput[views.Category], error) {
	return ofPack(ctx, s, in, views.Assembler.Categories)
}

func (s *Server) listAreas(ctx context.Context, in *packInput) (*packOutput[views.Area], error) {
	return ofPack(ctx, s, in, views.Assembler.Areas)
}

func (s *Server) listUnits(ctx context.Context, in *packInput) (*packOutput[views.UnitInfo], error) {
	return ofPack(ctx, s, in, views.Assembler.Units)
}
