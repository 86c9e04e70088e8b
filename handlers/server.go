// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
	"gorm.io/gorm"

	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/live"
	"hientruong/models"
	"hientruong/photos"
	"hientruong/words"
	"hientruong/workflow/pack"
)

// Doer is the ledger's way in.
type Doer interface {
	Do(ctx context.Context, intent models.Intent) (ledger.Outcome, error)
}

// Config is what a Server needs. DB, Ledger, Packs, Identity, Studio and Words must be set.
type Config struct {
	DB       *gorm.DB // for reads; callers who have just written read it too
	Ledger   Doer
	Packs    *pack.Holder
	Identity *identity.Service
	Studio   *photos.Studio
	Words    *words.Catalogue

	Live           *live.Hub            // nil: there are no streams
	Logger         *slog.Logger         // nil: nothing is logged
	Metrics        *prometheus.Registry // nil: /metrics is empty
	Web            fs.FS                // the built pages; nil: none
	PublicURL      string               // where the world reaches the server, without a slash at the end
	TrustedProxies []string             // addresses or ranges whose X-Forwarded-For is believed
	MetricsToken   string               // who may read /metrics; "": callers on this machine
	Ready          func(ctx context.Context) error
	Demo           *Demo // nil: this is no demo
	HealthOnly     bool  // nothing but health and figures: a process that only works
	Now            func() time.Time
	Deadlines      Deadlines
}

// Demo is what the demo's phone page may see, and nobody else.
type Demo struct {
	Codes    func() []identity.SentCode    // newest first
	Accounts func() ([]DemoAccount, error) // log-ins made on this machine
}

// DemoAccount is a log-in of the demo.
type DemoAccount struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Unit     string `json:"unit"`
	Name     string `json:"name"`
}

// Server answers HTTP. It is safe for concurrent use.
type Server struct {
	config  Config
	logger  *slog.Logger
	app     *fiber.App
	api     huma.API
	places  *places
	proxies proxies
	gauges  *gauges
	pages   *pages
}

// New makes a Server; Serve starts it. It fails when a required part is missing, a trusted
// proxy is no address, or the pages cannot be read.
func New(config Config) (*Server, error) {
	if config.DB == nil || config.Ledger == nil || config.Packs == nil || config.Identity == nil || config.Studio == nil || config.Words == nil {
		return nil, errors.New("handlers: DB, Ledger, Packs, Identity, Studio and Words must be set")
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Metrics == nil {
		config.Metrics = prometheus.NewRegistry()
	}
	config.Deadlines = config.Deadlines.withDefaults()
	s := &Server{
		config: config, logger: config.Logger, places: &places{db: config.DB, now: config.Now}, gauges: newGauges(config.Metrics),
	}
	var err error
	if s.proxies, err = parseProxies(config.TrustedProxies); err != nil {
		return nil, err
	}
	if s.pages, err = readPages(config.Web); err != nil {
		return nil, err
	}
	s.app = fiber.New(s.fiberConfig())
	s.app.Use(s.secure, s.enter)
	s.api = newAPI(s.app, config.PublicURL)
	s.routes()
	s.app.Server().Handler = s.knownMethods(s.app.Handler())
	return s, nil
}

// routes lists every noun of the API.
func (s *Server) routes() {
	s.healthRoutes()
	if s.config.HealthOnly {
		return
	}
	s.pageRoutes()
	s.submitRoutes()
	s.photoRoutes()
	s.authRoutes()
	s.meRoutes()
	s.deviceRoutes()
	s.reportReadRoutes()
	s.trackRoutes()
	s.trackActionRoutes()
	s.actionRoutes()
	s.claimRoutes()
	s.contactRoutes()
	s.talkRoutes()
	s.taskRoutes()
	s.followRoutes()
	s.textRoutes()
	s.templateRoutes()
	s.inboxRoutes()
	s.changesRoutes()
	s.liveRoutes()
	s.tileRoutes()
	s.configRoutes()
	s.adminRoutes()
	s.routingRoutes()
	s.packRoutes()
	s.decisionRoutes()
	s.handoverRoutes()
	s.demoRoutes()
	s.finishDocument()
}

func (s *Server) fiberConfig() fiber.Config {
	return fiber.Config{
		DisableStartupMessage: true, Immutable: true, CaseSensitive: true,
		StreamRequestBody: true, DisablePreParseMultipartForm: true,
		// What is longer is streamed and counted by who reads it.
		BodyLimit: maxBody, ReadBufferSize: 16 << 10,
		ReadTimeout: s.config.Deadlines.Upload, IdleTimeout: time.Minute,
		EnableTrustedProxyCheck: true, TrustedProxies: s.config.TrustedProxies, ProxyHeader: fiber.HeaderXForwardedFor, EnableIPValidation: true,
		ErrorHandler: s.render,
	}
}

// Serve answers on a listener until Shutdown is called, and then returns nil.
func (s *Server) Serve(listener net.Listener) error { return s.app.Listener(listener) }

// Shutdown takes no more requests and waits for those under way, until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return s.app.ShutdownWithContext(ctx) }

// OpenAPI returns the OpenAPI 3.1 document, as JSON.
func (s *Server) OpenAPI() ([]byte, error) { return s.api.OpenAPI().MarshalJSON() }

// knownMethods answers methods that are none: Fiber would do so before any of its handlers.
func (s *Server) knownMethods(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, string(ctx.Method())) {
			next(ctx)
			return
		}
		f := s.app.AcquireCtx(ctx)
		defer s.app.ReleaseCtx(f)
		ctx.SetConnectionClose() // its body is not read
		if err := s.render(f, models.E(models.CodeMethodNotAllowed)); err != nil {
			s.logger.Warn("an answer could not be written", "error", err)
		}
	}
}

// secure sets the headers that every answer has.
func (s *Server) secure(f *fiber.Ctx) error {
	f.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	f.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	f.Set(fiber.HeaderXFrameOptions, "DENY")
	return f.Next()
}
