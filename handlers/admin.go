// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/models"
)

func (s *Server) adminRoutes() {
	const administrators = "For administrators."
	const auditors = "For auditors and administrators."
	register(s, staffOnly(get("/api/v1/admin/staff", "admin-staff-list", "Staff accounts, the oldest first"), administrators), s.listStaff)
	create := staffOnly(post("/api/v1/admin/staff", "admin-staff-create", "Make a staff account"), administrators)
	create.DefaultStatus = http.StatusCreated
	register(s, create, s.createStaff)
	register(s, silent(staffOnly(operation(http.MethodPut, "/api/v1/admin/staff/{id}/password", "admin-staff-password", "Set a password"),
		"One's own, or for administrators anybody's. All of that person's sessions end.")), s.setPassword)
	register(s, staffOnly(remove("/api/v1/admin/staff/{id}", "admin-staff-deactivate", "End what somebody may do"),
		"For administrators. The account stays, for what it has done; all of its sessions end."), s.deactivateStaff)
	register(s, staffOnly(get("/api/v1/admin/deliveries", "admin-deliveries", "How the notifications about a report travelled"), auditors), s.listDeliveries)
	register(s, staffOnly(get("/api/v1/admin/audit", "admin-audit", "The log, as it is kept"),
		auditors+" Bodies hold ids, codes and digests, and nothing personal. Each hash is over the one before and all of the event's columns."), s.listAudit)
}

// staffBody is a staff account without its password.
type staffBody struct {
	ID        uuid.UUID     `json:"id" format:"uuid"`
	Login     string        `json:"login"`
	Name      string        `json:"name"`
	Roles     []models.Role `json:"roles"`
	Unit      *string       `json:"unit"`
	Active    bool          `json:"active"`
	CreatedAt time.Time     `json:"created_at"`
}

func staffOf(m models.Staff) staffBody {
	return staffBody{m.ID, m.Login, m.Name, m.Roles, m.Unit, m.Active, m.CreatedAt.UTC()}
}

type staffListInput struct{ Paged }

type staffListOutput struct{ Body page[staffBody] }

func (s *Server) listStaff(ctx context.Context, in *staffListInput) (*staffListOutput, error) {
	found, err := models.ListStaff(ctx, s.config.DB, callOf(ctx).actor, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]staffBody, len(found.Staff))
	for i, m := range found.Staff {
		items[i] = staffOf(m)
	}
	return &staffListOutput{Body: pageOf(items, found.NextCursor)}, nil
}

type staffCreateInput struct {
	WithKey
	Body struct {
		Login    string        `json:"login" maxLength:"200" example:"nguyen.van.an" doc:"2 to 64 of a-z, 0-9, dot, dash, underscore and @."`
		Name     string        `json:"name" maxLength:"400"`
		Password string        `json:"password" maxLength:"2000" doc:"10 characters or more."`
		Roles    []models.Role `json:"roles" minItems:"1" maxItems:"12" example:"[\"operator\"]"`
		Unit     string        `json:"unit,omitempty" example:"chieu-sang" doc:"The code of a unit of the pack."`
	}
}

type staffOutput struct {
	Repeated
	Body staffBody
}

func (s *Server) createStaff(ctx context.Context, in *staffCreateInput) (*staffOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpStaffManage); err != nil {
		return nil, err
	}
	b := &in.Body
	password := b.Password
	tidy(b)
	b.Password = password // to the letter, as at the log-in
	key, err := in.key(s.mark("staff", uuid.Nil, b))
	if err != nil {
		return nil, err
	}
	_, p, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	if _, ok := p.Unit(b.Unit); b.Unit != "" && !ok {
		return nil, models.Invalid(models.Field("body.unit", models.CodeUnknownUnit, nil))
	}
	account := identity.NewStaff{Login: b.Login, Name: b.Name, Password: b.Password, Roles: b.Roles, Unit: b.Unit}
	made, replayed, err := s.config.Identity.CreateStaffOnce(ctx, c.actor, account, key)
	if err != nil {
		return nil, err
	}
	return &staffOutput{Repeated: repeated(replayed), Body: staffOf(made)}, nil
}

