// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"slices"
	"time"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/views"
	"hientruong/words"
	"hientruong/workflow/pack"
)

func (s *Server) reportReadRoutes() {
	register(s, described(get("/api/v1/reports", "report-list", "Reports that meet a filter"),
		"What is public for everybody, a unit's own work for its people, everything for the operations centre. "+
			"Values of a repeated parameter mean any of them, several parameters all of them. Own reports: /me/reports."), s.listReports)
	register(s, described(get("/api/v1/reports/{id}", "report-get", "One report"),
		"In the widest view that the caller has of it. One that is not theirs to see looks like one that is not there."), s.getReport)
	register(s, get("/api/v1/reports/{id}/timeline", "report-timeline", "What happened to a report, oldest first"), s.timeline)
}

// filterInput is what a list of reports can be narrowed by.
type filterInput struct {
	Paged
	BBox         []float64           `query:"bbox" minItems:"4" maxItems:"4" doc:"minLon,minLat,maxLon,maxLat in degrees. The public's place can be a rounded one." example:"[107.5,16.4,107.7,16.5]"`
	Near         []float64           `query:"near" minItems:"2" maxItems:"2" doc:"lat,lon in degrees; with radius." example:"[16.4637,107.5909]"`
	Radius       float64             `query:"radius" minimum:"1" maximum:"50000" default:"1000" doc:"Metres around near."`
	Category     []string            `query:"category,explode" maxItems:"100"`
	State        []models.State      `query:"state,explode" maxItems:"50" doc:"The pack's states."`
	Phase        []models.Phase      `query:"phase,explode" enum:"received,working,answered,ended"`
	Area         []string            `query:"area,explode" maxItems:"100" doc:"Ids of areas, as /api/v1/areas has them."`
	Unit         []string            `query:"unit,explode" maxItems:"100" doc:"Codes of lead units."`
	Subtree      bool                `query:"subtree" doc:"With unit: those below it in the tree too."`
	Urgent       optional[bool]      `query:"urgent"`
	Overdue      optional[bool]      `query:"overdue" doc:"A clock ran out; for citizens one of those that they are shown."`
	Escalated    optional[bool]      `query:"escalated" doc:"A clock that ran out was taken up the tree; for those who work on reports."`
	CreatedSince optional[time.Time] `query:"created_since"`
	UpdatedSince optional[time.Time] `query:"updated_since"`
	Code         string              `query:"code" maxLength:"64" doc:"The public code."`
	Query        string              `query:"q" maxLength:"200" doc:"Words; diacritics may be left out: ngap nuoc finds ngập nước."`
	Sort         models.ReportSort   `query:"sort" enum:"newest,oldest,updated" default:"newest"`
	View         models.View         `query:"view" enum:"public,own,unit,operations" doc:"A narrower view than the caller's widest; public is what everybody sees."`
}

// filter is what the models understand. It fails with what is wrong with a place.
func (in *filterInput) filter(a models.Actor, p *pack.Pack) (models.ReportFilter, error) {
	f := models.ReportFilter{
		View: in.View, Categories: in.Category, States: in.State, Phases: in.Phase, Areas: in.Area, Units: in.Unit,
		Urgent: in.Urgent.pointer(), Overdue: in.Overdue.pointer(), Escalated: in.Escalated.pointer(), CreatedSince: in.CreatedSince.pointer(), UpdatedSince: in.UpdatedSince.pointer(),
		Code: in.Code, Query: in.Query, Sort: in.Sort,
	}
	if code, err := words.ParseCode(in.Code); err == nil {
		f.Code = code
	}
	if in.Subtree && len(in.Unit) > 0 {
		f.Units = below(p, in.Unit)
	}
	if f.View == models.ViewPublic || f.View == models.ViewOwn || f.View == "" && models.WidestView(a) == models.ViewPublic {
		f.Clocks = publicClocks(p)
	}
	if len(in.BBox) == 4 {
		box := geo.Bounds{MinLon: in.BBox[0], MinLat: in.BBox[1], MaxLon: in.BBox[2], MaxLat: in.BBox[3]}
		if box.Validate() != nil {
			return f, models.Invalid(models.Field("query.bbox", models.CodeInvalidValue, nil))
		}
		f.Box = &box
	}
	if len(in.Near) == 2 {
		point, err := geo.NewPoint(in.Near[0], in.Near[1])
		if err != nil {
			return f, models.Invalid(models.Field("query.near", models.CodeInvalidValue, nil))
		}
		f.Near, f.RadiusM = &point, in.Radius
	}
	return f, nil
}

// below are units and all that stand below them, whether they exist any more or not. Codes
// that are nobody's stay what they are.
func below(p *pack.Pack, codes []string) []string {
	out := slices.Clone(codes)
	for _, u := range p.Units() {
		under := slices.ContainsFunc(codes, func(code string) bool { return p.Above(code, u.Code) })
		if under && !slices.Contains(out, u.Code) {
			out = append(out, u.Code)
		}
	}
	return out
}

// publicClocks are the clocks that citizens see; one name at least, so that none never
// means all.
func publicClocks(p *pack.Pack) []string {
	names := []string{""}
	for _, flow := range p.Workflows() {
		for _, clock := range flow.AllClocks() {
			if clock.Public && !slices.Contains(names, clock.Name) {
				names = append(names, clock.Name)
			}
		}
	}
	return names
}

func (s *Server) listReports(ctx context.Context, in *filterInput) (*reportListOutput, error) {
	c := callOf(ctx)
	_, p, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	tidyFilter(in)
	filter, err := in.filter(c.actor, p)
	if err != nil {
		return nil, err
	}
	found, err := models.ListReports(ctx, s.config.DB, c.actor, filter, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return s.reportList(ctx, c, found)
}

// tidyFilter takes out what PostgreSQL cannot hold in a text.
func tidyFilter(in *filterInput) {
	for _, list := range []any{&in.Category, &in.State, &in.Area, &in.Unit, &in.Code, &in.Query} {
		tidy(list)
	}
}

func (s *Server) getReport(ctx context.Context, in *ReportRef) (*reportOutput, error) {
	c := callOf(ctx)
	seen, err := models.FindReport(ctx, s.config.DB, c.actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &reportOutput{}
	if out.Body, err = s.shown(ctx, c, seen); err != nil {
		return nil, err
	}
	if c.actor.IsStaff() {
		out.ETag = etagOf(seen.Report.Version)
	}
	return out, nil
}

type timelineOutput struct {
	Body struct {
		Items []views.TimelineItem `json:"items"`
	}
}

func (s *Server) timeline(ctx context.Context, in *ReportRef) (*timelineOutput, error) {
	c := callOf(ctx)
	seen, err := models.FindReport(ctx, s.config.DB, c.actor, in.ID)
	if err != nil {
		return nil, err
	}
	bundles, err := models.LoadBundle(ctx, s.config.DB, []models.Report{seen.Report}, seen.View)
	if err != nil {
		return nil, err
	}
	events, err := models.TimelineEvents(ctx, s.config.DB, &seen.Report, seen.View)
	if err != nil {
		return nil, err
	}
	out := &timelineOutput{}
	out.Body.Items, err = s.assembler(c).Timeline(seen.View, &seen.Report, bundles[seen.Report.ID], events)
	return out, err
}
