// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"testing"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// Each step goes on from where the one before it left the report.
func TestFollow(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	nam, phone := citizenActor("nam"), deviceActor("hoa")
	follow := func(a models.Actor, meToo, end bool) workflow.Follow {
		return workflow.Follow{Actor: a, ReportID: s.id, MeToo: meToo, End: end}
	}
	if _, err := s.do(follow(nam, false, false)); codeOf(err) != models.CodeNotFound {
		t.Errorf("a report that nobody is shown can be followed: %v", err)
	}
	s.accept()
	for _, c := range []struct {
		what      string
		intent    workflow.Follow
		code      models.Code
		events    []models.EventKind
		followers [2]int32
	}{
		{"a guest", follow(models.Guest(jurisdiction), false, false), models.CodeUnauthorized, nil, [2]int32{0, 0}},
		{"staff", follow(operator(), false, false), models.CodeForbidden, nil, [2]int32{0, 0}},
		{"the reporter", follow(reporter(), true, false), models.CodeTransitionRefused, nil, [2]int32{0, 0}},
		{"no report", workflow.Follow{Actor: nam, ReportID: uuid.New()}, models.CodeNotFound, nil, [2]int32{0, 0}},
		{"leaving without following", follow(nam, false, true), "", nil, [2]int32{0, 0}},
		{"a citizen", follow(nam, false, false), "", []models.EventKind{models.EventReportFollowed}, [2]int32{1, 0}},
		{"once more", follow(nam, false, false), "", nil, [2]int32{1, 0}},
		{"who is affected too", follow(nam, true, false), "", []models.EventKind{models.EventReportFollowed}, [2]int32{1, 1}},
		{"which following does not take back", follow(nam, false, false), "", nil, [2]int32{1, 1}},
		{"a phone", follow(phone, true, false), "", []models.EventKind{models.EventReportFollowed}, [2]int32{2, 2}},
		{"leaving", follow(nam, false, true), "", []models.EventKind{models.EventReportUnfollowed}, [2]int32{1, 1}},
		{"leaving twice", follow(nam, true, true), "", nil, [2]int32{1, 1}},
		{"coming back", follow(nam, false, false), "", []models.EventKind{models.EventReportFollowed}, [2]int32{2, 1}},
	} {
		change, err := s.do(c.intent)
		if codeOf(err) != c.code {
			t.Fatalf("%s: %v, want %q", c.what, err, c.code)
		}
		if len(change.Events) != len(c.events) || len(c.events) == 1 && change.Events[0].Kind != c.events[0] {
			t.Errorf("%s: %+v, want %v", c.what, change.Events, c.events)
		}
		if len(change.Events) == 1 {
			if body, err := change.Events[0].ParseBody(); err != nil || body.Follower != c.intent.Actor.String() {
				t.Errorf("%s: %+v, %v", c.what, body, err)
			}
		}
		if r := s.report(s.id); [2]int32{r.Followers, r.MeToo} != c.followers {
			t.Errorf("%s: %d and %d, want %v", c.what, r.Followers, r.MeToo, c.followers)
		}
	}
}

// Who follows a report that is hidden later can still leave it, and nobody can come.
func TestFollowersOfAHiddenReportCanLeave(t *testing.T) {
	t.Parallel()
	s := tell(t, "den-duong")
	s.accept()
	nam := citizenActor("nam")
	if _, err := s.do(workflow.Follow{Actor: nam, ReportID: s.id}); err != nil {
		t.Fatal(err)
	}
	s.hang(s.id, func(f *models.ReportFacts) { f.Report.Shown, f.Report.PublicTile = models.ShownNone, nil })
	if _, err := s.do(workflow.Follow{Actor: citizenActor("hoa"), ReportID: s.id}); codeOf(err) != models.CodeNotFound {
		t.Errorf("coming: %v", err)
	}
	change, err := workflow.Follow{Actor: nam, ReportID: s.id, End: true}.Decide(s.facts(models.Needs{Reports: []uuid.UUID{s.id}}), s.now)
	if err != nil || len(change.Events) != 1 {
		t.Errorf("leaving: %v, %+v", err, change.Events)
	}
}
