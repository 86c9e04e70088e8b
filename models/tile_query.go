// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"hientruong/geo"
)

// Cluster is reports that lie close together. X and Y are the middle of them, as fractions
// of the world's width and height.
type Cluster struct {
	Cell                                       geo.Cell
	X, Y                                       float64
	Count, Received, Working, Answered, Urgent int64
}

// Spot is one report on a map, at the place that the view knows.
type Spot struct {
	ID       uuid.UUID
	Tile     geo.Tile
	State    State
	Phase    Phase
	Category string
	Urgency  Urgency
	Overdue  bool
}

// MapTile is what one tile of a map shows: every report that the filter asks for is
// either a spot or counted in one cluster.
type MapTile struct {
	View     View
	Clusters []Cluster
	Spots    []Spot
}

const (
	// SpotZoom is the zoom from which a tile shows reports one by one: all of them where
	// they are few, else those that lie apart.
	SpotZoom geo.Zoom = 12
	// WordZoom is the lowest zoom at which a map can be narrowed by words.
	WordZoom geo.Zoom = 12
	// clusterDepth is how many zooms a cluster's cell is finer than its tile: 8 by 8 of
	// them, each 64 pixels wide on a map of 512 pixels a tile.
	clusterDepth = 3
	// heatDepth is the same for the cells of a heat map.
	heatDepth = 6
	// mostSpots is how many reports a tile shows one by one at most.
	mostSpots = 2000
	// apart is how many reports in a cluster's cell are still shown one by one.
	apart = 3
	// mostRows is how many rows are grouped into clusters finer than the counts are.
	mostRows = 200_000
)

// ReadTile reads what a map's tile shows to the actor. It fails with CodeUnauthorized or
// CodeForbidden for a view the actor has not got, and with CodeOutOfRange for words below
// WordZoom.
//
// Below SpotZoom everything is in clusters. They come from the counts that a reader of the
// log keeps, or from the rows where the counts do not know what the filter asks.
func ReadTile(ctx context.Context, db *gorm.DB, a Actor, f TileFilter, in geo.Cell) (MapTile, error) {
	return readTile(ctx, db, a, f, in, tileReader.read)
}

// ReadHeat reads how many reports lie in each cell of a fine grid over the tile, by the
// counts where they know what the filter asks. It fails as ReadTile does.
func ReadHeat(ctx context.Context, db *gorm.DB, a Actor, f TileFilter, in geo.Cell) (MapTile, error) {
	return readTile(ctx, db, a, f, in, tileReader.heat)
}

func readTile(ctx context.Context, db *gorm.DB, a Actor, f TileFilter, in geo.Cell, read func(tileReader, context.Context, *MapTile) error) (MapTile, error) {
	v, err := f.viewOf(a)
	if err != nil {
		return MapTile{}, err
	}
	if f.Query != "" && in.Z < WordZoom {
		return MapTile{}, Invalid(Field("query.q", CodeOutOfRange, Params{"min": int(WordZoom)}))
	}
	t := MapTile{View: v}
	err = onConnection(ctx, db, func(q PGX) error { return read(tileReader{f: f, q: q, a: a, v: v, in: in}, ctx, &t) })
	return t, FromDatabase(err)
}

