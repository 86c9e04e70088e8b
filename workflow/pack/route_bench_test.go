// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// largePack is the demo city with as many rules and wards as a large province writes: rules by category and ward, a
// good part of them with an owner, an hour or an urgency on top, and a last one for everything.
func largePack(tb testing.TB, rules, wards int) *pack.Pack {
	tb.Helper()
	files := demoMap(tb)
	var areas, units, routing strings.Builder
	areas.WriteString(`{"type":"FeatureCollection","features":[`)
	units.Write(files["units.yaml"].Data)
	for i := range wards {
		if i > 0 {
			areas.WriteString(",")
		}
		x, y := 107+0.01*float64(i%20), 16+0.01*float64(i/20)
		fmt.Fprintf(&areas, `{"type":"Feature","properties":{"code":"8%04d","name":"Xã %d","kind":"xa"},"geometry":{"type":"Polygon","coordinates":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]}}`,
			i, i, x, y, x+0.01, y, x+0.01, y+0.01, x, y+0.01, x, y)
		fmt.Fprintf(&units, "  - {code: xa-%04d, kind: ward, parent: ubnd, areas: [\"8%04d\"], name: {vi: Xã, en: Commune}}\n", i, i)
	}
	areas.WriteString("]}")
	routing.WriteString("rules:\n")
	categories := []string{"o-ga", "den-duong", "bien-bao", "un-tac", "rac-ton-dong", "mat-nuoc", "tieng-on", "cay-gay-do"}
	extra := []string{"", ` && report.attributes["owner"] == "quoc-lo"`, " && now.hour >= 22", " && report.urgent"}
	for i := range rules - 1 {
		fmt.Fprintf(&routing, "  - {when: 'category.code == %q && area.code in [%q, %q]%s', lead: chieu-sang, why: {vi: Quy tắc, en: Rule}}\n",
			categories[i%len(categories)], fmt.Sprintf("8%04d", i%wards), fmt.Sprintf("8%04d", (i*7)%wards), extra[i%len(extra)])
	}
	routing.WriteString("  - {when: \"true\", lead: so-xay-dung, why: {vi: Còn lại, en: The rest}}\n")
	files["areas.geojson"] = &fstest.MapFile{Data: []byte(areas.String())}
	files["units.yaml"] = &fstest.MapFile{Data: []byte(units.String())}
	files["routing.yaml"] = &fstest.MapFile{Data: []byte(routing.String())}
	p, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		tb.Fatal(err)
	}
	return p
}

// BenchmarkRouteLarge routes where every one of 500 rules must be tried.
func BenchmarkRouteLarge(b *testing.B) {
	p := largePack(b, 500, 200)
	in := pack.Input{Category: "den-duong", Area: pack.AreaInput{Code: "80199", Kind: "xa"}, Now: noon}
	in.Report.Attributes = map[string]string{"owner": "do-thi"}
	in.Report.Set(models.UrgencyNormal)
	b.ReportAllocs()
	for b.Loop() {
		if got := p.Route(in); got.Rule != 500 {
			b.Fatalf("rule %d", got.Rule)
		}
	}
}
