// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"hientruong/handlers"
)

func TestPages(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"demo.html": {Data: []byte("<p>demo")}, "docs.html": {Data: []byte("<p>docs")}, "console.html": {Data: []byte("<p>console")}, "placeholder.html": {Data: []byte("<p>build me")},
		"assets/demo-1a2b.js": {Data: []byte("1")},
	}
	w := newWorld(t, func(c *handlers.Config) { c.Web, c.Demo = files, &handlers.Demo{} })
	for _, sc := range []Scenario{
		{URL: "/", WantStatus: 302, WantHeaders: map[string]string{"Location": "/demo"}},
		{URL: "/demo", WantStatus: 200, WantBody: []string{"demo"}, WantHeaders: map[string]string{"Content-Security-Policy": "*", "Cache-Control": "no-cache", "X-Frame-Options": "DENY"}},
		{URL: "/docs", WantStatus: 200, WantBody: []string{"docs"}},
		{URL: "/console", WantStatus: 200, WantBody: []string{"console"}, WantHeaders: map[string]string{"Content-Security-Policy": "*", "Cache-Control": "no-cache"}},
		{URL: "/assets/demo-1a2b.js", WantStatus: 200, WantHeaders: map[string]string{"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}},
		{URL: "/assets/none.js", WantStatus: 404},
		{URL: "/assets/..%2fdemo.html", WantStatus: 404},
	} {
		response, body := w.send(http.MethodGet, sc.URL, nil, nil)
		sc.check(t, response, body)
		if sc.URL == "/assets/demo-1a2b.js" && !strings.Contains(response.Header.Get("Content-Type"), "javascript") {
			t.Errorf("a script of type %s", response.Header.Get("Content-Type"))
		}
	}
}

func TestPagesThatWereNotBuilt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *handlers.Config) {
		c.Web = fstest.MapFS{"placeholder.html": {Data: []byte("<p>build me")}}
	})
	for path, want := range map[string]Scenario{
		"/docs": {WantStatus: 200, WantBody: []string{"build me"}},
		"/demo": {WantStatus: 404}, // there is none outside the demo
	} {
		response, body := w.send(http.MethodGet, path, nil, nil)
		want.check(t, response, body)
	}
}
