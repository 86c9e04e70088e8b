// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"

	"hientruong/models"
	"hientruong/views"
)

func (s *Server) inboxRoutes() {
	register(s, staffOnly(get("/api/v1/inbox", "inbox-list", "Work that waits, by deadline"),
		"A unit's people get their own, whatever unit says; the operations centre without it what no unit has yet."), s.listInbox)
}

type inboxInput struct {
	Paged
	Unit    string         `query:"unit" maxLength:"100" doc:"A unit's code."`
	State   []models.State `query:"state,explode" maxItems:"50" doc:"The report's."`
	Overdue bool           `query:"overdue" doc:"Only what is late."`
}

type inboxOutput struct{ Body page[views.InboxItem] }

func (s *Server) listInbox(ctx context.Context, in *inboxInput) (*inboxOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpInboxRead); err != nil {
		return nil, err
	}
	tidy(&in.Unit)
	tidy(&in.State)
	found, err := models.ListInbox(ctx, s.config.DB, c.actor, models.InboxFilter{Unit: in.Unit, States: in.State, Overdue: in.Overdue}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	assembler := s.assembler(c)
	items := make([]views.InboxItem, len(found.Items))
	for i, item := range found.Items {
		if items[i], err = assembler.Inbox(found.View, item); err != nil {
			return nil, err
		}
	}
	return &inboxOutput{Body: pageOf(items, found.NextCursor)}, nil
}
