// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"hientruong/models"
)

func (s *Server) changesRoutes() {
	register(s, described(get("/api/v1/changes", "change-list", "What changed behind a position, ascending"),
		"Of what the caller sees: everything for the operations centre, a unit's own work, else what is public or the caller's own. Ask on from next_after; "+
			"when it no longer moves, all was read. Another epoch means that positions have begun anew: begin at 0 too."), s.listChanges)
}

type changesInput struct {
	After int64 `query:"after" minimum:"0" default:"0" doc:"A position; 0 is the beginning."`
	Limit int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// changeBody is an event and the report as it now stands.
type changeBody struct {
	Pos       int64            `json:"pos"`
	Kind      models.EventKind `json:"kind" example:"report.moved"`
	ReportID  uuid.UUID        `json:"report_id" format:"uuid"`
	At        time.Time        `json:"at"`
	Report    changedReport    `json:"report" doc:"In the caller's view; null with a tombstone."`
	Tombstone bool             `json:"tombstone" doc:"The report has left the caller's sight."`
}

// changedReport is a report in one of its views, or null.
type changedReport struct{ shownReport }

// Schema implements huma.SchemaProvider.
func (r changedReport) Schema(registry huma.Registry) *huma.Schema {
	schema := r.shownReport.Schema(registry)
	schema.AnyOf = append(schema.AnyOf, &huma.Schema{Type: "null"})
	return schema
}

type changesOutput struct {
	Body struct {
		Items     []changeBody `json:"items"`
		NextAfter int64        `json:"next_after" doc:"How far the log was read."`
		Epoch     uuid.UUID    `json:"epoch" format:"uuid"`
	}
}

func (s *Server) listChanges(ctx context.Context, in *changesInput) (*changesOutput, error) {
	c := callOf(ctx)
	found, err := models.ReadChanges(ctx, s.config.DB, c.actor, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &changesOutput{}
	out.Body.Items, out.Body.NextAfter, out.Body.Epoch = make([]changeBody, len(found.Items)), found.NextAfter, found.Epoch
	var seen []models.Seen
	var where []int
	for i, item := range found.Items {
		out.Body.Items[i] = changeBody{Pos: item.Pos, Kind: item.Kind, ReportID: item.ReportID, At: item.At.UTC(), Tombstone: item.Seen == nil}
		if item.Seen != nil {
			seen, where = append(seen, *item.Seen), append(where, i)
		}
	}
	shown, err := s.shownAll(ctx, c, seen)
	for i, report := range shown {
		out.Body.Items[where[i]].Report = changedReport{report}
	}
	return out, err
}
