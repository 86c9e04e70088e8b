// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/riverqueue/river"

	"hientruong/models"
	"hientruong/photos"
	"hientruong/views"
)

// render plays the job that renders a photo.
func (w *world) render(id uuid.UUID) {
	w.tb.Helper()
	worker := photos.Worker{Studio: w.studio, Logger: discard}
	job := &river.Job[photos.RenderArgs]{Args: photos.RenderArgs{Jurisdiction: w.j, ID: id}}
	if err := worker.Work(w.tb.Context(), job); err != nil {
		w.tb.Fatal(err)
	}
}

func parse[T any](t *testing.T, body string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

func TestPhotosInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.device()
	parts := map[string][]byte{"report": []byte(pothole), "photos1": picture(t, 10), "photos2": picture(t, 90)}
	for _, order := range [][]string{{"report", "photos1", "photos2"}, {"photos1", "photos2", "report"}, {"photos2", "report", "photos1"}} {
		response, body := w.sendForm(t, "/api/v1/reports", token, parts, order...)
		Scenario{WantStatus: 201}.check(t, response, body)
		if own := parse[views.Own](t, body); len(own.Photos) != 2 || own.Photos[0].Status != models.PhotoPending {
			t.Errorf("%v: %v", order, own.Photos)
		}
	}
	if n := w.staged(); n != 6 {
		t.Errorf("%d staged", n)
	}
}

func TestNothingHalfStaysBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.device()
	many := map[string][]byte{"report": []byte(pothole)}
	order := []string{"report"}
	for i := range 7 {
		name := fmt.Sprintf("photos%d", i)
		many[name] = picture(t, uint8(20*i))
		order = append(order, name)
	}
	for name, try := range map[string]struct {
		parts map[string][]byte
		order []string
		want  Scenario
	}{
		"a bad report after a photo": {map[string][]byte{"photos": picture(t, 1), "report": []byte(`{}`)}, []string{"photos", "report"}, Scenario{WantStatus: 422}},
		"no report":                  {map[string][]byte{"photos": picture(t, 1)}, nil, Scenario{WantStatus: 422, WantBody: []string{"body.report", `"code":"required"`}}},
		"a part of another name":     {map[string][]byte{"photos": picture(t, 1), "pwn": nil}, []string{"photos", "pwn"}, Scenario{WantStatus: 422, NotBody: []string{"pwn"}}},
		"two reports":                {map[string][]byte{"photos": picture(t, 1), "report1": []byte(pothole), "report2": []byte(pothole)}, []string{"photos", "report1", "report2"}, Scenario{WantStatus: 422}},
		"too many photos":            {many, order, Scenario{WantStatus: 422, WantBody: []string{`"code":"photo_limit"`}}},
		"no picture":                 {map[string][]byte{"report": []byte(pothole), "photos": []byte("GIF89a")}, nil, Scenario{WantStatus: 415, WantBody: []string{`"code":"photo_unsupported"`, "body.photos"}}},
	} {
		response, body := w.sendForm(t, "/api/v1/reports", token, try.parts, try.order...)
		t.Log(name)
		try.want.check(t, response, body)
	}
	if reports, staged, rows := w.count("reports"), w.staged(), w.count("photos"); reports != 0 || staged != 0 || rows != 0 {
		t.Errorf("%d reports, %d staged objects and %d photos are left", reports, staged, rows)
	}
}

func TestASecondTryStagesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.device()
	key, shot := uuid.NewString(), picture(t, 5)
	form := "--b\r\nContent-Disposition: form-data; name=\"report\"\r\n\r\n" + pothole + "\r\n--b\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"x\"\r\n\r\n" + string(shot) + "\r\n--b--\r\n"
	headers := map[string]string{"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": key, "Authorization": "Bearer " + token}
	first, body := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(form))
	Scenario{WantStatus: 201}.check(t, first, body)
	second, replay := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(form))
	Scenario{WantStatus: 201, WantHeaders: map[string]string{"Idempotency-Replayed": "true"}}.check(t, second, replay)
	if diff := cmp.Diff(stripSeconds(body), stripSeconds(replay)); diff != "" {
		t.Errorf("the second answer differs (-first +second):\n%s", diff)
	}
	if w.count("reports") != 1 || w.staged() != 1 {
		t.Errorf("%d reports, %d staged", w.count("reports"), w.staged())
	}
}

func TestStoreDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.device()
	w.store.set(true)
	response, body := w.sendForm(t, "/api/v1/reports", token, map[string][]byte{"report": []byte(pothole), "photos": picture(t, 1)}, "report", "photos")
	Scenario{WantStatus: 503, WantBody: []string{`"code":"storage_down"`}, WantHeaders: map[string]string{"Retry-After": "5"}}.check(t, response, body)
	headers := jsonHeaders()
	headers["Authorization"] = "Bearer " + token
	response, body = w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(pothole))
	Scenario{WantStatus: 201}.check(t, response, body)
	id := parse[views.Own](t, body).ID.String()
	w.store.set(false)
	response, body = w.sendForm(t, "/api/v1/reports/"+id+"/photos", token, map[string][]byte{"photos": picture(t, 1)})
	Scenario{WantStatus: 201, WantBody: []string{`"status":"pending"`}}.check(t, response, body)
	if w.count("reports") != 1 || w.count("photos") != 1 {
		t.Errorf("%d reports, %d photos", w.count("reports"), w.count("photos"))
	}
	stranger, _ := w.device()
	response, body = w.sendForm(t, "/api/v1/reports/"+id+"/photos", stranger, map[string][]byte{"photos": picture(t, 1)})
	Scenario{WantStatus: 404}.check(t, response, body)
	if n := w.staged(); n != 1 {
		t.Errorf("%d staged", n)
	}
}

func TestUploadThenName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.device()
	response, body := w.sendForm(t, "/api/v1/photos", token, map[string][]byte{"photo": picture(t, 1), "kind": []byte("before")}, "photo", "kind")
	Scenario{WantStatus: 201, WantBody: []string{`"status":"pending"`, `"kind":"before"`}}.check(t, response, body)
	photo := parse[views.Photo](t, body)
	headers := jsonHeaders()
	headers["Authorization"] = "Bearer " + token
	response, body = w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(strings.Replace(pothole, "{", `{"photo_ids":["`+photo.ID.String()+`"],`, 1)))
	Scenario{WantStatus: 201, WantBody: []string{photo.ID.String()}}.check(t, response, body)
	w.render(photo.ID)
	bearer := map[string]string{"Authorization": "Bearer " + token}
	path := "/api/v1/photos/" + photo.ID.String()
	response, body = w.send(http.MethodGet, path+"?size=thumb", bearer, nil)
	Scenario{WantStatus: 200, WantHeaders: map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=300", "Etag": "*"}}.check(t, response, "")
	if !strings.HasPrefix(body, "\xff\xd8") {
		t.Error("no JPEG")
	}
	bearer["If-None-Match"] = response.Header.Get("Etag")
	response, body = w.send(http.MethodGet, path+"?size=thumb", bearer, nil)
	Scenario{WantStatus: 304}.check(t, response, body)
	response, body = w.send(http.MethodGet, path+"?size=giant", bearer, nil)
	Scenario{WantStatus: 422, WantBody: []string{"query.size"}, NotBody: []string{"giant"}}.check(t, response, body)
	response, body = w.send(http.MethodGet, path, nil, nil)
	Scenario{WantStatus: 404}.check(t, response, body)
	w.store.set(true)
	response, body = w.send(http.MethodGet, path, bearer, nil)
	Scenario{WantStatus: 503, WantHeaders: map[string]string{"Retry-After": "*"}}.check(t, response, body)
}

func TestSignedAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.device()
	key := uuid.NewString()
	form := "--b\r\nContent-Disposition: form-data; name=\"report\"\r\n\r\n" + pothole + "\r\n--b\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"x\"\r\n\r\n" + string(picture(t, 5)) + "\r\n--b--\r\n"
	headers := map[string]string{"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": key, "Authorization": "Bearer " + token}
	_, body := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(form))
	w.render(parse[views.Own](t, body).Photos[0].ID)
	_, body = w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(form))
	address := parse[views.Own](t, body).Photos[0].ViewURL
	response, _ := w.send(http.MethodGet, address, nil, nil)
	Scenario{WantStatus: 200}.check(t, response, address)
	unsigned, _, _ := strings.Cut(address, "&sig")
	for name, bad := range map[string]string{
		"another size":    strings.Replace(address, "size=view", "size=original", 1),
		"a later end":     strings.Replace(address, "exp=1", "exp=9", 1),
		"no signature":    unsigned,
		"half of it":      address[:len(address)-8],
		"another photo":   strings.Replace(address, "/photos/0", "/photos/1", 1),
		"an end long ago": strings.Replace(address, "exp=", "exp=-", 1),
	} {
		response, body := w.send(http.MethodGet, bad, nil, nil)
		t.Log(name, bad)
		Scenario{WantStatus: 404}.check(t, response, body)
	}
}

