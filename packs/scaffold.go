// SPDX-License-Identifier: Apache-2.0

package packs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"hientruong/geo"
	"hientruong/words"
)

// City is what a new city's pack begins with.
type City struct {
	ID     string // of the jurisdiction, such as "hue"
	Name   string // in Vietnamese
	NameEN string // in English, "" for the same
	Prefix string // of the reports' public codes, 2 to 6 capital letters
	Areas  []byte // GeoJSON of the wards: code and name of each
}

// Scaffold makes the files of a pack that checks clean from the demo city's: its workflows, categories, rules, words and calendars,
// its departments without their codes, and a ward unit for each area. What must be changed by hand is the city's own to know.
func Scaffold(c City) (map[string][]byte, error) {
	areas, err := geo.ParseAreas(bytes.NewReader(c.Areas), geo.DefaultProperties())
	if err != nil {
		return nil, err
	}
	if len(areas) == 0 {
		return nil, errors.New("packs: there is no area to make wards of")
	}
	files := map[string][]byte{"areas.geojson": c.Areas}
	demo := Demo()
	names, err := fs.Glob(demo, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if files[name], err = fs.ReadFile(demo, name); err != nil {
			return nil, err
		}
	}
	files["pack.yaml"] = c.settings(files["pack.yaml"])
	files["units.yaml"] = c.units(files["units.yaml"], areas)
	files["routing.yaml"] = routingFor(files["routing.yaml"], areas)
	return files, nil
}

// settings gives the demo's settings the city's name, and takes out what only the demo city has.
func (c City) settings(demo []byte) []byte {
	text := regexp.MustCompile(`(?m)^# (Thành phố Sông Mây|Xã xa).*\n|^remote:.*\n|^banner:\n(  .*\n)+`).ReplaceAllString(string(demo), "")
	for field, value := range map[string]string{"id": c.ID, "prefix": c.Prefix, "name": c.text("", "")} {
		text = regexp.MustCompile(`(?m)^`+field+`: .*$`).ReplaceAllLiteralString(text, field+": "+value)
	}
	return []byte(text)
}

// text is the city's name in both languages, as YAML, with something before it.
func (c City) text(vi, en string) string {
	english := c.NameEN
	if english == "" {
		english = c.Name
	}
	return fmt.Sprintf("{vi: %q, en: %q}", strings.TrimSpace(vi+" "+c.Name), strings.TrimSpace(en+" "+english))
}

var (
	agencyCode = regexp.MustCompile(` agency_code: [^,]+,`)
	validFrom  = regexp.MustCompile(` valid_from: [^,]+,`)
	rootName   = regexp.MustCompile(`(?m)^(  - \{code: ubnd,.* name: )\{.*\}\}$`)
	endedUnit  = regexp.MustCompile(`(?m)^.*valid_to:.*\n`)
	wardUnits  = regexp.MustCompile(`(?ms)^  # Phường, xã\n.*`)
)

// units are the demo's departments and utilities, and a ward unit for each area.
func (c City) units(demo []byte, areas []geo.Area) []byte {
	text := wardUnits.ReplaceAllString(string(demo), "")
	text = endedUnit.ReplaceAllString(text, "")
	text = agencyCode.ReplaceAllString(validFrom.ReplaceAllString(text, ""), "")
	text = rootName.ReplaceAllString(text, "${1}"+strings.ReplaceAll(c.text("Ủy ban nhân dân", "People's Committee of"), "$", "$$")+"}")
	var b strings.Builder
	b.WriteString(text)
	b.WriteString("  # Phường, xã\n")
	taken := map[string]bool{}
	for _, a := range areas {
		if !a.ValidTo.IsZero() {
			continue
		}
		english := a.NameEN
		if english == "" {
			english = a.Name
		}
		code := slug(a.Name)
		if code == "" || taken[code] {
			code = strings.Trim(code+"-"+a.Code, "-")
		}
		taken[code] = true
		fmt.Fprintf(&b, "  - {code: %s, kind: ward, parent: ubnd, areas: [%q], name: {vi: %q, en: %q}}\n",
			code, a.Code, "Ủy ban nhân dân "+a.Name, "People's Committee of "+english)
	}
	return []byte(b.String())
}

// slug is a name as a code: phuong-phu-xuan.
func slug(name string) string {
	return strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(words.Fold(name), "-"), "-")
}

// routingFor takes out the rules that ask for a kind of area that the city has not.
func routingFor(demo []byte, areas []geo.Area) []byte {
	kinds := map[string]bool{}
	for _, a := range areas {
		kinds[a.Kind] = true
	}
	asked := regexp.MustCompile(`area\.kind == "([^"]*)"`)
	var b strings.Builder
	for line := range strings.Lines(string(demo)) {
		if m := asked.FindStringSubmatch(line); m == nil || kinds[m[1]] {
			b.WriteString(line)
		}
	}
	return []byte(b.String())
}
