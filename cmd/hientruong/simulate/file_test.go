// SPDX-License-Identifier: Apache-2.0

package simulate_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"hientruong/cmd/hientruong/simulate"
	"hientruong/packs"
	"hientruong/workflow/pack"
	simulation "hientruong/workflow/simulate"
)

// file is a CSV of reports of November 2026.
func file(text string) *simulate.File {
	return &simulate.File{
		CSV: strings.NewReader(text), Size: int64(len(text)), Zone: time.FixedZone("", 7*3600), Since: weekend.AddDate(0, 0, -30), Until: weekend,
	}
}

// read reads all of a source.
func read(ctx context.Context, f *simulate.File) ([]simulation.Report, error) {
	var all []simulation.Report
	err := f.Read(ctx, func(page simulate.Page, _ float64) error {
		some, err := page()
		all = append(all, some...)
		return err
	})
	return all, err
}

func TestFile(t *testing.T) {
	t.Parallel()
	f := file("\ufeffid,created_at,category,lat,lon,urgent,lead,resolved_at,attr.owner,description,other\n" +
		"1,2026-11-02 08:00:00,Pothole,16.46,107.56,true,so-xay-dung,2026-11-03T08:00:00+07:00,quoc-lo,\"Sâu,\nto\",x\n" +
		"2,2026-31-12,Pothole,16.46,107.56,,,,,,\n" +
		"3,2026-11-02 08:00:00,Pothole,north,107.56,,,,,,\n" +
		"4,2026-11-02 08:00:00,,16.46,107.56,,,,,,\n" +
		"5,2026-11-02 08:00:00,Pothole,16.46,,,,,,,\n" +
		"6,2026-11-02 08:00:00,Pothole\n" +
		"7,2026-11-02 08:00:00,Pothole,16.46,107.56,,,2026-11-01 08:00:00,,,\n" +
		"8,2025-11-02 08:00:00,Pothole,16.46,107.56,,,,,,\n" +
		"9,2026-11-02T08:00:00Z,den-duong,16.46,107.56,,,,,,\n")
	f.Map = map[string]string{"Pothole": "o-ga"}
	reports, err := read(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) != 2 || reports[0].Form.Category != "o-ga" || reports[1].Form.Category != "den-duong" || reports[0].ID == reports[1].ID {
		t.Fatalf("%+v", reports)
	}
	r := reports[0]
	eight := time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
	if !r.At.Equal(eight) || !r.Answered.Equal(eight.Add(24*time.Hour)) || !r.Form.Urgent || r.Lead != "so-xay-dung" || !r.Brief ||
		r.Form.Attributes["owner"] != "quoc-lo" || r.Form.Description != "Sâu,\nto" || *r.Form.Lat != 16.46 {
		t.Errorf("%+v", r)
	}
	want := simulation.Skipped{Lines: 6, Faults: []simulation.LineFault{
		{Line: 4, Text: `created_at: "2026-31-12" is not a time such as 2026-01-31 08:00, 31/01/2026 08:00 or 2026-01-31T08:00:00+07:00`},
		{Line: 5, Text: `lat: "north" are no degrees`},
		{Line: 6, Text: "category is empty"},
		{Line: 7, Text: "lat and lon go together"},
		{Line: 8, Text: "3 fields where the header has 11"},
		{Line: 9, Text: "resolved_at is before created_at"},
	}}
	if diff := cmp.Diff(want, f.Skipped()); diff != "" {
		t.Errorf("skipped (-expected +found):\n%s", diff)
	}
}

func TestFileWithoutItsColumns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "no header",
		"category,lat,lon\n":        `no column "opened"; the file has category, lat, lon`,
		"opened,lat,lon\n":          "no column category",
		"opened,category,lat\n":     "neither lat and lon nor area",
		"opened,category,area,area": "names area twice",
		"opened,created_at,area\nx": "names created_at twice",
	} {
		f := file(text)
		f.Columns = map[string]string{"created_at": "opened"}
		var header simulate.HeaderError
		if _, err := read(t.Context(), f); !errors.As(err, &header) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, expected %q", text, err, want)
		}
	}
}

