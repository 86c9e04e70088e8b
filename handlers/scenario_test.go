// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/handlers"
	"hientruong/identity"
	"hientruong/models"
)

// Scenario is one request and what must come of it.
type Scenario struct {
	Name        string
	Method, URL string
	Body        string
	Headers     map[string]string // beside Content-Type and Idempotency-Key, which are set where "" is not asked for
	Actor       string            // "" is a guest, "device" a phone, else a role
	WantStatus  int
	WantBody    []string
	NotBody     []string
	WantHeaders map[string]string // a value of "*" is any
	WantEvents  map[models.EventKind]int
}

// run sends the request of a scenario to a world in which nothing else happens meanwhile.
func (sc Scenario) run(t *testing.T, w *world) {
	token := ""
	switch sc.Actor {
	case "":
	case "device":
		token, _ = w.device()
	default:
		token = w.staff("ioc", models.Role(sc.Actor))
	}
	before := w.events()
	headers := map[string]string{"Content-Type": "application/json", "Idempotency-Key": uuid.NewString()}
	maps.Copy(headers, sc.Headers)
	if token != "" {
		headers["Authorization"] = "Bearer " + token
	}
	response, body := w.send(sc.Method, sc.URL, headers, strings.NewReader(sc.Body))
	sc.check(t, response, body)
	after := w.events()
	for kind, n := range before {
		if after[kind] -= n; after[kind] == 0 {
			delete(after, kind)
		}
	}
	want := sc.WantEvents
	if want == nil {
		want = map[models.EventKind]int{}
	}
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func (sc Scenario) check(t *testing.T, response *http.Response, body string) {
	t.Helper()
	if response.StatusCode != sc.WantStatus {
		t.Errorf("status %d, want %d: %s", response.StatusCode, sc.WantStatus, body)
	}
	for _, want := range sc.WantBody {
		if !strings.Contains(body, want) {
			t.Errorf("the body lacks %s: %s", want, body)
		}
	}
	for _, not := range sc.NotBody {
		if strings.Contains(body, not) {
			t.Errorf("the body holds %s: %s", not, body)
		}
	}
	for name, want := range sc.WantHeaders {
		if got := response.Header.Get(name); got == "" || want != "*" && got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if response.StatusCode >= http.StatusBadRequest && response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("an error of type %s", response.Header.Get("Content-Type"))
	}
}

// send makes a request; an empty header is left out.
func (w *world) send(method, path string, headers map[string]string, body io.Reader) (*http.Response, string) {
	w.tb.Helper()
	request, err := http.NewRequestWithContext(w.tb.Context(), method, w.url+path, body)
	if err != nil {
		w.tb.Fatal(err)
	}
	for name, value := range headers {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := w.client.Do(request)
	if err != nil {
		w.tb.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		w.tb.Fatal(err)
	}
	return response, string(content)
}

// point is a place in the demo city, in Phường Cầu Mây.
const point = `"location":{"lat":16.4848,"lon":107.5957}`

const pothole = `{"category":"o-ga","description":"Ổ gà sâu trước cổng trường",` + point + `}`

var submittedOnce = map[models.EventKind]int{models.EventReportSubmitted: 1}

// dispatchedOnce are those of a call for rescue, which goes to the rescuers by itself.
var dispatchedOnce = map[models.EventKind]int{models.EventReportSubmitted: 1, models.EventReportMoved: 1, models.EventReportRouted: 1}

func TestSubmit(t *testing.T) {
	t.Parallel()
	const problem = `"request_id":`
	w := newWorld(t)
	for _, sc := range []Scenario{
		{Name: "guest", Body: pothole, WantStatus: 201, WantEvents: submittedOnce,
			WantBody:    []string{`"state":"submitted"`, `"phase":"received"`, `"code":"DEMO-`, `"channel":"web"`, `Ổ gà sâu`, `"version":1`, `Phường Cầu Mây`},
			WantHeaders: map[string]string{"Location": "*", "X-Request-Id": "*", "Cache-Control": "no-store", "Etag": `"1"`, "X-Content-Type-Options": "nosniff"}},
		{Name: "device", Actor: "device", Body: pothole, WantStatus: 201, WantEvents: submittedOnce, WantBody: []string{`"channel":"app"`}},
		{Name: "operator for a caller", Actor: "operator", WantStatus: 201, WantEvents: submittedOnce, WantBody: []string{`"channel":"hotline"`}, NotBody: []string{"0912"},
			Body: `{"category":"o-ga","description":"Ổ gà",` + point + `,"reporter":{"name":"Trần Thị B","phone":"0912 345 678"},"on_behalf_of":{"consent":true,"how":"qua điện thoại"}}`},
		{Name: "operator without consent", Actor: "operator", WantStatus: 422, WantBody: []string{`"code":"required"`, `body.on_behalf_of.consent`},
			Body: `{"category":"o-ga","description":"Ổ gà",` + point + `,"on_behalf_of":{"consent":false}}`},
		{Name: "device for somebody", Actor: "device", WantStatus: 403, WantBody: []string{`"code":"forbidden"`},
			Body: `{"category":"o-ga","description":"Ổ gà",` + point + `,"on_behalf_of":{"consent":true}}`},
		{Name: "handler may not", Actor: "handler", Body: pothole, WantStatus: 403, WantBody: []string{`"code":"forbidden"`}},
		{Name: "unknown token", Headers: map[string]string{"Authorization": "Bearer hta_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, Body: pothole, WantStatus: 401,
			WantBody: []string{`"code":"unauthorized"`}, WantHeaders: map[string]string{"Www-Authenticate": "Bearer"}},
		{Name: "no key", Headers: map[string]string{"Idempotency-Key": ""}, Body: pothole, WantStatus: 400, WantBody: []string{`"code":"idempotency_key_missing"`}},
		{Name: "bad key", Headers: map[string]string{"Idempotency-Key": "abc"}, Body: pothole, WantStatus: 400, WantBody: []string{`"code":"idempotency_key_invalid"`}},
		{Name: "bad installation", Headers: map[string]string{"Installation-Id": "abc"}, Body: pothole, WantStatus: 400, WantBody: []string{`"code":"idempotency_key_invalid"`}},
		{Name: "nothing", Body: `{}`, WantStatus: 422, WantBody: []string{`"code":"validation"`, "body.category", "body.description", `"code":"place_missing"`, problem}},
		{Name: "in English", Headers: map[string]string{"Accept-Language": "en-GB,en;q=0.9"}, Body: `{}`, WantStatus: 422, WantBody: []string{"Some details need correcting"}},
		{Name: "unknown category", Body: strings.Replace(pothole, "o-ga", "khong-co", 1), WantStatus: 422, WantBody: []string{`"code":"unknown_category"`}, NotBody: []string{"khong-co"}},
		{Name: "swapped", Body: strings.Replace(pothole, point, `"location":{"lat":107.5957,"lon":16.4848}`, 1), WantStatus: 422, WantBody: []string{`"code":"coordinates_swapped"`}, NotBody: []string{"107.5957"}},
		{Name: "zero", Body: strings.Replace(pothole, point, `"location":{"lat":0,"lon":0}`, 1), WantStatus: 422, WantBody: []string{`"code":"coordinates_zero"`}},
		{Name: "VN-2000", Body: strings.Replace(pothole, point, `"location":{"lat":1823456.7,"lon":567890.1}`, 1), WantStatus: 422, WantBody: []string{`"code":"crs_suspected"`}},
		{Name: "huge number", Body: strings.Replace(pothole, "16.4848", "1e400", 1), WantStatus: 422, WantBody: []string{`"code":"invalid_value"`, "body.location.lat"}},
		{Name: "far away is taken with a warning", Body: strings.Replace(pothole, point, `"location":{"lat":21.03,"lon":105.85}`, 1), WantStatus: 201, WantEvents: submittedOnce, WantBody: []string{`"warnings":[{"code":"outside_area"`}},
		{Name: "too long", Body: strings.Replace(pothole, "Ổ gà", strings.Repeat("ế", 4001), 1), WantStatus: 422, WantBody: []string{`"code":"too_long"`, `"max":4000`}},
		{Name: "wrong type", Body: `{"category":7}`, WantStatus: 422, WantBody: []string{`"code":"invalid_value"`, "body.category"}},
		{Name: "unknown name", Body: strings.Replace(pothole, "category", "categroy", 1), WantStatus: 422, WantBody: []string{`"code":"invalid_value"`}, NotBody: []string{"categroy"}},
		{Name: "name twice", Body: `{"category":"o-ga","category":"o-ga"}`, WantStatus: 400, WantBody: []string{`"code":"malformed_body"`}},
		{Name: "trailing", Body: pothole + "{}", WantStatus: 400, WantBody: []string{`"code":"malformed_body"`}},
		{Name: "empty", Body: "", WantStatus: 400, WantBody: []string{`"code":"malformed_body"`}},
		{Name: "text", Headers: map[string]string{"Content-Type": "text/plain"}, Body: pothole, WantStatus: 415, WantBody: []string{`"code":"unsupported_media_type"`}},
		{Name: "too large", Body: `{"description":"` + strings.Repeat("a", 300<<10) + `"}`, WantStatus: 413, WantBody: []string{`"code":"body_too_large"`}},
		{Name: "bad phone", Body: strings.Replace(pothole, "}}", `},"reporter":{"phone":"113"}}`, 1), WantStatus: 422, WantBody: []string{`"code":"phone_invalid"`, "body.reporter.phone"}, NotBody: []string{"113\""}},
		{Name: "channel of others", Body: strings.Replace(pothole, "{", `{"channel":"import",`, 1), WantStatus: 422, WantBody: []string{`"code":"invalid_value"`, "body.channel"}},
		{Name: "attribute that is not there", Body: strings.Replace(pothole, "{", `{"attributes":{"ten-la":"x"},`, 1), WantStatus: 422, WantBody: []string{`"code":"attribute_invalid"`}, NotBody: []string{"ten-la"}},
		{Name: "attribute of another type", Body: strings.Replace(pothole, "{", `{"attributes":{"owner":["do-thi"]},`, 1), WantStatus: 422, WantBody: []string{`"code":"invalid_value"`}},
		{Name: "photo of nobody", Body: strings.Replace(pothole, "{", `{"photo_ids":["`+uuid.NewString()+`"],`, 1), WantStatus: 422, WantBody: []string{`"code":"photo_not_found"`}},
		{Name: "rescue", Body: `{"sos":{"people":3,"callback":"0912345678"}}`, WantStatus: 201, WantEvents: dispatchedOnce, WantBody: []string{`"sos":true`}, NotBody: []string{"0912345678"}},
		{Name: "rescue without a way back", Body: `{"sos":{"people":3}}`, WantStatus: 422, WantBody: []string{`"code":"sos_incomplete"`}},
		{Name: "other method", Method: http.MethodDelete, WantStatus: 405, WantBody: []string{`"code":"method_not_allowed"`}, WantHeaders: map[string]string{"Allow": "*"}},
	} {
		if sc.Method == "" {
			sc.Method = http.MethodPost
		}
		sc.URL = "/api/v1/reports"
		t.Run(sc.Name, func(t *testing.T) { sc.run(t, w) })
	}
}

func TestGuestsWhereThePackSaysNo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *handlers.Config) { c.Packs = withoutGuests(t) })
	response, body := w.send(http.MethodPost, "/api/v1/reports", jsonHeaders(), strings.NewReader(pothole))
	Scenario{WantStatus: 401, WantBody: []string{`"code":"unauthorized"`}}.check(t, response, body)
}

