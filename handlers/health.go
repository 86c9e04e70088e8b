// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/valyala/fasthttp/fasthttpadaptor"

	"hientruong/models"
)

func (s *Server) healthRoutes() {
	s.app.Get("/healthz", healthy)
	s.app.Get("/readyz", s.ready)
	scrape := fasthttpadaptor.NewFastHTTPHandler(promhttp.HandlerFor(s.config.Metrics, promhttp.HandlerOpts{}))
	s.app.Get("/metrics", func(f *fiber.Ctx) error {
		if !s.mayScrape(f) {
			return models.E(models.CodeNotFound)
		}
		scrape(f.Context())
		return nil
	})
}

// healthy says that the process answers, and nothing of what it needs.
func healthy(f *fiber.Ctx) error {
	f.Set(fiber.HeaderCacheControl, "no-store")
	return f.JSON(fiber.Map{"status": "ok"})
}

// readyWithin is how long a check of what the program needs may take.
const readyWithin = 2 * time.Second

// ready says whether requests should come here: a pack is loaded, and what the program
// needs answers.
func (s *Server) ready(f *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(f.UserContext(), readyWithin)
	defer cancel()
	if len(s.config.Packs.Load().Jurisdictions()) == 0 {
		return models.E(models.CodeUnavailable).Retry(readyWithin)
	}
	if s.config.Ready != nil {
		if err := s.config.Ready(ctx); err != nil {
			return models.Wrap(models.CodeUnavailable, err).Retry(readyWithin)
		}
	}
	f.Set(fiber.HeaderCacheControl, "no-store")
	return f.JSON(fiber.Map{"status": "ready"})
}

// mayScrape lets the holder of the token read the figures, or, where none is set, who
// calls from this machine and not for somebody else.
func (s *Server) mayScrape(f *fiber.Ctx) bool {
	if s.config.MetricsToken == "" {
		return f.Context().RemoteIP().IsLoopback() && f.Get(fiber.HeaderXForwardedFor) == "" && f.Get("Forwarded") == ""
	}
	given := sha256.Sum256([]byte(strings.TrimPrefix(f.Get(fiber.HeaderAuthorization), "Bearer ")))
	want := sha256.Sum256([]byte(s.config.MetricsToken))
	return subtle.ConstantTimeCompare(given[:], want[:]) == 1
}
