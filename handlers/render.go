// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"hientruong/models"
	"hientruong/photos"
	"hientruong/views"
)

// shownReport is a report in one of its views.
type shownReport struct{ view any }

// MarshalJSON implements json.Marshaler.
func (r shownReport) MarshalJSON() ([]byte, error) { return json.Marshal(r.view) }

// Schema implements huma.SchemaProvider: which view it is depends on who calls.
func (shownReport) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "The report, in the widest view that the caller has of it: operations, unit, the reporter's own, or public.",
		AnyOf: []*huma.Schema{
			r.Schema(reflect.TypeFor[views.Operations](), true, ""), r.Schema(reflect.TypeFor[views.Unit](), true, ""),
			r.Schema(reflect.TypeFor[views.Own](), true, ""), r.Schema(reflect.TypeFor[views.Public](), true, ""),
		},
	}
}

// assembler makes views for a call. A photo's address is signed but where everybody may
// read it: an <img> cannot say who asks.
func (s *Server) assembler(c *call) views.Assembler {
	return views.Assembler{
		Packs: s.config.Packs.Load(), Language: models.Language(c.language), Now: s.config.Now(),
		Link: func(p models.Photo, v models.View, size string) string {
			return s.PhotoURL(c.jurisdiction, p.ID, photos.Size(size), v != models.ViewPublic)
		},
	}
}

// shown assembles one report in the view in which it was found.
func (s *Server) shown(ctx context.Context, c *call, seen models.Seen) (shownReport, error) {
	all, err := s.shownAll(ctx, c, []models.Seen{seen})
	if err != nil {
		return shownReport{}, err
	}
	return all[0], nil
}

// shownAll assembles reports, each in its view, in their order.
func (s *Server) shownAll(ctx context.Context, c *call, seen []models.Seen) ([]shownReport, error) {
	assembler := s.assembler(c)
	byView := map[models.View][]models.Report{}
	for i := range seen {
		byView[seen[i].View] = append(byView[seen[i].View], seen[i].Report)
	}
	out := make([]shownReport, len(seen))
	for view, reports := range byView {
		bundles, err := models.LoadBundle(ctx, s.config.DB, reports, view)
		if err != nil {
			return nil, err
		}
		for i := range seen {
			if seen[i].View != view {
				continue
			}
			if out[i].view, err = assembler.Render(view, &seen[i].Report, bundles[seen[i].Report.ID]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// reportListOutput is a page of reports.
type reportListOutput struct{ Body page[shownReport] }

func (s *Server) reportList(ctx context.Context, c *call, found models.ReportPage) (*reportListOutput, error) {
	seen := make([]models.Seen, len(found.Reports))
	for i, r := range found.Reports {
		seen[i] = models.Seen{Report: r, View: found.View}
	}
	items, err := s.shownAll(ctx, c, seen)
	if err != nil {
		return nil, err
	}
	return &reportListOutput{Body: pageOf(items, found.NextCursor)}, nil
}
