// SPDX-License-Identifier: Apache-2.0

package live

import "github.com/prometheus/client_golang/prometheus"

// metrics are the hub's figures. A nil Registerer leaves them unregistered.
type metrics struct {
	viewers prometheus.Gauge
	upserts prometheus.Counter
	leaves  prometheus.Counter
	resets  *prometheus.CounterVec
	lag     prometheus.Histogram
}

func newMetrics(to prometheus.Registerer) *metrics {
	events := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hientruong_live_events_total", Help: "Events given to viewers, by their name."}, []string{"event"})
	m := &metrics{
		upserts: events.WithLabelValues("upsert"), leaves: events.WithLabelValues("leave"),
		viewers: prometheus.NewGauge(prometheus.GaugeOpts{Name: "hientruong_live_viewers", Help: "Streams that are open."}),
		resets:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "hientruong_live_resets_total", Help: "Viewers told to begin anew, by why."}, []string{"reason"}),
		lag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hientruong_live_lag_seconds", Help: "From an event's time until it is given to viewers.", Buckets: prometheus.ExponentialBuckets(0.01, 2, 12),
		}),
	}
	if to != nil {
		to.MustRegister(m.viewers, events, m.resets, m.lag)
	}
	return m
}
