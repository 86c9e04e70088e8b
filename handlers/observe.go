// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"hientruong/models"
)

// gauges count requests by route pattern: a path holds ids and codes.
type gauges struct {
	seconds *prometheus.HistogramVec
	panics  prometheus.Counter
}

func newGauges(r prometheus.Registerer) *gauges {
	g := &gauges{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hientruong_http_request_seconds", Help: "Time to answer, by route pattern.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"method", "route", "status"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "hientruong_http_panics_total", Help: "Requests that ended in a panic."}),
	}
	if r != nil {
		r.MustRegister(g.seconds, g.panics)
	}
	return g
}

// observe counts a request and writes its line: no path, no address, nothing personal.
func (s *Server) observe(f *fiber.Ctx, c *call) {
	status, took := f.Response().StatusCode(), s.config.Now().Sub(c.started)
	route := routeOf(f, status)
	method := f.Method()
	s.gauges.seconds.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	ctx := f.UserContext()
	if s.logger.Enabled(ctx, level) {
		s.logger.LogAttrs(ctx, level, "request", slog.String("method", method), slog.String("route", route), slog.Int("status", status),
			slog.Float64("ms", float64(took.Microseconds())/1000), slog.String("request_id", c.id), slog.String("actor", string(c.actor.Kind)))
	}
	if s.logger.Enabled(ctx, slog.LevelDebug) {
		s.logger.LogAttrs(ctx, slog.LevelDebug, "request from", slog.String("request_id", c.id), slog.String("address", f.IP()))
	}
}

// routeOf is the pattern of the route that answered. Where none did, Fiber names the
// middleware it ended in.
func routeOf(f *fiber.Ctx, status int) string {
	pattern := f.Route().Path
	if pattern == "/" && f.Path() != "/" || pattern == "" {
		if status == http.StatusMethodNotAllowed {
			return "wrong method"
		}
		return "unmatched"
	}
	return pattern
}

// panicked logs a panic with its stack, which stays here.
func (s *Server) panicked(c *call, p any) error {
	s.gauges.panics.Inc()
	s.logger.Error("panic", "request_id", c.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return models.E(models.CodeInternal)
}
