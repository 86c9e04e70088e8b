// SPDX-License-Identifier: Apache-2.0

package models

import (
	"cmp"
	"context"
	"slices"

	"hientruong/geo"
)

// CellReader names the reader of the log that keeps the counts of cells and areas.
const CellReader = "cells"

// cellBase is the finest zoom at which reports are counted: that of the tile in events.
const cellBase geo.Zoom = 16

// cellLevels are the zooms at which reports are counted, the finest first.
var cellLevels = [...]geo.Zoom{cellBase, 13, 10, 7}

// countKey is what reports are counted by. State, category and unit are "" where all of
// them are meant.
type countKey struct {
	jurisdiction int32
	state        State
	phase        Phase
	category     string
	unit         string
	urgency      Urgency
}

func countKeyOf(jurisdiction int32, k *Keys) countKey {
	return countKey{jurisdiction, k.State, k.Phase, k.Category, k.Unit, k.Urgency}
}

// whole is the key of all that shares phase and urgency.
func (k countKey) whole() countKey {
	return countKey{jurisdiction: k.jurisdiction, phase: k.phase, urgency: k.urgency}
}

type cellKey struct {
	level    geo.Zoom
	detailed bool
	cell     int64
	key      countKey
}

type areaKey struct {
	area string
	key  countKey
}

// tally is by how much a count changes: of all, and of what the public's map has. x and y
// are columns and rows at cellBase.
type tally struct{ n, x, y, publicN, publicX, publicY int64 }

func (t *tally) add(sign, x, y int64, public bool) {
	t.n, t.x, t.y = t.n+sign, t.x+sign*x, t.y+sign*y
	if public {
		t.publicN, t.publicX, t.publicY = t.publicN+sign, t.publicX+sign*x, t.publicY+sign*y
	}
}

// CellChanges gathers what events do to the counts of cells and areas.
type CellChanges struct {
	cells map[cellKey]*tally
	areas map[areaKey]*tally
}

// NewCellChanges begins with none.
func NewCellChanges() *CellChanges {
	return &CellChanges{cells: map[cellKey]*tally{}, areas: map[areaKey]*tally{}}
}

// Add takes an event in. It fails with CodeInternal for a body that cannot be read.
func (c *CellChanges) Add(e Event) error {
	if e.SubjectKind != SubjectReport {
		return nil
	}
	body, err := e.ParseBody()
	if err != nil {
		return err
	}
	if body.Before != nil && body.After != nil && *body.Before == *body.After {
		return nil
	}
	c.count(e.JurisdictionID, body.Before, -1)
	c.count(e.JurisdictionID, body.After, 1)
	return nil
}

func (c *CellChanges) count(jurisdiction int32, k *Keys, sign int64) {
	if k == nil {
		return
	}
	key := countKeyOf(jurisdiction, k)
	if k.Area != "" {
		at(c.areas, areaKey{k.Area, key}).add(sign, 0, 0, k.Shown == ShownFull)
	}
	if k.Tile16 == 0 {
		return
	}
	base := geo.CellOfKey(cellBase, k.Tile16)
	for _, level := range cellLevels {
		cell := k.Tile16 >> (2 * (cellBase - level))
		at(c.cells, cellKey{level, true, cell, key}).add(sign, int64(base.X), int64(base.Y), k.Mapped)
		at(c.cells, cellKey{level, false, cell, key.whole()}).add(sign, int64(base.X), int64(base.Y), k.Mapped)
	}
}

func at[K comparable](all map[K]*tally, key K) *tally {
	t, ok := all[key]
	if !ok {
		t = &tally{}
		all[key] = t
	}
	return t
}

// Write adds the changes to the counts, in the transaction of the reader whose cursor
// moves with them.
func (c *CellChanges) Write(ctx context.Context, q PGX) error {
	ids, err := c.keys(ctx, q)
	if err != nil {
		return FromDatabase(err)
	}
	if err := c.writeCells(ctx, q, ids); err != nil {
		return FromDatabase(err)
	}
	return FromDatabase(c.writeAreas(ctx, q, ids))
}

