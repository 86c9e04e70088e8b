// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hientruong/models"
	"hientruong/words"
)

// Problem is an RFC 9457 problem document. Its texts are in the caller's language, and
// nothing in it repeats what the caller sent.
type Problem struct {
	Type      string         `json:"type" example:"urn:hientruong:problem:unknown_category" doc:"A URN that ends in the code."`
	Title     string         `json:"title" doc:"What is wrong, in the caller's language."`
	Status    int            `json:"status" example:"422" doc:"The HTTP status."`
	Code      string         `json:"code" example:"unknown_category" doc:"Stable; for programs to switch on."`
	Detail    string         `json:"detail" doc:"What to do about it, in the caller's language."`
	RequestID string         `json:"request_id,omitempty" doc:"The X-Request-Id of the answer, to be told to the operators."`
	Errors    []ProblemField `json:"errors,omitempty" doc:"What is wrong with which part of the request."`

	retryAfter int // seconds; 0 for none
}

// ProblemField says what is wrong with one part of a request.
type ProblemField struct {
	Location string        `json:"location" example:"body.location.lat"`
	Code     string        `json:"code" example:"out_of_range"`
	Params   models.Params `json:"params,omitempty" doc:"Limits that the part did not keep."`
	Message  string        `json:"message"`
}

const problemType = "application/problem+json"

// statuses is the one table from codes to HTTP statuses.
var statuses = map[models.Code]int{
	models.CodeInternal:            http.StatusInternalServerError,
	models.CodeValidation:          http.StatusUnprocessableEntity,
	models.CodeMalformedBody:       http.StatusBadRequest,
	models.CodeBodyTooLarge:        http.StatusRequestEntityTooLarge,
	models.CodeUnsupportedMedia:    http.StatusUnsupportedMediaType,
	models.CodeMethodNotAllowed:    http.StatusMethodNotAllowed,
	models.CodeNotFound:            http.StatusNotFound,
	models.CodeForbidden:           http.StatusForbidden,
	models.CodeUnauthorized:        http.StatusUnauthorized,
	models.CodeInvalidCredentials:  http.StatusUnauthorized,
	models.CodeTokenExpired:        http.StatusUnauthorized,
	models.CodeOTPInvalid:          http.StatusUnprocessableEntity,
	models.CodeOTPExpired:          http.StatusUnprocessableEntity,
	models.CodeTooManyTries:        http.StatusTooManyRequests,
	models.CodeRateLimited:         http.StatusTooManyRequests,
	models.CodeQueueFull:           http.StatusServiceUnavailable,
	models.CodeStorageDown:         http.StatusServiceUnavailable,
	models.CodeUnavailable:         http.StatusServiceUnavailable,
	models.CodeTimeout:             http.StatusGatewayTimeout,
	models.CodeIdempotencyMissing:  http.StatusBadRequest,
	models.CodeIdempotencyInvalid:  http.StatusBadRequest,
	models.CodeIdempotencyConflict: http.StatusUnprocessableEntity,
	models.CodeVersionMissing:      http.StatusPreconditionRequired,
	models.CodeVersionStale:        http.StatusPreconditionFailed,
	models.CodeTransitionRefused:   http.StatusConflict,
	models.CodeDemandMissing:       http.StatusUnprocessableEntity,
	models.CodeClaimHeld:           http.StatusConflict,
	models.CodeAlreadyRated:        http.StatusConflict,
	models.CodeRequired:            http.StatusUnprocessableEntity,
	models.CodeInvalidValue:        http.StatusUnprocessableEntity,
	models.CodeOutOfRange:          http.StatusUnprocessableEntity,
	models.CodeTooLong:             http.StatusUnprocessableEntity,
	models.CodeTooShort:            http.StatusUnprocessableEntity,
	models.CodeCursorInvalid:       http.StatusUnprocessableEntity,
	models.CodeCoordinatesSwapped:  http.StatusUnprocessableEntity,
	models.CodeCoordinatesZero:     http.StatusUnprocessableEntity,
	models.CodeCRSSuspected:        http.StatusUnprocessableEntity,
	models.CodeOutsideArea:         http.StatusUnprocessableEntity,
	models.CodePlaceMissing:        http.StatusUnprocessableEntity,
	models.CodeUnknownCategory:     http.StatusUnprocessableEntity,
	models.CodeUnknownUnit:         http.StatusUnprocessableEntity,
	models.CodeUnknownReason:       http.StatusUnprocessableEntity,
	models.CodeAttributeMissing:    http.StatusUnprocessableEntity,
	models.CodeAttributeInvalid:    http.StatusUnprocessableEntity,
	models.CodePhoneInvalid:        http.StatusUnprocessableEntity,
	models.CodeSOSIncomplete:       http.StatusUnprocessableEntity,
	models.CodePhotoTooLarge:       http.StatusRequestEntityTooLarge,
	models.CodePhotoUnsupported:    http.StatusUnsupportedMediaType,
	models.CodePhotoUnsafe:         http.StatusUnprocessableEntity,
	models.CodePhotoBroken:         http.StatusUnprocessableEntity,
	models.CodePhotoNotFound:       http.StatusUnprocessableEntity,
	models.CodePhotoLimit:          http.StatusUnprocessableEntity,
	models.CodeRolesApart:          http.StatusUnprocessableEntity,
}

