// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hientruong/workflow"
	"hientruong/workflow/pack"
)

func TestPacksAreRead(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{operator, unit})
	p := must(demoPack())(t)
	c.get(operator, "/admin/packs").want(200, `"number":1`, `"in_force":true`, `"digest":"`+p.DigestHex()+`"`, `"effective_at":"`, `"applied_by":"system"`, "!a zip")
	detail := c.get(operator, "/admin/packs/1").want(200, `"name":"thuong"`, `"demands":[{"type":"answer","required":true,"min_length":30`, `"lead":"ward(report)"`,
		`"code":"den-duong"`, "stateDiagram-v2", `"mermaid_support":"`, `"on":"support"`, `"escalate":["operations","leader"]`)
	for i, w := range p.Workflows() {
		picture := workflow.Diagram(w, "vi")
		if got := detail.text(fmt.Sprintf("workflows.%d.mermaid", i)); got != picture {
			t.Errorf("the picture of %s differs", w.Name)
		}
		a := c.get(operator, "/admin/packs/1/workflows/"+w.Name+".mmd").want(200)
		if a.body != picture || !strings.HasPrefix(a.header.Get("Content-Type"), "text/vnd.mermaid") {
			t.Errorf("%s as %s: %s", w.Name, a.header.Get("Content-Type"), a.body)
		}
	}
	c.call(operator, http.MethodGet, "/api/v1/admin/packs/1/workflows/thuong.mmd", nil, "Accept-Language", "en").want(200, "Being worked on")
	for name, schema := range pack.Schemas() {
		a := c.get(operator, "/admin/packs/1/schemas/"+name).want(200)
		if a.body != string(schema) || a.header.Get("Content-Type") != "application/schema+json" || !json.Valid(schema) {
			t.Errorf("%s as %s: %s", name, a.header.Get("Content-Type"), a.body)
		}
	}
	for path, status := range map[string]int{
		"/admin/packs/1/schemas/khong-co": 404, "/admin/packs/7/schemas/units.schema.json": 404,
		"/admin/packs/7": 404, "/admin/packs/0": 422, "/admin/packs/4294967297": 422, "/admin/packs/x": 422, "/admin/packs/99999999999": 422,
		"/admin/packs/1/workflows/khong-co.mmd": 404, "/admin/packs/1/workflows/..%2f..%2fpack.yaml.mmd": 404, "/admin/packs/1/workflows/thuong": 404,
	} {
		c.get(operator, path).want(status, "!khong-co")
	}
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{leader, administrator, operator})
	const flood = `{"document":"1245/QĐ-UBND","kind":"suspend","areas":["90001"],"starts_at":"2026-10-01T00:00:00Z","ends_at":"2026-10-05T00:00:00Z"}`
	key := uuid.NewString()
	id := c.post(leader, "/admin/decisions", flood, "Idempotency-Key", key).want(201, `"document":"1245/QĐ-UBND"`, `"areas":["90001"]`, `"categories":[]`, `"revoked_at":null`).text("id")
	if a := c.post(leader, "/admin/decisions", flood, "Idempotency-Key", key).want(201, id); a.header.Get("Idempotency-Replayed") != "true" {
		t.Error("the second try is not said to be one")
	}
	c.get(administrator, "/admin/decisions").want(200, id)
	for name, sc := range map[string]struct{ from, to, code, at string }{
		"no document":     {"1245/QĐ-UBND", "", "required", "body.document"},
		"long document":   {"1245/QĐ-UBND", strings.Repeat("ế", 101), "too_long", "body.document"},
		"no such kind":    {"suspend", "forget", "invalid_value", "body.kind"},
		"no such area":    {"90001", "khong-co", "invalid_value", "body.areas"},
		"ends first":      {"2026-10-05", "2026-09-05", "out_of_range", "body.ends_at"},
		"in another age":  {"2026-10-05", "9999-10-05", "out_of_range", "body.ends_at"},
		"days of nothing": {`"kind":"suspend"`, `"kind":"suspend","days":3`, "out_of_range", "body.days"},
		"no days":         {`"kind":"suspend"`, `"kind":"extend"`, "out_of_range", "body.days"},
		"a broken time":   {"2026-10-01T00:00:00Z", "soon", "invalid_value", "body.starts_at"},
	} {
		c.post(administrator, "/admin/decisions", strings.Replace(flood, sc.from, sc.to, 1)).want(422, `"code":"`+sc.code+`"`, sc.at, "!khong-co")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	for range 2 {
		c.call(leader, http.MethodDelete, "/api/v1/admin/decisions/"+id, nil).want(204)
	}
	c.get(leader, "/admin/decisions").want(200, id, `!"revoked_at":null`)
	if n := c.events()["decision.revoked"]; n != 1 {
		t.Errorf("%d revocations in the log, want 1", n)
	}
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, unit, otherUnit, administrator})
	var all []filed
	for range 3 {
		all = append(all, c.accepted(""))
	}
	const from = `{"unit":"chieu-sang","to":"cap-nuoc"`
	c.post(administrator, "/admin/handover", from+`,"plan":true}`).want(200, `"work":[{"state":"assigned","lead":true,"count":3}]`, `"handed":0`)
	c.get(unit, "/reports/"+all[0].id).want(200)
	for body, at := range map[string]string{
		`{"unit":"chieu-sang","to":"khong-co"}`: "body.to", `{"unit":"chieu-sang","to":"chieu-sang"}`: "body.to", `{"unit":"","to":"cap-nuoc"}`: "body.unit",
		`{"to":"cap-nuoc"}`: "body.unit", from + `,"cursor":"x"}`: "body.cursor",
	} {
		c.post(administrator, "/admin/handover", body).want(422, at, "!khong-co")
	}
	c.post(administrator, "/admin/handover", from+`}`).want(200, `"handed":3`, `"failed":[]`, `"next_cursor":null`)
	c.post(administrator, "/admin/handover", from+`}`).want(200, `"handed":0`, `"work":[]`)
	for _, r := range all {
		c.get(otherUnit, "/reports/"+r.id).want(200, `"unit":{"code":"cap-nuoc"`)
		c.get(unit, "/reports/"+r.id).want(200, "!tasks") // the public's view is left
		c.get(operator, "/reports/"+r.id+"/timeline").want(200, `"kind":"task.handed"`)
	}
	if got := c.get(otherUnit, "/inbox").want(200).texts("report.id"); len(got) != 3 {
		t.Errorf("the successor's inbox: %v", got)
	}
}