// keys returns the number of every key that is needed; new ones are made.
func (c *CellChanges) keys(ctx context.Context, q PGX) (map[countKey]int32, error) {
	ids := map[countKey]int32{}
	for k := range c.cells {
		ids[k.key] = 0
	}
	for k := range c.areas {
		ids[k.key] = 0
	}
	var j []int32
	var states, phases, categories, units, urgencies []string
	for k := range ids {
		j, states, phases = append(j, k.jurisdiction), append(states, string(k.state)), append(phases, string(k.phase))
		categories, units, urgencies = append(categories, k.category), append(units, k.unit), append(urgencies, string(k.urgency))
	}
	const wanted = "unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS w (j, state, phase, category, unit, urgency)"
	const same = "k.jurisdiction_id = w.j AND k.state = w.state AND k.phase = w.phase AND k.category = w.category AND k.unit = w.unit AND k.urgency = w.urgency"
	args := []any{j, states, phases, categories, units, urgencies}
	_, err := q.Exec(ctx, "INSERT INTO count_keys (jurisdiction_id, state, phase, category, unit, urgency) SELECT * FROM "+wanted+
		" WHERE NOT EXISTS (SELECT FROM count_keys k WHERE "+same+") ON CONFLICT DO NOTHING", args...)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, "SELECT k.id, w.j, w.state, w.phase, w.category, w.unit, w.urgency FROM "+wanted+" JOIN count_keys k ON "+same, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int32
		var k countKey
		if err := rows.Scan(&id, &k.jurisdiction, &k.state, &k.phase, &k.category, &k.unit, &k.urgency); err != nil {
			return nil, err
		}
		ids[k] = id
	}
	return ids, rows.Err()
}

// writeCells adds in the order of the primary key, and takes away what has come to nothing.
func (c *CellChanges) writeCells(ctx context.Context, q PGX, ids map[countKey]int32) error {
	keys := changed(c.cells, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.cell, b.cell), cmp.Compare(ids[a.key], ids[b.key]))
	})
	if len(keys) == 0 {
		return nil
	}
	var j, key []int32
	var level []int16
	var detailed []bool
	var cell []int64
	sums := make([][]int64, 6)
	for _, k := range keys {
		j, key, level = append(j, k.key.jurisdiction), append(key, ids[k.key]), append(level, int16(k.level))
		detailed, cell = append(detailed, k.detailed), append(cell, k.cell)
		t := c.cells[k]
		for i, v := range []int64{t.n, t.x, t.y, t.publicN, t.publicX, t.publicY} {
			sums[i] = append(sums[i], v)
		}
	}
	_, err := q.Exec(ctx, `INSERT INTO cell_counts AS c (jurisdiction_id, level, detailed, cell, key, n, x, y, public_n, public_x, public_y)
SELECT * FROM unnest($1::int[], $2::smallint[], $3::boolean[], $4::bigint[], $5::int[], $6::int[], $7::bigint[], $8::bigint[], $9::int[], $10::bigint[], $11::bigint[])
ON CONFLICT (jurisdiction_id, level, detailed, cell, key) DO UPDATE SET n = c.n + excluded.n, x = c.x + excluded.x, y = c.y + excluded.y,
public_n = c.public_n + excluded.public_n, public_x = c.public_x + excluded.public_x, public_y = c.public_y + excluded.public_y`,
		j, level, detailed, cell, key, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5])
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `DELETE FROM cell_counts c USING unnest($1::int[], $2::smallint[], $3::boolean[], $4::bigint[], $5::int[]) AS w (j, level, detailed, cell, key)
WHERE c.jurisdiction_id = w.j AND c.level = w.level AND c.detailed = w.detailed AND c.cell = w.cell AND c.key = w.key AND c.n = 0 AND c.public_n = 0`,
		j, level, detailed, cell, key)
	return err
}

func (c *CellChanges) writeAreas(ctx context.Context, q PGX, ids map[countKey]int32) error {
	keys := changed(c.areas, func(a, b areaKey) int {
		return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(ids[a.key], ids[b.key]))
	})
	if len(keys) == 0 {
		return nil
	}
	var j, key []int32
	var area []string
	var n, public []int64
	for _, k := range keys {
		j, key, area = append(j, k.key.jurisdiction), append(key, ids[k.key]), append(area, k.area)
		n, public = append(n, c.areas[k].n), append(public, c.areas[k].publicN)
	}
	_, err := q.Exec(ctx, `INSERT INTO area_counts AS c (jurisdiction_id, area, key, n, public_n)
SELECT * FROM unnest($1::int[], $2::text[], $3::int[], $4::int[], $5::int[])
ON CONFLICT (jurisdiction_id, area, key) DO UPDATE SET n = c.n + excluded.n, public_n = c.public_n + excluded.public_n`, j, area, key, n, public)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `DELETE FROM area_counts c USING unnest($1::int[], $2::text[], $3::int[]) AS w (j, area, key)
WHERE c.jurisdiction_id = w.j AND c.area = w.area AND c.key = w.key AND c.n = 0 AND c.public_n = 0`, j, area, key)
	return err
}

// changed are the keys of what does change, in order.
func changed[K comparable](all map[K]*tally, order func(a, b K) int) []K {
	var keys []K
	for k, t := range all {
		if *t != (tally{}) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, order)
	return keys
}
