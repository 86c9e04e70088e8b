// SPDX-License-Identifier: Apache-2.0

package fcmtest

import (
	"net/http"
	"strconv"
	"time"
)

// Act is how one try of a device token goes.
type Act struct {
	taken bool // the message is recorded as accepted
	play  func(s *Server, w http.ResponseWriter, r *http.Request)
}

// OK takes the message.
func OK() Act { return Act{taken: true} }

// Unregistered says that the app is gone from the phone: 404.
func Unregistered() Act {
	return fails(http.StatusNotFound, "NOT_FOUND", "Requested entity was not found.", 0, fcmError("UNREGISTERED"))
}

// InvalidToken says that the token never was one: 400.
func InvalidToken() Act {
	violation := map[string]any{
		"@type":           "type.googleapis.com/google.rpc.BadRequest",
		"fieldViolations": []map[string]string{{"field": "message.token", "description": "Invalid registration token"}},
	}
	return fails(http.StatusBadRequest, "INVALID_ARGUMENT", "The registration token is not a valid FCM registration token", 0,
		fcmError("INVALID_ARGUMENT"), violation)
}

// InvalidMessage says that something but the token is wrong: 400.
func InvalidMessage() Act {
	return fails(http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid argument.", 0, fcmError("INVALID_ARGUMENT"))
}

// SenderMismatch says that the token belongs to another project: 403.
func SenderMismatch() Act {
	return fails(http.StatusForbidden, "PERMISSION_DENIED", "SenderId mismatch", 0, fcmError("SENDER_ID_MISMATCH"))
}

// Quota says that it was too much: 429, with Retry-After in whole seconds unless 0.
func Quota(after time.Duration) Act {
	return fails(http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", "Quota exceeded.", after, fcmError("QUOTA_EXCEEDED"))
}

// Unavailable says that the server is overloaded: 503, with Retry-After in whole
// seconds unless 0.
func Unavailable(after time.Duration) Act {
	return fails(http.StatusServiceUnavailable, "UNAVAILABLE", "The service is currently unavailable.", after, fcmError("UNAVAILABLE"))
}

// Internal is an error of the server: 500.
func Internal() Act {
	return fails(http.StatusInternalServerError, "INTERNAL", "Internal error encountered.", 0, fcmError("INTERNAL"))
}

// Hang answers nothing until the caller leaves.
func Hang() Act {
	return Act{play: func(s *Server, _ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
	}}
}

// Drop ends the connection without an answer.
func Drop() Act { return Act{play: drop} }

// TakeAndDrop takes the message and ends the connection before saying so.
func TakeAndDrop() Act { return Act{taken: true, play: drop} }

// drop is how a handler of net/http ends its connection.
func drop(*Server, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func fails(status int, code, message string, after time.Duration, details ...map[string]any) Act {
	return Act{play: func(_ *Server, w http.ResponseWriter, _ *http.Request) {
		if after > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(after/time.Second)))
		}
		problem(w, status, code, message, details...)
	}}
}

func fcmError(code string) map[string]any {
	return map[string]any{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}
}
