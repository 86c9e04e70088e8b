// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"hientruong/packs"
	"hientruong/workflow/pack"
)

// packNewCommand begins the pack of another city.
type packNewCommand struct {
	Dir    string `arg:"" help:"The folder to make; it must not be there yet."`
	ID     string `required:"" env:"-" help:"Code of the jurisdiction, such as hue."`
	Name   string `required:"" env:"-" help:"Its name in Vietnamese."`
	NameEN string `name:"name-en" env:"-" help:"Its name in English."`
	Prefix string `required:"" env:"-" help:"What its reports' codes begin with: 2 to 6 capital letters, such as HUE."`
	Areas  string `required:"" env:"-" help:"GeoJSON of its wards, with the code and name of each."`
}

// schemasFolder is where a new pack has the schemas that its files name for editors. What
// is in a folder is no part of a pack.
const schemasFolder = "schemas"

// Run implements the command.
func (c packNewCommand) Run() error {
	if !regexp.MustCompile(`^[A-Z]{2,6}$`).MatchString(c.Prefix) {
		return exitCode{2, fmt.Errorf("--prefix: %q is no prefix of codes: write 2 to 6 capital letters, such as HUE", c.Prefix)}
	}
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`).MatchString(c.ID) {
		return exitCode{2, fmt.Errorf("--id: %q is no code: write a-z, 0-9, - and _, such as hue", c.ID)}
	}
	areas, err := os.ReadFile(c.Areas)
	if err != nil {
		return exitCode{2, fmt.Errorf("--areas: %w", err)}
	}
	files, err := packs.Scaffold(packs.City{ID: c.ID, Name: c.Name, NameEN: c.NameEN, Prefix: c.Prefix, Areas: areas})
	if err != nil {
		return exitCode{2, fmt.Errorf("%s: %w", c.Areas, err)}
	}
	//nolint:gosec // a city's rules are for everybody to read
	if err := os.Mkdir(c.Dir, 0o755); errors.Is(err, fs.ErrExist) {
		return exitCode{2, fmt.Errorf("%s is there already; name a folder that is not", c.Dir)}
	} else if err != nil {
		return exitCode{2, err}
	}
	for name, text := range files {
		files[name] = bytes.Replace(text, []byte("$schema=../../docs/schemas/"), []byte("$schema="+schemasFolder+"/"), 1)
	}
	if err := errors.Join(writeAll(c.Dir, files, io.Discard), writeAll(filepath.Join(c.Dir, schemasFolder), pack.Schemas(), io.Discard)); err != nil {
		return err
	}
	p, err := readPack(os.DirFS(c.Dir))
	if err != nil {
		return exitCode{3, err}
	}
	fmt.Printf("%s: %d units, %d categories, %d areas. Now make it the city's own: docs/packs.md says how, and\n  hientruong pack check %s\ntells what is wrong.\n",
		c.Dir, len(p.Units()), len(p.Categories()), p.Areas().Len(), c.Dir)
	return nil
}
