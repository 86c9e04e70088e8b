// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"hientruong/packs"
)

// packNewCommand begins the pack of another city.
type packNewCommand struct {
	Dir    string `arg:"" help:"The folder to make; it must not be there yet."`
	ID     string `required:"" help:"Code of the jurisdiction, such as hue."`
	Name   string `required:"" help:"Its name in Vietnamese."`
	NameEN string `name:"name-en" help:"Its name in English."`
	Prefix string `required:"" help:"What its reports' codes begin with: 2 to 6 capital letters, such as HUE."`
	Areas  string `required:"" help:"GeoJSON of its wards, with the code and name of each."`
}

// Run implements the command.
func (c packNewCommand) Run() error {
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
	for _, name := range slices.Sorted(maps.Keys(files)) {
		//nolint:gosec // a city's rules are for everybody to read
		if err := os.WriteFile(filepath.Join(c.Dir, name), files[name], 0o644); err != nil {
			return err
		}
	}
	p, err := readPack(os.DirFS(c.Dir))
	if err != nil {
		return exitCode{3, err}
	}
	fmt.Printf("%s: %d units, %d categories, %d areas. Now make it the city's own: docs/packs.md says how, and\n  hientruong pack check %s\ntells what is wrong.\n",
		c.Dir, len(p.Units()), len(p.Categories()), p.Areas().Len(), c.Dir)
	return nil
}
