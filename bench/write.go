// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"io"
	"strings"
	"text/template"
	"time"
)

var page = template.Must(template.New("benchmarks").Funcs(template.FuncMap{
	"ms":    func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) },
	"rate":  func(f float64) string { return fmt.Sprintf("%.0f/s", f) },
	"times": func(f float64) string { return fmt.Sprintf("%.2f×", f) },
	"micro": func(d time.Duration) string { return fmt.Sprintf("%.1f µs", float64(d.Nanoseconds())/1000) },
	"secs":  func(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) },
}).Parse(strings.TrimPrefix(`
# Benchmarks
Written by `+"`make bench`"+` on {{.Machine.Date}}. Everything was measured in one run on one machine, the load generator on the same cores, PostgreSQL with fsync on.
Ratios travel between machines, absolute figures do not.

Machine: {{.Machine.Processor}}, {{.Machine.Cores}} cores, {{printf "%.0f" .Machine.MemoryGB}} GB, Linux {{.Machine.Kernel}}, PostgreSQL {{.Machine.PostgreSQL}}, {{.Machine.Go}}.

## Intake without photos, over HTTP
Each connection sends its next report when the last one was answered 201. Beside it: `+"`pgbench -M prepared`"+` with as many clients, writing the same rows to the same tables with the same
indexes and checks, log head included, one commit a report. A burst lasts {{secs .Config.Burst}}; both took turns, {{.Config.Rounds}} times; medians.

| connections | reports | p50 | p99 | pgbench | ratio |
|---|---|---|---|---|---|
{{range .Bursts}}| {{.Connections}}, readers off | {{rate .Ours.PerSecond}} | {{ms .Ours.P50}} | {{ms .Ours.P99}} | {{rate .Rival}} | {{times .Ratio}} |
{{end}}| 64, every reader on, {{secs .Config.Steady}} | {{rate .Steady.Ours.PerSecond}} | {{ms .Steady.Ours.P50}} | {{ms .Steady.Ours.P99}} | {{rate .Steady.Rival}} | {{times .Steady.Ratio}} |

With every reader on, the slowest reader was at most {{secs .Steady.MaxLag}} behind the log.

## Growth
Intake at 64 connections with {{.Growth.FewReports}} reports stored: {{rate .Growth.AtFew}}; with {{.Growth.ManyReports}}: {{rate .Growth.AtMany}}. It became {{times .Growth.Ratio}} slower.

## Actions
{{.Actions.Callers}} callers claiming reports, without HTTP: {{rate .Actions.Batched}} through the batch, {{rate .Actions.Single}} at one commit each with as many transactions at once. Ratio {{times .Actions.Ratio}}.

## Deciding and routing
One decision, {{.Deciding.Times}} times on the same facts, without reading or writing: a submission {{micro .Deciding.Submit}}, an acceptance that is routed by itself {{micro .Deciding.Accept}}, a unit's step {{micro .Deciding.Start}}.

{{.Rules.Inputs}} reports through {{.Rules.Rules}} rules over {{.Rules.Wards}} wards, by the pack with its trace, and by the same rules as rows of a table in one SQL statement within the server, without a round trip; both give the same units.

| | pack | SQL | ratio |
|---|---|---|---|
| reports anywhere | {{micro .Rules.Route}} | {{micro .Rules.SQL}} | {{times .Rules.Ratio}} |
| only the last rule fits | {{micro .Rules.Worst}} | {{micro .Rules.SQLWorst}} | |

## Pushes
{{.Pushes.Messages}} messages to {{.Pushes.Devices}} devices, to a server on the same machine that speaks FCM HTTP v1 and answers at once: {{rate .Pushes.PerSecond}}, from the start of the worker to the last message.
`, "\n")))

// Write writes a result down as a page of the documentation.
func Write(w io.Writer, r Result) error { return page.Execute(w, r) }
