// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"hientruong/geo"
	"hientruong/ledger"
	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/relay"
)

// tile asks for a tile and reads it with another's decoder: features by layer.
func (c *cast) tile(who, path string) map[string][]*geojson.Feature {
	c.tb.Helper()
	a := c.call(who, http.MethodGet, path, nil).want(http.StatusOK)
	if kind := a.header.Get("Content-Type"); kind != "application/vnd.mapbox-vector-tile" {
		c.tb.Fatalf("%s is a %s", path, kind)
	}
	layers, err := mvt.Unmarshal([]byte(a.body))
	if err != nil {
		c.tb.Fatal(err)
	}
	out := map[string][]*geojson.Feature{}
	for _, l := range layers {
		out[l.Name] = l.Features
	}
	return out
}

// count brings the counts of cells up to date.
func (c *cast) counted() {
	c.tb.Helper()
	tail := ledger.NewTail(ledger.TailConfig{DB: c.db.Gorm, Reader: relay.Counters{}})
	for more := true; more; {
		more = must(tail.Step(c.tb.Context()))(c.tb)
	}
}

func pathOf(kind string, s *modelstest.Sample, z geo.Zoom, query string) string {
	cell := geo.Tile(*s.Report.Tile).At(z)
	return fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt%s", kind, cell.Z, cell.X, cell.Y, query)
}

// mapped is a world with a report that the public sees, one that it must not, and one that
// another unit supports.
func mapped(t *testing.T) (c *cast, open, secret, supported *modelstest.Sample) {
	t.Helper()
	c = newCast(t, []string{operator, unit, otherUnit, citizen})
	open = modelstest.Make(modelstest.Spec{State: "in_progress", Precision: models.PrecisionSnapped, Urgency: models.UrgencyUrgent})
	secret = modelstest.Make(modelstest.Spec{State: "submitted", Category: "ngap"})
	supported = modelstest.Make(modelstest.Spec{State: "published", Support: "cap-nuoc", Category: "nuoc-ban"})
	modelstest.Insert(t, c.db.Gorm, open, secret, supported)
	c.counted()
	return c, open, secret, supported
}

func TestTilesOfReports(t *testing.T) {
	t.Parallel()
	c, open, secret, supported := mapped(t)
	for who, want := range map[string]string{guest: "2 0 1 1 1", citizen: "2 0 1 1 1", operator: "3 1 1 1 1", unit: "2 0 1 1 1", otherUnit: "1 0 0 1 0"} {
		clusters := c.tile(who, pathOf("reports", open, 8, ""))["clusters"]
		if len(clusters) != 1 {
			t.Fatalf("%s: %d clusters", who, len(clusters))
		}
		p := clusters[0].Properties
		if got := fmt.Sprint(p["count"], p["received"], p["working"], p["answered"], p["urgent"]); got != want {
			t.Errorf("%s counts %s, want %s", who, got, want)
		}
	}
	seen := func(who, query string) string {
		ids := ""
		for _, f := range c.tile(who, pathOf("reports", open, 13, query))["reports"] {
			for name, s := range map[string]*modelstest.Sample{"open": open, "secret": secret, "supported": supported} {
				if f.Properties["id"] == s.Report.ID.String() {
					ids += name + " "
				}
			}
		}
		return ids
	}
	for query, want := range map[string]string{
		"?phase=received": "secret ", "?phase=working": "open ", "?state=published": "supported ", "?category=ngap": "secret ", "?urgent=true": "open ",
		"?overdue=true&phase=working": "open ", "?created_since=2027-01-01T00:00:00Z": "", "?created_until=2020-01-01T00:00:00Z": "", "?unit=chieu-sang&phase=answered": "supported ",
		"?unit=ubnd&phase=working": "open ", "?category=nope": "", "?view=public&phase=received": "",
	} {
		if got := seen(operator, query); got != want {
			t.Errorf("%s shows %q, want %q", query, got, want)
		}
	}
	if got := seen(guest, "?phase=received"); got != "" {
		t.Errorf("a guest sees %q", got)
	}
	group := must(demoPack())(t).Categories()
	for _, category := range group {
		if category.Code == "ngap" {
			if got := seen(operator, "?category="+url.QueryEscape(category.Group)+"&phase=received"); got != "secret " {
				t.Errorf("the group %s shows %q", category.Group, got)
			}
		}
	}
}