// StaffRef names a staff account.
type StaffRef struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type passwordInput struct {
	StaffRef
	Body struct {
		Password string `json:"password" maxLength:"2000" doc:"10 characters or more."`
	}
}

func (s *Server) setPassword(ctx context.Context, in *passwordInput) (*struct{}, error) {
	c := callOf(ctx)
	if c.actor.Kind == models.ActorGuest {
		return nil, models.E(models.CodeUnauthorized)
	}
	return nil, s.config.Identity.SetPassword(ctx, c.actor, in.ID, in.Body.Password)
}

func (s *Server) deactivateStaff(ctx context.Context, in *StaffRef) (*struct{}, error) {
	c := callOf(ctx)
	if err := c.require(models.OpStaffManage); err != nil {
		return nil, err
	}
	return nil, s.config.Identity.Deactivate(ctx, c.actor, in.ID)
}

type deliveriesInput struct {
	Report uuid.UUID `query:"report" required:"true" format:"uuid"`
}

// deliveryBody is one notification on its way to one device.
type deliveryBody struct {
	ID             uuid.UUID             `json:"id" format:"uuid"`
	NotificationID uuid.UUID             `json:"notification_id" format:"uuid"`
	DeviceID       uuid.UUID             `json:"device_id" format:"uuid"`
	Channel        string                `json:"channel" enum:"fcm,inapp"`
	Status         models.DeliveryStatus `json:"status" enum:"pending,sent,failed,dropped"`
	Tries          int16                 `json:"tries"`
	History        []models.DeliveryTry  `json:"history"`
	CreatedAt      time.Time             `json:"created_at"`
	UpdatedAt      time.Time             `json:"updated_at"`
}

type deliveriesOutput struct{ Body page[deliveryBody] }

func (s *Server) listDeliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpDeliveriesRead); err != nil {
		return nil, err
	}
	rows, err := models.Deliveries(ctx, s.config.DB, c.jurisdiction, in.Report)
	if err != nil {
		return nil, err
	}
	items := make([]deliveryBody, len(rows))
	for i, d := range rows {
		items[i] = deliveryBody{d.ID, d.NotificationID, d.DeviceID, d.Channel, d.Status, d.Tries, []models.DeliveryTry{}, d.CreatedAt.UTC(), d.UpdatedAt.UTC()}
		if err := json.Unmarshal(d.History, &items[i].History); err != nil {
			return nil, err
		}
	}
	return &deliveriesOutput{Body: listOf(items)}, nil
}

type auditInput struct {
	After int64 `query:"after" minimum:"0" default:"0" doc:"A position; 0 is the beginning."`
	Limit int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// eventBody is an event as the log keeps it.
type eventBody struct {
	Pos         int64              `json:"pos"`
	SubjectKind models.SubjectKind `json:"subject_kind" enum:"report,photo,pack,session,staff"`
	SubjectID   uuid.UUID          `json:"subject_id" format:"uuid"`
	SubjectSeq  int64              `json:"subject_seq"`
	Kind        models.EventKind   `json:"kind" example:"contact.read"`
	Origin      models.Origin      `json:"origin" enum:"live,import,demo,drill"`
	Actor       string             `json:"actor" example:"staff:0198f0a2-7c1e-7d3a-9f00-2b1c5d6e7f80"`
	At          time.Time          `json:"at"`
	Body        string             `json:"body" doc:"Canonical JSON, as it was hashed."`
	Hash        string             `json:"hash" doc:"SHA-256, in hexadecimal."`
}

type auditOutput struct {
	Body struct {
		Items     []eventBody `json:"items"`
		NextAfter int64       `json:"next_after" doc:"To ask on from."`
	}
}

func (s *Server) listAudit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	events, err := models.EventsAfter(ctx, s.config.DB, callOf(ctx).actor, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &auditOutput{}
	out.Body.Items, out.Body.NextAfter = make([]eventBody, len(events)), in.After
	for i, e := range events {
		out.Body.Items[i] = eventBody{e.Pos, e.SubjectKind, e.SubjectID, e.SubjectSeq, e.Kind, e.Origin, e.Actor, e.At.UTC(), e.Body, hex.EncodeToString(e.Hash)}
		out.Body.NextAfter = e.Pos
	}
	return out, nil
}
