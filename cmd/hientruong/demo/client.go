// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// client calls the server as a careful program does: bounded, with one Idempotency-Key
// for all tries, and back when it was told.
type client struct {
	base    string
	http    *http.Client
	slots   chan struct{} // calls under way
	over    <-chan struct{}
	summary *Summary
}

// request is one call. Body is nil for a GET.
type request struct {
	method, path string
	token        string
	installation string
	ifMatch      string
	language     string
	body         []byte
	contentType  string
}

// refusedError is an answer that is no success.
type refusedError struct {
	status int
	code   string
	detail string
}

func (e *refusedError) Error() string { return fmt.Sprintf("%d %s %s", e.status, e.code, e.detail) }

// errOver says that the play ended before an answer came.
var errOver = errors.New("demo: the play is over")

// The bounds of a call.
const (
	maxAnswer    = 8 << 20 // bytes
	triesOffline = 8       // when the server cannot be reached
)

// call sends a request until it is answered for good, and reads the answer into into, nil
// where there is nothing to read. The status is that of the answer. Anything but a success
// is a *refusedError; errOver once the play has ended.
func (c *client) call(ctx context.Context, r request, into any) (int, error) {
	key := uuid.NewString()
	offline := 0
	for {
		status, wait, err := c.once(ctx, r, key, into)
		var refused *refusedError
		switch {
		case err == nil:
			return status, nil
		case errors.As(err, &refused) && wait > 0:
			c.summary.toldToWait()
		case errors.As(err, &refused):
			if refused.status >= http.StatusInternalServerError {
				c.summary.problem("%s %s: %v", r.method, r.path, refused)
			}
			return status, err
		default:
			if offline++; offline == triesOffline {
				c.summary.problem("%s %s: %v", r.method, r.path, err)
				return 0, err
			}
			wait = time.Duration(offline) * 250 * time.Millisecond
		}
		if !c.rest(ctx, wait) {
			return 0, errOver
		}
	}
}

// rest waits, and says whether the play still goes on.
func (c *client) rest(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.over:
	case <-ctx.Done():
	}
	return false
}

// once tries a request. wait is above 0 where the server says when to come back.
func (c *client) once(ctx context.Context, r request, key string, into any) (status int, wait time.Duration, err error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return 0, 0, err
	}
	if r.body != nil {
		req.Header.Set("Content-Type", r.contentType)
		req.Header.Set("Idempotency-Key", key)
	}
	for name, value := range map[string]string{
		"Installation-Id": r.installation, "If-Match": r.ifMatch, "Accept-Language": r.language,
	} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	response, err := c.http.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return 0, 0, err
	}
	return answered(response, content, into)
}

func answered(response *http.Response, content []byte, into any) (int, time.Duration, error) {
	status := response.StatusCode
	if status < http.StatusBadRequest {
		if into == nil || len(content) == 0 {
			return status, 0, nil
		}
		if err := json.Unmarshal(content, into); err != nil {
			return status, 0, &refusedError{status: http.StatusInternalServerError, code: "unreadable", detail: err.Error()}
		}
		return status, 0, nil
	}
	var problem struct {
		Code   string `json:"code"`
		Detail string `json:"detail"`
	}
	// What is no problem document has no code, and that is told.
	_ = json.Unmarshal(content, &problem)
	refused := &refusedError{status: status, code: problem.Code, detail: problem.Detail}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
		if err != nil || seconds < 1 {
			return status, 0, refused
		}
		return status, time.Duration(seconds) * time.Second, refused
	}
	return status, 0, refused
}

// withJSON gives a request a body.
func (r request) withJSON(v any) (request, error) {
	content, err := json.Marshal(v)
	if err != nil {
		return r, fmt.Errorf("demo: request: %w", err)
	}
	r.body, r.contentType = content, "application/json"
	return r, nil
}

// part is one of a form: JSON, a plain field, or a picture where file is set.
type part struct {
	name, kind string
	content    []byte
	file       string
}

// withForm gives a request a multipart body.
func (r request) withForm(parts ...part) (request, error) {
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	for _, p := range parts {
		header := textproto.MIMEHeader{}
		disposition := fmt.Sprintf("form-data; name=%q", p.name)
		if p.file != "" {
			disposition += fmt.Sprintf("; filename=%q", p.file)
		}
		header.Set("Content-Disposition", disposition)
		header.Set("Content-Type", p.kind)
		w, err := form.CreatePart(header)
		if err != nil {
			return r, fmt.Errorf("demo: form: %w", err)
		}
		if _, err := w.Write(p.content); err != nil {
			return r, fmt.Errorf("demo: form: %w", err)
		}
	}
	if err := form.Close(); err != nil {
		return r, fmt.Errorf("demo: form: %w", err)
	}
	r.body, r.contentType = out.Bytes(), form.FormDataContentType()
	return r, nil
}