// What a single report says, and that the public is told the rounded place alone.
func TestTilesOfOneReport(t *testing.T) {
	t.Parallel()
	c, open, _, _ := mapped(t)
	want := map[string]any{"id": open.Report.ID.String(), "state": "in_progress", "phase": "working", "category": "den-duong", "urgent": true, "overdue": true}
	for who, tile := range map[string]int64{guest: *open.Report.PublicTile, operator: *open.Report.Tile} {
		cell := geo.Tile(tile).At(18)
		features := c.tile(who, fmt.Sprintf("/tiles/reports/18/%d/%d.mvt?phase=working", cell.X, cell.Y))["reports"]
		if len(features) != 1 {
			t.Fatalf("%s sees %d reports", who, len(features))
		}
		if fmt.Sprint(map[string]any(features[0].Properties)) != fmt.Sprint(want) {
			t.Errorf("%s is told %v, want %v", who, features[0].Properties, want)
		}
		at := geo.Tile(tile).In(cell)
		if features[0].Geometry != (orb.Point{float64(at.X), float64(at.Y)}) {
			t.Errorf("%s sees it at %v, want %v", who, features[0].Geometry, at)
		}
	}
	exact := geo.Tile(*open.Report.Tile).At(18)
	if geo.Tile(*open.Report.PublicTile).At(18) == exact {
		t.Fatal("the sample lies in the middle of its cell")
	}
	if got := c.tile(guest, fmt.Sprintf("/tiles/reports/18/%d/%d.mvt", exact.X, exact.Y))["reports"]; len(got) != 1 || got[0].Properties["id"] == open.Report.ID.String() {
		t.Errorf("the exact place shows %v", got)
	}
}

func TestTilesAreCachedAndPacked(t *testing.T) {
	t.Parallel()
	c, open, _, _ := mapped(t)
	path := pathOf("reports", open, 13, "")
	for who, cache := range map[string]string{guest: "public, max-age=10", operator: "private, max-age=5"} {
		first := c.call(who, http.MethodGet, path, nil)
		tag := first.header.Get("ETag")
		if got := first.header.Get("Cache-Control"); got != cache || !strings.HasPrefix(tag, `W/"`) || !strings.Contains(first.header.Get("Vary"), "Authorization") {
			t.Errorf("%s: cache %q, tag %q, vary %q", who, got, tag, first.header.Get("Vary"))
		}
		for _, sent := range []string{tag, `"x", ` + strings.TrimPrefix(tag, "W/"), "*"} {
			if again := c.call(who, http.MethodGet, path, nil, "If-None-Match", sent); again.status != http.StatusNotModified || again.body != "" || again.header.Get("ETag") != tag {
				t.Errorf("%s with %s: %d, %d bytes", who, sent, again.status, len(again.body))
			}
		}
	}
	base := pathOf("base", open, 9, "")
	plain := c.call(guest, http.MethodGet, base, nil, "Accept-Encoding", "gzip;q=0, br")
	packed := c.call(guest, http.MethodGet, base, nil, "Accept-Encoding", "br, gzip;q=0.5")
	reader, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil || packed.header.Get("Content-Encoding") != "gzip" || plain.header.Get("Content-Encoding") != "" {
		t.Fatalf("%v, packed as %q, plain as %q", err, packed.header.Get("Content-Encoding"), plain.header.Get("Content-Encoding"))
	}
	if unpacked := must(io.ReadAll(reader))(t); string(unpacked) != plain.body || len(packed.body) >= len(plain.body) {
		t.Errorf("%d bytes unpack to %d, plain %d", len(packed.body), len(unpacked), len(plain.body))
	}
	if empty := c.call(guest, http.MethodGet, "/tiles/reports/10/0/0.mvt", nil).want(http.StatusOK); empty.body != "" {
		t.Errorf("an empty tile has %d bytes", len(empty.body))
	}
}

func TestTilesOfAreasAndHeat(t *testing.T) {
	t.Parallel()
	c, open, _, _ := mapped(t)
	for who, want := range map[string]float64{guest: 2, operator: 3, otherUnit: 1} {
		sum := 0.0
		for _, f := range c.tile(who, pathOf("areas", open, 8, ""))["areas"] {
			if f.Properties["name"] == "" || f.Properties["id"] == "" || f.Geometry.GeoJSONType() != "Polygon" {
				t.Errorf("an area is %v", f)
			}
			sum += f.Properties["count"].(float64)
		}
		heat := 0.0
		for _, f := range c.tile(who, pathOf("heat", open, 8, ""))["heat"] {
			heat += f.Properties["count"].(float64)
		}
		if sum != want || heat != want {
			t.Errorf("%s: %v in the areas, %v in the heat, want %v", who, sum, heat, want)
		}
	}
}