func jsonHeaders() map[string]string {
	return map[string]string{"Content-Type": "application/json", "Idempotency-Key": uuid.NewString()}
}

func TestSecondTry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	headers := jsonHeaders()
	first, body := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(pothole))
	Scenario{WantStatus: 201}.check(t, first, body)
	// The same request, written otherwise: NFD, other white space.
	again := strings.Replace(pothole, `","description":"Ổ`, `" , "description" : "O\u0309\u0302`, 1)
	again = strings.Replace(again, `O\u0309\u0302`, `O\u0302\u0309`, 1)
	second, replay := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(again))
	Scenario{WantStatus: 201, WantHeaders: map[string]string{"Idempotency-Replayed": "true", "Location": first.Header.Get("Location")}, WantBody: []string{"Ổ gà sâu"}}.check(t, second, replay)
	other, conflict := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(strings.Replace(pothole, "sâu", "nông", 1)))
	Scenario{WantStatus: 422, WantBody: []string{`"code":"idempotency_conflict"`}}.check(t, other, conflict)
	if n := w.count("reports"); n != 1 {
		t.Errorf("%d reports", n)
	}
	if diff := cmp.Diff(stripSeconds(body), stripSeconds(replay)); diff != "" {
		t.Errorf("the second answer differs (-first +second):\n%s", diff)
	}
}

