// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
)

// bodies are what the calls beside submission take, with a place for a text. None of them
// changes the report, and talked is one that can be written about.
func bodies(report, talked string) map[string]string {
	step := "POST /reports/" + report + "/actions/resolve"
	return map[string]string{
		step + " text":                        `{"text":%s}`,
		step + " document":                    `{"text":"x","outcome":"fixed","document":%s}`,
		step + " outcome":                     `{"outcome":%s}`,
		step + " reason_code":                 `{"reason_code":%s}`,
		step + " unit":                        `{"unit":%s,"support_units":[%[1]s]}`,
		step + " rating":                      `{"rating":{"level":%s,"comment":%[1]s}}`,
		step + " until":                       `{"until":%s}`,
		step + " task_id":                     `{"task_id":%s}`,
		step + " photo_ids":                   `{"photo_ids":[%s]}`,
		step + " handler":                     `{"handler":%s,"urgency":%[1]s}`,
		"POST /reports/" + talked + "/thread": `{"text":%s}`,
		"POST /reports/" + report + "/notes":  `{"text":%s,"task_id":%[1]s}`,
		"POST /reports/" + report + "/texts/" + report + "/corrections": `{"text":%s}`,
		"POST /admin/routing/try":                      `{"category":%s,"description":%[1]s,"attributes":{%[1]s:%[1]s},"channel":%[1]s,"location":{"words":%[1]s,"area_id":%[1]s},"at":%[1]s}`,
		"POST /admin/decisions":                        `{"document":%s,"kind":"suspend","areas":[%[1]s],"categories":[%[1]s],"starts_at":"2026-01-01T00:00:00Z","ends_at":"2026-01-02T00:00:00Z"}`,
		"POST /admin/handover cursor":                  `{"unit":%s,"to":"cap-nuoc","cursor":%[1]s}`,
		"POST /track/DEMO-7K3F-9QXD-2MWT/actions/rate": `{"phone_last4":%s,"text":%[1]s,"rating":{"level":%[1]s}}`,
		step + " name of field":                        `{%s:"x"}`,
		"POST /auth/device":                            `{"device_id":%s,"secret":%[1]s,"platform":%[1]s,"app_version":%[1]s,"language":%[1]s}`,
		"POST /auth/otp":                               `{"phone":%s}`,
		"POST /auth/otp/verify":                        `{"phone":%s,"code":%[1]s}`,
		"POST /auth/refresh":                           `{"refresh_token":%s}`,
		"POST /devices":                                `{"fcm_token":%s,"platform":"web"}`,
		"PATCH /me":                                    `{"language":%s}`,
		"POST /reports/" + report + "/contact":         `{"reason":%s}`,
		"POST /me/notifications/read":                  `{"ids":[%s]}`,
	}
}

// texts are the queries and paths that take a text.
func texts(report string) []string {
	return []string{
		"/reports?q=%s", "/reports?code=%s", "/reports?cursor=%s", "/reports?category=%s&state=%s&area=%s&unit=%s", "/reports?bbox=%s", "/reports?near=%s",
		"/reports?created_since=%s", "/reports?sort=%s", "/inbox?unit=%s&state=%s", "/inbox?cursor=%s", "/changes?after=%s", "/track/%s", "/reports/%s",
		"/templates?category=%s&kind=%s&report_id=%s", "/reports?escalated=%s&subtree=true&unit=%s",
		"/admin/packs/1/workflows/%s.mmd", "/reports/" + report + "/actions?jurisdiction_id=%s", "/me/notifications?cursor=%s", "/demo/otp?phone=%s",
	}
}

