// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"hientruong/handlers"
	"hientruong/identity"
)

// attempt is one operation as the matrix tries it: a good request, so that only who sends
// it makes the difference. Path and Body may hold {report}, one that the unit is working
// on, {secret}, one that was only just sent in, {code}, the first one's, and {uuid}, nobody's.
type attempt struct {
	Path, Body string
	Want       string // statuses in the order of everybody
}

// golden says what every operation answers to everybody: who is who stands above. It is
// written by hand; a route without a line here fails the test.
//
//	gue rep cit age mac ope ver uni coo oth lea pre aud adm
var golden = map[string]attempt{
	"config-get":    {"/config", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"category-list": {"/categories", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"area-list":     {"/areas", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"unit-list":     {"/units", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},

	"report-submit":     {"/reports", `{"category":"o-ga","description":"Ổ gà",` + point + `}`, "201 201 201 201 201 201 403 403 403 403 403 403 403 403"},
	"report-list":       {"/reports", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"report-get":        {"/reports/{secret}", "", "404 200 404 404 404 200 200 404 404 404 200 404 200 200"},
	"report-timeline":   {"/reports/{secret}/timeline", "", "404 200 404 404 404 200 200 404 404 404 200 404 200 200"},
	"report-photos-add": {"/reports/{secret}/photos", `{"photo_ids":["{uuid}"]}`, "404 422 404 404 404 422 422 404 404 404 403 404 404 404"},
	"track-get":         {"/track/{code}", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"track-own":         {"/track/{code}", `{"phone_last4":"0000"}`, "404 404 404 404 404 404 404 404 404 404 404 404 404 404"},
	"action-list":       {"/reports/{report}/actions", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"action-take":       {"/reports/{report}/actions/resolve", `{}`, "404 403 404 404 403 403 403 428 428 404 403 403 403 403"},
	"track-action-list": {"/track/{code}/actions", `{"phone_last4":"0000"}`, "404 404 404 404 404 404 404 404 404 404 404 404 404 404"},
	"track-action-take": {"/track/{code}/actions/withdraw", `{"phone_last4":"0000"}`, "404 404 404 404 404 404 404 404 404 404 404 404 404 404"},
	"thread-list":       {"/reports/{report}/thread", "", "404 200 404 404 404 200 200 200 200 404 200 404 200 200"},
	"thread-write":      {"/reports/{report}/thread", `{"text":"Xin chào"}`, "404 201 404 404 403 201 201 403 403 403 403 403 403 403"},
	"note-list":         {"/reports/{report}/notes", "", "401 403 403 403 403 200 200 200 200 404 200 403 200 200"},
	"note-write":        {"/reports/{report}/notes", `{"text":"Ghi chú"}`, "401 403 403 403 403 201 201 201 201 404 201 403 403 403"},
	"task-list":         {"/reports/{report}/tasks", "", "401 403 403 403 403 200 200 200 200 404 200 403 200 200"},
	"follow-begin":      {"/reports/{report}/follow", "", "401 409 204 403 403 403 403 403 403 403 403 403 403 403"},
	"follow-end":        {"/reports/{report}/follow", "", "401 409 204 403 403 403 403 403 403 403 403 403 403 403"},
	"follow-me-too":     {"/reports/{report}/me-too", "", "401 409 200 403 403 403 403 403 403 403 403 403 403 403"},
	"me-follows":        {"/me/follows", "", "401 200 200 403 403 403 403 403 403 403 403 403 403 403"},
	"text-list":         {"/reports/{report}/texts", "", "401 403 403 403 403 200 200 403 403 403 200 403 200 200"},
	"text-erase":        {"/reports/{report}/texts/{uuid}?reason_code=x", "", "401 403 403 403 403 403 404 403 403 403 403 403 403 404"},
	"text-correct":      {"/reports/{report}/texts/{uuid}/corrections", `{"text":"Đèn tắt"}`, "401 403 403 403 403 404 404 403 403 403 403 403 403 403"},
	"template-list":     {"/templates?report_id={report}", "", "401 403 403 403 403 200 200 200 200 404 200 403 403 200"},
	"claim-take":        {"/reports/{report}/claim", "", "401 403 403 403 403 200 200 403 403 403 403 403 403 403"},
	"claim-release":     {"/reports/{report}/claim", "", "401 403 403 403 403 204 204 403 403 403 403 403 403 403"},
	"contact-read":      {"/reports/{secret}/contact", `{"reason":"call_back"}`, "401 403 403 403 403 200 200 403 403 403 403 403 403 403"},
	"inbox-list":        {"/inbox", "", "401 403 403 403 403 200 200 200 200 200 200 403 403 403"},
	"change-list":       {"/changes", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"live-stream":       {"/live?view=operations", "", "401 403 403 403 403 503 503 403 403 403 503 403 503 503"},
	"live-ticket":       {"/live/tickets", "", "401 201 201 201 201 201 201 201 201 201 201 201 201 201"},
	"tile-reports":      {"/tiles/reports/12/3272/1859.mvt", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"tile-heat":         {"/tiles/heat/8/204/116.mvt", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"tile-areas":        {"/tiles/areas/8/204/116.mvt", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"tile-base":         {"/tiles/base/5/26/14.mvt", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"tile-reports-json": {"/tiles/reports.json", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"tile-heat-json":    {"/tiles/heat.json", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"tile-areas-json":   {"/tiles/areas.json", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"tile-base-json":    {"/tiles/base.json", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"photo-get":         {"/photos/{uuid}", "", "404 404 404 404 404 404 404 404 404 404 404 404 404 404"},
	"photo-upload":      {"/photos", `{}`, "415 415 415 415 415 415 415 415 415 415 403 403 403 403"},

	"auth-device":     {"/auth/device", `{"device_id":"{uuid}","secret":"000102030405060708090a0b0c0d0e0f","platform":"ios"}`, "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"auth-otp":        {"/auth/otp", `{"phone":"09{digits}"}`, "204 204 204 204 204 204 204 204 204 204 204 204 204 204"},
	"auth-otp-verify": {"/auth/otp/verify", `{"phone":"0912345678","code":"000000"}`, "422 422 422 422 422 422 422 422 422 422 422 422 422 422"},
	"auth-login":      {"/auth/login", `{"login":"nobody","password":"nothing at all"}`, "401 401 401 401 401 401 401 401 401 401 401 401 401 401"},
	"auth-refresh":    {"/auth/refresh", `{"refresh_token":"htr_nonsense"}`, "401 401 401 401 401 401 401 401 401 401 401 401 401 401"},

	"me-get":                {"/me", "", "401 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"me-change":             {"/me", `{"language":"en"}`, "401 200 200 403 403 403 403 403 403 403 403 403 403 403"},
	"me-reports":            {"/me/reports", "", "401 200 200 200 403 403 403 403 403 403 403 403 403 403"},
	"me-notifications":      {"/me/notifications", "", "401 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"me-notifications-read": {"/me/notifications/read", `{}`, "401 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"device-register":       {"/devices", `{"fcm_token":"{uuid}","platform":"ios"}`, "401 204 204 403 403 403 403 403 403 403 403 403 403 403"},
	"device-forget":         {"/devices", "", "401 204 204 403 403 403 403 403 403 403 403 403 403 403"},

	"admin-staff-list":       {"/admin/staff", "", "401 403 403 403 403 403 403 403 403 403 403 403 403 200"},
	"admin-staff-create":     {"/admin/staff", `{"login":"u{digits}","name":"An","password":"một mật khẩu đủ dài","roles":["leader"]}`, "401 403 403 403 403 403 403 403 403 403 403 403 403 201"},
	"admin-staff-password":   {"/admin/staff/{uuid}/password", `{"password":"một mật khẩu đủ dài"}`, "401 403 403 403 403 403 403 403 403 403 403 403 403 404"},
	"admin-staff-deactivate": {"/admin/staff/{uuid}", "", "401 403 403 403 403 403 403 403 403 403 403 403 403 404"},
	"admin-deliveries":       {"/admin/deliveries?report={report}", "", "401 403 403 403 403 403 403 403 403 403 403 403 200 200"},
	"admin-audit":            {"/admin/audit", "", "401 403 403 403 403 403 403 403 403 403 403 403 200 200"},

	"admin-pack-list":       {"/admin/packs", "", "401 403 403 403 403 200 200 403 403 403 200 403 200 200"},
	"admin-pack-get":        {"/admin/packs/1", "", "401 403 403 403 403 200 200 403 403 403 200 403 200 200"},
	"admin-pack-workflow":   {"/admin/packs/1/workflows/thuong.mmd", "", "401 403 403 403 403 200 200 403 403 403 200 403 200 200"},
	"admin-pack-schema":     {"/admin/packs/1/schemas/units.schema.json", "", "401 403 403 403 403 200 200 403 403 403 200 403 200 200"},
	"admin-decision-list":   {"/admin/decisions", "", "401 403 403 403 403 403 403 403 403 403 200 403 403 200"},
	"admin-decision-make":   {"/admin/decisions", `{"document":"12/QĐ-UBND","kind":"suspend","categories":["o-ga"],"starts_at":"2026-01-01T00:00:00Z","ends_at":"2026-01-02T00:00:00Z"}`, "401 403 403 403 403 403 403 403 403 403 201 403 403 201"},
	"admin-decision-revoke": {"/admin/decisions/{uuid}", "", "401 403 403 403 403 403 403 403 403 403 404 403 403 404"},
	"admin-handover":        {"/admin/handover", `{"unit":"chieu-sang","to":"cap-nuoc","plan":true}`, "401 403 403 403 403 403 403 403 403 403 403 403 403 200"},
	"admin-routing-try":     {"/admin/routing/try", `{"category":"den-duong",` + point + `}`, "401 403 403 403 403 200 200 403 403 403 403 403 403 200"},

	"demo-accounts": {"/demo/accounts", "", "200 200 200 200 200 200 200 200 200 200 200 200 200 200"},
	"demo-otp":      {"/demo/otp?phone=0987654321", "", "404 404 404 404 404 404 404 404 404 404 404 404 404 404"},

	// The last: it ends what the others need.
	"auth-logout": {"/auth/logout", "", "401 204 204 204 204 204 204 204 204 204 204 204 204 204"},
}

// asDemo makes the server a demo.
func asDemo(c *handlers.Config) {
	c.Demo = &handlers.Demo{
		Codes:    func() []identity.SentCode { return []identity.SentCode{{Phone: "+84912345678", Code: "493027"}} },
		Accounts: func() ([]handlers.DemoAccount, error) { return []handlers.DemoAccount{{Login: "truc-ban"}}, nil },
	}
}

// operationOf is one operation of the OpenAPI document.
type operationOf struct {
	ID           string                     `json:"operationId"`
	Summary      string                     `json:"summary"`
	Tags         []string                   `json:"tags"`
	Security     []map[string][]string      `json:"security"`
	Responses    map[string]json.RawMessage `json:"responses"`
	RequestBody  json.RawMessage            `json:"requestBody"`
	Parameters   []parameterOf              `json:"parameters"`
	method, path string
}

type parameterOf struct {
	Name   string          `json:"name"`
	In     string          `json:"in"`
	Schema json.RawMessage `json:"schema"`
}

// operations reads the OpenAPI document.
func operations(t *testing.T, document string) []operationOf {
	t.Helper()
	var api struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal([]byte(document), &api); err != nil {
		t.Fatal(err)
	}
	var all []operationOf
	for path, methods := range api.Paths {
		delete(methods, "parameters") // of all of them
		for method, raw := range methods {
			op := operationOf{method: strings.ToUpper(method), path: path}
			if err := json.Unmarshal(raw, &op); err != nil {
				t.Fatal(err)
			}
			all = append(all, op)
		}
	}
	slices.SortFunc(all, func(a, b operationOf) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func TestEveryOperationForEverybody(t *testing.T) {
	t.Parallel()
	c := newCast(t, everybody(), asDemo)
	secret := c.file(reporter, `,"reporter":{"phone":"0912 345 678"}`)
	report := c.accepted("")
	c.step(unit, report, "start", nil).want(200)
	all := operations(t, c.call(guest, http.MethodGet, "/openapi.json", nil).want(200).body)
	last := slices.IndexFunc(all, func(op operationOf) bool { return op.ID == "auth-logout" })
	if last < 0 {
		t.Fatal("there is no auth-logout")
	}
	all = append(slices.Delete(slices.Clone(all), last, last+1), all[last])
	for _, op := range all {
		try, ok := golden[op.ID]
		if !ok {
			t.Errorf("%s %s: %s has no line in the golden table", op.method, op.path, op.ID)
			continue
		}
		wants := strings.Fields(try.Want)
		if len(wants) != len(everybody()) {
			t.Fatalf("%s has %d statuses for %d people", op.ID, len(wants), len(everybody()))
		}
		for i, who := range everybody() {
			fill := strings.NewReplacer("{report}", report.id, "{secret}", secret.id, "{code}", report.code, "{uuid}", uuid.NewString(),
				"{digits}", fmt.Sprintf("%08d", 10_000_000+uuid.New().ID()%80_000_000))
			want, _ := strconv.Atoi(wants[i])
			path := fill.Replace(try.Path)
			if !strings.HasPrefix(path, "/tiles/") {
				path = "/api/v1" + path
			}
			got := c.call(who, op.method, path, fill.Replace(try.Body))
			if got.status != want {
				t.Errorf("%s as %s: %d, want %d: %s", op.ID, who, got.status, want, got.body)
			}
			if got.status >= 400 && got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s as %s: an error of type %s", op.ID, who, got.header.Get("Content-Type"))
			}
			if op.ID == "claim-take" && got.status == 200 {
				c.call(who, http.MethodDelete, "/api/v1/reports/"+report.id+"/claim", nil).want(204)
			}
		}
	}
	for id := range golden {
		if !slices.ContainsFunc(all, func(op operationOf) bool { return op.ID == id }) {
			t.Errorf("the golden table has %s, which no server answers", id)
		}
	}
}

func TestOpenAPISaysEverything(t *testing.T) {
	t.Parallel()
	var server *handlers.Server
	w := newWorld(t, asDemo, func(c *handlers.Config) {
		another := *c
		another.Metrics = prometheus.NewRegistry()
		server = must(handlers.New(another))(t)
	})
	_, document := w.send(http.MethodGet, "/openapi.json", nil, strings.NewReader(""))
	documented := map[string]bool{}
	for _, op := range operations(t, document) {
		name := op.method + " " + op.path
		documented[strings.NewReplacer("{", ":", "}", "").Replace(name)] = true
		if op.ID == "" || len(op.Summary) < 8 || len(op.Tags) == 0 || len(op.Security) == 0 {
			t.Errorf("%s: id %q, summary %q, tags %v, security %v", name, op.ID, op.Summary, op.Tags, op.Security)
		}
		problems, good := 0, 0
		for status, response := range op.Responses {
			if strings.Contains(string(response), "application/problem+json") {
				problems++
			} else if strings.HasPrefix(status, "2") {
				good++
			}
		}
		if problems == 0 || good == 0 {
			t.Errorf("%s: %d kinds of problems, %d of success", name, problems, good)
		}
		op.checkInput(t, name)
	}
	for _, route := range server.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if strings.HasPrefix(path, "/api/") && method != http.MethodHead && !documented[route] {
			t.Errorf("%s is not in the OpenAPI document", route)
		}
	}
	for _, token := range []string{`"Idempotency-Key"`, `"If-Match"`, `"/api/v1/reports/{id}/actions/{name}"`, `"bearer"`} {
		if !strings.Contains(document, token) {
			t.Errorf("the document lacks %s", token)
		}
	}
}

// checkInput wants every part of the path among the parameters, and a body where one is sent.
func (op operationOf) checkInput(t *testing.T, name string) {
	t.Helper()
	for _, part := range strings.Split(op.path, "/") {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		part, _, _ = strings.Cut(part, ".")
		found := slices.ContainsFunc(op.Parameters, func(p parameterOf) bool {
			return "{"+p.Name+"}" == part && p.In == "path" && len(p.Schema) > 0
		})
		if !found {
			t.Errorf("%s: %s is no parameter", name, part)
		}
	}
	bare := []string{"auth-logout", "live-ticket", "claim-take", "follow-begin", "follow-me-too"}
	if (op.method == http.MethodPost || op.method == http.MethodPut || op.method == http.MethodPatch) && len(op.RequestBody) == 0 && !slices.Contains(bare, op.ID) {
		t.Errorf("%s: no body is described", name)
	}
}
