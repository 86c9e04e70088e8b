// SPDX-License-Identifier: Apache-2.0

package geo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

const dayLayout = time.DateOnly

// AreaError tells where a file of areas is wrong.
type AreaError struct {
	// Feature counts from 0; -1 means the file as a whole.
	Feature int
	// Property is the property at fault, "" when it is something else.
	Property string
	// Reason is for the person who made the file.
	Reason string
}

// Error names the feature, the property and the reason.
func (e *AreaError) Error() string {
	var b strings.Builder
	b.WriteString("geo: areas")
	if e.Feature >= 0 {
		fmt.Fprintf(&b, ": feature %d", e.Feature)
	}
	if e.Property != "" {
		fmt.Fprintf(&b, ": property %q", e.Property)
	}
	return b.String() + ": " + e.Reason
}

// Properties says which GeoJSON properties hold what. Each is a list of names,
// of which the first that a feature has counts.
type Properties struct {
	Code, Name, NameEN, Kind, ValidFrom, ValidTo, Aliases, People []string
}

// DefaultProperties is the names of our own files, and of the files of
// Vietnam's wards that use fullName ("Phường Phú Xuân").
func DefaultProperties() Properties {
	return Properties{
		Code:      []string{"code"},
		Name:      []string{"fullName", "name"},
		NameEN:    []string{"name_en", "fullNameEn"},
		Kind:      []string{"kind"},
		ValidFrom: []string{"valid_from"},
		ValidTo:   []string{"valid_to"},
		Aliases:   []string{"aliases"},
		People:    []string{"people"},
	}
}

type collection struct {
	Type     string          `json:"type"`
	CRS      json.RawMessage `json:"crs"`
	Features []*feature      `json:"features"`
}

type feature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   *geometry                  `json:"geometry"`
}

type geometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

// ParseAreas reads a GeoJSON FeatureCollection of Polygons and MultiPolygons in
// WGS84 degrees. Code and name are required; dates are YYYY-MM-DD; a code may
// come twice only with another first day. It is strict: the first fault ends it,
// with an *AreaError, or with the reader's own error. The caller limits r.
func ParseAreas(r io.Reader, names Properties) ([]Area, error) {
	var doc collection
	dec := json.NewDecoder(r)
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("geo: areas: not GeoJSON: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, whole("something follows the end of the GeoJSON")
	}
	switch {
	case doc.Type != "FeatureCollection":
		return nil, whole(fmt.Sprintf("type is %q, want FeatureCollection", doc.Type))
	case len(doc.Features) == 0:
		return nil, whole("there are no features")
	case !isWGS84(doc.CRS):
		return nil, whole("crs names another system than WGS84: convert the coordinates to longitude and latitude first")
	}
	areas := make([]Area, 0, len(doc.Features))
	seen := map[string]int{}
	for i, f := range doc.Features {
		area, fault := f.area(names)
		if fault != nil {
			fault.Feature = i
			return nil, fault
		}
		key := area.Code + " " + area.ValidFrom.Format(dayLayout)
		if first, twice := seen[key]; twice {
			return nil, &AreaError{Feature: i, Property: names.Code[0],
				Reason: fmt.Sprintf("%q is already the code of feature %d, from the same day", area.Code, first)}
		}
		seen[key] = i
		areas = append(areas, area)
	}
	return areas, nil
}

func whole(reason string) *AreaError { return &AreaError{Feature: -1, Reason: reason} }

// isWGS84 accepts no crs, and the old member where it says what is true anyway.
func isWGS84(crs json.RawMessage) bool {
	if len(crs) == 0 || string(crs) == "null" {
		return true
	}
	text := strings.ToUpper(string(crs))
	return strings.Contains(text, "CRS84") || strings.Contains(text, "EPSG::4326") || strings.Contains(text, "EPSG:4326")
}

func (f *feature) area(names Properties) (Area, *AreaError) {
	if f == nil || f.Type != "Feature" {
		return Area{}, &AreaError{Reason: "not a Feature"}
	}
	p := properties{values: f.Properties}
	area := Area{
		Code: p.text(names.Code, true), Name: p.text(names.Name, true),
		NameEN: p.text(names.NameEN, false), Kind: p.text(names.Kind, false),
		ValidFrom: p.day(names.ValidFrom), ValidTo: p.day(names.ValidTo),
		Aliases: p.list(names.Aliases), People: p.count(names.People),
	}
	if p.fault == nil && !area.ValidTo.IsZero() && !area.ValidTo.After(area.ValidFrom) {
		p.fail(names.ValidTo[0], "is not after the first day")
	}
	if p.fault != nil {
		return Area{}, p.fault
	}
	var err error
	if area.Shape, err = f.Geometry.shape(); err != nil {
		return Area{}, &AreaError{Reason: fmt.Sprintf("geometry of %s: %v", strconv.Quote(area.Code), err)}
	}
	return area, nil
}

// properties reads values and remembers the first fault.
type properties struct {
	values map[string]json.RawMessage
	fault  *AreaError
}

func (p *properties) fail(name, reason string) {
	if p.fault == nil {
		p.fault = &AreaError{Property: name, Reason: reason}
	}
}