// What spreadsheets of here write is read as it is meant.
func TestFileOfASpreadsheet(t *testing.T) {
	t.Parallel()
	text := "created_at;category;lat;lon;urgent;resolved_at\r\n" +
		"02/11/2026 08:00;Ổ gà, hố;16,46;107,56;có;2026-11-02 09:30\r\n" +
		"2/11/2026 8:00:30;o-ga;16.46;107.56;KHÔNG;\r\n" +
		"2026-11-02 08:00;o-ga;16.46;107.56;Yes;\r\n" +
		"11/25/2026 08:00;o-ga;16.46;107.56;;\r\n" +
		"2026-11-02 08:00;o-ga;16.46;107.56;maybe;\r\n"
	eight := time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
	for name, written := range map[string]string{
		"UTF-8": text, "UTF-8 with its mark": "\ufeff" + text, "tabs": strings.ReplaceAll(text, ";", "\t"),
		"UTF-16, the small end first": utf16Of(text, binary.LittleEndian), "UTF-16, the big end first": utf16Of(text, binary.BigEndian),
	} {
		f := file(written)
		f.Map = map[string]string{"Ổ gà, hố": "o-ga"}
		got, err := read(t.Context(), f)
		if err != nil || len(got) != 3 || !f.DayFirst() {
			t.Errorf("%s: %d reports, %v, %+v", name, len(got), err, f.Skipped())
			continue
		}
		for i, want := range []struct {
			at, answered time.Time
			urgent       bool
		}{{eight, eight.Add(90 * time.Minute), true}, {eight.Add(30 * time.Second), time.Time{}, false}, {eight, time.Time{}, true}} {
			r := got[i]
			if !r.At.Equal(want.at) || !r.Answered.Equal(want.answered) || r.Form.Urgent != want.urgent || r.Form.Category != "o-ga" || *r.Form.Lat != 16.46 {
				t.Errorf("%s, report %d: %+v", name, i+1, r)
			}
		}
		if s := f.Skipped(); s.Lines != 2 || !strings.Contains(s.Faults[0].Text, `"11/25/2026 08:00" is not a time`) || !strings.Contains(s.Faults[1].Text, `"maybe" is none of`) {
			t.Errorf("%s: %+v", name, s)
		}
	}
	f := file("created_at,category,area\n2026-11-02 08:00,o-ga,90001\n")
	if got, err := read(t.Context(), f); err != nil || len(got) != 1 || f.DayFirst() {
		t.Errorf("year first: %d reports, %v", len(got), err)
	}
}

// utf16Of is a text in UTF-16 behind its mark.
func utf16Of(text string, order binary.AppendByteOrder) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

func TestCheckColumns(t *testing.T) {
	t.Parallel()
	if err := simulate.CheckColumns(map[string]string{"created_at": "ngay", "attr.pole": "cot"}); err != nil {
		t.Error(err)
	}
	if err := simulate.CheckColumns(map[string]string{"ngay": "created_at"}); err == nil || !strings.Contains(err.Error(), `no column "ngay"; there are created_at, category, lat`) {
		t.Error(err)
	}
}

// Units that are called otherwise are compared once it is said which they are.
func TestRenamedUnits(t *testing.T) {
	t.Parallel()
	p := parse(t, packs.Demo())
	source := func() *simulate.File {
		return file("created_at,category,area,lead\n" + strings.Repeat("2026-11-02 08:00,den-duong,90001,Cty Chiếu sáng\n", 3))
	}
	var table bytes.Buffer
	if err := simulate.WriteTable(&table, run(t, p, source(), weekend.AddDate(0, 0, -30), weekend)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"none of the 3 recorded leads is a unit of the pack", "lateness: none answered, "} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, &table)
		}
	}
	if strings.Contains(table.String(), "go to another unit first") {
		t.Error(&table)
	}
	table.Reset()
	renamed := simulate.Renamed{Source: source(), Units: map[string]string{"Cty Chiếu sáng": "chieu-sang"}}
	r := run(t, p, renamed, weekend.AddDate(0, 0, -30), weekend)
	if err := simulate.WriteTable(&table, r); err != nil || r.Totals.Known != 3 || len(r.Gaps.Units) != 0 || !strings.Contains(table.String(), "0 go to another unit first") {
		t.Errorf("%+v, %v\n%s", r.Totals, err, &table)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	const many = 3000
	f := file("created_at,category,area\n" + strings.Repeat("x,y,z\n", many))
	if reports, err := read(t.Context(), f); err != nil || len(reports) != 0 {
		t.Errorf("%d reports, %v", len(reports), err)
	}
	if s := f.Skipped(); s.Lines != many || len(s.Faults) != 100 {
		t.Errorf("%d lines, %d faults", s.Lines, len(s.Faults))
	}
}

