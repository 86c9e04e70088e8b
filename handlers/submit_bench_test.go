// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"hientruong/handlers"
)

// BenchmarkSubmit sends reports without photos over 64 connections; the generator takes
// its share of the same cores.
func BenchmarkSubmit(b *testing.B) {
	w := newWorld(b, func(c *handlers.Config) { c.Logger = discard })
	token, _ := w.device()
	client := &fasthttp.HostClient{Addr: strings.TrimPrefix(w.url, "http://"), MaxConns: 64}
	defer client.CloseIdleConnections()
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(loop *testing.PB) {
		request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		for loop.Next() {
			request.Header.SetMethod("POST")
			request.SetRequestURI(w.url + "/api/v1/reports")
			request.Header.SetContentType("application/json")
			request.Header.Set("Authorization", "Bearer "+token)
			request.Header.Set("Idempotency-Key", uuid.NewString())
			request.SetBodyString(pothole)
			if err := client.Do(request, response); err != nil || response.StatusCode() != 201 {
				b.Errorf("%d %v: %s", response.StatusCode(), err, response.Body())
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}
