// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"hientruong/notify/fcmtest"
)

// Pushes is how fast messages drain to a server that speaks FCM's protocol on the same
// machine, answering at once.
type Pushes struct {
	Devices   int
	Messages  int
	PerSecond float64
}

const pushDevices = 300

// pushes files reports from devices with an FCM token while no worker runs, then starts
// one and takes the time until the last message has come.
func (w *world) pushes(ctx context.Context) (out Pushes, err error) {
	fcm, err := fcmtest.Listen("127.0.0.1:0")
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, fcm.Close()) }()
	credentials := filepath.Join(w.config.Dir, "fcm.json")
	if err := os.WriteFile(credentials, fcm.Credentials(), 0o600); err != nil {
		return out, err
	}
	env := []string{"HIENTRUONG_FIREBASE_PROJECT=" + fcmtest.Project, "HIENTRUONG_FIREBASE_CREDENTIALS=" + credentials, "HIENTRUONG_FIREBASE_ENDPOINT=" + fcm.Endpoint()}
	messages, err := w.fileFromDevices(ctx, env)
	if err != nil {
		return out, err
	}
	started := time.Now()
	worker, err := w.start(ctx, "worker", env...)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, worker.stop()) }()
	waiting, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	accepted, err := fcm.Wait(waiting, messages)
	if err != nil {
		return out, fmt.Errorf("%d of %d messages came: %w", len(accepted), messages, err)
	}
	return Pushes{Devices: pushDevices, Messages: messages, PerSecond: float64(messages) / time.Since(started).Seconds()}, nil
}

// fileFromDevices signs devices in and lets each file what its limit allows. It returns
// the number of reports: each is one message.
func (w *world) fileFromDevices(ctx context.Context, env []string) (n int, err error) {
	server, err := w.start(ctx, "serve", env...)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	tokens := make([]string, pushDevices)
	for i := range tokens {
		if tokens[i], err = signIn(ctx, server.url, i); err != nil {
			return 0, err
		}
	}
	var mu sync.Mutex
	used := 0
	_, err = intake(ctx, server.url, 8, 2*time.Second, func(int) string {
		mu.Lock()
		defer mu.Unlock()
		used++
		return tokens[used%pushDevices]
	})
	if err != nil {
		return 0, err
	}
	err = w.pool.QueryRow(ctx, "SELECT count(*) FROM reports WHERE device_id IS NOT NULL").Scan(&n)
	return n, err
}

// signIn makes a device known with a push token and returns its access token.
func signIn(ctx context.Context, url string, number int) (string, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: the program would have ended
	var grant struct {
		Token string `json:"token"`
	}
	err := call(ctx, url+"/api/v1/auth/device", "", map[string]string{
		"device_id": uuid.NewString(), "secret": base64.StdEncoding.EncodeToString(secret), "platform": "android", "app_version": "1.0", "language": "vi",
	}, &grant)
	if err != nil {
		return "", err
	}
	return grant.Token, call(ctx, url+"/api/v1/devices", grant.Token, map[string]string{
		"fcm_token": fmt.Sprintf("bench-token-%d", number), "platform": "android", "language": "vi",
	}, nil)
}

// call posts JSON and reads the answer.
func call(ctx context.Context, url, bearer string, body, into any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(string(content)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", uuid.NewString())
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s: %s", url, answer.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(into)
}
