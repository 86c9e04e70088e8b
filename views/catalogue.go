// SPDX-License-Identifier: Apache-2.0

package views

import (
	"time"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// Category is a kind of report, or a group of them: a group has children and cannot be
// reported under itself.
type Category struct {
	Code       string      `json:"code"`
	Name       string      `json:"name"`
	Help       string      `json:"help,omitempty"`
	Icon       string      `json:"icon,omitempty"`
	Group      string      `json:"group,omitempty" doc:"The code of its group"`
	Public     bool        `json:"public" doc:"Whether reports of this kind are shown to everybody once accepted"`
	SOS        bool        `json:"sos,omitempty" doc:"A call for rescue"`
	Attributes []Attribute `json:"attributes"`
	Children   []Category  `json:"children,omitempty"`
}

// Attribute is a question that a category asks.
type Attribute struct {
	Code     string             `json:"code"`
	Type     pack.AttributeType `json:"type" enum:"string,number,select,bool,file_number"`
	Required bool               `json:"required"`
	Label    string             `json:"label"`
	Help     string             `json:"help,omitempty"`
	Pattern  string             `json:"pattern,omitempty" doc:"A regular expression that the whole value matches"`
	Max      int                `json:"max,omitempty" doc:"Characters, or the greatest number"`
	Min      int                `json:"min,omitempty" doc:"The least number"`
	Options  []Option           `json:"options"`
}

// Option is one answer of several.
type Option struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// Categories are a pack's groups with their categories, in the pack's order.
func (a Assembler) Categories(p *pack.Pack) []Category {
	out := []Category{}
	for _, g := range p.Groups() {
		group := Category{Code: g.Code, Name: a.words(g.Name), Icon: g.Icon, Attributes: []Attribute{}, Children: []Category{}}
		for _, c := range p.Categories() {
			if c.Group == g.Code {
				group.Children = append(group.Children, a.category(c))
				group.Public = group.Public || c.Visibility == models.VisibilityPublic
			}
		}
		out = append(out, group)
	}
	return out
}

func (a Assembler) category(c *pack.Category) Category {
	out := Category{
		Code: c.Code, Name: a.words(c.Name), Help: a.words(c.Help), Icon: c.Icon, Group: c.Group,
		Public: c.Visibility == models.VisibilityPublic, SOS: c.SOS, Attributes: []Attribute{},
	}
	for _, q := range c.Attributes {
		asked := Attribute{
			Code: q.Code, Type: q.Type, Required: q.Required, Label: a.words(q.Label), Help: a.words(q.Help), Pattern: q.Pattern,
			Max: q.Max, Min: q.Min, Options: []Option{},
		}
		for _, o := range q.Options {
			asked.Options = append(asked.Options, Option{Key: o.Key, Name: a.words(o.Name)})
		}
		out.Attributes = append(out.Attributes, asked)
	}
	return out
}

// Area is a ward or commune. Days are YYYY-MM-DD.
type Area struct {
	ID        string   `json:"id"`
	Code      string   `json:"code"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind,omitempty"`
	ValidFrom string   `json:"valid_from,omitempty"`
	ValidTo   string   `json:"valid_to,omitempty"`
	Aliases   []string `json:"aliases" doc:"Older names that people still use"`
}

// Areas are a pack's areas in force, ascending by code.
func (a Assembler) Areas(p *pack.Pack) []Area {
	out := []Area{}
	for _, area := range p.Areas().All() {
		out = append(out, a.Area(area))
	}
	return out
}

// Area assembles one area of a pack.
func (a Assembler) Area(area geo.Area) Area {
	return Area{
		ID: pack.AreaID(area), Code: area.Code, Name: a.areaName(area), Kind: area.Kind, ValidFrom: day(area.ValidFrom), ValidTo: day(area.ValidTo),
		Aliases: append([]string{}, area.Aliases...),
	}
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// UnitInfo is a body that works on reports. Days are YYYY-MM-DD, both included.
type UnitInfo struct {
	Code       string        `json:"code"`
	Name       string        `json:"name"`
	Kind       pack.UnitKind `json:"kind" enum:"city,ioc,department,utility,ward"`
	Parent     string        `json:"parent,omitempty"`
	AgencyCode string        `json:"agency_code,omitempty"`
	ValidFrom  string        `json:"valid_from,omitempty"`
	ValidTo    string        `json:"valid_to,omitempty"`
	Successor  string        `json:"successor,omitempty"`
}

// Units are a pack's units, also those that have ended, in the pack's order.
func (a Assembler) Units(p *pack.Pack) []UnitInfo {
	out := []UnitInfo{}
	for _, u := range p.Units() {
		out = append(out, UnitInfo{
			Code: u.Code, Name: a.words(u.Name), Kind: u.Kind, Parent: u.Parent, AgencyCode: u.AgencyCode,
			ValidFrom: u.ValidFrom, ValidTo: u.ValidTo, Successor: u.Successor,
		})
	}
	return out
}

// Config is what a client needs to know before it begins.
type Config struct {
	Jurisdiction ConfigJurisdiction `json:"jurisdiction"`
	Zone         string             `json:"zone" doc:"An IANA name"`
	Languages    []string           `json:"languages"`
	Limits       Limits             `json:"limits"`
	Emergency    []EmergencyNumber  `json:"emergency_numbers"`
	Banner       string             `json:"banner,omitempty"`
	GuestReports bool               `json:"guest_reports" doc:"Whether a report needs no token"`
	PackVersion  int32              `json:"pack_version"`
	MinClient    string             `json:"min_client,omitempty"`
	ServerTime   time.Time          `json:"server_time"`
}

// ConfigJurisdiction is the province or city.
type ConfigJurisdiction struct {
	ID   int32      `json:"id"`
	Code string     `json:"code"`
	Name string     `json:"name"`
	BBox [4]float64 `json:"bbox" doc:"minLon, minLat, maxLon, maxLat in degrees"`
}

// Limits is what a submission may hold at most.
type Limits struct {
	Photos      int   `json:"photos"`
	PhotoBytes  int64 `json:"photo_bytes"`
	PhotoPixels int64 `json:"photo_pixels"`
	Description int   `json:"description" doc:"Characters"`
}

// EmergencyNumber is a number to call.
type EmergencyNumber struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// Config assembles a jurisdiction's configuration from the pack in use and its number.
func (a Assembler) Config(jurisdiction int32, p *pack.Pack, number int32) Config {
	s, box := p.Settings(), p.Bounds()
	c := Config{
		Jurisdiction: ConfigJurisdiction{ID: jurisdiction, Code: s.ID, Name: a.words(s.Name), BBox: [4]float64{box.MinLon, box.MinLat, box.MaxLon, box.MaxLat}},
		Zone:         s.Zone, Languages: append([]string{}, s.Languages...),
		Limits:    Limits{Photos: s.Limits.Photos, PhotoBytes: s.Limits.PhotoBytes, PhotoPixels: s.Limits.PhotoPixels, Description: s.Limits.Description},
		Emergency: []EmergencyNumber{}, Banner: a.words(s.Banner), GuestReports: s.GuestReports, PackVersion: number, MinClient: s.MinClient,
		ServerTime: a.Now.UTC(),
	}
	for _, e := range s.Emergency {
		c.Emergency = append(c.Emergency, EmergencyNumber{Number: e.Number, Name: a.words(e.Name)})
	}
	return c
}
