// SPDX-License-Identifier: Apache-2.0

package geo_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hientruong/geo"
)

const okGeometry = `{"type":"Polygon","coordinates":[[[107,16],[108,16],[108,17],[107,16]]]}`

func oneFeature(properties, geometry string) string {
	return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":` + properties + `,"geometry":` + geometry + `}]}`
}

func polygon(coordinates string) string {
	return oneFeature(`{"code":"1","name":"A"}`, `{"type":"Polygon","coordinates":`+coordinates+`}`)
}

func TestParseAreasReadsEverything(t *testing.T) {
	t.Parallel()
	text := oneFeature(`{"code":"00123","name":"Phường Cầu Mây","name_en":"Cau May Ward","kind":"phuong","aliases":["Bến Đò"],
		"valid_from":"2025-07-01","valid_to":"2026-04-30","people":412,"other":{"x":[1]}}`, okGeometry)
	areas, err := geo.ParseAreas(strings.NewReader(text+"\n"), geo.DefaultProperties())
	if err != nil {
		t.Fatal(err)
	}
	a := areas[0]
	if a.Code != "00123" || a.Name != "Phường Cầu Mây" || a.NameEN != "Cau May Ward" || a.Kind != "phuong" || a.People != 412 ||
		!cmp.Equal(a.Aliases, []string{"Bến Đò"}) || a.ValidFrom.Format(time.DateOnly) != "2025-07-01" || a.ValidTo.Format(time.DateOnly) != "2026-04-30" {
		t.Errorf("%+v", a)
	}
	if a.Bounds() != (geo.Bounds{MinLon: 107, MinLat: 16, MaxLon: 108, MaxLat: 17}) {
		t.Errorf("bounds %v", a.Bounds())
	}
	var out bytes.Buffer
	if err := geo.WriteAreas(&out, areas); err != nil {
		t.Fatal(err)
	}
	again, err := geo.ParseAreas(&out, geo.DefaultProperties())
	if diff := cmp.Diff(areas, again); err != nil || diff != "" {
		t.Errorf("read back: %v\n%s", err, diff)
	}
}

func TestParseAreasSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"not GeoJSON":                   `{"type":`,
		"something follows":             polygon(`[[[107,16],[108,16],[108,17],[107,16]]]`) + "{}",
		`type is "Feature"`:             `{"type":"Feature"}`,
		"there are no features":         `{"type":"FeatureCollection","features":[]}`,
		"crs names another system":      `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3405"}},"features":[{}]}`,
		"feature 0: not a Feature":      `{"type":"FeatureCollection","features":[null]}`,
		`property "code": is missing`:   oneFeature(`{"name":"A"}`, okGeometry),
		`property "code": is not text`:  oneFeature(`{"code":1.5,"name":"A"}`, okGeometry),
		`property "name": is empty`:     oneFeature(`{"code":"1","name":" "}`, okGeometry),
		`property "valid_from": is not`: oneFeature(`{"code":"1","name":"A","valid_from":"1.7.2025"}`, okGeometry),
		`"valid_to": is not after`:      oneFeature(`{"code":"1","name":"A","valid_from":"2025-07-01","valid_to":"2025-07-01"}`, okGeometry),
		`"aliases": is not a list`:      oneFeature(`{"code":"1","name":"A","aliases":"B"}`, okGeometry),
		`"people": is not a whole`:      oneFeature(`{"code":"1","name":"A","people":-1}`, okGeometry),
		`geometry of "1": is missing`:   oneFeature(`{"code":"1","name":"A"}`, `null`),
		`type is "Point"`:               oneFeature(`{"code":"1","name":"A"}`, `{"type":"Point","coordinates":[1,2]}`),
		"cannot be read":                polygon(`[[["107",16]]]`),
		"polygon 0 has no ring":         polygon(`[]`),
		"has no polygon":                oneFeature(`{"code":"1","name":"A"}`, `{"type":"MultiPolygon","coordinates":[]}`),
		"fewer than two numbers":        polygon(`[[[107],[108,16],[108,17],[107,16]]]`),
		"want at least 4":               polygon(`[[[107,16],[108,16],[107,16]]]`),
		"is not closed":                 polygon(`[[[107,16],[108,16],[108,17],[107,17]]]`),
		"encloses nothing":              polygon(`[[[107,16],[108,16],[107,16],[107,16]]]`),
		"puts the longitude first":      polygon(`[[[16,107],[16,108],[17,108],[16,107]]]`),
		"convert metres":                polygon(`[[[563120,1821345],[1,1],[1,2],[1,1]]]`),
		"already the code of feature 0": `{"type":"FeatureCollection","features":[` +
			`{"type":"Feature","properties":{"code":"1","name":"A"},"geometry":` + okGeometry + `},` +
			`{"type":"Feature","properties":{"code":"1","name":"B"},"geometry":` + okGeometry + `}]}`,
	} {
		areas, err := geo.ParseAreas(strings.NewReader(text), geo.DefaultProperties())
		if err == nil || !strings.Contains(err.Error(), want) || areas != nil {
			t.Errorf("want %q, got %v", want, err)
		}
		var fault *geo.AreaError
		if want != "not GeoJSON" && !errors.As(err, &fault) {
			t.Errorf("%q is not an AreaError: %T", want, err)
		}
	}
}