// The nouns have names in both languages, and the example of a report is one.
func TestTheDocumentCanBeReadByPeople(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter}, asDemo)
	document := c.call(guest, http.MethodGet, "/openapi.json", nil).want(200).body
	var api struct {
		Tags  []struct{ Name, Description string }
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Example json.RawMessage }
			}
		}
	}
	// Parameters stand beside the methods of a path.
	_ = json.Unmarshal([]byte(document), &api)
	named := map[string]bool{}
	for _, tag := range api.Tags {
		vi, en, ok := strings.Cut(tag.Description, " · ")
		if !ok || vi == "" || en == "" || named[tag.Name] {
			t.Errorf("the tag %s is described by %q", tag.Name, tag.Description)
		}
		named[tag.Name] = true
	}
	used := map[string]bool{}
	for _, op := range operations(t, document) {
		for _, tag := range op.Tags {
			used[tag] = true
			if !named[tag] {
				t.Errorf("%s: the tag %s has no name", op.ID, tag)
			}
		}
	}
	for tag := range named {
		if !used[tag] {
			t.Errorf("nothing has the tag %s", tag)
		}
	}
	example := api.Paths["/api/v1/reports"]["post"].RequestBody.Content["application/json"].Example
	if len(example) == 0 {
		t.Fatal("there is no example of a report")
	}
	c.post(reporter, "/reports", string(example)).want(201, "!warnings")
}