// TestTheConnectionStaysClean sends bodies that are refused before they are read, and a
// chunked form whose last chunk comes after the closing boundary, on one connection.
func TestTheConnectionStaysClean(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conn := must(net.Dial("tcp", strings.TrimPrefix(w.url, "http://")))(t)
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	reader := bufio.NewReader(conn)
	chunk := func(s string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(s), s) }
	form := "--b\r\nContent-Disposition: form-data; name=\"report\"\r\n\r\n" + pothole + "\r\n--b--\r\n"
	key := "Idempotency-Key: " + uuid.NewString() + "\r\n"
	junk := strings.Repeat("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 20000)
	for _, request := range []struct {
		text string
		want int
	}{
		{"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + fmt.Sprint(len(junk)) + "\r\n\r\n" + junk, 400},
		{"POST /api/v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: " + fmt.Sprint(len(junk)) + "\r\n\r\n" + junk, 404},
		{"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\n" + key + "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(form[:40]) + chunk(form[40:]) + chunk("epilogue") + "0\r\n\r\n", 201},
		{"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\n" + key + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(junk) + "0\r\n\r\n", 413},
		{"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody", 200},
		{"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 200},
	} {
		go func() { _, _ = io.WriteString(conn, request.text) }()
		response := must(http.ReadResponse(reader, nil))(t)
		body := must(io.ReadAll(response.Body))(t)
		if response.StatusCode != request.want {
			t.Errorf("%.60q: %d, want %d: %s", request.text, response.StatusCode, request.want, body)
		}
	}
}

func TestABodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shot := picture(t, 5)
	form := "--b\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"x\"\r\n\r\n" + string(shot[:len(shot)/2])
	response, body := w.send(http.MethodPost, "/api/v1/reports", map[string]string{"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": uuid.NewString()}, strings.NewReader(form))
	Scenario{WantStatus: 400, WantBody: []string{`"code":"malformed_body"`}}.check(t, response, body)
	conn := must(net.Dial("tcp", strings.TrimPrefix(w.url, "http://")))(t)
	_, _ = io.WriteString(conn, "POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nIdempotency-Key: "+uuid.NewString()+"\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 999999\r\n\r\n"+form+strings.Repeat("x", 64<<10))
	_ = conn.Close()
	eventually(t, func() bool { return strings.Count(w.log.String(), `"route":"/api/v1/reports"`) == 2 })
	if w.count("reports") != 0 || w.staged() != 0 {
		t.Errorf("%d reports, %d staged", w.count("reports"), w.staged())
	}
}

// eventually polls for what another goroutine will have done soon.
func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatal("it never happened")
		case <-tick.C:
		}
	}
}

// TestLogsHoldNobody sends what is personal and looks for it in the log.
func TestLogsHoldNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, device := w.device()
	body := strings.Replace(pothole, "}}", `},"address":"12 Canary","reporter":{"name":"Canary Nguyễn","phone":"0987654321","email":"canary@example.org"}}`, 1)
	headers := jsonHeaders()
	headers["Authorization"] = "Bearer " + token
	response, answer := w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(body))
	Scenario{WantStatus: 201, NotBody: []string{"0987654321", "canary@example.org"}}.check(t, response, answer)
	_, _ = w.send(http.MethodPost, "/api/v1/reports", headers, strings.NewReader(strings.Replace(body, "o-ga", "canary", 1)))
	_, _ = w.send(http.MethodGet, "/api/v1/canary-path?phone=0987654321", headers, nil)
	eventually(t, func() bool { return strings.Count(w.log.String(), `"msg":"request"`) == 3 })
	for _, canary := range []string{"anary", "987654321", "Ổ gà", token, device.String(), "16.48"} {
		if strings.Contains(w.log.String(), canary) {
			t.Errorf("the log holds %s:\n%s", canary, w.log)
		}
	}
}
