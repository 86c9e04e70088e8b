// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"io"
	"strings"
	"text/template"
	"time"
)

var tilesPage = template.Must(template.New("tiles").Funcs(template.FuncMap{
	"ms":   func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) },
	"secs": func(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) },
	"kb":   func(n int) string { return fmt.Sprintf("%.1f KB", float64(n)/1024) },
	"ratio": func(theirs, ours time.Duration) string {
		if theirs == 0 || ours == 0 {
			return "–"
		}
		return fmt.Sprintf("%.1f×", float64(theirs)/float64(ours))
	},
	"what": func(single bool) string {
		if single {
			return "single"
		}
		return "clusters"
	},
	"growth": growth,
	"filter": func(s string) string {
		if s == "" {
			return "none"
		}
		return "`" + s + "`"
	},
}).Parse(strings.TrimPrefix(`
# Benchmarks of the map
Written by `+"`make bench-tiles`"+` on {{.Machine.Date}}, in one run on one machine. Nothing is cached between two requests: every tile is made anew from the database, which has had the time to read its pages.
Ours are timed over HTTP, as an operator gets them and not packed; PostGIS {{.PostGIS}} by SQL on an open connection, without a server in front of it.

Machine: {{.Machine.Processor}}, {{.Machine.Cores}} cores, {{printf "%.0f" .Machine.MemoryGB}} GB, Linux {{.Machine.Kernel}}, PostgreSQL {{.Machine.PostgreSQL}}, {{.Machine.Go}}.
{{$config := .Config}}{{range .Stocks}}
## {{.Reports}} reports stored, {{$config.Open}} of them open
Tiles of open reports: at each zoom the fullest and as many others, {{$config.Rounds}} times each. *The same* is what ours holds, made by ST_AsMVT: the same clusters, or the same single reports. *All* is every open
report of the tile, as pg_tileserv sends them.

| zoom | tiles | most reports | ours hold | ours p50 | ours p99 | the same p50 | ratio | all p50 | ratio | ours | all |
|---|---|---|---|---|---|---|---|---|---|---|---|
{{range .Zooms}}| {{.Zoom}} | {{.Tiles}} | {{.Most}} | {{what .Single}} | {{ms .Ours.P50}} | {{ms .Ours.P99}} | {{ms .Clusters.P50}} | {{ratio .Clusters.P50 .Ours.P50}} | {{ms .Points.P50}} | {{ratio .Points.P50 .Ours.P50}} | {{kb .Bytes}} | {{kb .AllBytes}} |
{{end}}
Tiles of all history, at zooms 6 to 16:

| filter | most reports | p50 | p99 |
|---|---|---|---|
{{range .History}}| {{filter .Filter}} | {{.Most}} | {{ms .Ours.P50}} | {{ms .Ours.P99}} |
{{end}}
Counting all cells and areas anew takes {{secs .Recount}}.
{{end}}
## Growth
{{growth .Stocks}}
`, "\n")))

// growth says how much slower open tiles became from the first stock to the last.
func growth(stocks []TileStock) string {
	if len(stocks) < 2 {
		return "One stock was measured."
	}
	few, many := stocks[0], stocks[len(stocks)-1]
	var before, after time.Duration
	for i := range few.Zooms {
		before, after = before+few.Zooms[i].Ours.P50, after+many.Zooms[i].Ours.P50
	}
	return fmt.Sprintf("From %d to %d stored reports, with as many open ones, tiles of open reports became %.2f× slower (the sum of the medians of all zooms).",
		few.Reports, many.Reports, float64(after)/float64(before))
}

// WriteTiles writes a result down as a page of the documentation.
func WriteTiles(w io.Writer, r TilesResult) error { return tilesPage.Execute(w, r) }
