// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

func (s *Server) meRoutes() {
	register(s, signedIn(get("/api/v1/me", "me-get", "Who is calling")), s.getMe)
	register(s, described(signedIn(patch("/api/v1/me", "me-change", "Change one's own settings")),
		"Messages come in this language from now on. Staff have none of their own: the header Accept-Language says it."), s.changeMe)
	register(s, described(signedIn(get("/api/v1/me/reports", "me-reports", "What the caller sent in, newest first")),
		"In the reporter's own view: what is public, with the caller's own text."), s.listOwn)
	register(s, described(signedIn(get("/api/v1/me/notifications", "me-notifications", "The caller's messages, newest first")),
		"A citizen's, a phone's or a staff member's. The inbox is the truth; a push only points to it."), s.listNotifications)
	register(s, described(signedIn(post("/api/v1/me/notifications/read", "me-notifications-read", "Mark notifications as read")),
		"Without ids all of them. Those of somebody else are passed over."), s.readNotifications)
}

type meOutput struct {
	Body struct {
		ActorBody
		Name string `json:"name,omitempty" doc:"A staff member's name."`
	}
}

func (s *Server) getMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpProfile); err != nil {
		return nil, err
	}
	return s.meOf(ctx, c)
}

func (s *Server) meOf(ctx context.Context, c *call) (*meOutput, error) {
	out := &meOutput{}
	out.Body.ActorBody = actorOf(c.actor)
	if !c.actor.IsStaff() {
		return out, nil
	}
	staff, err := models.StaffByID(ctx, s.config.DB, c.jurisdiction, c.actor.ID)
	out.Body.Name = staff.Name
	return out, err
}

type meInput struct {
	Body struct {
		Language models.Language `json:"language" enum:"vi,en"`
	}
}

func (s *Server) changeMe(ctx context.Context, in *meInput) (*meOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpProfile); err != nil {
		return nil, err
	}
	if err := models.SetLanguage(ctx, s.config.DB, c.actor, in.Body.Language, s.config.Now()); err != nil {
		return nil, err
	}
	c.actor.Language = in.Body.Language
	return s.meOf(ctx, c)
}

type ownInput struct{ Paged }

func (s *Server) listOwn(ctx context.Context, in *ownInput) (*reportListOutput, error) {
	c := callOf(ctx)
	found, err := models.ListReports(ctx, s.config.DB, c.actor, models.ReportFilter{View: models.ViewOwn}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return s.reportList(ctx, c, found)
}

// notificationBody is one message of the inbox.
type notificationBody struct {
	ID       uuid.UUID    `json:"id" format:"uuid"`
	At       time.Time    `json:"at"`
	Kind     string       `json:"kind" example:"published"`
	ReportID uuid.UUID    `json:"report_id" format:"uuid"`
	State    models.State `json:"state" doc:"The report's, when this was said."`
	Title    string       `json:"title"`
	Body     string       `json:"body" doc:"Can be read on a locked phone: neither a description nor a sensitive category is in it."`
	Link     string       `json:"link"`
	ReadAt   *time.Time   `json:"read_at" doc:"Null while unread."`
}

type notificationsOutput struct{ Body page[notificationBody] }

func (s *Server) listNotifications(ctx context.Context, in *ownInput) (*notificationsOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpProfile); err != nil {
		return nil, err
	}
	found, err := models.Notifications(ctx, s.config.DB, c.jurisdiction, c.actor.Inbox(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]notificationBody, len(found.Notifications))
	for i, n := range found.Notifications {
		items[i] = notificationBody{n.ID, n.CreatedAt, n.Kind, n.ReportID, n.State, n.Title, n.Body, n.Link, n.ReadAt}
	}
	return &notificationsOutput{Body: pageOf(items, found.NextCursor)}, nil
}

type readInput struct {
	WithKey
	Body struct {
		IDs []uuid.UUID `json:"ids,omitempty" format:"uuid" maxItems:"200" doc:"None means all."`
	}
}

type readOutput struct {
	Repeated
	Body struct {
		Read int64 `json:"read" doc:"How many were unread until now."`
	}
}

func (s *Server) readNotifications(ctx context.Context, in *readInput) (*readOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpProfile); err != nil {
		return nil, err
	}
	// Who logs in between two tries keeps the phone, and with it the key.
	key, err := in.key(s.mark("notifications/read", cmp.Or(c.actor.DeviceID, c.actor.ID), in.Body))
	if err != nil {
		return nil, err
	}
	n, replayed, err := models.ReadNotificationsOnce(ctx, s.config.DB, c.actor, in.Body.IDs, *key, s.config.Now())
	if err != nil {
		return nil, err
	}
	out := &readOutput{Repeated: repeated(replayed)}
	out.Body.Read = n
	return out, nil
}
