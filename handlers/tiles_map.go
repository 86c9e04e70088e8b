// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// maps draws tiles. What a pack's areas look like is made ready once.
type maps struct {
	server *Server

	mu    sync.Mutex
	drawn map[int32]*drawing // by jurisdiction
}

// drawing is the areas of a pack on a flat map.
type drawing struct {
	pack    *pack.Pack
	areas   []geo.Area
	shapes  []*geo.Shape
	outline *geo.Shape
}

// drawing returns that of a pack.
func (m *maps) drawing(jurisdiction int32, p *pack.Pack) *drawing {
	m.mu.Lock()
	defer m.mu.Unlock()
	if d := m.drawn[jurisdiction]; d != nil && d.pack == p {
		return d
	}
	d := &drawing{pack: p, areas: p.Areas().All()}
	for _, area := range d.areas {
		d.shapes = append(d.shapes, geo.PolygonShape(area.Shape))
	}
	d.outline = geo.LineShape(geo.Outline(inForce(d.areas, m.server.config.Now())))
	if m.drawn == nil {
		m.drawn = map[int32]*drawing{}
	}
	m.drawn[jurisdiction] = d
	return d
}

// inForce are the areas that are valid at a moment.
func inForce(areas []geo.Area, now time.Time) []geo.Area {
	var out []geo.Area
	for _, a := range areas {
		if valid(a, now) {
			out = append(out, a)
		}
	}
	return out
}

// valid says whether the day of a moment is one of an area's.
func valid(a geo.Area, now time.Time) bool {
	return !now.Before(a.ValidFrom) && (a.ValidTo.IsZero() || now.Before(a.ValidTo.AddDate(0, 0, 1)))
}

// clusterLayer draws what lies close together.
func clusterLayer(in geo.Cell, clusters []models.Cluster) *geo.Layer {
	layer := geo.NewLayer("clusters")
	for _, c := range clusters {
		id := uint64(c.Cell.Key()) + 1 //nolint:gosec // a cell's key has 52 bits
		layer.Point(id, geo.PlaceIn(in, c.X, c.Y),
			geo.Tag{Key: "count", Value: geo.Int(c.Count)}, geo.Tag{Key: "received", Value: geo.Int(c.Received)}, geo.Tag{Key: "working", Value: geo.Int(c.Working)},
			geo.Tag{Key: "answered", Value: geo.Int(c.Answered)}, geo.Tag{Key: "urgent", Value: geo.Int(c.Urgent)})
	}
	return layer
}

// spotLayer draws single reports.
func spotLayer(in geo.Cell, spots []models.Spot) *geo.Layer {
	layer := geo.NewLayer("reports")
	for _, s := range spots {
		layer.Point(featureID(s.ID), s.Tile.In(in),
			geo.Tag{Key: "id", Value: geo.Unique(s.ID.String())}, geo.Tag{Key: "state", Value: geo.String(string(s.State))},
			geo.Tag{Key: "phase", Value: geo.String(string(s.Phase))}, geo.Tag{Key: "category", Value: geo.String(s.Category)},
			geo.Tag{Key: "urgent", Value: geo.Bool(s.Urgency != models.UrgencyNormal)}, geo.Tag{Key: "overdue", Value: geo.Bool(s.Overdue)})
	}
	return layer
}

// featureID is what a map tells features apart by: as much of the id's random end as a
// number holds in JavaScript.
func featureID(id uuid.UUID) uint64 { return binary.BigEndian.Uint64(id[8:])&(1<<53-1) | 1 }

func (m *maps) areas(ctx context.Context, in *tileInput) (*tileOutput, error) {
	c, cell, f, err := m.ask(ctx, in)
	if err != nil {
		return nil, err
	}
	_, p, err := m.server.packs(c)
	if err != nil {
		return nil, err
	}
	counts, err := models.CountByArea(ctx, m.server.config.DB, c.actor, f)
	if err != nil {
		return nil, err
	}
	d, now, layer := m.drawing(c.jurisdiction, p), m.server.config.Now(), geo.NewLayer("areas")
	for i, area := range d.areas {
		if !valid(area, now) {
			continue
		}
		id := pack.AreaID(area)
		layer.Polygons(uint64(i)+1, d.shapes[i].In(cell), geo.Tag{Key: "id", Value: geo.String(id)}, geo.Tag{Key: "code", Value: geo.String(area.Code)},
			geo.Tag{Key: "name", Value: geo.String(area.Name)}, geo.Tag{Key: "count", Value: geo.Int(counts[id])})
	}
	v := f.View
	if v == "" {
		v = models.WidestView(c.actor)
	}
	return tileOf(geo.EncodeTile(layer), in.Conditional, cacheFor(v)), nil
}

// base draws the map under everything, without asking anybody outside: the areas, their
// outline, and the two archipelagos that every map of Vietnam shows.
func (m *maps) base(ctx context.Context, in *plainTileInput) (*tileOutput, error) {
	c := callOf(ctx)
	cell, err := in.cell()
	if err != nil {
		return nil, err
	}
	_, p, err := m.server.packs(c)
	if err != nil {
		return nil, err
	}
	d, now := m.drawing(c.jurisdiction, p), m.server.config.Now()
	land, outline, labels := geo.NewLayer("land"), geo.NewLayer("outline"), geo.NewLayer("labels")
	for i, area := range d.areas {
		if valid(area, now) {
			land.Polygons(uint64(i)+1, d.shapes[i].In(cell), geo.Tag{Key: "code", Value: geo.String(area.Code)}, geo.Tag{Key: "name", Value: geo.String(area.Name)})
		}
	}
	outline.Lines(0, d.outline.In(cell))
	archipelagos := drawArchipelagos(cell, labels)
	return tileOf(geo.EncodeTile(land, archipelagos, outline, labels), in.Conditional, "public, max-age=3600"), nil
}

// islandZoom is from where single islands are named.
const islandZoom geo.Zoom = 6

func drawArchipelagos(cell geo.Cell, labels *geo.Layer) *geo.Layer {
	layer := geo.NewLayer("archipelagos")
	for i, a := range geo.Archipelagos() {
		names := []geo.Tag{{Key: "name", Value: geo.String(a.Name)}, {Key: "name_en", Value: geo.String(a.NameEN)}}
		layer.Polygons(uint64(i)+1, geo.PolygonShape(orb.MultiPolygon{a.Around}).In(cell), names...)
		label(labels, cell, "archipelago", a.Label, names)
		for _, island := range a.Islands {
			if cell.Z >= islandZoom {
				label(labels, cell, "island", island.At, []geo.Tag{{Key: "name", Value: geo.String(island.Name)}, {Key: "name_en", Value: geo.String(island.NameEN)}})
			}
		}
	}
	return layer
}

// label puts a name where it lies in the tile.
func label(to *geo.Layer, cell geo.Cell, kind string, place orb.Point, names []geo.Tag) {
	at, err := geo.NewPoint(place.Lat(), place.Lon())
	if err != nil {
		return
	}
	if tile := geo.TileOf(at); cell.Range().Contains(tile) {
		to.Point(0, tile.In(cell), append([]geo.Tag{{Key: "kind", Value: geo.String(kind)}}, names...)...)
	}
}
