// SPDX-License-Identifier: Apache-2.0

package fcmtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"

	"hientruong/notify/fcmtest"
)

const scope = "https://www.googleapis.com/auth/firebase.messaging"

// listen runs a server whose faults are what a test looks for.
func listen(t *testing.T) *fcmtest.Server {
	t.Helper()
	server, err := fcmtest.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func account(t *testing.T, key []byte, scope string) oauth2.TokenSource {
	t.Helper()
	cfg, err := google.JWTConfigFromJSON(key, scope)
	if err != nil {
		t.Fatal(err)
	}
	return cfg.TokenSource(t.Context())
}

// post sends a body with the bearer of a token source, and returns the status and answer.
func post(ctx context.Context, t *testing.T, tokens oauth2.TokenSource, url, contentType, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	client := &http.Client{Transport: &oauth2.Transport{Source: tokens, Base: &http.Transport{DisableKeepAlives: true}}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestMessagesThatFirebaseWouldRefuse(t *testing.T) {
	t.Parallel()
	server := listen(t)
	tokens := account(t, server.Credentials(), scope)
	send := server.Endpoint() + "/projects/" + fcmtest.Project + "/messages:send"
	long := strings.Repeat("x", 65)
	for name, body := range map[string]string{
		"not JSON":             `{`,
		"more than JSON":       `{"message":{"token":"t"}}{}`,
		"no message":           `{}`,
		"no token":             `{"message":{}}`,
		"unknown field":        `{"message":{"token":"t","to":"x"}}`,
		"data of numbers":      `{"message":{"token":"t","data":{"v":1}}}`,
		"reserved key":         `{"message":{"token":"t","data":{"google.x":"1"}}}`,
		"reserved Android key": `{"message":{"token":"t","android":{"data":{"from":"1"}}}}`,
		"long collapse key":    `{"message":{"token":"t","android":{"collapse_key":"` + long + `"}}}`,
		"long collapse id":     `{"message":{"token":"t","apns":{"headers":{"apns-collapse-id":"` + long + `"}}}}`,
		"wrong priority":       `{"message":{"token":"t","android":{"priority":"urgent"}}}`,
		"wrong APNs priority":  `{"message":{"token":"t","apns":{"headers":{"apns-priority":"9"}}}}`,
		"wrong lifetime":       `{"message":{"token":"t","android":{"ttl":"1h"}}}`,
		"unknown APNs header":  `{"message":{"token":"t","apns":{"headers":{"apns-id-x":"1"}}}}`,
		"too large":            `{"message":{"token":"t","notification":{"body":"` + strings.Repeat("ă", 2048) + `x"}}}`,
	} {
		before := len(server.Faults())
		if status, answer := post(t.Context(), t, tokens, send, "application/json", body); status != http.StatusBadRequest || !strings.Contains(answer, "INVALID_ARGUMENT") {
			t.Errorf("%s: %d %s", name, status, answer)
		}
		if after := len(server.Faults()); after != before+1 {
			t.Errorf("%s: %d faults noted", name, after-before)
		}
	}
	if status, _ := post(t.Context(), t, tokens, send, "text/plain", `{"message":{"token":"t"}}`); status != http.StatusBadRequest {
		t.Errorf("plain text: %d", status)
	}
	if status, _ := post(t.Context(), t, tokens, server.Endpoint()+"/projects/other/messages:send", "application/json", `{"message":{"token":"t"}}`); status != http.StatusNotFound {
		t.Errorf("another project: %d", status)
	}
	if got := server.Accepted(); len(got) != 0 {
		t.Errorf("%d messages were taken", len(got))
	}
	if status, answer := post(t.Context(), t, tokens, send, "application/json", `{"message":{"token":"t","data":{"v":"1"}}}`); status != http.StatusOK || !strings.Contains(answer, "/messages/1") {
		t.Errorf("a good message: %d %s", status, answer)
	}
}

func TestBearers(t *testing.T) {
	t.Parallel()
	server, other := listen(t), listen(t)
	send := server.Endpoint() + "/projects/" + fcmtest.Project + "/messages:send"
	const body = `{"message":{"token":"t"}}`
	if status, _ := post(t.Context(), t, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "made up"}), send, "application/json", body); status != http.StatusUnauthorized {
		t.Errorf("a bearer that was made up: %d", status)
	}
	tokens := account(t, server.Credentials(), scope)
	if status, _ := post(t.Context(), t, tokens, send, "application/json", body); status != http.StatusOK {
		t.Errorf("its own bearer: %d", status)
	}
	server.Expire()
	if status, _ := post(t.Context(), t, tokens, send, "application/json", body); status != http.StatusUnauthorized {
		t.Errorf("an expired bearer: %d", status)
	}
	if _, err := account(t, server.Credentials(), "https://www.googleapis.com/auth/drive").Token(); err == nil {
		t.Error("a scope that does not reach messaging got a bearer")
	}
	// The key of another server, with this one's addresses.
	if _, err := account(t, withKeyOf(t, server, other), scope).Token(); err == nil {
		t.Error("a key that is not the account's got a bearer")
	}
}

func withKeyOf(t *testing.T, server, other *fcmtest.Server) []byte {
	t.Helper()
	var mine, theirs map[string]string
	for key, into := range map[*fcmtest.Server]*map[string]string{server: &mine, other: &theirs} {
		if err := json.NewDecoder(bytes.NewReader(key.Credentials())).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	mine["private_key"] = theirs["private_key"]
	forged, err := json.Marshal(mine)
	if err != nil {
		t.Fatal(err)
	}
	return forged
}
