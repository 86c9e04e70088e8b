// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hientruong/identity"
	"hientruong/models"
	"hientruong/words"
	"hientruong/workflow/pack"
)

// call is one request: who calls, for which jurisdiction, in which language.
type call struct {
	server       *Server
	id           string // of the request
	language     words.Language
	jurisdiction int32
	actor        models.Actor
	body         *body // nil without one, or where it was small and lies in the request
	started      time.Time
	from         netip.Addr // not for the log; zero where that cannot be said
}

type callKey struct{}

// callOf returns the call that ctx belongs to. Only what enter began has one.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// require refuses an actor who may not do an operation at all.
func (c *call) require(op models.Operation) error { return c.actor.Require(op) }

// packs returns the store of packs in use, and the call's current one with its number.
func (s *Server) packs(c *call) (*pack.Store, *pack.Pack, error) {
	store := s.config.Packs.Load()
	p, _ := store.Current(c.jurisdiction, s.config.Now())
	if p == nil {
		return nil, nil, models.E(models.CodeUnavailable).Retry(5 * time.Second)
	}
	return store, p, nil
}

// enter begins every request and ends it: its id, its deadline, its caller, its line in
// the log. A fault on the way is answered here, so that its status is known here.
func (s *Server) enter(f *fiber.Ctx) (err error) {
	c := &call{server: s, id: requestID(f.Get(fiber.HeaderXRequestID)), language: languageOf(f), started: s.config.Now()}
	c.from = s.proxies.caller(f)
	if stream := f.Context().RequestBodyStream(); stream != nil {
		c.body = &body{stream: stream}
	}
	f.Set(fiber.HeaderXRequestID, c.id)
	ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), callKey{}, c), s.deadline(f))
	defer cancel()
	f.SetUserContext(ctx)
	defer s.leave(f, c)
	if strings.HasPrefix(f.Path(), "/api/") || strings.HasPrefix(f.Path(), "/tiles/") {
		f.Set(fiber.HeaderCacheControl, "no-store")
		f.Vary(fiber.HeaderAuthorization, fiber.HeaderAcceptLanguage)
		if err := s.identify(f, c); err != nil {
			return s.render(f, err)
		}
	}
	if err := s.next(f, c); err != nil {
		return s.render(f, err)
	}
	return nil
}

// next runs the route. A panic is one request's, not the program's.
func (s *Server) next(f *fiber.Ctx, c *call) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = s.panicked(c, p)
		}
	}()
	return f.Next()
}

// leave empties the connection of what was not read, counts and logs.
func (s *Server) leave(f *fiber.Ctx, c *call) {
	if c.body != nil && !c.body.drain() {
		f.Context().SetConnectionClose()
	}
	s.observe(f, c)
}

// identify finds the jurisdiction and the caller. A token that is no good is refused:
// its holder would else be shown a guest's world without knowing why.
func (s *Server) identify(f *fiber.Ctx, c *call) error {
	j, err := s.places.find(f.UserContext(), string(f.Request().Host()), f.Query("jurisdiction_id"))
	if err != nil {
		return err
	}
	c.jurisdiction, c.actor = j, models.Guest(j)
	header := f.Get(fiber.HeaderAuthorization)
	if header == "" {
		return nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return models.E(models.CodeUnauthorized)
	}
	actor, err := s.config.Identity.Authenticate(f.UserContext(), j, strings.TrimSpace(token))
	if err != nil {
		return err
	}
	c.actor = actor
	if err := s.pace(f, actor); err != nil {
		return err
	}
	if f.Get(fiber.HeaderAcceptLanguage) == "" && actor.Language != "" {
		c.language = words.Language(actor.Language)
	}
	return nil
}

// pace bounds how often one device may call. Reports have lanes of their own, so that a
// call for rescue never waits for this one; staff and the demo's players are let through.
func (s *Server) pace(f *fiber.Ctx, a models.Actor) error {
	if a.IsStaff() || a.Demo || f.Method() == fiber.MethodPost && f.Path() == submitPath {
		return nil
	}
	return s.config.Identity.Limiter().Take(identity.LaneRequest, callerKey(a, ""))
}

// languageOf is the language to answer in. The two that are asked for most are not parsed.
func languageOf(f *fiber.Ctx) words.Language {
	switch asked := f.Get(fiber.HeaderAcceptLanguage); asked {
	case "", "vi":
		return words.Vietnamese
	case "en":
		return words.English
	default:
		return words.Match(asked)
	}
}

// maxRequestID is the longest id of a caller's own that is taken on.
const maxRequestID = 64

// requestID takes a caller's own id where it is harmless in a log, else makes one.
func requestID(given string) string {
	if len(given) < 8 || len(given) > maxRequestID || strings.IndexFunc(given, notInID) >= 0 {
		return newID().String()
	}
	return given
}

func notInID(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && r != '-' && r != '_' && r != '.'
}

// Deadlines bound how long a request may last.
type Deadlines struct {
	Read   time.Duration // what changes nothing; 0: 10 s
	Write  time.Duration // what does; 0: 20 s
	Upload time.Duration // what brings photos; 0: 120 s
}

func (d Deadlines) withDefaults() Deadlines {
	if d.Read == 0 {
		d.Read = 10 * time.Second
	}
	if d.Write == 0 {
		d.Write = 20 * time.Second
	}
	if d.Upload == 0 {
		d.Upload = 120 * time.Second
	}
	return d
}

func (s *Server) deadline(f *fiber.Ctx) time.Duration {
	switch {
	case f.Method() == fiber.MethodGet || f.Method() == fiber.MethodHead:
		return s.config.Deadlines.Read
	case strings.HasPrefix(f.Get(fiber.HeaderContentType), "multipart/"):
		return s.config.Deadlines.Upload
	default:
		return s.config.Deadlines.Write
	}
}

// render answers with a problem.
func (s *Server) render(f *fiber.Ctx, err error) error {
	c := callOf(f.UserContext())
	if c == nil { // what fasthttp could not parse never entered
		c = &call{server: s, id: requestID(""), language: languageOf(f)}
		f.Set(fiber.HeaderXRequestID, c.id)
	}
	p := s.problem(c, err)
	for name, values := range p.GetHeaders() {
		f.Set(name, values[0])
	}
	f.Set(fiber.HeaderCacheControl, "no-store")
	if err := f.Status(p.Status).JSON(p); err != nil {
		return err
	}
	f.Set(fiber.HeaderContentType, problemType)
	return nil
}

// etagOf is the entity tag of a version, as If-Match sends it back.
func etagOf(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }
