// SPDX-License-Identifier: Apache-2.0

// Package packs carries the packs that come with the program.
package packs

import (
	"embed"
	"io/fs"
)

//go:embed demo
var files embed.FS

// Demo returns the files of the demo city.
func Demo() fs.FS {
	sub, err := fs.Sub(files, "demo")
	if err != nil { // impossible: "demo" is a valid path
		return files
	}
	return sub
}
