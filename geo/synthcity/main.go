// SPDX-License-Identifier: Apache-2.0

// Command synthcity draws the wards of the demo city: a made-up city at the
// place of Huế whose borders follow no real ones. It writes GeoJSON to standard
// output and always writes the same.
package main

import (
	"fmt"
	"os"

	"hientruong/geo"
)

//go:generate sh -c "go run . > ../../packs/demo/areas.geojson"

func main() {
	if err := geo.WriteAreas(os.Stdout, draw()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
