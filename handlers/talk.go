// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/views"
	"hientruong/workflow"
)

func (s *Server) talkRoutes() {
	register(s, signedIn(described(get("/api/v1/reports/{id}/thread", "thread-list", "What went between reporter and operations centre, oldest first"),
		"For the reporter and the operations centre; a unit that has a part in it reads it with phone numbers and the like taken out, and never writes in it.")), s.listThread)
	say := signedIn(described(post("/api/v1/reports/{id}/thread", "thread-write", "Write to the reporter, or to the operations centre"),
		"It moves nothing: a question that stops the clocks is a step of the workflow. The answer is the whole thread."))
	say.DefaultStatus = http.StatusCreated
	register(s, answers(say, http.StatusConflict), s.writeThread)
	register(s, staffOnly(get("/api/v1/reports/{id}/notes", "note-list", "Internal notes, oldest first"),
		"For the operations centre and units that have a part in the report. Citizens are never shown any of it."), s.listNotes)
	note := staffOnly(post("/api/v1/reports/{id}/notes", "note-write", "Note something for those who work on it"),
		"About the whole report, or with task_id about one's own unit's part. The answer is all notes.")
	note.DefaultStatus = http.StatusCreated
	register(s, note, s.writeNote)
}

type threadOutput struct {
	Repeated
	Body page[views.ThreadItem]
}

type textBody struct {
	Text string `json:"text" maxLength:"20000" example:"Đèn vẫn chưa sáng, xin kiểm tra lại." doc:"Phone numbers and the like are taken out of what units read."`
}

type threadInput struct {
	ReportRef
	WithKey
	Body textBody
}

// hung is a report as somebody who has more than the public's view of it sees it, with
// what hangs on it. Everybody else is told that there is nothing of the kind.
func (s *Server) hung(ctx context.Context, c *call, id uuid.UUID, among ...models.View) (models.Seen, *models.Bundle, error) {
	seen, err := models.FindReport(ctx, s.config.DB, c.actor, id)
	if err != nil {
		return seen, nil, err
	}
	for _, v := range among {
		if seen.View == v {
			bundles, err := models.LoadBundle(ctx, s.config.DB, []models.Report{seen.Report}, seen.View)
			return seen, bundles[id], err
		}
	}
	return seen, nil, models.E(models.CodeNotFound)
}

func (s *Server) listThread(ctx context.Context, in *ReportRef) (*threadOutput, error) {
	c := callOf(ctx)
	seen, bundle, err := s.hung(ctx, c, in.ID, models.ViewOwn, models.ViewUnit, models.ViewOperations)
	if err != nil {
		return nil, err
	}
	items, err := s.assembler(c).Thread(seen.View, &seen.Report, bundle)
	return &threadOutput{Body: listOf(items)}, err
}

func (s *Server) writeThread(ctx context.Context, in *threadInput) (*threadOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpReportMessage); err != nil {
		return nil, err
	}
	store, _, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	tidy(&in.Body)
	key, err := in.key(s.mark("thread", in.ID, in.Body))
	if err != nil {
		return nil, err
	}
	done, err := s.config.Ledger.Do(ctx, workflow.Message{Packs: store, Actor: c.actor, ReportID: in.ID, Text: draft(in.Body.Text), Key: key})
	if err != nil {
		return nil, err
	}
	out, err := s.listThread(ctx, &in.ReportRef)
	if err == nil {
		out.Repeated = repeated(done.Replayed)
	}
	return out, err
}

// colleague refuses, by name or as a stranger, who can have no view of those who work on reports.
func (c *call) colleague() error {
	switch {
	case models.WidestView(c.actor) != models.ViewPublic:
		return nil
	case c.actor.Kind == models.ActorGuest:
		return models.E(models.CodeUnauthorized)
	default:
		return models.E(models.CodeForbidden)
	}
}

type notesOutput struct {
	Repeated
	Body page[views.Note]
}

type noteInput struct {
	ReportRef
	WithKey
	Body noteBody
}

type noteBody struct {
	Text   string     `json:"text" maxLength:"20000"`
	TaskID *uuid.UUID `json:"task_id,omitempty" format:"uuid" doc:"The part that it is about."`
}

func (s *Server) listNotes(ctx context.Context, in *ReportRef) (*notesOutput, error) {
	c := callOf(ctx)
	if err := c.colleague(); err != nil {
		return nil, err
	}
	seen, bundle, err := s.hung(ctx, c, in.ID, models.ViewUnit, models.ViewOperations)
	if err != nil {
		return nil, err
	}
	items, err := s.assembler(c).Notes(seen.View, &seen.Report, bundle)
	return &notesOutput{Body: listOf(items)}, err
}

func (s *Server) writeNote(ctx context.Context, in *noteInput) (*notesOutput, error) {
	c := callOf(ctx)
	if err := c.require(models.OpReportNote); err != nil {
		return nil, err
	}
	store, _, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	tidy(&in.Body)
	key, err := in.key(s.mark("notes", in.ID, in.Body))
	if err != nil {
		return nil, err
	}
	done, err := s.config.Ledger.Do(ctx, workflow.Note{
		Packs: store, Actor: c.actor, ReportID: in.ID, TaskID: in.Body.TaskID, Text: draft(in.Body.Text), Key: key,
	})
	if err != nil {
		return nil, err
	}
	out, err := s.listNotes(ctx, &in.ReportRef)
	if err == nil {
		out.Repeated = repeated(done.Replayed)
	}
	return out, err
}
