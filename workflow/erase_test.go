// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

func TestCorrect(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	s.publish()
	r := s.report(s.id)
	version, stale := r.Version, r.Version-1
	comment := s.draft("không phải để sửa").Text(&r, models.TextComment, models.Vietnamese, "system", s.now)
	s.texts[comment.ID] = comment
	for _, c := range []struct {
		what    string
		by      models.Actor
		text    uuid.UUID
		says    string
		version *int64
		want    models.Code
	}{
		{"the original that was shared", operator(), r.DescriptionID, "Đèn không sáng.", &version, ""},
		{"what was corrected meanwhile", operator(), r.DescriptionID, "Đèn không sáng!", &version, models.CodeInvalidValue},
		{"the answer", verifier(), *r.AnswerID, "Đã thay bóng.", &version, ""},
		{"an answer of before", verifier(), *r.AnswerID, "Đã thay bóng!", &version, models.CodeVersionStale},
		{"a comment", operator(), comment.ID, "Khác.", &version, models.CodeInvalidValue},
		{"no text", operator(), uuid.New(), "Khác.", &version, models.CodeNotFound},
		{"without a version", operator(), r.DescriptionID, "Khác.", nil, models.CodeVersionMissing},
		{"an old version", operator(), r.DescriptionID, "Khác.", &stale, models.CodeVersionStale},
		{"a unit", staffActor(models.RoleHandler, "chieu-sang"), *r.AnswerID, "Khác.", &version, models.CodeForbidden},
		{"the reporter", reporter(), r.DescriptionID, "Khác.", &version, models.CodeForbidden},
	} {
		_, err := s.do(workflow.Correct{Packs: s.packs, Actor: c.by, ReportID: s.id, TextID: c.text, Text: s.draft(c.says), Version: c.version})
		if codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
		if err != nil {
			continue
		}
		now := s.report(s.id)
		newest := s.texts[*now.SharedTextID]
		if c.text == *r.AnswerID {
			newest = s.texts[*now.AnswerID]
		}
		mark, marked := s.last(models.EventReportShared).Texts[string(newest.Kind)]
		if !marked || mark.ID != newest.ID || *newest.Body != c.says || newest.Replaces == nil || *newest.Replaces != c.text || now.Version != version {
			t.Errorf("%s: %+v, %+v, version %d", c.what, newest, mark, now.Version)
		}
	}
	shared := *s.report(s.id).SharedTextID
	empty := workflow.Correct{Packs: s.packs, Actor: operator(), ReportID: s.id, TextID: shared, Version: &version}
	if _, err := s.do(empty); codeOf(err) != models.CodeRequired {
		t.Errorf("an empty text: %v", err)
	}
}

func TestNobodyCorrectsWhatAnotherHasInHand(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	if _, err := s.do(workflow.Claim{Actor: verifier(), ReportID: s.id}); err != nil {
		t.Fatal(err)
	}
	r := s.report(s.id)
	_, err := s.do(workflow.Correct{Packs: s.packs, Actor: operator(), ReportID: s.id, TextID: *r.SharedTextID, Text: s.draft("Khác."), Version: &r.Version})
	if codeOf(err) != models.CodeClaimHeld {
		t.Error(err)
	}
}

// Only of what others than staff read does the log say how the report stood, so that they
// are told of the change.
func TestOthersAreToldOfWhatTheyRead(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	correct := func(text uuid.UUID) {
		t.Helper()
		r := s.report(s.id)
		if _, err := s.do(workflow.Correct{Packs: s.packs, Actor: verifier(), ReportID: s.id, TextID: text, Text: s.draft("Đã sửa."), Version: &r.Version}); err != nil {
			t.Fatal(err)
		}
	}
	erase := func(text uuid.UUID) {
		t.Helper()
		if _, err := s.do(workflow.EraseText{Packs: s.packs, Actor: verifier(), ReportID: s.id, TextID: text, Reason: "thong-tin-ca-nhan"}); err != nil {
			t.Fatal(err)
		}
	}
	told := func(what string, kind models.EventKind, want bool) {
		t.Helper()
		body := s.last(kind)
		if got := body.After != nil; got != want || got && *body.Before != *body.After {
			t.Errorf("%s: %+v", what, body)
		}
	}
	correct(*s.report(s.id).SharedTextID)
	told("the shared text is corrected", models.EventReportShared, true)
	unit := staffActor(models.RoleHandler, s.lead())
	s.step(unit, "start", workflow.Action{})
	s.step(unit, "resolve", s.resolution(unit))
	correct(*s.report(s.id).AnswerID)
	told("an answer that is not out is corrected", models.EventReportShared, false)
	s.step(verifier(), "publish", workflow.Action{})
	answer := *s.report(s.id).AnswerID
	correct(answer)
	told("an answer that is out is corrected", models.EventReportShared, true)
	erase(answer)
	told("a former answer is erased", models.EventTextErased, false)
	erase(*s.report(s.id).AnswerID)
	told("the answer is erased", models.EventTextErased, true)
	erase(s.report(s.id).DescriptionID)
	told("the original, that nobody else reads, is erased", models.EventTextErased, false)
}

