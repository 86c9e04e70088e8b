// SPDX-License-Identifier: Apache-2.0

package packs_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"hientruong/packs"
	"hientruong/workflow/pack"
)

const twoWards = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"00001","name":"Phường Một"},"geometry":{"type":"Polygon","coordinates":[[[107,16],[107.1,16],[107.1,16.1],[107,16.1],[107,16]]]}},
{"type":"Feature","properties":{"code":"00002","name":"Phường Một","name_en":"Ward One, again"},"geometry":{"type":"Polygon","coordinates":[[[107.1,16],[107.2,16],[107.2,16.1],[107.1,16.1],[107.1,16]]]}}]}`

// A new city's pack is sound before anybody has changed a line of it, and nothing of the demo city is in it.
func TestScaffoldChecksClean(t *testing.T) {
	t.Parallel()
	cities := map[string]packs.City{"two wards of one name": {ID: "moi", Name: `Thành phố "Mới": $1`, Prefix: "MOI", Areas: []byte(twoWards)}}
	switch wards, err := os.ReadFile("../../shared/data/boundaries/hue/hue_wards.geojson"); {
	case err == nil:
		cities["Huế"] = packs.City{ID: "hue", Name: "Thành phố Huế", NameEN: "Hue City", Prefix: "HUE", Areas: wards}
	case errors.Is(err, fs.ErrNotExist):
		t.Log("shared/data is not here: no pack is made of Huế's wards")
	default:
		t.Fatal(err)
	}
	for name, city := range cities {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, err := packs.Scaffold(city)
			if err != nil {
				t.Fatal(err)
			}
			in := fstest.MapFS{}
			for file, data := range files {
				in[file] = &fstest.MapFile{Data: data}
				for _, demo := range []string{"Sông Mây", "Song May", "DEMO", "Cầu Mây", "cau-may"} {
					if strings.Contains(string(data), demo) {
						t.Errorf("%s still says %q", file, demo)
					}
				}
			}
			p, faults := pack.Parse(in)
			if err := faults.Err(); err != nil {
				t.Fatal(err)
			}
			if err := pack.Check(p).Err(); err != nil {
				t.Error(err)
			}
			if got := p.Settings().Name.In("vi"); got != city.Name {
				t.Errorf("it is called %q", got)
			}
			for _, a := range p.Areas().All() {
				if _, ok := p.Ward(a.Code, a.ValidFrom); !ok {
					t.Errorf("area %s has no ward unit", a.Code)
				}
			}
		})
	}
}

func TestScaffoldRefusesWhatHasNoAreas(t *testing.T) {
	t.Parallel()
	for _, areas := range []string{"", "{}", `{"type":"FeatureCollection","features":[]}`} {
		if _, err := packs.Scaffold(packs.City{ID: "x", Name: "X", Prefix: "XX", Areas: []byte(areas)}); err == nil {
			t.Errorf("%q made a pack", areas)
		}
	}
}
