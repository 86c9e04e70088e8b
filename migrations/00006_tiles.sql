-- SPDX-License-Identifier: Apache-2.0
-- The map: indexes that hold all a tile asks, and counts per cell that a reader of the
-- log keeps for low zooms and for all history.

-- +goose Up
-- A tile is one range of one of these. Those of open reports are small and stay so.
CREATE INDEX reports_open_tile_idx ON reports (jurisdiction_id, tile) INCLUDE (id, state, phase, category, lead_unit, urgency, created_at)
    WHERE tile IS NOT NULL AND phase IN ('received', 'working');
CREATE INDEX reports_open_public_tile_idx ON reports (jurisdiction_id, public_tile) INCLUDE (id, state, phase, category, lead_unit, urgency, created_at)
    WHERE public_tile IS NOT NULL AND phase IN ('received', 'working');
DROP INDEX reports_tile_idx;
CREATE INDEX reports_tile_idx ON reports (jurisdiction_id, tile) INCLUDE (id, state, phase, category, lead_unit, urgency, created_at) WHERE tile IS NOT NULL;
DROP INDEX reports_public_tile_idx;
CREATE INDEX reports_public_tile_idx ON reports (jurisdiction_id, public_tile) INCLUDE (id, state, phase, category, lead_unit, urgency, created_at)
    WHERE public_tile IS NOT NULL;
CREATE INDEX deadlines_late_idx ON deadlines (jurisdiction_id, report_id) INCLUDE (due_at, kind) WHERE stopped_at IS NULL AND paused_at IS NULL;

-- What reports are counted by, as one number. Where state, category and unit are '' all
-- of them are meant.
CREATE TABLE count_keys (
    id              integer NOT NULL GENERATED ALWAYS AS IDENTITY,
    jurisdiction_id integer NOT NULL,
    state           text    NOT NULL,
    phase           text    NOT NULL,
    category        text    NOT NULL,
    unit            text    NOT NULL,
    urgency         text    NOT NULL,
    CONSTRAINT count_keys_pkey PRIMARY KEY (id),
    CONSTRAINT count_keys_once_key UNIQUE (jurisdiction_id, state, phase, category, unit, urgency),
    CONSTRAINT count_keys_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id)
);

-- How many reports lie in a cell of zoom 7, 10, 13 or 16: n of all, public_n of those
-- that the public's map has. x and y are the sums of their columns and rows at zoom 16.
CREATE TABLE cell_counts (
    jurisdiction_id integer  NOT NULL,
    level           smallint NOT NULL,
    detailed        boolean  NOT NULL,
    cell            bigint   NOT NULL,
    key             integer  NOT NULL,
    n               integer  NOT NULL,
    x               bigint   NOT NULL,
    y               bigint   NOT NULL,
    public_n        integer  NOT NULL,
    public_x        bigint   NOT NULL,
    public_y        bigint   NOT NULL,
    CONSTRAINT cell_counts_pkey PRIMARY KEY (jurisdiction_id, level, detailed, cell, key),
    CONSTRAINT cell_counts_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id)
) WITH (fillfactor = 80);

-- How many reports lie in an area, whether their exact place is known or not.
CREATE TABLE area_counts (
    jurisdiction_id integer NOT NULL,
    area            text    NOT NULL,
    key             integer NOT NULL,
    n               integer NOT NULL,
    public_n        integer NOT NULL,
    CONSTRAINT area_counts_pkey PRIMARY KEY (jurisdiction_id, area, key),
    CONSTRAINT area_counts_jurisdiction_fkey FOREIGN KEY (jurisdiction_id) REFERENCES jurisdictions (id)
) WITH (fillfactor = 80);