// Every map has Vietnam's two archipelagos on it, in both languages, without a report.
func TestBaseTiles(t *testing.T) {
	t.Parallel()
	c := newCast(t, nil)
	base := c.tile(guest, "/tiles/base/0/0/0.mvt")
	names := ""
	for _, f := range base["labels"] {
		names += fmt.Sprint(f.Properties["name"], f.Properties["name_en"])
	}
	for _, name := range []string{"Quần đảo Hoàng Sa (Việt Nam)", "Quần đảo Trường Sa (Việt Nam)", "Hoang Sa Archipelago (Viet Nam)", "Truong Sa Archipelago (Viet Nam)"} {
		if !strings.Contains(names, name) {
			t.Errorf("%s is not on the map: %s", name, names)
		}
	}
	if len(base["archipelagos"]) == 0 || len(base["labels"]) != 2 {
		t.Errorf("archipelagos %v, labels %v", base["archipelagos"], base["labels"])
	}
	city := geo.TileOf(must(geo.NewPoint(16.46, 107.6))(t)).At(9)
	near := c.tile(guest, fmt.Sprintf("/tiles/base/9/%d/%d.mvt", city.X, city.Y))
	if len(near["land"]) == 0 || len(near["outline"]) != 1 {
		t.Errorf("land %d, outline %d", len(near["land"]), len(near["outline"]))
	}
	island := geo.TileOf(must(geo.NewPoint(16.53, 111.61))(t)).At(9)
	if far := c.tile(guest, fmt.Sprintf("/tiles/base/9/%d/%d.mvt", island.X, island.Y)); len(far["labels"]) == 0 {
		t.Error("the island of Hoàng Sa has no name")
	}
}

func TestTileJSON(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{operator})
	doc := c.call(operator, http.MethodGet, "/tiles/reports.json?phase=received&phase=working&urgent=true&category=ngap", nil).want(http.StatusOK)
	address, err := url.Parse(doc.text("tiles.0"))
	if err != nil || doc.text("tilejson") != "3.0.0" || doc.text("vector_layers.0.id") != "clusters" {
		t.Fatalf("%v: %s", err, doc.body)
	}
	query := address.Query()
	if len(query["phase"]) != 2 || query.Get("urgent") != "true" || query.Get("category") != "ngap" || !strings.HasPrefix(address.String(), c.url) {
		t.Errorf("the address is %s", address)
	}
	c.tile(operator, strings.NewReplacer("{z}", "3", "{x}", "6", "{y}", "3").Replace(strings.TrimPrefix(doc.text("tiles.0"), c.url)))
	for _, kind := range []string{"heat", "areas", "base"} {
		c.call(guest, http.MethodGet, "/tiles/"+kind+".json", nil).want(http.StatusOK, "/tiles/"+kind+"/{z}/{x}/{y}.mvt")
	}
}

// Whatever a stranger asks for, nothing is ever the server's fault.
func TestHostileTiles(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{unit})
	for _, kind := range []string{"reports", "heat", "areas", "base"} {
		for cell, want := range map[string]int{
			"0/0/0": 200, "22/0/0": 200, "1/2/0": 404, "1/0/2": 404, "-1/0/0": 422, "23/0/0": 422, "99/0/0": 422, "5/-1/0": 422, "a/b/c": 422,
			"3/99999999999999999999/1": 422, "3/1.5/1": 422, "12/4294967296/0": 404, "3/%00/1": 422, "3/1/1/1": 404,
		} {
			if got := c.call(guest, http.MethodGet, "/tiles/"+kind+"/"+cell+".mvt", nil); got.status != want {
				t.Errorf("%s/%s: %d, want %d: %s", kind, cell, got.status, want, got.body)
			}
		}
	}
	for query, want := range map[string]int{
		"phase=x": 422, "urgent=maybe": 422, "view=own": 422, "view=operations": 401, "created_since=yesterday": 422, "q=ngap": 422, "state=%00%ff": 200,
		"category=" + strings.Repeat("x", 5000): 200, "unit=' OR 1=1--": 200, "jurisdiction_id=99": 422, "created_since=0001-01-01T00:00:00Z": 200,
		"created_until=9999-12-31T23:59:59Z&overdue=false": 200, "category=" + uuid.NewString() + "&category=%F0%9F%92%A9": 200,
	} {
		query = strings.ReplaceAll(query, " ", "%20")
		if got := c.call(guest, http.MethodGet, "/tiles/reports/5/26/14.mvt?"+query, nil); got.status != want {
			t.Errorf("%.60s: %d, want %d: %s", query, got.status, want, got.body)
		}
	}
	c.call(unit, http.MethodGet, "/tiles/reports/5/26/14.mvt?view=operations", nil).want(http.StatusForbidden)
	c.call(guest, http.MethodGet, "/tiles/reports/14/13091/7437.mvt?q=ng%E1%BA%ADp", nil).want(http.StatusOK)
	c.call(guest, http.MethodGet, "/tiles/reports/5/26/14.mvt", nil, "Authorization", "Bearer hts_nonsense").want(http.StatusUnauthorized)
}
