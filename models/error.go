// SPDX-License-Identifier: Apache-2.0

package models

import (
	"errors"
	"fmt"
	"time"
)

// Code names what went wrong, for clients. It is stable: clients switch on it, and
// the message catalogue is keyed by it.
type Code string

// The codes of the HTTP contract. Each has a title and a detail in the catalogue.
const (
	CodeInternal            Code = "internal"
	CodeValidation          Code = "validation"
	CodeMalformedBody       Code = "malformed_body"
	CodeBodyTooLarge        Code = "body_too_large"
	CodeUnsupportedMedia    Code = "unsupported_media_type"
	CodeMethodNotAllowed    Code = "method_not_allowed"
	CodeNotFound            Code = "not_found"
	CodeForbidden           Code = "forbidden"
	CodeUnauthorized        Code = "unauthorized"
	CodeInvalidCredentials  Code = "invalid_credentials" //nolint:gosec // a name, no secret
	CodeTokenExpired        Code = "token_expired"
	CodeOTPInvalid          Code = "otp_invalid"
	CodeOTPExpired          Code = "otp_expired"
	CodeTooManyTries        Code = "too_many_tries"
	CodeRateLimited         Code = "rate_limited"
	CodeQueueFull           Code = "queue_full"
	CodeStorageDown         Code = "storage_down"
	CodeUnavailable         Code = "unavailable"
	CodeTimeout             Code = "timeout"
	CodeIdempotencyMissing  Code = "idempotency_key_missing"
	CodeIdempotencyInvalid  Code = "idempotency_key_invalid"
	CodeIdempotencyConflict Code = "idempotency_conflict"
	CodeVersionMissing      Code = "version_missing"
	CodeVersionStale        Code = "version_stale"
	CodeTransitionRefused   Code = "transition_refused"
	CodeDemandMissing       Code = "demand_missing"
	CodeClaimHeld           Code = "claim_held"
	CodeAlreadyRated        Code = "already_rated"
	CodeRequired            Code = "required"
	CodeInvalidValue        Code = "invalid_value"
	CodeOutOfRange          Code = "out_of_range"
	CodeTooLong             Code = "too_long"
	CodeTooShort            Code = "too_short"
	CodeCursorInvalid       Code = "cursor_invalid"
	CodeCoordinatesSwapped  Code = "coordinates_swapped"
	CodeCoordinatesZero     Code = "coordinates_zero"
	CodeCRSSuspected        Code = "crs_suspected"
	CodeOutsideArea         Code = "outside_area"
	CodePlaceMissing        Code = "place_missing"
	CodeUnknownCategory     Code = "unknown_category"
	CodeUnknownUnit         Code = "unknown_unit"
	CodeUnknownReason       Code = "unknown_reason"
	CodeAttributeMissing    Code = "attribute_missing"
	CodeAttributeInvalid    Code = "attribute_invalid"
	CodePhoneInvalid        Code = "phone_invalid"
	CodeSOSIncomplete       Code = "sos_incomplete"
	CodePhotoTooLarge       Code = "photo_too_large"
	CodePhotoUnsupported    Code = "photo_unsupported"
	CodePhotoUnsafe         Code = "photo_unsafe"
	CodePhotoBroken         Code = "photo_broken"
	CodePhotoNotFound       Code = "photo_not_found"
	CodePhotoLimit          Code = "photo_limit"
	CodeRolesApart          Code = "roles_apart"
)

// Params fill the placeholders of a message. They never hold what the caller sent.
type Params map[string]any

// FieldError says what is wrong with one part of a request. Location is a path such
// as "body.location.lat", "query.bbox" or "header.If-Match".
type FieldError struct {
	Location string
	Code     Code
	Params   Params
}

// Error is the one error that leaves a room: a code and what the public may know of
// it. The cause stays inside: it is logged, never sent.
type Error struct {
	Code       Code
	Params     Params
	Fields     []FieldError
	RetryAfter time.Duration
	cause      error
}

// E makes an Error with a code, for what needs no more.
func E(code Code) *Error { return &Error{Code: code} }

// Wrap makes an Error with a code around its cause.
func Wrap(code Code, cause error) *Error { return &Error{Code: code, cause: cause} }

// Invalid makes the error of a request whose fields are wrong. The code of a single
// fault is the error's own; several are a CodeValidation.
func Invalid(fields ...FieldError) *Error {
	if len(fields) == 1 {
		return &Error{Code: fields[0].Code, Params: fields[0].Params, Fields: fields}
	}
	return &Error{Code: CodeValidation, Fields: fields}
}

// Field makes a FieldError.
func Field(location string, code Code, params Params) FieldError {
	return FieldError{Location: location, Code: code, Params: params}
}

// Retry returns the error with the time after which the caller may try again.
func (e *Error) Retry(after time.Duration) *Error {
	c := *e
	c.RetryAfter = after
	return &c
}

// Error describes the error for a log. It is not for the public.
func (e *Error) Error() string {
	s := string(e.Code)
	for _, f := range e.Fields {
		s += fmt.Sprintf(" [%s: %s]", f.Location, f.Code)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the cause, which may be nil.
func (e *Error) Unwrap() error { return e.cause }

// Is says that two Errors are alike when their codes are.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code
}

// CodeOf returns the code of an error; whatever is not an Error is CodeInternal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
