// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"hientruong/database"
	"hientruong/migrations"
)

// rivalScript writes what the program writes for a report, one transaction each: the same
// tables with the same indexes and checks, and the head with it.
const rivalScript = `\set n random(1, 1000000000)
\set lat random(16420000, 16500000)
\set lon random(107550000, 107630000)
BEGIN;
INSERT INTO idempotency_keys (jurisdiction_id, installation, key, fingerprint, subject_id, created_at)
    VALUES (1, gen_random_uuid(), gen_random_uuid(), sha256('x'), gen_random_uuid(), now());
WITH r AS (
    INSERT INTO reports (jurisdiction_id, id, code, pack_version, workflow, state, phase, visibility, shown, category, area, urgency, channel, language, origin,
        lat, lon, tile, accuracy_m, location_source, location_precision, attributes, description_id, hide_name, version, event_seq, created_at, updated_at)
    VALUES (1, gen_random_uuid(), 'RIVAL-' || gen_random_uuid(), 1, 'thuong', 'submitted', 'received', 'private', 'none', 'den-duong', '90001@2025-07-01', 'normal', 'web', 'vi', 'live',
        :lat / 1000000.0, :lon / 1000000.0, :n, 12, 'gps', 'exact', '{"owner": "do-thi"}', gen_random_uuid(), true, 1, 1, now(), now())
    RETURNING id, description_id),
t AS (
    INSERT INTO texts (jurisdiction_id, id, report_id, kind, language, body, salt, digest, author, created_at)
    SELECT 1, description_id, id, 'description', 'vi', 'Đèn đường không sáng từ mấy ngày nay, đoạn trước nhà số ' || :n || ', đi lại ban đêm rất nguy hiểm',
        decode(md5('salt'), 'hex'), sha256('x'), 'guest', now() FROM r)
INSERT INTO deadlines (jurisdiction_id, id, report_id, kind, unit, counts, rule, started_at, due_at)
    SELECT 1, gen_random_uuid(), id, 'tiep-nhan', 'ioc', 'working', 'den-duong/tiep-nhan', now(), now() + interval '8 hours' FROM r;
WITH h AS (UPDATE log_head SET pos = pos + 1, hash = sha256(hash) WHERE jurisdiction_id = 1 RETURNING pos, hash)
INSERT INTO events (jurisdiction_id, pos, subject_kind, subject_id, subject_seq, kind, origin, actor, at, body, hash)
    SELECT 1, pos, 'report', gen_random_uuid(), 1, 'report.submitted', 'live', 'guest', now(),
        '{"version":1,"after":{"state":"submitted","phase":"received","category":"den-duong","area":"90001@2025-07-01","urgency":"normal","visibility":"private","shown":"none","tile16":3000000000},"channel":"web","pack":1}', hash FROM h;
COMMIT;
`

var ratePattern = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

// rival runs pgbench with prepared statements in a copy of the tables: a database of its
// own made from the same migrations, so that its rows are in nobody's way. It returns
// reports a second.
func (w *world) rival(ctx context.Context, clients int, length time.Duration) (float64, error) {
	script := filepath.Join(w.config.Dir, "rival.sql")
	if err := os.WriteFile(script, []byte(rivalScript), 0o600); err != nil {
		return 0, err
	}
	if err := w.rivalDatabase(ctx); err != nil {
		return 0, err
	}
	address, err := url.Parse(w.owner)
	if err != nil {
		return 0, err
	}
	password, _ := address.User.Password()
	seconds := strconv.Itoa(max(1, int(length.Seconds())))
	command := exec.CommandContext(ctx, pgbench(), "--no-vacuum", "--protocol=prepared", "--client="+strconv.Itoa(clients), "--jobs=2", "--time="+seconds,
		"--file="+script, "--host="+address.Hostname(), "--port="+address.Port(), "--username="+address.User.Username(), rivalName)
	command.Env = append(os.Environ(), "PGPASSWORD="+password)
	out, err := command.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("pgbench: %w\n%s", err, out)
	}
	found := ratePattern.FindSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("pgbench told no rate:\n%s", out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

const rivalName = "rival"

// rivalDatabase makes the rival's database once, with the same tables, and a jurisdiction.
func (w *world) rivalDatabase(ctx context.Context) error {
	var there bool
	if err := w.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", rivalName).Scan(&there); err != nil || there {
		return err
	}
	if err := w.server.CreateDatabase(ctx, rivalName); err != nil {
		return err
	}
	owner := w.server.URL(database.OwnerRole, rivalName)
	if _, err := database.Migrate(ctx, owner, database.MigrateOptions{FS: migrations.FS}); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, owner)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "INSERT INTO jurisdictions (id, code) VALUES (1, 'rival')")
	return err
}

// pgbench finds the program beside the newest server, where Debian leaves it off the path.
func pgbench() string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err != nil || len(found) == 0 {
		return "pgbench"
	}
	return found[len(found)-1]
}
