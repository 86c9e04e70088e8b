// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// last is the newest event, which must be of a kind.
func (s story) last(kind models.EventKind) models.Body {
	s.t.Helper()
	e := s.events[len(s.events)-1]
	body, err := e.ParseBody()
	if err != nil || e.Kind != kind {
		s.t.Fatalf("%+v, %v; want %s", e, err, kind)
	}
	return body
}

func TestMessage(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	for _, c := range []struct {
		what string
		by   models.Actor
		text string
		want models.Code
	}{
		{"the reporter", reporter(), "Tối qua vẫn chưa sáng.", ""},
		{"an operator", operator(), "Chúng tôi đã nhận được.", ""},
		{"a verifier", verifier(), "Xin cảm ơn.", ""},
		{"somebody else", citizenActor("nam"), "Chào", models.CodeNotFound},
		{"a guest", models.Guest(jurisdiction), "Chào", models.CodeNotFound},
		{"a unit", staffActor(models.RoleHandler, "chieu-sang"), "Chào", models.CodeForbidden},
		{"a leader", leader(), "Chào", models.CodeForbidden},
		{"nothing said", reporter(), "", models.CodeRequired},
		{"too much said", reporter(), strings.Repeat("á", 10_001), models.CodeTooLong},
	} {
		_, err := s.do(workflow.Message{Packs: s.packs, Actor: c.by, ReportID: s.id, Text: s.draft(c.text)})
		if codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
		if err != nil {
			continue
		}
		mark := s.last(models.EventReportMessage).Texts[string(models.TextMessage)]
		if text := s.texts[mark.ID]; text.Kind != models.TextMessage || *text.Body != c.text || text.Author != c.by.String() {
			t.Errorf("%s: %+v", c.what, text)
		}
	}
}

func TestMessagesAfterTheEnd(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.step(reporter(), "withdraw", workflow.Action{})
	say := func(a models.Actor) error {
		_, err := s.do(workflow.Message{Packs: s.packs, Actor: a, ReportID: s.id, Text: s.draft("Còn nữa.")})
		return err
	}
	s.after(15 * 24 * time.Hour)
	if err := say(reporter()); err != nil {
		t.Errorf("15 days later: %v", err)
	}
	s.after(time.Second)
	if err := say(reporter()); codeOf(err) != models.CodeTransitionRefused {
		t.Errorf("a second after: %v", err)
	}
	if err := say(operator()); err != nil {
		t.Errorf("the operations centre: %v", err)
	}
}

func TestNote(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	lead := s.reports[s.id].Lead()
	if lead == nil {
		t.Fatal("nobody has it")
	}
	ours, stranger := staffActor(models.RoleHandler, lead.Unit), staffActor(models.RoleHandler, "cap-nuoc")
	other := uuid.New()
	for _, c := range []struct {
		what string
		by   models.Actor
		task *uuid.UUID
		text string
		want models.Code
	}{
		{"of the operations centre", operator(), nil, "Gọi lại sau 17 giờ.", ""},
		{"of a leader", leader(), &lead.ID, "Theo dõi.", ""},
		{"of the unit", ours, nil, "Chờ xe thang.", ""},
		{"of its own task", ours, &lead.ID, "Chờ bóng.", ""},
		{"of a task that is none", operator(), &other, "Gọi lại.", models.CodeInvalidValue},
		{"of a unit that has no part", stranger, nil, "Gọi lại.", models.CodeNotFound},
		{"of the reporter", reporter(), nil, "Gọi lại.", models.CodeForbidden},
		{"empty", operator(), nil, "", models.CodeRequired},
	} {
		_, err := s.do(workflow.Note{Packs: s.packs, Actor: c.by, ReportID: s.id, TaskID: c.task, Text: s.draft(c.text)})
		if codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
		if err != nil {
			continue
		}
		body := s.last(models.EventReportNoted)
		text := s.texts[body.Texts[string(models.TextNote)].ID]
		if text.Kind != models.TextNote || !same(text.TaskID, c.task) || !same(body.Task, c.task) {
			t.Errorf("%s: %+v, %+v", c.what, text, body)
		}
	}
}

func same(a, b *uuid.UUID) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// A unit may not speak of another unit's task, though it has a part of its own.
func TestNoteOfAnotherUnitsTask(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	lead := s.reports[s.id].Lead()
	s.hang(s.id, func(f *models.ReportFacts) {
		support := *lead
		support.ID, support.Unit, support.Lead = s.world.id(), "cap-nuoc", false
		f.Tasks = append([]models.Task{support}, f.Tasks...)
	})
	_, err := s.do(workflow.Note{Packs: s.packs, Actor: staffActor(models.RoleHandler, "cap-nuoc"), ReportID: s.id, TaskID: &lead.ID, Text: s.draft("Chờ.")})
	if codeOf(err) != models.CodeInvalidValue {
		t.Error(err)
	}
}
