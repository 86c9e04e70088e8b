// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hientruong/handlers"
	"hientruong/live"
	"hientruong/models"
	"hientruong/views"
)

// newWatched is a cast whose server has streams.
func newWatched(t *testing.T, who ...string) (*cast, *live.Hub) {
	t.Helper()
	var config handlers.Config
	c := newCast(t, who, func(made *handlers.Config) { config = *made })
	hub := live.New(live.Config{
		DB: c.db.Gorm, Pool: c.db.Pool, Coalesce: 5 * time.Millisecond, Poll: 10 * time.Millisecond, Heartbeat: 50 * time.Millisecond, Recheck: 20 * time.Millisecond,
		Assembler: func(language models.Language) views.Assembler {
			return views.Assembler{Packs: c.packs.Load(), Language: language, Now: time.Now()}
		},
	})
	config.Live, config.Metrics = hub, prometheus.NewRegistry()
	c.serve(config)
	t.Cleanup(func() { within(t, hub.Close) })
	return c, hub
}

// following is an open stream.
type following struct {
	t      *testing.T
	lines  *bufio.Scanner
	header http.Header
	id     string
}

// follow opens a stream as somebody.
func (c *cast) follow(t *testing.T, who, query string, headers ...string) *following {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	request := must(http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/api/v1/live"+query, nil))(t)
	if token := c.tokens[who]; token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response := must(c.client.Do(request))(t)
	t.Cleanup(func() { _ = response.Body.Close() })
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, %v", response.StatusCode, response.Header)
	}
	return &following{t: t, lines: bufio.NewScanner(response.Body), header: response.Header}
}

// next is the data of the next event of a name; "" where the stream ended first.
func (f *following) next(event string) string {
	f.t.Helper()
	now := ""
	for f.lines.Scan() {
		name, value, _ := strings.Cut(f.lines.Text(), ": ")
		switch {
		case name == "id":
			f.id = value
		case name == "event":
			now = value
		case name == "data" && now == event:
			return value
		}
	}
	return ""
}

func TestAStreamOverHTTP(t *testing.T) {
	t.Parallel()
	c, hub := newWatched(t, guest, reporter, operator, verifier, unit, coordinator)
	public, centre := c.follow(t, guest, "?bbox=107,16,108,17"), c.follow(t, operator, "?category=den-duong&phase=working", "Accept-Language", "en")
	other := c.follow(t, operator, "?category=rac&near=16.46,107.59&radius=50000&urgent=false&unit=ioc")
	for _, f := range []*following{public, centre, other} {
		if f.next("ready") == "" {
			t.Fatal("a stream did not begin")
		}
	}
	r := c.accepted("")
	for who, f := range map[string]*following{"public": public, "centre": centre} {
		var said struct {
			ID       string
			Lat, Lon *float64
			Pos      int64
			Report   views.Short
		}
		if err := json.Unmarshal([]byte(f.next("upsert")), &said); err != nil {
			t.Fatal(err)
		}
		if said.ID != r.id || said.Report.Code != r.code || said.Lat == nil || said.Lon == nil || said.Pos == 0 || said.Report.Phase != models.PhaseWorking {
			t.Errorf("%s heard %+v", who, said)
		}
	}
	// Whoever comes back with the id of the last event, in the header or beside it, goes on.
	again := c.follow(t, guest, "?bbox=107,16,108,17&last_event_id="+public.id)
	header := c.follow(t, guest, "?bbox=107,16,108,17", "Last-Event-ID", public.id)
	c.step(verifier, r, "hide", map[string]any{"reason_code": "thong-tin-ca-nhan"}).want(200)
	for _, f := range []*following{public, again, header} {
		if data := f.next("leave"); !strings.Contains(data, r.id) || strings.Contains(data, "report") {
			t.Errorf("hidden: %q", data)
		}
	}
	within(t, hub.Close)
	for _, f := range []*following{public, centre, other, again, header} {
		if f.next("nothing more") != "" || f.lines.Err() != nil {
			t.Errorf("the stream did not end as it should: %v", f.lines.Err())
		}
	}
}

// A ticket opens one stream, on whatever node, and is no good a second time or after its
// session; it is no token either.
func TestATicketOpensOneStream(t *testing.T) {
	t.Parallel()
	c, _ := newWatched(t, guest, operator, citizen)
	var made struct {
		Ticket    string    `json:"ticket"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	ticket := func(who string) string {
		t.Helper()
		if err := json.Unmarshal([]byte(c.post(who, "/live/tickets", nil).want(201).body), &made); err != nil {
			t.Fatal(err)
		}
		if left := time.Until(made.ExpiresAt); left > 30*time.Second || left < 10*time.Second {
			t.Errorf("it is good for %v", left)
		}
		return made.Ticket
	}
	first := ticket(operator)
	f := c.follow(t, guest, "?view=operations&ticket="+first)
	if f.next("ready") == "" {
		t.Error("the stream did not begin")
	}
	c.get(guest, "/live?ticket="+first).want(401)
	c.get(guest, "/live?ticket=htt_nonsense").want(401)
	c.call(guest, http.MethodGet, "/api/v1/me", nil, "Authorization", "Bearer "+ticket(operator)).want(401)
	c.get(guest, "/live?view=operations&ticket="+ticket(citizen)).want(403)
	late := ticket(operator)
	c.post(operator, "/auth/logout", nil).want(204)
	c.get(guest, "/live?ticket="+late).want(401)
	if f.next("end") == "" {
		t.Error("the stream outlived its session")
	}
}

func TestAStreamThatCannotBegin(t *testing.T) {
	t.Parallel()
	c, hub := newWatched(t, guest, citizen)
	for query, status := range map[string]int{
		"?bbox=1,2,3": 422, "?bbox=108,16,107,17": 422, "?near=95,200": 422, "?phase=x": 422, "?view=own": 422, "?view=operations": 401, "?escalated=true": 401, "?radius=-1": 422,
	} {
		c.get(guest, "/live"+query).want(status)
	}
	c.get(citizen, "/live?view=unit").want(403)
	within(t, hub.Close)
	c.get(guest, "/live").want(503)
}
