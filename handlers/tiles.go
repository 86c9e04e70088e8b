// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/valyala/fasthttp"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// The content types of maps.
const (
	tileType = "application/vnd.mapbox-vector-tile"
	gzipped  = "gzip"
)

// What a tile is asked for at most, and from which size it is worth packing.
const (
	deepestTile = 22
	leastPacked = 512
)

func (s *Server) tileRoutes() {
	m := &maps{server: s}
	register(s, tiled(described(get("/tiles/reports/{z}/{x}/{y}.mvt", "tile-reports", "Reports, as a vector tile"),
		"Layers: `clusters` {count, received, working, answered, urgent} and `reports` {id, state, phase, category, urgent, overdue}. Every report that meets the filter is in one of "+
			"them, once. Below zoom 12 all are in clusters; from there they come one by one where they are few. What is public for everybody, a unit's own work for its people, "+
			"everything for the operations centre.")), m.reports)
	register(s, tiled(described(get("/tiles/heat/{z}/{x}/{y}.mvt", "tile-heat", "How many reports lie where, as a vector tile"),
		"Layer: `heat` {count}, on a grid of 64 by 64. The same filters.")), m.heat)
	register(s, tiled(described(get("/tiles/areas/{z}/{x}/{y}.mvt", "tile-areas", "Areas with the number of their reports, as a vector tile"),
		"Layer: `areas` {id, code, name, count}. The same filters. Reports are counted also where their exact place is not known.")), m.areas)
	register(s, tiled(described(get("/tiles/base/{z}/{x}/{y}.mvt", "tile-base", "The base map, as a vector tile"),
		"Layers: `land` {code, name}, `outline`, `archipelagos` {name, name_en} and `labels` {kind, name, name_en}.")), m.base)
	register(s, described(get("/tiles/reports.json", "tile-reports-json", "TileJSON 3 of the reports, with the same filters"),
		"A filter that is sent here stands in the addresses of the tiles."), m.describeReports)
	register(s, get("/tiles/heat.json", "tile-heat-json", "TileJSON 3 of where reports lie"), m.describeHeat)
	register(s, get("/tiles/areas.json", "tile-areas-json", "TileJSON 3 of the areas"), m.describeAreas)
	register(s, get("/tiles/base.json", "tile-base-json", "TileJSON 3 of the base map"), m.describeBase)
}

// tiled describes an answer that is a tile.
func tiled(op huma.Operation) huma.Operation {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	op.Responses = map[string]*huma.Response{
		"200": {Description: "A Mapbox Vector Tile, version 2.1; empty where nothing lies.", Content: map[string]*huma.MediaType{tileType: {Schema: binary}}},
		"304": {Description: "What the caller has is still so."},
	}
	return op
}

// TileCell names a tile.
type TileCell struct {
	Z int `path:"z" minimum:"0" maximum:"22"`
	X int `path:"x" minimum:"0"`
	Y int `path:"y" minimum:"0"`
}

// cell is CodeNotFound where there is no such tile.
func (in *TileCell) cell() (geo.Cell, error) {
	cell, err := geo.NewCell(in.Z, in.X, in.Y)
	if err != nil || in.Z > deepestTile {
		return geo.Cell{}, models.E(models.CodeNotFound)
	}
	return cell, nil
}

// TileFilter is what a map can be narrowed by.
type TileFilter struct {
	Category     []string            `query:"category,explode" maxItems:"100" doc:"Categories, or groups of them."`
	State        []models.State      `query:"state,explode" maxItems:"50" doc:"The pack's states."`
	Phase        []models.Phase      `query:"phase,explode" enum:"received,working,answered,ended"`
	Unit         []string            `query:"unit,explode" maxItems:"100" doc:"Codes of lead units, with those below them."`
	Urgent       optional[bool]      `query:"urgent"`
	Overdue      optional[bool]      `query:"overdue" doc:"A clock ran out; for citizens one of those that they are shown."`
	CreatedSince optional[time.Time] `query:"created_since"`
	CreatedUntil optional[time.Time] `query:"created_until" doc:"Before it."`
	View         models.View         `query:"view" enum:"public,unit,operations" doc:"A narrower view than the caller's widest."`
}

// TileWords is what a map can be narrowed by where it is not too wide. Words stand in no
// description of tiles: an answer repeats nothing that somebody typed.
type TileWords struct {
	Query string `query:"q" maxLength:"200" doc:"Words; from zoom 12."`
}

// filter is what the models understand, with groups and units spelt out by the pack.
func (in *TileFilter) filter(a models.Actor, p *pack.Pack) models.TileFilter {
	for _, list := range []any{&in.Category, &in.State, &in.Unit} {
		tidy(list)
	}
	f := models.TileFilter{
		View: in.View, Categories: categoriesOf(p, in.Category), States: in.State, Phases: in.Phase, Units: unitsOf(p, in.Unit), Urgent: in.Urgent.pointer(),
		Overdue: in.Overdue.pointer(), CreatedSince: in.CreatedSince.pointer(), CreatedUntil: in.CreatedUntil.pointer(),
	}
	if f.View == models.ViewPublic || f.View == "" && models.WidestView(a) == models.ViewPublic {
		f.Clocks = publicClocks(p)
	}
	return f
}

