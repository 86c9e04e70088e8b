// SPDX-License-Identifier: Apache-2.0

package views

import (
	"time"

	"github.com/google/uuid"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// Assembler makes views. Now is the moment at which deadlines are read. Link makes the
// address of a photo's rendition ("thumb", "view" or "original") for a view, signed where
// it has to be; nil makes plain ones.
type Assembler struct {
	Packs    *pack.Store
	Language models.Language
	Now      time.Time
	Link     func(p models.Photo, v models.View, size string) string
}

// Render makes a report's view: a Public, Own, Unit or Operations. The bundle was loaded
// for the same view; nil is an empty one. It fails with CodeNotFound where the public is
// shown nothing, and with CodeUnavailable while the report's pack is not loaded.
func (a Assembler) Render(v models.View, r *models.Report, b *models.Bundle) (any, error) {
	switch v {
	case models.ViewPublic:
		return a.Public(r, b)
	case models.ViewOwn:
		return a.Own(r, b)
	case models.ViewUnit:
		return a.Unit(r, b)
	case models.ViewOperations:
		return a.Operations(r, b)
	}
	return nil, models.E(models.CodeNotFound)
}

// sight is a report with all that is needed to show it.
type sight struct {
	Assembler
	view   models.View
	report *models.Report
	bundle *models.Bundle
	pack   *pack.Pack
	flow   *pack.Workflow
	state  *pack.State // nil where the pack does not know it
}

func (a Assembler) sight(v models.View, r *models.Report, b *models.Bundle) (*sight, error) {
	p, ok := a.Packs.Version(r.JurisdictionID, r.PackVersion)
	if !ok {
		return nil, models.E(models.CodeUnavailable)
	}
	if v == models.ViewPublic && (r.Shown == models.ShownNone || r.Shown == "") {
		return nil, models.E(models.CodeNotFound)
	}
	if b == nil {
		b = &models.Bundle{}
	}
	s := &sight{Assembler: a, view: v, report: r, bundle: b, pack: p}
	if flow, ok := p.WorkflowNamed(r.Workflow); ok {
		s.flow = flow
		s.state, _ = flow.State(r.State)
	}
	return s, nil
}

func (a Assembler) words(t pack.Text) string { return t.In(string(a.Language)) }

// full says whether more than its state is shown of the report.
func (s *sight) full() bool { return s.view != models.ViewPublic || s.report.Shown == models.ShownFull }

// answers says whether the answer is shown: to those who work on it always, to the public
// and the reporter where the state says so.
func (s *sight) answers() bool {
	if s.staff() {
		return true
	}
	return s.full() && s.state != nil && s.state.Answer
}

// staff says whether the view is one of those who work on the report.
func (s *sight) staff() bool { return s.view == models.ViewUnit || s.view == models.ViewOperations }

// label is what a state of the report's workflow is called.
func (s *sight) label(state models.State) string {
	if s.flow != nil {
		if st, ok := s.flow.State(state); ok {
			return s.words(st.Label)
		}
	}
	return string(state)
}

// status is Open311's word for where the report stands.
func (s *sight) status() models.Status {
	if s.state != nil && s.state.Open311 != "" {
		return s.state.Open311
	}
	return s.report.Phase.Status()
}

// CategoryRef names a category.
type CategoryRef struct {
	Code string `json:"code"`
	Name string `json:"name" doc:"In the caller's language"`
	Icon string `json:"icon,omitempty"`
}

// AreaRef names a ward or commune.
type AreaRef struct {
	ID   string `json:"id" doc:"The code and the day since which it means this area"`
	Code string `json:"code"`
	Name string `json:"name"`
}

// UnitRef names a unit.
type UnitRef struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Location is a place, as exactly as the view may know it.
type Location struct {
	Lat       float64          `json:"lat" doc:"Degrees, WGS84"`
	Lon       float64          `json:"lon" doc:"Degrees, WGS84"`
	Precision models.Precision `json:"precision" enum:"exact,snapped,ward"`
	AccuracyM *float64         `json:"accuracy_m,omitempty" doc:"Metres; for those who may know the exact place"`
	Source    models.Source    `json:"source,omitempty" enum:"gps,photo,pin,address,words"`
}

func (s *sight) categoryRef() *CategoryRef { return s.categoryNamed(s.report.Category) }

func (s *sight) categoryNamed(code string) *CategoryRef {
	ref := &CategoryRef{Code: code, Name: code}
	if c, ok := s.pack.Category(code); ok {
		ref.Name, ref.Icon = s.words(c.Name), c.Icon
	}
	return ref
}

func (s *sight) areaRef() *AreaRef {
	if s.report.Area == nil {
		return nil
	}
	ref := &AreaRef{ID: *s.report.Area, Code: *s.report.Area, Name: *s.report.Area}
	if area, ok := s.pack.Area(*s.report.Area); ok {
		ref.Code, ref.Name = area.Code, s.areaName(area)
	}
	return ref
}

func (a Assembler) areaName(area geo.Area) string {
	if a.Language == models.English && area.NameEN != "" {
		return area.NameEN
	}
	return area.Name
}

func (s *sight) unitRef(code string) UnitRef {
	if u, ok := s.pack.Unit(code); ok {
		return UnitRef{Code: code, Name: s.words(u.Name)}
	}
	return UnitRef{Code: code, Name: code}
}

func (s *sight) lead() *UnitRef {
	if s.report.LeadUnit == nil {
		return nil
	}
	ref := s.unitRef(*s.report.LeadUnit)
	return &ref
}

// location is the exact place for those who may know it; for the public the middle of
// the tile that was made for it, and nothing where there is none.
func (s *sight) location() *Location {
	r := s.report
	if s.view != models.ViewPublic {
		if r.Lat == nil || r.Lon == nil {
			return nil
		}
		return &Location{Lat: *r.Lat, Lon: *r.Lon, Precision: models.PrecisionExact, AccuracyM: r.AccuracyM, Source: r.LocationSource}
	}
	if r.PublicTile == nil || !s.full() || r.LocationPrecision == models.PrecisionWard {
		return nil
	}
	p := geo.Tile(*r.PublicTile).Point()
	return &Location{Lat: p.Lat(), Lon: p.Lon(), Precision: r.LocationPrecision}
}

// idOrNil leaves the zero id out.
func idOrNil(id *uuid.UUID) *uuid.UUID {
	if id == nil || *id == uuid.Nil {
		return nil
	}
	return id
}
