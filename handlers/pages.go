// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"hientruong/models"
)

// pages are the built files, held in memory: they are few and small.
type pages struct {
	files  map[string][]byte // by path, such as "assets/demo-1a2b.js"
	packed map[string][]byte // the same in gzip, of those that get smaller by it
}

// readPages reads the build. Without one there is nothing but the placeholder.
func readPages(web fs.FS) (*pages, error) {
	p := &pages{files: map[string][]byte{}, packed: map[string][]byte{}}
	if web == nil {
		return p, nil
	}
	err := fs.WalkDir(web, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(web, name)
		if err != nil {
			return err
		}
		p.files[name] = content
		if packed := fasthttp.AppendGzipBytesLevel(nil, content, fasthttp.CompressBestCompression); len(packed) < len(content)*9/10 {
			p.packed[name] = packed
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("handlers: pages: %w", err)
	}
	return p, nil
}

// pagePolicy lets a page load what came with it, and nothing else.
const pagePolicy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func (s *Server) pageRoutes() {
	s.app.Get("/", s.home)
	s.app.Get("/docs", s.page("docs.html"))
	s.app.Get("/console", s.page("console.html"))
	s.app.Get("/assets/*", s.asset)
	if s.config.Demo != nil {
		s.app.Get("/demo", s.page("demo.html"))
		s.app.Get("/demo/*", s.page("demo.html"))
	}
}

// page serves a page of the build, or the placeholder that says how to build it.
func (s *Server) page(name string) fiber.Handler {
	content, ok := s.pages.files[name]
	if !ok {
		content = s.pages.files["placeholder.html"]
	}
	return func(f *fiber.Ctx) error {
		if content == nil {
			return models.E(models.CodeNotFound)
		}
		return sendPage(f, content)
	}
}

func sendPage(f *fiber.Ctx, content []byte) error {
	f.Set(fiber.HeaderContentSecurityPolicy, pagePolicy)
	f.Set(fiber.HeaderCacheControl, "no-cache")
	f.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return f.Send(content)
}

// asset serves what a page loads. Its name has a hash in it, so that it never changes.
func (s *Server) asset(f *fiber.Ctx) error {
	name := "assets/" + f.Params("*")
	content, ok := s.pages.files[name]
	if !ok {
		return models.E(models.CodeNotFound)
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = fiber.MIMEOctetStream
	}
	f.Set(fiber.HeaderContentType, kind)
	f.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	if packed, ok := s.pages.packed[name]; ok {
		f.Vary(fiber.HeaderAcceptEncoding)
		if takesGzip(f.Get(fiber.HeaderAcceptEncoding)) {
			f.Set(fiber.HeaderContentEncoding, gzipped)
			content = packed
		}
	}
	return f.Send(content)
}

// home is where somebody who typed the address arrives.
func (s *Server) home(f *fiber.Ctx) error {
	if s.config.Demo != nil {
		return f.Redirect("/demo")
	}
	var names []string
	store := s.config.Packs.Load()
	for _, j := range store.Jurisdictions() {
		if p, _ := store.Current(j, s.config.Now()); p != nil {
			names = append(names, html.EscapeString(p.Settings().Name.In(string(languageOf(f)))))
		}
	}
	return sendPage(f, fmt.Appendf(nil, homePage, strings.Join(names, ", ")))
}

const homePage = `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Hiện Trường</title></head>
<body><h1>Hiện Trường</h1><p>%s</p>
<ul><li><a href="/console">Bàn làm việc · Console</a></li><li><a href="/docs">Tài liệu API · API reference</a></li><li><a href="/openapi.json">OpenAPI 3.1</a></li><li><a href="/healthz">Tình trạng · Health</a></li></ul>
</body></html>
`
