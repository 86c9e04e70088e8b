// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"hientruong/geo"
)

// recountTries is how often a recount begins again because the reader moved meanwhile.
const recountTries = 20

// Snapshots begins transactions of a wanted isolation: a pool, a connection.
type Snapshots interface {
	BeginTx(ctx context.Context, options pgx.TxOptions) (pgx.Tx, error)
}

// RecountCells counts a jurisdiction's reports anew, as they stand at one moment, and sets
// the reader of the log to that moment, while everything goes on. It is for repairs: the
// reader keeps the counts exact by itself.
func RecountCells(ctx context.Context, db Snapshots, jurisdiction int32) error {
	var err error
	for range recountTries {
		if err = recountCells(ctx, db, jurisdiction); !overtaken(err) {
			break
		}
	}
	return FromDatabase(err)
}

// recountCells holds the reader's cursor, so that nobody reads on meanwhile. Where somebody
// has since the transaction began, it is overtaken.
func recountCells(ctx context.Context, db Snapshots, jurisdiction int32) error {
	return pgx.BeginTxFunc(ctx, db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "SELECT pos FROM cursors WHERE jurisdiction_id = $1 AND reader = $2 FOR UPDATE", jurisdiction, CellReader)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "SELECT recount_cells($1)", jurisdiction)
		return err
	})
}

// overtaken says whether a transaction could not go on because another one was quicker.
func overtaken(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "23505")
}

// countable says whether the counts of cells and areas know all that the filter asks.
func (f TileFilter) countable(v View) bool {
	return v != ViewUnit && f.Overdue == nil && f.CreatedSince == nil && f.CreatedUntil == nil && f.Query == ""
}

// coarse says whether the filter asks about phase and urgency at most.
func (f TileFilter) coarse() bool {
	return len(f.States) == 0 && len(f.Categories) == 0 && len(f.Units) == 0
}

// keys narrows a query to the keys of counts k that the filter asks for.
func (f TileFilter) keys(w *where) {
	anyIn(w, "k.state", f.States)
	anyIn(w, "k.phase", f.Phases)
	anyIn(w, "k.category", f.Categories)
	anyIn(w, "k.unit", f.Units)
	if f.Urgent != nil {
		w.add("(k.urgency <> 'normal') = ?", *f.Urgent)
	}
}

// countedIn are the columns that count what a view sees.
func countedIn(v View) (n, x, y string) {
	if v == ViewPublic {
		return "c.public_n", "c.public_x", "c.public_y"
	}
	return "c.n", "c.x", "c.y"
}

// countedCells sums the counts in a map cell by its cells of zoom z, cellBase at most.
func (f TileFilter) countedCells(ctx context.Context, q PGX, a Actor, v View, in geo.Cell, z geo.Zoom) ([]Cluster, error) {
	level := levelFor(max(z, in.Z))
	n, x, y := countedIn(v)
	w := &where{}
	w.add("c.jurisdiction_id = ?", a.Jurisdiction)
	w.add("c.level = ?", int16(level))
	w.add("c.detailed = ?", !f.coarse())
	r := in.Range()
	w.add("c.cell BETWEEN ? AND ?", int64(r.Lo)>>geo.Shift(level), int64(r.Hi)>>geo.Shift(level))
	w.add("k.jurisdiction_id = ?", a.Jurisdiction)
	w.add(n + " > 0")
	f.keys(w)
	shift := w.arg(2 * int(level-z))
	rows, err := q.Query(ctx, "SELECT c.cell >> "+shift+"::int, sum("+n+"), "+countsOf("sum("+n+")", "k")+", sum("+x+")::bigint, sum("+y+")::bigint"+
		" FROM cell_counts c JOIN count_keys k ON k.id = c.key WHERE "+w.sql()+" GROUP BY 1 ORDER BY 1", w.args...)
	if err != nil {
		return nil, err
	}
	var c Cluster
	var key, sumX, sumY int64
	var out []Cluster
	_, err = pgx.ForEachRow(rows, []any{&key, &c.Count, &c.Received, &c.Working, &c.Answered, &c.Urgent, &sumX, &sumY}, func() error {
		c.Cell = geo.CellOfKey(z, key)
		c.X, c.Y = middle(sumX, c.Count, cellBase), middle(sumY, c.Count, cellBase)
		out = append(out, c)
		return nil
	})
	return out, err
}

// countsOf are the columns of a cluster beyond its count, by an aggregate over rows of a
// table with phase and urgency.
func countsOf(aggregate, table string) string {
	where := func(condition string) string { return aggregate + " FILTER (WHERE " + table + "." + condition + ")" }
	coalesced := func(condition string) string { return "coalesce(" + where(condition) + ", 0)" }
	return coalesced("phase = 'received'") + ", " + coalesced("phase = 'working'") + ", " + coalesced("phase = 'answered'") + ", " + coalesced("urgency <> 'normal'")
}

// levelFor is the coarsest level that tells cells of a zoom apart.
func levelFor(z geo.Zoom) geo.Zoom {
	best := cellBase
	for _, level := range cellLevels {
		if level >= z {
			best = level
		}
	}
	return best
}

// middle is the mean column or row of n cells of a zoom, as a fraction of the world.
func middle(sum, n int64, z geo.Zoom) float64 {
	return (float64(sum)/float64(n) + 0.5) / float64(uint64(1)<<z)
}

// CountByArea counts what the actor sees by the ids of areas, as the filter asks: also
// reports whose place within the area is not known, or not to the public. It fails as
// ReadTile does, but for words, which it takes at any zoom.
func CountByArea(ctx context.Context, db *gorm.DB, a Actor, f TileFilter) (map[string]int64, error) {
	v, err := f.viewOf(a)
	if err != nil {
		return nil, err
	}
	query, w := f.areaRows(a, v)
	if f.countable(v) {
		query, w = f.areaCounts(a, v)
	}
	counts := map[string]int64{}
	err = onConnection(ctx, db, func(q PGX) error {
		rows, err := q.Query(ctx, query, w.args...)
		if err != nil {
			return err
		}
		var area string
		var n int64
		_, err = pgx.ForEachRow(rows, []any{&area, &n}, func() error { counts[area] = n; return nil })
		return err
	})
	return counts, FromDatabase(err)
}

func (f TileFilter) areaCounts(a Actor, v View) (string, *where) {
	n, _, _ := countedIn(v)
	w := &where{}
	w.add("c.jurisdiction_id = ?", a.Jurisdiction)
	w.add("k.jurisdiction_id = ?", a.Jurisdiction)
	f.keys(w)
	return "SELECT c.area, sum(" + n + ") FROM area_counts c JOIN count_keys k ON k.id = c.key WHERE " + w.sql() + " GROUP BY 1 HAVING sum(" + n + ") > 0", w
}

func (f TileFilter) areaRows(a Actor, v View) (string, *where) {
	w := &where{}
	f.rows(w, a, v)
	w.add("reports.area IS NOT NULL")
	if v == ViewPublic {
		w.add("reports.shown = 'full'")
	}
	return "SELECT reports.area, count(*) FROM reports WHERE " + w.sql() + " GROUP BY 1", w
}
