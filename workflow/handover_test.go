// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

func administrator() models.Actor { return staffActor(models.RoleAdministrator, "") }

func (s story) handOver(from, to string) (models.Change, error) {
	s.t.Helper()
	return s.do(workflow.HandOver{Packs: s.packs, Actor: administrator(), ReportID: s.id, From: from, To: to})
}

// The lead's task goes as it stands; its clock counts in the new unit's time, and an
// answer by whoever had it before comes too late.
func TestHandOverOfTheLead(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	old := staffActor(models.RoleHandler, s.lead())
	s.step(old, "start", workflow.Action{})
	before, task, clock := s.report(s.id), *s.reports[s.id].Lead(), s.clock("xu-ly")
	if _, err := s.handOver("chieu-sang", "cay-xanh"); err != nil {
		t.Fatal(err)
	}
	is := *s.reports[s.id].Lead()
	if is.ID != task.ID || is.Unit != "cay-xanh" || is.HandlerID != nil || is.State != task.State || is.Version != task.Version+1 {
		t.Errorf("%+v", is)
	}
	after := s.report(s.id)
	if *after.LeadUnit != "cay-xanh" || after.Version != before.Version+1 || after.State != before.State {
		t.Errorf("%s, version %d, %s", *after.LeadUnit, after.Version, after.State)
	}
	if now := s.clock("xu-ly"); now.ID != clock.ID || *now.Unit != "cay-xanh" || !now.Running() {
		t.Errorf("%+v", now)
	}
	body := s.last(models.EventTaskHanded)
	if *body.Task != is.ID || body.Unit != "cay-xanh" || body.From != "chieu-sang" || body.Before.Unit != "chieu-sang" || body.After.Unit != "cay-xanh" {
		t.Errorf("%+v", body)
	}
	s.refused(old, "resolve", s.resolution(old), models.CodeNotFound)
	if again, err := s.handOver("chieu-sang", "cay-xanh"); err != nil || !nothing(again) {
		t.Errorf("once more: %+v, %v", again, err)
	}
}

// What the other unit has of the report already becomes one with what it is given.
func TestHandOverToAUnitThatHasAPart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what     string
		from, to string
		lead     string
		support  []string
	}{
		{"support goes over", "cap-nuoc", "cay-xanh", "chieu-sang", []string{"cay-xanh", "dien-luc"}},
		{"support to who supports", "cap-nuoc", "dien-luc", "chieu-sang", []string{"dien-luc"}},
		{"support to the lead", "cap-nuoc", "chieu-sang", "chieu-sang", []string{"dien-luc"}},
		{"the lead to who supports", "chieu-sang", "dien-luc", "dien-luc", []string{"cap-nuoc"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			s := tell(t, "den-duong")
			s.accept()
			s.hang(s.id, func(f *models.ReportFacts) {
				for _, unit := range []string{"cap-nuoc", "dien-luc"} {
					support := *f.Lead()
					support.ID, support.Unit, support.Lead = s.world.id(), unit, false
					f.Tasks = append(slices.Clone(f.Tasks), support)
				}
			})
			if _, err := s.handOver(c.from, c.to); err != nil {
				t.Fatal(err)
			}
			support := s.support()
			slices.Sort(support)
			if s.lead() != c.lead || !slices.Equal(support, c.support) {
				t.Errorf("%s leads and %v support, want %s and %v", s.lead(), support, c.lead, c.support)
			}
		})
	}
}

func TestHandOverRefuses(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	ended := s.submit(reporter(), formOf("o-ga"))
	if _, err := s.act(reporter(), ended, "withdraw", workflow.Action{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what     string
		by       models.Actor
		report   uuid.UUID
		from, to string
		want     models.Code
	}{
		{"an operator", operator(), s.id, "chieu-sang", "cay-xanh", models.CodeForbidden},
		{"a guest", models.Guest(jurisdiction), s.id, "chieu-sang", "cay-xanh", models.CodeUnauthorized},
		{"no report", administrator(), uuid.New(), "chieu-sang", "cay-xanh", models.CodeNotFound},
		{"to nobody", administrator(), s.id, "chieu-sang", "khong-co", models.CodeUnknownUnit},
		{"to a unit that has ended", administrator(), s.id, "chieu-sang", "doi-quan-ly-do-thi", models.CodeUnknownUnit},
		{"to itself", administrator(), s.id, "chieu-sang", "chieu-sang", models.CodeInvalidValue},
		{"what is over", administrator(), ended, "chieu-sang", "cay-xanh", ""},
		{"who has nothing", administrator(), s.id, "dien-luc", "cay-xanh", ""},
	} {
		change, err := s.do(workflow.HandOver{Packs: s.packs, Actor: c.by, ReportID: c.report, From: c.from, To: c.to})
		if codeOf(err) != c.want || !nothing(change) {
			t.Errorf("%s: %v, want %q; %+v", c.what, err, c.want, change)
		}
	}
}
