// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// Submit sends a report in. The form has been validated. ID, Code and the drafts were
// drawn by the caller; Contact is sealed and belongs to ID; Staged are photos that came
// with the report and lie in the store already.
type Submit struct {
	Packs    *pack.Store
	Actor    models.Actor
	Origin   models.Origin
	Form     Form
	ID       uuid.UUID
	Code     string
	Text     models.Draft
	Address  models.Draft // empty without one
	Consent  models.Draft // how somebody agreed that an agent files for them; empty without one
	OnBehalf bool
	Contact  *models.Contact
	Staged   []models.Photo
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (s Submit) Needs() models.Needs {
	return models.Needs{Jurisdiction: s.Actor.Jurisdiction, Photos: s.Form.PhotoIDs, Idempotency: s.Key, SOS: s.Form.SOS != nil}
}

// Decide implements models.Intent.
func (s Submit) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	p, number := s.Packs.Current(s.Actor.Jurisdiction, now)
	if p == nil {
		return models.Change{}, models.E(models.CodeUnavailable)
	}
	category, ok := p.Category(s.Form.Category)
	if !ok {
		return models.Change{}, models.Invalid(models.Field("body.category", models.CodeUnknownCategory, nil))
	}
	flow, ok := p.WorkflowNamed(category.Workflow)
	if !ok {
		return models.Change{}, models.E(models.CodeInternal)
	}
	m := newMove(p, flow, category, s.Actor, s.Origin, now)
	m.packs, m.report = s.Packs, s.report(m, number)
	m.placeAt(s.Form.Locate(p))
	m.file(s.Form.Description)
	m.show()
	m.text(s.Text, models.TextDescription, s.Form.Language)
	if s.Address.Body != "" {
		m.text(s.Address, models.TextAddress, s.Form.Language)
	}
	if s.Consent.Body != "" {
		m.text(s.Consent, models.TextConsent, s.Form.Language)
	}
	if s.Contact != nil {
		contact := *s.Contact
		contact.CreatedAt = now
		m.insert = append(m.insert, contact)
	}
	if err := s.attach(m, facts); err != nil {
		return models.Change{}, err
	}
	m.begun(models.Body{})
	return m.change(true), nil
}

// report makes the row, as yet without a place or a state.
func (s Submit) report(m *move, number int32) models.Report {
	f := s.Form
	r := models.Report{
		JurisdictionID: s.Actor.Jurisdiction, ID: s.ID, Code: s.Code, PackVersion: number,
		Visibility: models.VisibilityPrivate, Shown: models.ShownNone, Category: f.Category, FirstCategory: f.Category, StateAt: m.now, Urgency: urgencyOf(m.category, f.Urgent),
		Channel: f.Channel, Language: f.Language, Origin: s.Origin, AccuracyM: f.AccuracyM, LocationSource: f.source(),
		LocationPrecision: m.category.Precision, Attributes: attributesOf(f.Attributes), SOS: sosOf(f.SOS), ObservedAt: f.ObservedAt,
		DescriptionID: s.Text.ID, HasContact: s.Contact != nil, HideName: f.HideName,
		Version: 1, CreatedAt: m.now, UpdatedAt: m.now,
	}
	if f.ExternalRef != "" {
		r.ExternalRef = &f.ExternalRef
	}
	switch s.Actor.Kind {
	case models.ActorCitizen:
		r.CitizenID = &s.Actor.ID
	case models.ActorStaff:
		r.AgentID = &s.Actor.ID
	case models.ActorGuest, models.ActorDevice, models.ActorSystem:
	}
	if s.Actor.DeviceID != uuid.Nil && !s.Actor.IsStaff() {
		r.DeviceID = &s.Actor.DeviceID
	}
	return r
}

// attach ties photos to the report: those that came with it, and those sent before by the
// same caller.
func (s Submit) attach(m *move, facts models.Facts) error {
	for _, photo := range s.Staged {
		m.stage(photo)
	}
	return m.adopt(s.Form.PhotoIDs, facts)
}

// source is where the place was known from.
func (f Form) source() models.Source {
	switch {
	case f.Source != "":
		return f.Source
	case f.Lat != nil:
		return models.SourcePin
	case f.AreaID != "" || f.Address != "":
		return models.SourceAddress
	default:
		return models.SourceWords
	}
}

func urgencyOf(c *pack.Category, urgent bool) models.Urgency {
	switch {
	case c.SOS:
		return models.UrgencySOS
	case urgent:
		return models.UrgencyUrgent
	default:
		return models.UrgencyNormal
	}
}

func attributesOf(values map[string]string) json.RawMessage {
	kept := make(map[string]string, len(values))
	for name, value := range values {
		if value != "" {
			kept[name] = value
		}
	}
	return mustJSON(kept)
}

func attributesIn(r *models.Report) map[string]string {
	values := map[string]string{}
	// What the ledger keeps is what attributesOf made.
	_ = json.Unmarshal(r.Attributes, &values)
	return values
}

func sosOf(s *models.SOS) json.RawMessage {
	if s == nil {
		return nil
	}
	return mustJSON(s)
}

// mustJSON marshals what always can be: maps of strings and plain structs.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("workflow: " + err.Error())
	}
	return b
}

// placeAt sets the report's place.
func (m *move) placeAt(place Place) {
	if place.Point != nil {
		lat, lon, tile := place.Point.Lat(), place.Point.Lon(), int64(geo.TileOf(*place.Point))
		m.report.Lat, m.report.Lon, m.report.Tile = &lat, &lon, &tile
	}
	if place.Area != nil {
		id := pack.AreaID(*place.Area)
		m.report.Area = &id
	}
}