// stripSeconds takes out of an answer what tells how much time is left.
func stripSeconds(body string) string {
	for _, name := range []string{`"remaining_working_s":`, `"wall_s":`} {
		for {
			head, tail, ok := strings.Cut(body, name)
			if !ok {
				break
			}
			body = head + strings.TrimLeft(tail, "-0123456789")
		}
	}
	return body
}

func TestManners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, sc := range []Scenario{
		{Name: "unknown route", Method: "GET", URL: "/api/v1/nothing", WantStatus: 404, WantBody: []string{`"code":"not_found"`}, WantHeaders: map[string]string{"Content-Type": "application/problem+json"}},
		{Name: "no method", Method: "BREW", URL: "/api/v1/reports", WantStatus: 405, WantBody: []string{`"code":"method_not_allowed"`}},
		{Name: "unknown page", Method: "GET", URL: "/wp-admin", WantStatus: 404},
		{Name: "health", Method: "GET", URL: "/healthz", WantStatus: 200, WantBody: []string{"ok"}},
		{Name: "ready", Method: "GET", URL: "/readyz", WantStatus: 200},
		{Name: "metrics", Method: "GET", URL: "/metrics", WantStatus: 200, WantBody: []string{"hientruong_http_request_seconds"}},
		{Name: "metrics through a proxy", Method: "GET", URL: "/metrics", Headers: map[string]string{"X-Forwarded-For": "203.0.113.7"}, WantStatus: 404},
		{Name: "openapi", Method: "GET", URL: "/openapi.json", WantStatus: 200, WantBody: []string{`"openapi":"3.1.0"`, "/api/v1/reports", "Idempotency-Key", "application/problem+json"}},
		{Name: "openapi as yaml", Method: "GET", URL: "/openapi.yaml", WantStatus: 200, WantBody: []string{"openapi: 3.1.0"}},
		{Name: "home", Method: "GET", URL: "/", WantStatus: 200, WantBody: []string{"Sông Mây"}, WantHeaders: map[string]string{"Content-Security-Policy": "*"}},
		{Name: "photo of nobody", Method: "GET", URL: "/api/v1/photos/" + uuid.NewString(), WantStatus: 404},
		{Name: "photo without an id", Method: "GET", URL: "/api/v1/photos/abc", WantStatus: 404},
		{Name: "own request id", Method: "GET", URL: "/healthz", Headers: map[string]string{"X-Request-Id": "abcd-1234.x"}, WantStatus: 200, WantHeaders: map[string]string{"X-Request-Id": "abcd-1234.x"}},
		{Name: "other jurisdiction", Method: "GET", URL: "/api/v1/photos/x?jurisdiction_id=nowhere", WantStatus: 422, WantBody: []string{"query.jurisdiction_id"}, NotBody: []string{"nowhere"}},
	} {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			response, body := w.send(sc.Method, sc.URL, sc.Headers, bytes.NewReader(nil))
			sc.check(t, response, body)
			if server := response.Header.Get("Server"); server != "" {
				t.Errorf("Server: %s", server)
			}
		})
	}
}

// A phone that keeps trying the same report over a bad line gets its answer, also when its
// limit is spent; a new report has to wait.
func TestSecondTryBeyondTheLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *handlers.Config) {
		limited, err := identity.New(identity.Config{Gorm: c.DB, Ledger: c.Ledger, Keys: c.Identity.Keys()})
		if err != nil {
			t.Fatal(err)
		}
		c.Identity = limited
	})
	token, _ := w.device()
	headers := jsonHeaders()
	headers["Authorization"] = "Bearer " + token
	first, body := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(pothole))
	Scenario{WantStatus: 201}.check(t, first, body)
	for range identity.Rates()[identity.LaneSubmit].Burst + 2 {
		again, replay := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(pothole))
		Scenario{WantStatus: 201, WantHeaders: map[string]string{"Idempotency-Replayed": "true"}}.check(t, again, replay)
	}
	headers["Idempotency-Key"] = uuid.NewString()
	other, refused := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(pothole))
	Scenario{WantStatus: 429, WantBody: []string{`"code":"rate_limited"`}, WantHeaders: map[string]string{"Retry-After": "*"}}.check(t, other, refused)
}
