// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"hientruong/models"
)

// maxDepth is how deep a body may nest. The deepest shape of the contract has three levels.
const maxDepth = 16

var errBody = errors.New("handlers: body")

// decodeJSON reads one JSON object into v, as strictly as the typed routes do. It refuses
// with CodeMalformedBody what is no JSON: other encodings than UTF-8, what comes after the
// value, names that come twice, too deep a nest. It refuses with CodeInvalidValue a value
// of another type than v's, and names that v does not have: a name that was mistyped would
// else be lost without a word.
func decodeJSON(content []byte, v any) error {
	if err := checkJSON(content); err != nil {
		return models.Wrap(models.CodeMalformedBody, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		location := strings.TrimSuffix("body."+wrong.Field, ".")
		return models.Invalid(models.Field(freeSegments.ReplaceAllString(location, "$1"), models.CodeInvalidValue, nil))
	case strings.HasPrefix(err.Error(), "json: unknown field"):
		return models.Invalid(models.Field("body", models.CodeInvalidValue, nil))
	default:
		return models.Wrap(models.CodeMalformedBody, err)
	}
}

// checkJSON walks over a text before anything is made of it.
func checkJSON(content []byte) error {
	if !utf8.Valid(content) {
		return errBody
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var names []map[string]bool // of the objects around; nil for an array
	key := false
	for first := true; ; first = false {
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && len(names) == 0:
			return nil
		case err != nil:
			return err
		case len(names) == 0 && !first:
			return errBody // a second value
		}
		switch t := token.(type) {
		case json.Delim:
			if names, err = nest(names, t); err != nil {
				return err
			}
			key = inObject(names)
		case string:
			if key {
				if err := once(names[len(names)-1], t); err != nil {
					return err
				}
				key = false
				continue
			}
			key = inObject(names)
		default:
			key = inObject(names)
		}
	}
}

func inObject(names []map[string]bool) bool { return len(names) > 0 && names[len(names)-1] != nil }

// nest goes into or out of an object or an array.
func nest(names []map[string]bool, d json.Delim) ([]map[string]bool, error) {
	switch {
	case d == '}' || d == ']':
		return names[:len(names)-1], nil
	case len(names) == maxDepth:
		return nil, errBody
	case d == '{':
		return append(names, map[string]bool{}), nil
	default:
		return append(names, nil), nil
	}
}

// once notes a name, which Go matches to a field whatever its case.
func once(seen map[string]bool, name string) error {
	name = strings.ToLower(name)
	if seen[name] {
		return errBody
	}
	seen[name] = true
	return nil
}
