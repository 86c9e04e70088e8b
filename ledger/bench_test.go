// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"hientruong/ledger"
)

// BenchmarkDo files reports, each with a text and an event, from many callers at once.
// The server of the tests runs without fsync.
func BenchmarkDo(b *testing.B) {
	for _, callers := range []int{64, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			w := newTown(b)
			l := w.start(b, ledger.Config{})
			l.must(b, w.submit(newID()))
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ReportAllocs()
			b.ResetTimer()
			var wg sync.WaitGroup
			for range callers {
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
