// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"time"

	"hientruong/geo"
)

// postGIS sees whether PostGIS can be had in the server, and returns its version.
func (b *tileBench) postGIS(ctx context.Context) (version string, err error) {
	if err := b.pool.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_available_extensions WHERE name = 'postgis'").Scan(&b.rival); err != nil || !b.rival {
		return "", err
	}
	_, err = b.pool.Exec(ctx, `CREATE EXTENSION postgis;
CREATE TABLE points (id uuid NOT NULL, geom geometry(Point, 3857) NOT NULL, state text NOT NULL, phase text NOT NULL, category text NOT NULL, urgency text NOT NULL)`)
	if err != nil {
		return "", err
	}
	err = b.pool.QueryRow(ctx, "SELECT postgis_lib_version()").Scan(&version)
	return version, err
}

// fillPostGIS gives the rival the same reports, and the best index for what is asked of it.
func (b *tileBench) fillPostGIS(ctx context.Context) error {
	if !b.rival {
		return nil
	}
	for _, statement := range []string{
		"DROP INDEX IF EXISTS points_open_idx", "TRUNCATE points",
		`INSERT INTO points SELECT id, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857), state, phase, category, urgency FROM reports WHERE tile IS NOT NULL`,
		"CREATE INDEX points_open_idx ON points USING gist (geom) WHERE phase IN ('received', 'working')",
		"VACUUM ANALYZE points",
	} {
		if _, err := b.pool.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// pointsByPostGIS is a tile with every open report in it, as its table has it.
const pointsByPostGIS = `WITH box AS (SELECT ST_TileEnvelope($1, $2, $3) AS g)
SELECT ST_AsMVT(t, 'reports', 4096, 'geom') FROM (SELECT ST_AsMVTGeom(p.geom, box.g, 4096, 0) AS geom, p.id::text, p.state, p.phase, p.category, p.urgency <> 'normal' AS urgent
FROM points p, box WHERE p.geom && box.g AND p.phase IN ('received', 'working')) t`

// spotsByPostGIS is a tile with the same single reports as ours, and all that ours says.
const spotsByPostGIS = `WITH box AS (SELECT ST_TileEnvelope($1, $2, $3) AS g)
SELECT ST_AsMVT(t, 'reports', 4096, 'geom') FROM (SELECT ST_AsMVTGeom(p.geom, box.g, 4096, 0) AS geom, p.id::text, p.state, p.phase, p.category, p.urgency <> 'normal' AS urgent,
    EXISTS (SELECT FROM deadlines d WHERE d.jurisdiction_id = 1 AND d.report_id = p.id AND d.stopped_at IS NULL AND d.paused_at IS NULL AND d.due_at < now()) AS overdue
FROM points p, box WHERE p.geom && box.g AND p.phase IN ('received', 'working')) t`

// clustersByPostGIS is a tile with the same clusters as ours: 8 by 8 cells, each at the
// middle of its reports, with the same counts.
const clustersByPostGIS = `WITH box AS (SELECT ST_TileEnvelope($1, $2, $3) AS g, ST_XMin(ST_TileEnvelope($1, $2, $3)) AS west, ST_YMax(ST_TileEnvelope($1, $2, $3)) AS north,
    40075016.685578488 / (1 << $1) / 8 AS side),
grouped AS (SELECT avg(ST_X(p.geom)) AS x, avg(ST_Y(p.geom)) AS y, count(*) AS count, count(*) FILTER (WHERE p.phase = 'received') AS received,
    count(*) FILTER (WHERE p.phase = 'working') AS working, count(*) FILTER (WHERE p.phase = 'answered') AS answered, count(*) FILTER (WHERE p.urgency <> 'normal') AS urgent
    FROM points p, box WHERE p.geom && box.g AND p.phase IN ('received', 'working')
    GROUP BY floor((ST_X(p.geom) - box.west) / box.side), floor((box.north - ST_Y(p.geom)) / box.side))
SELECT ST_AsMVT(t, 'clusters', 4096, 'geom') FROM (SELECT ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(c.x, c.y), 3857), box.g, 4096, 0) AS geom,
    c.count, c.received, c.working, c.answered, c.urgent FROM grouped c, box) t`

// byPostGIS makes a tile by PostGIS and returns its size.
func (b *tileBench) byPostGIS(ctx context.Context, query string, cell geo.Cell) (int, time.Duration, error) {
	var tile []byte
	began := time.Now()
	err := b.pool.QueryRow(ctx, query, int32(cell.Z), int32(cell.X), int32(cell.Y)).Scan(&tile)
	return len(tile), time.Since(began), err
}
