// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// phones is how many phones reach the city's servers: over a few kept connections.
type phones struct {
	client *http.Client
	base   string // http://host:port
}

func newPhones(tb testing.TB, address string) *phones {
	transport := &http.Transport{MaxIdleConnsPerHost: 128, ResponseHeaderTimeout: 90 * time.Second}
	tb.Cleanup(transport.CloseIdleConnections)
	return &phones{client: &http.Client{Transport: transport}, base: "http://" + address}
}

// phone is one that has signed in.
type phone struct {
	*phones
	id, installation uuid.UUID
	token            string // bearer
	fcm              string // where pushes reach it
}

// answer is what came back. A status of 0 is none.
type answer struct {
	status   int
	body     []byte
	replayed bool
	after    string // Retry-After
}

func (a answer) String() string { return fmt.Sprintf("%d %.300s", a.status, a.body) }

// send makes one request. Whatever goes wrong on the way is an answer of status 0.
func (p *phones) send(ctx context.Context, method, path string, headers map[string]string, body io.Reader) answer {
	request, err := http.NewRequestWithContext(ctx, method, p.base+path, body)
	if err != nil {
		return answer{body: []byte(err.Error())}
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := p.client.Do(request)
	if err != nil {
		return answer{body: []byte(err.Error())}
	}
	content, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return answer{body: []byte(err.Error())}
	}
	return answer{response.StatusCode, content, response.Header.Get("Idempotency-Replayed") == "true", response.Header.Get("Retry-After")}
}

func (p *phones) post(ctx context.Context, path string, headers map[string]string, body any) answer {
	content, err := json.Marshal(body)
	if err != nil {
		return answer{body: []byte(err.Error())}
	}
	headers["Content-Type"] = "application/json"
	return p.send(ctx, http.MethodPost, path, headers, bytes.NewReader(content))
}

// signIn makes a new phone that is signed in, once: it may fail like any call.
func (p *phones) signIn(ctx context.Context) (*phone, answer) {
	made := &phone{phones: p, id: uuid.New(), installation: uuid.New()}
	a := p.post(ctx, "/api/v1/auth/device", map[string]string{}, map[string]any{
		"device_id": made.id, "secret": strings.ReplaceAll(uuid.NewString(), "-", ""), "platform": "android", "language": "vi",
	})
	var grant struct{ Token string }
	if a.status == http.StatusOK {
		if err := json.Unmarshal(a.body, &grant); err != nil {
			return nil, answer{body: []byte(err.Error())}
		}
	}
	made.token = grant.Token
	return made, a
}

// register lets the phone get pushes.
func (p *phone) register(ctx context.Context) answer {
	p.fcm = "token-of-" + p.id.String()
	return p.post(ctx, "/api/v1/devices", p.headers(uuid.New()), map[string]any{"fcm_token": p.fcm, "platform": "android"})
}

func (p *phone) headers(key uuid.UUID) map[string]string {
	return map[string]string{"Authorization": "Bearer " + p.token, "Idempotency-Key": key.String(), "Installation-Id": p.installation.String()}
}

// somewhere is a point in the demo's first ward.
func somewhere() map[string]any {
	return map[string]any{"lat": 16.470 + rand.Float64()*0.003, "lon": 107.570 + rand.Float64()*0.01, "source": "gps", "accuracy_m": 12}
}

// describe makes a report whose words hold its key, so that it is known again.
func describe(key uuid.UUID) map[string]any {
	return map[string]any{"category": "o-ga", "description": "Ổ gà sâu trước cổng trường " + key.String(), "location": somewhere()}
}

// report sends one.
func (p *phone) report(ctx context.Context, key uuid.UUID, what map[string]any) answer {
	return p.post(ctx, "/api/v1/reports", p.headers(key), what)
}

// reportID reads a report's id from an answer; uuid.Nil where there is none.
func (a answer) reportID() uuid.UUID {
	var report struct{ ID uuid.UUID }
	if json.Unmarshal(a.body, &report) != nil {
		return uuid.Nil
	}
	return report.ID
}

// mustSignIn makes a phone where nothing may go wrong.
func (p *phones) mustSignIn(t *testing.T) *phone {
	t.Helper()
	made, a := p.signIn(t.Context())
	if a.status != http.StatusOK {
		t.Fatalf("signing in: %v", a)
	}
	return made
}
