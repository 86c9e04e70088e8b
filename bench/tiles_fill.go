// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hientruong/geo"
)

// fill brings the stock to a number of reports by COPY, spread as a province's are: most
// of them around some hundred busy places. It returns how long a recount takes.
func (b *tileBench) fill(ctx context.Context, reports int) (time.Duration, error) {
	// Indexes are made at once afterwards: what is measured does not depend on how.
	indexes, err := b.dropIndexes(ctx)
	if err != nil {
		return 0, err
	}
	var there int
	if err := b.pool.QueryRow(ctx, "SELECT count(*) FROM reports").Scan(&there); err != nil {
		return 0, err
	}
	source := &stockSource{random: rand.New(rand.NewPCG(uint64(there), 7)), at: there, until: reports}
	if there == 0 { // what comes later is all ended
		source.open = b.config.Open
	}
	source.hot = make([]geo.Point, 120)
	for i := range source.hot {
		source.hot[i] = point(16.30+source.random.Float64()*0.35, 107.35+source.random.Float64()*0.45)
	}
	if _, err := b.pool.CopyFrom(ctx, pgx.Identifier{"reports"}, stockColumns, source); err != nil {
		return 0, err
	}
	statements := slices.Concat(indexes, []string{
		`INSERT INTO deadlines (jurisdiction_id, id, report_id, kind, counts, rule, started_at, due_at)
SELECT 1, id, id, 'xu-ly', 'working', 'bench', created_at, created_at + interval '20 days' FROM reports
WHERE phase IN ('received', 'working') AND NOT EXISTS (SELECT FROM deadlines d WHERE d.report_id = reports.id)`,
		"VACUUM ANALYZE reports", "VACUUM ANALYZE deadlines",
	})
	for _, statement := range statements {
		if _, err := b.pool.Exec(ctx, statement); err != nil {
			return 0, fmt.Errorf("%.60s: %w", statement, err)
		}
	}
	began := time.Now()
	if _, err := b.pool.Exec(ctx, "SELECT recount_cells(1)"); err != nil {
		return 0, err
	}
	took := time.Since(began)
	for _, statement := range []string{"VACUUM ANALYZE cell_counts", "VACUUM ANALYZE area_counts", "VACUUM ANALYZE count_keys"} {
		if _, err := b.pool.Exec(ctx, statement); err != nil {
			return 0, err
		}
	}
	return took, b.fillPostGIS(ctx)
}

// dropIndexes drops what is no constraint and returns the statements that make it again.
func (b *tileBench) dropIndexes(ctx context.Context) ([]string, error) {
	rows, err := b.pool.Query(ctx, `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'reports'
AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = 'reports'::regclass)`)
	if err != nil {
		return nil, err
	}
	var name, definition string
	var names, made []string
	if _, err := pgx.ForEachRow(rows, []any{&name, &definition}, func() error { names, made = append(names, name), append(made, definition); return nil }); err != nil {
		return nil, err
	}
	_, err = b.pool.Exec(ctx, "DROP INDEX "+strings.Join(names, ", "))
	return made, err
}

var stockColumns = []string{
	"jurisdiction_id", "id", "code", "pack_version", "workflow", "state", "phase", "visibility", "shown", "category", "first_category", "area", "lead_unit", "urgency",
	"channel", "language", "origin", "lat", "lon", "tile", "public_tile", "location_source", "location_precision", "attributes", "description_id", "event_seq",
	"created_at", "updated_at", "accepted_at", "ended_at", "state_at",
}

// stockSource makes reports for COPY, the oldest first.
type stockSource struct {
	random          *rand.Rand
	hot             []geo.Point
	at, until, open int
	row             []any
}

// Next implements pgx.CopyFromSource.
func (s *stockSource) Next() bool {
	if s.at >= s.until {
		return false
	}
	s.row = s.report(s.until-s.at <= s.open) // the newest ones are open
	s.at++
	return true
}

// Values implements pgx.CopyFromSource.
func (s *stockSource) Values() ([]any, error) { return s.row, nil }

// Err implements pgx.CopyFromSource.
func (*stockSource) Err() error { return nil }

func point(lat, lon float64) geo.Point {
	p, err := geo.NewPoint(lat, lon)
	if err != nil {
		return geo.Point{}
	}
	return p
}

// place is near a busy place more often than not, else anywhere in the province.
func (s *stockSource) place() geo.Point {
	if s.random.IntN(10) < 3 {
		return point(16.0+s.random.Float64()*0.75, 107.0+s.random.Float64()*1.2)
	}
	hot := s.hot[int(float64(len(s.hot))*s.random.Float64()*s.random.Float64())]
	return point(hot.Lat()+s.random.NormFloat64()*0.006, hot.Lon()+s.random.NormFloat64()*0.006)
}

func (s *stockSource) report(open bool) []any {
	created := time.Now().Add(-time.Duration(s.until-s.at) * 3 * time.Second).UTC().Truncate(time.Microsecond)
	id := uuid.Must(uuid.NewV7())
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(created.UnixMilli()))
	copy(id[:6], ms[2:])
	p := s.place()
	tile := int64(geo.TileOf(p))
	state, phase, shown, visibility := "closed", "ended", "full", "public"
	ended, accepted := &created, &created
	switch {
	case open && s.random.IntN(4) == 0:
		state, phase, shown, visibility, ended, accepted = "submitted", "received", "none", "private", nil, nil
	case open:
		state, phase, ended = "in_progress", "working", nil
	case s.random.IntN(10) == 0:
		state, shown = "rejected", "status"
	}
	public, precision := s.public(tile, shown)
	category := stockCategories[int(float64(len(stockCategories))*s.random.Float64()*s.random.Float64())]
	unit := stockUnits[s.random.IntN(len(stockUnits))]
	urgency := "normal"
	if s.random.IntN(12) == 0 {
		urgency = "urgent"
	}
	return []any{
		int32(1), id, "S-" + id.String(), int32(1), "thuong", state, phase, visibility, shown, category, category, "90001@2025-07-01", unit, urgency,
		"app", "vi", "import", p.Lat(), p.Lon(), tile, public, "gps", precision, json.RawMessage("{}"), id, int64(1),
		created, created, accepted, ended, created,
	}
}

// public is the place that the public may know of a report.
func (s *stockSource) public(tile int64, shown string) (*int64, string) {
	n := s.random.IntN(20)
	switch {
	case n == 0:
		return nil, "ward"
	case shown != "full":
		return nil, "exact"
	case n < 4:
		snapped := int64(geo.Tile(tile).Snap(geo.SnapZoom))
		return &snapped, "snapped"
	default:
		return &tile, "exact"
	}
}

var stockCategories = []string{"o-ga", "den-duong", "rac-ton-dong", "ngap", "nuoc-ban", "cay-gay-do", "tieng-on", "via-he-hong", "nap-cong", "bien-bao", "day-thong", "lan-chiem"}

var stockUnits = []string{"chieu-sang", "cap-nuoc", "moi-truong", "thoat-nuoc", "so-xay-dung", "cay-xanh", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"}
