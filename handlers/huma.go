// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"hientruong/models"
)

// hookOnce guards the variables by which Huma lets its errors be replaced and its schemas
// be stricter. They belong to its package, not to an API, so they are set once a process,
// to what holds no state: what differs from server to server comes with the context.
var hookOnce sync.Once //nolint:gochecknoglobals // guards what is global itself

// hookProblems makes every error that Huma finds by itself one of ours.
func hookProblems() {
	hookOnce.Do(func() {
		huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
			return refused(ctx.Context(), status, errs)
		}
		// Without a context it is asked for the shape of a problem only.
		huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
		// No list is ever null, in either direction.
		huma.DefaultArrayNullable = false
	})
}

// refused turns what Huma has found wrong with a request into a problem.
func refused(ctx context.Context, status int, errs []error) *Problem {
	c := callOf(ctx)
	fields := make([]models.FieldError, 0, len(errs))
	for _, err := range errs {
		var detail huma.ErrorDetailer
		if errors.As(err, &detail) && status == http.StatusUnprocessableEntity {
			fields = append(fields, fieldOf(detail.ErrorDetail()))
		}
	}
	if len(fields) > 0 {
		return c.server.problem(c, models.Invalid(fields...))
	}
	return c.server.problem(c, models.Wrap(codeOfStatus(status), errors.Join(errs...)))
}

var (
	firstNumber  = regexp.MustCompile(`-?\d+(\.\d+)?`)
	quotedName   = regexp.MustCompile(`^expected required property (\S+) to be present`)
	freeSegments = regexp.MustCompile(`^(body\.(?:.*\.)?attributes)\..*$`)
)

// fieldOf names what Huma's words mean. The words themselves are English and can hold
// what the caller sent, so that none of them goes out.
func fieldOf(d *huma.ErrorDetail) models.FieldError {
	location, message := freeSegments.ReplaceAllString(d.Location, "$1"), d.Message
	limit := firstNumber.FindString(message)
	switch {
	case strings.HasPrefix(message, "required"):
		return models.Field(location, models.CodeRequired, nil)
	case strings.HasPrefix(message, "expected required property"):
		if name := quotedName.FindStringSubmatch(message); name != nil {
			location += "." + name[1]
		}
		return models.Field(location, models.CodeRequired, nil)
	case strings.HasPrefix(message, "expected length <="), strings.HasPrefix(message, "expected array length <="):
		return models.Field(location, models.CodeTooLong, models.Params{"max": limit})
	case strings.HasPrefix(message, "expected length >="), strings.HasPrefix(message, "expected array length >="):
		return models.Field(location, models.CodeTooShort, models.Params{"min": limit})
	case strings.HasPrefix(message, "expected number >"):
		return models.Field(location, models.CodeOutOfRange, models.Params{"min": limit})
	case strings.HasPrefix(message, "expected number <"):
		return models.Field(location, models.CodeOutOfRange, models.Params{"max": limit})
	case strings.HasPrefix(message, "unexpected property"), strings.HasPrefix(message, "unknown query"):
		// The name is the sender's own and is not echoed.
		return models.Field(location[:max(strings.LastIndexByte(location, '.'), 0)], models.CodeInvalidValue, nil)
	default:
		return models.Field(location, models.CodeInvalidValue, nil)
	}
}

// newAPI makes the typed face of the Fiber app, with the OpenAPI document.
func newAPI(app *fiber.App, publicURL string) huma.API {
	hookProblems()
	config := huma.DefaultConfig("Hiện Trường", apiVersion)
	config.DocsPath, config.SchemasPath = "", ""
	// The hook that is there by default adds a $schema to every answer, at a third of the rate.
	config.CreateHooks = nil
	config.Info.Description = "Phản ánh hiện trường: citizens report, units act, everybody sees what came of it."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	if publicURL != "" {
		config.Servers = []*huma.Server{{URL: publicURL}}
	}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A token of /api/v1/auth/…"},
	}
	api := humafiber.New(app, config)
	api.UseMiddleware(gather)
	return api
}

// apiVersion is the contract's, not the program's.
const apiVersion = "1.0.0"

// maxBody is the longest body of a call that takes no photo, in bytes.
const maxBody = 256 << 10

// gather reads a body whole, within its bound, where Huma would read a stream of a
// stranger's length; the adapter hands on nothing but streams.
func gather(ctx huma.Context, next func(huma.Context)) {
	c := callOf(ctx.Context())
	raw := humafiber.Unwrap(ctx)
	if c.body != nil {
		body, err := c.body.all(maxBody)
		if err != nil {
			_ = c.server.render(raw, err)
			return
		}
		raw.Request().SetBodyStream(&memoryBody{left: body}, len(body))
	}
	next(ctx)
}

// register adds a typed route. Errors of the handler become problems.
func register[I, O any](s *Server, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	if op.Method == http.MethodPost || op.Method == http.MethodPut || op.Method == http.MethodPatch {
		op.MaxBodyBytes = maxBody + 1 // gather has counted already
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, s.problem(callOf(ctx), err)
		}
		return out, nil
	})
}

// operation describes a typed route. id is unique, in kebab case, its first word the noun.
func operation(method, path, id, summary string) huma.Operation {
	noun, _, _ := strings.Cut(id, "-")
	return huma.Operation{
		Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{noun},
		Security: []map[string][]string{{}, {"bearer": {}}},
		Errors:   []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}
}

func get(path, id, summary string) huma.Operation {
	return operation(http.MethodGet, path, id, summary)
}
func post(path, id, summary string) huma.Operation {
	return operation(http.MethodPost, path, id, summary)
}

// document describes a route that is no typed one. Its schemas are made by schemaOf.
func (s *Server) document(op huma.Operation) { s.api.OpenAPI().AddOperation(&op) }

// schemaOf is the schema of a type, kept among the components.
func schemaOf[T any](s *Server) *huma.Schema {
	return s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}
