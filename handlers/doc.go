// SPDX-License-Identifier: Apache-2.0

// Package handlers is the HTTP edge: it parses a request, makes one call below, and
// renders what came of it. It holds no SQL and no rule.
//
// A noun has one file, with its routes at the top in a function such as
//
//	func (s *Server) reportRoutes() {
//		register(s, get("/api/v1/reports/{id}", "report-get", "One report"), s.getReport)
//		register(s, post("/api/v1/reports/{id}/claim", "report-claim", "Take into hand"), s.claimReport)
//	}
//
// which New calls. A handler has the shape func(ctx, *Input) (*Output, error):
//
//   - callOf(ctx) is who calls: language, jurisdiction, actor, request id. The deadline
//     is set on ctx already. c.require(models.OpX) refuses who may not.
//   - Input embeds WithKey where the call is a POST that needs an Idempotency-Key, and
//     WithVersion where a step needs If-Match. tidy(&in.Body) cleans every string of a
//     body; key(mark) and version() read the headers.
//   - mark is s.mark(route, subject, body, photos...): what makes a second try of the
//     same key the same request. Its output embeds Repeated.
//   - s.packs(c) is the pack in force; s.config.Ledger.Do(ctx, intent) the one way in.
//   - Any error is returned as it is: a *models.Error becomes a problem document in the
//     caller's language with the status of its code, everything else a 500 that says
//     nothing and is logged with the request id. Locations of field errors begin with
//     "body.", "query.", "path." or "header.".
//   - Answers of /api/ are no-store unless the output sets Cache-Control.
//
// Routes that stream (reports with photos, photos in and out) are plain Fiber handlers
// that return their error as it is, and are documented with s.document. They read a body
// through callOf(ctx).body alone, which knows where it ends.
package handlers
