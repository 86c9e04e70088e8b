// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"hientruong/ledger"
	"hientruong/models"
)

// nothing is a reader that makes nothing of events.
type nothing struct{ name string }

func (n nothing) Name() string { return n.name }

func (nothing) Read(context.Context, ledger.Tx, []models.Event) error { return nil }

// BenchmarkDo files reports, each with a text and an event, from many callers at once,
// with readers of the log beside them. The server of the tests runs without fsync.
func BenchmarkDo(b *testing.B) {
	for _, c := range []struct{ callers, readers int }{{64, 0}, {256, 0}, {64, 4}} {
		b.Run(fmt.Sprintf("callers=%d/readers=%d", c.callers, c.readers), func(b *testing.B) {
			w := newTown(b)
			bell := ledger.NewBell()
			for n := range c.readers {
				w.tail(b, ledger.TailConfig{Reader: nothing{fmt.Sprint(n)}, Bell: bell})
			}
			l := w.start(b, ledger.Config{Bell: bell})
			l.must(b, w.submit(newID()))
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ReportAllocs()
			b.ResetTimer()
			var wg sync.WaitGroup
			for range c.callers {
				wg.Go(func() {
					for left.Add(-1) >= 0 {
						if _, err := l.Do(b.Context(), w.submit(newID()).keyed(newKey())); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "intents/s")
			b.ReportMetric(float64(b.N)/(l.figure(b, "batch_intents")-1), "intents/commit")
		})
	}
}
