// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Schemas are the JSON Schemas (2020-12) of a pack's files, by file name such as units.schema.json. They say what a file may hold, so
// that an editor completes and checks it as it is written; Parse and Check say what it must mean. They are made from the Go types and
// the comments on them.
func Schemas() map[string][]byte {
	notes := readNotes()
	out := map[string][]byte{}
	for name, file := range map[string]any{
		"pack": Settings{}, "units": unitsFile{}, "categories": categoriesFile{}, "workflow": Workflow{}, "routing": routingFile{},
		"calendar": calendarFile{}, "roles": rolesFile{}, "reasons": reasonsFile{}, "words": wordsFile{}, "templates": templatesFile{},
	} {
		s := schemer{notes: notes, defs: node{}}
		root := s.object(reflect.TypeOf(file))
		root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
		root["title"] = name + ".yaml"
		if len(s.defs) > 0 {
			root["$defs"] = s.defs
		}
		out[name+".schema.json"] = root.bytes()
	}
	return out
}

// node is a part of a schema.
type node map[string]any

func (n node) bytes() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	// Maps of strings, lists and numbers always can be encoded.
	_ = e.Encode(n)
	return b.Bytes()
}

// schemer makes the schema of one file. Each struct is defined once.
type schemer struct {
	notes map[string]string
	defs  node
}

// of is the schema of a type.
func (s *schemer) of(t reflect.Type) node {
	if values, ok := valuesOf(t); ok {
		n := node{"type": "string", "enum": values}
		if d := s.notes[valuesNote+t.Name()]; d != "" {
			n["description"] = d
		}
		return n
	}
	if shape := shapeOf(t); shape != nil {
		return s.define(t, func() node { return shape(s) })
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Struct:
		return s.define(t, func() node { return s.object(t) })
	case reflect.Slice:
		return node{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		m := node{"type": "object", "additionalProperties": s.of(t.Elem())}
		if values, ok := valuesOf(t.Key()); ok {
			m["propertyNames"] = node{"enum": values}
		}
		return m
	case reflect.Bool:
		return node{"type": "boolean"}
	case reflect.Float64:
		return node{"type": "number"}
	case reflect.Int, reflect.Int64:
		return node{"type": "integer"}
	default:
		return node{"type": "string"}
	}
}

// define writes a schema once and points at it.
func (s *schemer) define(t reflect.Type, build func() node) node {
	name := strings.ToLower(t.Name())
	if _, known := s.defs[name]; !known {
		s.defs[name] = nil // a type that holds itself finds its name
		n := build()
		if d := s.note(t, t.Name()); d != "" {
			n["description"] = d
		}
		s.defs[name] = n
	}
	return node{"$ref": "#/$defs/" + name}
}

// object is the schema of a struct: what has a key of its own, and nothing else.
func (s *schemer) object(t reflect.Type) node {
	properties := node{}
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("yaml")
		if key == "" || key == "-" {
			continue
		}
		field := t.Name() + "." + f.Name
		p := s.of(f.Type)
		if shape := fieldShapes()[field]; shape != nil {
			p = shape
		}
		if d := s.note(t, field); d != "" {
			p["description"] = d
		}
		properties[key] = p
	}
	out := node{"type": "object", "properties": properties, "additionalProperties": false}
	if keys := slices.Clone(requiredKeys()[t.Name()]); len(keys) > 0 {
		out["required"] = keys
	}
	if d := s.note(t, t.Name()); d != "" {
		out["description"] = d
	}
	return out
}

// note is what a comment says to whoever writes a pack: keys are called as they are in the file.
func (s *schemer) note(t reflect.Type, name string) string {
	text := s.notes[name]
	for _, verb := range []string{" is ", " are "} {
		if rest, ok := strings.CutPrefix(text, t.Name()+verb); ok && text != "" {
			if text = rest; !strings.Contains(strings.Fields(rest)[0], ".yaml") {
				text = strings.ToUpper(rest[:1]) + rest[1:]
			}
		}
	}
	if t.Kind() != reflect.Struct {
		return text
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if key := f.Tag.Get("yaml"); key != "" && key != "-" {
			text = regexp.MustCompile(`\b`+f.Name+`\b`).ReplaceAllString(text, key)
		}
	}
	return text
}
