// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hientruong/workflow/simulate"
)

// A file of old reports needs neither a server nor a database.
func TestSimulateAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old, categories, out := filepath.Join(dir, "old.csv"), filepath.Join(dir, "map.csv"), filepath.Join(dir, "out.json")
	for name, text := range map[string]string{
		old: "opened,type,area,resolved_at,lead\n" + strings.Repeat("2026-03-02 08:00:00,Lamp,90001,2026-03-02 09:00:00,so-y-te\n", 5) +
			"2026-03-02,Lamp,90001,,\n2026-03-02 08:00:00,Ghost,90001,,\n",
		categories: "from,to\nLamp,den-duong\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"pack", "simulate", "--pack", "packs/demo", "--csv", old, "--column", "created_at=opened;category=type", "--map", categories}
	if err := run(t.Context(), append(args, "--format", "json", "--out", out)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var r simulate.Result
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if r.Totals.Reports != 6 || r.Totals.Routed != 5 || r.Totals.Changed != 5 || r.Lateness.OnTime != 5 || r.Skipped.Lines != 1 ||
		len(r.Gaps.UnknownCategory) != 1 || len(r.Changes) != 1 || r.Changes[0].From != "so-y-te" {
		t.Errorf("%s", text)
	}
}

// What is wrong with a file's columns is told with what there is.
func TestSimulateNamesTheColumns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old, units := filepath.Join(dir, "old.csv"), filepath.Join(dir, "units.csv")
	for name, text := range map[string]string{old: "opened;category;area\n02/03/2026 08:00;den-duong;90001\n", units: "from,to\nx\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for want, args := range map[string][]string{
		`--csv: no column "ngay"; the file has opened, category, area`: {"--column", "created_at=ngay"},
		`--column: there is no column "opened"; there are created_at`:  {"--column", "opened=created_at"},
		"--map-units: ": {"--column", "created_at=opened", "--map-units", units},
		"--map: ":       {"--column", "created_at=opened", "--map", filepath.Join(dir, "nowhere.csv")},
	} {
		refuses(t, run(t.Context(), append([]string{"pack", "simulate", "--pack", "packs/demo", "--csv", old}, args...)), want)
	}
	out := filepath.Join(dir, "out.txt")
	if err := run(t.Context(), []string{"pack", "simulate", "--pack", "packs/demo", "--csv", old, "--column", "created_at=opened", "--until", "2026-04-01", "--out", out}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(out); err != nil || !strings.Contains(string(text), "reports to 2026-04-01 00:00:00\n1 reports") {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestSimulateSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"":                                      "--since",
		"--since yesterday":                     `"yesterday" is neither`,
		"--since 2026-02-01 --until 2026-01-1":  `--until: "2026-01-1"`,
		"--since 2026-02-01 --until 2026-01-01": "must be before",
		"--since 2026-02-01 --format pdf":       "--format",
	} {
		err := run(t.Context(), append([]string{"pack", "simulate", "--pack", "packs/demo"}, strings.Fields(args)...))
		var exit exitCode
		if !errors.As(err, &exit) || exit.code != 2 || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, expected %q", args, err, want)
		}
	}
}
