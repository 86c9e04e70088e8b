// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"hientruong/workflow/pack"
)

const schemaFolder = "../../docs/schemas"

// The schemas that editors read are those that the types make, and there are no others.
func TestSchemasAreTheTypes(t *testing.T) {
	t.Parallel()
	want := map[string]string{}
	for name, data := range pack.Schemas() {
		want[name] = string(data)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(filepath.Join(schemaFolder, name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := map[string]string{}
	files, err := filepath.Glob(schemaFolder + "/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got[filepath.Base(file)] = string(data)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("UPDATE=1 go test ./workflow/pack -run Schemas writes them anew (-types +files):\n%s", diff)
	}
}

// schemaOf compiles the schema of a pack's file.
func schemaOf(tb testing.TB, file string) *jsonschema.Schema {
	tb.Helper()
	name := strings.TrimSuffix(file, ".yaml")
	if strings.HasPrefix(name, "workflow") {
		name = "workflow"
	}
	name += ".schema.json"
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(pack.Schemas()[name]))
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		tb.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// fits validates a file of a pack.
func fits(tb testing.TB, s *jsonschema.Schema, text []byte) error {
	tb.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		tb.Fatal(err)
	}
	return s.Validate(v)
}

// Every file of every pack that is sound fits its schema, and the demo's tell an editor which that is.
func TestPacksFitTheirSchemas(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name  string
		files fstest.MapFS
		marks bool
	}{{"demo", demoMap(t), true}, {"tiny", tiny(), false}} {
		for name, file := range one.files {
			if name == pack.AreasFile {
				continue
			}
			if err := fits(t, schemaOf(t, name), file.Data); err != nil {
				t.Errorf("%s/%s: %v", one.name, name, err)
			}
			first, _, _ := strings.Cut(string(file.Data), "\n")
			schema, marked := strings.CutPrefix(first, "# yaml-language-server: $schema=")
			if _, err := os.Stat(path.Join(demoFolder, schema)); one.marks && (!marked || err != nil) {
				t.Errorf("%s begins with %q (%v)", name, first, err)
			}
		}
	}
}

// What a file cannot hold, an editor sees at once.
func TestSchemasRefuse(t *testing.T) {
	t.Parallel()
	sound := demoMap(t)
	for _, tt := range []struct{ name, file, old, with string }{
		{"unknown key", "pack.yaml", "guest_reports:", "guest_report:"},
		{"prefix", "pack.yaml", "prefix: DEMO", "prefix: demo1"},
		{"factor", "pack.yaml", "factor: 1.5", "factor: 1.55"},
		{"kind", "units.yaml", "kind: ioc", "kind: centre"},
		{"no name", "units.yaml", `, name: {vi: "Sở Y tế", en: "Department of Health"}`, ""},
		{"no Vietnamese", "roles.yaml", "{vi: Người dân, en: Citizen}", "{en: Citizen}"},
		{"role", "roles.yaml", "press:", "presse:"},
		{"visibility", "categories.yaml", "visibility: public", "visibility: open"},
		{"time", "categories.yaml", "sla: {days: 3}", "sla: {days: 0}"},
		{"effect", "workflow.yaml", "does: [merge]", "does: [join]"},
		{"demand", "workflow.yaml", "question: {min: 10}", "questions: {min: 10}"},
		{"proof", "workflow.yaml", "[after_photo, document]", "[photo]"},
		{"subject", "workflow.yaml", "on: support", "on: task"},
		{"role that may", "workflow.yaml", "by: [leader]", "by: [boss]"},
		{"clock", "workflow.yaml", "due: category.sla", "due: category.time"},
		{"escalation", "workflow-sos.yaml", "escalate: operations", "escalate: police"},
		{"reminder", "workflow.yaml", "remind: [90]", "remind: [150]"},
		{"no why", "routing.yaml", ", why: {vi: Quốc lộ, en: National road}", ""},
		{"urgency", "routing.yaml", "urgency: sos", "urgency: high"},
		{"holiday", "calendar.yaml", "date: 2026-02-16", "date: 16-02-2026"},
		{"reason", "reasons.yaml", "code: da-xu-ly", "code: Đã xử lý"},
		{"template", "templates.yaml", "kind: answer", "kind: reply"},
		{"words", "words.yaml", "{vi: Kết quả có làm bạn hài lòng không?, en: Are you satisfied with the result?}", "Are you satisfied?"},
	} {
		fsys := spoil(t, sound, tt.file, tt.old, tt.with)
		if err := fits(t, schemaOf(t, tt.file), fsys[tt.file].Data); err == nil {
			t.Errorf("%s: the schema of %s lets it pass", tt.name, tt.file)
		}
	}
}

// Each key says what it is for.
func TestSchemasDescribe(t *testing.T) {
	t.Parallel()
	for name, data := range pack.Schemas() {
		if !strings.Contains(string(data), `"description"`) {
			t.Errorf("%s describes nothing", name)
		}
	}
	for key, want := range map[string]string{
		"units.schema.json": "stand_in is the code of the unit", "pack.schema.json": "guest_reports tells whether", "calendar.schema.json": "the working times", "workflow.schema.json": "urge: đôn đốc",
	} {
		if !strings.Contains(string(pack.Schemas()[key]), want) {
			t.Errorf("%s does not say %q", key, want)
		}
	}
}