func (p *properties) find(names []string) (name string, raw json.RawMessage) {
	for _, name := range names {
		if raw, ok := p.values[name]; ok && string(raw) != "null" {
			return name, raw
		}
	}
	return "", nil
}

// text takes a string, or a whole number as some files give codes.
func (p *properties) text(names []string, required bool) string {
	name, raw := p.find(names)
	if raw == nil {
		if required {
			p.fail(strings.Join(names, " or "), "is missing")
		}
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		if _, err := strconv.ParseInt(string(raw), 10, 64); err != nil {
			p.fail(name, "is not text")
			return ""
		}
		s = string(raw)
	}
	s = strings.TrimSpace(s)
	if s == "" && required {
		p.fail(name, "is empty")
	}
	return s
}

func (p *properties) day(names []string) time.Time {
	text := p.text(names, false)
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(dayLayout, text)
	if err != nil {
		p.fail(names[0], "is not a day like 2025-07-01")
	}
	return day
}

func (p *properties) list(names []string) []string {
	name, raw := p.find(names)
	if raw == nil {
		return nil
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		p.fail(name, "is not a list of texts")
	}
	return list
}

func (p *properties) count(names []string) int {
	name, raw := p.find(names)
	if raw == nil {
		return 0
	}
	n, err := strconv.ParseInt(string(raw), 10, 32)
	if err != nil || n < 0 {
		p.fail(name, "is not a whole number from 0")
	}
	return int(n)
}

func (g *geometry) shape() (orb.MultiPolygon, error) {
	if g == nil {
		return nil, fmt.Errorf("is missing")
	}
	var polygons [][][][]float64
	var err error
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	default:
		return nil, fmt.Errorf("type is %q, want Polygon or MultiPolygon", g.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("coordinates of a %s cannot be read: %w", g.Type, err)
	}
	if len(polygons) == 0 {
		return nil, fmt.Errorf("has no polygon")
	}
	shape := make(orb.MultiPolygon, len(polygons))
	for i, rings := range polygons {
		if len(rings) == 0 {
			return nil, fmt.Errorf("polygon %d has no ring", i)
		}
		for j, positions := range rings {
			ring, err := ringOf(positions)
			if err != nil {
				return nil, fmt.Errorf("polygon %d, ring %d: %w", i, j, err)
			}
			shape[i] = append(shape[i], ring)
		}
	}
	return shape, nil
}

func ringOf(positions [][]float64) (orb.Ring, error) {
	ring := make(orb.Ring, len(positions))
	for i, c := range positions {
		switch {
		case len(c) < 2:
			return nil, fmt.Errorf("position %d has fewer than two numbers", i)
		case inRange(c[1], c[0]):
			ring[i] = orb.Point{c[0], c[1]}
		case inRange(c[0], c[1]):
			return nil, fmt.Errorf("position %d: latitude out of range: GeoJSON puts the longitude first", i)
		default:
			return nil, fmt.Errorf("position %d is not in degrees: convert metres (VN-2000, UTM) to WGS84 first", i)
		}
	}
	switch {
	case len(ring) < 4:
		return nil, fmt.Errorf("has %d positions, want at least 4", len(ring))
	case ring[0] != ring[len(ring)-1]:
		return nil, fmt.Errorf("is not closed: the last position must repeat the first")
	case planar.Area(ring) == 0:
		return nil, fmt.Errorf("encloses nothing")
	}
	return ring, nil
}

// featureOut is how WriteAreas writes an area.
type featureOut struct {
	Type       string        `json:"type"`
	Properties propertiesOut `json:"properties"`
	Geometry   struct {
		Type        string           `json:"type"`
		Coordinates orb.MultiPolygon `json:"coordinates"`
	} `json:"geometry"`
}

type propertiesOut struct {
	Code      string   `json:"code"`
	Name      string   `json:"name"`
	NameEN    string   `json:"name_en,omitempty"`
	Kind      string   `json:"kind,omitempty"`
	ValidFrom string   `json:"valid_from,omitempty"`
	ValidTo   string   `json:"valid_to,omitempty"`
	Aliases   []string `json:"aliases,omitempty"`
	People    int      `json:"people,omitempty"`
}

// WriteAreas writes areas as the GeoJSON that ParseAreas reads back to the
// same, one feature a line. IDs are not written. Only the writer can fail.
func WriteAreas(w io.Writer, areas []Area) error {
	var out bytes.Buffer
	out.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	for i, a := range areas {
		f := featureOut{Type: "Feature", Properties: propertiesOut{
			Code: a.Code, Name: a.Name, NameEN: a.NameEN, Kind: a.Kind,
			ValidFrom: dayText(a.ValidFrom), ValidTo: dayText(a.ValidTo), Aliases: a.Aliases, People: a.People,
		}}
		f.Geometry.Type, f.Geometry.Coordinates = "MultiPolygon", a.Shape
		line, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("geo: area %q: %w", a.Code, err)
		}
		out.Write(line)
		if i < len(areas)-1 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString("]}\n")
	_, err := out.WriteTo(w)
	return err
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(dayLayout)
}
