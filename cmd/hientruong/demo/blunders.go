// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// blunders are what phones and people get wrong, by the code that the server has for it.
var blunders = []struct {
	code string
	make func(submission map[string]any)
}{
	{"coordinates_swapped", func(s map[string]any) { s["location"] = map[string]any{"lat": 107.58, "lon": 16.46} }},
	{"coordinates_zero", func(s map[string]any) { s["location"] = map[string]any{"lat": 0, "lon": 0} }},
	{"crs_suspected", func(s map[string]any) { s["location"] = map[string]any{"lat": 1820000.5, "lon": 562000.5} }},
	{"unknown_category", func(s map[string]any) { s["category"], s["attributes"] = "ufo", nil }},
	{"too_long", func(s map[string]any) { s["description"] = strings.Repeat("rất dài ", 800) }},
	{"required", func(s map[string]any) { s["description"] = "  " }},
	{"attribute_missing", func(s map[string]any) { s["category"], s["attributes"] = "ho-so-tre", nil }},
	{"phone_invalid", func(s map[string]any) { s["reporter"] = map[string]string{"phone": "12345"} }},
}

// blunder sends what the server must refuse, and checks that it says why.
func (g *game) blunder(ctx context.Context, l *Life) {
	submission, wrong := l.submission(), pick(l.dice, blunders)
	delete(submission, "sos")
	if l.kind.SOS {
		submission["category"] = "o-ga"
	}
	wrong.make(submission)
	r, err := g.cast.as(ctx, g.cast.phone(l.who), http.MethodPost, "/api/v1/reports")
	if err == nil {
		r, err = r.withJSON(submission)
	}
	if err == nil {
		_, err = g.client.call(ctx, r, nil)
	}
	var refused *refusedError
	switch {
	case err == nil:
		g.summary.problem("a report was taken that should be refused as %s", wrong.code)
	case errors.As(err, &refused) && refused.code == wrong.code:
		g.summary.turnedAway(wrong.code)
	default:
		g.failed("instead of "+wrong.code, err)
	}
}