// categoriesOf adds to codes what the groups among them hold.
func categoriesOf(p *pack.Pack, codes []string) []string {
	all := codes
	for _, code := range codes {
		for _, c := range p.Categories() {
			if c.Group == code {
				all = append(all, c.Code)
			}
		}
	}
	return all
}

// unitsOf adds to codes the units below them.
func unitsOf(p *pack.Pack, codes []string) []string {
	all := codes
	for _, code := range codes {
		for _, u := range p.Units() {
			if u.Code != code && p.Above(code, u.Code) {
				all = append(all, u.Code)
			}
		}
	}
	return all
}

// Conditional is what a caller says of the tile that they have, and how they can take one.
type Conditional struct {
	IfNoneMatch    string `header:"If-None-Match" maxLength:"1000"`
	AcceptEncoding string `header:"Accept-Encoding" maxLength:"1000"`
}

type tileInput struct {
	TileCell
	TileFilter
	TileWords
	Conditional
}

type plainTileInput struct {
	TileCell
	Conditional
}

type tileOutput struct {
	Status          int
	ContentType     string `header:"Content-Type"`
	ContentEncoding string `header:"Content-Encoding"`
	CacheControl    string `header:"Cache-Control"`
	ETag            string `header:"ETag"`
	Vary            string `header:"Vary"`
	Body            []byte
}

// tileOf is the answer with a tile. Its tag is made of what is in it: a tile in which
// nothing has changed is not sent again.
func tileOf(tile []byte, in Conditional, cache string) *tileOutput {
	sum := sha256.Sum256(tile)
	out := &tileOutput{
		Status: http.StatusOK, ContentType: tileType, CacheControl: cache, ETag: `W/"` + hex.EncodeToString(sum[:12]) + `"`,
		Vary: "Authorization, Cookie, Accept-Encoding", Body: tile,
	}
	if hasTag(in.IfNoneMatch, out.ETag) {
		out.Status, out.Body = http.StatusNotModified, nil
		return out
	}
	if len(tile) >= leastPacked && takesGzip(in.AcceptEncoding) {
		out.ContentEncoding, out.Body = gzipped, fasthttp.AppendGzipBytesLevel(nil, tile, fasthttp.CompressBestSpeed)
	}
	return out
}

// hasTag compares as If-None-Match wants it: weakly, with any of a list.
func hasTag(sent, tag string) bool {
	for one := range strings.SplitSeq(sent, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// takesGzip says whether an Accept-Encoding names gzip and does not refuse it.
func takesGzip(accepted string) bool {
	for one := range strings.SplitSeq(accepted, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(one), ";")
		if strings.TrimSpace(name) != gzipped {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(quality, " ", ""), "q="), 64)
		return quality == "" || err == nil && q > 0
	}
	return false
}

// cacheFor is how long a map in a view may be kept: what is hidden must be gone soon.
func cacheFor(v models.View) string {
	if v == models.ViewPublic {
		return "public, max-age=10"
	}
	return "private, max-age=5"
}

// ask prepares what every tile of reports needs.
func (m *maps) ask(ctx context.Context, in *tileInput) (*call, geo.Cell, models.TileFilter, error) {
	c := callOf(ctx)
	cell, err := in.cell()
	if err != nil {
		return c, cell, models.TileFilter{}, err
	}
	_, p, err := m.server.packs(c)
	if err != nil {
		return c, cell, models.TileFilter{}, err
	}
	f := in.filter(c.actor, p)
	tidy(&in.Query)
	f.Query = in.Query
	return c, cell, f, nil
}

func (m *maps) reports(ctx context.Context, in *tileInput) (*tileOutput, error) {
	c, cell, f, err := m.ask(ctx, in)
	if err != nil {
		return nil, err
	}
	found, err := models.ReadTile(ctx, m.server.config.DB, c.actor, f, cell)
	if err != nil {
		return nil, err
	}
	return tileOf(geo.EncodeTile(clusterLayer(cell, found.Clusters), spotLayer(cell, found.Spots)), in.Conditional, cacheFor(found.View)), nil
}

func (m *maps) heat(ctx context.Context, in *tileInput) (*tileOutput, error) {
	c, cell, f, err := m.ask(ctx, in)
	if err != nil {
		return nil, err
	}
	found, err := models.ReadHeat(ctx, m.server.config.DB, c.actor, f, cell)
	if err != nil {
		return nil, err
	}
	layer := geo.NewLayer("heat")
	for _, one := range found.Clusters {
		layer.Point(0, geo.PlaceIn(cell, one.X, one.Y), geo.Tag{Key: "count", Value: geo.Int(one.Count)})
	}
	return tileOf(geo.EncodeTile(layer), in.Conditional, cacheFor(found.View)), nil
}
