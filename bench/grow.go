// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Growth is intake at 64 connections on a small and on a large stock of reports.
type Growth struct {
	FewReports, ManyReports int64
	AtFew, AtMany           float64 // reports a second
	Ratio                   float64 // AtFew over AtMany: how many times slower it has become
}

// few is the small stock.
const few = 10_000

// fill copies a report that is there, with its text, until there are enough. The copies
// have no events: the log is as long as before, the tables and their indexes are not.
const fill = `WITH source AS (SELECT r.* FROM reports r WHERE jurisdiction_id = 1 LIMIT 1),
many AS (SELECT gen_random_uuid() AS new_id, gen_random_uuid() AS new_text, random() AS x, random() AS y FROM generate_series(1, $1)),
made AS (
    INSERT INTO reports (jurisdiction_id, id, code, pack_version, workflow, state, phase, visibility, shown, category, area, urgency, channel, language, origin,
        lat, lon, tile, accuracy_m, location_source, location_precision, attributes, description_id, hide_name, version, event_seq, created_at, updated_at)
    SELECT 1, new_id, 'STOCK-' || new_id, pack_version, workflow, state, phase, visibility, shown, category, area, urgency, channel, language, 'import',
        16.42 + x * 0.08, 107.55 + y * 0.08, (x * 4e15)::bigint, accuracy_m, location_source, location_precision, attributes, new_text, hide_name, 1, 1,
        now() - x * interval '400 days', now() - x * interval '400 days'
    FROM source, many RETURNING id, description_id)
INSERT INTO texts (jurisdiction_id, id, report_id, kind, language, body, salt, digest, author, created_at)
SELECT 1, description_id, id, 'description', 'vi', 'Đèn đường không sáng', decode(md5('salt'), 'hex'), sha256('x'), 'guest', now() FROM made`

func (w *world) growth(ctx context.Context) (out Growth, err error) {
	if out.FewReports, out.AtFew, err = w.intakeAt(ctx, few, true); err != nil {
		return out, err
	}
	if out.ManyReports, out.AtMany, err = w.intakeAt(ctx, int64(w.config.Grown), false); err != nil {
		return out, err
	}
	out.Ratio = out.AtFew / out.AtMany
	return out, nil
}

// intakeAt brings the stock to a number of reports and measures the median of a few bursts.
func (w *world) intakeAt(ctx context.Context, stock int64, anew bool) (int64, float64, error) {
	if anew {
		if err := w.empty(ctx); err != nil {
			return 0, 0, err
		}
	}
	if err := w.fillTo(ctx, stock); err != nil {
		return 0, 0, err
	}
	var rates []float64
	for range w.config.Rounds {
		load, err := w.burst(ctx, 64)
		if err != nil {
			return 0, 0, err
		}
		rates = append(rates, load.PerSecond)
	}
	var now int64
	if err := w.pool.QueryRow(ctx, "SELECT count(*) FROM reports").Scan(&now); err != nil {
		return 0, 0, err
	}
	fmt.Fprintf(w.config.Out, "      %d reports afterwards: %.0f/s\n", now, median(rates))
	return stock, median(rates), nil
}

// empty takes every report away but one to copy from.
func (w *world) empty(ctx context.Context) error {
	_, err := w.pool.Exec(ctx, `TRUNCATE report_search, deliveries, notifications, ratings, deadlines, tasks, contacts, texts, photos, reports, idempotency_keys`)
	if err != nil {
		return err
	}
	server, err := w.start(ctx, "serve")
	if err != nil {
		return err
	}
	_, err = intake(ctx, server.url, 1, 500*time.Millisecond, nil)
	return errors.Join(err, server.stop())
}

// fillTo adds reports until there are as many as asked for, and lets PostgreSQL look at
// them and write them out.
func (w *world) fillTo(ctx context.Context, stock int64) error {
	const atOnce = 50_000
	var now int64
	if err := w.pool.QueryRow(ctx, "SELECT count(*) FROM reports").Scan(&now); err != nil {
		return err
	}
	for now < stock {
		n := min(atOnce, stock-now)
		if _, err := w.pool.Exec(ctx, fill, n); err != nil {
			return err
		}
		now += n
		fmt.Fprintf(w.config.Out, "\r      stock: %d of %d", now, stock)
	}
	fmt.Fprintln(w.config.Out)
	for _, statement := range []string{"VACUUM ANALYZE reports", "VACUUM ANALYZE texts", "CHECKPOINT"} {
		if _, err := w.pool.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