// TestNaughtyCalls sends every naughty string as every text of the calls beside submission.
func TestNaughtyCalls(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(samples, "hostile", "blns.json"))
	if err != nil {
		t.Skipf("the samples in %s are not here", samples)
	}
	var naughty []string
	if err := json.Unmarshal(content, &naughty); err != nil {
		t.Fatal(err)
	}
	c := newCast(t, []string{reporter, operator, unit, administrator}, asDemo)
	r := c.accepted("")
	c.step(unit, r, "start", nil).want(200)
	talked := c.file(reporter, "")
	seen := c.get(operator, "/reports/"+r.id)
	before, version := seen.text("updated_at"), seen.header.Get("Etag")
	var n tally
	var senders sync.WaitGroup
	strs := make(chan string)
	for range 4 {
		senders.Go(func() {
			for s := range strs {
				c.sendToAll(t, &n, r, talked, version, s)
			}
		})
	}
	for _, s := range naughty {
		strs <- s
	}
	close(strs)
	senders.Wait()
	n.done(t)
	if after := c.get(operator, "/reports/"+r.id).text("updated_at"); after != before {
		t.Error("the report has changed")
	}
}

// sendToAll sends a string in every body and every path.
func (c *cast) sendToAll(t *testing.T, n *tally, r, talked filed, version, s string) {
	quoted := string(must(json.Marshal(s))(t))
	check := func(name string, response *http.Response, body string) {
		n.add(t, name+" "+quoted, response, body)
		if response.StatusCode >= http.StatusBadRequest && len(s) > 12 && strings.Contains(body, s) {
			t.Errorf("%s: the value is echoed: %s", name, body)
		}
	}
	for name, body := range bodies(r.id, talked.id) {
		method, rest, _ := strings.Cut(name, " ")
		path, _, _ := strings.Cut(rest, " ")
		who := unit
		switch {
		case strings.Contains(path, "/admin/"):
			who = administrator
		case strings.Contains(path, "/notes"), strings.Contains(path, "/actions"):
		default:
			who = reporter
		}
		if strings.Contains(path, "/texts/") {
			who = operator
		}
		if strings.Contains(path, "contact") {
			who = operator
		}
		headers := jsonHeaders()
		headers["Authorization"], headers["If-Match"] = "Bearer "+c.tokens[who], version
		response, answer := c.send(method, "/api/v1"+path, headers, strings.NewReader(strings.NewReplacer("%s", quoted, "%[1]s", quoted).Replace(body)))
		check(name, response, answer)
	}
	for _, path := range texts(r.id) {
		response, answer := c.send(http.MethodGet, "/api/v1"+strings.ReplaceAll(path, "%s", url.QueryEscape(s)),
			map[string]string{"Authorization": "Bearer " + c.tokens[operator]}, strings.NewReader(""))
		check(path, response, answer)
	}
}

// TestHostileBodiesOfCalls sends every hostile file as the body of the typed calls.
func TestHostileBodiesOfCalls(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, "hostile")
	c := newCast(t, []string{reporter, operator, unit}, asDemo)
	r := c.accepted("")
	var n tally
	for _, file := range files {
		content := string(must(os.ReadFile(file))(t))
		for _, path := range []string{"/reports/" + r.id + "/actions/start", "/auth/login", "/me/notifications/read"} {
			headers := jsonHeaders()
			headers["Authorization"] = "Bearer " + c.tokens[reporter]
			response, body := c.send(http.MethodPost, "/api/v1"+path, headers, strings.NewReader(content))
			n.add(t, file+" to "+path, response, body)
		}
	}
	for _, header := range []string{"If-Match", "Idempotency-Key", "Installation-Id", "Authorization", "Accept-Language", "X-Request-Id"} {
		for _, value := range []string{"''", strings.Repeat("9", 5000), `"-1"`, "W/\"1\"", "{" + uuid.NewString() + "}", "\u00e9\u1ebf", "*"} {
			headers := jsonHeaders()
			headers["Authorization"] = "Bearer " + c.tokens[unit]
			headers[header] = value
			response, body := c.send(http.MethodPost, "/api/v1/reports/"+r.id+"/actions/resolve", headers, strings.NewReader("{}"))
			n.add(t, header+": "+value, response, body)
		}
	}
	n.done(t)
}
