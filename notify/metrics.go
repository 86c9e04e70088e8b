// SPDX-License-Identifier: Apache-2.0

package notify

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts pushes.
type Metrics struct{ pushes *prometheus.CounterVec }

// NewMetrics registers hientruong_pushes_total{result}, result being sent, retry,
// failed or dropped. It fails when the name is taken.
func NewMetrics(reg prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{pushes: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hientruong_pushes_total",
		Help: "Tries to push a notification to a phone, by what became of them.",
	}, []string{"result"})}
	for _, result := range []string{"sent", "retry", "failed", "dropped"} {
		m.pushes.WithLabelValues(result)
	}
	return m, reg.Register(m.pushes)
}

// count adds a result; a nil Metrics counts nothing.
func (m *Metrics) count(result string) {
	if m != nil {
		m.pushes.WithLabelValues(result).Inc()
	}
}
