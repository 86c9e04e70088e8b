// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// jobMetrics counts jobs by queue and state when they are asked for.
type jobMetrics struct {
	pool *pgxpool.Pool
	jobs *prometheus.Desc
}

func newJobMetrics(pool *pgxpool.Pool) *jobMetrics {
	return &jobMetrics{pool: pool, jobs: prometheus.NewDesc("hientruong_jobs", "Jobs that are not done, by queue and state.", []string{"queue", "state"}, nil)}
}

func newDeadlineMetrics() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hientruong_deadlines_total", Help: "Deadlines that asked for something, by whether they could be fired, and those that were counted anew to another end.",
	}, []string{"outcome"})
}

// Describe implements prometheus.Collector.
func (m *jobMetrics) Describe(to chan<- *prometheus.Desc) { to <- m.jobs }

// Collect implements prometheus.Collector.
func (m *jobMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	rows, err := m.pool.Query(ctx, "SELECT queue, state::text, count(*) FROM river_job WHERE state NOT IN ('completed', 'cancelled') GROUP BY 1, 2")
	if err != nil {
		to <- prometheus.NewInvalidMetric(m.jobs, err)
		return
	}
	var queue, state string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&queue, &state, &n}, func() error {
		to <- prometheus.MustNewConstMetric(m.jobs, prometheus.GaugeValue, float64(n), queue, state)
		return nil
	})
	if err != nil {
		to <- prometheus.NewInvalidMetric(m.jobs, err)
	}
}
