// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"hientruong/models"
	"hientruong/notify"
	"hientruong/workflow/pack"
)

// labels names what packs hold for messages that a lock screen may show.
type labels struct{ packs *pack.Holder }

// Category implements notify.Labels. A category that is not public has no name there.
func (l labels) Category(jurisdiction, version int32, code string, lang models.Language) string {
	p, ok := l.packs.Load().Version(jurisdiction, version)
	if !ok {
		return ""
	}
	c, ok := p.Category(code)
	if !ok || c.Visibility != models.VisibilityPublic {
		return ""
	}
	return c.Name.In(string(lang))
}

// Unit implements notify.Labels.
func (l labels) Unit(jurisdiction, version int32, code string, lang models.Language) string {
	p, ok := l.packs.Load().Version(jurisdiction, version)
	if !ok {
		return ""
	}
	u, ok := p.Unit(code)
	if !ok {
		return ""
	}
	return u.Name.In(string(lang))
}

// Reason implements notify.Labels.
func (l labels) Reason(jurisdiction, version int32, code string, lang models.Language) string {
	p, ok := l.packs.Load().Version(jurisdiction, version)
	if !ok {
		return ""
	}
	reason, _ := p.Reason(pack.ReasonsReject, code)
	return reason.Text.In(string(lang))
}

// Clock implements notify.Labels. A clock waits for the reporter where the state that it
// belongs to keeps the phase of the one before: only asking does that.
func (l labels) Clock(jurisdiction, version int32, workflow, name string, lang models.Language) notify.Clock {
	p, ok := l.packs.Load().Version(jurisdiction, version)
	if !ok {
		return notify.Clock{}
	}
	flow, ok := p.WorkflowNamed(workflow)
	if !ok {
		return notify.Clock{}
	}
	c, ok := flow.Clock(name)
	if !ok {
		return notify.Clock{}
	}
	waits := slices.ContainsFunc(flow.AllStates(), func(s *pack.State) bool { return s.Clock == name && s.Phase == pack.PhaseBefore })
	return notify.Clock{Label: c.Label.In(string(lang)), Public: c.Public, Waits: waits, Steps: c.Overdue.Take != ""}
}

// Operations implements notify.Labels.
func (l labels) Operations(jurisdiction, version int32) string {
	p, ok := l.packs.Load().Version(jurisdiction, version)
	if !ok {
		return ""
	}
	return p.Settings().Operations
}