// statusOf is the HTTP status of a code; an unknown one is the program's own fault.
func statusOf(code models.Code) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// problem renders an error. What is no *models.Error says nothing but that it is ours.
func (s *Server) problem(c *call, err error) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	known := domainError(err)
	seconds := int(math.Ceil(known.RetryAfter.Seconds()))
	title, detail := s.config.Words.Problem(c.language, string(known.Code), s.params(c.language, known.Code, firstLocation(known), known.Params, seconds))
	p := &Problem{
		Type: "urn:hientruong:problem:" + string(known.Code), Title: title, Status: statusOf(known.Code), Code: string(known.Code),
		Detail: detail, RequestID: c.id, retryAfter: seconds,
	}
	for _, f := range known.Fields {
		_, message := s.config.Words.Problem(c.language, string(f.Code), s.params(c.language, f.Code, f.Location, f.Params, seconds))
		p.Errors = append(p.Errors, ProblemField{Location: f.Location, Code: string(f.Code), Params: f.Params, Message: message})
	}
	if p.Status >= http.StatusInternalServerError {
		s.logger.Warn("request failed", "request_id", c.id, "code", p.Code, "error", err)
	}
	return p
}

// domainError finds the *models.Error in what a handler or Fiber returned.
func domainError(err error) *models.Error {
	var known *models.Error
	var web *fiber.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &web):
		return models.Wrap(codeOfStatus(web.Code), err)
	default:
		return models.Wrap(models.CodeInternal, err)
	}
}

// codeOfStatus names what Fiber and Huma refuse by themselves.
func codeOfStatus(status int) models.Code {
	switch status {
	case http.StatusNotFound:
		return models.CodeNotFound
	case http.StatusMethodNotAllowed:
		return models.CodeMethodNotAllowed
	case http.StatusRequestEntityTooLarge, http.StatusRequestHeaderFieldsTooLarge:
		return models.CodeBodyTooLarge
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return models.CodeUnsupportedMedia
	case http.StatusUnprocessableEntity:
		return models.CodeValidation
	case http.StatusRequestTimeout:
		return models.CodeTimeout
	}
	if status >= http.StatusBadRequest && status < http.StatusInternalServerError {
		return models.CodeMalformedBody
	}
	return models.CodeInternal
}

func firstLocation(e *models.Error) string {
	if len(e.Fields) > 0 {
		return e.Fields[0].Location
	}
	return ""
}

// params are what a message's placeholders are filled with.
func (s *Server) params(l words.Language, code models.Code, location string, given models.Params, seconds int) map[string]string {
	name := location[strings.LastIndexByte(location, '.')+1:]
	out := map[string]string{"field": s.config.Words.Field(l, name), "attribute": name, "seconds": strconv.Itoa(max(seconds, 1))}
	if code == models.CodeAttributeInvalid && name == "attributes" {
		out["attribute"] = out["field"]
	}
	for k, v := range given {
		out[k] = fmt.Sprint(v)
	}
	return out
}

// Error implements error, for the log.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status; Huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of a problem; Huma asks for it.
func (*Problem) ContentType(string) string { return problemType }

// GetHeaders are the headers beside the document; Huma asks for them.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}