// onConnection lends one of the pool's connections, as the driver has it: rows are read
// there several times as quickly as through database/sql.
func onConnection(ctx context.Context, db *gorm.DB, do func(PGX) error) error {
	pool, err := db.DB()
	if err != nil {
		return Wrap(CodeInternal, err)
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // only gives it back
	return conn.Raw(func(held any) error {
		c, ok := held.(*stdlib.Conn)
		if !ok {
			return Wrap(CodeInternal, fmt.Errorf("a %T is not a pgx connection", held))
		}
		return do(c.Conn())
	})
}

// tileReader reads one tile.
type tileReader struct {
	f  TileFilter
	q  PGX
	a  Actor
	v  View
	in geo.Cell
}

func (r tileReader) read(ctx context.Context, t *MapTile) (err error) {
	z := min(r.in.Z+clusterDepth, geo.MaxZoom)
	if r.in.Z < SpotZoom {
		t.Clusters, err = r.clusters(ctx, z)
		return err
	}
	spots, err := r.spots(ctx, []geo.Range{r.in.Range()}, mostSpots+1)
	if err != nil || len(spots) <= mostSpots {
		t.Spots = spots
		return err
	}
	if z > cellBase && r.in.Z <= cellBase && r.f.countable(r.v) {
		coarse, err := r.f.countedCells(ctx, r.q, r.a, r.v, r.in, cellBase)
		if err != nil {
			return err
		}
		if countAll(coarse) > mostRows {
			t.Clusters = coarse
			return nil
		}
	}
	clusters, err := r.clusters(ctx, z)
	if err != nil {
		return err
	}
	return r.split(ctx, t, clusters)
}

func (r tileReader) heat(ctx context.Context, t *MapTile) (err error) {
	t.Clusters, err = r.clusters(ctx, min(r.in.Z+heatDepth, max(r.in.Z, cellBase)))
	return err
}

func countAll(clusters []Cluster) (n int64) {
	for _, c := range clusters {
		n += c.Count
	}
	return n
}

// split takes the clusters of few reports apart. A report that came since into a cell that
// is taken apart is shown too.
func (r tileReader) split(ctx context.Context, t *MapTile, clusters []Cluster) (err error) {
	var few []geo.Range
	for _, c := range clusters {
		if c.Count <= apart {
			few = append(few, c.Cell.Range())
		} else {
			t.Clusters = append(t.Clusters, c)
		}
	}
	if len(few) > 0 {
		t.Spots, err = r.spots(ctx, few, mostSpots)
	}
	return err
}

// clusters groups by the cells of zoom z, by counts or by rows.
func (r tileReader) clusters(ctx context.Context, z geo.Zoom) ([]Cluster, error) {
	if z <= cellBase && r.f.countable(r.v) {
		return r.f.countedCells(ctx, r.q, r.a, r.v, r.in, z)
	}
	return r.grouped(ctx, z)
}

// grouped groups rows. They are counted by finer cells, so that a cluster's place is the
// middle of its reports, as it is by the counts.
func (r tileReader) grouped(ctx context.Context, z geo.Zoom) ([]Cluster, error) {
	fine := min(geo.MaxZoom, max(cellBase, z+2))
	w := &where{}
	r.f.rows(w, r.a, r.v)
	column := tileColumn(r.v)
	all := r.in.Range()
	w.add(column+" BETWEEN ? AND ?", int64(all.Lo), int64(all.Hi))
	key := column + " >> " + w.arg(geo.Shift(fine)) + "::int"
	rows, err := r.q.Query(ctx, "SELECT "+key+", count(*), "+countsOf("count(*)", "reports")+" FROM reports WHERE "+w.sql()+" GROUP BY 1 ORDER BY 1", w.args...)
	if err != nil {
		return nil, err
	}
	var out []Cluster
	var c Cluster
	var at int64
	_, err = pgx.ForEachRow(rows, []any{&at, &c.Count, &c.Received, &c.Working, &c.Answered, &c.Urgent}, func() error {
		from := geo.CellOfKey(fine, at)
		c.Cell = geo.CellOfKey(z, at>>(2*(fine-z)))
		c.X, c.Y = middle(int64(from.X), 1, fine)*float64(c.Count), middle(int64(from.Y), 1, fine)*float64(c.Count)
		if n := len(out); n > 0 && out[n-1].Cell == c.Cell {
			out[n-1].take(c)
		} else {
			out = append(out, c)
		}
		return nil
	})
	for i := range out {
		out[i].X /= float64(out[i].Count)
		out[i].Y /= float64(out[i].Count)
	}
	return out, err
}

// take adds another part of the same cluster; X and Y are sums.
func (c *Cluster) take(o Cluster) {
	c.X, c.Y, c.Count = c.X+o.X, c.Y+o.Y, c.Count+o.Count
	c.Received, c.Working, c.Answered, c.Urgent = c.Received+o.Received, c.Working+o.Working, c.Answered+o.Answered, c.Urgent+o.Urgent
}

// spots reads up to limit reports that lie in the ranges.
func (r tileReader) spots(ctx context.Context, in []geo.Range, limit int) ([]Spot, error) {
	w := &where{}
	r.f.rows(w, r.a, r.v)
	column := tileColumn(r.v)
	from := "reports"
	if len(in) == 1 {
		w.add(column+" BETWEEN ? AND ?", int64(in[0].Lo), int64(in[0].Hi))
	} else {
		lo, hi := make([]int64, len(in)), make([]int64, len(in))
		for i, one := range in {
			lo[i], hi[i] = int64(one.Lo), int64(one.Hi)
		}
		from = "unnest(" + w.arg(lo) + "::bigint[], " + w.arg(hi) + "::bigint[]) AS part (lo, hi) JOIN reports ON " + column + " BETWEEN part.lo AND part.hi"
	}
	late := r.f.late(w, r.a, r.v)
	rows, err := r.q.Query(ctx, "SELECT reports.id, "+column+", reports.state, reports.phase, reports.category, reports.urgency, "+late+
		" FROM "+from+" WHERE "+w.sql()+" LIMIT "+w.arg(limit), w.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Spot
	names := texts{}
	for rows.Next() {
		s, err := spotOf(rows, names)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// texts are the few different ones of many rows, so that none is made twice.
type texts map[string]string

func (t texts) of(raw []byte) string {
	s, ok := t[string(raw)]
	if !ok {
		s = string(raw)
		t[s] = s
	}
	return s
}

// spotOf reads a row as it came over the wire: scanning it would take longer than all
// else that is done for a tile.
func spotOf(rows pgx.Rows, names texts) (s Spot, err error) {
	raw, columns := rows.RawValues(), rows.FieldDescriptions()
	for _, i := range []int{0, 1, 6} {
		if columns[i].Format != pgx.BinaryFormatCode {
			err = rows.Scan(&s.ID, &s.Tile, &s.State, &s.Phase, &s.Category, &s.Urgency, &s.Overdue)
			return s, err
		}
	}
	s.ID, s.Tile = uuid.UUID(raw[0]), geo.Tile(binary.BigEndian.Uint64(raw[1])) //nolint:gosec // a bigint's bits, which are a tile's
	s.State, s.Phase = State(names.of(raw[2])), Phase(names.of(raw[3]))
	s.Category, s.Urgency, s.Overdue = names.of(raw[4]), Urgency(names.of(raw[5])), raw[6][0] != 0
	return s, nil
}
