// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"firebase.google.com/go/v4/errorutils"
	"firebase.google.com/go/v4/messaging"
)

// quotaWait is what Firebase wants after a 429 that names no time.
const quotaWait = time.Minute

// judgeFirebase reads an answer of Firebase. A sender mismatch keeps the token: it more
// likely is a wrong project in the settings than a wrong phone. So do 401 and 403, and
// they are tried again, for they end when the settings are mended.
func judgeFirebase(err error, now time.Time) Result {
	answer := errorutils.HTTPResponse(err) //nolint:bodyclose // the client has read and closed it
	switch {
	case err == nil:
		return Result{Verdict: Sent, Reason: "sent"}
	case messaging.IsUnregistered(err):
		return Result{Verdict: Gone, Reason: "unregistered"}
	case messaging.IsSenderIDMismatch(err):
		return Result{Verdict: Refused, Reason: "sender_id_mismatch"}
	case answer == nil:
		return Result{Verdict: Later, Reason: "not_sent"}
	case answer.Header.Get(faultHeader) != "":
		return Result{Verdict: Later, Reason: answer.Header.Get(faultHeader)}
	}
	after := retryAfter(answer.Header, now)
	switch status := answer.StatusCode; {
	case status == http.StatusBadRequest && isAboutToken(answer):
		return Result{Verdict: Gone, Reason: "invalid_token"}
	case status == http.StatusTooManyRequests && after == 0:
		return Result{Verdict: Later, Reason: "quota", After: quotaWait}
	case status == http.StatusTooManyRequests:
		return Result{Verdict: Later, Reason: "quota", After: after}
	case status >= http.StatusInternalServerError && messaging.IsUnavailable(err):
		return Result{Verdict: Later, Reason: "unavailable", After: after}
	case status >= http.StatusInternalServerError, status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound:
		return Result{Verdict: Later, Reason: "http_" + strconv.Itoa(status), After: after}
	default:
		return Result{Verdict: Refused, Reason: "http_" + strconv.Itoa(status)}
	}
}

// isAboutToken tells a token that never was one from another fault of the message.
func isAboutToken(answer *http.Response) bool {
	var problem struct {
		Error struct {
			Message string `json:"message"`
			Details []struct {
				FieldViolations []struct {
					Field string `json:"field"`
				} `json:"fieldViolations"`
			} `json:"details"`
		} `json:"error"`
	}
	if json.NewDecoder(answer.Body).Decode(&problem) != nil {
		return false
	}
	for _, detail := range problem.Error.Details {
		for _, violation := range detail.FieldViolations {
			if violation.Field == "message.token" {
				return true
			}
		}
	}
	return strings.Contains(problem.Error.Message, "not a valid FCM registration token")
}

// retryAfter reads the header in either of its forms; 0 where it is missing, wrong or past.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return max(time.Duration(seconds)*time.Second, 0)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