func TestHueWards(t *testing.T) {
	t.Parallel()
	areas := hueWards(t)
	kinds, vertices := map[string]int{}, 0
	for _, a := range areas {
		kinds[a.Kind]++
		for _, p := range a.Shape {
			for _, r := range p {
				vertices += len(r)
			}
		}
	}
	if len(areas) != 40 || kinds["phuong"] != 21 || kinds["xa"] != 19 || vertices != 129_965 {
		t.Errorf("%d areas, %v, %d vertices", len(areas), kinds, vertices)
	}
}

// hostileFiles is the bad GeoJSON of an independent linter, and the good.
func hostileFiles(tb testing.TB) map[string][]byte {
	tb.Helper()
	files := map[string][]byte{}
	for _, folder := range []string{"bad", "good"} {
		names, err := filepath.Glob(filepath.Join(shared, "hostile/geojsonhint", folder, "*.geojson"))
		if err != nil {
			tb.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				tb.Fatal(err)
			}
			files[folder+"/"+filepath.Base(name)] = raw
		}
	}
	return files
}

// None of those files is a file of areas with codes, so every one is refused,
// and each time with a reason.
func TestHostileGeoJSONIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(shared); os.IsNotExist(err) {
		t.Skipf("%s is not here", shared)
	}
	files := hostileFiles(t)
	for name, raw := range files {
		areas, err := geo.ParseAreas(bytes.NewReader(raw), geo.DefaultProperties())
		if err == nil || len(areas) > 0 || !strings.HasPrefix(err.Error(), "geo: areas: ") {
			t.Errorf("%s: %d areas, %v", name, len(areas), err)
		}
	}
	t.Logf("%d files", len(files))
	if len(files) < 40 {
		t.Errorf("only %d files were tried", len(files))
	}
}

func FuzzParseAreas(f *testing.F) {
	for _, raw := range hostileFiles(f) {
		f.Add(raw)
	}
	f.Add([]byte(oneFeature(`{"code":"1","name":"A","valid_from":"2025-07-01"}`, okGeometry)))
	f.Add([]byte(polygon(`[[[107,16],[108,16],[108,17],[107,16]],[[107.1,16.05],[107.2,16.05],[107.2,16.1],[107.1,16.05]]]`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		areas, err := geo.ParseAreas(bytes.NewReader(raw), geo.DefaultProperties())
		if err != nil {
			return
		}
		index := geo.NewAreas(areas)
		if index.Bounds().Validate() != nil {
			t.Fatalf("bounds %v", index.Bounds())
		}
		for _, a := range areas {
			v := a.Shape[0][0][0]
			if _, ok := index.Find(mustPoint(t, v[1], v[0])); !ok {
				t.Fatalf("vertex %v of %q is nowhere", v, a.Code)
			}
		}
		var out bytes.Buffer
		if err := geo.WriteAreas(&out, areas); err != nil {
			t.Fatal(err)
		}
		again, err := geo.ParseAreas(&out, geo.DefaultProperties())
		if diff := cmp.Diff(areas, again); err != nil || diff != "" {
			t.Fatalf("read back: %v\n%s", err, diff)
		}
	})
}
