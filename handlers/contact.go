// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"strings"

	"hientruong/identity"
	"hientruong/models"
)

func (s *Server) contactRoutes() {
	register(s, staffOnly(post("/api/v1/reports/{id}/contact", "contact-read", "Read who reported"),
		"For the operations centre alone, and for nobody who also works for a handling unit. Each reading is written to the log, with the reader "+
			"and the reason, before anything is shown; a second try with the same key is the same reading. Reasons: "+strings.Join(identity.ContactReasons(), ", ")+"."), s.readContact)
}

type contactInput struct {
	ReportRef
	WithKey
	Body struct {
		Reason string `json:"reason" maxLength:"50" example:"call_back"`
	}
}

type contactOutput struct {
	Repeated
	Body struct {
		Name  string `json:"name,omitempty"`
		Phone string `json:"phone,omitempty" example:"+84912345678" doc:"E.164."`
		Email string `json:"email,omitempty"`
	}
}

func (s *Server) readContact(ctx context.Context, in *contactInput) (*contactOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpContactRead); err != nil {
		return nil, err
	}
	// The reader is part of it: what one has read, and was logged for, is not answered to another.
	key, err := in.key(s.mark("contact/"+c.actor.String(), in.ID, in.Body))
	if err != nil {
		return nil, err
	}
	person, replayed, err := s.config.Identity.ReadContact(ctx, identity.ReadContact{By: c.actor, Report: in.ID, Reason: in.Body.Reason, Key: key})
	if err != nil {
		return nil, err
	}
	out := &contactOutput{Repeated: repeated(replayed)}
	out.Body.Name, out.Body.Phone, out.Body.Email = person.Name, person.Phone, person.Email
	return out, nil
}