// The number of a document that a deadline names is gone from there as well.
func TestEraseADocumentThatExtended(t *testing.T) {
	t.Parallel()
	w := worldOf(t, changedPack(t, map[string]func(string) string{"workflow.yaml": func(s string) string {
		return strings.Replace(s, "demands: {until: true, reason: extend}", "demands: {until: true, reason: extend, document: true}", 1)
	}}))
	s := story{w, w.submit(reporter(), formOf("den-duong"))}
	s.accept()
	until := s.clock("xu-ly").DueAt.Add(72 * time.Hour)
	with := workflow.Action{Until: &until, ReasonCode: s.pack.Reasons("extend")[0].Code, Document: s.draft("Đơn của anh Ba")}
	s.step(verifier(), "extend", with)
	if d := s.clock("xu-ly"); d.Document == nil || *d.Document != "Đơn của anh Ba" {
		t.Fatalf("extended by %+v", d)
	}
	s.after(time.Minute)
	erase := workflow.EraseText{Packs: s.packs, Actor: verifier(), ReportID: s.id, TextID: with.Document.ID, Reason: "thong-tin-ca-nhan"}
	if _, err := s.do(erase); err != nil {
		t.Fatal(err)
	}
	if d := s.clock("xu-ly"); d.Document != nil || d.ExtendedAt == nil {
		t.Errorf("the deadline says it still: %+v", d)
	}
}

// Whatever kind of text it is, its words go, its digest stays, and once is enough.
func TestEraseEveryKindOfText(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	r := s.report(s.id)
	for _, kind := range []models.TextKind{
		models.TextDescription, models.TextShared, models.TextAddress, models.TextAnswer, models.TextReason, models.TextQuestion, models.TextReply, models.TextNote,
		models.TextComment, models.TextDocument, models.TextMessage, models.TextDirective, models.TextResult, models.TextConsent,
	} {
		text := s.draft("Anh Ba nhà số 12").Text(&r, kind, models.Vietnamese, "system", s.now)
		s.texts[text.ID] = text
		erase := workflow.EraseText{Packs: s.packs, Actor: verifier(), ReportID: s.id, TextID: text.ID, Reason: "thong-tin-ca-nhan"}
		if _, err := s.do(erase); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		is, body := s.texts[text.ID], s.last(models.EventTextErased)
		if is.Body != nil || is.ErasedAt == nil || !bytes.Equal(is.Digest, text.Digest) || *body.Ref != text.ID || body.Reason != "thong-tin-ca-nhan" {
			t.Errorf("%s: %+v, %+v", kind, is, body)
		}
		if again, err := s.do(erase); err != nil || !nothing(again) {
			t.Errorf("%s, once more: %+v, %v", kind, again, err)
		}
	}
}

func TestEraseRefuses(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	other := s.other()
	for _, c := range []struct {
		what   string
		by     models.Actor
		text   uuid.UUID
		reason string
		want   models.Code
	}{
		{"an administrator", staffActor(models.RoleAdministrator, ""), s.report(s.id).DescriptionID, "nguoi-gui-yeu-cau", ""},
		{"an operator", operator(), s.report(s.id).DescriptionID, "nguoi-gui-yeu-cau", models.CodeForbidden},
		{"the reporter", reporter(), s.report(s.id).DescriptionID, "nguoi-gui-yeu-cau", models.CodeForbidden},
		{"another report's text", verifier(), s.report(other).DescriptionID, "nguoi-gui-yeu-cau", models.CodeNotFound},
		{"no text", verifier(), uuid.New(), "nguoi-gui-yeu-cau", models.CodeNotFound},
		{"a reason nobody knows", verifier(), s.report(s.id).DescriptionID, "khong-thich", models.CodeUnknownReason},
		{"no reason", verifier(), s.report(s.id).DescriptionID, "", models.CodeRequired},
	} {
		_, err := s.do(workflow.EraseText{Packs: s.packs, Actor: c.by, ReportID: s.id, TextID: c.text, Reason: c.reason})
		if codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}
