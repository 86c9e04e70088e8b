// SPDX-License-Identifier: Apache-2.0

package simulate_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"hientruong/cmd/hientruong/simulate"
	"hientruong/database/dbtest"
	"hientruong/packs"
	simulation "hientruong/workflow/simulate"
)

// BenchmarkHistory lives 100,000 recorded reports again, and a tenth of them, to show that
// memory does not grow: -benchtime=1x is enough. They are some days of the demo city, over
// and over.
func BenchmarkHistory(b *testing.B) {
	for _, reports := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(reports), func(b *testing.B) {
			from, db := record(b, 8, 40, 0)
			multiply(b, db, reports)
			sim := simulation.New(parse(b, packs.Demo()), nil, from.Since, from.Until)
			for b.Loop() {
				began, worked, peak := time.Now(), cpu(b), uint64(0)
				r, err := simulate.Run(b.Context(), sim, from, func(float64, int) {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapAlloc)
				})
				if err != nil || r.Totals.Reports < reports || r.Totals.Changed > 0 || len(r.Gaps.Refused) > 0 {
					b.Fatalf("%v: %+v, %+v", err, r.Totals, r.Gaps.Refused)
				}
				b.ReportMetric(float64(r.Totals.Reports)/time.Since(began).Seconds(), "reports/s")
				b.ReportMetric((cpu(b)-worked).Seconds()*1e6/float64(r.Totals.Reports), "cpu-µs/report")
				b.ReportMetric(float64(r.Totals.Steps)/float64(r.Totals.Reports), "steps/report")
				b.ReportMetric(float64(peak)/(1<<20), "MB-heap")
			}
		})
	}
}

// cpu is how long this process has computed, on all cores: what a busy machine does not
// change. The database's share is not in it.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// multiply copies what was recorded until there are so many reports, with ids of their own.
func multiply(b *testing.B, db *dbtest.Database, reports int) {
	b.Helper()
	ctx := b.Context()
	owner, err := pgx.Connect(ctx, db.OwnerURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = owner.Close(ctx) }()
	var there int
	if err := owner.QueryRow(ctx, "SELECT count(*) FROM reports").Scan(&there); err != nil {
		b.Fatal(err)
	}
	columns := func(table string, changed map[string]string) (into, from string) {
		rows, err := owner.Query(ctx, "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'", table)
		if err != nil {
			b.Fatal(err)
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			b.Fatal(err)
		}
		for i, name := range names {
			if i > 0 {
				into, from = into+", ", from+", "
			}
			value, ok := changed[name]
			if !ok {
				value = "t." + name
			}
			into, from = into+name, from+value
		}
		return into, from
	}
	const copied = "md5(%s::text || k)::uuid"
	of := func(column string) string { return fmt.Sprintf(copied, "t."+column) }
	for _, table := range []struct {
		name    string
		changed map[string]string
	}{
		{"reports", map[string]string{
			"id": of("id"), "description_id": of("description_id"), "code": "t.code || k", "external_ref": "NULL", "duplicate_of": "NULL", "split_from": "NULL",
		}},
		{"events", map[string]string{"subject_id": of("subject_id"), "pos": "t.pos + k * 10000"}},
		{"texts", map[string]string{"id": of("id"), "report_id": of("report_id"), "replaces": "NULL"}},
		{"tasks", map[string]string{"id": of("id"), "report_id": of("report_id")}},
		{"deadlines", map[string]string{"id": of("id"), "report_id": of("report_id"), "task_id": "NULL"}},
	} {
		into, from := columns(table.name, table.changed)
		sql := fmt.Sprintf("SET session_replication_role = replica; INSERT INTO %s (%s) SELECT %s FROM %s t, generate_series(1, %d) k",
			table.name, into, from, table.name, reports/there)
		if _, err := owner.Exec(ctx, sql); err != nil {
			b.Fatalf("%s: %v", table.name, err)
		}
	}
	if _, err := owner.Exec(ctx, "ANALYZE"); err != nil {
		b.Fatal(err)
	}
}