func TestReadMap(t *testing.T) {
	t.Parallel()
	got, err := simulate.ReadMap(strings.NewReader("from,to\nPothole, o-ga\n\"Light, street\",den-duong\nPothole,o-ga\n"))
	if diff := cmp.Diff(map[string]string{"Pothole": "o-ga", "Light, street": "den-duong"}, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, bad := range []string{"a,b,c\n", "a,b\na,c\n", "\"a\n"} {
		if got, err := simulate.ReadMap(strings.NewReader(bad)); err == nil {
			t.Errorf("%q: %v", bad, got)
		}
	}
}

// What fails ends the run, and nothing goes on behind it.
func TestRunEndsWithAFault(t *testing.T) {
	t.Parallel()
	sim := simulation.New(parse(t, packs.Demo()), nil, time.Time{}, weekend)
	broken := errors.New("broken")
	f := file("")
	f.CSV = io.MultiReader(strings.NewReader("created_at,category,area\n"+strings.Repeat("2026-11-02 08:00:00,o-ga,90001\n", 3000)), fails{broken})
	if _, err := simulate.Run(t.Context(), sim, f, func(float64, int) {}); !errors.Is(err, broken) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f = file("created_at,category,area\n" + strings.Repeat("2026-11-02 08:00:00,o-ga,90001\n", 3000))
	if _, err := simulate.Run(ctx, sim, f, func(float64, int) {}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

type fails struct{ err error }

func (f fails) Read([]byte) (int, error) { return 0, f.err }

func FuzzFile(f *testing.F) {
	f.Add("created_at,category,lat,lon\n2026-11-02 08:00:00,o-ga,16.46,107.56\n")
	f.Add("\ufeffcreated_at,category,area,attr.x\n2026-11-02T08:00:00Z,\"o\"\"ga\",90001,\"\n")
	f.Add("created_at,category,lat,lon\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		from := file(text)
		reports, err := read(t.Context(), from)
		if err != nil {
			return
		}
		if lines := strings.Count(text, "\n") + 1; len(reports)+from.Skipped().Lines > lines {
			t.Errorf("%d reports and %d faults of %d lines", len(reports), from.Skipped().Lines, lines)
		}
		for _, r := range reports {
			if r.At.IsZero() || r.Form.Category == "" || !r.Brief {
				t.Errorf("%+v", r)
			}
		}
	})
}

// Half a year of a real city: its requests lie in twelve made-up wards and fifteen years
// later, when the demo's units exist.
func TestBoston(t *testing.T) {
	t.Parallel()
	requests, types := boston(t)
	wards, box := strings.Builder{}, [4]float64{-71.20, 42.22, 0.22 / 3, 0.19 / 4}
	for i := range 12 {
		kind := "phuong"
		if i > 6 {
			kind = "xa"
		}
		x, y := box[0]+box[2]*float64(i%3), box[1]+box[3]*float64(i/3)
		fmt.Fprintf(&wards, `%s{"type":"Feature","properties":{"code":"900%02d","name":"W","kind":%q},"geometry":{"type":"Polygon","coordinates":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]}}`,
			strings.Repeat(",", min(i, 1)), i+1, kind, x, y, x+box[2], y, x+box[2], y+box[3], x, y+box[3], x, y)
	}
	p := parse(t, pack.WithAreas(packs.Demo(), []byte(`{"type":"FeatureCollection","features":[`+wards.String()+`]}`)))
	categories, err := simulate.ReadMap(strings.NewReader("from,to\nStreet Light Outages,den-duong\nRequest for Pothole Repair,o-ga\n" +
		"Pothole Repair (Internal),o-ga\nGraffiti Removal,quang-cao-sai\nTree Emergencies,cay-gay-do\nPick up Dead Animal,xac-dong-vat\n"))
	if err != nil {
		t.Fatal(err)
	}
	until := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	r := run(t, p, &simulate.File{
		CSV: bytes.NewReader(requests), Size: int64(len(requests)), Zone: p.Zone(), Map: categories, Until: until,
		Columns: map[string]string{"created_at": "open_dt", "category": "type", "lat": "latitude", "lon": "longitude", "resolved_at": "closed_dt"},
	}, time.Time{}, until)
	t.Logf("%+v %+v, %d lines skipped", r.Totals, r.Lateness, r.Skipped.Lines)
	all, known, unknown := 0, 0, 0
	for name, n := range types {
		all += n
		if categories[name] != "" {
			known += n
		}
	}
	for _, c := range r.Gaps.UnknownCategory {
		unknown += c.Reports
	}
	if all != 58251 || r.Totals.Reports+r.Skipped.Lines != all || r.Totals.Reports-unknown > known || r.Totals.Routed != r.Totals.Reports-unknown {
		t.Errorf("%d requests, %d of known types, %d of unknown: %+v", all, known, unknown, r.Totals)
	}
	if r.Lateness.Answered()+r.Lateness.OpenLate > r.Totals.Routed || r.Lateness.Answered() < r.Totals.Routed*8/10 || len(r.Gaps.Refused) > 0 {
		t.Errorf("%+v, %+v", r.Lateness, r.Gaps.Refused)
	}
}

// boston is the file of requests, moved on by fifteen years, and how many there are of each type.
func boston(t *testing.T) ([]byte, map[string]int) {
	t.Helper()
	archive, err := zip.OpenReader("../../../../shared/data/requests311/boston_311_2011.zip")
	if err != nil {
		t.Skip("real inputs are not here: ", err)
	}
	defer func() { _ = archive.Close() }()
	in, err := archive.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	lines := csv.NewReader(in)
	header, err := lines.Read()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range header {
		at[name] = i
	}
	types, out := map[string]int{}, bytes.Buffer{}
	w := csv.NewWriter(&out)
	_ = w.Write(header)
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range []string{"open_dt", "closed_dt"} {
			if opened, err := time.Parse(time.DateTime, line[at[column]]); err == nil {
				line[at[column]] = opened.AddDate(15, 0, 0).Format(time.DateTime)
			}
		}
		types[line[at["type"]]]++
		_ = w.Write(line)
	}
	w.Flush()
	return out.Bytes(), types
}