-- The even bits of a cell's key, put together: its column, or its row when shifted by one.
CREATE FUNCTION even_bits(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (e | (e >> 16)) & 4294967295 FROM (SELECT (d | (d >> 8)) & 281470681808895 AS e FROM (SELECT (c | (c >> 4)) & 71777214294589695 AS d
    FROM (SELECT (b | (b >> 2)) & 1085102592571150095 AS c FROM (SELECT (a | (a >> 1)) & 3689348814741910323 AS b
    FROM (SELECT $1 & 6148914691236517205 AS a) _1) _2) _3) _4) _5
$$;

-- Counts a jurisdiction's reports anew. The transaction must see reports and log as they
-- were at one moment: one that is REPEATABLE READ, or that holds the lock of the head.
-- +goose StatementBegin
CREATE FUNCTION recount_cells(wanted integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    upper smallint;
BEGIN
    DELETE FROM cell_counts WHERE jurisdiction_id = wanted;
    DELETE FROM area_counts WHERE jurisdiction_id = wanted;
    INSERT INTO count_keys (jurisdiction_id, state, phase, category, unit, urgency)
        SELECT DISTINCT wanted, state, phase, category, coalesce(lead_unit, ''), urgency FROM reports WHERE jurisdiction_id = wanted
        UNION SELECT DISTINCT wanted, '', phase, '', '', urgency FROM reports WHERE jurisdiction_id = wanted
        ON CONFLICT DO NOTHING;
    INSERT INTO cell_counts
        SELECT wanted, 16, true, c.cell, k.id, c.n, c.n * even_bits(c.cell), c.n * even_bits(c.cell >> 1),
            c.public_n, c.public_n * even_bits(c.cell), c.public_n * even_bits(c.cell >> 1)
        FROM (SELECT tile >> 20 AS cell, state, phase, category, coalesce(lead_unit, '') AS unit, urgency, count(*) AS n, count(public_tile) AS public_n
            FROM reports WHERE jurisdiction_id = wanted AND tile IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6) c
        JOIN count_keys k ON k.jurisdiction_id = wanted AND k.state = c.state AND k.phase = c.phase AND k.category = c.category
            AND k.unit = c.unit AND k.urgency = c.urgency;
    FOREACH upper IN ARRAY ARRAY[13, 10, 7] LOOP
        INSERT INTO cell_counts
            SELECT wanted, upper, true, cell >> 6, key, sum(n), sum(x), sum(y), sum(public_n), sum(public_x), sum(public_y)
            FROM cell_counts WHERE jurisdiction_id = wanted AND level = upper + 3 AND detailed GROUP BY cell >> 6, key;
    END LOOP;
    INSERT INTO cell_counts
        SELECT wanted, c.level, false, c.cell, a.id, sum(c.n), sum(c.x), sum(c.y), sum(c.public_n), sum(c.public_x), sum(c.public_y)
        FROM cell_counts c JOIN count_keys k ON k.id = c.key
        JOIN count_keys a ON a.jurisdiction_id = wanted AND a.state = '' AND a.category = '' AND a.unit = '' AND a.phase = k.phase AND a.urgency = k.urgency
        WHERE c.jurisdiction_id = wanted AND c.detailed GROUP BY c.level, c.cell, a.id;
    INSERT INTO area_counts
        SELECT wanted, c.area, k.id, c.n, c.public_n
        FROM (SELECT area, state, phase, category, coalesce(lead_unit, '') AS unit, urgency, count(*) AS n, count(*) FILTER (WHERE shown = 'full') AS public_n
            FROM reports WHERE jurisdiction_id = wanted AND area IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6) c
        JOIN count_keys k ON k.jurisdiction_id = wanted AND k.state = c.state AND k.phase = c.phase AND k.category = c.category
            AND k.unit = c.unit AND k.urgency = c.urgency;
    INSERT INTO cursors (jurisdiction_id, reader, pos)
        SELECT wanted, 'cells', pos FROM log_head WHERE jurisdiction_id = wanted
        ON CONFLICT (jurisdiction_id, reader) DO UPDATE SET pos = excluded.pos, updated_at = now();
END $$;
-- +goose StatementEnd

-- The reader starts from what is there: events of older versions do not say what the
-- public's map had. Nothing is committed to a log whose head is locked.
SELECT pos FROM log_head ORDER BY jurisdiction_id FOR UPDATE;
SELECT recount_cells(id) FROM jurisdictions ORDER BY id;

-- +goose Down
DROP FUNCTION recount_cells(integer);
DROP FUNCTION even_bits(bigint);
DROP TABLE area_counts;
DROP TABLE cell_counts;
DROP TABLE count_keys;
DELETE FROM cursors WHERE reader = 'cells';
DROP INDEX deadlines_late_idx;
DROP INDEX reports_public_tile_idx;
CREATE INDEX reports_public_tile_idx ON reports (jurisdiction_id, public_tile) WHERE public_tile IS NOT NULL;
DROP INDEX reports_tile_idx;
CREATE INDEX reports_tile_idx ON reports (jurisdiction_id, tile) WHERE tile IS NOT NULL;
DROP INDEX reports_open_public_tile_idx;
DROP INDEX reports_open_tile_idx;
