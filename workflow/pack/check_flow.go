// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"

	"hientruong/models"
)

func (c *checker) workflow(w *Workflow) {
	if _, ok := w.State(w.Initial); !ok {
		c.fault(w.src.name, at("initial"), "there is no state %q to begin with; %s", w.Initial, instead(string(w.Initial), names(w.States), oneOf(names(w.States))))
		return
	}
	c.sound = true
	for _, t := range w.steps {
		c.sound = c.transition(w, t) && c.sound
	}
	for _, s := range w.states {
		c.clockNames(w, at("states", string(s.Name), "clock"), list{s.Clock})
	}
	c.clockNames(w, at("starts"), w.Starts)
	c.clockNames(w, at("support_clock"), list{w.SupportClock})
	for _, k := range w.clocks {
		c.clock(w, k)
	}
	c.approval(w)
	c.paused(w)
	if c.sound {
		c.reach(w)
		c.lacks(w)
	}
}

// transition checks the names in a transition; false where its states are not known.
func (c *checker) transition(w *Workflow, t *Transition) bool {
	sound := c.ends(w, t)
	if len(t.From) == 0 {
		c.fault(w.src.name, at("transitions", t.Name), "transition %s starts nowhere; write from: […]", t.Name)
	}
	for i, r := range t.By {
		if !r.Valid() && r != models.RoleSystem && r != models.RoleGuest {
			c.fault(w.src.name, at("transitions", t.Name, "by", i), "transition %s: there is no role %q; %s", t.Name, r,
				instead(string(r), append(texts(models.Roles()), "system", "guest"), "the roles are "+join(models.Roles())+", system"))
		}
	}
	if len(t.By) == 0 {
		c.fault(w.src.name, at("transitions", t.Name), "nobody may take transition %s; write by: […]", t.Name)
	}
	if t.Auto != "" && t.On == OnReport && !t.MayBe(models.RoleSystem) {
		c.fault(w.src.name, at("transitions", t.Name, "auto"), "transition %s goes by itself, but system may not take it; add it to by", t.Name)
	}
	if t.Auto == AutoRoute && (t.To == Stay || t.To == Back) {
		c.fault(w.src.name, at("transitions", t.Name, "to"), "transition %s goes by itself and must lead on; write the state it leads to", t.Name)
	}
	for _, l := range []struct {
		field  string
		clocks list
	}{{"starts", t.Starts}, {"stops", t.Stops}, {"pauses", t.Pauses}, {"resumes", t.Resumes}} {
		c.clockNames(w, at("transitions", t.Name, l.field), l.clocks)
	}
	c.demands(w, t)
	if t.On == OnSupport {
		c.support(w, t)
	}
	c.literals(w.src.name, at("transitions", t.Name, "when"), t.guard)
	return sound
}

// ends checks where a transition starts and leads to; false where the states are not known.
func (c *checker) ends(w *Workflow, t *Transition) bool {
	if t.On == OnSupport {
		c.supportEnds(w, t)
		return true
	}
	sound := true
	for _, s := range t.From {
		if _, ok := w.State(s); !ok {
			sound = false
			c.fault(w.src.name, at("transitions", t.Name, "from", s), "transition %s: there is no state %q; %s", t.Name, s, instead(string(s), names(w.States), oneOf(names(w.States))))
		}
	}
	if _, ok := w.State(t.To); !ok && t.To != Back && t.To != Stay {
		sound = false
		c.fault(w.src.name, at("transitions", t.Name, "to"), "transition %s: there is no state %q; %s", t.Name, t.To,
			instead(string(t.To), append(names(w.States), "back", "stay"), oneOf(names(w.States))+", back or stay"))
	}
	return sound
}

// supportEnds checks that a transition of a supporting task goes from and to states of a task.
func (c *checker) supportEnds(w *Workflow, t *Transition) {
	known := []models.TaskState{models.TaskOpen, models.TaskWorking, models.TaskDone, models.TaskReturned}
	for _, s := range t.From {
		if !slices.Contains(known, models.TaskState(s)) {
			c.fault(w.src.name, at("transitions", t.Name, "from", s), "transition %s: %q is no state of a supporting task; write one of %s", t.Name, s, join(known))
		}
	}
	if t.To != Stay && !slices.Contains(known, models.TaskState(t.To)) {
		c.fault(w.src.name, at("transitions", t.Name, "to"), "transition %s: %q is no state of a supporting task; write stay or one of %s", t.Name, t.To, join(known))
	}
}

// reach finds states that cannot be reached and states that no way leads out of to an end.
func (c *checker) reach(w *Workflow) {
	reached := map[models.State]bool{w.Initial: true}
	spread(func() (changed bool) {
		for _, t := range w.steps {
			for _, from := range t.From {
				if t.moves() && t.To != Back && reached[from] && !reached[t.To] && len(t.By) > 0 {
					reached[t.To], changed = true, true
				}
			}
		}
		return changed
	})
	ends := map[models.State]bool{}
	for _, s := range w.states {
		ends[s.Name] = s.Phase == models.PhaseEnded
	}
	spread(func() (changed bool) {
		for _, t := range w.steps {
			for _, from := range t.From {
				if !ends[from] && len(t.By) > 0 && c.leadsOut(w, t, from, ends) {
					ends[from], changed = true, true
				}
			}
		}
		return changed
	})
	for _, s := range w.states {
		if !reached[s.Name] {
			c.fault(w.src.name, at("states", string(s.Name)), "nothing leads to the state %s; write to: %s in a transition", s.Name, s.Name)
		}
		if !ends[s.Name] {
			c.fault(w.src.name, at("states", string(s.Name)), "no way leads from the state %s to an end; write a transition from it", s.Name)
		}
	}
}

// moves tells whether a transition leads to a state of the report: not to where it is, and not that of a task.
func (t *Transition) moves() bool { return t.On == OnReport && t.To != Stay }

// leadsOut tells whether a transition goes on to an end. One that goes back must do so wherever its state was come to from.
func (c *checker) leadsOut(w *Workflow, t *Transition, from models.State, ends map[models.State]bool) bool {
	if !t.moves() {
		return false
	}
	if t.To != Back {
		return ends[t.To]
	}
	came := 0
	for _, in := range w.steps {
		if in.To != from || !in.moves() {
			continue
		}
		for _, s := range in.From {
			came++
			if !ends[s] {
				return false
			}
		}
	}
	return came > 0
}

// spread calls step until it changes nothing; each step marks a state, so it ends.
func spread(step func() bool) {
	for step() {
		continue
	}
}
