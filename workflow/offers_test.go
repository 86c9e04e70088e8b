// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// What is offered is accepted, with the task and version that came with the offer, and
// what is not offered is refused.
func TestOffersAreWhatActAllows(t *testing.T) {
	t.Parallel()
	for _, set := range settingsOf(t) {
		for state, s := range everyState(t, set) {
			t.Run(set.name+"/"+string(state), func(t *testing.T) {
				t.Parallel()
				s = s.clone(t)
				s.w.after(20 * time.Minute) // longer than a claim holds
				for _, claimed := range []bool{false, true} {
					if claimed && !s.claim(personID("another operator")) {
						continue
					}
					for _, c := range s.callers() {
						s.offers(t, c, set.flow)
					}
				}
			})
		}
	}
}

func (s standing) claim(who uuid.UUID) bool {
	a := operator()
	a.ID = who
	s.w.after(time.Hour)
	_, err := s.w.do(workflow.Claim{Actor: a, ReportID: s.id})
	return err == nil
}

func (s standing) offers(t *testing.T, c caller, flow *pack.Workflow) {
	t.Helper()
	offers, err := workflow.Offers(s.w.packs, c.actor, s.w.reports[s.id], s.w.now)
	if (codeOf(err) == models.CodeNotFound) == c.sees {
		t.Errorf("%s: %v", c.name, err)
	}
	offered := map[string]workflow.Offer{}
	for _, o := range offers {
		offered[o.Transition.Name] = o
	}
	for _, step := range flow.Steps() {
		here := s.clone(t)
		with := here.w.all(c.actor, s.id, step)
		o, ok := offered[step.Name]
		intent := workflow.Act{Packs: s.w.packs, Actor: c.actor, ReportID: s.id, Name: step.Name, TaskID: o.TaskID, Version: &o.Version, Action: with}
		if !ok {
			intent.Version = new(s.report().Version)
		}
		if _, err := here.w.do(intent); (err == nil) != ok {
			t.Errorf("%s in %s: %s is offered: %t, and comes to %v", c.name, s.report().State, step.Name, ok, err)
		}
	}
}
