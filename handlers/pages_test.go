// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"compress/gzip"
	"io"
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

func TestPagesInGzip(t *testing.T) {
	t.Parallel()
	script := strings.Repeat("console.log(1);", 1000)
	files := fstest.MapFS{"assets/demo-1a2b.js": {Data: []byte(script)}, "assets/small.js": {Data: []byte("1")}}
	w := newWorld(t, func(c *handlers.Config) { c.Web = files })
	for _, test := range []struct{ path, accepts, encoding string }{
		{"/assets/demo-1a2b.js", "br, gzip", "gzip"},
		{"/assets/demo-1a2b.js", "gzip;q=0", ""},
		{"/assets/demo-1a2b.js", "identity", ""},
		{"/assets/small.js", "gzip", ""},
	} {
		response, body := w.send(http.MethodGet, test.path, map[string]string{"Accept-Encoding": test.accepts}, nil)
		if got := response.Header.Get("Content-Encoding"); got != test.encoding {
			t.Errorf("%s for who accepts %q: encoding %q, want %q", test.path, test.accepts, got, test.encoding)
		}
		if test.encoding == "" {
			if want := string(files[test.path[1:]].Data); body != want {
				t.Errorf("%s for who accepts %q: %d bytes, want %d", test.path, test.accepts, len(body), len(want))
			}
			continue
		}
		reader, err := gzip.NewReader(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(reader)
		if err != nil || string(plain) != script || len(body) > len(script)/10 || response.Header.Get("Vary") == "" {
			t.Errorf("in gzip: %d bytes in %d, %v, Vary %q", len(plain), len(body), err, response.Header.Get("Vary"))
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
