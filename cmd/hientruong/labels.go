// SPDX-License-Identifier: Apache-2.0

package main

import (
	"hientruong/models"
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
