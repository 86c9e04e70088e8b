// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// TileJSON describes tiles to a map, as TileJSON 3.0.0 has it.
type TileJSON struct {
	TileJSON     string        `json:"tilejson" example:"3.0.0"`
	Name         string        `json:"name"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       []float64     `json:"bounds,omitempty"`
	Center       []float64     `json:"center,omitempty"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer describes a layer, and its fields by name.
type VectorLayer struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
}

type tileJSONOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         TileJSON
}

// Addressed is where the caller found the server, for one that was not told its address.
type Addressed struct {
	Host string `header:"Host" maxLength:"300" hidden:"true"`
}

type tileJSONInput struct {
	TileFilter
	Addressed
}

// fields are names with their types, "number" unless a type stands behind a colon.
func fields(names ...string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		name, kind, typed := strings.Cut(name, ":")
		if !typed {
			kind = "Number"
		}
		out[name] = kind
	}
	return out
}

func (m *maps) describeReports(ctx context.Context, in *tileJSONInput) (*tileJSONOutput, error) {
	return m.describe(ctx, in, "reports", 18,
		VectorLayer{"clusters", fields("count", "received", "working", "answered", "urgent")},
		VectorLayer{"reports", fields("id:String", "state:String", "phase:String", "category:String", "urgent:Boolean", "overdue:Boolean")})
}

func (m *maps) describeHeat(ctx context.Context, in *tileJSONInput) (*tileJSONOutput, error) {
	return m.describe(ctx, in, "heat", 12, VectorLayer{"heat", fields("count")})
}

func (m *maps) describeAreas(ctx context.Context, in *tileJSONInput) (*tileJSONOutput, error) {
	return m.describe(ctx, in, "areas", 14, VectorLayer{"areas", fields("id:String", "code:String", "name:String", "count")})
}

func (m *maps) describeBase(ctx context.Context, in *Addressed) (*tileJSONOutput, error) {
	names := fields("name:String", "name_en:String")
	out, err := m.describe(ctx, &tileJSONInput{Addressed: *in}, "base", 14, VectorLayer{"land", fields("code:String", "name:String")}, VectorLayer{"outline", fields()},
		VectorLayer{"archipelagos", names}, VectorLayer{"labels", fields("kind:String", "name:String", "name_en:String")})
	if err == nil {
		out.Body.Bounds = nil // the archipelagos lie far out
	}
	return out, err
}

// describe makes the document of one kind of tile.
func (m *maps) describe(ctx context.Context, in *tileJSONInput, kind string, deepest int, layers ...VectorLayer) (*tileJSONOutput, error) {
	c := callOf(ctx)
	_, p, err := m.server.packs(c)
	if err != nil {
		return nil, err
	}
	base := m.server.config.PublicURL
	if base == "" {
		base = (&url.URL{Scheme: "http", Host: in.Host}).String()
	}
	query := in.values()
	query.Set("jurisdiction_id", strconv.Itoa(int(c.jurisdiction)))
	doc := TileJSON{
		TileJSON: "3.0.0", Name: "Hiện Trường: " + kind, Tiles: []string{base + "/tiles/" + kind + "/{z}/{x}/{y}.mvt?" + query.Encode()},
		MaxZoom: deepest, VectorLayers: layers,
	}
	if b := p.Bounds(); b.MinLon < b.MaxLon {
		doc.Bounds = []float64{b.MinLon, b.MinLat, b.MaxLon, b.MaxLat}
		doc.Center = []float64{b.Centre().Lon(), b.Centre().Lat(), 11}
	}
	return &tileJSONOutput{CacheControl: "private, max-age=60", Body: doc}, nil
}

// values is the filter as it was sent.
func (in *TileFilter) values() url.Values {
	v := url.Values{}
	for _, code := range in.Category {
		v.Add("category", code)
	}
	for _, state := range in.State {
		v.Add("state", string(state))
	}
	for _, phase := range in.Phase {
		v.Add("phase", string(phase))
	}
	for _, code := range in.Unit {
		v.Add("unit", code)
	}
	for name, given := range map[string]*bool{"urgent": in.Urgent.pointer(), "overdue": in.Overdue.pointer()} {
		if given != nil {
			v.Set(name, strconv.FormatBool(*given))
		}
	}
	for name, given := range map[string]*time.Time{"created_since": in.CreatedSince.pointer(), "created_until": in.CreatedUntil.pointer()} {
		if given != nil {
			v.Set(name, given.UTC().Format(time.RFC3339Nano))
		}
	}
	if in.View != "" {
		v.Set("view", string(in.View))
	}
	return v
}
