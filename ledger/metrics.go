// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the ledger's figures. A nil Registerer leaves them unregistered.
type metrics struct {
	intents prometheus.Counter
	events  prometheus.Counter
	halved  prometheus.Counter
	full    prometheus.Counter
	size    prometheus.Histogram
	seconds prometheus.Histogram
}

func newMetrics(to prometheus.Registerer, waiting func() float64) *metrics {
	m := &metrics{
		intents: prometheus.NewCounter(prometheus.CounterOpts{Name: "hientruong_ledger_intents_total", Help: "Intents carried out or refused."}),
		events:  prometheus.NewCounter(prometheus.CounterOpts{Name: "hientruong_ledger_events_total", Help: "Events written."}),
		halved:  prometheus.NewCounter(prometheus.CounterOpts{Name: "hientruong_ledger_batches_halved_total", Help: "Batches that failed and were run again in halves."}),
		full:    prometheus.NewCounter(prometheus.CounterOpts{Name: "hientruong_ledger_queue_full_total", Help: "Intents refused because too many waited."}),
		size: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hientruong_ledger_batch_intents", Help: "Intents a batch.", Buckets: prometheus.ExponentialBuckets(1, 2, 10),
		}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "hientruong_ledger_batch_seconds", Help: "Seconds from a batch's begin to its commit.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}),
	}
	if to != nil {
		to.MustRegister(m.intents, m.events, m.halved, m.full, m.size, m.seconds, prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Name: "hientruong_ledger_waiting_intents", Help: "Intents that wait for the next batch."}, waiting))
	}
	return m
}

func (m *metrics) wrote(intents, events int, took time.Duration) {
	m.intents.Add(float64(intents))
	m.events.Add(float64(events))
	m.size.Observe(float64(intents))
	m.seconds.Observe(took.Seconds())
}
