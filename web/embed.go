// SPDX-License-Identifier: Apache-2.0

// Package web carries the built pages inside the program: the demo's phone and the
// API reference. Without a build it carries a placeholder only, so that Go builds
// where there is no Node.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS returns the built files, rooted at the build's folder: "demo.html", "docs.html",
// and "assets/…", whose names carry a hash of their content. Only "placeholder.html"
// is there when nothing was built.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // impossible: "dist" is a valid path
		return dist
	}
	return sub
}
