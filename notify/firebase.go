// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	firebase "firebase.google.com/go/v4"
	"firebase.google.com/go/v4/messaging"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
	"google.golang.org/api/option"
)

// ErrFirebase is returned (wrapped) for settings that Firebase cannot be spoken to with.
var ErrFirebase = errors.New("notify: firebase settings")

// messagingScope is all the program asks of the service account.
const messagingScope = "https://www.googleapis.com/auth/firebase.messaging"

// androidChannel is the notification channel that the Android app makes.
const androidChannel = "reports"

// FirebaseConfig says how to reach Firebase Cloud Messaging.
type FirebaseConfig struct {
	Project         string
	CredentialsFile string        // JSON of a service account
	Endpoint        string        // with the version, such as http://127.0.0.1:9099/v1; "" for Google's
	Timeout         time.Duration // of one message; 0 for 10 s
}

// Firebase sends by the SDK of Firebase.
type Firebase struct {
	client    *messaging.Client
	transport *http.Transport
}

// NewFirebase reads the credentials; it sends nothing yet. The error of wrong settings
// is ErrFirebase and names the setting, never its content.
func NewFirebase(ctx context.Context, cfg FirebaseConfig) (*Firebase, error) {
	if cfg.Project == "" {
		return nil, fmt.Errorf("%w: no project", ErrFirebase)
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 10 * time.Second
	}
	key, err := os.ReadFile(cfg.CredentialsFile)
	if err != nil {
		return nil, fmt.Errorf("%w: credentials: %w", ErrFirebase, err)
	}
	account, err := google.JWTConfigFromJSON(key, messagingScope)
	if err != nil {
		return nil, fmt.Errorf("%w: credentials: %s holds no service account", ErrFirebase, cfg.CredentialsFile)
	}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second, ForceAttemptHTTP2: true,
	}
	// The token source outlives this call, and its own calls need a bound.
	tokens := account.TokenSource(context.WithValue(context.WithoutCancel(ctx), oauth2.HTTPClient,
		&http.Client{Transport: transport, Timeout: cfg.Timeout}))
	opts := []option.ClientOption{option.WithHTTPClient(&http.Client{
		Transport: once{next: &oauth2.Transport{Source: tokens, Base: transport}, timeout: cfg.Timeout},
	})}
	if cfg.Endpoint != "" {
		opts = append(opts, option.WithEndpoint(cfg.Endpoint))
	}
	app, err := firebase.NewApp(ctx, &firebase.Config{ProjectID: cfg.Project}, opts...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFirebase, err)
	}
	client, err := app.Messaging(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFirebase, err)
	}
	return &Firebase{client: client, transport: transport}, nil
}

// Close lets go of idle connections.
func (f *Firebase) Close() { f.transport.CloseIdleConnections() }

// Send makes one call a message, some 50 at a time, and tries none twice.
func (f *Firebase) Send(ctx context.Context, messages []Message) []Result {
	results := make([]Result, len(messages))
	wire := make([]*messaging.Message, len(messages))
	for i, m := range messages {
		wire[i] = toFirebase(m)
	}
	answers, err := f.client.SendEach(ctx, wire)
	for i := range results {
		if err != nil {
			results[i] = Result{Verdict: Later, Reason: "not_sent"}
			continue
		}
		results[i] = judgeFirebase(answers.Responses[i].Error, time.Now())
	}
	return results
}

// toFirebase makes the message of the HTTP contract. The notification's id is collapse
// key, tag and apns-collapse-id, so that a repeated push replaces the first.
func toFirebase(m Message) *messaging.Message {
	id, lifetime := m.NotificationID.String(), pushWithin
	return &messaging.Message{
		Token: m.Token,
		Data: map[string]string{
			"v": "1", "type": string(m.Kind), "notification_id": id, "event_id": strconv.FormatInt(m.Pos, 10),
			"report_id": m.ReportID.String(), "state": string(m.State), "link": m.Link,
		},
		Notification: &messaging.Notification{Title: m.Title, Body: m.Body},
		Android: &messaging.AndroidConfig{
			Priority: "high", CollapseKey: id, TTL: &lifetime,
			Notification: &messaging.AndroidNotification{Tag: id, ChannelID: androidChannel, Sound: "default"},
		},
		APNS: &messaging.APNSConfig{
			Headers: map[string]string{
				"apns-collapse-id": id, "apns-priority": "10", "apns-push-type": "alert",
				"apns-expiration": strconv.FormatInt(m.At.Add(lifetime).Unix(), 10),
			},
			Payload: &messaging.APNSPayload{Aps: &messaging.Aps{Sound: "default", MutableContent: true, ThreadID: m.ReportID.String()}},
		},
	}
}
