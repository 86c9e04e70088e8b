// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// split makes a report of its own of a second matter that a report speaks of. It begins
// where its category's reports begin, in the hand of the operator who split it off: what it
// says has been read and redacted just now, but nobody has decided whose it is.
func (m *move) split(a Action) error {
	if a.Part.ID == uuid.Nil || a.Part.Code == "" {
		return models.E(models.CodeInternal)
	}
	category, known := m.pack.Category(a.Category)
	flow, ok := m.pack.Workflow(a.Category)
	if !known || !ok {
		return models.Invalid(models.Field("body.category", models.CodeUnknownCategory, nil))
	}
	part := newMove(m.pack, flow, category, m.actor, m.origin, m.now)
	part.packs, part.report = m.packs, m.part(a, category)
	part.file(a.Redacted.Body)
	part.show()
	part.text(a.Redacted, models.TextDescription, m.report.Language)
	part.photoIDs = m.give(part, func(p models.Photo) bool { return slices.Contains(a.PhotoIDs, p.ID) })
	part.begun(models.Body{Ref: &m.report.ID})
	if part.report.Phase == models.PhaseReceived && m.actor.Reach(models.OpReportClaim) == models.ReachAll {
		until := m.now.Add(ClaimFor)
		part.report.ClaimedBy, part.report.ClaimedUntil = new(m.actor.ID), &until
	}
	part.fresh[part.report.ID] = true
	m.also = append(m.also, part)
	m.note(models.EventReportSplit, func(b *models.Body) { b.Ref, b.Category, b.Photos = &part.report.ID, category.Code, part.photoIDs })
	return nil
}

// part is the row of a report that is split off: as its origin in who, where and how.
func (m *move) part(a Action, category *pack.Category) models.Report {
	whole := &m.report
	return models.Report{
		JurisdictionID: whole.JurisdictionID, ID: a.Part.ID, Code: a.Part.Code, PackVersion: whole.PackVersion, SplitFrom: &whole.ID,
		Visibility: models.VisibilityPrivate, Shown: models.ShownNone, Category: category.Code, FirstCategory: category.Code,
		Urgency: urgencyOf(category, false), Channel: whole.Channel, Language: whole.Language, Origin: whole.Origin,
		Lat: whole.Lat, Lon: whole.Lon, Tile: whole.Tile, Area: whole.Area, AccuracyM: whole.AccuracyM, LocationSource: whole.LocationSource,
		LocationPrecision: category.Precision, Attributes: attributesOf(nil), ObservedAt: whole.ObservedAt,
		DescriptionID: a.Redacted.ID, SharedTextID: &a.Redacted.ID,
		CitizenID: whole.CitizenID, DeviceID: whole.DeviceID, AgentID: whole.AgentID, HasContact: whole.HasContact, HideName: whole.HideName,
		Version: 1, StateAt: m.now, CreatedAt: m.now, UpdatedAt: m.now,
	}
}

// splitDemand wants photos of a split to be the report's.
func (m *move) splitDemand(t *pack.Transition, a Action) []models.FieldError {
	if !t.Has(pack.EffectSplit) {
		return nil
	}
	for _, id := range a.PhotoIDs {
		if !slices.ContainsFunc(m.photos, func(p models.Photo) bool { return p.ID == id && p.Status != models.PhotoRefused }) {
			return []models.FieldError{models.Field("body.photo_ids", models.CodePhotoNotFound, nil)}
		}
	}
	return nil
}
