// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"testing"

	"hientruong/packs"
	"hientruong/workflow/pack"
)

func TestZippedPackIsThePack(t *testing.T) {
	t.Parallel()
	want, err := readPack(packs.Demo())
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := zipPack(packs.Demo())
	if err != nil {
		t.Fatal(err)
	}
	got, err := unzipPack(zipped)
	if err != nil {
		t.Fatal(err)
	}
	if got.Digest() != want.Digest() {
		t.Errorf("digest %s, want %s", got.DigestHex(), want.DigestHex())
	}
	again, err := zipPack(packs.Demo())
	if err != nil || !bytes.Equal(zipped, again) {
		t.Errorf("the same files made other bytes (%v)", err)
	}
}

// The wards of a real province take the place of the demo's; routing then falls back to
// the city's departments, and nothing is left without a unit.
func TestPackTakesOtherAreas(t *testing.T) {
	t.Parallel()
	wards, err := os.ReadFile("../../../shared/data/boundaries/hue/hue_wards.geojson")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("real inputs are not here: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := readPack(pack.WithAreas(packs.Demo(), wards))
	if err != nil {
		t.Fatal(err)
	}
	if p.Areas().Len() != 40 {
		t.Errorf("%d areas, want 40", p.Areas().Len())
	}
}
