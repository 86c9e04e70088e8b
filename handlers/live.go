// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"bufio"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"hientruong/live"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// streamType is the content type of server-sent events.
const streamType = "text/event-stream"

// unread is how long one write to a viewer may take: who has read nothing for so long has gone.
const unread = 30 * time.Second

func (s *Server) liveRoutes() {
	stream := described(get("/api/v1/live", "live-stream", "What happens to the reports that meet a filter, as it happens"),
		"Server-sent events. `ready` {pos}: from here on nothing is left out; read the list now. `upsert` {pos, id, lat, lon, report}: the report meets the filter, and stands so. "+
			"`leave` {pos, id}: it no longer does, or may not be seen any more. `reset` {pos, reason}: what was heard before may lack something; read the list anew. "+
			"`end` {reason}: the session is no more. Events come as `id: epoch.pos`; send the last one as Last-Event-ID to go on from there, for 24 hours or 100,000 positions. "+
			"A category stands for those in it, a unit for those below it.")
	stream.Responses = map[string]*huma.Response{
		"200": {Description: "Events, until the caller leaves.", Content: map[string]*huma.MediaType{streamType: {Schema: &huma.Schema{Type: huma.TypeString}}}},
	}
	register(s, stream, s.watch)
	ticket := described(post("/api/v1/live/tickets", "live-ticket", "A ticket to open one stream with, for who cannot send a token"),
		"Good once, for 30 seconds, on any node.")
	ticket.DefaultStatus = http.StatusCreated
	register(s, ticket, s.liveTicket)
}

// LiveFilter is what a stream can be narrowed by: as a list, but for words and the time of
// the last change, which say nothing of what has just happened.
type LiveFilter struct {
	BBox         []float64           `query:"bbox" minItems:"4" maxItems:"4" doc:"minLon,minLat,maxLon,maxLat in degrees. The public's place can be a rounded one." example:"[107.5,16.4,107.7,16.5]"`
	Near         []float64           `query:"near" minItems:"2" maxItems:"2" doc:"lat,lon in degrees; with radius."`
	Radius       float64             `query:"radius" minimum:"1" maximum:"50000" default:"1000" doc:"Metres around near."`
	Category     []string            `query:"category,explode" maxItems:"100" doc:"Codes of categories or of groups of them."`
	State        []models.State      `query:"state,explode" maxItems:"50" doc:"The pack's states."`
	Phase        []models.Phase      `query:"phase,explode" enum:"received,working,answered,ended"`
	Area         []string            `query:"area,explode" maxItems:"100" doc:"Ids of areas."`
	Unit         []string            `query:"unit,explode" maxItems:"100" doc:"Codes of lead units; those below them are meant too."`
	Urgent       optional[bool]      `query:"urgent"`
	Overdue      optional[bool]      `query:"overdue"`
	Escalated    optional[bool]      `query:"escalated" doc:"For those who work on reports."`
	CreatedSince optional[time.Time] `query:"created_since"`
	Code         string              `query:"code" maxLength:"64" doc:"The public code."`
	View         models.View         `query:"view" enum:"public,unit,operations" doc:"A narrower view than the caller's widest."`
}

type streamInput struct {
	LiveFilter
	Ticket      string `query:"ticket" maxLength:"100" doc:"From live-ticket, instead of a token."`
	LastEventID string `header:"Last-Event-ID" maxLength:"100" doc:"Go on behind it; as the parameter last_event_id where a header cannot be sent."`
	LastEvent   string `query:"last_event_id" maxLength:"100"`
}

// filter is what the models understand. It fails with what is wrong with a place.
func (in *LiveFilter) filter(a models.Actor, p *pack.Pack) (models.ReportFilter, error) {
	asList := filterInput{
		BBox: in.BBox, Near: in.Near, Radius: in.Radius, Category: in.Category, State: in.State, Phase: in.Phase, Area: in.Area, Unit: in.Unit,
		Urgent: in.Urgent, Overdue: in.Overdue, Escalated: in.Escalated, CreatedSince: in.CreatedSince, Code: in.Code, View: in.View,
	}
	tidyFilter(&asList)
	f, err := asList.filter(a, p)
	f.Categories, f.Units = categoriesOf(p, f.Categories), unitsOf(p, f.Units)
	return f, err
}

// watch opens a stream. Whatever can be refused is refused before it begins.
func (s *Server) watch(ctx context.Context, in *streamInput) (*huma.StreamResponse, error) {
	c := callOf(ctx)
	if in.Ticket != "" {
		actor, err := s.config.Identity.Redeem(ctx, c.jurisdiction, in.Ticket)
		if err != nil {
			return nil, err
		}
		c.actor = actor
	}
	_, p, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	filter, err := in.filter(c.actor, p)
	if err != nil {
		return nil, err
	}
	if _, err := filter.Streamable(c.actor); err != nil {
		return nil, err
	}
	if s.config.Live == nil {
		return nil, models.E(models.CodeUnavailable).Retry(5 * time.Second)
	}
	last := in.LastEventID
	if last == "" {
		last = in.LastEvent
	}
	viewer, err := s.config.Live.Join(ctx, live.Ask{Actor: c.actor, Filter: filter, Language: models.Language(c.language), LastEventID: last})
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) { sendStream(humafiber.Unwrap(h), viewer) }}, nil
}

// sendStream answers with a stream. Its connection serves nothing else after it.
func sendStream(f *fiber.Ctx, viewer *live.Viewer) {
	f.Set(fiber.HeaderContentType, streamType)
	f.Set("X-Accel-Buffering", "no") // a proxy that gathers answers would keep it
	raw := f.Context()
	raw.SetConnectionClose()
	connection := raw.Conn()
	raw.SetBodyStreamWriter(func(w *bufio.Writer) {
		// The error is that the viewer has gone: there is nobody left to tell.
		_ = viewer.Stream(w, func() { _ = connection.SetWriteDeadline(time.Now().Add(unread)) })
	})
}

type ticketOutput struct {
	Body struct {
		Ticket    string    `json:"ticket"`
		ExpiresAt time.Time `json:"expires_at"`
	}
}

func (s *Server) liveTicket(ctx context.Context, _ *struct{}) (*ticketOutput, error) {
	out := &ticketOutput{}
	var err error
	out.Body.Ticket, out.Body.ExpiresAt, err = s.config.Identity.Ticket(ctx, callOf(ctx).actor)
	return out, err
}
