// SPDX-License-Identifier: Apache-2.0

package views

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// Note is between staff. The author is for the operations centre.
type Note struct {
	ID     uuid.UUID  `json:"id" format:"uuid"`
	At     time.Time  `json:"at"`
	Text   string     `json:"text"`
	TaskID *uuid.UUID `json:"task_id,omitempty" format:"uuid" doc:"The part that it is about; without one the whole report"`
	Author string     `json:"author,omitempty" doc:"By kind and id"`
}

// Notes assembles what staff noted on a report, the oldest first. The bundle was loaded for
// a unit's view or the operations centre's.
func (a Assembler) Notes(v models.View, r *models.Report, b *models.Bundle) ([]Note, error) {
	s, err := a.sight(v, r, b)
	if err != nil {
		return nil, err
	}
	return s.notes(), nil
}

func (s *sight) notes() []Note {
	out := []Note{}
	for _, t := range s.bundle.TextsOf(models.TextReason, models.TextNote) {
		if t.Body != nil {
			out = append(out, s.note(t))
		}
	}
	return out
}

func (s *sight) note(t models.Text) Note {
	return Note{ID: t.ID, At: t.CreatedAt.UTC(), Text: *t.Body, TaskID: t.TaskID, Author: t.Author}
}

// ThreadItem is what the operations centre asked or told the reporter, or what they wrote.
type ThreadItem struct {
	ID   uuid.UUID `json:"id" format:"uuid"`
	At   time.Time `json:"at"`
	From string    `json:"from" enum:"reporter,operations"`
	Kind string    `json:"kind" enum:"question,reply,message" doc:"A question stops the clocks until it is replied to"`
	Text string    `json:"text"`
}

// Thread assembles what went between reporter and operations centre, the oldest first. The
// bundle was loaded for the same view, which is not the public's.
func (a Assembler) Thread(v models.View, r *models.Report, b *models.Bundle) ([]ThreadItem, error) {
	s, err := a.sight(v, r, b)
	if err != nil {
		return nil, err
	}
	return s.thread(), nil
}

func (s *sight) thread() []ThreadItem {
	out := []ThreadItem{}
	for _, t := range s.bundle.TextsOf(models.TextQuestion, models.TextReply, models.TextMessage) {
		if t.Body == nil {
			continue
		}
		item := ThreadItem{ID: t.ID, At: t.CreatedAt.UTC(), From: "operations", Kind: string(t.Kind), Text: *t.Body}
		if t.Kind == models.TextReply || s.bundle.Reporters[t.ID] {
			item.From = "reporter"
		}
		out = append(out, item)
	}
	return out
}

// Directive is what a leader orders, with the number of its document.
type Directive struct {
	At       time.Time `json:"at"`
	Text     string    `json:"text"`
	Document string    `json:"document,omitempty"`
}

func (s *sight) directives() []Directive {
	out := []Directive{}
	documents := s.bundle.TextsOf(models.TextDocument)
	for _, t := range s.bundle.TextsOf(models.TextDirective) {
		if t.Body == nil {
			continue
		}
		one := Directive{At: t.CreatedAt.UTC(), Text: *t.Body}
		for _, d := range documents {
			if d.CreatedAt.Equal(t.CreatedAt) && d.Body != nil {
				one.Document = *d.Body
			}
		}
		out = append(out, one)
	}
	return out
}

// proof is the number of the newest document that proves an answer, which one that came
// with a directive or gave more time does not.
func (s *sight) proof() string {
	var others []time.Time
	for _, t := range s.bundle.TextsOf(models.TextDirective) {
		others = append(others, t.CreatedAt)
	}
	for _, d := range s.bundle.Deadlines {
		if d.ExtendedAt != nil {
			others = append(others, *d.ExtendedAt)
		}
	}
	for _, d := range slices.Backward(s.bundle.TextsOf(models.TextDocument)) {
		if !slices.ContainsFunc(others, d.CreatedAt.Equal) {
			return s.bundle.Body(&d.ID)
		}
	}
	return ""
}

// firstCategory is what the reporter chose, nil where it is so still.
func (s *sight) firstCategory() *CategoryRef {
	if s.report.FirstCategory == "" || s.report.FirstCategory == s.report.Category {
		return nil
	}
	return s.categoryNamed(s.report.FirstCategory)
}

// rejected is why the report was not taken on: to its reporter in the words for citizens.
func (s *sight) rejected() *Named {
	if s.report.RejectedFor == nil {
		return nil
	}
	out := &Named{Code: *s.report.RejectedFor, Name: *s.report.RejectedFor}
	reason, ok := s.pack.Reason(pack.ReasonsReject, out.Code)
	switch {
	case !ok:
	case s.view == models.ViewOwn && len(reason.Text) > 0:
		out.Name = s.words(reason.Text)
	default:
		out.Name = s.words(reason.Label)
	}
	return out
}

// original is how the report stands that this one was merged into.
func (s *sight) original() *Standing {
	r := s.bundle.Survivor
	if r == nil {
		return nil
	}
	out := &Standing{ID: idOrNil(&r.ID), Code: r.Code, State: r.State, Phase: r.Phase, StateLabel: string(r.State)}
	if other, err := s.sight(s.view, r, nil); err == nil {
		out.StateLabel = other.label(r.State)
	}
	return out
}

// TextVersion is one version of something that was written about a report. Of one that was
// erased the digest is left.
type TextVersion struct {
	ID       uuid.UUID       `json:"id" format:"uuid"`
	Kind     models.TextKind `json:"kind" enum:"description,shared,address,answer,reason,question,reply,note,comment,document,message,directive,result,consent"`
	Replaces *uuid.UUID      `json:"replaces,omitempty" format:"uuid" doc:"The version before it"`
	TaskID   *uuid.UUID      `json:"task_id,omitempty" format:"uuid"`
	Author   string          `json:"author" doc:"By kind and id"`
	Roles    []models.Role   `json:"roles,omitempty" doc:"Of an author who is staff, as they are now"`
	Language models.Language `json:"language" enum:"vi,en"`
	At       time.Time       `json:"at"`
	Text     *string         `json:"text" doc:"Null once erased"`
	Digest   string          `json:"digest" doc:"SHA-256 of salt and text, in hexadecimal, as the log has it"`
	ErasedAt *time.Time      `json:"erased_at,omitempty"`
}

// TextVersions assembles what models.TextVersions returned.
func TextVersions(all []models.Text, roles map[string][]models.Role) []TextVersion {
	out := make([]TextVersion, len(all))
	for i, t := range all {
		out[i] = TextVersion{
			ID: t.ID, Kind: t.Kind, Replaces: t.Replaces, TaskID: t.TaskID, Author: t.Author, Roles: roles[t.Author], Language: t.Language,
			At: t.CreatedAt.UTC(), Text: t.Body, Digest: t.Mark().Digest, ErasedAt: t.ErasedAt,
		}
	}
	return out
}
