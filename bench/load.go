// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"
)

// Load is what a number of connections got done, each sending its next report when the
// last one was answered.
type Load struct {
	Connections int
	PerSecond   float64
	P50, P99    time.Duration
	Refused     int64 // answers other than 201
}

// intake files reports without photos for a time.
func intake(ctx context.Context, url string, connections int, length time.Duration, token func(int) string) (Load, error) {
	client := &fasthttp.Client{MaxConnsPerHost: connections, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	taken := make([][]time.Duration, connections)
	var refused atomic.Int64
	var failure atomic.Value
	var all sync.WaitGroup
	started := time.Now()
	for i := range connections {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 1))
			for n := 0; ctx.Err() == nil; n++ {
				bearer := ""
				if token != nil {
					bearer = token(n*connections + i)
				}
				began := time.Now()
				status, body, err := file(client, url, random, bearer)
				switch {
				case err != nil:
					failure.Store(err)
					return
				case status != fasthttp.StatusCreated:
					if refused.Add(1) == 1 {
						failure.Store(fmt.Errorf("answer %d: %.300s", status, body))
					}
				default:
					taken[i] = append(taken[i], time.Since(began))
				}
			}
		})
	}
	all.Wait()
	elapsed := time.Since(started)
	latencies := slices.Concat(taken...)
	if len(latencies) == 0 {
		return Load{}, fmt.Errorf("no report went in: %v", failure.Load())
	}
	slices.Sort(latencies)
	return Load{
		Connections: connections, PerSecond: float64(len(latencies)) / elapsed.Seconds(), Refused: refused.Load(),
		P50: latencies[len(latencies)/2], P99: latencies[len(latencies)*99/100],
	}, nil
}

// file sends one report from somewhere in the demo city.
func file(client *fasthttp.Client, url string, random *rand.Rand, bearer string) (int, string, error) {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	request.SetRequestURI(url + "/api/v1/reports")
	request.Header.SetMethod(fasthttp.MethodPost)
	request.Header.SetContentType("application/json")
	request.Header.Set("Idempotency-Key", uuid.NewString())
	request.Header.Set("Installation-Id", uuid.NewString())
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	request.SetBodyString(fmt.Sprintf(
		`{"category":"den-duong","description":"Đèn đường không sáng từ %d ngày nay, đoạn trước nhà số %d, đi lại ban đêm rất nguy hiểm","location":{"lat":%.6f,"lon":%.6f,"accuracy_m":12,"source":"gps"},"attributes":{"owner":"do-thi"},"language":"vi"}`,
		1+random.IntN(9), random.IntN(400), 16.42+random.Float64()*0.08, 107.55+random.Float64()*0.08))
	if err := client.DoTimeout(request, response, 30*time.Second); err != nil {
		return 0, "", err
	}
	return response.StatusCode(), string(response.Body()), nil
}
