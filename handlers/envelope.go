// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// page is a list as the contract has it.
type page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor" doc:"Where the next page begins; null on the last one."`
}

// pageOf makes a page; a cursor of "" is the end.
func pageOf[T any](items []T, next string) page[T] {
	p := page[T]{Items: items}
	if items == nil {
		p.Items = []T{}
	}
	if next != "" {
		p.NextCursor = &next
	}
	return p
}

// listOf makes a list that has one page.
func listOf[T any](items []T) page[T] { return pageOf(items, "") }

// Paged is embedded in the input of a list.
type Paged struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"The next_cursor of the page before; none for the first."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items a page holds."`
}

// optional is a query parameter that can be absent, which is not the same as its zero.
type optional[T any] struct {
	value T
	set   bool
}

// Schema implements huma.SchemaProvider.
func (optional[T]) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[T]())
}

// Receiver implements huma.ParamWrapper.
func (o *optional[T]) Receiver() reflect.Value { return reflect.ValueOf(&o.value).Elem() }

// OnParamSet implements huma.ParamReactor.
func (o *optional[T]) OnParamSet(isSet bool, _ any) { o.set = isSet }

// pointer is nil for a parameter that is absent.
func (o *optional[T]) pointer() *T {
	if !o.set {
		return nil
	}
	return &o.value
}

// signedIn describes a call that needs a token.
func signedIn(op huma.Operation) huma.Operation {
	op.Security = []map[string][]string{{"bearer": {}}}
	op.Errors = append(op.Errors, http.StatusForbidden)
	return op
}

// staffOnly describes a call for staff of some roles.
func staffOnly(op huma.Operation, description string) huma.Operation {
	op = signedIn(op)
	op.Description = description
	return op
}

// described adds a description to a call.
func described(op huma.Operation, description string) huma.Operation {
	op.Description = description
	return op
}

// answers adds statuses of problems that a call can have besides the usual ones.
func answers(op huma.Operation, statuses ...int) huma.Operation {
	op.Errors = append(slices.Clone(op.Errors), statuses...)
	return op
}

func patch(path, id, summary string) huma.Operation {
	return operation(http.MethodPatch, path, id, summary)
}

func remove(path, id, summary string) huma.Operation {
	op := operation(http.MethodDelete, path, id, summary)
	op.DefaultStatus = http.StatusNoContent
	return op
}

// silent describes a call that answers with nothing.
func silent(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusNoContent
	return op
}

// also describes a success that is not the usual one.
func also(op huma.Operation, status int, description string) huma.Operation {
	op.Responses = map[string]*huma.Response{strconv.Itoa(status): {Description: description}}
	return op
}

// finishDocument says of every operation what is true of all of them.
func (s *Server) finishDocument() {
	s.api.OpenAPI().Tags = tags()
	text := &huma.Schema{Type: huma.TypeString}
	for _, item := range s.api.OpenAPI().Paths {
		item.Parameters = []*huma.Param{
			{Name: "Accept-Language", In: "header", Schema: &huma.Schema{Type: huma.TypeString, Default: "vi"}, Description: "vi or en: the language of names, labels and problems."},
			{Name: "jurisdiction_id", In: "query", Schema: text, Description: "The jurisdiction, by number or code, where neither the host says it nor is there only one."},
		}
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			// Huma would refuse its absence with 422; the contract has a 400 of its own.
			for _, p := range op.Parameters {
				if p.Name == "Idempotency-Key" && op.OperationID != "report-photos-add" {
					p.Required = true
				}
			}
		}
	}
}
