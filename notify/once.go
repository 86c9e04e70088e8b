// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// faultHeader names what went wrong below HTTP, in an answer that no server gave.
const faultHeader = "X-Notify-Fault"

// The faults below HTTP.
const (
	faultTimeout    = "timeout"
	faultConnection = "connection"
)

// once makes the SDK try each message once. By itself it repeats after a 503 or a
// fault of the network, up to four times and two minutes each, inside the call, while
// the results of the other messages wait unwritten. So faults become answers, a 503
// becomes a 502, which it does not repeat, and repeating is left to the job.
type once struct {
	next    http.RoundTripper
	timeout time.Duration // of one message
}

// RoundTrip returns an error only when the caller has given up.
func (o once) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(request.Context(), o.timeout)
	defer cancel()
	answer, err := o.next.RoundTrip(request.WithContext(ctx))
	if err == nil {
		err = buffer(answer)
	}
	switch {
	case request.Context().Err() != nil:
		return nil, request.Context().Err()
	case err != nil:
		return faulty(request, err), nil
	case answer.StatusCode == http.StatusServiceUnavailable:
		answer.StatusCode = http.StatusBadGateway
	}
	return answer, nil
}

// buffer reads the body while its context lives. An answer of Firebase is short.
func buffer(answer *http.Response) error {
	const longest = 64 << 10
	body, err := io.ReadAll(io.LimitReader(answer.Body, longest))
	err = errors.Join(err, answer.Body.Close())
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return err
}

func faulty(request *http.Request, err error) *http.Response {
	status, fault := http.StatusBadGateway, faultConnection
	var network net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout() {
		status, fault = http.StatusGatewayTimeout, faultTimeout
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{faultHeader: {fault}}, Body: io.NopCloser(strings.NewReader("{}")), Request: request,
	}
}
